"""How small results are shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.coding import coded_count, coded_mean, coded_share


@pytest.mark.parametrize(("answers", "shown"), [(5, "5+"), (9, "5+"), (10, "10+"), (19, "10+"), (20, "20")])
def test_counts_are_blurred_under_twenty(answers, shown):
    assert coded_count(answers) == shown


@pytest.mark.parametrize(
    ("answers", "yes", "text", "numerator"),
    [
        (5, 5, "≥\u00a090\u00a0%", None),
        (7, 4, "60\u00a0%", None),
        (12, 0, "≤\u00a010\u00a0%", None),
        (50, 47, "94\u00a0%", 47),
        (50, 50, "≥\u00a095\u00a0%", None),
        (50, 48, "≥\u00a095\u00a0%", None),
        (40, 0, "≤\u00a05\u00a0%", None),
    ],
)
def test_shares_tell_their_parts_only_when_they_are_many(answers, yes, text, numerator):
    coded = coded_share(answers, yes)

    assert (coded.text, coded.numerator) == (text, numerator)


@pytest.mark.parametrize(
    ("answers", "total", "text"),
    [
        (5, 25, "≥\u00a04.5"),
        (5, 5, "≤\u00a01.5"),
        (10, 33, "3.5"),
        (30, 97, "3.25"),
        (60, 212, "3.5"),
        (60, 218, "3.6"),
    ],
)
def test_means_come_in_steps(answers, total, text):
    assert coded_mean(answers, total).text == text


@given(st.integers(5, 400), st.data())
def test_unanimous_answers_always_look_like_some_that_are_not(answers, data):
    """Given n answers all of one kind; when shown; then from 20 on a count that is not unanimous shows the same."""
    yes = data.draw(st.sampled_from([0, answers]))
    other = answers - 1 if yes else 1

    if answers >= 20:
        assert coded_share(answers, yes) == coded_share(answers, other)
