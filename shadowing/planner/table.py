"""A problem as arrays: who may meet whom, for how many points, and which days, places and visits are left.

Locked pairs are taken out here: their executives are gone, their days, places and visits used up. Rows are executives
still to place, columns are hosts, and big tables are only ever made a block of rows at a time.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from shadowing.planner import rules, scoring
from shadowing.planner.problem import Executive, Host, Problem

Array = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
BLOCK = 4_000_000  # cells of one block of rows
CACHED = 80_000_000  # cells up to which the table of allowed pairs is kept
PLENTY = 1_000_000  # stands for "no limit"


class Table:
    """Everything the solver's stages read; nothing in here changes while they run."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        locked = {pair.executive for pair in problem.locked}
        self.executives = [e for e in problem.executives if e.key not in locked]
        self.hosts = list(problem.hosts)
        self.executive_of = {executive.key: executive for executive in problem.executives}
        self.host_index = {host.key: index for index, host in enumerate(self.hosts)}
        self.site_index = {site.slug: index for index, site in enumerate(problem.sites)}
        self.host_site = np.array([self.site_index[host.site] for host in self.hosts], dtype=np.int64)
        self._days()
        self._teams()
        self._hosts()
        self._limits()
        self._people()
        self._allowed: Mask | None = None

    @property
    def shape(self) -> tuple[int, int, int]:
        """Executives still to place, hosts, days."""
        return len(self.executives), len(self.hosts), len(self.dates)

    # --- days, places, visits -------------------------------------------------------------------------------------

    def _days(self) -> None:
        """Open dates, places per site and date, and whether an executive is free."""
        problem = self.problem
        self.dates = sorted({day for site in problem.sites for day in site.capacity})
        self.date_index = {day: index for index, day in enumerate(self.dates)}
        self.ordinals = np.array([day.toordinal() for day in self.dates], dtype=np.int64)
        self.rest = max(1, problem.rules.days_between_host_visits)
        self.open = np.zeros((len(problem.sites), len(self.dates)), dtype=bool)
        self.places = np.zeros((len(problem.sites), len(self.dates)), dtype=np.int64)
        for site in problem.sites:
            for day, places in site.capacity.items():
                self.open[self.site_index[site.slug], self.date_index[day]] = True
                self.places[self.site_index[site.slug], self.date_index[day]] = places
        for pair in problem.locked:
            if pair.date in self.date_index:
                self.places[self.host_site[self.host_index[pair.host]], self.date_index[pair.date]] -= 1
        self.places = np.maximum(self.places, 0)
        self.executive_free = ~self._marked([e.unavailable for e in self.executives])
        self.preferred = self._marked([e.preferred for e in self.executives])

    def _marked(self, sets: Sequence[frozenset]) -> Mask:
        marks = np.zeros((len(sets), len(self.dates)), dtype=bool)
        for row, days in enumerate(sets):
            marks[row, [self.date_index[day] for day in days if day in self.date_index]] = True
        return marks

    def _taken(self) -> list[list[int]]:
        """Ordinals of the days each host is already taken, by visits outside the problem and by locked pairs."""
        taken = [[day.toordinal() for day in host.visits] for host in self.hosts]
        for pair in self.problem.locked:
            taken[self.host_index[pair.host]].append(pair.date.toordinal())
        return taken

    def _teams(self) -> None:
        """The team of each host and the visits its floor cover leaves a day; teams without a limit are one per site.

        A team is at the site of those of its hosts who take visits.
        """
        limits: dict[str | None, int | None] = {team.key: team.away_at_once for team in self.problem.teams}
        names = [host.team if limits.get(host.team) is not None else f"\0{host.site}" for host in self.hosts]
        index = {name: number for number, name in enumerate(dict.fromkeys(names))}
        self.host_team = np.array([index[name] for name in names], dtype=np.int64)
        away = np.array([limits.get(name, PLENTY) for name in index], dtype=np.int64)
        self.cover = np.repeat(away[:, None], len(self.dates), axis=1)
        self.covered = away < PLENTY
        for host, days in enumerate(self._taken()):
            for day in days:
                self.cover[self.host_team[host], self.ordinals == day] -= 1
        self.cover = np.maximum(self.cover, 0)
        self.team_site = np.zeros(len(index), dtype=np.int64)
        places = sorted(range(len(self.hosts)), key=lambda host: self.hosts[host].max_visits > 0)
        self.team_site[self.host_team[places]] = self.host_site[places]

    def _hosts(self) -> None:
        """Days a host could take a visit, and the cost of each further visit they could take."""
        rested = np.ones((len(self.hosts), len(self.dates)), dtype=bool)
        self.busy = ~rested
        for host, days in enumerate(self._taken()):
            for day in days:
                rested[host] &= np.abs(self.ordinals - day) >= self.rest
                self.busy[host] |= self.ordinals == day
        self.host_available = ~self._marked([host.unavailable for host in self.hosts])
        self.rested = rested
        self.host_days = self.host_available & rested & (self.places > 0)[self.host_site]
        self.host_days &= (self.cover > 0)[self.host_team]
        self.used = np.array([host.season_visits for host in self.hosts], dtype=np.int64)
        for pair in self.problem.locked:
            self.used[self.host_index[pair.host]] += 1
        self.visits_left = np.maximum(np.array([h.max_visits for h in self.hosts], dtype=np.int64) - self.used, 0)

    def _limits(self) -> None:
        """What hosts, teams and sites can take over the whole season, as tight as their days say."""
        spaced = np.zeros(len(self.hosts), dtype=np.int64)
        last = np.full(len(self.hosts), -PLENTY, dtype=np.int64)
        for day, ordinal in enumerate(self.ordinals):
            takes = self.host_days[:, day] & (ordinal - last >= self.rest)
            spaced += takes
            last[takes] = ordinal
        self.host_limit = np.minimum(self.visits_left, spaced)
        most = int(self.host_limit.max(initial=0))
        self.loads = np.array(
            [
                [scoring.load(used + step, self.problem.weights) for step in range(1, most + 1)]
                for used in self.used.tolist()
            ],
            dtype=np.int64,
        ).reshape(len(self.hosts), most)
        by_team = np.zeros((len(self.cover), len(self.dates)), dtype=np.int64)
        np.add.at(by_team, self.host_team, self.host_days.astype(np.int64))
        by_team = np.minimum(by_team, self.cover)
        self.team_limit = by_team.sum(axis=1)
        by_site = np.zeros_like(self.places)
        np.add.at(by_site, self.team_site, by_team)
        self.site_limit = np.minimum(by_site, self.places).sum(axis=1)

    @cached_property
    def windows(self) -> list[Array]:
        """Sets of days of which a host can take only one, because of the rest days; each as large as can be."""
        ends = np.searchsorted(self.ordinals, self.ordinals + self.rest)
        starts = [0] + [start for start, (one, two) in enumerate(pairwise(ends.tolist()), 1) if two > one]
        return [np.arange(start, ends[start]) for start in starts[: len(ends)]]

    # --- pairs ----------------------------------------------------------------------------------------------------

    def _people(self) -> None:
        """Small tables over what people have in common: units, languages, home sites."""
        weights, season = self.problem.weights, self.problem.rules
        self.tenure = np.array(
            [scoring.points(scoring.tenure(h.hired_on, season.starts_on), weights.tenure) for h in self.hosts],
            dtype=np.int32,
        )
        self.tenured = np.array([rules.long_enough_here(h, season) is not False for h in self.hosts], dtype=bool)
        self.nominated = np.array([host.nominated for host in self.hosts], dtype=np.int32)
        self.furthest = furthest(self.problem)
        far = self._distance_points
        self.unit_points = _Cross(self.executives, self.hosts, lambda x: x.unit, lambda x: x.unit, far, np.int32)
        self.home_points = _Cross(
            self.executives, self.hosts, lambda x: x.home_site, lambda x: x.site, self._home_points, np.int32
        )
        self.unit_fits = _Cross(self.executives, self.hosts, lambda x: x.unit, lambda x: x.unit, self._units_fit, bool)
        self.language_fits = _Cross(
            self.executives, self.hosts, lambda x: x.languages, lambda x: x.languages, self._languages_fit, bool
        )

    def _distance_points(self, executive: Executive, host: Host) -> int:
        distance = scoring.unit_distance(executive.unit, host.unit)
        return scoring.points(scoring.other_unit(distance, self.furthest), self.problem.weights.other_unit_distance)

    def _home_points(self, executive: Executive, host: Host) -> int:
        return scoring.points(scoring.home_site(executive.home_site, host.site), self.problem.weights.home_site)

    def _units_fit(self, executive: Executive, host: Host) -> bool:
        return rules.other_unit(executive, host, self.problem.rules) is not False

    def _languages_fit(self, executive: Executive, host: Host) -> bool:
        return rules.shared_language(executive, host, self.problem.rules) is not False

    def scores(self, rows: slice | Array) -> NDArray[np.int32]:
        """Scores in thousandths of every host (columns) for some executives (rows), allowed or not."""
        table = self.unit_points.block(rows)
        table += self.home_points.block(rows)
        table += self.tenure
        return table

    def score(self, executives: Array, hosts: Array) -> Array:
        """Scores of single pairs."""
        points = self.unit_points.cells(executives, hosts) + self.home_points.cells(executives, hosts)
        return (points + self.tenure[hosts]).astype(np.int64)

    @cached_property
    def barred(self) -> dict[str, list[Array]]:
        """Per rule about single pairs ("met", "pair", "self") the hosts each executive cannot visit."""
        forbidden: dict[str, list[str]] = {}
        for executive, host in self.problem.forbidden:
            forbidden.setdefault(executive, []).append(host)
        return {
            "met": [self._numbers(sorted(e.met)) for e in self.executives],
            "pair": [self._numbers(sorted(forbidden.get(e.key, ()))) for e in self.executives],
            "self": [self._numbers([e.key]) for e in self.executives],
        }

    def _numbers(self, keys: Sequence[str]) -> Array:
        return np.array([self.host_index[key] for key in keys if key in self.host_index], dtype=np.int64)

    def _fits(self, start: int, stop: int) -> Mask:
        """Which pairs no rule excludes and some day allows, for a block of executives."""
        rows = slice(start, stop)
        fits = self.unit_fits.block(rows)
        fits &= self.language_fits.block(rows)
        fits &= self.tenured & (self.host_limit > 0)
        fits &= self.executive_free[rows].astype(np.float32) @ self.host_days.T.astype(np.float32) > 0
        for lists in self.barred.values():
            for row, hosts in enumerate(lists[rows]):
                fits[row, hosts] = False
        return fits

    def blocks(self) -> Iterator[tuple[slice, Mask]]:
        """All executives in blocks of rows, each with its table of allowed pairs."""
        count, width = len(self.executives), len(self.hosts)
        step = max(1, BLOCK // max(1, width))
        if self._allowed is None and count * width <= CACHED:
            self._allowed = np.empty((count, width), dtype=bool)
            for start in range(0, count, step):
                self._allowed[start : start + step] = self._fits(start, min(start + step, count))
        for start in range(0, count, step):
            rows = slice(start, min(start + step, count))
            yield rows, self._fits(rows.start, rows.stop) if self._allowed is None else self._allowed[rows]


class _Cross:
    """A table over pairs that depends on one trait of each side: kept once per two traits, spread out on demand."""

    def __init__(
        self,
        executives: Sequence[Executive],
        hosts: Sequence[Host],
        left: Callable,
        right: Callable,
        value: Callable,
        kind: type,
    ) -> None:
        first = {left(executive): executive for executive in executives}
        second = {right(host): host for host in hosts}
        numbers = {trait: number for number, trait in enumerate(first)}
        columns = {trait: number for number, trait in enumerate(second)}
        self.rows = np.array([numbers[left(executive)] for executive in executives], dtype=np.int64)
        self.columns = np.array([columns[right(host)] for host in hosts], dtype=np.int64)
        cells = [[value(executive, host) for host in second.values()] for executive in first.values()]
        self.values: NDArray = np.array(cells, dtype=kind).reshape(len(first), len(second))

    def block(self, rows: slice | Array) -> NDArray:
        """The table for some executives and all hosts, as a fresh array."""
        return self.values[:, self.columns][self.rows[rows]]

    def cells(self, executives: Array, hosts: Array) -> NDArray:
        """The values of single pairs."""
        return self.values[self.rows[executives], self.columns[hosts]]


def furthest(problem: Problem) -> int:
    """The largest unit distance between an executive and a host of the season."""
    executives = {e.unit for e in problem.executives}
    hosts = {host.unit for host in problem.hosts}
    return max((scoring.unit_distance(one, other) for one in executives for other in hosts), default=0)
