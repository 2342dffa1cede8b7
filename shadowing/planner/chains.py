"""Ways to a place: an opening, or one that a standing visit makes by moving, or that visit after another one moved.

A way's ``value`` is what the objective gains by it, in thousandths: scores less load less the price of the moves, counted
from a season in which the executive has no place (and without the 100 points of being left out).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from shadowing.planner.scene import Scene
from shadowing.planner.table import Array, Mask

NOTHING = -(2**40)  # worth less than any way


class Step(NamedTuple):
    """A standing visit's new host and day, all as indices."""

    row: int
    host: int
    day: int


class Way(NamedTuple):
    """A place for one executive and the visits that move for it."""

    value: int
    host: int
    day: int
    moves: tuple[Step, ...] = ()


Kind = Callable[[Way], object]


class Best:
    """The best ways so far: at most ``limit``, one of each kind that ``kind`` tells apart."""

    def __init__(self, limit: int, kind: Kind) -> None:
        self.limit, self.kind, self.found = limit, kind, dict[object, Way]()

    def offer(self, way: Way) -> None:
        """Keep it if it is better than what there is."""
        kind = self.kind(way)
        if kind not in self.found or way.value > self.found[kind].value:
            self.found[kind] = way

    @property
    def ways(self) -> list[Way]:
        """The best first."""
        return sorted(self.found.values(), key=lambda way: -way.value)[: self.limit]

    @property
    def enough(self) -> int:
        """What a way must be worth more than to be kept."""
        return self.ways[-1].value if len(self.found) >= self.limit else NOTHING


def by_host(way: Way) -> object:
    """Tell ways apart by their host."""
    return way.host


def by_place(way: Way) -> object:
    """Tell ways apart by host and day."""
    return way.host, way.day


def worth(scene: Scene, row: int) -> Array:
    """What each host brings an executive as the openings stand: score less load of the next visit."""
    return scene.scores(row) - scene.openings.next_load(np.arange(len(scene.table.hosts)))


def ranked(scene: Scene, row: int, cells: Mask) -> tuple[Array, Array]:
    """Hosts and days of marked cells, best first; equals by preferred day, nomination, then the earliest day."""
    hosts, days = np.nonzero(cells)
    table = scene.table
    order = np.lexsort(
        (hosts, days, ~table.nominated[hosts], ~table.preferred[row, days], -worth(scene, row)[hosts])
    )  # fmt: skip
    return hosts[order], days[order]


def direct(scene: Scene, row: int, cells: Mask, best: Best) -> None:
    """Openings among ``cells``; nobody else moves."""
    value = worth(scene, row)
    hosts, days = ranked(scene, row, scene.openings.open & cells)
    for host, day in zip(hosts.tolist(), days.tolist(), strict=True):
        if len(best.found) >= best.limit and value[host] <= best.enough:
            break
        best.offer(Way(int(value[host]), host, day))


def after_one_move(scene: Scene, row: int, cells: Mask, best: Best, movers: Array | None = None) -> None:
    """Places among ``cells`` that open when one standing visit goes to an opening. Complete: no such way is missed."""
    room = scene.openings
    wanted = cells & room.still & ~room.open
    movers = _who_could_help(scene, wanted) if movers is None else movers
    for mover in movers.tolist():
        host, day = _lift(scene, mover)
        fresh = wanted & room.open
        if fresh.any():
            _with_mover(scene, row, mover, fresh, best)
        room.put(host, day)


def _lift(scene: Scene, mover: int) -> tuple[int, int]:
    """Take a visit up; where it stood."""
    host, day = int(scene.draft.hosts[mover]), int(scene.draft.days[mover])
    scene.openings.lift(host, day)
    return host, day


def _who_could_help(scene: Scene, wanted: Mask) -> Array:
    """Movers whose place is where something is wanted: their day at their site or with their team, or their host."""
    table, movers = scene.table, scene.movers
    hosts, days = scene.draft.hosts[movers], scene.draft.days[movers]
    at_site = np.zeros(scene.openings.places.shape, dtype=bool)
    of_team = np.zeros(scene.openings.cover.shape, dtype=bool)
    host, day = np.nonzero(wanted)
    at_site[table.host_site[host], day] = True
    of_team[table.host_team[host], day] = True
    of_host = np.asarray(wanted.any(axis=1))
    near = at_site[table.host_site[hosts], days] | of_team[table.host_team[hosts], days] | of_host[hosts]
    return np.asarray(movers[near])


def staying(scene: Scene, mover: int) -> int:
    """What a lifted visit was worth where it stood."""
    return int(worth(scene, mover)[scene.draft.hosts[mover]])


def leaving(scene: Scene, mover: int, stayed: int) -> Array:
    """What a lifted visit gains by going to each host, less the price of asking again."""
    price = np.full(len(scene.table.hosts), scene.asking(mover, -1))
    old = int(scene.draft.hosts[mover])
    price[old] = scene.asking(mover, old)
    return worth(scene, mover) - stayed - price


