"""People and visits of a season as plain rows: reading a year's season as instances would cost most of a second."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Exists, F, OrderBy, OuterRef, QuerySet, TextField, Value, Window
from django.db.models.functions import Cast, RowNumber

from people.keys import fold
from people.models import Executive, Host
from shadowing.models import Answer, Season, SeasonExecutive, SeasonHost, Visit


class Booked(NamedTuple):
    """A visit, live or declined. The site is the visit's own, not that of the host's team."""

    pk: int
    season_id: int
    executive_id: int
    host_id: int
    site_id: int
    site: str
    time_zone: str
    date: date
    state: str
    locked: bool
    version: int = 0
    invited_at: datetime | None = None
    host_answer: str = Answer.NONE


BOOKED = (
    "pk", "season_id", "executive_id", "host_id", "site_id", "site__slug", "site__time_zone", "date", "state", "locked",
    "version", "invited_at", "host_answer",
)  # fmt: skip


class Leader(NamedTuple):
    """An executive; ``languages`` and ``preferred`` (ISO dates) are lists as JSON."""

    pk: int
    unit: str | None
    home_site: str | None
    languages: str
    preferred: str = "[]"


LEADER = ("business_unit__path", "home_site__slug")


class Guest(NamedTuple):
    """A host; ``languages`` are a list as JSON, ``most`` visits in the season, 0 for one who gets no new visit."""

    pk: int
    team: int
    away_at_once: int | None
    site: str
    unit: str | None
    hired_on: date | None
    nominated: bool
    languages: str
    most: int = 0


GUEST = (
    "team_id", "team__away_at_once", "team__site__slug", "team__business_unit__path", "hired_on", "nominated",
)  # fmt: skip


def booked(visits: QuerySet[Visit]) -> Iterator[Booked]:
    """Visits as rows, by date."""
    return (Booked(*row) for row in visits.order_by("date", "pk").values_list(*BOOKED))


WAITING: tuple[OrderBy | str, ...] = (F("answered_at").asc(nulls_last=True), "executive__user__name_key", "pk")


def in_waiting_order(rows: QuerySet[SeasonExecutive]) -> QuerySet[SeasonExecutive]:
    """Who named their days first, then by name."""
    return rows.order_by(*WAITING)


def leaders(season: Season, visiting: Iterable[int]) -> list[Leader]:
    """The season's executives but those who stepped back or left, in waiting order, then whoever else has a visit in it. One
    query."""
    entries = SeasonExecutive.objects.taking_part().filter(season=season)
    known = entries.annotate(known=Value(1), place=Window(RowNumber(), order_by=WAITING))
    others = Executive.objects.filter(~Exists(entries.filter(executive=OuterRef("pk"))), pk__in=set(visiting))
    others = others.annotate(known=Value(0), preferred=Value("[]"))
    rows = known.values_list(
        "known", "place", "executive_id", *(f"executive__{name}" for name in LEADER),
        raw("executive__user__languages"), raw("preferred"),
    ).union(
        others.values_list("known", "pk", "pk", *LEADER, raw("user__languages"), "preferred"), all=True
    )  # fmt: skip
    return [Leader(*row[2:]) for row in in_order(rows)]


def guests(season: Season, hosting: Iterable[int]) -> list[Guest]:
    """The hosts to plan with, then whoever else has a visit that counts. One query."""
    entries = SeasonHost.objects.willing().filter(season=season)
    others = Host.objects.filter(~Exists(entries.filter(host=OuterRef("pk"))), pk__in=set(hosting))
    rows = entries.annotate(known=Value(1)).values_list(
        "known", "pk", "host_id", *(f"host__{name}" for name in GUEST), raw("host__user__languages"), "max_visits"
    ).union(
        others.annotate(known=Value(0), most=Value(0)).values_list(
            "known", "pk", "pk", *GUEST, raw("user__languages"), "most"
        ), all=True,
    )  # fmt: skip
    return [Guest(*row[2:]) for row in in_order(rows)]


def in_order(rows: Iterable[tuple]) -> list[tuple]:
    """Those the season knows first, each in their place."""
    return sorted(rows, key=lambda row: (-row[0], row[1]))


@lru_cache(maxsize=4096)
def path(unit: str | None) -> tuple[str, ...] | None:
    """A unit's path by folded names, so that two spellings are one unit."""
    return tuple((fold(unit) or "").split(" / ")) if unit is not None else None


def raw(name: str) -> Cast:
    """A column of JSON as its text: thousands of people share few lists, so each is read once."""
    return Cast(name, TextField())


def folded(languages: Iterable[str]) -> frozenset[str]:
    """Languages without regard to case."""
    return frozenset(key for language in languages if (key := fold(language)))


@lru_cache(maxsize=4096)
def spoken_in(languages: str) -> frozenset[str]:
    """The same from a list as JSON."""
    return folded(json.loads(languages) or ())


@lru_cache(maxsize=4096)
def days_in(days: str) -> frozenset[date]:
    """The days of a list of ISO dates as JSON."""
    return frozenset(date.fromisoformat(day) for day in json.loads(days) or ())
