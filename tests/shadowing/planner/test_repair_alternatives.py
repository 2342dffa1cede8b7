"""Alternatives for one executive against every other place there is."""

import random
from dataclasses import replace

import pytest

from shadowing.planner import Executive, Host, Problem, Rules, Site, Standing, alternatives
from tests.shadowing.planner.checks import broken
from tests.shadowing.planner.seasons import START, season, tiny
from tests.shadowing.planner.standing import as_visits, cells, crowd, every_repair, people, score, stand

ALL = 10_000


def offered(problem, standing, executive, **filters):
    """Alternatives of every day, all of them, by place."""
    days = sorted({day for site in problem.sites for day in site.capacity})
    found = [one for day in days for one in alternatives(problem, standing, executive=executive, day=day, limit=ALL)]
    return {(one.host, one.date): one for one in found}


def without(standing, executive):
    return tuple(visit for visit in standing if visit.executive != executive)


@pytest.mark.parametrize("seed", range(60))
def test_openings_are_all_there_and_only_those(seed):
    chance, problem = random.Random(seed), tiny(seed)
    (executive,) = crowd(problem, chance, most=1)
    standing = stand(problem, [executive], chance)
    before = broken(problem, as_visits(problem, standing))

    found = offered(problem, standing, executive)

    expected = {}
    for place in cells(problem, people(problem)[0][executive]):
        if broken(problem, [*as_visits(problem, standing), *as_visits(problem, (), [place])[-1:]]) == before:
            expected[place[1:]] = score(problem, executive, place[1])
    assert {place: one.score for place, one in found.items() if not one.moves} == expected


@pytest.mark.parametrize("seed", range(60))
def test_places_that_one_move_makes_are_all_there_at_their_best(seed):
    chance, problem = random.Random(seed), tiny(seed)
    (executive,) = crowd(problem, chance, most=1)
    standing = stand(problem, [executive], chance)

    found = offered(problem, standing, executive)

    best, direct = {}, set()
    for (place,), movers, change in every_repair(problem, standing, [executive], 1):
        if place and not movers:
            direct.add(place[1:])
            assert found[place[1:]].change == change
        elif place:
            best[place[1:]] = max(change, best.get(place[1:], change))
    one_move = {place: one.change for place, one in found.items() if len(one.moves) == 1}
    assert one_move == {place: change for place, change in best.items() if place not in direct}


@pytest.mark.parametrize("seed", range(40))
def test_the_change_is_against_keeping_their_own_visit(seed):
    chance, problem = random.Random(seed), tiny(seed)
    standing = stand(problem, [], chance, prices=(500,))
    for visit in standing:
        alone = offered(problem, without(standing, visit.executive), visit.executive)
        now = alone.pop((visit.host, visit.date))
        for place, one in offered(problem, standing, visit.executive).items():
            if not one.moves:
                assert one.change == alone[place].change - now.change


def test_openings_come_first_and_each_host_once():
    problem = season(40, 30, 10, 2, seed=2, spare=1.5)
    chance = random.Random(1)
    executive = problem.executives[0].key
    standing = stand(problem, [executive], chance, prices=(500,))

    found = alternatives(problem, standing, executive=executive, limit=12)

    moves = [len(one.moves) for one in found]
    assert moves == sorted(moves)
    direct = [one.change for one in found if not one.moves]
    assert direct == sorted(direct, reverse=True)
    assert len({one.host for one in found}) == len(found) == 12


def test_a_host_asked_for_is_shown_with_every_day():
    problem = season(20, 30, 10, 2, seed=2)
    executive = problem.executives[0].key
    best = alternatives(problem, (), executive=executive)[0]

    found = alternatives(problem, (), executive=executive, host=best.host, limit=50)

    assert {one.host for one in found} == {best.host}
    assert len({one.date for one in found}) == len(found) > 1
    assert alternatives(problem, (), executive=executive, host="nobody") == ()


def test_somebody_locked_held_or_unknown_has_no_alternatives():
    problem = season(20, 30, 10, 2, seed=2)
    one = alternatives(problem, (), executive="E0")[0]

    assert alternatives(problem, (Standing("E0", one.host, one.date, None),), executive="E0") == ()
    assert alternatives(problem, (), executive="nobody") == ()
    assert alternatives(replace(problem, hosts=()), (), executive="E0") == ()


def chain(length):
    """A seeker who can meet only the first host, whose guest can go to the next one only, and so on."""
    hosts = tuple(Host(f"H{n}", "leeds") for n in range(length + 1))
    met = {n: frozenset(h.key for h in hosts if h.key not in (f"H{n - 1}", f"H{n}")) for n in range(1, length + 1)}
    guests = tuple(Executive(f"E{n}", met=met[n]) for n in range(1, length + 1))
    seeker = Executive("E0", met=frozenset(host.key for host in hosts[1:]))
    problem = Problem((seeker, *guests), hosts, (Site("leeds", {START: 9}),), Rules(START))
    return problem, tuple(Standing(f"E{n}", f"H{n - 1}", START, 20_000) for n in range(1, length + 1))


def test_two_visits_move_where_nothing_less_makes_a_place():
    problem, standing = chain(2)

    (found,) = alternatives(problem, standing, executive="E0")

    assert (found.host, found.date, found.change) == ("H0", START, 100_500 - 2 * 30_000)
    assert [(move.executive, move.host, move.new_host) for move in found.moves] == [
        ("E1", "H0", "H1"),
        ("E2", "H1", "H2"),
    ]


def test_three_moves_are_too_many():
    problem, standing = chain(3)

    assert alternatives(problem, standing, executive="E0") == ()
