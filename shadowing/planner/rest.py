"""Rest days between a host's visits: visits that stand too close are moved to days with room, or room is made.

A repair by hand of what the flow of stage 2 cannot see. It touches few visits and takes milliseconds.
"""

from collections import deque
from collections.abc import Iterator

import numpy as np

from shadowing.planner.table import Array, Mask, Table


def broken_hosts(table: Table, hosts: Array, days: Array) -> list[int]:
    """Hosts with two visits closer together than their rest days allow; a day of -1 is no visit."""
    placed = days >= 0
    host, ordinal = hosts[placed], table.ordinals[days[placed]]
    order = np.lexsort((ordinal, host))
    host, ordinal = host[order], ordinal[order]
    close = (np.diff(host) == 0) & (np.diff(ordinal) < table.rest)
    return np.unique(host[1:][close]).tolist()


class Spare:
    """Places of sites and floor cover of teams that a set of visits leaves, by day."""

    def __init__(self, table: Table, hosts: Array, days: Array) -> None:
        self.table = table
        self.places, self.cover = table.places.copy(), table.cover.copy()
        placed = days >= 0
        np.subtract.at(self.places, (table.host_site[hosts[placed]], days[placed]), 1)
        np.subtract.at(self.cover, (table.host_team[hosts[placed]], days[placed]), 1)

    def free(self, host: int) -> Mask:
        """Days on which the host's site and team have room for one more visit."""
        return (self.places[self.table.host_site[host]] > 0) & (self.cover[self.table.host_team[host]] > 0)

    def take(self, host: int, day: int, number: int = 1) -> None:
        """One visit more; nothing for a day of -1."""
        if day >= 0:
            self.places[self.table.host_site[host], day] -= number
            self.cover[self.table.host_team[host], day] -= number


