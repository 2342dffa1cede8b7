"""Cells of exports: no live formula, no lost number, no broken line."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from people.exports import as_json, csv_lines, neutral, write_xlsx


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=1", "＝1"])
def test_text_that_starts_a_formula_is_neutralised(text):
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("value", [-5, 3.5, None, True, "plain", "a=b"])
def test_numbers_and_plain_text_pass(value):
    assert neutral(value) == value


@given(st.lists(st.tuples(st.text(), st.integers(), st.none() | st.booleans()), max_size=20))
def test_csv_reads_back_row_by_row(rows):
    text = "".join(csv_lines(["a", "b", "c"], rows)).removeprefix("\ufeff")

    read = list(csv.reader(io.StringIO(text, newline="")))

    assert len(read) == len(rows) + 1
    assert [row[1] for row in read[1:]] == [str(row[1]) for row in rows]
    assert not any(cell.startswith(("=", "@")) for row in read[1:] for cell in row[:1])


def test_times_are_written_alike_in_csv_and_json():
    moments = [
        datetime(2027, 3, 1, 9, 30, 5, 250_000, UTC),
        datetime(2027, 3, 1, 11, 30, tzinfo=timezone(timedelta(hours=2))),
        date(2027, 3, 1),
    ]

    line = "".join(csv_lines(["a", "b", "c"], [moments])).splitlines()[1]
    [row] = json.loads(as_json("rows", {}, ["a", "b", "c"], [moments], moments[0]))["rows"]

    assert line.split(",") == row == ["2027-03-01T09:30:05Z", "2027-03-01T09:30:00Z", "2027-03-01"]


def test_xlsx_cells_are_typed():
    moment = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
    with write_xlsx(["a", "b", "c", "d"], [["=1+1", -2, date(2027, 3, 1), moment]], "rows") as file:
        row = load_workbook(file).active[2]

    assert [cell.value for cell in row] == ["'=1+1", -2, datetime(2027, 3, 1), datetime(2027, 3, 1, 9, 30)]  # noqa: DTZ001
    assert row[1].data_type == "n"
