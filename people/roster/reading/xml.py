"""A look through a workbook's XML before anything builds it in memory: how deep, how many, how long, no entities.

The library that reads workbooks keeps an object for every element it passes, whatever the file's size says: 14 MB of
nested tags cost it 240 MB. Here nothing is kept but counts.
"""

from __future__ import annotations

import zipfile
from typing import Any, NoReturn
from xml.parsers import expat

from django.utils.translation import gettext as _

from people.roster.errors import RosterRefused
from people.roster.reading.table import MAX_CELL, MAX_ROWS

CHUNK = 64 * 1024
DEEPEST = 40
MOST_INSIDE = 100_000  # elements inside one row; a sheet has 16,384 columns
MOST_ROWS = MAX_ROWS + 20_000  # elements down to the level of rows, header and empty ones included
MOST_STRINGS = 400_000  # elements near the root of any other part
LONGEST = 1024 * 1024  # bytes without an element or text coming to an end
ROW_DEPTH = 3  # worksheet, sheetData, row


def refuse_heavy(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Read one part of a workbook through. Raises RosterRefused when building it would cost too much."""
    sheet = member.filename.startswith("xl/worksheets/")
    watch = Watch(most=MOST_ROWS if sheet else MOST_STRINGS)
    parser = expat.ParserCreate()
    parser.StartElementHandler = watch.start
    parser.EndElementHandler = watch.end
    parser.CharacterDataHandler = watch.text
    parser.EntityDeclHandler = watch.entity
    try:
        with archive.open(member) as part:
            while chunk := part.read(CHUNK):
                parser.Parse(chunk)
                watch.fed(len(chunk))
    except expat.ExpatError as error:
        raise RosterRefused(_("This workbook is damaged and cannot be read. Save the sheet as CSV.")) from error


class Watch:
    """Counts while a part is read, and refuses as soon as a count is too high."""

    def __init__(self, *, most: int) -> None:
        self.most = most
        self.depth = self.near_root = self.inside = self.silence = self.letters = 0

    def start(self, _tag: str, _attributes: dict[str, str]) -> None:
        self.silence = self.letters = 0
        self.depth += 1
        if self.depth <= ROW_DEPTH:
            self.near_root += 1
            self.inside = 0
        else:
            self.inside += 1
        if self.depth > DEEPEST or self.near_root > self.most or self.inside > MOST_INSIDE:
            refuse()

    def end(self, _tag: str) -> None:
        self.silence = self.letters = 0
        self.depth -= 1

    def text(self, text: str) -> None:
        self.silence = 0
        self.letters += len(text)
        if self.letters > 2 * MAX_CELL:
            refuse()

    def entity(self, *_declaration: Any) -> NoReturn:
        refuse()

    def fed(self, size: int) -> None:
        """So many bytes more were read; LONGEST without any element or text is too many."""
        self.silence += size
        if self.silence > LONGEST:
            refuse()


def refuse() -> NoReturn:
    raise RosterRefused(_("This workbook unpacks to more than can be read. Save the sheet as CSV and upload that."))
