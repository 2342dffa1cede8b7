"""The smallest changes that would place somebody who is left out, nobody else moving.

``Reason.data["remedies"]`` is a list of at most three, the easiest first::

    {"kind": "places", "host": "17", "site": "atlanta", "date": "2027-03-04", "score": 2100,
     "changes": [{"kind": "places", "site": "atlanta", "date": "2027-03-04", "more": 1}]}

``host``, ``site`` and ``date`` are the place they would get, ``score`` the pair's in thousandths, ``changes`` all that has
to change for it: mostly one; where no single one would do, the fewest, and ``kind`` is "several". Keys are the planner's
(ids as text, sites by short name), dates in ISO. The changes, from the easiest to the hardest:

- places: site, date, more – visits at the site that day on top of what it takes
- host_visits: host, more, number – the host takes their visit number ``number`` in the season
- cover: team, date, more – hosts of the team away at once on top of its limit
- rest: host, date, days, rule – ``days`` between two visits of the host instead of the season's ``rule``
- host_days, own_days: host or executive, date – they are free on that day after all
- pair_rule: executive, host – the pair is ruled out for this season, and allowed again
- met: executive, host – the two meet again
- language, unit, tenure: executive, host, date – the pair is made by hand although they share no language, belong to one
  unit, or the host has only ``months`` of the season's ``rule`` months (these two for tenure only)

``changes.applied(problem, changes)`` makes them; a what-if takes them as they are (``{"changes": [...]}``). Nothing is
offered that must not be: two visits of one host on a day, a fourth in the season, any of a host who takes none, closed
days.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import numpy as np

from shadowing.planner import scoring
from shadowing.planner.draft import Draft
from shadowing.planner.obstacles import KINDS, NEVER, ONE, Obstacles
from shadowing.planner.scoring import LEFT_OUT
from shadowing.planner.table import Array, Mask, Table

MOST, LOOKED_AT = 3, 20
MOST_VISITS = 3  # of a host in a season, whoever asks
Change = dict[str, Any]


class Remedies:
    """Remedies under one plan, with the true counts behind the obstacles: a place can be overbooked by hand."""

    def __init__(self, table: Table, draft: Draft, obstacles: Obstacles) -> None:
        self.table, self.obstacles = table, obstacles
        problem, placed = table.problem, draft.placed
        visits = [(table.host_index[pair.host], pair.date.toordinal()) for pair in problem.locked]
        visits += zip(draft.hosts[placed].tolist(), table.ordinals[draft.days[placed]].tolist(), strict=True)
        self.visits: dict[int, list[int]] = {}
        for host, day in visits:
            self.visits.setdefault(host, []).append(day)
        self.other = [[day.toordinal() for day in host.visits] for host in table.hosts]
        self.at_site = Counter((table.host_site[host], day) for host, day in visits)
        number = table.used + (table.visits_left - obstacles.visits)
        self.loads = np.array([scoring.load(int(one) + 1, problem.weights) for one in number])
        self.limits = {team.key: team.away_at_once for team in problem.teams}
        self.never = self._never()

    def _never(self) -> Mask:
        """Cells that no remedy opens: the host has a visit that day, takes none at all, or can take no more."""
        hosts = self.table.hosts
        none = [
            host.max_visits <= 0
            or (self.obstacles.visits[at] <= 0 and host.season_visits + len(self.visits.get(at, ())) >= MOST_VISITS)
            for at, host in enumerate(hosts)
        ]
        return np.asarray(self.obstacles.busy | np.array(none, dtype=bool)[:, None])

    def of(self, executive: int, costs: Array) -> list[Change]:
        """The easiest remedies for one executive, of different kinds as far as there are any; ``costs`` are those of
        their obstacles."""
        costs = np.where(self.never, NEVER, costs)
        least = int(costs.min())
        if least >= NEVER or least < ONE:
            return []
        hosts, days = np.nonzero(costs < (least // ONE + 1) * ONE)
        worth = self._worth(executive, hosts)
        keep = worth > -LEFT_OUT
        hosts, days, worth = hosts[keep], days[keep], worth[keep]
        order = np.lexsort((days, -worth, ~self.table.preferred[executive, days], costs[hosts, days]))
        return self._chosen(executive, hosts[order], days[order], costs)

    def _worth(self, executive: int, hosts: Array) -> Array:
        return self.table.score(np.full(len(hosts), executive), hosts) - self.loads[hosts]

    def _chosen(self, executive: int, hosts: Array, days: Array, costs: Array) -> list[Change]:
        """The first of each cost (nearly always: of each kind), then the next best others."""
        _, first = np.unique(costs[hosts, days], return_index=True)
        order = [*first.tolist(), *(at for at in range(min(len(hosts), LOOKED_AT)) if at not in set(first.tolist()))]
        found: list[Change] = []
        for at in order:
            remedy = self._remedy(executive, int(hosts[at]), int(days[at]))
            if all(remedy["changes"] != other["changes"] for other in found):
                found.append(remedy)
            if len(found) == MOST:
                break
        return found

    def _remedy(self, executive: int, host: int, day: int) -> Change:
        table = self.table
        kinds = sorted(self.obstacles.kinds_at(executive, host, day), key=KINDS.index)
        about = {
            "executive": table.executives[executive].key,
            "host": table.hosts[host].key,
            "site": table.hosts[host].site,
            "date": table.dates[day].isoformat(),
        }
        changes = [{"kind": kind} | self._change(kind, about, host, day) for kind in kinds]
        score = int(table.score(np.array([executive]), np.array([host]))[0])
        place = {name: about[name] for name in ("host", "site", "date")}
        return {"kind": kinds[0] if len(kinds) == 1 else "several", **place, "score": score, "changes": changes}

    def _change(self, kind: str, about: dict[str, str], host: int, day: int) -> Change:
        """What a change of this kind says besides its kind."""
        found: Change = {name: about[name] for name in NAMED[kind]}
        if kind in COUNTED:
            found |= COUNTED[kind](self, host, int(self.table.ordinals[day]))
        return found

    def more_places(self, host: int, day: int) -> Change:
        """So many more that one is free, also where there are too many visits already."""
        site = self.table.host_site[host]
        capacity = self.table.problem.sites[site].capacity
        return {"more": self.at_site[site, day] + 1 - capacity[date.fromordinal(day)]}

    def more_visits(self, host: int, _day: int) -> Change:
        """One more than they have now."""
        one = self.table.hosts[host]
        number = one.season_visits + len(self.visits.get(host, ())) + 1
        return {"more": number - one.max_visits, "number": number}

    def more_away(self, host: int, day: int) -> Change:
        """One more of the team than are away now."""
        team = self.table.hosts[host].team
        mates = [at for at, other in enumerate(self.table.hosts) if other.team == team]
        away = sum(day in self.visits.get(mate, ()) for mate in mates) + sum(day in self.other[mate] for mate in mates)
        return {"team": team, "more": away + 1 - (self.limits[team] or 0)} if team is not None else {}

    def less_rest(self, host: int, day: int) -> Change:
        """The days there are to the host's nearest visit."""
        days = min(abs(day - other) for other in [*self.visits.get(host, ()), *self.other[host]])
        return {"days": days, "rule": self.table.problem.rules.days_between_host_visits}

    def months_here(self, host: int, _day: int) -> Change:
        """The host's tenure and the season's rule, in months."""
        rules, since = self.table.problem.rules, self.table.hosts[host].hired_on
        months = scoring.whole_months(since, rules.starts_on) if since else 0
        return {"months": max(months, 0), "rule": rules.host_min_tenure_months}


NAMED = {
    "places": ("site", "date"),
    "host_visits": ("host",),
    "cover": ("date",),
    "rest": ("host", "date"),
    "host_days": ("host", "date"),
    "own_days": ("executive", "date"),
    "pair_rule": ("executive", "host"),
    "met": ("executive", "host"),
    "language": ("executive", "host", "date"),
    "unit": ("executive", "host", "date"),
    "tenure": ("executive", "host", "date"),
}
COUNTED = {
    "places": Remedies.more_places,
    "host_visits": Remedies.more_visits,
    "cover": Remedies.more_away,
    "rest": Remedies.less_rest,
    "tenure": Remedies.months_here,
}
