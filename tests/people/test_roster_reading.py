"""Bytes to tables: encodings, separators, line ends, preambles, workbooks, and what is refused with its name."""

import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from people.roster.errors import RosterRefused
from people.roster.reading import read_table, table

HEADER = ("Emp No", "Name", "Site")
ROWS = (("1", "Zoë Ångström", "Malmö"), ("2", "Ann O'Neil", "Cork"))


def lines_of(raw, **options):
    read = read_table(raw, **options)
    return read, [(row.line, row.cells) for row in read.rows()]


def delimited(delimiter=",", end="\r\n"):
    return end.join(delimiter.join(row) for row in (HEADER, *ROWS)) + end


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_encoding_separator_and_line_end(delimiter, end, encoding):
    read, lines = lines_of(delimited(delimiter, end).encode(encoding))

    assert read.header == HEADER
    assert read.delimiter == delimiter
    assert lines == [(2, ROWS[0]), (3, ROWS[1])]


def test_separators_inside_header_cells_do_not_mislead():
    header = "Emp No,Name; first and last; as on the badge,Site | floor"
    read, lines = lines_of(f"{header}\n1,Ann Lee,Cork\n2,Bo Ray,Cork\n".encode())

    assert read.delimiter == ","
    assert read.header == ("Emp No", "Name; first and last; as on the badge", "Site | floor")
    assert lines[1] == (3, ("2", "Bo Ray", "Cork"))


def test_semicolons_win_over_decimal_commas():
    read, lines = lines_of(b"Name;Emp No;FTE;Share\nAnn Lee;1;0,5;1,0\nBo Ray;2;1,0;0,2\n")

    assert read.delimiter == ";"
    assert lines[0][1] == ("Ann Lee", "1", "0,5", "1,0")


def test_a_first_line_may_name_the_separator():
    read, lines = lines_of(b"sep=;\nEmp No;Name\n1;Lee, Ann\n")

    assert read.header == ("Emp No", "Name")
    assert lines == [(3, ("1", "Lee, Ann"))]


def test_quoted_line_breaks_keep_line_numbers_right():
    read, lines = lines_of(b'"Emp\nNo",Name,Notes\n1,Ann Lee,"two\r\nlines"\n2,Bo Ray,x\n')

    assert read.header == ("Emp No", "Name", "Notes")
    assert [line for line, _cells in lines] == [3, 5]


def test_lines_above_the_header_are_passed_over():
    read, lines = lines_of(b"Staff report\nPrinted 3 May,,\n\nEmp No,Name,Site\n,,\n1,Ann Lee,Cork\n")

    assert read.header == HEADER
    assert read.header_line == 4
    assert lines == [(6, ("1", "Ann Lee", "Cork"))]


def test_without_a_header_every_line_counts():
    read, lines = lines_of(b"1|Ann Lee|Cork\n2|Bo Ray|Cork\n", header=False)

    assert read.header == ()
    assert read.width == 3
    assert read.label(1) == "#2"
    assert [line for line, _cells in lines] == [1, 2]


def test_sensitive_columns_are_emptied_before_anybody_sees_them():
    read, lines = lines_of(b"Emp No,Name,Base Salary,Password,Date of Birth,nationalIdNumber\n1,Ann Lee,9,x,1980,77\n")

    assert lines == [(2, ("1", "Ann Lee", "", "", "", ""))]
    assert read.sealed == {2, 3, 4, 5}


