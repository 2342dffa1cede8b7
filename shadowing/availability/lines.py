"""The text of an iCalendar file, cut into the blocks that matter (RFC 5545, section 3.1), with their line numbers.

Each block stands alone: one that is cut off or badly nested takes nothing else down with it. Lines that say nothing
about busy time (descriptions, attendees, attachments, alarms) are dropped here and never parsed.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from shadowing.availability.errors import FileTooBig, NotACalendar

MAX_BYTES = 10 * 1024 * 1024
MAX_BLOCKS = 20_000
READ_KINDS = frozenset({"VEVENT", "VFREEBUSY", "VTIMEZONE"})
DATED = frozenset({"DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE", "FREEBUSY"})
KEPT = DATED | {
    "DURATION", "RRULE", "UID", "SEQUENCE", "STATUS", "TRANSP", "SUMMARY", "X-MICROSOFT-CDO-BUSYSTATUS",
    "TZID", "TZOFFSETFROM", "TZOFFSETTO", "X-LIC-LOCATION",
}  # fmt: skip
NEWLINE = re.compile(rb"\r\n|\n|\r")
PARAMETER = re.compile(r';([^=;:"]+)=("[^"]*"?|[^";]*)')
DEEPEST = 8  # levels of BEGIN within a calendar; real files have three


@dataclass(frozen=True)
class Line:
    """One unfolded content line: ``name`` in capitals, parameters without quotes, the value without stray quotes.

    ``mended``: the line breaks the grammar, but can only mean one thing.
    """

    name: str
    params: dict[str, str]
    value: str
    mended: bool = False


@dataclass
class Block:
    """A component of a calendar and the number of its first line. ``problem`` says why it cannot be read."""

    kind: str
    number: int
    lines: list[Line] = field(default_factory=list)
    parts: list[Block] = field(default_factory=list)
    problem: str = ""

    def value(self, name: str) -> str:
        """The value of the first line of that name, without the blanks around it; empty where there is none."""
        return next((line.value.strip() for line in self.lines if line.name == name), "")


@dataclass
class CalendarText:
    """One VCALENDAR: its header values and its blocks in the order of the file."""

    number: int
    header: dict[str, str] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    closed: bool = False


def read_calendars(content: bytes) -> list[CalendarText]:
    """Every VCALENDAR of the file. Raises FileTooBig, or NotACalendar when there is none."""
    if len(content) > MAX_BYTES:
        raise FileTooBig(_("This file is larger than %(size)s MB. Export a shorter span.") % {"size": MAX_BYTES >> 20})
    reader = _Reader()
    for number, text in _unfolded(_as_utf8(content)):
        reader.feed(number, text)
    reader.leave_calendar(closed=False)
    if not reader.calendars:
        raise NotACalendar(_("This file holds no calendar. Export one as .ics and choose that file."))
    return reader.calendars


def _as_utf8(content: bytes) -> bytes:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace").encode("utf-8", "replace")
    return content.removeprefix(codecs.BOM_UTF8)


def _unfolded(content: bytes) -> Iterator[tuple[int, str]]:
    """Logical lines with the number of their first physical line. Blank lines, also within a fold, are skipped."""
    first, pieces = 0, list[bytes]()
    for number, raw in enumerate(NEWLINE.split(content), start=1):
        if not raw.strip():
            continue
        if raw[:1] in (b" ", b"\t") and pieces:
            pieces.append(raw[1:])
            continue
        if pieces:
            yield first, _text(b"".join(pieces))
        first, pieces = number, [raw]
    if pieces:
        yield first, _text(b"".join(pieces))


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


class _Reader:
    """Follows BEGIN and END and keeps what was open when something else began."""

    def __init__(self) -> None:
        self.calendars: list[CalendarText] = []
        self.open: CalendarText | None = None
        self.stack: list[Block] = []
        self.count = 0

    def feed(self, number: int, text: str) -> None:
        word, _colon, rest = text.partition(":")
        word, kind = word.strip().upper(), rest.strip().upper()
        if word == "BEGIN":
            self._begin(number, kind)
        elif word == "END":
            self._end(kind)
        elif self.open is not None:
            self._keep(text)

    def leave_calendar(self, *, closed: bool) -> None:
        """The calendar ends here, by its END line or not; what is still open in it was cut off."""
        self._cut_off()
        if self.open is not None:
            self.open.closed = closed
            self.open = None

    def _begin(self, number: int, kind: str) -> None:
        if kind == "VCALENDAR":
            self.leave_calendar(closed=False)
            self.open = CalendarText(number)
            self.calendars.append(self.open)
        elif self.open is not None and len(self.stack) < DEEPEST:
            self._open_block(self.open, Block(kind, number))

    def _open_block(self, calendar: CalendarText, block: Block) -> None:
        if block.kind in READ_KINDS:
            self._cut_off()
            self.count += 1
            if self.count > MAX_BLOCKS:
                raise FileTooBig(_("This file holds more than %(count)s entries.") % {"count": MAX_BLOCKS})
            calendar.blocks.append(block)
        elif self.stack and self.stack[-1].kind == "VTIMEZONE":
            self.stack[-1].parts.append(block)
        self.stack.append(block)

    def _end(self, kind: str) -> None:
        if kind == "VCALENDAR":
            self.leave_calendar(closed=True)
        elif any(block.kind == kind for block in self.stack):
            while self.stack.pop().kind != kind:
                pass

    def _cut_off(self) -> None:
        if self.stack:
            self.stack[0].problem = _("it has no end")
        self.stack = []

    def _keep(self, text: str) -> None:
        line = parse_line(text)
        if line is None or self.open is None:
            return
        if self.stack:
            self.stack[-1].lines.append(line)
        else:
            self.open.header.setdefault(line.name, line.value.strip())


def parse_line(text: str) -> Line | None:
    """The content line in parts; None for lines without meaning here.

    The values of dates hold no colon, so theirs begins after the last one: unquoted zone names may hold colons.
    """
    name = re.split("[;:]", text, maxsplit=1)[0].strip().upper()
    if name not in KEPT and name not in ("X-WR-TIMEZONE", "METHOD"):
        return None
    head, colon, value = text.rpartition(":") if name in DATED else _split_at_colon(text)
    if not colon:
        return None
    params = {key.strip().upper(): value.strip().strip('"') for key, value in PARAMETER.findall(head)}
    if name in DATED or name == "RRULE":
        tidy = "".join(value.replace('"', "").split())
        return Line(name, params, tidy, mended=tidy != value.strip())
    return Line(name, params, value)


def _split_at_colon(text: str) -> tuple[str, str, str]:
    """Name with parameters, colon, value; a colon between double quotes does not count."""
    quoted = False
    for place, sign in enumerate(text):
        if sign == '"':
            quoted = not quoted
        elif sign == ":" and not quoted:
            return text[:place], ":", text[place + 1 :]
    return text, "", ""
