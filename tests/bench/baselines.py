"""What others would do: the best pair first, and the assignment problem with days afterwards.

``python -m tests.bench.baselines greedy|assignment CASE`` prints what came out as JSON.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from scipy import optimize

from shadowing.planner.problem import Problem
from tests.bench.matrices import Matrices
from tests.bench.planner_cases import case
from tests.shadowing.planner import checks

LOAD = 250  # thousandths for each visit a host has already
LEFT_OUT = 100_000
CHUNK = 100_000  # pairs looked at at once


class Plan:
    """Visits put down one by one, each only where every rule of the season allows it."""

    def __init__(self, tables: Matrices) -> None:
        self.tables, self.problem = tables, tables.problem
        self.open = tables.host_free.copy()
        self.left = tables.limit.copy()
        self.places = tables.places.copy()
        self.team = {team.key: team.away_at_once for team in self.problem.teams}
        self.away: dict[tuple[str | None, int], int] = {}
        self.near = np.array([[abs((a - b).days) < tables.rest for b in tables.days] for a in tables.days])
        self.visits: checks.Visits = []

    def day_for(self, executive: int, host: int) -> int | None:
        """A day of both with a place, one the executive likes if there is one."""
        fits = self.tables.executive_free[executive] & self.open[host] & (self.places[self.tables.site[host]] > 0)
        days = [day for day in np.nonzero(fits)[0].tolist() if self._covered(host, day)] if self.left[host] else []
        liked = self.problem.executives[executive].preferred
        return min(days, key=lambda day: self.tables.days[day] not in liked, default=None)

    def _covered(self, host: int, day: int) -> bool:
        team = self.problem.hosts[host].team
        most = self.team.get(team) if team else None
        return most is None or self.away.get((team, day), 0) < most

    def put(self, executive: int, host: int, day: int) -> None:
        person = self.problem.hosts[host]
        self.visits.append((self.problem.executives[executive], person, self.tables.days[day]))
        self.open[host] &= ~self.near[day]
        self.left[host] -= 1
        self.places[self.tables.site[host], day] -= 1
        self.away[person.team, day] = self.away.get((person.team, day), 0) + 1


def greedy(tables: Matrices) -> checks.Visits:
    """The pair with the highest score first, and so on, as long as there is a day for it."""
    scores, allowed = tables.scores(), tables.allowed()
    executives, hosts = np.nonzero(allowed)
    order = np.argsort(-scores[executives, hosts], kind="stable")
    plan, waiting = Plan(tables), np.ones(len(tables.problem.executives), dtype=bool)
    for start in range(0, len(order), CHUNK):
        if not waiting.any():
            break
        some = order[start : start + CHUNK]
        some = some[waiting[executives[some]] & (plan.left[hosts[some]] > 0)]
        for executive, host in zip(executives[some].tolist(), hosts[some].tolist(), strict=True):
            day = plan.day_for(executive, host) if waiting[executive] else None
            if day is not None:
                plan.put(executive, host, day)
                waiting[executive] = False
    return plan.visits


def assignment(tables: Matrices) -> checks.Visits:
    """Pairs by the assignment problem on one copy of a host for each visit, then days, the hardest pair first."""
    scores, allowed = tables.scores(), tables.allowed()
    copies = np.repeat(np.arange(len(tables.limit)), tables.limit)
    number = np.concatenate([np.arange(limit) for limit in tables.limit] or [np.empty(0, int)])
    worth = np.where(allowed[:, copies], scores[:, copies] - LOAD * number, -LEFT_OUT).astype(np.float32)
    executives, chosen = optimize.linear_sum_assignment(worth, maximize=True)
    pairs = [(one, host) for one, host in zip(executives.tolist(), copies[chosen].tolist(), strict=True)]
    common = [(tables.executive_free[one] & tables.host_free[host]).sum() for one, host in pairs]
    plan = Plan(tables)
    for at in np.argsort(common, kind="stable").tolist():
        executive, host = pairs[at]
        day = plan.day_for(executive, host) if allowed[executive, host] else None
        if day is not None:
            plan.put(executive, host, day)
    return plan.visits


def measured(name: str, problem: Problem) -> dict[str, float]:
    """Objective, who is placed, broken rules and seconds of one way."""
    started = time.perf_counter()
    visits = {"greedy": greedy, "assignment": assignment}[name](Matrices(problem))
    seconds = time.perf_counter() - started
    return {
        "objective": checks.value(problem, visits) / 1000,
        "placed": len(visits),
        "broken": len(checks.broken(problem, visits)),
        "seconds": seconds,
    }


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], case(sys.argv[2]).problem())))