def workbook(*sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbooks_roster_sheet_is_found_and_typed_cells_become_text():
    import datetime

    raw = workbook(
        ("Cover", [["Staff list"], ["made by HR"]]),
        (
            "People",
            [["Report"], ["Emp No", "Name", "Hire date", "Active"], [17, "Ann Lee", datetime.date(2020, 3, 2), True]],
        ),
    )
    read, lines = lines_of(raw)

    assert (read.sheet, read.encoding, read.header_line) == ("People", "xlsx", 2)
    assert lines == [(3, ("17", "Ann Lee", "2020-03-02", "yes"))]
    assert list(read.rows()) == list(read.rows())  # reading again starts from the top


WORKBOOK = workbook(("People", [["Emp No", "Name"], [1, "Ann Lee"], [2, "Bo Ray"]]))


def archive(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return out.getvalue()


def bomb():
    out = io.BytesIO(workbook(("People", [["Emp No", "Name"], [1, "Ann"]])))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as target:
        target.writestr("xl/worksheets/sheet9.xml", b"0" * (160 * 1024**2))
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
SPREADSHEET = archive(mimetype="application/vnd.oasis.opendocument.spreadsheet", content_DOT_xml="<x/>")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n\r\n", "empty"),
        (b"%PDF-1.7\n1 0 obj", "PDF"),
        (OLE, "old Excel workbook"),
        (SPREADSHEET, "OpenDocument spreadsheet (.ods)"),
        (archive(readme_DOT_txt="hello"), "a ZIP archive"),
        (archive(word__document_DOT_xml="<x/>"), "a Word document"),
        (archive(xl__workbook_DOT_bin="x"), ".xlsb"),
        (b"<!DOCTYPE html><table><tr><td>Name", "web page"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "picture"),
        (bytes(range(256)) * 9, "not text"),
        (b"Emp No,Name\n1,\x81\x8d\x8f\n", "not text"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"Emp No,Name\n", "no rows"),
        (b'Emp No,Name\n1,"Ann\n2,Bo\n3,Cy\n', "never closed"),
        (b'Emp No,Name\n1,Ann\n2,"' + b"x" * 6_000_000, "From line 3 on the quotation marks do not fit"),
        (b'Emp No,Name\n1,Ann\n2,"' + b"x" * 6_000_000 + b'"\n', "line 3 holds more than 5000000 characters"),
        (b'Emp No,Name,"' + b"x" * 40_000 + b'"\n1,Ann,a\n', "The header on line 1 has a cell of more"),
        (b"a," * 900 + b"\n" + b"1," * 900 + b"\n", "more than 300 cells"),
        (bomb(), "unpacks to more"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_what_cannot_be_read_is_told_what_it_is(raw, words):
    with pytest.raises(RosterRefused, match=words.replace("(", r"\(").replace(")", r"\)")):
        read_table(raw)


def test_limits_are_checked_before_and_while_reading(monkeypatch):
    monkeypatch.setattr("people.roster.reading.source.MAX_BYTES", 30)
    with pytest.raises(RosterRefused, match="larger than"):
        read_table(delimited().encode())
    monkeypatch.undo()
    monkeypatch.setattr(table, "MAX_ROWS", 1)
    with pytest.raises(RosterRefused, match="more than 1 rows"):
        list(read_table(delimited().encode()).rows())


@pytest.mark.parametrize("note", ["x" * 200_000, "x" * 3_000_000, "so, this; or\n" * 250_000], ids=["x", "xx", "lines"])
def test_a_long_quoted_cell_is_cut_and_the_lines_around_it_are_read(note):
    read, lines = lines_of(f'Name,Emp No,Notes\nAnn Lee,1,"{note}"\nBo Ray,2,x\n'.encode())

    assert read.header == ("Name", "Emp No", "Notes")
    assert [cells[:2] for _line, cells in lines] == [("Ann Lee", "1"), ("Bo Ray", "2")]
    assert (len(lines[0][1][2]), lines[1][1][2]) == (table.MAX_CELL + 1, "x")


def workbook_with(sheet):
    """A workbook whose sheet is this XML."""
    copy = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            content = source.read(member)
            target.writestr(member, sheet if member.filename == "xl/worksheets/sheet1.xml" else content)
    return copy.getvalue()


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'


@pytest.mark.parametrize(
    "sheet",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + SHEET % b"<row><c><v>&a;</v></c></row>",
        SHEET % (b"<row>" * 900_000),
        SHEET % (b"<row/>" * 300_000),
        SHEET % (b"<row>" + b"<c/>" * 200_000 + b"</row>"),
        SHEET % (b'<row><c t="inlineStr"><is><t>' + b"x" * 100_000 + b"</t></is></c></row>"),
        SHEET % (b'<row a="' + b"x" * 3_000_000 + b'"/>'),
    ],
    ids=["entities", "depth", "rows", "cells", "text", "attribute"],
)
def test_a_workbook_that_would_swell_is_refused_before_it_is_built(sheet, monkeypatch):
    monkeypatch.delattr("people.roster.reading.workbook.openpyxl")
    with pytest.raises(RosterRefused, match="unpacks to more"):
        read_table(workbook_with(sheet))


def test_a_sheet_that_says_nothing_sane_is_damaged():
    for sheet in (b"", b"<worksheet>", SHEET % b"<row><c t='s'><v>99</v></c></row>", SHEET % b"<row r='x'/>"):
        with pytest.raises(RosterRefused, match="damaged"):
            list(read_table(workbook_with(sheet)).rows())


def readable(raw):
    try:
        read = read_table(raw)
        return list(read.rows())
    except RosterRefused:
        return None


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_crash_the_reader(raw):
    readable(raw)


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet=st.sampled_from('ab1;,|\t"\n\r\x00\ufeff =éß'), max_size=200),
    st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
def test_no_text_crashes_the_reader(text, encoding):
    readable(text.encode(encoding, "ignore"))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_damage_to_a_workbook_crashes_the_reader(data):
    raw = bytearray(WORKBOOK)
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    readable(bytes(raw[: data.draw(st.integers(1, len(raw)))]))


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=6), st.sampled_from(",;\t|"))
def test_what_a_writer_quotes_is_read_back(rows, delimiter):
    import csv

    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([HEADER, *rows])
    kept = [tuple(table.tidy(cell) for cell in row) for row in rows]

    assert [row.cells for row in read_table(out.getvalue().encode()).rows()] == [row for row in kept if any(row)]
