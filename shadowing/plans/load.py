"""Load per host as a strip: one bar a host, its visits in the plan inside what the host offered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from shadowing.models import Season, SeasonHost
from shadowing.plans.pairs import Pair

BAR, GAP, STEP = 9, 3, 20  # units of the drawing: width, distance, height of one visit
MOST = 3


@dataclass(frozen=True)
class Strip:
    """The bars of one site: (visits, offered) of each host, the busiest first."""

    site: str
    bars: Sequence[tuple[int, int]]

    @property
    def hosts(self) -> int:
        return len(self.bars)

    @property
    def visits(self) -> int:
        return sum(visits for visits, _offered in self.bars)

    @property
    def by_visits(self) -> list[int]:
        """How many hosts have none, one, two and three visits."""
        counts = Counter(min(visits, MOST) for visits, _offered in self.bars)
        return [counts[number] for number in range(MOST + 1)]

    @property
    def several(self) -> int:
        """Hosts with two visits or more."""
        return sum(visits > 1 for visits, _offered in self.bars)

    @property
    def width(self) -> int:
        return max(len(self.bars), 24) * (BAR + GAP)

    @property
    def height(self) -> int:
        return MOST * STEP

    @property
    def visits_path(self) -> str:
        """The filled bars as one path."""
        return self._path([visits for visits, _offered in self.bars])

    @property
    def offered_path(self) -> str:
        """The outlines of what hosts offered beyond their visits."""
        return self._path([offered if offered > visits else 0 for visits, offered in self.bars])

    def _path(self, tops: Sequence[int]) -> str:
        bars = [(at * (BAR + GAP), min(top, MOST) * STEP) for at, top in enumerate(tops) if top]
        return "".join(f"M{left} {self.height}v-{high}h{BAR}v{high}z" for left, high in bars)


class HostRow(NamedTuple):
    """A host of the season: who, of which team at which site, how many visits they take, whether it plans with them."""

    host: int
    name: str
    team: int
    team_name: str
    away_at_once: int | None
    site: str
    most: int
    counted: bool


def read_hosts(season: Season) -> list[HostRow]:
    """Every host of the season. One query."""
    columns = (
        "host", "host__user__name", "host__team", "host__team__name", "host__team__away_at_once",
        "host__team__site__name", "max_visits", "counted",
    )  # fmt: skip
    willing = SeasonHost.objects.willing().filter(pk=OuterRef("pk"))
    rows = SeasonHost.objects.filter(season=season).annotate(counted=Exists(willing)).order_by("pk")
    return [HostRow(*row) for row in rows.values_list(*columns)]


def strips(hosts: Sequence[HostRow], pairs: Sequence[Pair]) -> list[Strip]:
    """A strip for each site of these pairs.

    Hosts the season does not plan with are shown only with a visit: nobody reads from a plan who declined.
    """
    visits = Counter((pair.host_id, pair.site) for pair in pairs)
    sites = {pair.site for pair in pairs}
    asked = [row for row in hosts if row.counted and row.site in sites]
    offered = {(row.host, row.site): row.most for row in asked}
    bars: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for host, site in visits.keys() | offered.keys():
        bars[site].append((visits[host, site], max(offered.get((host, site), 0), visits[host, site])))
    return [Strip(site, sorted(bars[site], reverse=True)) for site in sorted(bars)]
