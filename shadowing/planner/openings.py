"""Which host and day still take a visit while some visits stand. Visits can be put and lifted one at a time."""

from __future__ import annotations

import numpy as np

from shadowing.planner import scoring
from shadowing.planner.draft import Draft
from shadowing.planner.table import Array, Mask, Table

MOST_LOAD = 64  # visits of one host up to which load is kept in a list


class Openings:
    """Places, floor cover, rest and visits that a draft leaves; ``open`` (host × day) holds whoever comes.

    ``number`` is how many visits of the season each host has, and so what their next one costs."""

    def __init__(self, table: Table, draft: Draft) -> None:
        self.table = table
        placed = draft.placed
        hosts, days = draft.hosts[placed], draft.days[placed]
        self.near = np.abs(table.ordinals[:, None] - table.ordinals[None, :]) < table.rest
        self.places, self.cover, self.visits = table.places.copy(), table.cover.copy(), table.visits_left.copy()
        self.number = table.used.copy()
        self.close = np.zeros(table.host_available.shape, dtype=np.int64)
        self.still = table.host_available & table.rested & table.open[table.host_site]
        self.costs = np.array([scoring.load(n, table.problem.weights) for n in range(1, MOST_LOAD + 1)])
        np.subtract.at(self.places, (table.host_site[hosts], days), 1)
        np.subtract.at(self.cover, (table.host_team[hosts], days), 1)
        np.subtract.at(self.visits, hosts, 1)
        np.add.at(self.number, hosts, 1)
        np.add.at(self.close, hosts, self.near[days].astype(np.int64))
        self.open = self._grid(np.arange(len(table.hosts)))
        self._beside: dict[tuple[int, int], Array] = {}

    def next_load(self, hosts: Array | int) -> Array:
        """What the next visit of these hosts costs."""
        return np.asarray(self.costs[np.minimum(self.number[hosts], MOST_LOAD - 1)])

    def put(self, host: int, day: int, number: int = 1) -> None:
        """One visit more."""
        table = self.table
        self.places[table.host_site[host], day] -= number
        self.cover[table.host_team[host], day] -= number
        self.visits[host] -= number
        self.number[host] += number
        self.close[host] += number * self.near[day]
        self._refresh(host, day)

    def lift(self, host: int, day: int) -> None:
        """One visit fewer."""
        self.put(host, day, -1)

    def _refresh(self, host: int, day: int) -> None:
        table, beside = self.table, self.beside(host)
        self.open[beside, day] = (
            self.still[beside, day]
            & (self.places[table.host_site[beside], day] > 0)
            & (self.cover[table.host_team[beside], day] > 0)
            & (self.visits[beside] > 0)
            & (self.close[beside, day] == 0)
        )
        self.open[host] = self._grid(np.array([host]))[0]

    def _grid(self, hosts: Array) -> Mask:
        table = self.table
        grid = self.still[hosts] & (self.places > 0)[table.host_site[hosts]] & (self.cover > 0)[table.host_team[hosts]]
        return np.asarray(grid & (self.visits[hosts] > 0)[:, None] & (self.close[hosts] == 0))

    def beside(self, host: int) -> Array:
        """Hosts who share the host's site or team, themselves among them."""
        table = self.table
        key = int(table.host_site[host]), int(table.host_team[host])
        if key not in self._beside:
            self._beside[key] = np.nonzero((table.host_site == key[0]) | (table.host_team == key[1]))[0]
        return self._beside[key]
