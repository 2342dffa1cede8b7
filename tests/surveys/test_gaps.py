"""Gaps from coded figures: values, directions, ends, averages, words. No database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.alignment import words
from surveys.alignment.items import Item, Side, by_gap, themes_of
from surveys.alignment.values import SCALES, Value, average, band, difference, gap_between, value_of
from surveys.coding import Precision, coded_mean, coded_share
from surveys.figures import Shown

SCALE = SCALES["scale5"]


def side(mean, answers=40):
    """A side whose mean is this, coded as pages show it; None: hidden."""
    if mean is None:
        return Side(asked=True, text="Asked.")
    return Side(asked=True, text="Asked.", shown=Shown(coded_mean(answers, mean * answers)))


def item(executives, front_line, *, key="one", section="tools", position=0, earlier=None, kind="scale5"):
    return Item(key, kind, section, section.capitalize(), side(executives), side(front_line), position, earlier)


@pytest.mark.parametrize(
    ("executives", "front_line", "text", "size"),
    [
        (4.0, 2.0, "2", 2),
        (4.0, 3.5, "0.5", 1),
        (3.25, 3.0, "0.25", 0),
        (2.0, 3.0, "−1", -2),
        (4.9, 2.0, "≥\u00a02.5", 2),
        (4.9, 1.0, "≥\u00a03", 2),
        (1.0, 4.9, "≤\u00a0−3", -2),
        (3.0, 4.9, "≤\u00a0−1.5", -2),
        (4.9, 4.8, "about 0", 0),
        (3.0, 3.0, "0", 0),
    ],
)
def test_a_gap_is_the_difference_of_what_is_shown_and_says_where_an_end_leaves_it_open(
    executives, front_line, text, size
):
    one = item(executives, front_line)

    assert one.gap.text == text
    assert one.band == size


def test_no_gap_without_both_sides():
    assert item(4, None).gap is None
    assert item(None, 2).gap is None
    assert words.missing(item(4, None), 5) == "hidden: fewer than 5 answers of the front line are released"
    assert words.missing(item(None, 2), 5) == "hidden: fewer than 5 executives’ answers are released"
    assert words.missing(Item("one", "scale5", "", "", Side(), side(3)), 5) == "executives were not asked"
    assert words.missing(Item("one", "scale5", "", "", side(3), Side()), 5) == "the front line was not asked"
    assert words.missing(item(4, 2), 5) == ""


def test_largest_gaps_first_whichever_side_is_brighter_and_hidden_ones_last():
    items = [item(3, 3, key="same"), item(4, None, key="hidden"), item(2, 4, key="darker"), item(4, 3, key="brighter")]

    assert [one.key for one in by_gap(items)] == ["darker", "brighter", "same", "hidden"]


def test_gaps_of_different_scales_are_compared_by_their_share_of_the_scale():
    yes = Shown(coded_share(40, 30)), Shown(coded_share(40, 20))  # 25 points of 100
    shares = Item("share", "yesno", "", "", Side(True, "", yes[0]), Side(True, "", yes[1]))  # noqa: FBT003

    assert [one.key for one in by_gap([item(3.5, 3, key="half"), shares, item(4, 2, key="two")])] == [
        "two",
        "share",
        "half",
    ]
    assert shares.gap.text == "25"
    assert shares.band == 2


def test_equal_gaps_keep_the_order_of_the_questionnaire():
    items = [item(4, 3, key=key, position=place) for place, key in enumerate("abc")]

    assert [one.key for one in by_gap(reversed(items))] == ["a", "b", "c"]


def test_a_theme_is_the_average_of_what_is_shown_of_its_questions():
    items = [item(4, 2), item(3.5, 3, key="two"), item(4, None, key="three"), item(3, 3, key="x", section="routing")]

    tools, routing = themes_of(items)

    assert (tools.name, tools.executives.text, tools.front_line.text, tools.gap.text) == ("Tools", "3.8", "2.5", "1.3")
    assert (len(tools.items), tools.of) == (2, 3)
    assert (routing.name, routing.gap.text) == ("Routing", "0")


def test_a_theme_with_nothing_to_compare_is_left_out():
    assert themes_of([item(4, None), item(None, 2, key="two"), item(4, 2, key="three", section="")]) == []


def test_an_average_with_an_end_in_it_says_so():
    assert average([Value(4.5, more=True), Value(3)], SCALE).text == "≥\u00a03.8"


@pytest.mark.parametrize(
    ("before", "now", "text"),
    [
        ((4, 2), (3.5, 2.5), "1 smaller"),
        ((4, 3), (4, 2.5), "0.5 wider"),
        ((4, 3), (3.5, 2.5), "same"),
        ((4, 3), (3, 4), "turned round"),
        ((3, 4), (3.5, 4), "0.5 smaller"),
        ((4.9, 2), (4, 3), "smaller"),
        ((4, 3.5), (4.9, 2), "wider"),
        ((4, None), (4, 2), "cannot be told: one of them is hidden"),
        ((4, 2), (None, 2), "cannot be told: one of them is hidden"),
        (None, (4, 2), "not asked then"),
    ],
)
def test_how_a_gap_moved(before, now, text):
    assert words.change(item(*now, earlier=item(*before) if before else None)) == text


@pytest.mark.parametrize(
    ("pairs", "text"),
    [
        ([], "There is no gap to show yet"),
        ([(None, 3)], "There is no gap to show yet"),
        ([(3, 3), (3.25, 3)], "Executives and the front line see it much the same"),
        ([(4, 2), (4, 3), (3, 3)], "Executives see it brighter, most of all on “Tools”"),
        ([(2, 4)], "The front line sees it brighter, most of all on “Tools”"),
        ([(2, 4), (4, 2)], "Apart both ways: executives see 1 brighter, the front line 1"),
    ],
)
def test_the_finding(pairs, text):
    items = [item(*pair, key=str(place)) for place, pair in enumerate(pairs)]

    assert words.finding(items, themes_of(items)) == text


def test_the_finding_names_the_question_where_there_are_no_themes():
    items = [item(4, 2, section="")]

    assert words.finding(items, themes_of(items)) == "Executives see it brighter, most of all on “Asked”"


def test_how_many_gaps_got_smaller():
    items = [item(4, 3, earlier=item(4, 2)), item(4, 2, key="two", earlier=item(4, 2)), item(4, 2, key="new")]

    assert words.improved(items) == "1 of 2 gaps got smaller"
    assert words.improved(items[2:]) == ""


def test_questions_for_the_meeting_follow_the_direction():
    asked = {words.question_for(item(*pair)) for pair in ((4, 2), (2, 4), (3, 3))}

    assert len(asked) == 3
    assert len(words.meeting_questions()) == 3


@pytest.mark.parametrize(
    ("before", "now", "text"),
    [(3, 3.5, "0.5 higher"), (3.5, 3, "0.5 lower"), (3, 3, "same"), (3, 4.9, "higher"), (4.9, 3, "lower")],
)
def test_a_figure_against_the_season_before(before, now, text):
    assert difference(value_of(coded_mean(40, before * 40)), value_of(coded_mean(40, now * 40))) == text


answers = st.tuples(st.integers(5, 90), st.integers(5, 90)).flatmap(
    lambda sizes: st.tuples(*(st.lists(st.integers(1, 5), min_size=n, max_size=n) for n in sizes))
)


@given(answers, answers)
def test_a_gap_tells_nothing_that_the_two_figures_do_not(one, other):
    """Two programs that show the same figures show the same gap, whatever was answered."""

    def shown(program):
        coded = [coded_mean(len(side), sum(side), precision=Precision.COARSE) for side in program]
        return [each.text for each in coded], gap_between(*map(value_of, coded))

    texts, gap = shown(one)
    other_texts, other_gap = shown(other)
    if texts == other_texts:
        assert gap == other_gap
    assert band(gap, SCALE) in range(-2, 3)
