"""Why somebody has no place: the obstacle that stands alone between them and a visit.

Codes: no_open_days, no_hosts; own_days (none of their free days fits), places (the sites are full), host_visits (fitting
hosts have all the visits they take), host_busy, rest, cover, host_days; pair_rule, met, language, unit, tenure;
several (only dropping more than one rule would help), not_worth (a place would cost more than leaving them out).
Dropping the rule of a single code for this executive lets them in without moving anybody else. The data's "remedies" say
what smallest change would: their shape is in remedies.py.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from shadowing.planner.draft import Draft
from shadowing.planner.obstacles import NEVER, ONE, Obstacles
from shadowing.planner.problem import LeftOut, Reason
from shadowing.planner.remedies import Remedies
from shadowing.planner.table import Array, Table

SHOWN = 12  # days and sites named at most


def reasons(table: Table, draft: Draft, waiting: Sequence[int] | None = None) -> tuple[LeftOut, ...]:
    """A reason for everybody without a place, or for those of them who are named, in the problem's order."""
    waiting = np.nonzero(draft.hosts < 0)[0].tolist() if waiting is None else waiting
    if not waiting:
        return ()
    if not table.dates or not table.hosts:
        code = "no_hosts" if not table.hosts else "no_open_days"
        return tuple(LeftOut(table.executives[executive].key, Reason(code)) for executive in waiting)
    obstacles = Obstacles(table, draft)
    remedies = Remedies(table, draft, obstacles)
    return tuple(LeftOut(table.executives[one].key, reason(table, obstacles, remedies, one)) for one in waiting)


def reason(table: Table, obstacles: Obstacles, remedies: Remedies, executive: int) -> Reason:
    """The fewest obstacles there are to any visit of this executive, and where they stand."""
    costs = obstacles.costs(executive)
    least = int(costs.min())
    if least >= NEVER:
        return Reason("no_hosts")
    hosts, days = np.nonzero(costs == least)
    kinds = obstacles.kinds_at(executive, int(hosts[0]), int(days[0]))
    data = _where(table, executive, hosts, days) | {"remedies": remedies.of(executive, costs)}
    if not kinds:
        return Reason("not_worth", data)
    if least // ONE > 1:
        return Reason("several", data | {"rules": kinds})
    return Reason(kinds[0], data)


def _where(table: Table, executive: int, hosts: Array, days: Array) -> dict[str, object]:
    """How many hosts, which sites and days it is about, and the executive's own free days."""
    free = np.nonzero(table.executive_free[executive] & table.open.any(axis=0))[0]
    return {
        "hosts": len(np.unique(hosts)),
        "sites": _named(table.problem.sites[site].slug for site in np.unique(table.host_site[hosts])),
        "days": _named(table.dates[day].isoformat() for day in np.unique(days)),
        "open": len(np.unique(days)),
        "free_days": _named(table.dates[day].isoformat() for day in free),
        "free": len(free),
    }


def _named(names: Iterable[str]) -> list[str]:
    return list(names)[:SHOWN]
