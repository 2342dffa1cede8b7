"""When a reminder may go out: working days of the recipient's site, 08:00 to 18:00 by the recipient's clock.

Pure: an instant, a zone and a calendar in, an answer out.
"""

from __future__ import annotations

import functools
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from people.workdays import is_working_day

OPENS, CLOSES = time(8), time(18)  # by the recipient's clock
LONGEST_CLOSURE = 30  # days; no calendar closes longer


class Calendar(NamedTuple):
    """Whose public holidays count. Without a country only weekends are free."""

    country: str = ""
    subdivision: str = ""

    def works_on(self, day: date) -> bool:
        """Neither a weekend nor a public holiday."""
        return is_working_day(day, country=self.country, subdivision=self.subdivision)


class Slots(NamedTuple):
    """The hours in which one person hears from us."""

    zone: zoneinfo.ZoneInfo
    calendar: Calendar

    def today(self, now: datetime) -> date:
        """The date on the person's own calendar."""
        return now.astimezone(self.zone).date()

    def open_at(self, now: datetime) -> bool:
        """True from 08:00 until before 18:00 of a working day."""
        local = now.astimezone(self.zone)
        return OPENS <= local.time() < CLOSES and self.calendar.works_on(local.date())

    def next_open(self, now: datetime) -> datetime:
        """The first instant from ``now`` on that is open, in UTC."""
        if self.open_at(now):
            return now
        local = now.astimezone(self.zone)
        day = local.date() if local.time() < OPENS else local.date() + timedelta(days=1)
        return datetime.combine(self._working(day), OPENS, self.zone).astimezone(UTC)

    def last_chance_before(self, event: date, now: datetime, clock: zoneinfo.ZoneInfo) -> bool:
        """True when by ``clock`` (the event's) the person's next working day begins on the event's day or later."""
        closing = datetime.combine(self.today(now), CLOSES, self.zone)
        return self.next_open(closing).astimezone(clock).date() >= event

    def _working(self, day: date) -> date:
        for _try in range(LONGEST_CLOSURE):
            if self.calendar.works_on(day):
                break
            day += timedelta(days=1)
        return day


@functools.lru_cache(maxsize=64)
def zone_named(name: str) -> zoneinfo.ZoneInfo:
    """The zone of that name; UTC when nobody knows it, so that one wrong name stops nobody's reminder."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")
