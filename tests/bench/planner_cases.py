"""The seeded seasons of the planner's bench, by name."""

from __future__ import annotations

import os
from typing import NamedTuple

from shadowing.planner.problem import Problem
from tests.shadowing.planner.seasons import season


class Case(NamedTuple):
    """``size``: executives, hosts, days, sites. ``seconds`` and ``megabytes`` may be used; None: no budget.

    ``relaxation`` names the linear program that confirms its bound; ``large`` ones run with BENCH_LARGE=1 only."""

    name: str
    size: tuple[int, int, int, int]
    seconds: float
    megabytes: int | None = None
    executive_free: float = 0.6
    host_free: float = 0.7
    relaxation: str | None = None
    large: bool = False

    def problem(self) -> Problem:
        return season(*self.size, executive_free=self.executive_free, host_free=self.host_free)

    @property
    def scarce(self) -> bool:
        return self.host_free < 0.5

    def __str__(self) -> str:
        executives, hosts, days, sites = self.size
        scarce = f", {self.executive_free:.0%} / {self.host_free:.0%} free" if self.scarce else ""
        return f"{executives:,} × {hosts:,}, {days} days, {sites} sites{scarce}"


CASES = (
    Case("60", (60, 40, 10, 1), 1, relaxation="days"),
    Case("500", (500, 300, 20, 4), 1.5, relaxation="pairs"),
    Case("1300", (1300, 800, 40, 12), 3, 300, relaxation="pairs"),
    Case("300-scarce", (300, 200, 20, 4), 60, executive_free=0.15, host_free=0.3, relaxation="days"),
    Case("1300-scarce", (1300, 800, 40, 12), 120, executive_free=0.15, host_free=0.3, relaxation="days"),
    Case("10000", (10_000, 6_000, 60, 40), 30, 1500, large=True),
)


def case(name: str) -> Case:
    return next(one for one in CASES if one.name == name)


def wanted() -> list[Case]:
    """All but the large ones, which BENCH_LARGE=1 adds."""
    return [one for one in CASES if not one.large or os.environ.get("BENCH_LARGE") == "1"]
