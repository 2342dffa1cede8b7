"""What stands between an executive and each host on each day, given a plan: rules, days, places.

Every obstacle costs a thousand and a little more by kind, so the cheapest cell is the one with the fewest obstacles and,
among those, the kind that is easiest to do something about. A cell that costs nothing is an opening.
"""

from __future__ import annotations

import numpy as np

from shadowing.planner import scoring
from shadowing.planner.draft import Draft
from shadowing.planner.scoring import LEFT_OUT
from shadowing.planner.table import Array, Mask, Table

ONE = 1_000
NEVER = 1_000_000
# From the easiest to do something about to the hardest.
KINDS = (
    "places",
    "host_visits",
    "cover",
    "rest",
    "host_busy",
    "host_days",
    "own_days",
    "pair_rule",
    "met",
    "language",
    "unit",
    "tenure",
)
COST = {kind: ONE + rank for rank, kind in enumerate(KINDS)}


class Obstacles:
    """The obstacles of one plan. Masks are True where an obstacle stands."""

    def __init__(self, table: Table, draft: Draft) -> None:
        self.table = table
        hosts, days = draft.hosts[draft.placed], draft.days[draft.placed]
        self.places, self.cover = table.places.copy(), table.cover.copy()
        self.visits = table.visits_left.copy()
        self.busy, self.rested = table.busy.copy(), table.rested.copy()
        self.near = np.abs(table.ordinals[:, None] - table.ordinals[None, :]) < table.rest
        self.shared = np.zeros(table.host_available.shape, dtype=np.int64)
        for host, day in zip(hosts.tolist(), days.tolist(), strict=True):
            self._use(host, day)
        self._price(np.arange(len(table.hosts)))

    def _use(self, host: int, day: int) -> None:
        self.places[self.table.host_site[host], day] -= 1
        self.cover[self.table.host_team[host], day] -= 1
        self.visits[host] -= 1
        self.busy[host, day] = True
        self.rested[host] &= ~self.near[day]

    def take(self, host: int, day: int) -> None:
        """Use up one more visit."""
        self._use(host, day)
        table = self.table
        same = (table.host_site == table.host_site[host]) | (table.host_team == table.host_team[host])
        self._price(np.nonzero(same)[0])

    def _price(self, hosts: Array) -> None:
        closed = ~self.table.open[self.table.host_site[hosts]]
        self.shared[hosts] = np.where(closed, NEVER, 0)
        for kind, mask in self.of_hosts(hosts).items():
            self.shared[hosts] += COST[kind] * mask

    def of_hosts(self, hosts: Array) -> dict[str, Mask]:
        """Obstacles on each day of some hosts (rows), whoever comes."""
        table = self.table
        return {
            "places": (self.places <= 0)[table.host_site[hosts]],
            "host_visits": np.repeat((self.visits[hosts] <= 0)[:, None], len(table.dates), axis=1),
            "cover": (self.cover <= 0)[table.host_team[hosts]],
            "rest": ~self.rested[hosts] & ~self.busy[hosts],
            "host_busy": self.busy[hosts],
            "host_days": ~table.host_available[hosts],
        }

    def of_pair(self, executive: int) -> dict[str, Mask]:
        """Obstacles to each host, whatever the day."""
        table = self.table
        one = slice(executive, executive + 1)
        barred = {name: self._marked(lists[executive]) for name, lists in table.barred.items()}
        return {
            "pair_rule": barred["pair"],
            "met": barred["met"],
            "language": ~table.language_fits.block(one)[0],
            "unit": ~table.unit_fits.block(one)[0],
            "tenure": ~table.tenured,
            "self": barred["self"],
        }

    def _marked(self, hosts: Array) -> Mask:
        marks = np.zeros(len(self.table.hosts), dtype=bool)
        marks[hosts] = True
        return marks

    def costs(self, executive: int) -> Array:
        """The cost of every host (rows) and day (columns) for one executive."""
        pair = np.zeros(len(self.table.hosts), dtype=np.int64)
        for kind, mask in self.of_pair(executive).items():
            pair += COST.get(kind, NEVER) * mask
        own = COST["own_days"] * ~self.table.executive_free[executive]
        return self.shared + pair[:, None] + own

    def kinds_at(self, executive: int, host: int, day: int) -> list[str]:
        """The obstacles in one cell."""
        found = [kind for kind, mask in self.of_hosts(np.array([host])).items() if mask[0, day]]
        if not self.table.executive_free[executive, day]:
            found.append("own_days")
        return found + [kind for kind, mask in self.of_pair(executive).items() if mask[host]]


def fill_in(table: Table, draft: Draft) -> Draft:
    """The draft with everybody placed for whom there is an opening that gains something, best first per executive."""
    if not table.dates or not table.hosts:
        return draft
    obstacles, draft = Obstacles(table, draft), Draft(draft.hosts.copy(), draft.days.copy())
    for executive in np.nonzero(draft.hosts < 0)[0].tolist():
        hosts, days = np.nonzero(obstacles.costs(executive) == 0)
        if not len(hosts):
            continue
        numbers = [table.hosts[host].max_visits - obstacles.visits[host] for host in hosts.tolist()]
        load = np.array([scoring.load(int(number) + 1, table.problem.weights) for number in numbers])
        gain = table.score(np.full(len(hosts), executive), hosts) - load + table.preferred[executive, days] / 2
        best = int(gain.argmax())
        if gain[best] > -LEFT_OUT:
            draft.hosts[executive], draft.days[executive] = hosts[best], days[best]
            obstacles.take(int(hosts[best]), int(days[best]))
    return draft
