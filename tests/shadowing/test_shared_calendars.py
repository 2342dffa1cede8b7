"""Real calendar files of many programs: what each must come to, worked out by hand."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from shadowing.availability.errors import NotACalendar
from shadowing.availability.ics import busy_days

CASES = [  # file, zone, span, least minutes, days, how many notes
    ("allenporter_apple_ical.ics", "America/Los_Angeles", 2022, 60, 111, 0),  # two series, one without end
    ("allenporter_apple_ical.ics", "America/Los_Angeles", 2023, 120, 5, 0),  # two whole-day trips
    ("allenporter_google_calendar_public_holidays.ics", "UTC", 2022, 1, 0, 0),  # all of it transparent
    ("allenporter_office_356_custom_timezone.ics", "Europe/Warsaw", 2025, 60, 25, 0),  # every other Tuesday but one
    ("allenporter_office_356_custom_timezone.ics", "Europe/Warsaw", 2025, 61, 0, 0),
    ("allenporter_office_360_nz_tz.ics", "Pacific/Auckland", 2025, 30, 10, 0),
    ("collective_issue_165_missing_event.ics", "Europe/Berlin", 2015, 30, 14, 1),  # its rule has blanks
    ("collective_multiple_calendar_components.ics", "UTC", 2003, 120, 2, 0),
    ("collective_period_with_timezone.ics", "America/Vancouver", 2023, 120, 4, 0),
    ("collective_period_with_timezone.ics", "America/Vancouver", 2023, 121, 1, 0),  # the longer period of the RDATE
    ("collective_period_with_timezone.ics", "America/Vancouver", 2024, 120, 5, 0),
    ("node-ical_Office-2012-owa.ics", "America/New_York", 2020, 90, 19, 0),
    ("node-ical_exchange_whole_day_moved_recurrence.ics", "Europe/Berlin", 2026, 1, 0, 0),  # free, the moved one too
    ("node-ical_festival-multiday-rrule.ics", "Europe/Helsinki", 2011, 120, 4, 0),
    ("node-ical_google-calendar-kiev-tz.ics", "Europe/Kyiv", 2016, 60, 4, 0),
    ("node-ical_ms_timezones.ics", "America/Los_Angeles", 2020, 60, 1, 1),  # a quote in the wrong place
    ("node-ical_ms_timezones.ics", "Europe/Berlin", 2020, 30, 2, 1),
    ("node-ical_tentative-apple-calendar.ics", "America/Vancouver", 2022, 50, 3, 0),  # tentative counts, cancelled not
    ("node-ical_utf8-french-calendar.ics", "Europe/Paris", 2013, 1, 0, 0),  # to-dos only
]  # fmt: skip


def read(folder, name, zone, first, last, minutes=120):
    content = (folder / name).read_bytes()
    return busy_days(content, zone=ZoneInfo(zone), first=first, last=last, busy_minutes=minutes)


@pytest.mark.parametrize(("name", "zone", "year", "minutes", "days", "notes"), CASES)
def test_days_of_a_year(shared_calendars, name, zone, year, minutes, days, notes):
    found = read(shared_calendars, name, zone, date(year, 1, 1), date(year, 12, 31), minutes)
    assert (len(found.days), len(found.ignored)) == (days, notes), [str(day) for day in found.days]


def test_the_days_of_a_festival(shared_calendars):
    found = read(shared_calendars, "node-ical_festival-multiday-rrule.ics", "UTC", date(2011, 1, 1), date(2013, 12, 31))
    assert found.days == [date(2011, 8, 4) + timedelta(days=shift) for shift in range(4)]


def test_busy_periods_of_a_mail_server(shared_calendars):
    name = "node-ical_vfreebusy-zimbra.ics"
    found = read(shared_calendars, name, "America/Vancouver", date(2014, 4, 1), date(2014, 7, 31))
    assert [str(day) for day in found.days] == [
        "2014-04-16", "2014-04-23", "2014-04-24", "2014-04-25", "2014-04-28", "2014-04-29",
        "2014-05-01",
    ]  # fmt: skip


def test_display_names_of_zones(shared_calendars):
    name = "node-ical_Office-2012-owa.ics"
    found = read(shared_calendars, name, "Australia/Sydney", date(2020, 10, 28), date(2020, 10, 28), 90)
    assert found.days == [date(2020, 10, 28)]
    assert read(shared_calendars, name, "America/New_York", date(2020, 11, 2), date(2020, 11, 2), 90).days


@pytest.mark.parametrize("name", ["collective_big_bad_calendar.ics", "uk_bank-holidays.json"])
def test_what_is_no_readable_calendar_is_refused(shared_calendars, name):
    with pytest.raises(NotACalendar):
        read(shared_calendars, name, "UTC", date(2020, 1, 1), date(2021, 1, 1))


def test_every_file_has_a_case(shared_calendars):
    special = {"collective_big_bad_calendar.ics", "node-ical_vfreebusy-zimbra.ics"}
    assert {path.name for path in shared_calendars.glob("*.ics")} == {case[0] for case in CASES} | special
