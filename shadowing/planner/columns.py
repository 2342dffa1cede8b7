"""Executive × host × day as an integer program over some of its columns, with every rule as a row of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse

from shadowing.planner.days import stack
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

    def whole(self, seconds: float, *, nodes: int | None = None) -> optimize.OptimizeResult:
        """The program in whole numbers, solved within so many seconds and nodes of the search tree."""
        integral = np.zeros(len(self.gain))
        integral[: len(self.columns)] = 1
        return optimize.milp(
            -self.gain,
            constraints=optimize.LinearConstraint(self.matrix, ub=self.limits),
            integrality=integral,
            bounds=optimize.Bounds(0, self.upper),
            options={"time_limit": max(seconds, 0.1), "mip_rel_gap": 0} | ({"node_limit": nodes} if nodes else {}),
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
    return Program(columns, gain, sparse.hstack([matrix, steps]).tocsr(), limits, np.ones(width))


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


def every_window(table: Table) -> Mask:
    """All rest windows of the hosts who could take more than one visit, and of none whose days are single."""
    several = table.host_limit > 1
    return np.repeat(several[:, None], len(table.windows), axis=1)
