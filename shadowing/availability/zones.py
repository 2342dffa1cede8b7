"""Which zone a TZID means: its IANA name, a Windows name, a display name, or the rules the file gives itself.

Nothing here is kept between files, so that one person's "Customized Time Zone" is never another's.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, available_timezones

from icalendar import Component
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from shadowing.availability.bounds import Budget, UnreadableError, parse_rule
from shadowing.availability.lines import Block

OBSERVANCE_STEPS = 600  # yearly since 1601
MOST_OBSERVANCES = 300
YEARLY_PARTS = frozenset({"FREQ", "UNTIL", "COUNT", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY", "WKST"})
OFFSET = re.compile(r"(?:(?:UTC|GMT)\s*|^)([+-])\s*(\d{1,2})[:.]?(\d{2})?")
WITHOUT_CITY = {  # display names of Windows in which no city of the IANA names occurs
    "atlantic time": "America/Halifax", "eastern time": "America/New_York", "central time": "America/Chicago",
    "mountain time": "America/Denver", "pacific time": "America/Los_Angeles", "arizona": "America/Phoenix",
    "alaska": "America/Anchorage", "hawaii": "Pacific/Honolulu", "saskatchewan": "America/Regina",
    "newfoundland": "America/St_Johns", "indiana": "America/Indiana/Indianapolis", "greenland": "America/Godthab",
    "central america": "America/Guatemala", "west central africa": "Africa/Lagos", "new delhi": "Asia/Kolkata",
    "abu dhabi": "Asia/Dubai", "islamabad": "Asia/Karachi", "hanoi": "Asia/Bangkok", "pretoria": "Africa/Johannesburg",
    "wellington": "Pacific/Auckland", "greenwich mean time": "Europe/London", "coordinated universal time": "UTC",
    "monterrey": "America/Monterrey", "st. petersburg": "Europe/Moscow", "cabo verde": "Atlantic/Cape_Verde",
}  # fmt: skip


class DefinedZone(tzinfo):
    """A zone by its own transitions: instants (naive, UTC) at which an offset begins, in order."""

    def __init__(self, name: str, instants: Sequence[datetime], offsets: Sequence[timedelta]) -> None:
        before = [offsets[0], *offsets[:-1]]
        self.name, self.instants, self.offsets = name, instants, offsets
        self.walls = [at + max(old, new) for at, old, new in zip(instants, before, offsets, strict=True)]

    def utcoffset(self, moment: datetime | None) -> timedelta:
        wall = moment.replace(tzinfo=None) if moment else self.walls[0]
        return self.offsets[max(bisect_right(self.walls, wall) - 1, 0)]

    def fromutc(self, moment: datetime) -> datetime:
        place = bisect_right(self.instants, moment.replace(tzinfo=None)) - 1
        return moment + self.offsets[max(place, 0)]

    def dst(self, moment: datetime | None) -> timedelta:
        return timedelta(0)

    def tzname(self, moment: datetime | None) -> str:
        return self.name


class Zones:
    """The zones of one file. ``get`` answers None for a name nobody knows."""

    def __init__(self, definitions: Sequence[Block], budget: Budget) -> None:
        self.budget = budget
        self.definitions = {block.value("TZID"): block for block in definitions if not block.problem}
        self.found: dict[str, tzinfo | None] = {}

    def get(self, tzid: str) -> tzinfo | None:
        if tzid not in self.found:
            self.found[tzid] = self._find(tzid)
        return self.found[tzid]

    def _find(self, tzid: str) -> tzinfo | None:
        own = self.definitions.get(tzid)
        return (
            named_zone(tzid)
            or (named_zone(own.value("X-LIC-LOCATION")) if own else None)
            or (self._defined(own) if own else None)
            or displayed_zone(tzid)
        )

    def _defined(self, block: Block) -> tzinfo | None:
        try:
            return defined_zone(block, self.budget)
        except UnreadableError:
            return None


@functools.cache
def _names() -> dict[str, str]:
    """IANA and Windows names without regard to case, and the IANA name each stands for."""
    iana = {name.casefold(): name for name in available_timezones()}
    windows = {name.casefold(): target for name, target in WINDOWS_TO_OLSON.items() if target.casefold() in iana}
    return windows | iana


@functools.cache
def _cities() -> dict[str, str]:
    """The last part of every IANA name that names a place, in small letters."""
    places = (name for name in sorted(available_timezones()) if "/" in name and not name.startswith("Etc/"))
    return {name.rpartition("/")[2].replace("_", " ").casefold(): name for name in places}


def named_zone(tzid: str) -> ZoneInfo | None:
    """The zone of an IANA or Windows name, also at the end of a path like ``/example.com/1/Europe/Rome``."""
    parts = tzid.strip(" /").split("/")[-4:]
    for start in range(len(parts)):
        name = _names().get("/".join(parts[start:]).casefold())
        if name:
            return ZoneInfo(name)
    return None


def displayed_zone(tzid: str) -> tzinfo | None:
    """The zone of a name written for people, like "(UTC-05:00) Eastern Time (US & Canada)"; else its offset."""
    words = re.sub(r"^\s*\([^)]*\)", "", tzid).casefold()
    for place in (part.strip(" .") for part in re.split(r"[,:;]", words)):
        if place in _cities():
            return ZoneInfo(_cities()[place])
    for phrase, name in WITHOUT_CITY.items():
        if phrase in words:
            return ZoneInfo(name)
    return _offset_zone(tzid)


def _offset_zone(tzid: str) -> tzinfo | None:
    found = OFFSET.search(tzid.upper())
    if not found:
        return UTC if tzid.strip().upper() in ("Z", "UTC", "GMT") else None
    sign, hours, minutes = found.groups(default="0")
    shift = timedelta(hours=int(hours), minutes=int(minutes))
    if shift > timedelta(hours=14):
        return None
    return timezone(-shift if sign == "-" else shift)


def defined_zone(block: Block, budget: Budget) -> DefinedZone:
    """The zone a VTIMEZONE describes. Raises UnreadableError when it has no rules, or more than a zone can have."""
    observances = [part for part in block.parts if part.kind in ("STANDARD", "DAYLIGHT")]
    if not 0 < len(observances) <= MOST_OBSERVANCES:
        raise UnreadableError("observances")
    for part in observances:
        _check_yearly(part.value("RRULE"))
        budget.spend(OBSERVANCE_STEPS)
    try:
        instants, details = Component.from_ical(_zone_text(observances)).get_transitions()
        changes = sorted(zip(instants, (detail[0] for detail in details), strict=True))
        return DefinedZone(block.value("TZID"), *zip(*changes, strict=True))
    except Exception as error:  # hostile text: whatever the libraries raise, this zone is unreadable
        raise UnreadableError("transitions") from error


def _check_yearly(text: str) -> None:
    """Refuse what is no rule of a zone: those come once a year."""
    rule = parse_rule(text) if text else {"FREQ": ["YEARLY"]}
    if not rule.keys() <= YEARLY_PARTS or rule["FREQ"] != ["YEARLY"]:
        raise UnreadableError("rule")


def _zone_text(observances: Sequence[Block]) -> str:
    """The VTIMEZONE with nothing but the lines that make its transitions.

    Named UTC because the library keeps a zone of any other name for all later files.
    """
    names = ("DTSTART", "RRULE", "RDATE", "TZOFFSETFROM", "TZOFFSETTO")
    text = ["BEGIN:VTIMEZONE", "TZID:UTC"]
    for part in observances:
        lines = [f"{line.name}:{line.value}" for line in part.lines if line.name in names]
        text += [f"BEGIN:{part.kind}", *lines, f"END:{part.kind}"]
    return "\r\n".join([*text, "END:VTIMEZONE", ""])
