"""The terms of a score, one by one, with the figures of the design."""

from datetime import date

import pytest

from shadowing.planner import Executive, Host, Rules, Weights, rules, scoring

STARTS = date(2027, 3, 15)


@pytest.mark.parametrize(
    ("hired_on", "months"),
    [
        (date(2027, 2, 15), 1),
        (date(2027, 2, 16), 0),
        (date(2026, 3, 15), 12),
        (date(2027, 3, 15), 0),
        (date(2027, 4, 1), -1),
    ],
)
def test_only_whole_months_count(hired_on, months):
    assert scoring.whole_months(hired_on, STARTS) == months


@pytest.mark.parametrize(
    ("hired_on", "term"), [(None, 0), (date(2024, 9, 15), 0.5), (date(2000, 1, 1), 1), (date(2028, 1, 1), 0)]
)
def test_tenure_is_full_after_five_years_and_nothing_when_unknown(hired_on, term):
    assert scoring.tenure(hired_on, STARTS) == term


@pytest.mark.parametrize(
    ("one", "other", "edges"),
    [
        (("Networks",), ("Networks",), 0),
        (("Networks",), ("Networks", "Field"), 1),
        (("Networks", "Field"), ("Networks", "Core"), 2),
        (("Networks", "Field"), ("Retail",), 3),
        ((), ("Retail",), 1),
        (None, ("Retail",), 0),
    ],
)
def test_distance_goes_over_the_common_ancestor(one, other, edges):
    assert scoring.unit_distance(one, other) == scoring.unit_distance(other, one) == edges


def test_home_site_counts_half_when_not_known():
    assert [scoring.home_site(home, "leeds") for home in ("leeds", "pune", None)] == [1, 0, 0.5]


def test_the_second_and_third_visit_of_a_host_cost_a_quarter_and_a_half():
    assert [scoring.load(number, Weights(fair_load=2)) for number in (1, 2, 3)] == [0, 500, 1000]


def test_a_score_is_the_sum_of_weighted_terms_in_thousandths():
    executive = Executive("E", unit=("Networks", "Field"), home_site="leeds")
    host = Host("H", site="leeds", unit=("Retail",), hired_on=date(2026, 3, 15))

    found = scoring.terms(executive, host, starts_on=STARTS, furthest=4, weights=Weights(tenure=0.5, home_site=2))

    assert found == {"tenure": 100, "other_unit_distance": 750, "home_site": 2000}


SEASON = Rules(STARTS, host_min_tenure_months=6, other_business_unit=True, shared_language=True)


@pytest.mark.parametrize(
    ("executive", "host", "verdicts"),
    [
        (Executive("E"), Host("H", "leeds"), (None, None, None)),
        (
            Executive("E", unit=("A",), languages=frozenset({"en"})),
            Host("H", "leeds", unit=("A",), languages=frozenset({"pt"}), hired_on=date(2027, 1, 1)),
            (False, False, False),
        ),
        (
            Executive("E", unit=("A",), languages=frozenset({"en", "pt"})),
            Host("H", "leeds", unit=("A", "B"), languages=frozenset({"pt"}), hired_on=date(2026, 9, 15)),
            (True, True, True),
        ),
    ],
)
def test_what_is_not_known_is_neither_allowed_nor_excluded(executive, host, verdicts):
    found = (
        rules.long_enough_here(host, SEASON),
        rules.other_unit(executive, host, SEASON),
        rules.shared_language(executive, host, SEASON),
    )

    assert found == verdicts
    assert rules.relied_on_unknown([(executive, host)], SEASON) == {
        name: int(verdict is None) for name, verdict in zip(("tenure", "unit", "language"), verdicts, strict=True)
    }


def test_a_rule_that_is_off_relies_on_nothing():
    off = Rules(STARTS)

    assert rules.relied_on_unknown([(Executive("E"), Host("H", "leeds"))], off) == {
        "tenure": 0, "unit": 0, "language": 0,
    }  # fmt: skip
