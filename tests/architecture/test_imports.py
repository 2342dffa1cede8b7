"""Imports point down only; the contracts stand in pyproject.toml."""

import ast

from importlinter.cli import lint_imports

from tests.architecture import source


def test_import_contracts_are_kept(capsys):
    status = lint_imports(config_filename=str(source.ROOT / "pyproject.toml"), no_cache=True)

    assert status == 0, capsys.readouterr().out


def test_no_module_for_leftovers():
    """A helper lives with its only caller, or lowest where two need it."""
    leftovers = {"common", "utils", "helpers", "misc", "core"}
    found = (path for path in source.modules() if {path.stem, path.parent.name} & leftovers)
    assert [source.name_of(path) for path in found] == []


def test_no_signals():
    """Lower apps never call up behind the reader's back: what must follow is swept, not sent."""
    signals = {"django.dispatch", "django.db.models.signals"}
    assert [name for name, module in _imported() if module in signals] == []


def test_only_edges_read_the_clock():
    """Views, tasks, commands and the web's own plumbing ask what time it is; everything below is told."""
    edges = {"views", "tasks", "commands", "middleware", "context", "templatetags", "api"}
    inner = [path for path in source.modules() if not edges & {*path.parent.parts, path.stem}]
    asked = [f"{source.name_of(path)}:{line}" for path in inner for line in _clock_calls(path)]
    assert asked == []


def _imported():
    for path in source.modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                yield source.name_of(path), node.module
            elif isinstance(node, ast.Import):
                yield from ((source.name_of(path), alias.name) for alias in node.names)


CLOCKS = {("timezone", "now"), ("date", "today"), ("datetime", "now"), ("datetime", "today"), ("time", "time")}
CLOCKS_WITHOUT_ARGUMENT = {("timezone", "localdate"), ("timezone", "localtime")}


def _clock_calls(path):
    """Lines that ask for the present moment, by the name the standard library and Django give the question."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name), args=arguments):
                if (module, name) in CLOCKS or ((module, name) in CLOCKS_WITHOUT_ARGUMENT and not arguments):
                    yield node.lineno
