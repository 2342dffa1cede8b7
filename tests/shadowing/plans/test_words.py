"""Every code of the planner has words, whatever data comes with it."""

import re
from pathlib import Path

import pytest

from shadowing.models import PlanLeftOut
from shadowing.planner import obstacles, reasons
from shadowing.plans.words import DETAILS, TITLES, WAYS, days_in_words, words_of

DATA = {
    "hosts": 3, "sites": ["leeds"], "days": ["2027-03-04", "2027-03-05"], "open": 9,
    "free_days": ["2027-03-08"], "free": 1, "rules": ["met", "places"],
}  # fmt: skip
CODES = {*obstacles.KINDS, *re.findall(r'"(no_\w+|several|not_worth)"', Path(reasons.__file__).read_text())}


def test_every_code_has_a_title_and_a_detail():
    assert set(TITLES) == set(DETAILS) == CODES
    assert set(WAYS) <= CODES


@pytest.mark.parametrize("code", sorted(CODES))
@pytest.mark.parametrize("data", [DATA, {}])
def test_words_hold_no_code_and_no_gap(code, data):
    words = words_of(PlanLeftOut(reason=code, detail=data), {"leeds": "Leeds"})

    assert words.title[0].isupper()
    assert "%" not in words.detail
    assert "_" not in words.title + words.detail + words.way


def test_the_sentence_names_sites_days_and_how_many_hosts():
    places = words_of(PlanLeftOut(reason="places", detail=DATA), {"leeds": "Leeds"})
    cover = words_of(PlanLeftOut(reason="cover", detail=DATA), {})

    assert places.detail.replace("\N{NO-BREAK SPACE}", " ") == (
        "Leeds has no place left on any day they can: 4 Mar, 5 Mar and 7 more."
    )
    some = words_of(PlanLeftOut(reason="places", detail=DATA | {"free": 12, "sites": ["leeds", "pune"]}), {})
    assert some.detail.startswith("leeds and pune would fit but are full on 9 of the 12 days they can:")
    assert "3 hosts" in cover.detail
    assert "4\N{NO-BREAK SPACE}Mar, 5\N{NO-BREAK SPACE}Mar and 7 more" in cover.detail


@pytest.mark.parametrize(
    ("days", "number", "words"),
    [
        ([], None, ""),
        (["2027-03-04"], None, "4 Mar"),
        (["2027-03-04", "2027-03-05"], 2, "4 Mar and 5 Mar"),
        ([f"2027-03-0{day}" for day in range(1, 8)], 30, "1 Mar, 2 Mar, 3 Mar, 4 Mar, 5 Mar and 25 more"),
    ],
)
def test_many_days_are_named_and_counted(days, number, words):
    assert days_in_words(days, number).replace("\N{NO-BREAK SPACE}", " ") == words
