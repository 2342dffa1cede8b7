"""Reasons are true: without the rule they name, the executive gets in."""

from dataclasses import replace
from datetime import date

import pytest

from shadowing.planner import Executive, Host, Problem, Rules, Site, Team, solve
from tests.shadowing.planner.seasons import START, season, tiny

FREE = date(1999, 1, 1)


def own_days(problem, executive):
    return change_executive(problem, executive, unavailable=frozenset())


def met(problem, executive):
    return change_executive(problem, executive, met=frozenset())


def unit(problem, executive):
    return change_executive(problem, executive, unit=None)


def language(problem, executive):
    return change_executive(problem, executive, languages=frozenset())


def pair_rule(problem, executive):
    return replace(problem, forbidden=frozenset(pair for pair in problem.forbidden if pair[0] != executive))


def tenure(problem, executive):
    return replace(problem, rules=replace(problem.rules, host_min_tenure_months=0))


def places(problem, executive):
    return replace(problem, sites=tuple(Site(s.slug, dict.fromkeys(s.capacity, 99)) for s in problem.sites))


def host_visits(problem, executive):
    return replace(problem, hosts=tuple(replace(host, max_visits=9) for host in problem.hosts))


def host_days(problem, executive):
    return replace(problem, hosts=tuple(replace(host, unavailable=frozenset()) for host in problem.hosts))


def cover(problem, executive):
    return replace(problem, teams=tuple(Team(team.key) for team in problem.teams))


def rest(problem, executive):
    return replace(problem, rules=replace(problem.rules, days_between_host_visits=0))


def change_executive(problem, key, **changes):
    people = tuple(replace(one, **changes) if one.key == key else one for one in problem.executives)
    return replace(problem, executives=people)


WITHOUT = {
    rule.__name__: rule
    for rule in (own_days, met, unit, language, pair_rule, tenure, places, host_visits, host_days, cover, rest)
}


@pytest.mark.parametrize(
    "problem",
    [
        *(tiny(seed) for seed in range(40)),
        season(30, 20, 10, 1, spare=0.7),
        season(20, 10, 10, 2, executive_free=0.15, host_free=0.3, seed=3),
        season(20, 8, 10, 2, away=1, rest=6, seed=4),
    ],
)
def test_dropping_the_binding_rule_lets_one_more_in(problem):
    solution = solve(problem)

    for left_out in solution.left_out:
        if left_out.reason.code in WITHOUT:
            eased = WITHOUT[left_out.reason.code](problem, left_out.executive)
            assert len(solve(eased).pairs) > len(solution.pairs), left_out


def one_of_each(**changes):
    executive = Executive("E", unit=("A",), languages=frozenset({"ja"}))
    host = Host("H", "leeds", team="T", unit=("B",), hired_on=FREE, languages=frozenset({"ja"}))
    sites = (Site("leeds", {START: 1}),)
    rules = Rules(START, 6, other_business_unit=True, shared_language=True, days_between_host_visits=3)
    return replace(Problem((executive,), (host,), sites, rules, teams=(Team("T", 1),)), **changes)


EXECUTIVE, HOST = one_of_each().executives[0], one_of_each().hosts[0]


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("own_days", {"executives": (replace(EXECUTIVE, unavailable=frozenset({START})),)}),
        ("met", {"executives": (replace(EXECUTIVE, met=frozenset({"H"})),)}),
        ("unit", {"executives": (replace(EXECUTIVE, unit=("B",)),)}),
        ("language", {"executives": (replace(EXECUTIVE, languages=frozenset({"pt"})),)}),
        ("pair_rule", {"forbidden": frozenset({("E", "H")})}),
        ("tenure", {"hosts": (replace(HOST, hired_on=START),)}),
        ("places", {"sites": (Site("leeds", {START: 0}),)}),
        ("host_visits", {"hosts": (replace(HOST, max_visits=0),)}),
        ("host_days", {"hosts": (replace(HOST, unavailable=frozenset({START})),)}),
        ("host_busy", {"hosts": (replace(HOST, visits=(START,)),), "teams": ()}),
        ("rest", {"hosts": (replace(HOST, visits=(date(2027, 3, 2),)),)}),
        ("cover", {"teams": (Team("T", 0),)}),
        ("no_hosts", {"hosts": (replace(HOST, key="E"),)}),
        ("no_open_days", {"sites": (Site("leeds", {}),)}),
    ],
)
def test_each_rule_is_named_when_it_alone_stands_in_the_way(code, changes):
    solution = solve(one_of_each(**changes))

    assert [one.reason.code for one in solution.left_out] == [code]


def test_several_rules_are_all_named():
    problem = one_of_each(forbidden=frozenset({("E", "H")}), sites=(Site("leeds", {START: 0}),))

    (left_out,) = solve(problem).left_out

    assert left_out.reason.code == "several"
    assert left_out.reason.data["rules"] == ["places", "pair_rule"]


def test_a_reason_says_where_and_when():
    (left_out,) = solve(one_of_each(sites=(Site("leeds", {START: 0}),))).left_out

    assert left_out.reason.data | {"remedies": []} == {
        "hosts": 1, "sites": ["leeds"], "days": ["2027-03-01"], "open": 1, "free_days": ["2027-03-01"], "free": 1,
        "remedies": [],
    }  # fmt: skip


def test_somebody_who_would_cost_more_than_being_left_out_is_told_so():
    busy = replace(HOST, max_visits=3, season_visits=2, team=None)
    base = one_of_each(hosts=(busy,))

    (left_out,) = solve(replace(base, weights=replace(base.weights, fair_load=1000))).left_out

    assert left_out.reason.code == "not_worth"
