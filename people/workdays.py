"""Which dates people work on: weekends and public holidays by country (ISO 3166-1) and subdivision.

The one place that knows the holidays library; reminders, invitations and visit days all ask here.
"""

from __future__ import annotations

import functools
from datetime import date, timedelta

import holidays

SATURDAY = 5
MOST_DAYS_AHEAD = 3660


def is_known_country(country: str, subdivision: str = "") -> bool:
    """Whether public holidays are known for this country and subdivision (empty: the country's)."""
    known = holidays.list_supported_countries(include_aliases=True)
    return country in known and (not subdivision or subdivision in known[country])


def holiday_name(day: date, *, country: str, subdivision: str = "") -> str:
    """The public holiday on that date, empty where there is none or nothing is known of the country."""
    return _holidays(country, subdivision, day.year).get(day, "")


def is_working_day(day: date, *, country: str = "", subdivision: str = "") -> bool:
    """Whether it is neither a weekend nor a public holiday. Without a country only weekends are known."""
    return day.weekday() < SATURDAY and not holiday_name(day, country=country, subdivision=subdivision)


def add_working_days(day: date, count: int, *, country: str = "", subdivision: str = "") -> date:
    """The working day ``count`` working days after ``day`` (before it, when negative). Zero gives ``day`` itself."""
    step, left = (1 if count > 0 else -1), abs(count)
    for _try in range(MOST_DAYS_AHEAD):
        if not left:
            break
        day += timedelta(days=step)
        left -= is_working_day(day, country=country, subdivision=subdivision)
    return day


def working_days_between(first: date, last: date, *, country: str = "", subdivision: str = "") -> int:
    """How many working days lie after ``first`` up to and with ``last``; negative when ``last`` is earlier."""
    if last < first:
        return -working_days_between(last, first, country=country, subdivision=subdivision)
    span = (first + timedelta(days=shift) for shift in range(1, (last - first).days + 1))
    return sum(is_working_day(day, country=country, subdivision=subdivision) for day in span)


@functools.lru_cache(maxsize=512)
def _holidays(country: str, subdivision: str, year: int) -> dict[date, str]:
    """Public holidays of one year. Unknown subdivisions count as the country, unknown countries have none."""
    if not is_known_country(country):
        return {}
    place = subdivision if is_known_country(country, subdivision) else None
    return dict(holidays.country_holidays(country, subdiv=place or None, years=year))
