"""Working days of a site and the visit days of a season there."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from shadowing.availability import workdays


@dataclass
class Place:
    """A site of a season, as far as its days go."""

    country: str = ""
    subdivision: str = ""
    open_days: list[str] = field(default_factory=list)

    @property
    def site(self):
        return self


@pytest.mark.parametrize(
    ("day", "country", "subdivision", "working"),
    [
        (date(2027, 3, 1), "", "", True),
        (date(2027, 3, 6), "", "", False),
        (date(2027, 3, 7), "", "", False),
        (date(2027, 12, 24), "US", "", False),  # Christmas falls on a Saturday and is kept on the Friday
        (date(2027, 7, 5), "US", "GA", False),
        (date(2027, 7, 5), "DE", "BE", True),
        (date(2027, 1, 6), "DE", "BY", False),  # Epiphany: a holiday in Bavaria, not in Berlin
        (date(2027, 1, 6), "DE", "BE", True),
        (date(2027, 1, 6), "DE", "NOWHERE", True),
        (date(2027, 7, 5), "XX", "YY", True),
    ],
)
def test_working_days(day, country, subdivision, working):
    assert workdays.is_working_day(day, country=country, subdivision=subdivision) is working


def test_holidays_have_names():
    assert workdays.holiday_name(date(2027, 1, 1), country="GB", subdivision="ENG") == "New Year's Day"
    assert workdays.holiday_name(date(2027, 1, 2), country="GB", subdivision="ENG") == ""


def test_known_countries():
    assert workdays.is_known_country("US", "GA")
    assert workdays.is_known_country("PT")
    assert not workdays.is_known_country("US", "ZZ")
    assert not workdays.is_known_country("ZZ")


def test_visit_days_are_working_days_and_those_opened():
    place = Place("US", "GA", open_days=["2027-07-10"])
    days = workdays.visit_days(place, first=date(2027, 7, 1), last=date(2027, 7, 11))
    assert [day.day for day in days] == [1, 2, 6, 7, 8, 9, 10]


def test_a_holiday_can_be_opened():
    place = Place("US", "GA", open_days=["2027-07-05"])
    assert workdays.is_visit_day(date(2027, 7, 5), place)


def test_a_window_of_one_day():
    assert workdays.visit_days(Place(), first=date(2027, 3, 1), last=date(2027, 3, 1)) == [date(2027, 3, 1)]


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2027, 3, 1), 3, date(2027, 3, 4)),
        (date(2027, 3, 4), 3, date(2027, 3, 9)),
        (date(2027, 3, 6), 1, date(2027, 3, 8)),
        (date(2027, 3, 8), -5, date(2027, 3, 1)),
        (date(2027, 3, 7), -1, date(2027, 3, 5)),
        (date(2027, 3, 6), 0, date(2027, 3, 6)),
    ],
)
def test_adding_working_days(start, count, end):
    assert workdays.add_working_days(start, count) == end


def test_adding_working_days_passes_over_holidays():
    assert workdays.add_working_days(date(2027, 7, 2), 1, country="US", subdivision="GA") == date(2027, 7, 6)


def test_working_days_between():
    assert workdays.working_days_between(date(2027, 3, 5), date(2027, 3, 8)) == 1
    assert workdays.working_days_between(date(2027, 3, 8), date(2027, 3, 5)) == -1
    assert workdays.working_days_between(date(2027, 3, 8), date(2027, 3, 8)) == 0
