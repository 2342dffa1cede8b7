"""How small results are shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.coding import Precision, coded_count, coded_mean, coded_share, stepped


@pytest.mark.parametrize(("answers", "shown"), [(5, "5+"), (9, "5+"), (10, "10+"), (19, "10+"), (20, "20")])
def test_counts_are_blurred_under_twenty(answers, shown):
    assert coded_count(answers) == shown


@pytest.mark.parametrize(
    ("answers", "yes", "text", "numerator"),
    [
        (5, 5, "≥\u00a080\u00a0%", None),
        (7, 4, "60\u00a0%", None),
        (12, 0, "≤\u00a020\u00a0%", None),
        (14, 12, "≥\u00a090\u00a0%", None),
        (30, 27, "≥\u00a090\u00a0%", None),
        (30, 26, "87\u00a0%", 26),
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


@pytest.mark.parametrize(
    ("precision", "text", "numerator"),
    [
        (Precision.OPEN, "60\u00a0%", None),
        (Precision.COARSE, "70\u00a0%", None),
        (Precision.EXACT, "66\u00a0%", 66),
        (Precision.PLAIN, "66\u00a0%", 66),
    ],
)
def test_shares_are_as_fine_as_may_be(precision, text, numerator):
    coded = coded_share(100, 66, precision)

    assert (coded.text, coded.numerator) == (text, numerator)


@given(st.integers(8, 400), st.sampled_from([p for p in Precision if p is not Precision.PLAIN]), st.booleans())
def test_all_look_like_all_but_one_and_all_but_two(answers, precision, most):
    """Given eight answers or more, all of one kind; then one or two others would have been shown the same."""
    shown = {coded_share(answers, answers - others if most else others, precision).text for others in (0, 1, 2)}

    assert len(shown) == 1


@given(st.integers(1, 400), st.sampled_from([10, 20]), st.data())
def test_steps_are_symmetrical_and_rise(answers, step, data):
    chosen = data.draw(st.integers(0, answers))

    assert stepped(answers, chosen, step) == 100 - stepped(answers, answers - chosen, step) or 2 * chosen == answers
    assert stepped(answers, chosen, step) >= stepped(answers, max(chosen - 1, 0), step)
