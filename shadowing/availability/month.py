"""A month of somebody's days, as the calendar page shows it: weeks as rows, what a season asks for made plain."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Prefetch, Q
from django.urls import reverse

from people.models import Site, User
from people.workdays import SATURDAY, holiday_name
from shadowing.availability import wishes
from shadowing.availability.workdays import is_visit_day
from shadowing.models import LIVE, Season, SeasonExecutive, SeasonHost, SeasonSite, SeasonState, UnavailableDay, Visit

ASKING = (SeasonState.DRAFT, SeasonState.COLLECTING, SeasonState.PLANNED)


@dataclass
class Asked:
    """What the seasons that are not published ask of one person."""

    person: User
    today: date
    seasons: list[Season]
    entries: list[SeasonExecutive]  # as an executive
    hosting: list[SeasonHost]

    @cached_property
    def home(self) -> Site | None:
        """The site whose public holidays are the person's own."""
        if self.person.is_executive:
            return self.person.executive.home_site
        return self.person.host.team.site if self.person.is_host else None

    @property
    def waits(self) -> bool:
        """A season has not heard from them yet."""
        return any(entry.answered_at is None for entry in self.entries)

    def places(self, season: Season) -> Iterable[SeasonSite]:
        """Where they could be on the floor: every site for executives, their own for hosts."""
        every = season.season_sites.all()
        if any(entry.season_id == season.pk for entry in self.entries):
            return every
        own = self.person.host.team.site_id if self.person.is_host else None
        return [place for place in every if place.site_id == own]

    def is_asked(self, day: date) -> bool:
        """Inside the window of a season that asks."""
        return any(season.starts_on <= day <= season.ends_on for season in self.seasons)

    def is_visit_day(self, day: date) -> bool:
        """A day on which a visit could be."""
        open_ = (season for season in self.seasons if season.starts_on <= day <= season.ends_on)
        return any(is_visit_day(day, place) for season in open_ for place in self.places(season))

    def visit_days_in(self, days: Iterable[date]) -> list[date]:
        """Those of the dates on which a visit could be."""
        return [day for day in days if self.is_visit_day(day)]

    def holiday(self, day: date) -> str:
        """The public holiday at the person's own site, if it is one."""
        return holiday_name(day, country=self.home.country, subdivision=self.home.subdivision) if self.home else ""


@dataclass(frozen=True)
class Day:
    """One date: ``sources`` say where it is marked; past dates and those of other months cannot be turned around."""

    date: date
    sources: tuple[str, ...]
    in_month: bool
    is_over: bool
    in_season: bool
    is_visit_day: bool = False
    preferred: bool = False
    holiday: str = ""
    visits: tuple[Visit, ...] = ()

    @property
    def is_taken(self) -> bool:
        return bool(self.sources)

    @property
    def can_turn(self) -> bool:
        return self.in_month and not self.is_over

    @property
    def state(self) -> str:
        return "away" if self.is_taken else "preferred" if self.preferred else "free"


@dataclass(frozen=True)
class Week:
    """A row: its days, and whether pressing its head marks them or frees them."""

    days: list[Day]

    @property
    def monday(self) -> date:
        return self.days[0].date

    @property
    def turnable(self) -> list[date]:
        """What its head changes: the days a season could use, else the working days."""
        open_ = [day for day in self.days if day.can_turn and not day.visits]
        asked = [day.date for day in open_ if day.is_visit_day]
        return asked or [day.date for day in open_ if day.date.weekday() < SATURDAY]

    @property
    def is_away(self) -> bool:
        taken = {day.date for day in self.days if day.is_taken}
        return bool(self.turnable) and taken.issuperset(self.turnable)


@dataclass(frozen=True)
class Month:
    """Weeks from Monday on, and the months beside it. Weekends stand there only where a season opens one."""

    first: date
    weeks: list[Week]
    earlier: date | None
    later: date
    weekends: bool
    holidays: list[Day] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)

    @property
    def heads(self) -> list[date]:
        return [day.date for day in self.weeks[0].days]

    def week_of(self, day: date) -> Week:
        """The row of a date."""
        return next(week for week in self.weeks if any(each.date == day for each in week.days))


def asked_of(person: User, *, today: date) -> Asked:
    """Everything the open seasons ask of this person. Two queries, and one for executives and hosts each."""
    seasons = seasons_asking(person)
    entries: list[SeasonExecutive] = []
    if person.is_executive:
        rows = SeasonExecutive.objects.filter(executive=person.pk, season__in=seasons)
        entries = list(rows.order_by("season__starts_on", "pk"))
    hosting = host_entries(person, seasons) if person.is_host else []
    return Asked(person, today, seasons, entries, hosting)


def month_of(asked: Asked, *, first: date, visits: Iterable[Visit] = ()) -> Month:
    """The month that begins on ``first``, with the person's days and what is asked of them. One query."""
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    sources = sources_of(asked.person, weeks[0][0], weeks[-1][-1])
    booked: defaultdict[date, list[Visit]] = defaultdict(list)
    for visit in visits:
        booked[visit.date].append(visit)
    days = [[_day(day, asked, sources, first, booked) for day in week] for week in weeks]
    weekends = any(day.in_month and _is_used_weekend(day) for week in days for day in week)
    shown = [Week(week if weekends else week[:SATURDAY]) for week in days]
    before, after = (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=31)).replace(day=1)
    every = [day for week in shown for day in week.days if day.in_month]
    return Month(
        first,
        [week for week in shown if any(day.in_month for day in week.days)],
        before if first > asked.today else None,
        after,
        weekends,
        holidays=[day for day in every if day.holiday],
        visits=[visit for day in every for visit in day.visits],
    )


def _is_used_weekend(day: Day) -> bool:
    return day.date.weekday() >= SATURDAY and (day.is_visit_day or bool(day.visits))


def _day(
    day: date, asked: Asked, sources: dict[date, tuple[str, ...]], first: date, booked: dict[date, list[Visit]]
) -> Day:
    return Day(
        date=day,
        sources=sources.get(day, ()),
        in_month=(day.year, day.month) == (first.year, first.month),
        is_over=day < asked.today,
        in_season=asked.is_asked(day),
        is_visit_day=asked.is_visit_day(day),
        preferred=wishes.is_wished(asked.entries, day),
        holiday=asked.holiday(day),
        visits=tuple(booked.get(day, ())),
    )


def seasons_asking(person: User) -> list[Season]:
    """Seasons not yet published this person takes part in, the earliest first, with their sites. Two queries."""
    mine = Season.objects.filter(state__in=ASKING)
    as_executive, as_host = mine.filter(executives__executive=person.pk), mine.filter(hosts__host=person.pk)
    found = (as_executive | as_host).distinct().order_by("starts_on", "pk")
    return list(found.prefetch_related(Prefetch("season_sites", SeasonSite.objects.select_related("site"))))


def host_entries(person: User, seasons: list[Season]) -> list[SeasonHost]:
    """What these seasons ask of the person as a host. One query."""
    return list(SeasonHost.objects.filter(host=person.pk, season__in=seasons).select_related("season").order_by("pk"))


def visits_of(person: User, reader: User, *, first: date) -> list[Visit]:
    """The person's own live visits from ``first`` on that this reader may see, by date. One query."""
    mine = Q(executive=person.pk) | Q(host=person.pk)
    rows = Visit.objects.visible_to(reader).filter(mine, state__in=LIVE, invited_at__isnull=False, date__gte=first)
    return list(rows.for_list())


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
