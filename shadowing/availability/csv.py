"""Lists of days: one ``person,date`` line each, as coordinators paste or upload them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from shadowing.availability.errors import FileTooBig, NotAListOfDays
from shadowing.availability.parts import Ignored

MAX_BYTES = 2 * 1024 * 1024
MAX_LINES = 100_000
HEADS = {"person", "people", "name", "email", "e-mail", "key", "who", "employee_number", "employee number"}


@dataclass(frozen=True)
class DayLine:
    """One line that can be read: its number in the file, whom it names, and the date."""

    number: int
    person: str
    date: date


@dataclass
class DayList:
    """The readable lines, and those left out with their reasons."""

    lines: list[DayLine] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)


def read_days(content: bytes) -> DayList:
    """The ``person,date`` lines of a file, header or not, dates in ISO; comma, semicolon or tab between them.

    Raises FileTooBig, or NotAListOfDays when not one line can be read.
    """
    if len(content) > MAX_BYTES:
        raise FileTooBig(_("This file is larger than %(size)s MB. Import it in parts.") % {"size": MAX_BYTES >> 20})
    found = DayList()
    for number, cells in _rows(content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")):
        _add(found, number, cells)
    if not found.lines:
        raise NotAListOfDays(_("No line of this file is a person and a date, like “E17,2027-03-04”."))
    return found


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank with their line number, without a header."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = next((mark for mark in ("\t", ";", ",") if mark in first), ",")
    reader = csv.reader(text.splitlines(), delimiter=mark)
    try:
        for place, row in enumerate(reader):
            if place >= MAX_LINES:
                raise FileTooBig(
                    _("This file has more than %(count)s lines. Import it in parts.") % {"count": MAX_LINES}
                )
            cells = [cell.strip() for cell in row]
            if any(cells) and not (place == 0 and cells[0].casefold() in HEADS):
                yield reader.line_num, cells
    except csv.Error as error:
        raise NotAListOfDays(_("Line %(number)s is not a list of cells.") % {"number": reader.line_num}) from error


def _add(found: DayList, number: int, cells: list[str]) -> None:
    what = _("line %(number)s") % {"number": number}
    if len(cells) < 2 or not cells[0] or not cells[1]:
        found.ignored.append(Ignored(what, _("a person and a date are needed")))
        return
    try:
        found.lines.append(DayLine(number, cells[0], date.fromisoformat(cells[1])))
    except ValueError:
        found.ignored.append(Ignored(what, _("“%(text)s” is not a date like 2027-03-04") % {"text": cells[1][:30]}))
