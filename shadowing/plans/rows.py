"""People and visits of a season as plain rows: reading a year's season as instances would cost most of a second."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast

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
    host_answer: str = Answer.NONE


BOOKED = (
    "pk", "season_id", "executive_id", "host_id", "site_id", "site__slug", "site__time_zone", "date", "state", "locked",
    "host_answer",
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


def in_waiting_order(rows: QuerySet[SeasonExecutive]) -> QuerySet[SeasonExecutive]:
    """Who named their days first, then by name."""
    return rows.order_by(F("answered_at").asc(nulls_last=True), "executive__user__name_key", "pk")


def leaders(season: Season, visiting: Iterable[int]) -> list[Leader]:
    """The season's executives but those who stepped back, in waiting order, then whoever else has a visit in it."""
    rows = in_waiting_order(SeasonExecutive.objects.filter(season=season, stepped_back_at__isnull=True))
    columns: tuple[str | Cast, ...] = (
        "executive_id",
        *(f"executive__{name}" for name in LEADER),
        raw("executive__user__languages"),
    )
    found = [Leader(*row) for row in rows.values_list(*columns, raw("preferred"))]
    known = {leader.pk for leader in found}
    if others := [pk for pk in visiting if pk not in known]:
        more = Executive.objects.filter(pk__in=others).order_by("pk")
        found += [Leader(*row) for row in more.values_list("pk", *LEADER, raw("user__languages"))]
    return found


def guests(season: Season, hosting: Iterable[int]) -> list[Guest]:
    """The hosts to plan with, then whoever else has a visit that counts."""
    rows = SeasonHost.objects.willing().filter(season=season).order_by("pk")
    columns: tuple[str | Cast, ...] = (
        "host_id",
        *(f"host__{name}" for name in GUEST),
        raw("host__user__languages"),
        "max_visits",
    )
    found = [Guest(*row) for row in rows.values_list(*columns)]
    known = {guest.pk for guest in found}
    if others := [pk for pk in hosting if pk not in known]:
        more = Host.objects.filter(pk__in=others).order_by("pk")
        found += [Guest(*row) for row in more.values_list("pk", *GUEST, raw("user__languages"))]
    return found


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
