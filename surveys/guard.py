"""The release guard: does a release make any single answer certain to somebody who kept every earlier figure?

A batch is what one release adds. Its members are strangers to each other, so one answer becomes certain exactly when all
answers of a batch must be equal. For shares that is decided by walking every sequence of counts that would have shown the
same figures; for scales and choices the guard is stricter and lets no batch of equal answers through.
"""

from __future__ import annotations

from collections.abc import Sequence

from surveys.coding import SMALL, Coded, coded_share


def share_is_safe(batches: Sequence[tuple[int, int]], *, exact: bool = False) -> bool:
    """``batches``: (answers, yes) of each release so far, the new one last. ``exact``: assume that the counts behind the
    figures are known, because they follow from a total shown elsewhere."""
    sizes = [answers for answers, _ in batches]
    shown = [_shown(answers, yes, exact) for answers, yes in _running(batches)]
    for position, size in enumerate(sizes):
        if size and _possible_counts(sizes, shown, position, exact) in ({0}, {size}):
            return False
    return True


def values_are_safe(values: Sequence[object]) -> bool:
    """No answers, or at least two different ones among those a batch adds to one question."""
    return len(values) == 0 or len(set(values)) > 1


def _running(batches: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    sums: list[tuple[int, int]] = []
    for answers, yes in batches:
        before = sums[-1] if sums else (0, 0)
        sums.append((before[0] + answers, before[1] + yes))
    return sums


def _shown(answers: int, yes: int, exact: bool) -> Coded | int | None:
    if answers == 0:
        return None
    return yes if exact else coded_share(answers, yes)


def _possible_counts(sizes: Sequence[int], shown: Sequence[object], position: int, exact: bool) -> set[int]:
    """Every number of yes that the batch at ``position`` can hold, given all figures shown."""
    before = _reachable(sizes, shown, exact)
    answers = sum(sizes[: position + 1])
    found = set()
    for yes in before[position + 1]:
        for added in range(sizes[position] + 1):
            if yes - added in before[position] and _continues(sizes, shown, position, yes, answers, exact):
                found.add(added)
    return found


def _reachable(sizes: Sequence[int], shown: Sequence[object], exact: bool) -> list[set[int]]:
    """Counts of yes reachable after each batch, the start first."""
    sets, answers = [{0}], 0
    for size, figure in zip(sizes, shown, strict=True):
        answers += size
        step = {yes + added for yes in sets[-1] for added in range(size + 1)}
        sets.append({yes for yes in step if _shown(answers, yes, exact) == figure})
    return sets


def _continues(
    sizes: Sequence[int], shown: Sequence[object], position: int, yes: int, answers: int, exact: bool
) -> bool:
    """Can the later figures still come out when this many said yes up to here?"""
    reached = {yes}
    for size, figure in zip(sizes[position + 1 :], shown[position + 1 :], strict=True):
        answers += size
        step = {count + added for count in reached for added in range(size + 1)}
        reached = {count for count in step if _shown(answers, count, exact) == figure}
    return bool(reached)


def counts_follow_from_total(*, cells: int, total_answers: int) -> bool:
    """With several cells and a total that tells its parts, a cell's exact count follows by subtraction."""
    return cells > 1 and total_answers >= SMALL
