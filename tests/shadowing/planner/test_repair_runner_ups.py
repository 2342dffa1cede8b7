"""Runner-ups of a plan against the best opening of another host, found by trying them all."""

import random
from dataclasses import replace

import pytest

from shadowing.planner import solve
from shadowing.planner.runner_ups import runner_ups
from tests.shadowing.planner.checks import broken, value, visits_of
from tests.shadowing.planner.seasons import season, tiny
from tests.shadowing.planner.standing import cells, people


def best_others(problem, solution, executive):
    """Changes of the objective by place, for every other host with an opening once this pair is taken up."""
    executives, hosts = people(problem)
    visits = visits_of(problem, solution)
    others = [visit for visit in visits if visit[0].key != executive]
    own = next(visit for visit in visits if visit[0].key == executive)
    found = {}
    for _, host, day in cells(problem, executives[executive]):
        new = [*others, (executives[executive], hosts[host], day)]
        if host != own[1].key and broken(problem, new) == broken(problem, visits):
            found[host, day] = value(problem, new) - value(problem, visits)
    return found


@pytest.mark.parametrize(
    "problem",
    [
        *(tiny(seed) for seed in range(60)),
        season(12, 8, 6, 2, seed=5),
        season(14, 10, 6, 1, away=1, spare=1, seed=6),
        season(14, 10, 6, 2, away=2, rest=4, seed=7),
    ],
)
def test_the_runner_up_is_the_best_other_host(problem):
    solution = solve(problem)
    locked = {pair.executive for pair in problem.locked}

    found = runner_ups(problem, solution.pairs)

    for pair in solution.pairs:
        others = best_others(problem, solution, pair.executive)
        if pair.executive in locked or not others:
            assert pair.executive not in found
        else:
            one = found[pair.executive]
            assert one.change == max(others.values()) == others[one.host, one.date]
            assert one.moves == ()


@pytest.mark.parametrize("seed", range(10))
def test_no_runner_up_of_a_proven_plan_is_better(seed):
    problem = season(30, 20, 10, 2, seed=seed)
    solution = solve(problem)
    assert solution.status == "optimal"

    assert all(one.change <= 0 for one in runner_ups(problem, solution.pairs).values())


def test_preferred_days_come_first_then_early_ones():
    problem = season(20, 30, 10, 2, seed=2)
    days = sorted(problem.sites[0].capacity)
    solution = solve(problem)
    chance = random.Random(0)

    for pair in chance.sample(solution.pairs, 5):
        found = runner_ups(problem, solution.pairs)[pair.executive]
        open_days = [day for host, day in best_others(problem, solution, pair.executive) if host == found.host]
        person = next(one for one in problem.executives if one.key == pair.executive)
        wished = [day for day in open_days if day in person.preferred]
        assert found.date == min(wished or open_days)
    assert days


def test_an_empty_season_has_none():
    problem = tiny(1)

    assert runner_ups(replace(problem, hosts=(), locked=()), ()) == {}
