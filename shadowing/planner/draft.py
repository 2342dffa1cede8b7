"""A plan in the making: a host and a day, or neither, for each executive of a table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shadowing.planner.scoring import LEFT_OUT
from shadowing.planner.table import Array, Table


@dataclass
class Draft:
    """Host and day index per executive; -1 where there is none. Always keeps every rule."""

    hosts: Array
    days: Array

    @classmethod
    def empty(cls, table: Table) -> Draft:
        """Everybody left out."""
        nobody = np.full(len(table.executives), -1, dtype=np.int64)
        return cls(nobody, nobody.copy())

    @classmethod
    def of(cls, table: Table, executives: Array, hosts: Array, days: Array) -> Draft:
        """Those pairs that have a day."""
        draft, placed = cls.empty(table), days >= 0
        draft.hosts[executives[placed]] = hosts[placed]
        draft.days[executives[placed]] = days[placed]
        return draft

    @property
    def placed(self) -> Array:
        """Indices of the executives who have a place."""
        return np.nonzero(self.hosts >= 0)[0]

    def objective(self, table: Table) -> int:
        """Scores less load less what leaving executives out costs, in thousandths."""
        placed = self.placed
        scores = int(table.score(placed, self.hosts[placed]).sum())
        visits = np.bincount(self.hosts[placed], minlength=len(table.hosts))
        steps = np.arange(table.loads.shape[1])[None, :] < visits[:, None]
        return scores - int(table.loads[steps].sum()) - LEFT_OUT * (len(self.hosts) - len(placed))
