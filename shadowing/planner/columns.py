"""Executive × host × day as a linear program over some of its columns, and the prices that bound all of them.

Any prices of hosts' visits, hosts' rest windows, teams' and sites' days prove a bound: everybody at their best margin,
plus what the priced things earn. The program's own prices prove its optimum once no column outside has a better margin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse

from shadowing.planner.days import stack
from shadowing.planner.pairing import best_of_each
from shadowing.planner.scoring import LEFT_OUT
from shadowing.planner.table import Array, Floats, Mask, Table


@dataclass
class Columns:
    """Some (executive, host, day) triples, sorted and without doubles."""

    executive: Array
    host: Array
    day: Array

    @classmethod
    def of(cls, table: Table, executive: Array, host: Array, day: Array) -> Columns:
        """Columns from triples in any order."""
        _, hosts, days = table.shape
        codes = np.unique((executive * hosts + host) * days + day)
        rest, day = np.divmod(codes, max(1, days))
        executive, host = np.divmod(rest, max(1, hosts))
        return cls(executive, host, day)

    def __len__(self) -> int:
        return len(self.executive)

    def plus(self, table: Table, other: Columns) -> Columns:
        """Both."""
        return Columns.of(
            table,
            np.concatenate([self.executive, other.executive]),
            np.concatenate([self.host, other.host]),
            np.concatenate([self.day, other.day]),
        )

    def only(self, keep: Mask) -> Columns:
        """Those marked."""
        return Columns(self.executive[keep], self.host[keep], self.day[keep])


def all_columns(table: Table) -> Columns:
    """Every triple that the rules allow by itself."""
    parts = []
    for rows, allowed in table.blocks():
        executive, host = np.nonzero(allowed)
        pair, day = np.nonzero(table.executive_free[executive + rows.start] & table.host_days[host])
        parts.append((executive[pair] + rows.start, host[pair], day))
    joined = [np.concatenate(column) for column in zip(*parts, strict=True)] or [np.empty(0, dtype=np.int64)] * 3
    return Columns.of(table, *joined)


def count_columns(table: Table) -> int:
    """How many triples there are at most: days common to allowed pairs."""
    total = 0.0
    for rows, allowed in table.blocks():
        common = table.executive_free[rows].astype(np.float32) @ table.host_days.T.astype(np.float32)
        total += float(common[allowed].sum())
    return int(total)


@dataclass
class Program:
    """The program's matrix. Variables: columns, then each host's visit steps, then who is left out."""

    columns: Columns
    gain: Floats
    matrix: sparse.csr_array
    limits: Floats
    upper: Floats
    groups: list[int]
    window_rows: tuple[Array, ...]

    def relaxed(self, seconds: float) -> optimize.OptimizeResult:
        """Its linear relaxation; ``success`` is False when the time was not enough."""
        return optimize.linprog(
            -self.gain,
            A_ub=self.matrix,
            b_ub=self.limits,
            bounds=np.column_stack([self.upper * 0, self.upper]),
            method="highs",
            options={"time_limit": max(seconds, 0.1)},
        )

    def whole(self, seconds: float) -> optimize.OptimizeResult:
        """The program in whole numbers."""
        integral = np.zeros(len(self.gain))
        integral[: len(self.columns)] = 1
        return optimize.milp(
            -self.gain,
            constraints=optimize.LinearConstraint(self.matrix, ub=self.limits),
            integrality=integral,
            bounds=optimize.Bounds(0, self.upper),
            options={"time_limit": max(seconds, 0.1), "mip_rel_gap": 0},
        )


def program(table: Table, columns: Columns, windows: Mask) -> Program:
    """The program over ``columns`` with the rest windows (host × window) that are marked.

    Everybody gains 100 points by being placed, instead of paying 100 when left out: the same up to a constant.
    """
    executives, _hosts, _days = table.shape
    step_host, step = np.nonzero(np.arange(table.loads.shape[1])[None, :] < table.host_limit[:, None])
    width = len(columns) + len(step_host)
    rows, heights, limits = _rows(table, columns, windows)
    matrix = stack(rows, heights, len(columns))
    steps = sparse.csr_array(
        (-np.ones(len(step_host)), (executives + step_host, np.arange(len(step_host)))),
        shape=(matrix.shape[0], len(step_host)),
    )
    gain = np.zeros(width)
    gain[: len(columns)] = table.score(columns.executive, columns.host) + LEFT_OUT
    gain[: len(columns)] += table.nominated[columns.host] / (executives + 1)
    gain[len(columns) :] = -table.loads[step_host, step]
    return Program(
        columns, gain, sparse.hstack([matrix, steps]).tocsr(), limits, np.ones(width), heights, np.nonzero(windows)
    )


def _rows(table: Table, columns: Columns, windows: Mask) -> tuple[list[Array], list[int], Floats]:
    """Row numbers of the columns in each group of constraints: executives, hosts, teams' and sites' days, windows."""
    executives, hosts, days = table.shape
    team = table.host_team[columns.host]
    rows = [
        columns.executive,
        columns.host,
        np.where(table.covered[team], team * days + columns.day, -1),
        table.host_site[columns.host] * days + columns.day,
    ]
    heights = [executives, hosts, len(table.cover) * days, len(table.places) * days]
    limits = [np.ones(executives), np.zeros(hosts), table.cover.ravel(), table.places.ravel()]
    number = np.full(windows.shape, -1, dtype=np.int64)
    number[windows] = np.arange(windows.sum())
    for window, members in enumerate(table.windows):
        inside = np.isin(columns.day, members)
        rows.append(np.where(inside, number[columns.host, window], -1))
        heights.append(0)  # all windows share one run of row numbers, counted after the last
    rows.append(np.full(len(columns), -1))
    heights.append(int(windows.sum()))
    limits.append(np.ones(int(windows.sum())))
    return rows, heights, np.concatenate(limits).astype(float)


@dataclass
class Prices:
    """What a visit of each host costs, more by day, and what the days themselves earn in all."""

    host: Floats
    day: Floats
    rent: float


def prices_of(table: Table, program: Program, marginals: Floats) -> Prices:
    """The prices in a solved relaxation; rounding below zero is cut off, which keeps every bound valid."""
    executives, hosts, days = table.shape
    price = np.maximum(-marginals, 0)
    ends = np.cumsum([executives, hosts, len(table.cover) * days, len(table.places) * days])
    host, team, site, window = price[ends[0] : ends[1]], *np.split(price[ends[1] :], ends[2:] - ends[1])
    team_day, site_day = team.reshape(-1, days), site.reshape(-1, days)
    rent = float((table.cover * team_day).sum() + (table.places * site_day).sum() + window.sum())
    day = team_day[table.host_team] + site_day[table.host_site]
    for (at, number), value in zip(np.transpose(program.window_rows).tolist(), window.tolist(), strict=True):
        if value:
            day[at, table.windows[number]] += value
    return Prices(host, day, rent)


def price_out(table: Table, prices: Prices, least: Floats, grow: int) -> tuple[int, Columns]:
    """The bound these prices prove, in thousandths, and the columns worth more than ``least`` to their executive."""
    bound = prices.rent + float(np.maximum(prices.host[:, None] - table.loads, 0)[_steps(table)].sum())
    found = []
    for rows, allowed in table.blocks():
        margin, day = _margins(table, prices, rows, allowed)
        bound += float(np.maximum(margin.max(axis=1, initial=0), 0).sum())
        row, host = best_of_each(margin, grow, least[rows] + 1e-6, 0)
        found.append((row + rows.start, host, day[row, host]))
    joined = [np.concatenate(column) for column in zip(*found, strict=True)]
    return int(np.floor(bound + 1e-6)) - LEFT_OUT * len(table.executives), Columns.of(table, *joined)


def _steps(table: Table) -> Mask:
    return np.arange(table.loads.shape[1])[None, :] < table.host_limit[:, None]


def _margins(table: Table, prices: Prices, rows: slice, allowed: Mask) -> tuple[Floats, Array]:
    """The best margin of each pair over its days, and that day."""
    cheapest = np.full(allowed.shape, np.inf)
    on = np.zeros(allowed.shape, dtype=np.int64)
    free = table.executive_free[rows]
    for day in range(len(table.dates)):
        one, other = np.nonzero(free[:, day])[0], np.nonzero(table.host_days[:, day])[0]
        cells = np.ix_(one, other)
        price, known = prices.day[other, day][None, :], cheapest[cells]
        cheaper = price < known
        cheapest[cells] = np.where(cheaper, price, known)
        on[cells] = np.where(cheaper, day, on[cells])
    margin = table.scores(rows) + LEFT_OUT + table.nominated / (len(table.executives) + 1) - prices.host - cheapest
    return np.where(allowed, margin, -np.inf), on
