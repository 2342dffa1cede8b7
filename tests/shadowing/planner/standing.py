"""Standing visits for tests, and every repair there could be, by trying them."""

import random
from dataclasses import replace
from itertools import combinations, product

from shadowing.planner import Standing, solve
from tests.shadowing.planner.checks import broken, broken_alone, pair_score, value


def stand(problem, seekers, chance: random.Random, prices=(0, 300, 500, 20_000, None)):
    """The best plan for everybody but the seekers, each visit with one of the prices."""
    others = tuple(one for one in problem.executives if one.key not in seekers)
    solution = solve(replace(problem, executives=others))
    locked = {pair.executive for pair in problem.locked}
    return tuple(
        Standing(pair.executive, pair.host, pair.date, chance.choice(prices))
        for pair in solution.pairs
        if pair.executive not in locked
    )


def crowd(problem, chance: random.Random, most=2):
    """Some executives who have no locked visit."""
    locked = {pair.executive for pair in problem.locked}
    free = [one.key for one in problem.executives if one.key not in locked]
    return chance.sample(free, min(len(free), chance.randint(1, most)))


def people(problem):
    """Executives and hosts by key."""
    return {one.key: one for one in problem.executives}, {one.key: one for one in problem.hosts}


def as_visits(problem, standing, changes=()):
    """The visits as ``checks`` has them: locked ones, standing ones, those changed by (executive, host, day)."""
    executives, hosts = people(problem)
    changed = {executive for executive, _, _ in changes}
    places = [(one.executive, one.host, one.date) for one in (*problem.locked, *standing)]
    places = [place for place in places if place[0] not in changed] + list(changes)
    return [(executives[executive], hosts[host], day) for executive, host, day in places]


def cells(problem, executive):
    """Every host and day that the rules about one visit allow an executive."""
    return [
        (executive.key, host.key, day)
        for host in problem.hosts
        for site in problem.sites
        if site.slug == host.site
        for day in sorted(site.capacity)
        if not broken_alone(problem, executive, host, day)
    ]


def asked(visit, place):
    """The price of a move, half as much again when its host changes."""
    return visit.price if place[1] == visit.host else visit.price * 3 // 2


def every_repair(problem, standing, seekers, most_moves):
    """Each set of places and moves that keeps every rule, with what the objective changes by, prices taken off."""
    executives, _hosts = people(problem)
    start = value(problem, as_visits(problem, standing))
    movable = [visit for visit in standing if visit.price is not None]
    wishes = [[None, *cells(problem, executives[key])] for key in seekers]
    for number in range(most_moves + 1):
        for movers in combinations(movable, number):
            choices = [
                [place for place in cells(problem, executives[one.executive]) if place[1:] != (one.host, one.date)]
                for one in movers
            ]
            for found in product(*wishes, *choices):
                places = [place for place in found if place]
                visits = as_visits(problem, standing, places)
                if not broken(problem, visits):
                    prices = sum(asked(*pair) for pair in zip(movers, found[len(seekers) :], strict=True))
                    yield found[: len(seekers)], movers, value(problem, visits) - start - prices


def score(problem, executive, host):
    executives, hosts = people(problem)
    return sum(pair_score(problem, executives[executive], hosts[host]).values())
