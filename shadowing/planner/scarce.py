"""Where the days do not go round: the exact program when it is small, else better and better plans under the bound."""

import numpy as np

from shadowing.planner.columns import all_columns, count_columns, every_window, program
from shadowing.planner.draft import Draft
from shadowing.planner.obstacles import fill_in
from shadowing.planner.reopen import opened_in_turn, reopened
from shadowing.planner.scoring import LEFT_OUT
from shadowing.planner.slots import improved
from shadowing.planner.table import Floats, Table
from shadowing.planner.watch import Watch

WHOLE = 20_000  # columns up to which the whole program is solved in one piece


def improve(table: Table, draft: Draft, bound: int, price: Floats, *, seed: int, watch: Watch) -> tuple[Draft, int]:
    """A plan at least as good as ``draft`` and a bound at least as tight as ``bound``."""
    small = count_columns(table) <= WHOLE
    draft = search(table, fill_in(table, draft), bound, price, seed=seed, patience=2, watch=watch)
    if draft.objective(table) >= bound or watch.over:
        return draft, bound
    if small:
        return exact(table, draft, bound, watch=watch)
    return open_again(table, draft, bound, price, seed=seed, watch=watch), bound


def exact(table: Table, draft: Draft, bound: int, *, watch: Watch) -> tuple[Draft, int]:
    """The whole program in whole numbers, as far as the time goes."""
    columns = all_columns(table)
    whole = program(table, columns, every_window(table))
    result = whole.whole(watch.left())
    if result.mip_dual_bound is not None:
        proven = int(np.floor(-result.mip_dual_bound + 1e-4)) - LEFT_OUT * len(table.executives)
        bound = min(bound, proven)
    if result.x is None:
        return draft, bound
    taken = columns.only(result.x[: len(columns)] > 0.5)
    found = Draft.of(table, taken.executive, taken.host, taken.day)
    return max(found, draft, key=lambda one: one.objective(table)), bound


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


def open_again(table: Table, draft: Draft, bound: int, price: Floats, *, seed: int, watch: Watch) -> Draft:
    """Parts of the plan solved again, until a whole round of them moves nothing, or the time is over."""
    random, best, idle, number = np.random.default_rng(seed), draft.objective(table), 0, 0
    while best < bound and idle < max(6, 2 * len(table.places)) and watch.goes_on(len(draft.placed), best, bound):
        opened = opened_in_turn(number, table, draft, price, random)
        draft = reopened(table, draft, price, opened, seconds=watch.left())
        value = draft.objective(table)
        idle, best, number = (idle + 1 if value <= best else 0), value, number + 1
    return draft
