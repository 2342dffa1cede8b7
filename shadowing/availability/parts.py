"""Blocks of text become icalendar components whose times carry their zones; what cannot be read is noted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any

import x_wr_timezone
from django.utils.translation import gettext as _
from icalendar import Component

from shadowing.availability.bounds import Budget, UnreadableError
from shadowing.availability.lines import DATED, Block, CalendarText, Line
from shadowing.availability.zones import Zones, named_zone

WORD = re.compile(r"[A-Za-z-]{1,30}")
PASSED_ON = ("VALUE", "RANGE", "FBTYPE")
UNREAD_NUMBERS = {"SEQUENCE": re.compile(r"\d{1,9}")}
TITLE_LENGTH = 60


@dataclass(frozen=True)
class Ignored:
    """Something in a file that was left out, or read with a doubt, and why."""

    what: str
    reason: str


@dataclass
class Parts:
    """The readable components of a file and what was noted on the way."""

    components: list[tuple[Block, Component]] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)

    def leave_out(self, block: Block, reason: str) -> None:
        self.ignored.append(Ignored(title(block), reason))


def title(block: Block) -> str:
    """How a component is named to people: the line it begins on, and what it says about itself."""
    text = " ".join(block.value("SUMMARY").replace("\\n", " ").replace("\\", "").split())
    line = _("line %(number)s") % {"number": block.number}
    return f"{line}: {_short(text)}" if text else line


def _short(text: str) -> str:
    return text if len(text) <= TITLE_LENGTH else text[: TITLE_LENGTH - 1] + "…"


def read_parts(calendars: Iterable[CalendarText], budget: Budget) -> Parts:
    """Every VEVENT and VFREEBUSY that can be read, with aware or floating (naive) times."""
    calendars, parts = list(calendars), Parts()
    definitions = [block for text in calendars for block in text.blocks if block.kind == "VTIMEZONE"]
    zones = Zones(definitions, budget)
    for text in calendars:
        for block in text.blocks:
            if block.kind != "VTIMEZONE":
                _read_block(block, text, zones, parts)
        if not text.closed:
            parts.ignored.append(Ignored(_("end of the file"), _("the calendar is cut off: later entries are missing")))
    parts.ignored += _unknown_zones(zones)
    return parts


def _read_block(block: Block, text: CalendarText, zones: Zones, parts: Parts) -> None:
    try:
        component = _component(block, zones)
    except UnreadableError as error:
        parts.leave_out(block, str(error))
        return
    if text.header.get("METHOD", "").upper() == "CANCEL":
        component["STATUS"] = "CANCELLED"
    zone = named_zone(text.header.get("X-WR-TIMEZONE", ""))
    if zone and "RRULE" in component:
        component = _LocalRecurrences(zone).walk_event(component)
    parts.components.append((block, component))
    if any(line.mended for line in block.lines):
        parts.leave_out(block, _("read, although it is not written as the standard asks"))


def _component(block: Block, zones: Zones) -> Component:
    if block.problem:
        raise UnreadableError(block.problem)
    lines = [_written(line, zones) for line in block.lines if _is_wanted(line)]
    text = "\r\n".join([f"BEGIN:{block.kind}", *lines, f"END:{block.kind}", ""])
    try:
        component = Component.from_ical(text)
        _attach_zones(component, zones)
    except Exception as error:  # hostile text: whatever the library raises concerns this block only
        raise UnreadableError(_("it cannot be read")) from error
    if component.errors:
        raise UnreadableError(_("its %(name)s cannot be read") % {"name": component.errors[0][0]})
    if block.kind == "VEVENT" and "DTSTART" not in component:
        raise UnreadableError(_("it has no start"))
    if not block.value("UID"):
        component["UID"] = f"line-{block.number}"
    return component


def _is_wanted(line: Line) -> bool:
    shape = UNREAD_NUMBERS.get(line.name)
    return line.name not in ("TZID", "X-LIC-LOCATION", "SUMMARY") and (not shape or bool(shape.fullmatch(line.value)))


def _written(line: Line, zones: Zones) -> str:
    """The line for icalendar. A TZID goes along under a name of ours: zones are looked up here, not in the library."""
    params = [f"{key}={line.params[key]}" for key in PASSED_ON if WORD.fullmatch(line.params.get(key, ""))]
    if line.name in DATED and line.params.get("TZID") and zones.get(line.params["TZID"]):
        params.append(f"X-ZONE={list(zones.found).index(line.params['TZID'])}")
    return ";".join([line.name, *params]) + ":" + line.value


def _attach_zones(component: Component, zones: Zones) -> None:
    known = list(zones.found.values())
    for name in DATED & component.keys():
        for prop in as_list(component[name]):
            place = prop.params.get("X-ZONE")
            if place is not None:
                _attach(prop, known[int(place)])


def _attach(prop: Any, zone: tzinfo | None) -> None:
    for value in getattr(prop, "dts", [prop]):
        value.dt = _placed(value.dt, zone)


def _placed(value: Any, zone: tzinfo | None) -> Any:
    """A floating time in its zone, both ends of a period too; dates, lengths and times in UTC stay as they are."""
    if isinstance(value, tuple):
        return tuple(_placed(part, zone) for part in value)
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=zone)
    return value


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _unknown_zones(zones: Zones) -> Iterator[Ignored]:
    for tzid, zone in zones.found.items():
        if zone is None:
            what = _("zone %(name)s") % {"name": _short(tzid)}
            yield Ignored(what, _("unknown: its times were read in the person's own zone"))


class _LocalRecurrences(x_wr_timezone.UTCChangingWalker):
    """Gives a series in UTC the calendar's zone, so that its hour follows summer time. Floating times stay floating."""

    VALUE_ATTRIBUTES = ("DTSTART", "DTEND", "RDATE", "EXDATE")

    def is_Floating(self, moment: datetime) -> bool:  # noqa: N802 – the library's name
        return False


def floating_at(value: date | datetime, zone: tzinfo) -> datetime:
    """The instant a date (its midnight), a floating or an aware time stands for, read in ``zone``."""
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=zone)
    return value if value.tzinfo else value.replace(tzinfo=zone)