class Timetable:
    """The days of some pairs while they are moved about. ``unwanted`` is 1 where a pair dislikes a day."""

    def __init__(self, table: Table, hosts: Array, fits: Mask, unwanted: Array, days: Array) -> None:
        self.table, self.hosts, self.fits, self.unwanted = table, hosts, fits, unwanted
        self.days = days.copy()
        self.spare = Spare(table, hosts, days)
        self.near = np.abs(table.ordinals[:, None] - table.ordinals[None, :]) < table.rest
        order = np.argsort(hosts, kind="stable")
        numbers, starts = np.unique(hosts[order], return_index=True)
        self.pairs_of = dict(zip(numbers.tolist(), np.split(order, starts[1:]), strict=True))

    def spread_out(self) -> Array:
        """Days that keep the rest days; -1 for a visit that found none."""
        for host in broken_hosts(self.table, self.hosts, self.days):
            self._rearrange(host)
        for host in np.unique(self.hosts[self.days < 0]).tolist():
            self._rearrange(host)
        return self.days

    def _rearrange(self, host: int) -> None:
        """Other days for a host's visits: spare ones, else ones where another visit can make room, else fewer visits."""
        pairs = self.pairs_of[host]
        had = self.days[pairs].copy()
        self._put(pairs, [-1] * len(pairs))
        for crowded in (False, True):
            found = self._apart(host, pairs, crowded=crowded)
            if found and all(self._seated(host, pair, day) for pair, day in zip(pairs, found, strict=True)):
                return
            self._put(pairs, [-1] * len(pairs))
        self._put(pairs, self._kept(host, had))

    def _put(self, pairs: Array, days: list[int]) -> None:
        """Set the days of pairs and keep the count of what is spare."""
        for pair, day in zip(pairs.tolist(), days, strict=True):
            host = self.hosts[pair]
            self.spare.take(host, int(self.days[pair]), -1)
            self.spare.take(host, day)
            self.days[pair] = day

    def _apart(self, host: int, pairs: Array, *, crowded: bool) -> list[int] | None:
        """One day for each of the host's visits, all far enough apart, with the fewest dislikes."""
        free, cost = self.spare.free(host), self.unwanted[pairs]
        if crowded:
            room = np.array([spare or self._chain(host, day) is not None for day, spare in enumerate(free)])
            free, cost = room, cost + 2 * ~free
        options = [
            sorted((int(cost[row, day]), int(day)) for day in np.nonzero(self.fits[pair] & free)[0])
            for row, pair in enumerate(pairs)
        ]
        return cheapest(options, self.near)

    def _chain(self, host: int, day: int) -> list[tuple[int, int]] | None:
        """Visits to move, each to the day behind it, so that the host gets room on this day; the last one first.

        A search through the days of the host's site: a visit on a full day goes to another day, and where that is full
        too another visit leaves it, until a day with room is reached.
        """
        start = self._need(host, day)
        came: dict[tuple[int, int], tuple[tuple[int, int], int] | None] = {start: None}
        waiting = deque([start])
        while waiting:
            node = waiting.popleft()
            for pair, to in self._moves(host, node):
                other = self.hosts[pair]
                if self.spare.free(other)[to]:
                    return self._path(came, node, pair, to)
                following = self._need(other, to)
                if following not in came:
                    came[following] = (node, pair)
                    waiting.append(following)
        return None

    def _need(self, host: int, day: int) -> tuple[int, int]:
        """What has to leave a day for the host: anybody of the site (-1), or somebody of their team."""
        team = int(self.table.host_team[host])
        return day, -1 if self.spare.cover[team, day] > 0 else team

    def _moves(self, host: int, node: tuple[int, int]) -> Iterator[tuple[int, int]]:
        """Visits at the host's site that could leave this day, and where each could go by its own people's days."""
        day, team = node
        here = (self.days == day) & (self.table.host_site[self.hosts] == self.table.host_site[host])
        if team >= 0:
            here &= self.table.host_team[self.hosts] == team
        for pair in np.nonzero(here & (self.hosts != host))[0].tolist():
            elsewhere = self.fits[pair].copy()
            elsewhere[day] = False
            for sibling in self.pairs_of[self.hosts[pair]].tolist():
                if sibling != pair and self.days[sibling] >= 0:
                    elsewhere &= ~self.near[self.days[sibling]]
            options = np.nonzero(elsewhere)[0].tolist()
            yield from ((pair, to) for to in sorted(options, key=lambda to: self.unwanted[pair, to]))

    def _path(
        self, came: dict[tuple[int, int], tuple[tuple[int, int], int] | None], node: tuple[int, int], pair: int, to: int
    ) -> list[tuple[int, int]] | None:
        """The moves back to the start; None when a host would move twice, which rest days might not allow."""
        moves = [(pair, to)]
        while (step := came[node]) is not None:
            moves.append((step[1], node[0]))
            node = step[0]
        movers = [int(self.hosts[one]) for one, _to in moves]
        return moves if len(set(movers)) == len(movers) else None

    def _seated(self, host: int, pair: int, day: int) -> bool:
        """Give a visit its day, after making room where there is none; False when there is no room after all."""
        chain = [] if self.spare.free(host)[day] else self._chain(host, day)
        for mover, to in chain or ():
            self._put(np.array([mover]), [to])
        if not self.spare.free(host)[day]:
            return False
        self._put(np.array([pair]), [day])
        return True

    def _kept(self, host: int, had: Array) -> list[int]:
        """A host's earlier days without those that come too soon after another or are taken by now."""
        kept: list[int] = []
        for day in sorted(had[had >= 0].tolist()):
            if self.spare.free(host)[day] and not any(self.near[day, other] for other in kept):
                kept.append(day)
        return [day if day in kept else -1 for day in had.tolist()]


def cheapest(options: list[list[tuple[int, int]]], near: Mask) -> list[int] | None:
    """One (cost, day) of each list, no two days near each other, at the least total cost; None if there are none."""
    best: list[int] | None = None
    least = np.inf

    def extend(chosen: list[int], cost: int) -> None:
        nonlocal best, least
        if len(chosen) == len(options):
            best, least = chosen, cost
            return
        for more, day in options[len(chosen)]:
            if cost + more >= least:
                return
            if not any(near[day, other] for other in chosen):
                extend([*chosen, day], cost + more)

    extend([], 0)
    return best
