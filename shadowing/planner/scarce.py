"""Where the days do not go round: the exact program when it is small, else better and better plans under the bound."""

import numpy as np

from shadowing.planner.columns import all_columns, count_columns, program
from shadowing.planner.draft import Draft
from shadowing.planner.obstacles import fill_in
from shadowing.planner.scoring import LEFT_OUT
from shadowing.planner.slots import improved
from shadowing.planner.table import Floats, Mask, Table
from shadowing.planner.watch import Watch

WHOLE = 20_000  # columns up to which the whole program is solved in one piece


def improve(table: Table, draft: Draft, bound: int, price: Floats, *, seed: int, watch: Watch) -> tuple[Draft, int]:
    """A plan at least as good as ``draft`` and a bound at least as tight as ``bound``."""
    small = count_columns(table) <= WHOLE
    draft = search(table, fill_in(table, draft), bound, price, seed=seed, patience=2 if small else 8, watch=watch)
    if small and draft.objective(table) < bound and not watch.stopped and watch.left() > 0:
        return exact(table, draft, bound, watch=watch)
    return draft, bound


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


def every_window(table: Table) -> Mask:
    """All rest windows of the hosts who could take more than one visit, and of none whose days are single."""
    several = table.host_limit > 1
    return np.repeat(several[:, None], len(table.windows), axis=1)


def search(table: Table, draft: Draft, bound: int, price: Floats, *, seed: int, patience: int, watch: Watch) -> Draft:
    """Slots given out again and again, until the bound is reached, the time is over or nothing moves any more."""
    random, best, idle = np.random.default_rng(seed), draft.objective(table), 0
    while best < bound and idle < patience:
        draft = improved(table, draft, price, random)
        value = draft.objective(table)
        idle = idle + 1 if value <= best else 0
        best = value
        if not watch.tell("places", 0.6, placed=len(draft.placed), objective=best, bound=bound) or watch.left() <= 0:
            break
    return fill_in(table, draft)
