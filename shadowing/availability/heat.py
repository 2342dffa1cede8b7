"""How many can on each day of a season: places, executives free, hosts willing and free, and where it will be short.

Counted in the database by day and site, so the number of people costs no query.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, Sum

from people.keys import fold
from people.models import BusinessUnit, User
from shadowing.availability.workdays import holiday_name, is_visit_day
from shadowing.models import (
    LIVE,
    HostsFrom,
    Season,
    SeasonExecutive,
    SeasonHost,
    SeasonSite,
    UnavailableDay,
    Visit,
    Willing,
)
from shadowing.models.people import SeasonExecutiveQuerySet, SeasonHostQuerySet

TIGHT = 1.25  # hosts a place below which one illness leaves a place empty
ANSWERS = ("yes", "no")
COLUMNS = (
    "date", "site", "state", "places", "booked", "hosts_asked", "hosts_without_answer", "hosts_willing", "hosts_free",
    "executives", "executives_without_answer", "executives_free",
)  # fmt: skip


@dataclass(frozen=True)
class Filters:
    """What the address asks for: one site, the executives of one unit, those who answered or did not."""

    site: str = ""
    unit: int = 0
    answered: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Filters:
        """The filters in a query string. Values nobody knows are dropped."""
        unit, answered = asked.get("unit", ""), asked.get("answered", "")
        return cls(
            site=asked.get("site", "").replace("\0", "")[:60],
            unit=int(unit) if unit.isdecimal() and len(unit) < 10 else 0,
            answered=answered if answered in ANSWERS else "",
        )

    def places(self, places: list[SeasonSite]) -> list[SeasonSite]:
        """The sites shown: the one asked for, where it is among them."""
        return [place for place in places if place.site.slug == self.site] or places


@dataclass(frozen=True)
class Hosts:
    """The hosts of one site: asked, without an answer, willing, and the visits those can take together."""

    asked: int = 0
    waiting: int = 0
    willing: int = 0
    visits: int = 0


@dataclass(frozen=True)
class Cell:
    """One site on one day. Hosts are too few when not every place has one."""

    day: date
    place: SeasonSite
    is_open: bool
    holiday: str
    booked: int
    hosts_free: int

    @property
    def places(self) -> int:
        return self.place.visits_a_day if self.is_open else 0

    @property
    def fillable(self) -> int:
        """Places that can have a host."""
        return min(self.places, self.hosts_free)

    @property
    def missing(self) -> int:
        return self.places - self.fillable

    @property
    def state(self) -> str:
        if not self.is_open:
            return "closed"
        if self.missing:
            return "short"
        return "tight" if self.hosts_free < self.places * TIGHT else "enough"


@dataclass(frozen=True)
class Row:
    """One day: the executives who can, and every site shown."""

    day: date
    executives_free: int
    cells: list[Cell]

    @property
    def places(self) -> int:
        return sum(cell.places for cell in self.cells)

    @property
    def few(self) -> bool:
        """Fewer executives can than there are places: some stay empty whatever the plan."""
        return self.executives_free < self.places


@dataclass(frozen=True)
class Heat:
    """The season's days for the sites shown, with the people counted."""

    season: Season
    places: list[SeasonSite]
    rows: list[Row]
    executives: int
    executives_waiting: int
    hosts: dict[int, Hosts]

    @cached_property
    def open_cells(self) -> list[Cell]:
        return [cell for row in self.rows for cell in row.cells if cell.is_open]

    @property
    def short(self) -> list[Cell]:
        return [cell for cell in self.open_cells if cell.state == "short"]

    @property
    def all_places(self) -> int:
        return sum(cell.places for cell in self.open_cells)

    @cached_property
    def fillable(self) -> int:
        """Places that can have a host, no site beyond the visits its hosts take in the season."""
        by_site = {place.site_id: 0 for place in self.places}
        for cell in self.open_cells:
            by_site[cell.place.site_id] += cell.fillable
        return sum(min(number, self.hosts_at(site).visits) for site, number in by_site.items())

    @property
    def hosts_asked(self) -> int:
        return sum(hosts.asked for hosts in self.hosts.values())

    @property
    def hosts_waiting(self) -> int:
        return sum(hosts.waiting for hosts in self.hosts.values())

    def hosts_at(self, site_id: int) -> Hosts:
        return self.hosts.get(site_id, Hosts())


