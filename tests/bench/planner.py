"""The planner on the seasons of quality.md, each in a process of its own.

``python -m tests.bench.planner EXECUTIVES HOSTS DAYS SITES SECONDS`` solves one and prints it as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from typing import NamedTuple

from tests.bench.processes import run as run_process
from tests.bench.table import Row, Table


class Case(NamedTuple):
    """A seeded season: its size, the seconds and megabytes it may take (None: no budget)."""

    executives: int
    hosts: int
    days: int
    sites: int
    seconds: float
    megabytes: int | None = None

    def __str__(self) -> str:
        return f"{self.executives:,} × {self.hosts:,}, {self.days} days, {self.sites} sites"


CASES = (Case(60, 40, 10, 1, 1), Case(500, 300, 20, 4, 1.5), Case(1300, 800, 40, 12, 3, 300))
PATIENCE = 10  # × the budget, then the best plan so far counts


def run(table: Table) -> None:
    for case in CASES:
        with table.guarded("planner", str(case), str(case.executives)):
            measure(case, table)


def measure(case: Case, table: Table) -> None:
    command = [sys.executable, "-m", "tests.bench.planner", *map(str, case[:4]), str(case.seconds * PATIENCE)]
    done = run_process(command, dict(os.environ))
    found = done.json
    doubts = [f"gap {100 * found['gap']:.2f} %"] if found["gap"] else []
    if case.megabytes and done.megabytes > case.megabytes:
        doubts.append(f"{done.megabytes:.0f} MB, {case.megabytes} allowed")
    note = (
        f"{found['status']}, objective {found['objective']:,.1f}, bound {found['bound']:,.1f}, {done.megabytes:.0f} MB"
    )
    table.add(
        Row(
            "planner", str(case), f"{case.executives:,}", found["seconds"], "s", limit=case.seconds,
            doubts=tuple(doubts), note=f"{note}, {found['placed']:,} placed",
        )
    )  # fmt: skip


def solve_one(executives: int, hosts: int, days: int, sites: int, seconds: float) -> dict[str, object]:
    """Solve a season; what was found, in words and numbers."""
    from shadowing.planner import solve
    from tests.shadowing.planner.seasons import season

    found = solve(season(executives, hosts, days, sites), seconds=seconds)
    names = ("status", "objective", "bound", "gap", "seconds")
    return {name: getattr(found, name) for name in names} | {"placed": len(found.pairs)}


if __name__ == "__main__":
    print(json.dumps(solve_one(*map(int, sys.argv[1:5]), float(sys.argv[5]))))
