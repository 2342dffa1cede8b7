"""Programs solved by HiGHS, in fractions or in whole numbers; plain values in and out, so it can run in any process."""

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from shadowing.planner.program import Program
from shadowing.planner.table import Floats

LEAST = 0.05  # seconds
DONE, CUT_SHORT = 0, 1  # SciPy's own numbers


@dataclass
class Answer:
    """Values of the variables, None when none were found; prices of the rows or a bound on the value, as asked for.

    ``finished`` is False when the time or the nodes were used up."""

    values: Floats | None
    prices: Floats | None = None
    bound: float | None = None
    finished: bool = True


def relaxed(program: Program, *, seconds: float) -> Answer:
    """The best solution in fractions and the prices of its rows, by the interior point method."""
    upper = program.upper.copy()
    upper[: program.columns] = np.inf  # executives' rows say the same, and leave no price outside the rows
    found = optimize.linprog(
        -program.gain,
        A_ub=program.matrix,
        b_ub=program.limits,
        bounds=np.column_stack([np.zeros(len(upper)), upper]),
        method="highs-ipm",
        options={"time_limit": max(seconds, LEAST)},
    )
    if found.status != DONE:
        return Answer(None, finished=False)
    return Answer(found.x, prices=np.maximum(-found.ineqlin.marginals, 0))


def whole(program: Program, *, seconds: float, nodes: int | None = None) -> Answer:
    """The best solution with whole columns within so many seconds and nodes of the search tree, and a bound."""
    integral = np.zeros(len(program.gain))
    integral[: program.columns] = 1
    found = optimize.milp(
        -program.gain,
        constraints=optimize.LinearConstraint(program.matrix, ub=program.limits),
        integrality=integral,
        bounds=optimize.Bounds(0, program.upper),
        options={"time_limit": max(seconds, LEAST), "mip_rel_gap": 0} | ({"node_limit": nodes} if nodes else {}),
    )
    bound = None if found.mip_dual_bound is None else -found.mip_dual_bound
    return Answer(found.x, bound=bound, finished=found.status == DONE)
