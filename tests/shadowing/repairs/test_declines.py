"""A season kept alive: one decline after the other, a repair after each, every rule looked at again each time."""

import random
from dataclasses import replace

import pytest

from shadowing.planner import Standing, repair, solve
from tests.shadowing.planner.checks import broken, value
from tests.shadowing.planner.seasons import season
from tests.shadowing.planner.standing import as_visits

CONFIRMED = 20_000
SEASONS = {
    "roomy": season(40, 30, 10, 2, seed=1),
    "few places": season(40, 30, 10, 2, seed=2, spare=1.0),
    "scarce days": season(40, 25, 10, 2, seed=3, executive_free=0.25, host_free=0.4, away=2),
}


def after(standing, found):
    """The visits that stand once a repair is done."""
    moved = {one.executive: (one.new_host, one.new_date) for one in found.moves}
    kept = [
        replace(visit, host=moved[visit.executive][0], date=moved[visit.executive][1])
        if visit.executive in moved
        else visit
        for visit in standing
    ]
    return [*kept, *(Standing(one.executive, one.host, one.date, CONFIRMED) for one in found.placed)]


@pytest.mark.parametrize("name", SEASONS)
def test_no_decline_breaks_a_rule_and_hardly_anybody_else_moves(name):
    problem, chance = SEASONS[name], random.Random(name)
    standing = [Standing(one.executive, one.host, one.date, CONFIRMED) for one in solve(problem).pairs]
    moves = 0
    for _turn in range(20):
        gone = standing.pop(chance.randrange(len(standing)))
        problem = replace(problem, forbidden=problem.forbidden | {(gone.executive, gone.host)})
        before = value(problem, as_visits(problem, standing))

        found = repair(problem, standing, seeking=[gone.executive], seconds=10)

        standing = after(standing, found)
        moves += len(found.moves)
        prices = sum(CONFIRMED if one.host == one.new_host else CONFIRMED * 3 // 2 for one in found.moves)
        assert broken(problem, as_visits(problem, standing)) == []
        assert found.change == value(problem, as_visits(problem, standing)) - before - prices
    assert moves <= 20


def test_a_whole_waiting_list_is_placed_as_far_as_there_is_room():
    problem = season(40, 30, 10, 2, seed=1)
    best = solve(problem)
    standing = [Standing(one.executive, one.host, one.date, CONFIRMED) for one in best.pairs[::2]]

    found = repair(problem, standing, seconds=10)

    assert broken(problem, as_visits(problem, after(standing, found))) == []
    assert len(found.placed) + len(standing) >= len(best.pairs) - 1
