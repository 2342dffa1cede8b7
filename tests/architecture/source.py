"""The program's own source, as the tests of its shape read it."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
APPS = ("floorprogram", "people", "notifications", "shadowing", "issues", "surveys")


def modules() -> Iterator[Path]:
    """Every Python file of the program without migrations and tests."""
    for app in APPS:
        yield from (path for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts)


def templates() -> list[Path]:
    return sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def code_lines(path: Path) -> int:
    """Lines that are not blank."""
    return sum(bool(line.strip()) for line in path.read_text().splitlines())


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and length of each function: its lines without blank ones, comments and docstring."""
    source = path.read_text()
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            skipped = _docstring_lines(node)
            numbers = (number for number in range(node.lineno, node.end_lineno + 1) if number not in skipped)
            kept = [text for number in numbers if (text := lines[number - 1].strip()) and not text.startswith("#")]
            yield f"{name_of(path)}:{node.lineno} {node.name}", len(kept)


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> range:
    if ast.get_docstring(node) is None:
        return range(0)
    return range(node.body[0].lineno, node.body[0].end_lineno + 1)


def median_length() -> float:
    return median(length for path in modules() for _, length in functions(path))
