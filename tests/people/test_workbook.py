"""The workbook: what each kind of value is read back as, hostile text, many columns, flat memory."""

import io
import math
import tracemalloc
import zipfile
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum
from xml.etree import ElementTree

import pytest
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook

from people import workbook
from people.models import Role


class Step(IntEnum):
    FIRST = 1


naive = datetime.fromisoformat


def read(*rows, title="Rows"):
    file = io.BytesIO()
    workbook.write(file, rows, title=title)
    file.seek(0)
    return load_workbook(file).active


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Zoë & <b>", "Zoë & <b>"), ("  kept  ", "  kept  "), ("two\nlines", "two\nlines"), ("", None), (None, None),
        ("a\x00b\x1fc\ud800d\ufffe", "abcd"), ("x" * 40_000, "x" * 32_767), ("]]>", "]]>"), ("=1+1", "=1+1"),
        (7, 7), (-2, -2), (0.25, 0.25), (10**12, 10**12), (math.inf, "inf"), (math.nan, "nan"), (True, True), (False, False),
        (Step.FIRST, 1), (Role.ADMIN, "admin"), (gettext_lazy("Host"), "Host"), (Decimal("1.50"), "1.50"),
        (date(2027, 3, 1), naive("2027-03-01T00:00:00")), (date(1999, 12, 31), naive("1999-12-31T00:00:00")),
        (datetime(2027, 3, 1, 9, 30, 15, tzinfo=UTC), naive("2027-03-01T09:30:15")),
        (datetime(2027, 3, 1, 1, tzinfo=timezone(timedelta(hours=2))), naive("2027-02-28T23:00:00")),
        (naive("2027-03-01T23:59:59"), naive("2027-03-01T23:59:59")),
    ],
)  # fmt: skip
def test_a_value_is_read_back_as_what_it_is(value, expected):
    sheet = read(["head", "last"], [value, "end"])

    assert sheet["A2"].value == expected
    assert sheet["B2"].value == "end"
    assert sheet["A2"].data_type != "f"


def test_days_are_shown_as_days():
    sheet = read([date(2027, 3, 1), datetime(2027, 3, 1, 9, tzinfo=UTC), 5])
    assert [cell.number_format for cell in sheet[1]] == ["yyyy-mm-dd", "yyyy-mm-dd\\ hh:mm:ss", "General"]


def test_columns_go_on_after_z():
    sheet = read(list(range(60)))
    assert (sheet["Z1"].value, sheet["AA1"].value, sheet["BH1"].value) == (25, 26, 59)


def test_a_sheet_may_be_called_anything_and_be_empty():
    assert read(title='R&D "2027" <a>').title == 'R&D "2027" <a>'
    assert read().max_row == 1


def test_every_part_is_xml_and_named():
    file = io.BytesIO()
    workbook.write(file, [["a"]], title="Rows")
    with zipfile.ZipFile(file) as book:
        assert book.testzip() is None
        for name in book.namelist():
            ElementTree.fromstring(book.read(name))
        types = book.read("[Content_Types].xml").decode()
    assert all(f'PartName="/{name}"' in types for name in ("xl/workbook.xml", "xl/styles.xml", workbook.SHEET))


def test_memory_does_not_grow_with_the_rows(tmp_path):
    def peak(count):
        tracemalloc.start()
        with (tmp_path / "rows.xlsx").open("wb") as file:
            workbook.write(file, (["words " * 10, number] for number in range(count)), title="Rows")
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(6_000) < 1.5 * peak(1_500)
