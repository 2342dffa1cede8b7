"""Places for people who have none, while everybody else's visit stands or moves as little as possible.

What is sought is the most of: scores less load, less 100 points for each seeker left out, less the prices of the visits
that move. At most ``most_moves`` visits per seeker move.

*Small seasons* (up to WHOLE triples of executive, host and day among seekers and movable visits) are one integer program
over all of these, solved by HiGHS: the result is the best there is, unless time cuts it short.

*Larger ones*: the seekers are first given openings, all of them together, by an integer program over the best openings of
each. For a single seeker the best opening is compared with every way that one move makes (chains.py, complete) unless a
bound shows that none can be better: any move costs its price and gains at most what its executive's best host would. Then
those still without a place get, one after the other in the problem's order, the best way that one move makes, else one
that two make. So for one seeker the answer is the best with at most one move; nothing is proven about two moves, nor
about several seekers together beyond their openings.
"""

from __future__ import annotations

import time
from collections.abc import Collection

import numpy as np

from shadowing.planner import scoring
from shadowing.planner.chains import (
    NOTHING,
    Best,
    Way,
    after_one_move,
    after_two_moves,
    by_host,
    direct,
    worth,
)
from shadowing.planner.problem import Move, Problem, Repair, Standing
from shadowing.planner.reasons import reasons
from shadowing.planner.scene import NEVER, Scene
from shadowing.planner.scoring import LEFT_OUT

WHOLE = 8_000  # columns up to which everything is one program


def repair(
    problem: Problem,
    standing: Collection[Standing],
    *,
    seeking: Collection[str] | None = None,
    most_moves: int = 2,
    seconds: float = 1.0,
) -> Repair:
    """Place everybody in ``seeking`` (those without a visit, when None) at the least loss of score and price of moves.

    A seeker's own visit, if it has a price, is lifted: they keep it only if nothing is better. Every rule is kept;
    locked visits and those without a price stay. The same input gives the same answer unless time runs out.
    """
    started = time.monotonic()
    has_visit = {visit.executive: visit.price is not None for visit in standing} | {
        pair.executive: False for pair in problem.locked
    }
    if seeking is None:
        seeking = [one.key for one in problem.executives if one.key not in has_visit]
    wanted = {key for key in seeking if has_visit.get(key, True)}
    mending = Mending(Scene(problem, standing, lifted=wanted), wanted, most_moves)
    if mending.rows and all(mending.scene.table.shape):
        mending.mend(started + seconds)
    return mending.answer(started)


class Mending:
    """A repair in the making: the scene changes as places are given out."""

    def __init__(self, scene: Scene, seeking: Collection[str], most_moves: int) -> None:
        self.scene, self.most_moves = scene, most_moves
        self.rows = [row for key, row in scene.row.items() if key in seeking]
        self.moves: list[Move] = []
        self.gained = -_lost(scene)

    @property
    def waiting(self) -> list[int]:
        """Rows of the seekers who have no place yet, in the problem's order."""
        return [row for row in self.rows if self.scene.draft.hosts[row] < 0]

    def mend(self, deadline: float) -> None:
        """Everything, in the order the module's docstring says."""
        from shadowing.planner.repair_program import best_together, is_small

        scene, movers = self.scene, self.scene.movers.tolist() if self.most_moves else []
        if is_small(scene, [*self.rows, *movers], WHOLE):
            limit = self.most_moves * len(self.rows)
            self.settle(best_together(scene, self.rows, movers, most_moves=limit, seconds=deadline - time.monotonic()))
            return
        if len(self.rows) > 1:
            self.settle(best_together(scene, self.rows, [], most_moves=0, seconds=deadline - time.monotonic()))
        for row in self.waiting:
            if way := best_way(scene, row, self.most_moves if time.monotonic() < deadline else 0):
                self.take(row, way)

    def settle(self, found: list[tuple[int, int, int]] | None) -> None:
        """Take over the rows of a program: new places and moves."""
        moved = [one for one in found or () if self.scene.draft.hosts[one[0]] >= 0]
        for row, _host, _day in moved:
            self._lift(row)
        for row, host, day in moved:
            self._put_mover(row, host, day)
        for row, host, day in found or ():
            if self.scene.draft.hosts[row] < 0:
                self._seat(row, host, day)

    def take(self, row: int, way: Way) -> None:
        """Give an executive their place and move those who make it."""
        for step in way.moves:
            self._lift(step.row)
        self._seat(row, way.host, way.day)
        for step in way.moves:
            self._put_mover(*step)

    def _lift(self, row: int) -> None:
        host = int(self.scene.draft.hosts[row])
        self.scene.openings.lift(host, int(self.scene.draft.days[row]))
        self.gained -= int(worth(self.scene, row)[host])

    def _put_mover(self, row: int, host: int, day: int) -> None:
        self.moves.append(self.scene.as_move(row, host, day))
        self.gained -= self.scene.asking(row, host)
        self.scene.price[row] = NEVER
        self._seat(row, host, day)

    def _seat(self, row: int, host: int, day: int) -> None:
        self.gained += int(worth(self.scene, row)[host])
        self.scene.openings.put(host, day)
        self.scene.draft.hosts[row], self.scene.draft.days[row] = host, day

    def answer(self, started: float) -> Repair:
        """What was found, in the problem's own terms."""
        scene = self.scene
        placed = tuple(scene.as_placed(row) for row in self.rows if scene.draft.hosts[row] >= 0)
        change = self.gained + LEFT_OUT * (len(placed) - len(scene.was))
        left_out = reasons(scene.table, scene.draft, self.waiting)
        return Repair(placed, tuple(self.moves), left_out, change, round(time.monotonic() - started, 3))


def _lost(scene: Scene) -> int:
    """What the lifted visits were worth."""
    number, lost = scene.openings.number.copy(), 0
    for executive, visit in scene.was.items():
        host = scene.table.host_index[visit.host]
        lost += int(scene.scores(scene.row[executive])[host]) - scoring.load(
            int(number[host]) + 1, scene.table.problem.weights
        )
        number[host] += 1
    return lost


def best_way(scene: Scene, row: int, most_moves: int) -> Way | None:
    """The best opening or way with one move; with two where there is neither."""
    cells, best = scene.grid(row), Best(1, by_host)
    direct(scene, row, cells, best)
    if most_moves and (not best.found or best.enough < _most_with_moves(scene, row)):
        after_one_move(scene, row, cells, best)
    if most_moves > 1 and not best.found:
        after_two_moves(scene, row, cells, best)
    return next(iter(best.ways), None)


def _most_with_moves(scene: Scene, row: int) -> int:
    """A bound on the value of ways with a move: the best host of all for everybody in it, less the cheapest price."""
    movers = scene.movers
    if not len(movers):
        return NOTHING
    best = int(scene.scores(row)[scene.allowed(row)].max(initial=NOTHING))
    table, rows = scene.table, slice(None)
    top = table.scores(rows).max(axis=1)[movers] if table.hosts else np.zeros(len(movers))
    room = scene.openings
    hosts = scene.draft.hosts[movers]
    relief = room.costs[np.maximum(room.number[hosts] - 1, 0)]
    gains = top - table.score(movers, hosts) + relief - scene.price[movers]
    return best + int(gains.max())