def heat_of(season: Season, places: list[SeasonSite], user: User, filters: Filters) -> Heat:
    """Every day of the window on which one of these sites takes visits, or has one. Six queries, whatever the size."""
    shown = filters.places(places)
    sites = [place.site_id for place in shown]
    people = executives_of(season, filters)
    counted = people.aggregate(all=Count("pk"), waiting=Count("pk", filter=Q(answered_at__isnull=True)))
    hosts = _hosts(season, sites, user)
    away = _away(season, UnavailableDay.objects.filter(user__in=people.values("executive")).values_list("date"))
    host_rows = UnavailableDay.objects.filter(user__in=willing_hosts(season, sites, user).values("host"))
    hosts_away = _away(season, host_rows.values_list("user__host__team__site", "date"))
    booked = _booked(season, sites)
    rows = []
    for day in _window(season):
        cells = [_cell(day, place, hosts.get(place.site_id, Hosts()), hosts_away, booked) for place in shown]
        if any(cell.is_open or cell.booked for cell in cells):
            rows.append(Row(day, counted["all"] - away.get((day,), 0), cells))
    return Heat(season, shown, rows, counted["all"], counted["waiting"], hosts)


def executives_of(season: Season, filters: Filters) -> SeasonExecutiveQuerySet:
    """The executives to be planned that the filters leave."""
    rows = SeasonExecutive.objects.taking_part().filter(season=season)
    if filters.answered:
        rows = rows.filter(answered_at__isnull=filters.answered == "no")
    if filters.unit:
        unit = BusinessUnit.objects.filter(pk=filters.unit).first()
        key = fold(unit.path) if unit else None
        below = Q(executive__business_unit__path_key__startswith=f"{key} / ")
        rows = rows.filter(Q(executive__business_unit=unit) | below) if unit else rows.none()
    return rows


def willing_hosts(season: Season, sites: list[int], user: User) -> SeasonHostQuerySet:
    """Hosts to plan with at these sites, as far as this person may see them."""
    return _asked(season, sites, user).filter(willing__in=_counted(season))


def _asked(season: Season, sites: list[int], user: User) -> SeasonHostQuerySet:
    rows = SeasonHost.objects.visible_to(user).filter(season=season, host__team__site__in=sites)
    return rows.filter(host__user__is_active=True)


def _counted(season: Season) -> list[str]:
    return [Willing.YES] if season.hosts_from == HostsFrom.WILLING else [Willing.YES, Willing.NOT_ASKED]


def _hosts(season: Season, sites: list[int], user: User) -> dict[int, Hosts]:
    rows = _asked(season, sites, user)
    counted = Q(willing__in=_counted(season))
    found = rows.values_list("host__team__site").annotate(
        asked=Count("pk"),
        waiting=Count("pk", filter=Q(willing=Willing.NOT_ASKED)),
        ready=Count("pk", filter=counted),
        visits=Sum("max_visits", filter=counted),
    )
    return {site: Hosts(asked, waiting, ready, visits or 0) for site, asked, waiting, ready, visits in found.order_by()}


def _away(season: Season, rows: Any) -> dict[tuple[Any, ...], int]:
    """People per key (date, or site and date), each once however many sources say so. One query."""
    inside = rows.filter(date__range=(season.starts_on, season.ends_on))
    return {tuple(key): number for *key, number in inside.annotate(number=Count("user", distinct=True)).order_by()}


def _booked(season: Season, sites: list[int]) -> dict[tuple[int, date], int]:
    rows = Visit.objects.filter(season=season, site__in=sites, state__in=LIVE).values_list("site", "date")
    return {(site, day): number for site, day, number in rows.annotate(number=Count("pk")).order_by()}


def _window(season: Season) -> Iterator[date]:
    for shift in range((season.ends_on - season.starts_on).days + 1):
        yield season.starts_on + timedelta(days=shift)


def _cell(
    day: date, place: SeasonSite, hosts: Hosts, away: dict[tuple[Any, ...], int], booked: dict[tuple[int, date], int]
) -> Cell:
    site = place.site
    return Cell(
        day,
        place,
        is_visit_day(day, place),
        holiday_name(day, country=site.country, subdivision=site.subdivision),
        booked.get((site.pk, day), 0),
        hosts.willing - away.get((site.pk, day), 0),
    )


def units_of(season: Season) -> list[BusinessUnit]:
    """The units this season's executives belong to, by path. One query."""
    mine = SeasonExecutive.objects.filter(season=season).values("executive__business_unit")
    return list(BusinessUnit.objects.filter(pk__in=mine).order_by("path_key", "pk"))


def export_rows(heat: Heat) -> Iterator[tuple[Any, ...]]:
    """The figures of the page as rows: a row a day and site."""
    for row in heat.rows:
        for cell in row.cells:
            hosts = heat.hosts_at(cell.place.site_id)
            people = (heat.executives, heat.executives_waiting, row.executives_free)
            about_hosts = (hosts.asked, hosts.waiting, hosts.willing, cell.hosts_free)
            yield (row.day, cell.place.site.name, cell.state, cell.places, cell.booked, *about_hosts, *people)


def only(filters: Filters, site: str) -> Filters:
    """The same filters for one site."""
    return replace(filters, site=site)
