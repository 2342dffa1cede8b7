"""A workbook of one sheet, written as fast as its rows come: text, numbers, dates and truth values, no formulas.

The file is a ZIP of a few small fixed parts and the sheet's XML (ECMA-376, part 1, chapter 18). Written cell by cell
through a library that keeps every cell as an object, a hundred thousand rows take longer than anybody waits.
"""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
    f'<Override PartName="/{SHEET}" ContentType="{TYPES}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{TYPES}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy-mm-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
DATE, MOMENT = 1, 2  # places in cellXfs
DAY_ZERO = date(1899, 12, 30).toordinal()
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST = 32_767  # characters a cell may hold
CHUNK = 500  # rows a write


def write(file: IO[bytes], rows: Iterable[Sequence[Any]], *, title: str) -> None:
    """Write all rows into ``file`` as one sheet; memory does not grow with them."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as book:
        for name, text in PARTS.items():
            book.writestr(name, HEAD + text)
        sheets = f'<sheets><sheet name={quoteattr(title)} sheetId="1" r:id="r1"/></sheets>'
        book.writestr("xl/workbook.xml", f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{sheets}</workbook>')
        with book.open(SHEET, "w") as sheet:
            for text in _sheet(rows):
                sheet.write(text.encode())


def _sheet(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The sheet's XML, many rows at a time."""
    lines, letters = [f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>'], [""]
    for number, row in enumerate(rows, start=1):
        letters = letters if len(letters) == len(row) else [_letters(place) for place in range(len(row))]
        cells = [
            CELLS.get(type(value), _other)(f"{where}{number}", value) for where, value in zip(letters, row, strict=True)
        ]
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
        if number % CHUNK == 0:
            yield "".join(lines)
            lines.clear()
    yield "".join([*lines, "</sheetData></worksheet>"])


def _letters(place: int) -> str:
    """The name of a column: A for 0, Z for 25, AA for 26."""
    before, letter = divmod(place, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + letter)


def _text(where: str, value: str) -> str:
    words = escape(UNWRITABLE.sub("", value)[:LONGEST])
    return f'<c r="{where}" t="inlineStr"><is><t xml:space="preserve">{words}</t></is></c>' if words else ""


def _number(where: str, value: float) -> str:
    return f'<c r="{where}"><v>{value!r}</v></c>' if math.isfinite(value) else _text(where, str(value))


def _truth(where: str, value: bool) -> str:
    return f'<c r="{where}" t="b"><v>{value:d}</v></c>'


def _date(where: str, value: date) -> str:
    return f'<c r="{where}" s="{DATE}"><v>{value.toordinal() - DAY_ZERO}</v></c>'


def _moment(where: str, value: datetime) -> str:
    """In UTC: a cell knows no zones."""
    value = value.astimezone(UTC) if value.tzinfo else value
    seconds = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
    return f'<c r="{where}" s="{MOMENT}"><v>{value.toordinal() - DAY_ZERO + seconds / 86_400!r}</v></c>'


def _nothing(where: str, value: None) -> str:
    return ""


def _other(where: str, value: Any) -> str:
    """Kinds of text and number of our own, and anything else by its words."""
    return _number(where, value + 0) if isinstance(value, int | float) else _text(where, str(value))


CELLS: dict[type, Callable[[str, Any], str]] = {
    str: _text, int: _number, float: _number, bool: _truth, date: _date, datetime: _moment, type(None): _nothing,
}  # fmt: skip
