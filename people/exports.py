"""Rows as CSV, XLSX and JSON. Text that a spreadsheet would run as a formula is neutralised; numbers stay numbers."""

from __future__ import annotations

import csv
import io
import itertools
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder

from people import workbook

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
CHUNK = 2000  # rows a write; one row a write is several times slower


def neutral(value: Any) -> Any:
    """Text that would be run as a formula gets an apostrophe before it. Numbers and dates pass as they are."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_STARTS) else value
    return value


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """CSV text in chunks, the header line first, CRLF between lines, a byte order mark for spreadsheets."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(columns)
    for number, row in enumerate(rows, start=1):
        writer.writerow([_csv_cell(value) for value in row])
        if number % CHUNK == 0:
            yield _drain(buffer)
    yield _drain(buffer)


def _drain(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _csv_cell(value: Any) -> Any:
    if isinstance(value, str):
        return neutral(value)
    if isinstance(value, datetime):
        return _moment(value)
    return value.isoformat() if isinstance(value, date) else "" if value is None else value


def _moment(value: datetime) -> str:
    """A time in UTC, to the second: written alike in CSV and JSON."""
    return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def write_xlsx(columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str) -> IO[bytes]:
    """A workbook with one sheet of typed cells, written row by row into a temporary file that is returned at its start."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    cells = ([neutral(value) for value in row] for row in rows)
    workbook.write(file, itertools.chain([columns], cells), title=title[:31])
    file.seek(0)
    return file


def as_json(
    name: str, filters: dict[str, Any], columns: Sequence[str], rows: Iterable[Sequence[Any]], now: datetime
) -> str:
    """``{report, as_of, filters, columns, rows}``."""
    body = {
        "report": name,
        "as_of": now,
        "filters": filters,
        "columns": list(columns),
        "rows": [[_moment(cell) if isinstance(cell, datetime) else cell for cell in row] for row in rows],
    }
    return json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False)
