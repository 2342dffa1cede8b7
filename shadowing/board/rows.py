"""The visits of a week as light rows: what a chip shows and what the warnings look at, in one query.

Model instances of a full week cost more than the rest of the page. A row has the same names as a Visit where the
warnings read it, so that their rules stand in one place.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from people.models import Site
from shadowing.models import LIVE, Season, SeasonSite, Visit, VisitState

COLUMNS = (
    "pk", "uuid", "site", "date", "state", "locked", "version", "invited_at", "executive", "executive__user__name",
    "executive__business_unit", "executive__business_unit__path", "host", "host__user__name", "host__hired_on",
    "host__max_visits", "host__team", "host__team__name", "host__team__away_at_once", "host__team__business_unit",
    "executive__user__is_active", "host__user__is_active",
)  # fmt: skip
LANGUAGES = ("executive__user__languages", "host__user__languages")


@dataclass(slots=True)
class RowUser:
    """As far as a user goes."""

    is_active: bool
    languages: Collection[str] = ()


@dataclass(slots=True)
class RowTeam:
    pk: int
    name: str
    away_at_once: int | None
    business_unit_id: int | None


@dataclass(slots=True)
class RowExecutive:
    name: str
    business_unit_id: int | None
    unit: str
    user: RowUser

    def __str__(self) -> str:
        return self.name


@dataclass(slots=True)
class RowHost:
    name: str
    hired_on: date | None
    max_visits: int
    team: RowTeam
    user: RowUser

    def __str__(self) -> str:
        return self.name


@dataclass(slots=True)
class VisitRow:
    """A visit as the board needs it."""

    pk: int
    uuid: uuid.UUID
    site_id: int
    site: Site
    date: date
    state: str
    locked: bool
    version: int
    told: bool
    executive_id: int
    executive: RowExecutive
    host_id: int
    host: RowHost

    @property
    def is_live(self) -> bool:
        return self.state in LIVE


def shown(season: Season, visits: QuerySet[Visit]) -> QuerySet[Visit]:
    """Visits of the season without cancelled ones, and without declined ones whose executive has another by now."""
    another = Visit.objects.live().filter(season=season, executive=OuterRef("executive"))
    replaced = Q(state=VisitState.DECLINED) & Exists(another)
    return visits.exclude(state=VisitState.CANCELLED).exclude(replaced)


def read_rows(season: Season, places: Iterable[SeasonSite], visits: QuerySet[Visit]) -> list[VisitRow]:
    """The rows by date, those added first before others. One query."""
    columns = COLUMNS + LANGUAGES if season.shared_language else COLUMNS
    sites = {place.site_id: place.site for place in places}
    return [_row(found, sites) for found in visits.order_by("date", "pk").values_list(*columns)]


def _row(found: tuple[Any, ...], sites: Mapping[int, Site]) -> VisitRow:
    pk, key, site, day, state, locked, version, invited_at, executive, name, unit, path, host, *rest = found
    host_name, hired_on, most, team, team_name, away_at_once, team_unit, comes, hosts, *spoken = rest
    ours, theirs = spoken or ((), ())
    return VisitRow(
        pk, key, site, sites[site], day, state, locked, version, invited_at is not None,
        executive, RowExecutive(name, unit, path or "", RowUser(comes, ours)), host,
        RowHost(host_name, hired_on, most, RowTeam(team, team_name, away_at_once, team_unit), RowUser(hosts, theirs)),
    )  # fmt: skip
