"""Text with separators: encoding, separator, and lines with their numbers."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections.abc import Iterator

from django.utils.translation import gettext as _

from people.roster.errors import RosterRefused
from people.roster.reading.headers import LOOK_AT, find_header, known_names, names_in, usual_width
from people.roster.reading.table import MAX_COLUMNS, MAX_ROWS, Row, Table, tidy

DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 256 * 1024  # characters
CHUNK = 64 * 1024
MAX_LINES = 5 * MAX_ROWS  # empty ones and those inside cells included
MAX_RECORD = 5_000_000  # characters of one row, its line breaks included
CONTROLS = frozenset(range(32)) - {9, 10, 11, 12, 13, 26, 27}
csv.field_size_limit(MAX_RECORD)  # of the whole process: the reader's own would call a long note a broken file


def read(raw: bytes, *, header: bool) -> Table:
    """The table in text. Raises RosterRefused for bytes that are no text in a known encoding."""
    if max(raw.count(b"\n"), raw.count(b"\r")) > MAX_LINES:
        raise RosterRefused(_("The file has more than %(lines)d lines.") % {"lines": MAX_LINES})
    encoding = encoding_of(raw)
    sample = _open(raw, encoding).read(SAMPLE)
    delimiter, skip = delimiter_of(sample)
    rows = list(itertools.islice(_rows(raw, encoding, delimiter, skip), 4 * LOOK_AT))
    head = find_header(rows) if header else None
    names = names_in(head)
    return Table(
        header=names,
        header_line=head.line if head else 0,
        width=len(names) or usual_width(rows),
        encoding=encoding,
        delimiter=delimiter,
        open_rows=lambda: _rows(raw, encoding, delimiter, skip),
    )


def encoding_of(raw: bytes) -> str:
    """UTF-8, UTF-16 or Windows-1252, whichever the bytes are. Raises RosterRefused for anything else."""
    for encoding in _candidates(raw):
        if _decodes(raw, encoding):
            return encoding
    raise RosterRefused(_("This file is not text in UTF-8, UTF-16 or Windows-1252. Save it as CSV (UTF-8) or XLSX."))


def _candidates(raw: bytes) -> tuple[str, ...]:
    if raw.startswith(codecs.BOM_UTF8):
        return ("utf-8-sig",)
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    head = raw[:4096]
    if b"\0" in head:
        return ("utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be",)
    return ("utf-8", "cp1252")


def _decodes(raw: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(raw), CHUNK):
            text = decoder.decode(raw[start : start + CHUNK], final=start + CHUNK >= len(raw))
            if not CONTROLS.isdisjoint(map(ord, set(text))):
                return False
    except UnicodeDecodeError:
        return False
    return True


def _open(raw: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(raw), encoding=encoding, newline="")


def delimiter_of(sample: str) -> tuple[str, int]:
    """The separator, and how many lines to skip: 1 for a first line like ``sep=;``.

    One that brings two known column names to light is preferred. Else what counts is how many separators stand in
    lines of the same width, times such names: separators inside cells are many, but seldom as many in every line.
    """
    first = sample.lstrip("\ufeff").partition("\n")[0].strip().strip('"').lower()
    if first.startswith("sep=") and first[4:] in DELIMITERS:
        return first[4:], 1
    if first == "sep=":
        return "\t", 1
    return max(DELIMITERS, key=lambda delimiter: _weight(sample, delimiter)), 0


def _weight(sample: str, delimiter: str) -> tuple[bool, float]:
    try:
        records = list(itertools.islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), 200))
    except csv.Error:
        return False, 0
    rows = [Row(number, tuple(map(str.strip, cells))) for number, cells in enumerate(records, 1) if any(cells)]
    width = usual_width(rows)
    regular = sum(len(row.cells) == width for row in rows)
    names = max((known_names(row.cells) for row in rows[:LOOK_AT]), default=0)
    return names >= 2, regular * (width - 1) / max(len(rows), 1) * (1 + names)


def _rows(raw: bytes, encoding: str, delimiter: str, skip: int) -> Iterator[Row]:
    lines = _Lines(_open(raw, encoding))
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for cells in reader:
            start = lines.new_record()
            if start <= skip or not cells:
                continue
            if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
                raise RosterRefused(
                    _("Line %(line)d has more than %(count)d cells.") % {"line": start, "count": MAX_COLUMNS}
                )
            yield Row(start, tuple(tidy(cell) for cell in cells[:MAX_COLUMNS]))
    except csv.Error as error:
        raise lines.unclosed() from error
    lines.refuse_unclosed(delimiter)


class _Lines:
    """A text's lines, with the one where the current record began; refuses a record without an end in sight."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text = text
        self.number = 0
        self.start = 1
        self.size = 0
        self.record: list[str] = []
        self.last: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.text.readline(MAX_RECORD + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self.size += len(line)
        if self.size > MAX_RECORD:
            raise self.endless(line)
        self.record.append(line)
        return line

    def new_record(self) -> int:
        """The line on which the record just read began."""
        start, self.start, self.size = self.start, self.number + 1, 0
        self.last, self.record = self.record, []
        return start

    def endless(self, line: str) -> RosterRefused:
        """Why the current record is too long: a mark has no partner from its start on, or it is one long row."""
        marks = sum(read.count('"') for read in self.record) + line.count('"')
        while piece := self.text.read(CHUNK):
            marks += piece.count('"')
        if marks % 2:
            return self.unclosed()
        words = _("The row that begins on line %(line)d holds more than %(count)d characters.")
        return RosterRefused(words % {"line": self.start, "count": MAX_RECORD})

    def unclosed(self) -> RosterRefused:
        words = _("From line %(line)d on the quotation marks do not fit: one that opens a cell is never closed.")
        return RosterRefused(words % {"line": self.start})

    def refuse_unclosed(self, delimiter: str) -> None:
        """Refuse a file whose last record swallowed lines because its quotation mark never closed."""
        if len(self.last) < 2:
            return
        try:
            list(csv.reader(self.last, delimiter=delimiter, strict=True))
        except csv.Error as error:
            self.start = self.number - len(self.last) + 1
            raise self.unclosed() from error
