"""Column generation by itself: its bound against a linear program of its own, its limits, and what is left when time ends."""

from dataclasses import replace

import numpy as np
import pytest

from shadowing.planner import apart, closing, generation, pricing, scarce, solve
from shadowing.planner.columns import all_columns, columns_in, count_columns
from shadowing.planner.draft import Draft
from shadowing.planner.generation import generate
from shadowing.planner.highs import Answer
from shadowing.planner.pricing import Pool, Priced, near_best
from shadowing.planner.program import Rows
from shadowing.planner.table import Table
from shadowing.planner.watch import Watch
from tests.shadowing.planner.checks import broken, visits_of
from tests.shadowing.planner.seasons import season
from tests.shadowing.planner.test_solve import SEASONS, relaxation

HARD = {
    "few days": SEASONS["few days"],
    "floor cover": season(40, 30, 10, 2, executive_free=0.2, host_free=0.4, away=1),
    "long rest": season(40, 20, 10, 2, executive_free=0.3, host_free=0.5, rest=6),
    "three sites": season(50, 30, 12, 3, executive_free=0.2, host_free=0.3, seed=4),
}


@pytest.fixture(params=HARD)
def problem(request):
    return HARD[request.param]


@pytest.fixture(autouse=True)
def by_columns(monkeypatch):
    monkeypatch.setattr(scarce, "WHOLE", -1)


def generated(problem):
    table, watch = Table(problem), Watch(60, None)
    pool, nobody = Pool(Rows(table)), Draft.empty(table)
    with apart.Solvers(watch) as solvers:
        found = generate(pool, nobody, np.zeros(len(table.hosts)), 10**9, seed=0, solvers=solvers, watch=watch)
    return pool, found


def test_its_bound_is_the_best_of_the_whole_linear_program(problem):
    _pool, found = generated(problem)

    assert found.complete
    assert found.bound == np.floor(relaxation(problem) + 1e-3)


def test_any_prices_prove_a_bound(problem):
    best = solve(problem)
    pool, _found = generated(problem)
    random = np.random.default_rng(1)

    for scale in (0, 10, 1000, 100_000):
        prices = random.random(pool.rows.starts[-1]) * scale
        assert Priced.at(pool, prices).bound >= best.objective * 1000


def test_columns_left_out_by_their_loss_are_in_no_better_plan(problem):
    best = solve(problem)
    pool, found = generated(problem)
    gap = found.bound - round(best.objective * 1000)

    kept = near_best(pool, found.priced, gap)
    codes = set(zip(kept.executive.tolist(), kept.host.tolist(), kept.day.tolist(), strict=True))
    table = pool.table
    rows = {executive.key: row for row, executive in enumerate(table.executives)}
    taken = {(rows[p.executive], table.host_index[p.host], table.date_index[p.date]) for p in best.pairs}

    assert taken <= codes
    assert len(kept) <= count_columns(table)


def test_columns_are_counted_as_they_are_listed(problem):
    table = Table(problem)

    assert count_columns(table) == len(all_columns(table))


def test_a_plan_found_this_way_is_the_best_and_keeps_the_rules(problem, monkeypatch):
    found = solve(problem)
    monkeypatch.setattr(scarce, "WHOLE", 10**9)

    assert found.objective == solve(problem).objective
    assert (found.status, found.gap) == ("optimal", 0)
    assert broken(problem, visits_of(problem, found)) == []


@pytest.mark.parametrize(
    ("module", "limit"), [(pricing, "KEPT"), (generation, "MOST"), (closing, "MOST"), (scarce, "WIDEST")]
)
def test_limits_cost_the_proof_at_most(problem, monkeypatch, module, limit):
    best = solve(problem)
    monkeypatch.setattr(module, limit, 0)

    found = solve(problem)

    assert found.objective <= best.objective <= found.bound
    assert broken(problem, visits_of(problem, found)) == []
    if module is pricing:
        assert replace(found, seconds=0) == replace(best, seconds=0)


@pytest.mark.parametrize("call", ["relaxed", "whole"])
@pytest.mark.parametrize("answered", [0, 1, 3])
def test_solvers_that_give_up_leave_a_plan_and_a_true_bound(problem, monkeypatch, call, answered):
    best, calls = solve(problem), []
    real = getattr(apart.Solvers, call)

    def gives_up(self, *given, **named):
        calls.append(call)
        return real(self, *given, **named) if len(calls) <= answered else Answer(None, finished=False)

    monkeypatch.setattr(apart.Solvers, call, gives_up)
    found = solve(problem)

    assert found.objective <= best.objective <= found.bound
    assert broken(problem, visits_of(problem, found)) == []


def test_everybody_left_out_is_a_draft_without_columns():
    table = Table(HARD["few days"])

    assert len(columns_in(Draft.empty(table))) == 0
