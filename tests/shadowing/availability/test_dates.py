"""Dates as people paste them."""

from datetime import date

import pytest

from shadowing.availability.dates import NotDates, read_dates

TODAY = date(2027, 2, 15)


def days(text):
    return [f"{day:%m-%d}" if day.year == 2027 else day.isoformat() for day in read_dates(text, today=TODAY)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4 March, 5 March – 7 March", ["03-04", "03-05", "03-06", "03-07"]),
        ("2027-03-04\n2027-03-09", ["03-04", "03-09"]),
        ("2027-03-04 – 2027-03-06", ["03-04", "03-05", "03-06"]),
        ("2027-03-04/2027-03-05", ["03-04", "03-05"]),
        ("2027-03-04 to 2027-03-05; 2027-03-04", ["03-04", "03-05"]),
        ("Thu 4 Mar", ["03-04"]),
        ("Thursday, 4 March 2027", ["03-04"]),
        ("March 4, 2027", ["03-04"]),
        ("March 4 and March 8", ["03-04", "03-08"]),
        ("4th March & 5th March", ["03-04", "03-05"]),
        ("4.3.2027, 5.3.", ["03-04", "03-05"]),
        ("4–6 March", ["03-04", "03-05", "03-06"]),
        ("4-6 March", ["03-04", "03-05", "03-06"]),
        ("14-16 March", ["03-14", "03-15", "03-16"]),
        ("4 - 6 March 2028", ["2028-03-04", "2028-03-05", "2028-03-06"]),
        ("31 Dec – 1 Jan", ["12-31", "2028-01-01"]),
        ("1 February", ["2028-02-01"]),  # this year's is over
        ("15 February", ["02-15"]),
        ("29 February 2028", ["2028-02-29"]),
        ("29 Feb", ["2028-02-29"]),
        ("  \n\n4 march\u00a02027 \n", ["03-04"]),
        ("", []),
    ],
)
def test_dates_as_people_write_them(text, expected):
    assert days(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("4 March\nnext week", "Line 2: “next week” is no date"),
        ("4 Merch", "Line 1: “4 Merch” is no date"),
        ("31 June 2027", "“31 June 2027” is no day"),
        ("30 February", "is no day"),
        ("4", "is no date"),
        ("4 – 6", "is no date"),
        ("3/4/2027", "is no date"),
        ("9 March 2027 – 4 March 2027", "ends before it begins"),
        ("1 March 2027 – 1 April 2029", "lasts over a year"),
        ("0 March", "no day"),
        ("\x00", "no date"),
        ("March", "no date"),
        ("2027", "no date"),
    ],
)
def test_what_is_no_date_is_named_with_its_line(text, words):
    with pytest.raises(NotDates, match="Line") as refusal:
        read_dates(text, today=TODAY)
    assert words in str(refusal.value)


def test_months_in_the_readers_language():
    from django.utils import translation

    with translation.override("de"):
        assert days("4. März, 5. Mai") == ["03-04", "05-05"]


def test_long_lists_are_refused_at_once():
    with pytest.raises(NotDates, match="too long"):
        read_dates("4 March\n" * 2001, today=TODAY)
