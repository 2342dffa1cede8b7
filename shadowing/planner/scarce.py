"""Where the days do not go round: the exact program when it is small, else column generation and what follows from it."""

import numpy as np

from shadowing.planner.apart import Solvers
from shadowing.planner.closing import closed
from shadowing.planner.columns import all_columns, columns_taken, count_columns
from shadowing.planner.draft import Draft
from shadowing.planner.generation import Generated, generate
from shadowing.planner.obstacles import fill_in
from shadowing.planner.pricing import ROUNDING, Pool
from shadowing.planner.program import Rows, program
from shadowing.planner.reopen import NODES, columns_in_turn, reopened
from shadowing.planner.scoring import LEFT_OUT
from shadowing.planner.sites import settled
from shadowing.planner.slots import improved
from shadowing.planner.table import Floats, Table
from shadowing.planner.watch import Watch

WHOLE = 20_000  # columns up to which the whole program is solved in one piece
SOON = 6  # parts solved again before anything longer
WIDEST = 60_000_000  # columns up to which they are generated: more take minutes to be looked at


def improve(
    table: Table, draft: Draft, bound: int, price: Floats, *, seed: int, solvers: Solvers, watch: Watch
) -> tuple[Draft, int]:
    """A plan at least as good as ``draft`` and a bound at least as tight as ``bound``."""
    number, rows, draft = count_columns(table), Rows(table), fill_in(table, draft)
    slots, found = np.broadcast_to(price[:, None], table.host_days.shape), None
    if number > WHOLE and bound - draft.objective(table) >= LEFT_OUT:  # somebody is left out who may have a place
        draft = open_again(rows, draft, bound, slots, rounds=1, seed=seed, solvers=solvers, watch=watch)
    draft = search(table, draft, bound, price, seed=seed, patience=2, watch=watch)
    if draft.objective(table) >= bound or watch.over:
        return draft, bound
    if number <= WHOLE:
        return exact(rows, draft, bound, solvers=solvers)
    if bound - draft.objective(table) >= LEFT_OUT:
        draft = open_again(rows, draft, bound, slots, rounds=SOON, seed=seed, solvers=solvers, watch=watch)
    if number <= WIDEST:
        pool = Pool(rows)
        draft, found = by_columns(pool, draft, bound, price, seed=seed, solvers=solvers, watch=watch)
        bound, slots = (found.bound, found.priced.slots) if found else (bound, slots)
    draft = open_again(rows, draft, bound, slots, seed=seed, solvers=solvers, watch=watch)
    if found and found.complete and draft.objective(table) < bound and not watch.over:
        draft, bound = closed(pool, found, draft, solvers=solvers)
    return draft, bound


def exact(rows: Rows, draft: Draft, bound: int, *, solvers: Solvers) -> tuple[Draft, int]:
    """The whole program in whole numbers, as far as the time goes."""
    table, columns = rows.table, all_columns(rows.table)
    answer = solvers.whole(program(rows, columns))
    if answer.bound is not None:
        bound = min(bound, int(np.floor(answer.bound + ROUNDING)) - LEFT_OUT * len(table.executives))
    if answer.values is None:
        return draft, bound
    taken = columns_taken(columns, answer.values)
    found = Draft.of(table, taken.executive, taken.host, taken.day)
    return max(found, draft, key=lambda one: one.objective(table)), bound


def by_columns(
    pool: Pool, draft: Draft, bound: int, price: Floats, *, seed: int, solvers: Solvers, watch: Watch
) -> tuple[Draft, Generated | None]:
    """Column generation, and a plan from its fractions."""
    found = generate(pool, draft, price, bound, seed=seed, solvers=solvers, watch=watch)
    if found and draft.objective(pool.table) < found.bound and not watch.over:
        draft = settled(pool, found, draft, seed=seed, solvers=solvers, watch=watch)
    return draft, found


def search(table: Table, draft: Draft, bound: int, price: Floats, *, seed: int, patience: int, watch: Watch) -> Draft:
    """Slots given out again, until that moves nothing any more, the bound is reached, or the time is over."""
    random, best, idle = np.random.default_rng(seed), draft.objective(table), 0
    while best < bound and idle < patience:
        draft = improved(table, draft, price, random)
        value = draft.objective(table)
        idle = idle + 1 if value <= best else 0
        best = value
        if not watch.goes_on(len(draft.placed), best, bound):
            break
    return fill_in(table, draft)


def open_again(
    rows: Rows,
    draft: Draft,
    bound: int,
    slots: Floats,
    *,
    seed: int,
    solvers: Solvers,
    watch: Watch,
    rounds: int | None = None,
) -> Draft:
    """Parts of the plan solved again, ``rounds`` times or until all of them move nothing, or the time is over."""
    table, random = rows.table, np.random.default_rng(seed)
    best, idle, number = draft.objective(table), 0, 0
    idle_most = max(6, 2 * len(table.places))
    while best < bound and idle < idle_most and number != rounds and watch.goes_on(len(draft.placed), best, bound):
        people, columns = columns_in_turn(number, table, draft, slots, random)
        draft = reopened(rows, draft, people, columns, solvers=solvers, nodes=NODES)
        value = draft.objective(table)
        idle, best, number = (idle + 1 if value <= best else 0), value, number + 1
    return draft
