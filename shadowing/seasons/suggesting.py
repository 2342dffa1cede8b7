"""What a season copied from an earlier one might be called, and when it might be. Pure: the clock is a parameter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

HALF, YEAR = timedelta(weeks=26), timedelta(weeks=52)  # whole weeks: a Monday stays a Monday


@dataclass(frozen=True)
class Window:
    """First and last day."""

    starts_on: date
    ends_on: date


def windows(earlier: Window, *, today: date) -> tuple[Window, Window]:
    """Half a year and a year after the earlier season, or as many years on as it takes to lie ahead of ``today``."""
    half, year = (_after(earlier, shift) for shift in (HALF, YEAR))
    while half.starts_on <= today:
        half = _after(half, YEAR)
    while year.starts_on <= today:
        year = _after(year, YEAR)
    return half, year


def _after(earlier: Window, shift: timedelta) -> Window:
    return Window(earlier.starts_on + shift, earlier.ends_on + shift)


def name_after(name: str, earlier: Window, new: Window) -> str:
    """ "Spring 2026" a year on is "Spring 2027"; empty where the old name would mislead."""
    same_time_of_year = abs(earlier.starts_on.timetuple().tm_yday - new.starts_on.timetuple().tm_yday) <= 31
    years = new.starts_on.year - earlier.starts_on.year
    found = re.search(r"\b(20\d\d)\b", name)
    if not (same_time_of_year and found and years):
        return ""
    return f"{name[: found.start()]}{int(found[1]) + years}{name[found.end() :]}"
