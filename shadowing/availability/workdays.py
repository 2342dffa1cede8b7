"""On which dates a season's site takes visits. Dates are the site's own; holidays are those of people.workdays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol

from people.workdays import add_working_days, holiday_name, is_known_country, is_working_day, working_days_between

__all__ = (
    "add_working_days", "holiday_name", "is_known_country", "is_visit_day", "is_working_day", "visit_days",
    "working_days_between",
)  # fmt: skip


class HasCountry(Protocol):
    """A site, as far as its calendar goes."""

    @property
    def country(self) -> str: ...

    @property
    def subdivision(self) -> str: ...


class HasOpenDays(Protocol):
    """A season's site: dates it opens although they are weekends or holidays, in ISO."""

    @property
    def site(self) -> HasCountry: ...

    @property
    def open_days(self) -> Iterable[str]: ...


def is_visit_day(day: date, place: HasOpenDays) -> bool:
    """Whether the season's site takes visits on that date: a working day, or one it opens."""
    open_days = place.open_days
    return day.isoformat() in open_days or is_working_day(
        day, country=place.site.country, subdivision=place.site.subdivision
    )


def visit_days(place: HasOpenDays, *, first: date, last: date) -> list[date]:
    """The dates from ``first`` to ``last``, both included, on which the season's site takes visits."""
    span = (first + timedelta(days=shift) for shift in range((last - first).days + 1))
    return [day for day in span if is_visit_day(day, place)]
