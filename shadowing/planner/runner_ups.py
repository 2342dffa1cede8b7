"""The runner-up of each placed pair: the next best host the plan leaves room for, with nobody else moving."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from shadowing.planner.draft import Draft
from shadowing.planner.openings import Openings
from shadowing.planner.problem import Alternative, Placed, Problem
from shadowing.planner.table import Array, Mask, Table

NOTHING = -(2**40)
Values = NDArray[np.int64]


def runner_ups(problem: Problem, pairs: Iterable[Placed]) -> dict[str, Alternative]:
    """By executive: another host, the best day for them (preferred, else the earliest), and what the plan's objective
    would change by. Locked pairs have none, nor has somebody for whom no other host has room.

    In a proven plan no change is above 0. All pairs at once, a block of executives at a time.
    """
    table = Table(problem)
    draft = Draft.empty(table)
    row = {executive.key: number for number, executive in enumerate(table.executives)}
    for pair in pairs:
        if pair.executive in row:
            draft.hosts[row[pair.executive]] = table.host_index[pair.host]
            draft.days[row[pair.executive]] = table.date_index[pair.date]
    if not all(table.shape):
        return {}
    return dict(_found(table, draft, Vacated(table, draft)))


class Vacated:
    """What is open in a plan, and what else is once one visit of a day has left it: its place, its team's cover, both."""

    def __init__(self, table: Table, draft: Draft) -> None:
        room = Openings(table, draft)
        self.table, self.room, self.open = table, room, room.open
        spare = room.still & (room.visits > 0)[:, None] & (room.close == 0)
        place, cover = room.places[table.host_site], room.cover[table.host_team]
        self.by_place = spare & (place > -1) & (cover > 0)
        self.by_cover = spare & (place > 0) & (cover > -1)
        self.by_both = spare & (place > -1) & (cover > -1)

    def on_day(self, hosts: Array, days: Array) -> Mask:
        """For visits (rows) that are taken up: which hosts are open on the same day."""
        table = self.table
        site = table.host_site[hosts][:, None] == table.host_site[None, :]
        team = table.host_team[hosts][:, None] == table.host_team[None, :]
        by = [grid.T[days] for grid in (self.open, self.by_place, self.by_cover, self.by_both)]
        return np.asarray(np.where(site, np.where(team, by[3], by[1]), np.where(team, by[2], by[0])))


def _found(table: Table, draft: Draft, vacated: Vacated) -> Iterator[tuple[str, Alternative]]:
    """The runner-up of each pair that has one."""
    open_days = vacated.open.T.astype(np.float32)
    for rows, allowed in table.blocks():
        people = np.arange(rows.start, rows.stop)
        people = people[draft.hosts[people] >= 0]
        hosts, days = draft.hosts[people], draft.days[people]
        here = vacated.on_day(hosts, days) & table.executive_free[people, days][:, None]
        fits = (table.executive_free[people].astype(np.float32) @ open_days > 0) | here
        fits &= allowed[people - rows.start]
        fits[np.arange(len(people)), hosts] = False
        value = np.where(fits, _worth(table, vacated.room, people), NOTHING)
        best = (value * 2 + table.nominated).argmax(axis=1)
        top = value[np.arange(len(people)), best]
        now = table.score(people, hosts) - vacated.room.costs[np.maximum(vacated.room.number[hosts] - 1, 0)]
        for at in np.nonzero(top > NOTHING)[0].tolist():
            person, host = int(people[at]), int(best[at])
            days_open = vacated.open[host].copy()
            days_open[days[at]] |= here[at, host]
            yield table.executives[person].key, _alternative(table, person, host, days_open, int(top[at]), int(now[at]))


def _worth(table: Table, room: Openings, people: Array) -> Values:
    return table.scores(people).astype(np.int64) - room.next_load(np.arange(len(table.hosts)))


def _alternative(table: Table, person: int, host: int, days: Mask, worth: int, now: int) -> Alternative:
    """The host on a day: a preferred one if there is, else the earliest."""
    wish = (days & table.executive_free[person]) * (1 + table.preferred[person])
    score = int(table.score(np.array([person]), np.array([host]))[0])
    one = table.hosts[host]
    return Alternative(one.key, one.site, table.dates[int(wish.argmax())], score, worth, worth - now)
