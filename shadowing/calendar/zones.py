"""VTIMEZONE of a site around one day. Onsets are written as RFC 5545 wants them: local time before the change."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

AROUND = timedelta(days=366)


def component(zone: zoneinfo.ZoneInfo, first_day: date, last_day: date) -> Timezone:
    """Definition of the zone, good from a year before ``first_day`` to a year after ``last_day``."""
    first, last = (datetime.combine(day, time(), UTC) for day in (first_day - AROUND, last_day + AROUND))
    made = Timezone()
    made.add("tzid", zone.key)
    made.add_component(observance(first, zone, before=offset(first, zone)))
    for change in changes(zone, first, last):
        made.add_component(observance(change, zone, before=offset(change - timedelta(seconds=1), zone)))
    return made


def observance(onset: datetime, zone: zoneinfo.ZoneInfo, *, before: timedelta) -> TimezoneStandard | TimezoneDaylight:
    """What holds from the instant ``onset`` on, ``before`` being the offset that held until then."""
    local = onset.astimezone(zone)
    made = TimezoneDaylight() if local.dst() else TimezoneStandard()
    made.add("dtstart", (onset + before).replace(tzinfo=None))
    made.add("tzoffsetfrom", before)
    made.add("tzoffsetto", offset(onset, zone))
    made.add("tzname", local.tzname() or zone.key)
    return made


def changes(zone: zoneinfo.ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """Instants at which the zone's offset changes, to the second."""
    while first < last:
        following = first + timedelta(days=1)
        if offset(first, zone) != offset(following, zone):
            yield _onset(zone, first, following)
        first = following


def _onset(zone: zoneinfo.ZoneInfo, low: datetime, high: datetime) -> datetime:
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low).seconds // 2 or 1)
        low, high = (middle, high) if offset(middle, zone) == offset(low, zone) else (low, middle)
    return high


def offset(instant: datetime, zone: zoneinfo.ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta(0)
