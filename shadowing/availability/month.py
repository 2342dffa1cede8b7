"""A month of somebody's days, as the calendar page shows it."""

from __future__ import annotations

import calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from people.models import User
from shadowing.models import Season, SeasonHost, SeasonState, UnavailableDay

ASKING = (SeasonState.DRAFT, SeasonState.COLLECTING, SeasonState.PLANNED)


@dataclass(frozen=True)
class Day:
    """One date: ``sources`` say where it is marked; past dates and those of other months cannot be turned around."""

    date: date
    sources: tuple[str, ...]
    in_month: bool
    is_over: bool
    in_season: bool

    @property
    def is_taken(self) -> bool:
        return bool(self.sources)

    @property
    def can_turn(self) -> bool:
        return self.in_month and not self.is_over


@dataclass(frozen=True)
class Month:
    """Weeks from Monday to Sunday, and the months beside it."""

    first: date
    weeks: list[list[Day]]
    earlier: date | None
    later: date


def month_of(person: User, *, first: date, today: date, seasons: list[Season]) -> Month:
    """The month that begins on ``first``, with the person's days and the windows of the seasons that ask. One query."""
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    sources = sources_of(person, weeks[0][0], weeks[-1][-1])
    days = [[_day(day, sources, first, today, seasons) for day in week] for week in weeks]
    before = (first - timedelta(days=1)).replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    return Month(first, days, before if first > today else None, after)


def day_of(person: User, day: date, *, today: date, seasons: list[Season]) -> Day:
    """One date as its cell shows it, after it was turned around. One query."""
    return _day(day, sources_of(person, day, day), day.replace(day=1), today, seasons)


def seasons_asking(person: User) -> list[Season]:
    """Seasons not yet published this person takes part in, the earliest first. One query."""
    mine = Season.objects.filter(state__in=ASKING)
    as_executive, as_host = mine.filter(executives__executive=person.pk), mine.filter(hosts__host=person.pk)
    return list((as_executive | as_host).distinct().order_by("starts_on", "pk"))


def host_entries(person: User, seasons: list[Season]) -> list[SeasonHost]:
    """What these seasons ask of the person as a host. One query."""
    return list(SeasonHost.objects.filter(host=person.pk, season__in=seasons).select_related("season").order_by("pk"))


def address(person: User, *, own: bool) -> str:
    """The page of the person's days, for themselves or for others."""
    return reverse("shadowing:availability") if own else reverse("shadowing:person_availability", args=[person.pk])


def first_month(text: str, *, today: date, seasons: list[Season]) -> date:
    """The month a page asks for ("2027-03"), else that of the next season, else this one. Years far away are cut."""
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        coming = [season.starts_on for season in seasons if season.ends_on >= today]
        asked = max(min(coming, default=today), today)
    latest = date(today.year + 3, today.month, 1)
    return min(max(asked.replace(day=1), today.replace(day=1)), latest)


def sources_of(person: User, first: date, last: date) -> dict[date, tuple[str, ...]]:
    """Dates in the span on which the person cannot, and by which sources."""
    found: defaultdict[date, list[str]] = defaultdict(list)
    rows = UnavailableDay.objects.filter(user=person, date__range=(first, last)).order_by("date", "source")
    for day, source in rows.values_list("date", "source"):
        found[day].append(source)
    return {day: tuple(sources) for day, sources in found.items()}


def _day(day: date, sources: dict[date, tuple[str, ...]], first: date, today: date, seasons: list[Season]) -> Day:
    return Day(
        date=day,
        sources=sources.get(day, ()),
        in_month=(day.year, day.month) == (first.year, first.month),
        is_over=day < today,
        in_season=any(season.starts_on <= day <= season.ends_on for season in seasons),
    )
