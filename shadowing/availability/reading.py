"""What somebody uploads or pastes becomes days to look at before they are taken over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import IO, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from shadowing.availability.dates import read_dates
from shadowing.availability.ics import busy_days, default_span
from shadowing.availability.lines import MAX_BYTES
from shadowing.availability.parts import Ignored
from shadowing.models import UnavailableSource


@dataclass(frozen=True)
class Found:
    """Days that would be marked, from which source, within which span, and what was left out."""

    source: UnavailableSource
    days: list[date]
    ignored: list[Ignored]
    first: date
    last: date

    @property
    def listed(self) -> str:
        """The days as the page sends them back."""
        return ",".join(day.isoformat() for day in self.days)


def read_given(given: dict[str, Any], *, zone: ZoneInfo, today: date) -> Found:
    """A calendar (file or text) or a list of dates, from today to eighteen months on. Nothing is written.

    Raises NotACalendar, FileTooBig or NotDates.
    """
    file, text = given.get("file"), given.get("text") or ""
    if file or "BEGIN:VCALENDAR" in text.upper():
        return _calendar(_content(file) if file else text.encode(), zone, today)
    return _list(text, today)


def _content(file: IO[bytes]) -> bytes:
    return file.read(MAX_BYTES + 1)


def _calendar(content: bytes, zone: ZoneInfo, today: date) -> Found:
    first, last = default_span(today)
    found = busy_days(content, zone=zone, first=first, last=last)
    return Found(UnavailableSource.ICS, found.days, found.ignored, first, last)


def _list(text: str, today: date) -> Found:
    first, last = default_span(today)
    named = read_dates(text, today=today)
    ignored = [Ignored(day.isoformat(), _("over, or too far ahead")) for day in named if not first <= day <= last]
    return Found(UnavailableSource.CSV, [day for day in named if first <= day <= last], ignored, first, last)
