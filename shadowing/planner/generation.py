"""The wide program in fractions by column generation: a proven bound where days are scarce.

A restricted master holds some columns; its prices say which others could gain; those are added until none is left
(Dantzig and Wolfe 1960; Gilmore and Gomory 1961; for columns that are simply listed, the "sifting" of Bixby and others,
1992). The master is solved by the interior point method: prices from there jump less from round to round than those of
the simplex method (Gondzio and others, 2013), which here takes minutes over the many equal scores. Every round proves a
bound by Lagrange's relaxation (Geoffrion 1974), so stopping early wastes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from shadowing.planner.apart import Solvers
from shadowing.planner.columns import Columns
from shadowing.planner.draft import Draft
from shadowing.planner.pricing import Pool, Priced, first_columns, wanted
from shadowing.planner.program import program
from shadowing.planner.table import Floats
from shadowing.planner.watch import Watch

MOST = 150_000  # columns in the master: bounds its memory (about 1 GB) and ends what would take too long anyway


@dataclass
class Generated:
    """The master's columns and the part of each it takes, with prices that prove ``bound``.

    ``complete``: no column is missing, so the bound is the best that fractions give."""

    columns: Columns
    parts: Floats
    priced: Priced
    bound: int
    complete: bool


def generate(
    pool: Pool, draft: Draft, host_price: Floats, bound: int, *, seed: int, solvers: Solvers, watch: Watch
) -> Generated | None:
    """The master grown until no column is missing or the time is over; None when not even one round was finished."""
    rows, columns = pool.rows, first_columns(pool, draft, host_price, seed)
    objective, best = draft.objective(pool.table), None
    while len(columns) <= MOST and watch.goes_on(len(draft.placed), objective, bound):
        answer = solvers.relaxed(program(rows, columns, ties=False))
        if answer.values is None or answer.prices is None:
            break
        priced = Priced.at(pool, answer.prices)
        bound = min(bound, priced.bound)
        new = wanted(pool, priced)
        if best is None or priced.bound <= best.priced.bound or not len(new):
            best = Generated(columns, answer.values[: len(columns)], priced, bound, complete=not len(new))
        best.bound = bound
        if not len(new):
            break
        columns = Columns.joined(pool.table, [columns, new])
    return best
