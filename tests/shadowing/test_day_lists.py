"""Lists of ``person,date`` lines."""

from datetime import date

import pytest

from shadowing.availability import csv
from shadowing.availability.csv import read_days
from shadowing.availability.errors import FileTooBig, NotAListOfDays


def lines(content):
    return [(line.number, line.person, line.date.isoformat()) for line in read_days(content).lines]


@pytest.mark.parametrize(
    "content",
    [
        b"E17,2027-03-04\nE18,2027-03-05\n",
        b"\xef\xbb\xbfE17;2027-03-04\r\nE18;2027-03-05",
        b"E17\t2027-03-04\rE18\t2027-03-05",
        b'"E17", 2027-03-04 \n"E18",20270305\n',
    ],
)
def test_marks_line_ends_and_blanks(content):
    assert lines(content) == [(1, "E17", "2027-03-04"), (2, "E18", "2027-03-05")]


@pytest.mark.parametrize("head", [b"person,date", b"Person,Date", b"e-mail,day", b"employee number,when"])
def test_a_header_is_passed_over(head):
    assert lines(head + b"\nE17,2027-03-04\n") == [(2, "E17", "2027-03-04")]


def test_what_cannot_be_read_is_listed_by_line():
    found = read_days("E17,2027-03-04\n\nE18,4 March\n,2027-03-05\nE19\nZoë Ørsted,2027-02-30\nE20,2027-03-06".encode())
    assert [line.person for line in found.lines] == ["E17", "E20"]
    assert [note.what for note in found.ignored] == ["line 3", "line 4", "line 5", "line 6"]
    assert found.ignored[0].reason == "“4 March” is not a date like 2027-03-04"


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"person,date\n", b"just words", b"\x00\xff\xfe", b"BEGIN:VCALENDAR"]
)
def test_a_file_without_one_line_is_refused(content):
    with pytest.raises(NotAListOfDays):
        read_days(content)


def test_a_cell_that_never_ends_is_refused():
    with pytest.raises(NotAListOfDays):
        read_days(b'"' + b"x" * 200_000 + b",2027-03-04")


def test_limits(monkeypatch):
    monkeypatch.setattr(csv, "MAX_LINES", 2)
    with pytest.raises(FileTooBig):
        read_days(b"E1,2027-03-04\n" * 3)
    monkeypatch.setattr(csv, "MAX_BYTES", 10)
    with pytest.raises(FileTooBig):
        read_days(b"E1,2027-03-04\n")


def test_dates_become_dates():
    assert read_days(b"E17,2027-03-04").lines[0].date == date(2027, 3, 4)