def elsewhere(scene: Scene, mover: int) -> Mask:
    """Cells that would suit a visit, other than where it stands."""
    cells = scene.grid(mover)
    cells[scene.draft.hosts[mover], scene.draft.days[mover]] = False
    return cells


def _with_mover(scene: Scene, row: int, mover: int, fresh: Mask, best: Best) -> None:
    """Ways with one lifted visit that has to go elsewhere, as far as they can be among the best."""
    stayed, away = staying(scene, mover), elsewhere(scene, mover)
    most = _most(scene, mover, away)
    value = worth(scene, row)
    hosts, days = ranked(scene, row, fresh)
    for host, day in zip(hosts.tolist(), days.tolist(), strict=True):
        if most == NOTHING or value[host] + most <= best.enough:
            break
        if step := _gone(scene, mover, (host, day), away, stayed):
            best.offer(Way(int(value[host]) + step[0], host, day, (step[1],)))


def _most(scene: Scene, mover: int, away: Mask) -> int:
    """The most a lifted visit can gain by going to an opening; NOTHING where there is none."""
    gain = leaving(scene, mover, staying(scene, mover))
    return int(gain[(scene.openings.open & away).any(axis=1)].max(initial=NOTHING))


def _gone(scene: Scene, mover: int, taken: tuple[int, int], away: Mask, stayed: int) -> tuple[int, Step] | None:
    """The best opening for a lifted visit once somebody else has this host and day, and what it gains."""
    room = scene.openings
    room.put(*taken)
    gain, cells = leaving(scene, mover, stayed), room.open & away
    room.lift(*taken)
    gain[~cells.any(axis=1)] = NOTHING
    host = int(gain.argmax())
    if gain[host] == NOTHING:
        return None
    days = cells[host] * (1 + scene.table.preferred[mover])
    return int(gain[host]), Step(mover, host, int(days.argmax()))


def after_two_moves(scene: Scene, row: int, cells: Mask, best: Best) -> None:
    """Places that open when a visit takes the place of a second one, which goes to an opening. The most promising
    TRIED pairs of visits are looked at; where two visits would both have to leave the same cell, none is found."""
    helpers = _helpers(scene, row, cells)
    for bound, mover, other in sorted(_pairs(scene, helpers), reverse=True)[:TRIED]:
        if bound <= best.enough:
            break
        _with_two(scene, row, cells, mover, other, best)


TRIED, CELLS = 60, 2


def _helpers(scene: Scene, row: int, cells: Mask) -> dict[int, int]:
    """Movers who would open something among ``cells``, and the most it is worth."""
    room, value = scene.openings, worth(scene, row)
    wanted, found = cells & room.still & ~room.open, {}
    for mover in _who_could_help(scene, wanted).tolist():
        host, day = _lift(scene, mover)
        fresh = (wanted & room.open).any(axis=1)
        if fresh.any():
            found[mover] = int(value[fresh].max()) + MOST_RELIEF
        room.put(host, day)
    return found


MOST_RELIEF = 1_000  # what one visit fewer at a host makes the next one cheaper by, at most, in usual seasons


def _pairs(scene: Scene, helpers: dict[int, int]) -> list[tuple[int, int, int]]:
    """Pairs of visits (a helper and one whose place suits it) with what they might be worth together."""
    if not helpers:
        return []
    room, was, found = scene.openings, scene.openings.open.copy(), []
    rows = np.array(list(helpers))
    suits = np.stack([scene.allowed(row) for row in rows.tolist()])
    top = np.array(list(helpers.values()))
    stays = np.array([staying(scene, row) for row in rows.tolist()])
    scores = np.stack([scene.scores(row) for row in rows.tolist()])
    for other in scene.movers.tolist():
        place = _lift(scene, other)
        hosts, days = np.nonzero(room.open & ~was)
        most = _most(scene, other, elsewhere(scene, other))
        if len(hosts) and most > NOTHING:
            fits = suits[:, hosts] & scene.table.executive_free[rows][:, days]
            gain = np.where(fits, scores[:, hosts], NOTHING).max(axis=1) - stays - scene.price[rows] + top + most
            good = fits.any(axis=1) & (rows != other)
            found += [(int(gain[at]), int(rows[at]), other) for at in np.nonzero(good)[0]]
        room.put(*place)
    return found


def _with_two(scene: Scene, row: int, cells: Mask, mover: int, other: int, best: Best) -> None:
    """The way that these two visits make, if they do."""
    room = scene.openings
    wanted = cells & room.still & ~room.open
    place = _lift(scene, mover)
    stayed, value = staying(scene, mover), worth(scene, row)
    for taken in list(zip(*ranked(scene, row, wanted & room.open), strict=True))[:CELLS]:
        host, day = int(taken[0]), int(taken[1])
        room.put(host, day)
        inner = Best(1, by_host)
        after_one_move(scene, mover, elsewhere(scene, mover), inner, np.array([other]))
        room.lift(host, day)
        for way in inner.ways:
            gain = int(value[host]) + way.value - stayed - scene.asking(mover, way.host)
            best.offer(Way(gain, host, day, (Step(mover, way.host, way.day), *way.moves)))
    room.put(*place)
