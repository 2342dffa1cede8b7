"""The last of the gap: the program in whole numbers over those columns that a better plan could still have.

A column whose reduced cost is more than the gap is in no better plan and can be left out (Dantzig, Fulkerson and Johnson
1954); the program over the others, if it is small enough to be finished, ends the question exactly.
"""

from __future__ import annotations

import numpy as np

from shadowing.planner.apart import Solvers
from shadowing.planner.columns import Columns, columns_in, columns_taken
from shadowing.planner.draft import Draft
from shadowing.planner.generation import Generated
from shadowing.planner.pricing import ROUNDING, Pool, near_best
from shadowing.planner.program import program
from shadowing.planner.scoring import LEFT_OUT

MOST = 60_000  # columns of a program in whole numbers


def closed(pool: Pool, found: Generated, draft: Draft, *, solvers: Solvers) -> tuple[Draft, int]:
    """A plan at least as good and a bound at least as tight, as far as the time goes.

    Where the columns within the gap are too many, those within a part of it are taken: every plan with another column
    is that part under the bound of the fractions.
    """
    table, best = pool.table, draft.objective(pool.table)
    reach = found.priced.bound - best
    columns = near_best(pool, found.priced, reach)
    while len(columns) > MOST and reach:
        reach //= 2
        columns = near_best(pool, found.priced, reach)
    if len(columns) > MOST:
        return draft, found.bound
    columns = Columns.joined(table, [columns, columns_in(draft)])
    answer = solvers.whole(program(pool.rows, columns))
    bound = found.bound
    if answer.bound is not None:
        proven = int(np.floor(answer.bound + ROUNDING)) - LEFT_OUT * len(table.executives)
        bound = min(bound, max(proven, found.priced.bound - reach, best))
    if answer.values is None:
        return draft, bound
    taken = columns_taken(columns, answer.values)
    new = Draft.of(table, taken.executive, taken.host, taken.day)
    return max(draft, new, key=lambda one: one.objective(table)), bound
