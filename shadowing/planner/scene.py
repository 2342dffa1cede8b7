"""A standing season as arrays: who stays, who may move at what price, who is to be placed, and what is open."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

import numpy as np

from shadowing.planner import scoring
from shadowing.planner.draft import Draft
from shadowing.planner.openings import Openings
from shadowing.planner.problem import Locked, Move, Placed, Problem, Standing
from shadowing.planner.table import Array, Mask, Table

NEVER = -1  # the price of those who may not be moved, or have nothing to move


class Scene:
    """A season whose visits stand, but for those of ``lifted``.

    Visits without a price, on closed days, and those that break a rule as they stand (people may do that by hand) never
    move: they are locked in the table. ``was`` remembers the lifted visits.
    """

    def __init__(self, problem: Problem, standing: Iterable[Standing], *, lifted: Collection[str] = ()) -> None:
        locked = {pair.executive for pair in problem.locked}
        visits = [visit for visit in standing if visit.executive not in locked]
        self.was = {visit.executive: visit for visit in visits if visit.executive in lifted}
        open_days = {day for site in problem.sites for day in site.capacity}
        stands = [visit for visit in visits if visit.executive not in lifted]
        movable = [visit for visit in stands if visit.price is not None and visit.date in open_days]
        fixed = [visit for visit in stands if visit.price is None or visit.date not in open_days]
        self._lay(problem, movable, fixed)
        if wrong := self._broken():
            fixed += [visit for visit in movable if visit.executive in wrong]
            self._lay(problem, [visit for visit in movable if visit.executive not in wrong], fixed)

    def _lay(self, problem: Problem, movable: list[Standing], fixed: list[Standing]) -> None:
        locked = tuple(Locked(visit.executive, visit.host, visit.date) for visit in fixed)
        self.table = table = Table(replace(problem, locked=problem.locked + locked))
        self.row = {executive.key: row for row, executive in enumerate(table.executives)}
        self.draft, self.price = Draft.empty(table), np.full(len(table.executives), NEVER, dtype=np.int64)
        for visit in movable:
            row = self.row[visit.executive]
            self.draft.hosts[row] = table.host_index[visit.host]
            self.draft.days[row] = table.date_index[visit.date]
            self.price[row] = visit.price or 0
        self.openings = Openings(table, self.draft)
        self._allowed: dict[int, Mask] = {}
        self._scores: dict[int, Array] = {}

    def _broken(self) -> set[str]:
        """Executives whose visits break a rule as they stand, alone or with others."""
        table, room, rows = self.table, self.openings, self.draft.placed
        hosts, days = self.draft.hosts[rows], self.draft.days[rows]
        pairs = list(zip(rows.tolist(), hosts.tolist(), strict=True))
        wrong = ~room.still[hosts, days] | ~table.executive_free[rows, days] | (room.visits[hosts] < 0)
        wrong |= (room.places[table.host_site[hosts], days] < 0) | (room.cover[table.host_team[hosts], days] < 0)
        wrong |= room.close[hosts, days] > 1
        wrong |= ~table.unit_fits.cells(rows, hosts) | ~table.language_fits.cells(rows, hosts) | ~table.tenured[hosts]
        for lists in table.barred.values():
            wrong |= np.array([len(lists[row]) > 0 and host in lists[row] for row, host in pairs], dtype=bool)
        return {table.executives[row].key for row in rows[wrong].tolist()}

    @property
    def movers(self) -> Array:
        """Rows of the visits that may move, the cheapest first."""
        rows = np.nonzero(self.price != NEVER)[0]
        return rows[np.argsort(self.price[rows], kind="stable")]

    def allowed(self, row: int) -> Mask:
        """Hosts whom no rule between two people keeps from an executive."""
        if row not in self._allowed:
            one = slice(row, row + 1)
            fits = self.table.unit_fits.block(one)[0] & self.table.language_fits.block(one)[0] & self.table.tenured
            for lists in self.table.barred.values():
                fits[lists[row]] = False
            self._allowed[row] = fits
        return self._allowed[row]

    def scores(self, row: int) -> Array:
        """The scores of an executive with every host."""
        if row not in self._scores:
            self._scores[row] = self.table.scores(slice(row, row + 1))[0].astype(np.int64)
        return self._scores[row]

    def grid(self, row: int) -> Mask:
        """Host and day that suit an executive, open or not."""
        return np.asarray(self.allowed(row)[:, None] & self.table.executive_free[row][None, :])

    def asking(self, row: int, host: int) -> int:
        """The price of moving a visit to this host."""
        return scoring.asking_again(int(self.price[row]), new_host=host != self.draft.hosts[row])

    def as_move(self, row: int, host: int, day: int) -> Move:
        """A move in the problem's own terms."""
        table, old = self.table, (int(self.draft.hosts[row]), int(self.draft.days[row]))
        return Move(
            table.executives[row].key,
            table.hosts[old[0]].key,
            table.dates[old[1]],
            table.hosts[host].key,
            table.dates[day],
        )

    def as_placed(self, row: int) -> Placed:
        """An executive's place in the problem's own terms."""
        table, problem = self.table, self.table.problem
        one, host = table.executives[row], table.hosts[self.draft.hosts[row]]
        terms = scoring.terms(
            one, host, starts_on=problem.rules.starts_on, furthest=table.furthest, weights=problem.weights
        )
        day = table.dates[self.draft.days[row]]
        return Placed(one.key, host.key, host.site, day, sum(terms.values()), terms)
