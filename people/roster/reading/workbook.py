"""XLSX: the sheet that looks most like a roster, its values as text."""

from __future__ import annotations

import contextlib
import datetime
import io
import itertools
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

import openpyxl
from django.utils.translation import gettext as _

from people.roster.errors import RosterRefused
from people.roster.reading.headers import LOOK_AT, find_header, known_names, names_in, usual_width
from people.roster.reading.table import MAX_COLUMNS, Row, Table, tidy

LAST_LINE = 1_048_576
SHEETS = 12  # looked at
BATCH = 500
ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})


def read(raw: bytes, *, header: bool) -> Table:
    """The table in a workbook whose size was checked. Raises RosterRefused for one that cannot be read."""
    with damage_refused():
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"][:SHEETS]
    tops = [(sheet, list(itertools.islice(_rows(sheet), 2 * LOOK_AT))) for sheet in sheets]
    filled = [(sheet, rows) for sheet, rows in tops if any(any(row.cells) for row in rows)]
    if not filled:
        raise RosterRefused(_("The file is empty."))
    sheet, rows = max(filled, key=lambda pair: max(known_names(row.cells) for row in pair[1]))
    head = find_header(rows) if header else None
    names = names_in(head)
    return Table(
        header=names,
        header_line=head.line if head else 0,
        width=len(names) or usual_width(rows),
        encoding="xlsx",
        delimiter="",
        sheet=sheet.title,
        open_rows=lambda: _rows(sheet),
    )


@contextlib.contextmanager
def damage_refused() -> Iterator[None]:
    """Whatever a broken workbook makes the reader raise becomes a refusal; its warnings are nobody's business."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except RosterRefused:
        raise
    except Exception as error:
        raise RosterRefused(_("This workbook is damaged and cannot be read. Save the sheet as CSV.")) from error


def _rows(sheet: Any) -> Iterator[Row]:
    """Numbered lines, in batches so that the reader's warnings are silenced for no longer than it runs."""
    with damage_refused():
        sheet.reset_dimensions()
        values = enumerate(sheet.iter_rows(max_row=LAST_LINE, max_col=MAX_COLUMNS, values_only=True), 1)
    while batch := _batch(values):
        yield from batch


def _batch(values: Iterator[tuple[int, Iterable[Any]]]) -> list[Row]:
    with damage_refused():
        return [Row(line, _texts(cells)) for line, cells in itertools.islice(values, BATCH)]


def _texts(cells: Iterable[Any]) -> tuple[str, ...]:
    texts = [_text(cell) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _text(value: Any) -> str:
    if value is None or value in ERRORS:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    return tidy(str(value).replace("\0", ""))
