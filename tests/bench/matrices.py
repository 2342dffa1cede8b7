"""A season as tables, made from the rules written for the tests: scores and who may meet whom. Nothing of the planner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from shadowing.planner.problem import Executive, Host, Problem
from tests.shadowing.planner import checks

Ints = NDArray[np.int32]
Mask = NDArray[np.bool_]


class Matrices:
    """Rows are executives, columns hosts."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.days = sorted({day for site in problem.sites for day in site.capacity})
        self.sites = {site.slug: number for number, site in enumerate(problem.sites)}
        self.site = np.array([self.sites[host.site] for host in problem.hosts])
        self.places = np.array([[site.capacity.get(day, 0) for day in self.days] for site in problem.sites])
        self.executive_free = self._free(problem.executives)
        self.host_free = self._free(problem.hosts) & (self.places > 0)[self.site]
        self.rest = max(1, problem.rules.days_between_host_visits)
        self.limit = np.array([self._most_visits(number) for number in range(len(problem.hosts))])

    def _free(self, people: Sequence[Executive | Host]) -> Mask:
        return np.array([[day not in one.unavailable for day in self.days] for one in people], dtype=bool)

    def _most_visits(self, host: int) -> int:
        """As many as they take, and as many as fit on their days with rest in between."""
        found, last = 0, None
        for day, free in zip(self.days, self.host_free[host], strict=True):
            if free and (last is None or (day - last).days >= self.rest):
                found, last = found + 1, day
        return min(found, self.problem.hosts[host].max_visits)

    def scores(self) -> Ints:
        """Every pair's score in thousandths, by looking at each kind of person once."""
        problem, most = self.problem, checks.furthest(self.problem)

        def score(executive: Executive, host: Host) -> int:
            return sum(checks.pair_score(problem, executive, host, most=most).values())

        return self._by_kind(
            score, lambda one: (one.unit, one.home_site), lambda one: (one.unit, one.site, one.hired_on), np.int32
        )

    def allowed(self) -> Mask:
        """Pairs no rule keeps apart and who share a day: first by what kind of people they are, then by who they are."""
        problem = self.problem

        def may_meet(executive: Executive, host: Host) -> bool:
            return checks.may_meet(problem, replace(executive, key="anybody", met=frozenset()), host)

        fits = self._by_kind(
            may_meet, lambda one: (one.unit, one.languages), lambda one: (one.unit, one.languages, one.hired_on), bool
        )
        columns = {host.key: number for number, host in enumerate(problem.hosts)}
        rows = {executive.key: number for number, executive in enumerate(problem.executives)}
        apart = set(problem.forbidden) | {(one.key, key) for one in problem.executives for key in (one.key, *one.met)}
        for executive, host in apart:
            if executive in rows and host in columns:
                fits[rows[executive], columns[host]] = False
        days = self.executive_free.astype(np.float32) @ self.host_free.T.astype(np.float32)
        return fits & (days > 0) & (self.limit > 0)

    def _by_kind(self, value: Callable, left: Callable, right: Callable, kind: type) -> NDArray:
        first = {left(one): one for one in self.problem.executives}
        second = {right(one): one for one in self.problem.hosts}
        row, column = ({trait: number for number, trait in enumerate(some)} for some in (first, second))
        cells = np.array([[value(one, other) for other in second.values()] for one in first.values()], dtype=kind)
        rows = [row[left(one)] for one in self.problem.executives]
        return np.asarray(cells[rows][:, [column[right(one)] for one in self.problem.hosts]])
