"""Working days and hours of one person, in their own zone, across clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from notifications.slots import Calendar, Slots, zone_named

ZONES = ["UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/St_Johns", "America/Sao_Paulo"]
ZONES += ["Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Apia", "Africa/Cairo"]


def slots(zone="UTC", *country):
    return Slots(ZoneInfo(zone), Calendar(*country))


def at(zone, *when):
    return datetime(*when, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("hour", "minute", "is_open"), [(7, 59, False), (8, 0, True), (12, 30, True), (17, 59, True), (18, 0, False)]
)
def test_open_from_eight_to_six_by_the_persons_clock(zone, hour, minute, is_open):
    assert slots(zone).open_at(at(zone, 2027, 3, 2, hour, minute)) is is_open


@pytest.mark.parametrize("zone", ZONES)
def test_every_hour_of_a_year_leads_to_eight_of_a_working_day(zone):
    """366 days × 24 hours: either now is open, or the next opening is the first 08:00 of a working day after it."""
    person = slots(zone, "US", "GA")
    hour = datetime(2027, 1, 1, tzinfo=UTC)
    while hour < datetime(2028, 1, 2, tzinfo=UTC):
        opening = person.next_open(hour)
        local = opening.astimezone(ZoneInfo(zone))
        assert person.open_at(opening)
        assert opening == hour or (local.hour, local.minute) == (8, 0)
        assert not any(
            person.open_at(hour + timedelta(hours=h)) for h in range(int((opening - hour) / timedelta(hours=1)))
        )
        hour += timedelta(hours=7)


@pytest.mark.parametrize(
    ("zone", "day", "utc_hour"),
    [
        ("Europe/Berlin", date(2027, 3, 26), 7),  # Friday before the clocks go forward
        ("Europe/Berlin", date(2027, 3, 30), 6),  # Tuesday after (Easter Monday lies between)
        ("Europe/Berlin", date(2027, 10, 29), 6),
        ("Europe/Berlin", date(2027, 11, 1), 7),
        ("America/New_York", date(2027, 3, 12), 13),
        ("America/New_York", date(2027, 3, 15), 12),
    ],
)
def test_eight_stays_eight_when_the_clocks_change(zone, day, utc_hour):
    opening = slots(zone).next_open(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)))

    assert opening == datetime(day.year, day.month, day.day, utc_hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("calendar", "day", "works"),
    [
        ((), date(2027, 3, 1), True),
        ((), date(2027, 3, 6), False),
        (("US", "GA"), date(2027, 7, 5), False),
        (("DE", "BE"), date(2027, 7, 5), True),
        (("DE", "BY"), date(2027, 1, 6), False),
        (("DE", "BE"), date(2027, 1, 6), True),
        (("DE", "NOWHERE"), date(2027, 1, 1), False),
        (("XX", "YY"), date(2027, 1, 1), True),
    ],
)
def test_working_days(calendar, day, works):
    assert Calendar(*calendar).works_on(day) is works


def test_what_falls_on_a_holiday_weekend_waits_for_tuesday():
    """Friday evening before the 5th of July, which Atlanta keeps on the Monday."""
    person = slots("America/New_York", "US", "GA")

    assert person.next_open(at("America/New_York", 2027, 7, 2, 18, 5)) == at("America/New_York", 2027, 7, 6, 8)


@pytest.mark.parametrize(
    ("today", "event", "last"),
    [
        (date(2027, 3, 5), date(2027, 3, 8), True),  # Friday, the event on Monday
        (date(2027, 3, 5), date(2027, 3, 9), False),  # Monday is still free
        (date(2027, 3, 4), date(2027, 3, 5), True),
        (date(2027, 3, 4), date(2027, 3, 8), False),
        (date(2027, 7, 2), date(2027, 7, 6), True),  # over a long weekend
    ],
)
def test_the_last_chance_before_an_event(today, event, last):
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)

    assert slots("UTC", "US", "GA").last_chance_before(event, noon, ZoneInfo("UTC")) is last


def test_an_unknown_zone_counts_as_utc():
    assert zone_named("Mars/Olympus") == zone_named("../etc") == ZoneInfo("UTC")
