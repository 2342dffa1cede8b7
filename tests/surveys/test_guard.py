"""The guard, against an attacker who knows who is in each release, what they answered themselves, and the guard's code."""

import itertools
from collections import Counter, defaultdict

import pytest

from surveys import guard
from surveys.coding import Precision
from surveys.families import families_of, given_by
from surveys.figures import Thresholds, total_figure
from surveys.histories import NEW, History, told_of
from surveys.models import Question

LEAST = Thresholds(5, 8)


def question(pk=1, kind="yesno", *, required=True, options=(), shown_if=None):
    listed = [{"key": key, "texts": {"en": key}} for key in options]
    return Question(pk=pk, key=f"q{pk}", type=kind, required=required, options=listed, shown_if=shown_if or {})


YES_NO = families_of([question()])


def history(counts, families=YES_NO):
    """``counts``: (cell, number) → Counter of what people answered to the one family there is."""
    return History(families, [counts], [LEAST])


def said(yes, no):
    return Counter({given: n for given, n in (((1,), yes), ((0,), no)) if n})


def refused(*batches, settled):
    """Yes and no of each release of one cell."""
    return history({(1, number): said(*counts) for number, counts in enumerate(batches, 1)}).revealing(settled=settled)


@pytest.mark.parametrize(
    ("yes", "no", "safe"),
    [
        (5, 0, False),
        (4, 1, False),
        (3, 2, True),
        (7, 1, True),
        (8, 0, True),
        (29, 1, True),
        (30, 0, True),
        (28, 2, True),
    ],
)
def test_one_release_of_everybody(yes, no, safe):
    """From eight on, "nearly all" covers all, all but one and all but two, so even the one learns nothing."""
    assert (not refused((yes, no), settled=True)) is safe


def test_a_last_release_can_give_its_people_away():
    """While open, 60 % stands for 50 to 70 %. Exactly 21 of 35 later, and 9 or more of the first thirty said no: fine, while
    with 26 of 35 the last five must all have said yes."""
    assert not refused((18, 12), (5, 0), settled=True)
    assert refused((20, 10), (5, 0), settled=True) or refused((21, 9), (5, 0), settled=True)


def test_a_cell_is_refused_where_the_whole_minus_the_others_tells_it():
    """Two sites and an exact whole: what is shown of the other site leaves no room."""
    many = {(1, NEW): said(20, 0), (2, NEW): said(14, 6)}
    tight = [no for no in range(21) if history(many | {(2, NEW): said(20 - no, no)}).revealing(settled=True)]

    assert tight
    assert all(history(many | {(2, NEW): said(20 - no, no)}).revealing(settled=True) == {(1, NEW)} for no in tight)


def test_each_option_of_some_of_is_guarded():
    families = families_of([question(kind="some", options=("a", "b", "c"))])
    answers = [frozenset(each) for each in ("a", "ab", "ac", "abc", "a", "ab", "a", "abc", "a", "ac", "a", "ab")]
    mixed = [*answers[:10], frozenset("b"), frozenset("c")]

    assert history({(1, 1): Counter((each,) for each in answers)}, families).revealing(settled=True)
    assert not history({(1, 1): Counter((each,) for each in mixed)}, families).revealing(settled=True)


def test_imagined_answers_follow_skip_logic():
    """Whoever says no is asked why: nobody is imagined to have said no without a reason."""
    parent, child = question(1), question(2, "one", options=("x", "y"), shown_if={"question": "q1", "is": 0})
    (family,) = families_of([parent, child])

    assert set(family.others((1, None))) == {(0, "x"), (0, "y")}
    assert (1, None) in set(family.others((0, "x")))
    assert all(given == (1, None) or given[1] for given in family.others((0, "x")))


def test_families_are_questions_that_depend_on_each_other():
    texts = question(3, "text", required=False)
    child = question(2, "some", options=("x", "y"), shown_if={"question": "q1", "is": 1}, required=False)
    grandchild = question(4, "text", shown_if={"question": "q2", "is": "x"})
    (family,) = families_of([question(1), child, texts, grandchild])

    assert [each.key for each in family.questions] == ["q1", "q2", "q4"]
    rows = [(1, 1, ""), (2, None, "x"), (2, None, "y"), (4, None, ""), (3, None, "")]
    assert given_by(family, rows) == (1, frozenset("xy"), "wrote")
    assert family.counts({(1, frozenset("xy"), "wrote"): 3}, 1) == {"x": 3, "y": 3, "": 3}


PROGRAMS = [
    [(1, NEW, 5)],
    [(1, NEW, 8)],
    [(1, NEW, 13)],
    [(1, NEW, 21)],
    [(1, NEW, 40)],
    [(1, 1, 30), (1, NEW, 5)],
    [(1, 1, 30), (1, NEW, 12)],
    [(1, NEW, 10), (2, NEW, 10)],
    [(1, NEW, 12), (2, NEW, 21)],
]


@pytest.mark.parametrize("sizes", PROGRAMS, ids=str)
def test_what_is_told_has_no_single_explanation_not_even_for_who_knows_the_guard(sizes):
    """Given every possible program of this size; when those that look alike, consent of the guard included, are put side by
    side; then nobody's answer is the same in all of them, whatever one person knows about their own."""
    alike = defaultdict(list)
    for world in itertools.product(*(range(size + 1) for _, _, size in sizes)):
        alike[looks(sizes, world)].append(world)
    alike.pop(None, None)

    assert alike
    for worlds in alike.values():
        assert not list(certain(sizes, worlds)), worlds


def looks(sizes, world):
    """What everybody reads, or None where something is refused. ``world``: how many said no in each release."""
    counts = {(cell, number): said(size - no, no) for (cell, number, size), no in zip(sizes, world, strict=True)}
    early = {batch: given for batch, given in counts.items() if batch[1] != NEW}
    if any(history({b: early[b] for b in early if b[0] == cell}).revealing(settled=False) for cell, _ in early):
        return None
    if history(counts).revealing(settled=True):
        return None
    return tuple(read(counts, told) for told in told_of(counts, settled=True))


def read(counts, told):
    cells = defaultdict(Counter)
    for batch in told.batches:
        cells[batch[0]].update(counts[batch])
    counted = [YES_NO[0].counts(cell, 0) for cell in cells.values()]
    return told.batches, total_figure(YES_NO[0].questions[0], counted, LEAST, told.precision)


def certain(sizes, worlds):
    """(release, insider's release, insider's answer) where all others of the release must have said the same."""
    for about, (_, _, size) in enumerate(sizes):
        for insider, (_, _, theirs) in enumerate(sizes):
            for own in (None, 0, 1):
                held = [w for w in worlds if own is None or (w[insider] if own else theirs - w[insider])]
                ours = own is not None and insider == about
                rest = {w[about] - (own if ours else 0) for w in held}
                if rest in ({0}, {size - ours}):
                    yield about, insider, own


def test_moves_never_use_one_person_twice():
    people = {(1, 1): said(5, 0), (1, 2): said(4, 1)}
    told = [guard.Told(frozenset(people), Precision.OPEN)]
    shown = guard._Shown(people, told, lambda cells, precision: 0)
    move = guard.Move((1, 1), (1,), (0,), (1, 2))

    assert shown.reads_the_same([move])
    assert not shown.reads_the_same([move, move])
