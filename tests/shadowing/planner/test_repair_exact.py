"""Repairs of small seasons against every repair there is."""

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shadowing.planner import Standing, repair, repairing
from tests.shadowing.planner.checks import broken, value
from tests.shadowing.planner.seasons import tiny
from tests.shadowing.planner.standing import as_visits, asked, crowd, every_repair, stand


def places_of(found):
    moves = [(move.executive, move.new_host, move.new_date) for move in found.moves]
    return [(one.executive, one.host, one.date) for one in found.placed] + moves


def check_repair(problem, standing, found, seekers):
    """Every rule kept, only what may move moved, the change and the moves told truly."""
    before, after = as_visits(problem, standing), as_visits(problem, standing, places_of(found))
    by_executive = {visit.executive: visit for visit in standing}
    assert broken(problem, after) == broken(problem, before)
    prices = 0
    for move in found.moves:
        visit = by_executive[move.executive]
        assert (visit.host, visit.date) == (move.host, move.date)
        assert (move.host, move.date) != (move.new_host, move.new_date)
        prices += asked(visit, (move.executive, move.new_host))
    assert found.change == value(problem, after) - value(problem, before) - prices
    assert {one.executive for one in (*found.placed, *found.left_out)} == set(seekers)


def check_exact(seed, most_moves):
    chance = random.Random(seed)
    problem = tiny(seed)
    seekers = crowd(problem, chance)
    standing = stand(problem, seekers, chance)

    found = repair(problem, standing, seeking=seekers, most_moves=most_moves, seconds=30)

    check_repair(problem, standing, found, seekers)
    best = max(change for *_, change in every_repair(problem, standing, seekers, most_moves * len(seekers)))
    assert found.change == best


@pytest.mark.parametrize("seed", range(40))
def test_a_repair_is_the_best_there_is(seed):
    check_exact(seed, most_moves=2 - seed % 3)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(100, 10**6), most_moves=st.integers(0, 2))
def test_a_repair_is_the_best_there_is_for_any_season(seed, most_moves):
    check_exact(seed, most_moves)


@pytest.mark.parametrize("seed", range(12))
def test_somebody_who_seeks_another_place_gets_the_best_there_is(seed):
    chance, problem = random.Random(seed), tiny(seed)
    standing = stand(problem, [], chance, prices=(20_000,))
    if not standing:
        return
    seeker = standing[0].executive
    others = [visit for visit in standing if visit.executive != seeker]

    found = repair(problem, standing, seeking=[seeker])

    best = max(change for *_, change in every_repair(problem, others, [seeker], 2))
    kept = value(problem, as_visits(problem, standing)) - value(problem, as_visits(problem, others))
    assert found.change == best - kept
    assert found.change >= 0


def test_by_default_all_without_a_visit_are_placed():
    problem = tiny(3)
    chance = random.Random(3)
    seekers = [one.key for one in problem.executives[1:]]
    standing = stand(problem, seekers, chance)
    has = {visit.executive for visit in standing} | {pair.executive for pair in problem.locked}

    found = repair(problem, standing)

    wanted = {one.key for one in problem.executives} - has
    assert {one.executive for one in (*found.placed, *found.left_out)} == wanted


@pytest.mark.parametrize("seed", range(10))
def test_nobody_seeks_nothing_moves(seed):
    problem = tiny(seed)
    standing = stand(problem, [], random.Random(seed))

    found = repair(problem, standing, seeking=[])

    assert (found.placed, found.moves, found.left_out, found.change) == ((), (), (), 0)


@pytest.mark.parametrize("seed", range(10))
def test_locked_and_held_visits_never_move(seed):
    problem = tiny(seed)
    seekers = crowd(problem, random.Random(seed))
    standing = tuple(replace(visit, price=None) for visit in stand(problem, seekers, random.Random(seed)))

    found = repair(problem, standing, seeking=[*seekers, *(visit.executive for visit in standing)])

    assert found.moves == ()
    assert not {visit.executive for visit in standing} & {one.executive for one in found.placed}


@pytest.mark.parametrize("seed", range(20))
def test_visits_that_break_a_rule_as_they_stand_stay_and_nobody_joins_them(seed):
    chance, problem = random.Random(seed), tiny(seed)
    seekers = crowd(problem, chance, most=1)
    hosts, days = problem.hosts, sorted({day for site in problem.sites for day in site.capacity})
    standing = tuple(
        Standing(one.key, chance.choice(hosts).key, chance.choice(days), 0)
        for one in problem.executives
        if one.key not in seekers and one.key not in {pair.executive for pair in problem.locked}
    )
    before = broken(problem, as_visits(problem, standing))

    found = repair(problem, standing, seeking=seekers)

    after = broken(problem, as_visits(problem, standing, places_of(found)))
    assert set(after) <= set(before)


def test_without_hosts_or_days_everybody_is_left_out():
    problem = tiny(1)
    for empty in (replace(problem, hosts=(), locked=()), replace(problem, sites=(), hosts=(), locked=())):
        found = repair(empty, ())
        assert len(found.left_out) == len(empty.executives)


@pytest.mark.parametrize("seed", range(60))
def test_the_search_for_larger_seasons_misses_no_way_with_one_move(seed, monkeypatch):
    monkeypatch.setattr(repairing, "WHOLE", -1)
    chance, problem = random.Random(seed), tiny(seed)
    seekers = crowd(problem, chance, most=1)
    standing = stand(problem, seekers, chance)

    found = repair(problem, standing, seeking=seekers, seconds=30)

    check_repair(problem, standing, found, seekers)
    best = {most: max(one[2] for one in every_repair(problem, standing, seekers, most)) for most in (1, 2)}
    assert best[1] <= found.change <= best[2]


@pytest.mark.parametrize("seed", range(20))
def test_the_search_for_larger_seasons_keeps_every_rule_for_many(seed, monkeypatch):
    monkeypatch.setattr(repairing, "WHOLE", -1)
    chance, problem = random.Random(seed), tiny(seed)
    seekers = crowd(problem, chance, most=3)
    standing = stand(problem, seekers, chance)

    found = repair(problem, standing, seeking=seekers, seconds=30)

    check_repair(problem, standing, found, seekers)
