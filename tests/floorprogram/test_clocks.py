"""What a clock shows, day by day."""

from datetime import date, timedelta

import pytest

from floorprogram.clocks import Clock

TODAY = date(2027, 3, 10)


def clock(left, days=20, **more):
    return Clock.read(due=TODAY + timedelta(days=left), today=TODAY, days=days, **more)


def test_no_date_is_no_clock():
    assert Clock.read(due=None, today=TODAY) is None


@pytest.mark.parametrize(
    ("left", "tone", "used", "figure", "words"),
    [
        (20, "calm", 0, "20 d", "20 days left"),
        (5, "calm", 75, "5 d", "5 days left"),
        (4, "soon", 80, "4 d", "4 days left"),
        (1, "soon", 95, "1 d", "1 day left"),
        (0, "soon", 100, "today", "today"),
        (-1, "over", 100, "1 d", "1 day over"),
        (-30, "over", 100, "30 d", "30 days over"),
    ],
)
def test_a_clock_turns_soon_at_80_percent_and_over_only_after_its_day(left, tone, used, figure, words):
    reading = clock(left)

    assert (reading.tone, reading.used, reading.figure("x"), reading.words("x")) == (tone, used, figure, words)


def test_the_last_day_counts_as_soon_however_long_the_clock():
    assert clock(1, days=None, started=TODAY - timedelta(days=1)).tone == "soon"


def test_a_clock_on_hold_shows_its_date_and_is_never_late():
    reading = clock(-3, hold=True)

    assert (reading.tone, reading.figure("7 Mar"), reading.words("7 Mar")) == ("calm", "7 Mar", "on hold until 7 Mar")


def test_the_span_may_come_from_the_day_it_started():
    assert clock(5, days=None, started=TODAY - timedelta(days=5)).used == 50


def test_without_a_span_thirty_days_are_taken():
    assert clock(15, days=None).used == 50
