"""What the columns that are not in the program are worth at its prices: a bound, new columns, and those of no use.

Whatever the prices of the rows, every executive at the margin of their best column plus what the rows earn bounds every
plan (Lagrange's relaxation of all rows but the executives' own).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from shadowing.planner.columns import Columns, columns_in, concatenated, count_columns, every_column
from shadowing.planner.draft import Draft
from shadowing.planner.program import Rows
from shadowing.planner.scoring import LEFT_OUT
from shadowing.planner.table import Array, Floats

KEPT = 3_000_000  # columns up to which they are kept, instead of found again in every round
BEST, WIDE, GROW = 12, 5, 12  # columns of an executive to begin with, by worth and by chance, and to add in a round
SLOT = 2  # columns of a host's day to begin with
NEAR, FAR = 60, 600  # thousandths by which chance may outweigh worth in choosing them
ROUNDING = 1e-3  # thousandths


class Pool:
    """All columns of a season with their gains, a block of executives at a time."""

    def __init__(self, rows: Rows) -> None:
        self.rows, self.table = rows, rows.table
        self.count = count_columns(self.table)
        self._kept: list[tuple[Columns, Floats]] | None = None

    def blocks(self) -> Iterator[tuple[Columns, Floats]]:
        """Columns in order, and what each gains over leaving its executive out."""
        if self._kept is None and self.count <= KEPT:
            self._kept = list(self._made())
        yield from self._made() if self._kept is None else self._kept

    def _made(self) -> Iterator[tuple[Columns, Floats]]:
        for columns in every_column(self.table):
            yield columns, (self.table.score(columns.executive, columns.host) + LEFT_OUT).astype(np.float64)

    def slot(self, columns: Columns) -> Array:
        """A number for the host and day of each."""
        return columns.host * len(self.table.dates) + columns.day


@dataclass
class Priced:
    """Prices of the rows, what a visit to each host on each day costs at them, and the bound they prove.

    ``best`` is every executive's best margin, 0 for those who are better left out."""

    prices: Floats
    slots: Floats
    best: Floats
    bound: int

    @classmethod
    def at(cls, pool: Pool, prices: Floats) -> Priced:
        """Looks at every column once."""
        rows, slots = pool.rows, pool.rows.slots(prices)
        best = np.zeros(len(pool.table.executives))
        for columns, gain in pool.blocks():
            np.maximum.at(best, columns.executive, gain - slots[columns.host, columns.day])
        value = best.sum() + rows.earned(prices) - LEFT_OUT * len(best)
        return cls(prices, slots, best, int(np.floor(value + ROUNDING)))

    def loss(self, columns: Columns, gain: Floats) -> Floats:
        """What each column is worth less than its executive's best: at least this is lost by taking it."""
        return self.best[columns.executive] - gain + self.slots[columns.host, columns.day]


def first_columns(pool: Pool, draft: Draft, host_price: Floats, seed: int) -> Columns:
    """Columns to begin with: those of a plan, so that there is a solution, of everybody good and random ones, and some of
    every host's day: one that nobody may take has no price, and then seems to have room for whoever is short of days."""
    random, parts, slots = np.random.default_rng(seed), [columns_in(draft)], list[tuple[Columns, Floats]]()
    for columns, gain in pool.blocks():
        worth = gain - host_price[columns.host]
        for reach, number in ((NEAR, BEST), (FAR, WIDE)):
            blurred = worth + reach * random.random(len(worth))
            parts.append(columns.only(best_of_each(columns.executive, blurred, number)))
        blurred = gain + FAR * random.random(len(gain))
        best = best_of_each(pool.slot(columns), blurred, SLOT)
        slots.append((columns.only(best), blurred[best]))
    found = concatenated([columns for columns, _worth in slots])
    worth = np.concatenate([worth for _columns, worth in slots]) if slots else np.empty(0)
    parts.append(found.only(best_of_each(pool.slot(found), worth, SLOT)))
    return Columns.joined(pool.table, parts)


def wanted(pool: Pool, priced: Priced) -> Columns:
    """The best columns of every executive that are worth more than the program gives them now."""
    asked, parts = priced.prices[: len(pool.table.executives)], []
    for columns, gain in pool.blocks():
        worth = gain - priced.slots[columns.host, columns.day]
        better = np.nonzero(worth > asked[columns.executive] + ROUNDING)[0]
        few = columns.only(better)
        parts.append(few.only(best_of_each(few.executive, worth[better], GROW)))
    return Columns.joined(pool.table, parts)


def near_best(pool: Pool, priced: Priced, most: float) -> Columns:
    """Columns that lose at most so many thousandths; a plan with any other is that much under the bound."""
    parts = [columns.only(priced.loss(columns, gain) <= most + ROUNDING) for columns, gain in pool.blocks()]
    return Columns.joined(pool.table, parts)


def best_of_each(group: Array, worth: Floats, number: int) -> Array:
    """Places of the ``number`` most worthwhile ones of every group."""
    order = np.lexsort((-worth, group))
    ordered = group[order]
    rank = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    return np.sort(order[rank < number])
