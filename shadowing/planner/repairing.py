"""Places for people who have none, while everybody else's visit stands or moves as little as possible.

What is sought is the most of: scores less load, less 100 points for each seeker left out, less the prices of the visits
that move. At most ``most_moves`` visits per seeker move.

First by hand, as it were: several seekers are given openings, all of them together, by an integer program over the best
openings of each; one seeker gets the best opening, or the best way that one move makes (chains.py, complete). Those still
without a place get, one after the other in the problem's order, the best way that one move makes, else one that two make.

A bound says how much can be gained with at least so many moves: every seeker with their best host of all, and each move
worth at most its executive's best host of all, less its price. Where what was found reaches it, nothing is better: so it
is for an opening wherever the visits in the way are dear. Where it does not, *small seasons* (up to WHOLE triples of
executive, host and day among seekers and movable visits) are solved once more as one integer program over all of these by
HiGHS, and the better result counts: the best there is, unless time cuts it short. In larger ones nothing more is proven:
for one seeker the answer is then the best with at most one move, and nothing is said about two, nor about several seekers
together beyond their openings.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from shadowing.planner import scoring
from shadowing.planner.chains import NOTHING, Best, Way, after_one_move, after_two_moves, by_host, direct, worth
from shadowing.planner.problem import Move, Problem, Repair, Standing
from shadowing.planner.reasons import reasons
from shadowing.planner.scene import NEVER, Scene
from shadowing.planner.scoring import LEFT_OUT

if TYPE_CHECKING:
    from shadowing.planner.repair_program import Found

WHOLE = 2_000  # columns up to which everything is one program


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
    movable = {visit.executive: visit.price is not None for visit in standing}
    movable |= {pair.executive: False for pair in problem.locked}
    if seeking is None:
        seeking = [one.key for one in problem.executives if one.key not in movable]
    wanted = {key for key in seeking if movable.get(key, True)}

    def mending() -> Mending:
        return Mending(Scene(problem, standing, lifted=wanted), wanted, most_moves, started + seconds)

    best = mending()
    if best.rows and all(best.scene.table.shape):
        small, proven = best.is_small(), best.by_hand()
        if small and not proven:
            whole = mending()
            if whole.as_a_whole() and whole.change > best.change:
                best = whole
    return best.answer(started)


class Mending:
    """A repair in the making: the scene changes as places are given out."""

    def __init__(self, scene: Scene, seeking: Collection[str], most_moves: int, deadline: float) -> None:
        self.scene, self.most_moves, self.deadline = scene, most_moves, deadline
        self.rows = [row for key, row in scene.row.items() if key in seeking]
        self.moves: list[Move] = []
        self.gained = -_lost(scene)

    @property
    def waiting(self) -> list[int]:
        """Rows of the seekers who have no place yet, in the problem's order."""
        return [row for row in self.rows if self.scene.draft.hosts[row] < 0]

    @property
    def movers(self) -> list[int]:
        """Rows of the visits that may move."""
        return self.scene.movers.tolist() if self.most_moves else []

    @property
    def change(self) -> int:
        """What the objective changes by so far, prices taken off."""
        return self.gained + LEFT_OUT * (len(self.rows) - len(self.waiting) - len(self.scene.was))

    def is_small(self) -> bool:
        """Whether the whole can be one program."""
        from shadowing.planner.repair_program import is_small

        return is_small(self.scene, [*self.rows, *self.movers], WHOLE)

    def as_a_whole(self) -> bool:
        """Everything in one program; False when time was too short for it."""
        found = self._program(self.rows, self.movers, most_moves=self.most_moves * len(self.rows))
        self.settle(found.places)
        return bool(found.places)

    def by_hand(self) -> bool:
        """Openings, then ways with moves; True when nothing can be better."""
        bounds = [self._bound(least) for least in (1, 2)]
        proven = True
        if len(self.rows) > 1:
            found = self._program(self.rows, [], most_moves=0)
            self.settle(found.places)
            proven = found.proven
        for row in self.waiting:
            if way := self._best_way(row):
                self.take(row, way)
        searched = len(self.rows) == 1 and time.monotonic() < self.deadline
        return proven and len(self.moves) < 2 and self.change >= bounds[1 if searched else 0]

    def _program(self, rows: list[int], movers: list[int], *, most_moves: int) -> Found:
        from shadowing.planner.repair_program import best_together

        return best_together(self.scene, rows, movers, most_moves=most_moves, seconds=self.deadline - time.monotonic())

    def _best_way(self, row: int) -> Way | None:
        """The best opening or way with one move; with two where there is neither. Only openings when time is over."""
        scene, best, late = self.scene, Best(1, by_host), time.monotonic() > self.deadline
        cells = scene.grid(row)
        direct(scene, row, cells, best)
        if self.most_moves and not late and (not best.found or self._with_way(best) < self._bound(1)):
            after_one_move(scene, row, cells, best)
        if self.most_moves > 1 and not late and not best.found:
            after_two_moves(scene, row, cells, best)
        return next(iter(best.ways), None)

    def _with_way(self, best: Best) -> int:
        """What the objective would change by with the best way so far."""
        return self.change + LEFT_OUT + best.enough

    def _bound(self, least: int) -> int:
        """The most the objective can change by with at least so many moves."""
        scene, movers = self.scene, self.scene.movers
        most = self.most_moves * len(self.rows)
        if min(most, len(movers)) < least:
            return NOTHING
        table, hosts = scene.table, scene.draft.hosts[movers]
        relief = scene.openings.costs[np.maximum(scene.openings.number[hosts] - 1, 0)]
        gains = (
            table.scores(slice(None)).max(axis=1)[movers] - table.score(movers, hosts) + relief - scene.price[movers]
        )
        gains = np.sort(gains)[::-1]
        more = gains[least:most]
        tops = sum(self._top(row) for row in self.waiting)
        return self.change + tops + int(gains[:least].sum() + more[more > 0].sum())

    def _top(self, row: int) -> int:
        """The most a seeker can bring, whoever moves."""
        hosts = (self.scene.grid(row) & self.scene.openings.still).any(axis=1)
        return max(LEFT_OUT + int(self.scene.scores(row)[hosts].max(initial=-LEFT_OUT)), 0)

    def settle(self, found: list[tuple[int, int, int]]) -> None:
        """Take over the rows of a program: new places and moves."""
        moved = [one for one in found if self.scene.draft.hosts[one[0]] >= 0]
        for row, _host, _day in moved:
            self._lift(row)
        for row, host, day in moved:
            self._put_mover(row, host, day)
        for row, host, day in found:
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
        left_out = reasons(scene.table, scene.draft, self.waiting)
        return Repair(placed, tuple(self.moves), left_out, self.change, round(time.monotonic() - started, 3))


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
