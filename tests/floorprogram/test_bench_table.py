"""The table of `make bench`: ratios, verdicts, and how a row reads. Nothing is timed here."""

import json

import pytest

from tests.bench.table import Row, Table, amount
from tests.factories import NINE


def row(**changes):
    return Row(**{"part": "pages", "what": "issue list", "at": "1,000", "ours": 30.0, **changes})


@pytest.mark.parametrize(
    ("changes", "passed"),
    [
        ({"reference": 20.0, "limit": 1.5}, True),
        ({"reference": 19.0, "limit": 1.5}, False),
        ({"limit": 30}, True),
        ({"limit": 29}, False),
        ({"limit": 30, "least": True}, True),
        ({"limit": 31, "least": True}, False),
        ({"reference": 40.0, "limit": 0.8, "least": True}, False),
        ({}, None),
        ({"reference": 20.0}, None),
        ({"reference": 0.0, "limit": 9}, False),
        ({"ours": None, "limit": 9}, False),
        ({"limit": 30, "doubts": ("9 queries, 8 allowed",)}, False),
    ],
)
def test_a_row_is_judged_by_its_ratio_or_else_by_its_figure(changes, passed):
    assert row(**changes).passed is passed


def test_a_row_shows_both_figures_ratio_budget_and_verdict():
    shown = str(row(ours=30.04, reference=20.0, limit=1.5, note="8 queries")).split()
    assert shown == ["issue", "list", "1,000", "30", "ms", "20", "ms", "1.50", "≤", "1.5", "×", "FAIL", "8", "queries"]


def test_a_row_without_a_reference_shows_its_budget_in_its_own_unit():
    assert "≥ 20,000 rows/s PASS" in str(row(ours=79_000.0, unit="rows/s", limit=20_000, least=True))


@pytest.mark.parametrize(
    ("figure", "words"), [(0.02345, "0.0234"), (1.5, "1.5"), (22.04, "22"), (123.45, "123.5"), (79_123.4, "79,123")]
)
def test_numbers_get_the_digits_they_deserve(figure, words):
    assert amount(figure) == words


def test_a_part_that_breaks_is_a_failed_row_and_the_others_go_on():
    said = []
    table = Table(said.append)
    with table.guarded("pages", "issue list", "1,000"):
        raise ValueError("no such page\nand more")
    table.add(row(limit=40))
    assert [row.verdict for row in table.rows] == ["FAIL", "PASS"]
    assert said[0].endswith("FAIL ValueError: no such page")
    assert table.failed == table.rows[:1]


def test_saving_keeps_the_rows_of_parts_not_measured_this_time(tmp_path):
    path = tmp_path / "var" / "bench.json"
    for part, ours in (("pages", 1.0), ("exports", 2.0), ("pages", 3.0)):
        table = Table(lambda line: None)
        table.add(row(part=part, ours=ours, limit=2))
        table.save(path, now=NINE)
    kept = json.loads(path.read_text())["rows"]
    assert [(row["part"], row["ours"], row["verdict"]) for row in kept] == [
        ("exports", 2.0, "PASS"),
        ("pages", 3.0, "FAIL"),
    ]
    assert kept[0]["measured_at"] == "2027-03-01T09:00:00+00:00"
