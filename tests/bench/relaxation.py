"""Linear programs that no plan can beat, written apart from the planner and solved by HiGHS in a process of its own.

``by_pairs`` leaves the days out but for how many visits fit in them; ``by_days`` has a variable for every executive, host
and day and every rule of the season. ``python -m tests.bench.relaxation pairs|days CASE`` prints the value in points.
"""

from __future__ import annotations

import json
import sys

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from tests.bench.matrices import Matrices
from tests.bench.planner_cases import case

LEFT_OUT = 100_000  # thousandths
WHOLE = 700_000  # columns up to which a program is solved in one piece
START, TURNS = 40, 12  # columns of an executive to begin with and to add, and how often


class Rows:
    """A matrix in the making: groups of rows with a limit each."""

    def __init__(self, columns: int) -> None:
        self.columns, self.height = columns, 0
        self.entries: list[tuple[NDArray, NDArray, float]] = []
        self.limits: list[NDArray] = []

    def add(self, row: NDArray, limits: NDArray, *, more: tuple[NDArray, NDArray] | None = None) -> None:
        """Column number n stands in ``row[n]`` of this group; ``more``: rows and columns that stand in it with −1."""
        self.entries.append((row + self.height, np.arange(len(row)), 1.0))
        if more:
            self.entries.append((more[0] + self.height, more[1], -1.0))
        self.limits.append(np.asarray(limits, dtype=float))
        self.height += len(limits)

    def some(self, columns: NDArray, row: NDArray, limits: NDArray) -> None:
        """The same for some columns."""
        self.entries.append((row + self.height, columns, 1.0))
        self.limits.append(np.asarray(limits, dtype=float))
        self.height += len(limits)

    def matrix(self) -> sparse.csr_array:
        row, column = (np.concatenate([entry[at] for entry in self.entries]) for at in (0, 1))
        sign = np.concatenate([np.full(len(entry[0]), entry[2]) for entry in self.entries])
        return sparse.csr_array((sign, (row, column)), shape=(self.height, self.columns))


def by_pairs(tables: Matrices) -> float:
    """Executive × host, hosts and sites with what their days hold."""
    executive, host = np.nonzero(tables.allowed())
    room = np.minimum(tables.places, _free_at(tables)).sum(axis=1)
    rows, steps = _begun(tables, executive, host)
    rows.add(tables.site[host], room)
    return _solved(tables, executive, host, rows, steps)


def by_days(tables: Matrices) -> float:
    """Executive × host × day, every rule a row."""
    one, other = np.nonzero(tables.allowed())
    pair, day = np.nonzero(tables.executive_free[one] & tables.host_free[other])
    executive, host, days = one[pair], other[pair], len(tables.days)
    rows, steps = _begun(tables, executive, host)
    rows.add(tables.site[host] * days + day, tables.places.ravel())
    for start in range(days):
        near = [at for at in range(start, days) if (tables.days[at] - tables.days[start]).days < tables.rest]
        inside = np.nonzero(np.isin(day, near))[0]
        rows.some(inside, host[inside], np.ones(len(tables.limit)))
    teams = {team.key: number for number, team in enumerate(tables.problem.teams) if team.away_at_once is not None}
    team = np.array([teams.get(person.team or "", -1) for person in tables.problem.hosts])[host]
    covered, most = np.nonzero(team >= 0)[0], [team.away_at_once for team in tables.problem.teams]
    if len(covered):
        rows.some(covered, (team * days + day)[covered], np.repeat(np.array(most, dtype=float), days))
    return _solved(tables, executive, host, rows, steps)


def _free_at(tables: Matrices) -> NDArray:
    """How many hosts of each site are free on each day."""
    free = np.zeros(tables.places.shape, dtype=int)
    np.add.at(free, tables.site, tables.host_free.astype(int))
    return free


def _begun(tables: Matrices, executive: NDArray, host: NDArray) -> tuple[Rows, NDArray]:
    """The rows of executives and hosts; a host's visits are paid by steps, the variables after the columns."""
    step_host = np.repeat(np.arange(len(tables.limit)), tables.limit)
    rows = Rows(len(executive) + len(step_host))
    rows.add(executive, np.ones(len(tables.executive_free)))
    at = len(executive) + np.arange(len(step_host))
    rows.add(host, np.zeros(len(tables.limit)), more=(step_host, at))
    return rows, np.concatenate([np.arange(limit) for limit in tables.limit] or [np.empty(0, int)])


def _solved(tables: Matrices, executive: NDArray, host: NDArray, rows: Rows, steps: NDArray) -> float:
    gain = np.concatenate([tables.scores()[executive, host] + float(LEFT_OUT), -250.0 * steps])
    matrix, limits = rows.matrix(), np.concatenate(rows.limits)
    if len(executive) > WHOLE:
        best = _in_parts(gain, matrix.tocsc(), limits, executive)
    else:
        best = -_linear(gain, matrix, limits, np.arange(len(gain))).fun
    return float(best - LEFT_OUT * len(tables.executive_free)) / 1000


def _linear(gain: NDArray, matrix: sparse.sparray, limits: NDArray, some: NDArray) -> optimize.OptimizeResult:
    return optimize.linprog(-gain[some], A_ub=matrix[:, some], b_ub=limits, bounds=(0, 1), method="highs-ipm")


def _in_parts(gain: NDArray, matrix: sparse.csc_array, limits: NDArray, executive: NDArray) -> float:
    """The least upper bound that prices from parts of the columns prove, until no column outside is worth its price.

    Whatever the prices, nobody adds more than their best column leaves over, and a step no more than it leaves over."""
    people, chance, least = int(executive.max()) + 1, np.random.default_rng(1), np.inf
    steps = np.arange(len(executive), len(gain))
    some = _best_of_each(gain[: len(executive)] + 400 * chance.random(len(executive)), executive, START)
    for _turn in range(TURNS):
        found = _linear(gain, matrix, limits, np.concatenate([some, steps]))
        price = np.maximum(-found.ineqlin.marginals, 0)
        left_over = gain - matrix.T @ price
        own = np.zeros(people)
        np.maximum.at(own, executive, left_over[: len(executive)] + price[executive])
        least = min(least, limits[people:] @ price[people:] + own.sum() + np.maximum(left_over[steps], 0).sum())
        missing = np.nonzero(left_over[: len(executive)] > 0.01)[0]
        missing = missing[_best_of_each(left_over[missing], executive[missing], START)]
        if not len(np.setdiff1d(missing, some)):
            break
        some = np.union1d(some, missing)
    return float(least)


def _best_of_each(worth: NDArray, owner: NDArray, number: int) -> NDArray:
    """Places of the most worthwhile entries of every owner."""
    order = np.lexsort((-worth, owner))
    first = np.searchsorted(owner[order], owner[order])
    return np.sort(order[np.arange(len(order)) - first < number])


if __name__ == "__main__":
    way = {"pairs": by_pairs, "days": by_days}[sys.argv[1]]
    print(json.dumps({"value": way(Matrices(case(sys.argv[2]).problem()))}))
