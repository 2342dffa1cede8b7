"""Columns of the wide program, one for each executive × host × day that the rules allow by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from shadowing.planner.draft import Draft
from shadowing.planner.table import Array, Floats, Mask, Table

PAIRS = 250_000  # whose days are spread out at once


@dataclass
class Columns:
    """Some (executive, host, day) triples as indices, sorted and without doubles."""

    executive: Array
    host: Array
    day: Array

    @classmethod
    def none(cls) -> Columns:
        """No triple."""
        nothing = np.empty(0, dtype=np.int64)
        return cls(nothing, nothing, nothing)

    @classmethod
    def joined(cls, table: Table, parts: list[Columns]) -> Columns:
        """Those of all parts, in any order, each once."""
        _, hosts, days = table.shape
        codes = [(part.executive * hosts + part.host) * days + part.day for part in [cls.none(), *parts]]
        rest, day = np.divmod(np.unique(np.concatenate(codes)), max(1, days))
        executive, host = np.divmod(rest, max(1, hosts))
        return cls(executive, host, day)

    def __len__(self) -> int:
        return len(self.executive)

    def only(self, keep: Mask | Array) -> Columns:
        """Those marked, or those at these places."""
        return Columns(self.executive[keep], self.host[keep], self.day[keep])


def every_column(table: Table) -> Iterator[Columns]:
    """All columns in their order, a piece at a time."""
    for rows, allowed in table.blocks():
        yield from _spread(table, np.arange(rows.start, rows.stop), allowed)


def columns_of(table: Table, people: Array) -> Columns:
    """All columns of some executives (sorted indices)."""
    parts = []
    for rows, allowed in table.blocks():
        here = people[(people >= rows.start) & (people < rows.stop)]
        parts += list(_spread(table, here, allowed[here - rows.start])) if len(here) else []
    return concatenated(parts)


def all_columns(table: Table) -> Columns:
    """Every column at once."""
    return concatenated(list(every_column(table)))


def columns_in(draft: Draft) -> Columns:
    """Those a draft takes."""
    placed = draft.placed
    return Columns(placed, draft.hosts[placed], draft.days[placed])


def columns_taken(columns: Columns, found: Floats) -> Columns:
    """The columns that a solution in whole numbers takes."""
    return columns.only(found[: len(columns)] > 0.5)


def count_columns(table: Table) -> int:
    """How many columns there are."""
    total = 0.0
    for rows, allowed in table.blocks():
        common = table.executive_free[rows].astype(np.float32) @ table.host_days.T.astype(np.float32)
        total += float(common[allowed].sum(dtype=np.float64))
    return int(total)


def _spread(table: Table, people: Array, allowed: Mask) -> Iterator[Columns]:
    """The common days of allowed pairs: ``allowed`` has a row for each of ``people``."""
    row, host = np.nonzero(allowed)
    for start in range(0, len(row), PAIRS):
        one, other = people[row[start : start + PAIRS]], host[start : start + PAIRS]
        pair, day = np.nonzero(table.executive_free[one] & table.host_days[other])
        yield Columns(one[pair], other[pair], day)


def concatenated(parts: list[Columns]) -> Columns:
    """Those of all parts, one after the other."""
    parts = [Columns.none(), *parts]
    return Columns(
        np.concatenate([part.executive for part in parts]),
        np.concatenate([part.host for part in parts]),
        np.concatenate([part.day for part in parts]),
    )
