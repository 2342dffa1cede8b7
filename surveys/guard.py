"""The release guard: would anybody's answer become certain to somebody who kept every figure?

The attacker it has in mind knows who is in each release, took part and knows their own answers, kept every figure that was
ever shown, and knows this code. People released together in one cell are a *batch*; nothing distinguishes them. So an
answer becomes certain only where (nearly) a whole batch must have given the same one. A batch is safe when

* at least two of its people answered otherwise than most of it, or
* as many could have: they could have answered otherwise, or exchanged their answers with people of other batches, and every
  figure, the earlier ones too, would read exactly as it does.

Two, not one: somebody who knows that they alone said no must not learn that all the others said yes; and the imagined
batch must be one that the guard lets through as well, or its very consent would tell. Why that is enough: docs/privacy.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from surveys.coding import Precision
from surveys.families import Family, Given

Batch = tuple[int, int]  # cell, number of the release
People = Mapping[Batch, Mapping[Given, int]]  # how many people of a batch gave which answers
Code = Callable[[Sequence[Mapping[Given, int]], Precision], Hashable]  # what is read, from people by cell
OTHERWISE = 2


@dataclass(frozen=True)
class Told:
    """A figure that was, is, or would be shown: the batches it counts, and how finely."""

    batches: frozenset[Batch]
    precision: Precision = Precision.OPEN


@dataclass(frozen=True)
class Move:
    """Somebody of ``batch`` answers ``then`` instead of ``now``, and somebody of ``other``, if any, the other way round."""

    batch: Batch
    now: Given
    then: Given
    other: Batch | None = None

    def changes(self) -> Iterator[tuple[Batch, Given, int]]:
        yield from ((self.batch, self.now, -1), (self.batch, self.then, 1))
        if self.other:
            yield from ((self.other, self.then, -1), (self.other, self.now, 1))


def revealing(family: Family, people: People, told: Sequence[Told], code: Code) -> set[Batch]:
    """The batches in which somebody's answer to a question of the family would be certain."""
    shown = _Shown(people, told, code)
    return {batch for aspect in family.aspects() for batch in people if not _is_safe(family, aspect, batch, shown)}


def _is_safe(family: Family, aspect: Callable[[Given], Hashable], batch: Batch, shown: _Shown) -> bool:
    counts: Counter[Hashable] = Counter()
    for given, n in shown.people[batch].items():
        counts[aspect(given)] += n
    usual, most = max(counts.items(), key=lambda item: (item[1], str(item[0])))
    missing = OTHERWISE - (sum(counts.values()) - most)
    if missing <= 0:
        return True
    made: list[Move] = []
    for move in _moves(family, aspect, batch, usual, shown.people):
        while len(made) < missing and shown.reads_the_same([move]) and shown.reads_the_same([*made, move]):
            made.append(move)
    return len(made) == missing


def _moves(
    family: Family, aspect: Callable[[Given], Hashable], batch: Batch, usual: Hashable, people: People
) -> Iterator[Move]:
    """Every way for one more of the batch to have answered otherwise, the likeliest to stay unseen first."""
    holders = [given for given in people[batch] if aspect(given) == usual]
    holders.sort(key=lambda given: (-people[batch][given], str(given)))
    for given in holders:
        yield from (Move(batch, given, then) for then in family.others(given) if aspect(then) != usual)
    near = sorted(people, key=lambda other: (other[0] != batch[0], abs(other[1] - batch[1]), other))
    for other in near:
        if other != batch:
            for then in people[other]:
                if aspect(then) != usual:
                    yield from (Move(batch, given, then, other) for given in holders)


class _Shown:
    """Every figure told, and whether imagined answers would have shown the same."""

    def __init__(self, people: People, told: Sequence[Told], code: Code) -> None:
        self.people, self.code = people, code
        self._cells = [(figure, _by_cell(figure, people)) for figure in told]
        self._read = [code(list(cells.values()), figure.precision) for figure, cells in self._cells]

    def reads_the_same(self, moves: Sequence[Move]) -> bool:
        """No figure changes, and nobody moves twice."""
        changes: dict[Batch, Counter[Given]] = {}
        for move in moves:
            for batch, given, n in move.changes():
                changes.setdefault(batch, Counter())[given] += n
        if any(self.people[batch].get(given, 0) + n < 0 for batch in changes for given, n in changes[batch].items()):
            return False
        return all(
            self._after(figure, cells, changes) in (None, read)
            for (figure, cells), read in zip(self._cells, self._read, strict=True)
        )

    def _after(
        self, figure: Told, cells: Mapping[int, Counter[Given]], changes: Mapping[Batch, Counter[Given]]
    ) -> Hashable | None:
        """How the figure would read after the changes; None where they don't touch it."""
        changed: dict[int, Counter[Given]] = {}
        for batch in figure.batches & changes.keys():
            changed.setdefault(batch[0], Counter()).update(changes[batch])
        changed = {cell: delta for cell, delta in changed.items() if any(delta.values())}
        if not changed:
            return None
        return self.code([_plus(counts, changed.get(cell)) for cell, counts in cells.items()], figure.precision)


def _by_cell(figure: Told, people: People) -> dict[int, Counter[Given]]:
    found: dict[int, Counter[Given]] = {}
    for batch in sorted(figure.batches):
        found.setdefault(batch[0], Counter()).update(people[batch])
    return found


def _plus(counts: Counter[Given], delta: Counter[Given] | None) -> Counter[Given]:
    if delta is None:
        return counts
    changed = counts.copy()
    changed.update(delta)
    return changed
