"""Whole solves: believable seasons, the proof against a linear program of its own, stopping, locking, wishes."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from scipy import optimize, sparse

from shadowing.planner import Executive, Host, Locked, Problem, Rules, Site, Team, scarce, solve
from tests.shadowing.planner.checks import _open, broken, may_meet, pair_score, value, visits_of
from tests.shadowing.planner.seasons import START, season

SEASONS = {
    "roomy": season(40, 30, 10, 1),
    "few places": season(30, 20, 10, 1, spare=0.8),
    "few days": season(40, 30, 10, 2, executive_free=0.15, host_free=0.3),
    "floor cover": season(30, 20, 10, 2, away=1),
    "long rest": season(30, 15, 10, 1, rest=6),
}


@pytest.fixture(params=SEASONS)
def problem(request):
    return SEASONS[request.param]


def test_plans_keep_every_rule_and_are_proven(problem):
    solution = solve(problem)

    visits = visits_of(problem, solution)
    assert broken(problem, visits) == []
    assert solution.objective == value(problem, visits) / 1000
    assert (solution.status, solution.gap, solution.bound) == ("optimal", 0, solution.objective)
    assert len(solution.pairs) + len(solution.left_out) == len(problem.executives)


def test_terms_add_up_and_are_those_of_the_design(problem):
    visits = visits_of(problem, solution := solve(problem))

    for placed, (executive, host, _) in zip(solution.pairs, visits, strict=True):
        assert placed.terms == pair_score(problem, executive, host)
        assert placed.score == sum(placed.terms.values())
        assert placed.site == host.site


@pytest.mark.parametrize("name", ["few places", "few days"])
def test_the_bound_lies_under_a_plain_linear_program(name, monkeypatch):
    monkeypatch.setattr(scarce, "WHOLE", 0)  # the search of large seasons instead of the exact program
    problem = SEASONS[name]

    solution = solve(problem, seconds=3)

    assert solution.objective <= solution.bound
    assert solution.bound * 1000 >= relaxation(problem) - 1e-3
    assert broken(problem, visits_of(problem, solution)) == []


def test_the_search_of_large_seasons_comes_close(monkeypatch):
    exact = solve(SEASONS["few days"])
    monkeypatch.setattr(scarce, "WHOLE", 0)

    searched = solve(SEASONS["few days"], seconds=5)

    assert len(searched.pairs) == len(exact.pairs)
    assert exact.objective <= searched.bound
    assert searched.objective >= exact.objective - 0.03 * sum(pair.score for pair in exact.pairs) / 1000


def test_the_same_seed_gives_the_same_plan(problem):
    one, other = solve(problem, seed=7), solve(problem, seed=7)

    assert replace(one, seconds=0) == replace(other, seconds=0)


def test_the_order_of_people_does_not_matter_for_the_value(problem):
    turned = replace(problem, executives=problem.executives[::-1], hosts=problem.hosts[::-1])

    assert solve(turned).objective == solve(problem).objective


def test_progress_never_goes_back_and_ends_at_one(problem):
    told = []

    solve(problem, progress=lambda step: told.append(step) or True)

    fractions = [step.fraction for step in told]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    assert told[-1].placed == len(solve(problem).pairs)


def test_a_stopped_solve_keeps_the_best_so_far_and_a_true_bound():
    problem, best = SEASONS["few days"], solve(SEASONS["few days"])

    stopped = solve(problem, progress=lambda step: False)

    assert stopped.status in ("cancelled", "optimal")
    assert stopped.objective <= best.objective <= stopped.bound
    assert len(stopped.pairs) > 0
    assert broken(problem, visits_of(problem, stopped)) == []


def test_no_time_at_all_still_gives_a_plan_and_a_true_bound():
    problem = SEASONS["few days"]

    hurried = solve(problem, seconds=0)

    assert hurried.objective <= solve(problem).objective <= hurried.bound
    assert broken(problem, visits_of(problem, hurried)) == []


@pytest.mark.parametrize(
    "change",
    [{"executives": ()}, {"hosts": ()}, {"sites": (Site("site-0", {}),)}],
    ids=["nobody", "no hosts", "no days"],
)
def test_an_empty_season_has_an_empty_plan(change):
    problem = replace(SEASONS["roomy"], **change)

    solution = solve(problem)

    assert solution.pairs == ()
    assert solution.status == "optimal"
    assert solution.objective == -100 * len(problem.executives)
    assert {one.reason.code for one in solution.left_out} <= {"no_hosts", "no_open_days"}


def test_locked_pairs_stay_and_use_up_their_places():
    problem = SEASONS["few places"]
    locked = tuple(Locked(one.executive, one.host, one.date) for one in solve(problem).pairs[:10])
    odd = Locked(problem.executives[0].key, problem.hosts[0].key, START)
    locked = (*[one for one in locked if one.executive != odd.executive and one.host != odd.host], odd)
    problem = replace(problem, locked=locked)

    solution = solve(problem)

    assert broken(problem, visits_of(problem, solution)) == []
    assert set(locked) <= {Locked(one.executive, one.host, one.date) for one in solution.pairs}
    assert solution.status == "optimal"


def small(**changes):
    people = (Executive("E0", preferred=frozenset({START + timedelta(2)})), Executive("E1"))
    hosts = (Host("H0", "leeds", max_visits=2), Host("H1", "leeds", nominated=True))
    sites = (Site("leeds", {START + timedelta(day): 1 for day in range(3)}),)
    return replace(Problem(people, hosts, sites, Rules(START)), **changes)


def test_preferred_days_are_kept_when_they_cost_nothing():
    days = {pair.executive: pair.date for pair in solve(small()).pairs}

    assert days["E0"] == START + timedelta(2)


def test_a_nomination_decides_between_equals():
    alone = small(executives=(Executive("E0"),))

    assert [pair.host for pair in solve(alone).pairs] == ["H1"]


def test_a_second_visit_is_taken_only_when_nobody_else_is_there():
    assert Counter(pair.host for pair in solve(small()).pairs) == {"H0": 1, "H1": 1}


def test_visits_elsewhere_count_for_rest_and_floor_cover():
    busy = Host("H0", "leeds", team="T", max_visits=2, visits=(START,), season_visits=1)
    other = Host("H1", "leeds", team="T", unavailable=frozenset({START + timedelta(1), START + timedelta(2)}))
    problem = small(hosts=(busy, other), teams=(Team("T", 1),), rules=Rules(START, days_between_host_visits=2))

    solution = solve(problem)

    assert [(pair.host, pair.date) for pair in solution.pairs] == [("H0", START + timedelta(2))]
    assert solution.objective == pytest.approx(0.5 - 0.25 - 100)


def relaxation(problem):
    """The best value when visits may be halved: a linear program over every triple, written from the rules."""
    visits = [
        (executive, host, day)
        for executive in problem.executives
        for host in problem.hosts
        if may_meet(problem, executive, host)
        for day in _open(problem, host)
        if day not in executive.unavailable | host.unavailable
    ]
    steps = [(host.key, number) for host in problem.hosts for number in range(1, host.max_visits + 1)]
    capacity = {site.slug: site.capacity for site in problem.sites}
    teams = {team.key: team for team in problem.teams}
    rows, limits = {}, []

    def row(name, limit):
        if name not in rows:
            rows[name] = len(limits)
            limits.append(limit)
        return rows[name]

    cells = []
    for column, (executive, host, day) in enumerate(visits):
        places = capacity[host.site][day]
        cells.append((row(("executive", executive.key), 1), column, 1))
        cells.append((row(("place", host.site, day), places), column, 1))
        cells.append((row(("host", host.key), 0), column, 1))
        near = [day - timedelta(back) for back in range(max(1, problem.rules.days_between_host_visits))]
        cells += [(row(("rest", host.key, one), 1), column, 1) for one in near]
        if teams[host.team].away_at_once is not None:
            cells.append((row(("team", host.team, day), teams[host.team].away_at_once), column, 1))
    for column, (host, _) in enumerate(steps, len(visits)):
        cells.append((row(("host", host), 0), column, -1))
    scores = {
        (e.key, h.key): sum(pair_score(problem, e, h).values()) for e in problem.executives for h in problem.hosts
    }
    gain = [100_000 + scores[executive.key, host.key] for executive, host, _ in visits]
    gain += [-250 * (number - 1) for _, number in steps]
    at, column, sign = np.array(cells).T
    matrix = sparse.csr_array((sign, (at, column)), shape=(len(limits), len(gain)))
    found = optimize.linprog(-np.array(gain), A_ub=matrix, b_ub=limits, bounds=(0, 1))
    return -found.fun - 100_000 * len(problem.executives)
