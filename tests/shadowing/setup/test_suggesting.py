"""Dates and names for a copied season; parts of the day moved about."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowing.seasons.day_plan import add, blocks, move, remove
from shadowing.seasons.reminder_words import kinds, told
from shadowing.seasons.suggesting import Window, name_after, windows

OLD = Window(date(2026, 3, 2), date(2026, 3, 13))


def test_half_a_year_and_a_year_later_the_week_begins_on_the_same_day():
    half, year = windows(OLD, today=date(2026, 4, 1))
    assert half == Window(date(2026, 8, 31), date(2026, 9, 11))
    assert year == Window(date(2027, 3, 1), date(2027, 3, 12))


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 60), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_what_is_suggested_lies_ahead_and_is_as_long(start, days, today):
    old = Window(start, date.fromordinal(start.toordinal() + days))
    for window in windows(old, today=today):
        assert window.starts_on > today
        assert window.starts_on > old.starts_on
        assert window.starts_on.weekday() == old.starts_on.weekday()
        assert (window.ends_on - window.starts_on).days == days


@pytest.mark.parametrize(
    ("name", "shift", "new"),
    [
        ("Spring 2026", 1, "Spring 2027"),
        ("2026, first half", 1, "2027, first half"),
        ("Spring", 1, ""),
        ("Spring 2026", 0, ""),
    ],
)
def test_a_name_follows_its_year_where_the_time_of_year_is_the_same(name, shift, new):
    assert name_after(name, OLD, windows(OLD, today=date(2026, 4, 1))[shift]) == new


DAY = [
    {"kind": "briefing", "starts": "09:00", "minutes": "60"},
    {"kind": "floor", "starts": "10:30", "minutes": "120"},
    {"kind": "regroup", "starts": "12:30", "minutes": "30"},
]


def times(rows):
    return [(row["kind"], row["starts"]) for row in rows]


def test_exchanged_parts_fill_the_same_hours():
    assert times(move(DAY, 1, -1)) == [("floor", "09:00"), ("briefing", "11:30"), ("regroup", "12:30")]
    assert move(DAY, 0, 1) == move(DAY, 1, -1)
    assert move(DAY, 0, -1) == move(DAY, 2, 1) == DAY


def test_parts_are_added_at_the_end_and_removed():
    assert times(add(DAY))[-1] == ("floor", "13:00")
    assert times(add([])) == [("floor", "09:00")]
    assert times(remove(DAY, 1)) == [("briefing", "09:00"), ("regroup", "12:30")]


def test_the_drawing_shows_overlaps_and_gaps():
    drawn = blocks([DAY[0], DAY[1], {"kind": "regroup", "starts": "12:00", "minutes": "30"}])
    assert [(block.overlaps, block.gap) for block in drawn] == [(False, 0), (False, 30), (True, 0)]
    assert (
        blocks([{"kind": "floor", "starts": "99:99", "minutes": "1"}, {"kind": "floor", "starts": "", "minutes": ""}])
        == []
    )


ROWS = st.lists(
    st.fixed_dictionaries({
        "kind": st.just("floor"), "starts": st.text("0123456789:", max_size=5),
        "minutes": st.text("0123456789-", max_size=5),
    }),
    max_size=5,
)  # fmt: skip


@given(ROWS, st.integers(-1, 6), st.sampled_from([-1, 1]))
def test_nothing_typed_crashes_the_day(rows, place, step):
    moved = move(rows, place, step)
    assert sorted(row["minutes"] for row in moved) == sorted(row["minutes"] for row in rows)
    blocks(add(moved))


@pytest.mark.parametrize(
    ("name", "policy", "words"),
    [
        ("visit_coming", [-7, -1], "7 and 1 days before"),
        ("visit_coming", [-1], "1 day before"),
        ("visit_coming", [0], "on the day"),
        ("confirm_asked", [10, 0, 3], "at once, 3 and 10 days after"),
        ("confirm_asked", [0], "at once"),
        ("take_away_owed", [], "never"),
        ("update_due_every", 1, "every 1 day"),
    ],
)
def test_reminders_in_words(name, policy, words):
    kind = next(kind for kind in kinds() if kind.name == name)
    assert told(kind, policy) == words


def test_every_kind_of_reminder_has_its_words():
    assert [kind.name for kind in kinds() if not kind.hint] == []
