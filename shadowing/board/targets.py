"""Where on the board of a week a visit, or somebody without one, could go: what stands against each cell."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from people.models import Host
from shadowing.availability.workdays import is_visit_day
from shadowing.models import Season, SeasonSite, UnavailableDay, Visit
from shadowing.visits import rules

BLOCKS, WARNS = "blocks", "warns"


@dataclass(frozen=True)
class Mover:
    """Who goes somewhere: an executive, and the host and visit they have now."""

    executive_id: int
    host: Host | None = None
    visit: Visit | None = None

    @classmethod
    def of(cls, visit: Visit) -> Mover:
        return cls(visit.executive_id, visit.host, visit)


@dataclass
class Around:
    """Live visits and absences that matter for one mover in one week."""

    taken: Counter[tuple[int, date]] = field(default_factory=Counter)
    days: dict[int, set[date]] = field(default_factory=lambda: defaultdict(set))
    away: set[tuple[int, date]] = field(default_factory=set)


def against(
    season: Season, places: Sequence[SeasonSite], mover: Mover, days: Sequence[date], now: datetime
) -> dict[str, tuple[str, str]]:
    """Cell key → (blocks or warns, why) for every cell that is not plainly free. Two queries."""
    around = read_around(season, places, mover, days)
    found = {}
    for place in places:
        for day in days:
            if verdict := judge(season, place, day, mover, around, now):
                found[f"{place.site_id}-{day.isoformat()}"] = verdict
    return found


def read_around(season: Season, places: Sequence[SeasonSite], mover: Mover, days: Sequence[date]) -> Around:
    people = [mover.executive_id, *([mover.host.pk] if mover.host else [])]
    near = timedelta(days=season.days_between_host_visits)
    there = Q(site__in=[place.site_id for place in places], date__in=days)
    theirs = Q(executive=people[0]) | Q(host__in=people[1:])
    live = Visit.objects.live().filter(there | theirs & Q(date__range=(min(days) - near, max(days) + near)))
    around = Around()
    for pk, site, day, executive, host in live.values_list("pk", "site", "date", "executive", "host"):
        if mover.visit and pk == mover.visit.pk:
            continue
        around.taken[site, day] += 1
        around.days[executive].add(day)
        around.days[host].add(day)
    away = UnavailableDay.objects.filter(user__in=people, date__in=days)
    around.away = set(away.values_list("user", "date"))
    return around


def judge(
    season: Season, place: SeasonSite, day: date, mover: Mover, around: Around, now: datetime
) -> tuple[str, str] | None:
    """The gravest thing against this cell, or nothing."""
    host = mover.host if mover.host and mover.host.team.site_id == place.site_id else None
    for severity, stands, words in (
        (BLOCKS, not season.starts_on <= day <= season.ends_on, _("outside the season")),
        (BLOCKS, day < rules.local_date(place.site, now), _("has passed")),
        (BLOCKS, around.taken[place.site_id, day] >= place.visits_a_day, _("full")),
        (BLOCKS, day in around.days[mover.executive_id], _("the executive has a visit on this day")),
        (BLOCKS, bool(host and day in around.days[host.pk]), _("the host has a visit on this day")),
        (WARNS, not is_visit_day(day, place), _("closed")),
        (WARNS, (mover.executive_id, day) in around.away, _("the executive is away")),
        (WARNS, bool(host and (host.pk, day) in around.away), _("the host is away")),
        (WARNS, bool(host and too_near(season, host, day, around)), _("too near to another visit of the host")),
    ):
        if stands:
            return severity, words
    return None


def too_near(season: Season, host: Host, day: date, around: Around) -> bool:
    """Another visit of the host lies within the season's rest days."""
    return any(0 < abs((day - other).days) < season.days_between_host_visits for other in around.days[host.pk])


def week_of(day: date) -> list[date]:
    """Monday to Sunday around a day."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=shift) for shift in range(7)]
