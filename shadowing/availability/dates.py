"""Dates as people write them: "4 March, 5 – 9 March", a line each, ISO, with or without the year and the weekday."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext as _

from people.errors import Refused

ENGLISH = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
MOST_LINES, MOST_SHOWN = 2_000, 5
LONGEST = 366  # days of one range
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})?")
DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?(?: ([^\W\d]+)\.?)?(?: (\d{4}))?")
MONTH_FIRST = re.compile(r"([^\W\d]+)\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?")
YEAR_ALONE = re.compile(r"\d{4}")
WEEKDAY = re.compile(r"\b(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b[.,]?", re.IGNORECASE)
RANGE = re.compile(
    r"\s*(?:\bto\b|\buntil\b|\btill\b|\.\.+|[–—]|/|(?<=\s)-(?=\s)|(?<=[^\W\d])-(?=\d))\s*", re.IGNORECASE
)
SHORT = re.compile(r"^(\d{1,2})-(?=\d{1,2}\b(?!-))")  # "4-6 March", but not the hyphens of 2027-03-04
PIECES = re.compile(r"[,;&]|\band\b", re.IGNORECASE)


class NotDates(Refused):
    """A pasted list has lines that are no dates; the text names them."""


@dataclass(frozen=True)
class Written:
    """A date as it stands there; what is missing comes from beside it."""

    day: int
    month: int | None = None
    year: int | None = None


def read_dates(text: str, *, today: date) -> list[date]:
    """The dates named, sorted, each once. A date without a year is the next one from ``today`` on.

    Raises NotDates with every line that cannot be read (at most five are named).
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > MOST_LINES:
        raise NotDates(_("This list is too long. Paste at most %(count)d lines.") % {"count": MOST_LINES})
    found, problems = set[date](), list[str]()
    for number, line in lines:
        try:
            found.update(_dates_of(line, today))
        except ValueError as error:
            problems.append(_("Line %(number)d: %(what)s") % {"number": number, "what": error})
    if problems:
        raise NotDates(" ".join(problems[:MOST_SHOWN]))
    return sorted(found)


def _dates_of(line: str, today: date) -> Iterator[date]:
    for piece in _pieces(line):
        first, _sign, last = (
            part.strip() for part in RANGE.sub("\0", SHORT.sub(r"\1–", piece), count=1).partition("\0")
        )
        start, end = _written(first, piece), _written(last, piece) if last else None
        yield from _days(start, end, piece, today)


def _pieces(line: str) -> list[str]:
    """Parts between commas; a year alone belongs to the part before it ("March 4, 2027")."""
    plain = WEEKDAY.sub(" ", line.replace("\N{NO-BREAK SPACE}", " "))
    pieces: list[str] = []
    for part in (" ".join(piece.split()) for piece in PIECES.split(plain)):
        if pieces and YEAR_ALONE.fullmatch(part):
            pieces[-1] += f" {part}"
        elif part:
            pieces.append(part)
    return pieces


def _written(text: str, piece: str) -> Written:
    if found := ISO.fullmatch(text):
        return Written(int(found[3]), int(found[2]), int(found[1]))
    if found := DOTTED.fullmatch(text):
        return Written(int(found[1]), int(found[2]), int(found[3]) if found[3] else None)
    if found := MONTH_FIRST.fullmatch(text):
        return Written(int(found[2]), _month(found[1], piece), int(found[3]) if found[3] else None)
    if found := DAY_FIRST.fullmatch(text):
        return Written(
            int(found[1]), _month(found[2], piece) if found[2] else None, int(found[3]) if found[3] else None
        )
    raise ValueError(_no_date(piece))


def _month(word: str, piece: str) -> int:
    """The month a word begins: in English, and in the reader's language."""
    key = word.casefold()
    for number in range(1, 13):
        names = (ENGLISH[number - 1], str(MONTHS[number]).casefold(), str(MONTHS_3[number]).casefold())
        if key in names or (len(key) >= 3 and any(name.startswith(key) for name in names)):
            return number
    raise ValueError(_no_date(piece))


def _days(start: Written, end: Written | None, piece: str, today: date) -> Iterator[date]:
    """All days from the one to the other, both included."""
    last = end or start
    month = start.month or last.month
    if month is None or (end and end.month is None and start.month is None):
        raise ValueError(_no_date(piece))
    first_day = _dated(start.day, month, start.year or last.year, piece, today)
    last_day = _dated(last.day, last.month or month, last.year or first_day.year, piece, today)
    if last_day < first_day and not last.year:
        last_day = _dated(last.day, last.month or month, first_day.year + 1, piece, today)
    if not 0 <= (last_day - first_day).days < LONGEST:
        raise ValueError(_("“%(text)s” ends before it begins, or lasts over a year.") % {"text": piece[:60]})
    yield from (first_day + timedelta(days=shift) for shift in range((last_day - first_day).days + 1))


def _dated(day: int, month: int, year: int | None, piece: str, today: date) -> date:
    """The date; without a year the next one from today on."""
    try:
        if year:
            return date(year, month, day)
        this = _in_year(day, month, today.year)
        return this if this and this >= today else _in_year(day, month, today.year + 1) or date(today.year, month, day)
    except ValueError as error:
        raise ValueError(_("“%(text)s” is no day of the calendar.") % {"text": piece[:60]}) from error


def _in_year(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _no_date(piece: str) -> str:
    return _("“%(text)s” is no date. Write it like 4 March or 2027-03-04.") % {"text": piece[:60]}
