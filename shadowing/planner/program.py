"""Executive × host × day as a program over some of its columns, with every rule as a row of it.

Variables are the columns and, per host, one step for each visit they could take, so that a host's costs may rise from
visit to visit. Rows: everybody placed at most once; a host's columns within their steps; the floor cover of teams and
the places of sites by day; and of any days within a host's rest days at most one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from shadowing.planner.columns import Columns
from shadowing.planner.scoring import LEFT_OUT
from shadowing.planner.table import Floats, Mask, Table


@dataclass
class Program:
    """Maximise ``gain`` under ``matrix`` ≤ ``limits`` and 0 ≤ variable ≤ ``upper``; the first ``columns`` are whole."""

    gain: Floats
    matrix: sparse.csr_array
    limits: Floats
    upper: Floats
    columns: int


class Rows:
    """The rows of the program: executives, hosts, team days, site days, rest windows, one run after the other."""

    def __init__(self, table: Table) -> None:
        executives, hosts, days = table.shape
        self.table = table
        self.windows = needed_windows(table)
        heights = [executives, hosts, len(table.cover) * days, len(table.places) * days, int(self.windows.sum())]
        self.starts = np.concatenate([[0], np.cumsum(heights)]).tolist()
        self.limits = np.concatenate(
            [
                np.ones(executives),
                np.zeros(hosts),
                table.cover.ravel(),
                table.places.ravel(),
                np.ones(heights[-1]),
            ]
        )
        self.number = np.full(self.windows.shape, -1, dtype=np.int64)
        self.number[self.windows] = np.arange(heights[-1]) + self.starts[4]
        self.step_host, self.step = np.nonzero(np.arange(table.loads.shape[1])[None, :] < table.host_limit[:, None])
        self.load = table.loads[self.step_host, self.step].astype(float)

    def matrix(self, columns: Columns) -> sparse.csr_array:
        """Which columns stand in which rows."""
        table, days = self.table, len(self.table.dates)
        team = table.host_team[columns.host]
        groups = [
            columns.executive,
            self.starts[1] + columns.host,
            np.where(table.covered[team], self.starts[2] + team * days + columns.day, -1),
            self.starts[3] + table.host_site[columns.host] * days + columns.day,
        ]
        for window, members in enumerate(table.windows):
            inside = (columns.day >= members[0]) & (columns.day <= members[-1])
            groups.append(np.where(inside, self.number[columns.host, window], -1))
        row = np.concatenate(groups)
        column = np.tile(np.arange(len(columns)), len(groups))[row >= 0]
        row = row[row >= 0]
        return sparse.csr_array((np.ones(len(row)), (row, column)), shape=(self.starts[-1], len(columns)))

    def left(self, kept: Columns) -> Floats:
        """What some visits leave of every limit; for hosts, how many visits they have, less than zero."""
        return np.asarray(self.limits - self.matrix(kept).sum(axis=1))

    def fitting(self, columns: Columns, kept: Columns) -> Columns:
        """Those that can stand beside some visits, each by itself."""
        left = self.left(kept)
        full = left < 1
        hosts = slice(self.starts[1], self.starts[2])
        full[hosts] = -left[hosts] >= self.table.host_limit
        return columns.only(self.matrix(columns).T @ full.astype(float) == 0)

    def slots(self, prices: Floats) -> Floats:
        """What a visit costs at these prices of the rows, by host and day, whoever comes."""
        table, days = self.table, len(self.table.dates)
        host, cover, places = (prices[self.starts[at] : self.starts[at + 1]] for at in (1, 2, 3))
        cover = np.where(table.covered[:, None], cover.reshape(-1, days), 0)
        slots = host[:, None] + cover[table.host_team] + places.reshape(-1, days)[table.host_site]
        rents = np.where(self.windows, prices[self.number], 0)
        for window, members in enumerate(table.windows):
            slots[:, members] += rents[:, window : window + 1]
        return slots

    def earned(self, prices: Floats) -> float:
        """What all rows but the executives' own are worth at these prices, hosts less the costs of their visits."""
        steps = np.maximum(prices[self.starts[1] + self.step_host] - self.load, 0).sum()
        return float(steps + prices[self.starts[2] :] @ self.limits[self.starts[2] :])


def needed_windows(table: Table) -> Mask:
    """The rest windows (host × window) that forbid something: of hosts who could take several visits, and not part of
    the next window as far as the host's own days go."""
    needed = np.zeros((len(table.hosts), len(table.windows)), dtype=bool)
    for window, members in enumerate(table.windows):
        following = table.windows[window + 1][0] if window + 1 < len(table.windows) else members[-1] + 1
        needed[:, window] = table.host_days[:, members[0] : following].any(axis=1)
    return needed & (table.host_limit > 1)[:, None]


def program(rows: Rows, columns: Columns, *, kept: Columns | None = None, ties: bool = True) -> Program:
    """The program over ``columns`` beside the visits ``kept``, which use up their part of every row.

    Everybody gains 100 points by being placed, instead of paying 100 when left out: the same up to a constant. With
    ``ties`` nominations decide between equals; all of them together weigh half a thousandth at most.
    """
    table = rows.table
    matrix = rows.matrix(columns)
    steps = sparse.csr_array(
        (-np.ones(len(rows.step_host)), (rows.starts[1] + rows.step_host, np.arange(len(rows.step_host)))),
        shape=(matrix.shape[0], len(rows.step_host)),
    )
    gain = table.score(columns.executive, columns.host) + float(LEFT_OUT)
    if ties:
        gain += table.nominated[columns.host] / (2 * len(table.executives) + 1)
    limits = rows.limits if kept is None else rows.left(kept)
    return Program(
        np.concatenate([gain, -rows.load]),
        sparse.hstack([matrix, steps]).tocsr(),
        limits,
        np.ones(len(gain) + len(rows.load)),
        len(columns),
    )
