"""The guard against an exhaustive attacker: no released batch has one possible content."""

from hypothesis import given
from hypothesis import strategies as st

from surveys.coding import coded_share
from surveys.guard import share_is_safe, values_are_safe


def test_five_answers_that_are_all_yes_would_be_certain():
    assert not share_is_safe([(5, 5)])
    assert share_is_safe([(5, 4)])
    assert share_is_safe([(7, 7)])  # 6 of 7 shows the same


def test_a_question_nobody_answered_is_safe():
    assert share_is_safe([(0, 0)])
    assert values_are_safe([])


def test_known_counts_make_a_unanimous_batch_certain():
    assert share_is_safe([(8, 8)])
    assert not share_is_safe([(8, 8)], exact=True)


def test_a_later_release_can_give_an_earlier_batch_away():
    """47 of 60 and then 67 of 80 would say that all twenty new ones said yes."""
    assert not share_is_safe([(60, 47), (20, 20)])
    assert share_is_safe([(60, 47), (20, 19)])


def test_one_or_equal_values_are_never_released():
    assert not values_are_safe([(3, "")])
    assert not values_are_safe([(4, ""), (4, "")])
    assert values_are_safe([(4, ""), (5, "")])


batches = st.lists(
    st.integers(1, 8).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), min_size=1, max_size=3
)


@given(batches)
def test_the_guard_agrees_with_trying_every_world(history):
    """Given releases; when every combination of counts with the same figures is tried; then the guard says the same."""
    shown = _figures(history)
    worlds = [world for world in _worlds([size for size, _ in history]) if _figures(world) == shown]

    certain = any(
        all(world[i][1] == 0 for world in worlds) or all(world[i][1] == history[i][0] for world in worlds)
        for i in range(len(history))
    )

    assert share_is_safe(history) is not certain


def _figures(history):
    answers = yes = 0
    figures = []
    for size, added in history:
        answers, yes = answers + size, yes + added
        figures.append(coded_share(answers, yes))
    return figures


def _worlds(sizes):
    if not sizes:
        return [[]]
    return [[(sizes[0], yes), *rest] for yes in range(sizes[0] + 1) for rest in _worlds(sizes[1:])]
