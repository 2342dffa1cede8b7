"""``python -m tests.bench [PART …]``: what quality.md promises, measured. BENCH_SIZES=1000,10000 leaves out larger ones.

Parts: pages, exports, reminders, surveys (on one program that grows), import, planner. Timings are ratios of one run, so a busy
machine blurs them less than it blurs milliseconds. Rows go to ``var/bench.json``; the exit status says whether all passed.
"""

from __future__ import annotations

import importlib
import os
import sys
from datetime import UTC, datetime

from tests.bench.setting import database, program
from tests.bench.table import Row, Table
from tests.environment import VAR

GROWING = ("pages", "exports", "reminders", "surveys")
ALONE = ("import", "planner")
SIZES = "1000,10000,100000"
MODULES = {"import": "roster"}
LOADED_WITHIN = 60  # seconds for 100,000 issues


def main(arguments: list[str]) -> int:
    wanted = arguments or [*GROWING, *ALONE]
    if unknown := set(wanted) - {*GROWING, *ALONE}:
        print(f"No such part: {', '.join(sorted(unknown))}. Parts: {', '.join([*GROWING, *ALONE])}.", file=sys.stderr)
        return 2
    table = Table()
    try:
        for part in (part for part in ALONE if part in wanted):
            alone(part, table)
        growing([part for part in GROWING if part in wanted], table)
    finally:
        table.save(VAR / "bench.json", now=datetime.now(UTC))
    passed = sum(row.passed is True for row in table.rows)
    print(f"\n{passed} passed, {len(table.failed)} failed. All rows: var/bench.json")
    return 1 if table.failed else 0


def alone(part: str, table: Table) -> None:
    """A part that brings its own data and runs in processes of its own."""
    table.head(part)
    with table.guarded(part, part):
        module(part).run(table)


def growing(parts: list[str], table: Table) -> None:
    """The parts that are measured on one program of growing size."""
    if not parts:
        return
    with database() as url, program(url) as environment:
        for size in map(int, os.environ.get("BENCH_SIZES", SIZES).split(",")):
            load(size, table)
            for part in parts:
                table.head(f"{part}, {size:,} issues")
                with table.guarded(part, part, f"{size:,}"):
                    module(part).at(size, environment, table)
        if "pages" in parts:
            table.head("pages, growth")
            module("pages").growth(table)


def load(size: int, table: Table) -> None:
    from tests.bench import world

    seconds = world.grow(size)
    limit = LOADED_WITHIN if size >= 100_000 else None
    if seconds:
        table.head("load_scale")
        table.add(Row("load", "load_scale, up to", f"{size:,}", seconds, "s", limit=limit))


def module(part: str):
    return importlib.import_module(f"tests.bench.{MODULES.get(part, part)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
