"""Names, stand-ins for names, dates, languages and the like."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.roster import values
from people.roster.names import is_stand_in, tidy_name
from people.roster.values import DateOrder
from people.roster.vocabulary import is_sensitive, squeezed


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", "--", "?", "...", "N/D", "n/d", "N/A", "n.a.", "NA", "#N/A", "Vacant", "VACANT", "Vacancy",
        "'Eliminated'", "“Vacant”", "‘Not in post’", "Not in post", "TBC", "tbc (from May)", "T.B.A.", "Unknown",
        "Vacant - recruiting",
        "Vacant (Jan Smith from May)", "Post vacant", "To be confirmed", "To be appointed", "N/A N/A", "Vacant Vacant",
        "nobody", "Nil", "Withheld", "Name withheld", "not disclosed", "Unfilled", "N.N.", "vakant", "à pourvoir", "12345",
        "XX",
    ],
)  # fmt: skip
def test_stand_ins_mean_nobody(text):
    assert is_stand_in(text)


@pytest.mark.parametrize(
    "text",
    ["Ann Lee", "Marie-Claire Uhart", "Thierry D'Hers", "Nan Tucker", "Noone Ali", "Ng", "Bo", "José", "Ola Unknownsen",
     "Vincent Vacanti", "Tom O'Pending", "王小明", "Мария", "'Ann Lee'"],
)  # fmt: skip
def test_people_are_people(text):
    assert not is_stand_in(text)


def test_names_lose_quotes_around_them_but_not_inside():
    assert tidy_name(" “Ann\n  O'Neil” ") == "Ann O'Neil"
    assert tidy_name("O'Neil'") == "O'Neil'"


@pytest.mark.parametrize(
    ("text", "order", "date"),
    [
        ("2015-03-04", DateOrder.DAY_FIRST, (2015, 3, 4)),
        ("20150304", DateOrder.MONTH_FIRST, (2015, 3, 4)),
        ("2015-03-04 00:00:00", DateOrder.DAY_FIRST, (2015, 3, 4)),
        ("2015-03-04T09:00:00Z", DateOrder.DAY_FIRST, (2015, 3, 4)),
        ("04/03/2015", DateOrder.DAY_FIRST, (2015, 3, 4)),
        ("04/03/2015", DateOrder.MONTH_FIRST, (2015, 4, 3)),
        ("4.3.15", DateOrder.DAY_FIRST, (2015, 3, 4)),
        ("4.3.87", DateOrder.DAY_FIRST, (1987, 3, 4)),
        ("4 March 2015", DateOrder.MONTH_FIRST, (2015, 3, 4)),
        ("March 4, 2015", DateOrder.DAY_FIRST, (2015, 3, 4)),
        ("04-Mar-15", DateOrder.MONTH_FIRST, (2015, 3, 4)),
    ],
)
def test_dates(text, order, date):
    assert values.parse_date(text, order) == datetime.date(*date)


@pytest.mark.parametrize(
    "text", ["", "soon", "31/02/2015", "2015-13-01", "0001-01-01", "March 2015", "41234", "13/13/2015"]
)
def test_what_is_no_date_is_none(text):
    assert values.parse_date(text) is None


def test_the_order_of_a_files_dates_is_chosen_once():
    assert values.date_order(["01/02/2015", "13/02/2015"]) == (DateOrder.DAY_FIRST, True)
    assert values.date_order(["01/02/2015", "02/13/2015"]) == (DateOrder.MONTH_FIRST, True)
    assert values.date_order(["01/02/2015"]) == (DateOrder.DAY_FIRST, False)
    assert values.date_order(["2015-01-02"]) == (DateOrder.DAY_FIRST, True)


def test_languages_become_codes():
    assert values.parse_languages("English, Deutsch; fr en pt_BR") == ("en", "de", "fr", "pt-br")
    assert values.is_language("pt-br")
    assert not values.is_language("klingonese")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ann@corp.example", "ann@corp.example"),
        ("Ann Lee <ann@corp.example>", "ann@corp.example"),
        ("mailto:ann@corp.example;", "ann@corp.example"),
        ("josé1@adventure-works.com", "josé1@adventure-works.com"),
        ("ann", None),
        ("ann@corp", None),
        ("a@b.example, c@b.example", None),
        ("ann@corp.example\nbcc: x@y.example", None),
        ("x" * 260 + "@corp.example", None),
    ],
)
def test_addresses(text, address):
    assert values.parse_address(text) == address


def test_yes_no_visits_and_zones():
    assert [values.parse_yes(text) for text in ("Yes", "x", "no", "0", "4", "A+")] == [
        True,
        True,
        False,
        False,
        None,
        None,
    ]
    assert [values.parse_visits(text) for text in ("1", "3.0", "4", "0", "two")] == [1, 3, None, None, None]
    assert values.parse_time_zone("america/new york") == "America/New_York"
    assert values.parse_time_zone("Mars/Base") is None


@pytest.mark.parametrize(
    "header",
    ["Password", "PIN", "Salary Cost of Reports (£)", "Actual Pay Floor (£)", "BaseSalary", "birthDate", "D.O.B. / DOB",
     "Gender", "NationalIDNumber", "National Insurance No", "SSN",
     "Marital Status", "Sick leave hours", "Performance rating", "IBAN", "pay_band"],
)  # fmt: skip
def test_sensitive_headers_are_known(header):
    assert is_sensitive(header)


@pytest.mark.parametrize(
    "header", ["Name", "Post Unique Reference", "Contact E-mail", "Unit", "Spinning team", "Language", "Stage"]
)
def test_plain_headers_are_not_sensitive(header):
    assert not is_sensitive(header)


def test_headers_are_compared_by_their_letters():
    assert {squeezed(header) for header in ("empNo", "Emp. No", "EMP_NO", " emp no ")} == {"empno"}


@given(st.text())
def test_nothing_written_in_a_cell_raises(text):
    is_stand_in(text)
    tidy_name(text)
    is_sensitive(text)
    for parse in (
        values.parse_date,
        values.parse_languages,
        values.parse_yes,
        values.parse_visits,
        values.parse_time_zone,
    ):
        parse(text)
    values.parse_address(text)
    values.is_blank(text)
