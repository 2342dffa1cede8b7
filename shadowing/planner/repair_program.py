"""Seekers and the visits that may move for them as one integer program over executive × host × day; the rest stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import optimize, sparse

from shadowing.planner.chains import ranked
from shadowing.planner.draft import Draft
from shadowing.planner.openings import Openings
from shadowing.planner.scene import Scene
from shadowing.planner.scoring import LEFT_OUT
from shadowing.planner.table import Array, Floats

TOGETHER, EACH = 2_000, 60  # openings looked at where only seekers are placed: of all, and of one at least


class Found(NamedTuple):
    """Rows of the scene with their host and day; whether nothing better is possible with the openings that there are."""

    places: list[tuple[int, int, int]]
    proven: bool


def is_small(scene: Scene, rows: Sequence[int], most: int) -> bool:
    """Whether there are at most so many triples for these executives."""
    days, free, found = scene.openings.still.astype(np.float32), scene.table.executive_free, 0.0
    for row in rows:
        found += float((days[scene.allowed(row)] @ free[row].astype(np.float32)).sum())
        if found > most:
            return False
    return True


@dataclass
class Triples:
    """Columns of the program: ``row`` of the scene, host, day; what each brings, and whether it moves a visit."""

    row: Array
    host: Array
    day: Array
    gain: Floats
    moves: Array

    def __len__(self) -> int:
        return len(self.row)


def best_together(
    scene: Scene, seekers: Sequence[int], movers: Sequence[int], *, most_moves: int, seconds: float
) -> Found:
    """The best places of the seekers and new places of the movers who have to go, at most ``most_moves`` of them.

    With movers over every triple there is; without, over the best openings of each seeker. Nothing when time ran out.
    """
    if seconds <= 0:
        return Found([], proven=False)
    room = _room(scene, movers)
    triples, every = _triples(scene, room, seekers, movers)
    if not len(triples):
        return Found([], proven=every)
    loads_host, loads = _loads(room, triples)
    matrix, least, most = _constraints(scene, room, triples, loads_host, movers, most_moves)
    width = len(triples) + len(loads)
    integral = np.zeros(width)
    integral[: len(triples)] = 1
    result = optimize.milp(
        np.concatenate([-triples.gain, loads]),
        constraints=optimize.LinearConstraint(matrix, least, most),
        integrality=integral,
        bounds=optimize.Bounds(0, 1),
        options={"time_limit": max(seconds, 0.05), "mip_rel_gap": 0},
    )
    if result.x is None:
        return Found([], proven=False)
    taken = np.nonzero((result.x[: len(triples)] > 0.5) & ((triples.moves == 1) | np.isin(triples.row, seekers)))[0]
    places = [(int(triples.row[at]), int(triples.host[at]), int(triples.day[at])) for at in taken]
    return Found(places, proven=every and result.status == 0)


def _room(scene: Scene, movers: Sequence[int]) -> Openings:
    """What is open once the movers' visits are taken up."""
    hosts, days = scene.draft.hosts.copy(), scene.draft.days.copy()
    hosts[movers], days[movers] = -1, -1
    return Openings(scene.table, Draft(hosts, days))


def _triples(scene: Scene, room: Openings, seekers: Sequence[int], movers: Sequence[int]) -> tuple[Triples, bool]:
    """What each seeker and mover may take, and whether that is all there is. The wish for a preferred day decides between
    equals, far below a thousandth."""
    parts, most, every = [], max(EACH, TOGETHER // len(seekers)), True
    for row in [*seekers, *movers]:
        hosts, days = ranked(scene, row, room.open & scene.grid(row))
        if not movers:
            every = every and len(hosts) <= most
            hosts, days = hosts[:most], days[:most]
        parts.append(_of_one(scene, row, hosts, days, mover=scene.draft.hosts[row] >= 0))
    return Triples(*(np.concatenate(column) for column in zip(*parts, strict=True))), every


def _of_one(scene: Scene, row: int, hosts: Array, days: Array, *, mover: bool) -> tuple[Array, ...]:
    """Columns of one executive; a mover pays for every place but their own."""
    old = int(scene.draft.hosts[row])
    price = np.where(hosts == old, scene.asking(row, old), scene.asking(row, -2))
    moves = np.full(len(hosts), mover) & ((hosts != old) | (days != scene.draft.days[row]))
    wish = (scene.table.preferred[row, days] + scene.table.nominated[hosts]) / (4 * (len(scene.price) + 1))
    gain = scene.scores(row)[hosts] + (0 if mover else LEFT_OUT) - moves * price + wish
    return np.full(len(hosts), row), hosts, days, gain, moves.astype(np.int64)


def _loads(room: Openings, triples: Triples) -> tuple[Array, Floats]:
    """The hosts' further visits, one variable each, and what they cost."""
    hosts = np.unique(triples.host)
    step_host = np.repeat(hosts, np.maximum(room.visits[hosts], 0))
    first = np.searchsorted(step_host, step_host)
    number = room.number[step_host] + np.arange(len(step_host)) - first
    return step_host, room.costs[np.minimum(number, len(room.costs) - 1)].astype(float)


def _constraints(
    scene: Scene, room: Openings, triples: Triples, step_host: Array, movers: Sequence[int], most_moves: int
) -> tuple[sparse.csr_array, Floats, Floats]:
    """Everybody once, movers for certain; hosts' visits; places, cover and rest of the days; the number of moves."""
    table, days = scene.table, len(scene.table.dates)
    hosts, people = len(table.hosts), len(scene.price)
    must = np.zeros(people)
    must[list(movers)] = 1
    groups = [
        (triples.row, must, np.ones(people)),
        (triples.host, None, np.zeros(hosts)),
        (table.host_site[triples.host] * days + triples.day, None, room.places.ravel()),
        (table.host_team[triples.host] * days + triples.day, None, room.cover.ravel()),
        (np.where(triples.moves == 1, 0, -1), None, np.array([most_moves])),
    ]
    groups += [
        (np.where(np.isin(triples.day, window), triples.host, -1), None, np.ones(hosts)) for window in table.windows
    ]
    matrices, least, most = [], [], []
    for rows, lower, upper in groups:
        matrix = _sum_over(rows, len(upper), len(triples))
        steps = sparse.csr_array((len(upper), len(step_host)))
        if rows is triples.host:
            steps = -_sum_over(step_host, len(upper), len(step_host))
        used = np.unique(rows[rows >= 0])
        matrices.append(sparse.hstack([matrix, steps]).tocsr()[used])
        least.append(np.full(len(upper), -np.inf)[used] if lower is None else lower[used])
        most.append(np.asarray(upper, dtype=float)[used])
    return sparse.vstack(matrices).tocsr(), np.concatenate(least), np.concatenate(most)


def _sum_over(rows: Array, height: int, width: int) -> sparse.csr_array:
    """A matrix that adds columns up by row number; -1 is in no row."""
    inside = np.nonzero(rows >= 0)[0]
    return sparse.csr_array((np.ones(len(inside)), (rows[inside], inside)), shape=(height, width))
