"""The days on which a calendar file leaves no time for a visit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from shadowing.availability.bounds import Budget
from shadowing.availability.errors import NotACalendar
from shadowing.availability.expand import Busy, collect_busy
from shadowing.availability.lines import read_calendars
from shadowing.availability.parts import Ignored, read_parts

BUSY_MINUTES = 120
DAY_OPENS, DAY_CLOSES = time(8), time(18)
MONTHS_AHEAD = 18
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)  # a daily rule all the way stays within the budget


@dataclass(frozen=True)
class BusyDays:
    """Sorted dates on which the person cannot, and what in the file was left out."""

    days: list[date] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)


def busy_days(content: bytes, *, zone: ZoneInfo, first: date, last: date, busy_minutes: int = BUSY_MINUTES) -> BusyDays:
    """Dates from ``first`` to ``last`` (both included) that the calendar file fills.

    A date is filled by a busy all-day event, or when busy time covers at least ``busy_minutes`` of 08:00–18:00 in
    ``zone``, the person's own, which also holds for times without a zone. Raises
    NotACalendar when the file has no readable calendar, FileTooBig above the limits.
    """
    calendars, budget = read_calendars(content), Budget()
    parts = read_parts(calendars, budget)
    if not parts.components and not any(calendar.closed for calendar in calendars):
        raise NotACalendar(_("Nothing in this calendar can be read. It may have been cut off: export it again."))
    busy = Busy(zone, first, last)
    collect_busy(parts, busy, budget)
    days = busy.whole_days | _filled_days(busy.stretches, zone, timedelta(minutes=busy_minutes))
    return BusyDays(sorted(days), parts.ignored)


def within_reach(day: date) -> date:
    """The day itself, or the nearest one that a calendar is read for."""
    return min(max(day, EARLIEST), LATEST)


def default_span(today: date) -> tuple[date, date]:
    """From today to eighteen months on."""
    months = today.month - 1 + MONTHS_AHEAD
    year, month = today.year + months // 12, months % 12 + 1
    return today, date(year, month, min(today.day, 28))


def _filled_days(stretches: Iterable[tuple[datetime, datetime]], zone: ZoneInfo, least: timedelta) -> set[date]:
    """Dates whose opening hours are covered for at least that long. Overlaps count once."""
    covered: defaultdict[date, timedelta] = defaultdict(timedelta)
    for start, end in _merged(stretches):
        day, stop = start.astimezone(zone).date(), end.astimezone(zone).date()
        while day <= stop:
            covered[day] += _within_hours(start, end, day, zone)
            day += timedelta(days=1)
    return {day for day, length in covered.items() if length and length >= least}


def _merged(stretches: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    merged: list[tuple[datetime, datetime]] = []
    for start, end in sorted(stretches):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _within_hours(start: datetime, end: datetime, day: date, zone: ZoneInfo) -> timedelta:
    opens = datetime.combine(day, DAY_OPENS, zone).astimezone(UTC)
    closes = datetime.combine(day, DAY_CLOSES, zone).astimezone(UTC)
    return max(min(end, closes) - max(start, opens), timedelta(0))
