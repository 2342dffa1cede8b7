"""Every remedy is true: after its changes the executive has a place and nobody else moved."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from shadowing.planner import Executive, Host, Locked, Problem, Rules, Site, Team, solve
from shadowing.planner.changes import applied
from tests.shadowing.planner.checks import broken, visits_of
from tests.shadowing.planner.seasons import START, season, tiny


def remedies(left_out):
    return left_out.reason.data.get("remedies", [])


def place_of(problem, left_out, remedy):
    executive = next(one for one in problem.executives if one.key == left_out.executive)
    host = next(one for one in problem.hosts if one.key == remedy["host"])
    assert host.site == remedy["site"]
    return executive, host, date.fromisoformat(remedy["date"])


SMALL = [tiny(seed) for seed in range(60)]
CROWDED = [
    season(30, 20, 10, 1, spare=0.7),
    season(20, 10, 10, 2, executive_free=0.15, host_free=0.3, seed=3),
    season(20, 8, 10, 2, away=1, rest=6, seed=4),
]


@pytest.mark.parametrize("problem", [*SMALL, *CROWDED])
def test_what_a_remedy_says_places_them_beside_everybody_else(problem):
    solution = solve(problem)
    before = broken(problem, visits_of(problem, solution))

    for left_out in solution.left_out:
        for remedy in remedies(left_out):
            changed = applied(problem, remedy["changes"])
            visits = [*visits_of(changed, solution), place_of(changed, left_out, remedy)]
            assert broken(changed, visits) == before, remedy


@pytest.mark.parametrize("problem", [*SMALL, *CROWDED])
def test_no_part_of_a_remedy_is_enough(problem):
    solution = solve(problem)

    for left_out in solution.left_out:
        for remedy in remedies(left_out):
            for part in remedy["changes"]:
                rest = [change for change in remedy["changes"] if change is not part]
                changed = applied(problem, rest)
                executive, host, day = place_of(changed, left_out, remedy)
                alone = broken(changed, [*visits_of(changed, solution), (executive, host, day)])
                by_hand = Locked(executive.key, host.key, day) in changed.locked
                assert alone or by_hand, remedy


def one_of_each(**changes):
    executive = Executive("E", unit=("A",), languages=frozenset({"ja"}))
    host = Host("H", "leeds", team="T", unit=("B",), hired_on=date(1999, 1, 1), languages=frozenset({"ja"}))
    rules = Rules(START, 6, other_business_unit=True, shared_language=True, days_between_host_visits=3)
    sites = (Site("leeds", {START: 1}),)
    return replace(Problem((executive,), (host,), sites, rules, teams=(Team("T", 1),)), **changes)


EXECUTIVE, HOST = one_of_each().executives[0], one_of_each().hosts[0]
DAY = START.isoformat()


@pytest.mark.parametrize(
    ("changes", "remedy"),
    [
        ({"sites": (Site("leeds", {START: 0}),)}, {"kind": "places", "site": "leeds", "date": DAY, "more": 1}),
        ({"teams": (Team("T", 0),)}, {"kind": "cover", "date": DAY, "team": "T", "more": 1}),
        (
            {"hosts": (replace(HOST, visits=(START + timedelta(2),)),)},
            {"kind": "rest", "host": "H", "date": DAY, "days": 2, "rule": 3},
        ),
        (
            {"hosts": (replace(HOST, visits=(START + timedelta(20),), season_visits=1),)},
            {"kind": "host_visits", "host": "H", "more": 1, "number": 2},
        ),
        ({"hosts": (replace(HOST, unavailable=frozenset({START})),)}, {"kind": "host_days", "host": "H", "date": DAY}),
        (
            {"executives": (replace(EXECUTIVE, unavailable=frozenset({START})),)},
            {"kind": "own_days", "executive": "E", "date": DAY},
        ),
        ({"forbidden": frozenset({("E", "H")})}, {"kind": "pair_rule", "executive": "E", "host": "H"}),
        (
            {"executives": (replace(EXECUTIVE, met=frozenset({"H"})),)},
            {"kind": "met", "executive": "E", "host": "H"},
        ),
        (
            {"executives": (replace(EXECUTIVE, unit=("B",)),)},
            {"kind": "unit", "executive": "E", "host": "H", "date": DAY},
        ),
        (
            {"executives": (replace(EXECUTIVE, languages=frozenset({"pt"})),)},
            {"kind": "language", "executive": "E", "host": "H", "date": DAY},
        ),
        (
            {"hosts": (replace(HOST, hired_on=START - timedelta(70)),)},
            {"kind": "tenure", "executive": "E", "host": "H", "date": DAY, "months": 2, "rule": 6},
        ),
    ],
)
def test_each_kind_says_what_has_to_change(changes, remedy):
    (left_out,) = solve(one_of_each(**changes)).left_out

    (found,) = remedies(left_out)

    assert found["changes"] == [remedy]
    assert (found["kind"], found["host"], found["site"], found["date"]) == (remedy["kind"], "H", "leeds", DAY)


def test_several_changes_come_together_where_no_single_one_would_do():
    problem = one_of_each(forbidden=frozenset({("E", "H")}), sites=(Site("leeds", {START: 0}),))

    (found,) = remedies(solve(problem).left_out[0])

    assert found["kind"] == "several"
    assert [change["kind"] for change in found["changes"]] == ["places", "pair_rule"]


@pytest.mark.parametrize(
    "changes",
    [
        {"hosts": (replace(HOST, max_visits=0),)},
        {"hosts": (replace(HOST, visits=(START,)),), "teams": ()},
        {"hosts": (replace(HOST, max_visits=3, season_visits=3),)},
    ],
)
def test_what_must_not_be_is_never_offered(changes):
    (left_out,) = solve(one_of_each(**changes)).left_out

    assert remedies(left_out) == []


def test_a_place_overbooked_by_hand_needs_more_than_one_place_more():
    mates = tuple(replace(HOST, key=f"M{n}", team=None) for n in range(2))
    others = tuple(replace(EXECUTIVE, key=f"O{n}") for n in range(2))
    problem = one_of_each(
        executives=(EXECUTIVE, *others),
        hosts=(HOST, *mates),
        locked=tuple(Locked(f"O{n}", f"M{n}", START) for n in range(2)),
    )

    (left_out,) = solve(problem).left_out

    assert remedies(left_out)[0]["changes"][0]["more"] == 2


def test_easy_and_different_remedies_come_first():
    busy = replace(HOST, key="B", team=None, max_visits=1, season_visits=1, visits=(START + timedelta(20),))
    away = replace(HOST, key="A", team=None, unavailable=frozenset({START}))
    problem = one_of_each(
        hosts=(away, busy, replace(HOST, team="T")), teams=(Team("T", 0),), sites=(Site("leeds", {START: 5}),)
    )

    found = remedies(solve(problem).left_out[0])

    assert [one["kind"] for one in found] == ["host_visits", "cover", "host_days"]
