"""Who can on one day of a season, and who cannot: of the reader's own sites, as far as they may know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from people.keys import fold
from people.models import User
from people.paging import page_of
from shadowing.availability import heat
from shadowing.models import LIVE, Season, SeasonSite, UnavailableDay, Visit

LISTS = ("hosts", "executives")


@dataclass(frozen=True)
class Counted:
    """How many of one list can and cannot."""

    name: str
    free: int
    away: int


def day_page(
    season: Season, places: list[SeasonSite], user: User, *, day: date, asked: Mapping[str, str]
) -> dict[str, Any]:
    """One list of two (hosts, executives), those who can or who cannot, found by name. Five queries."""
    filters = heat.Filters.read(asked)
    rows = _lists(season, filters.places(places), user, day, filters)
    shown = asked.get("list", "") if asked.get("list") in LISTS else LISTS[0]
    away = asked.get("state") == "away"
    found = rows[shown].filter(is_away=away)
    name = "host" if shown == "hosts" else "executive"
    if query := fold(asked.get("q", "").replace("\0", "")):
        found = found.filter(**{f"{name}__user__name_key__contains": query})
    page = page_of(found.order_by(f"{name}__user__name_key", "pk"), asked.get("page"))
    _mark_visits(season, page.object_list, name)
    return {
        "season": season,
        "day": day,
        "filters": filters,
        "places": filters.places(places),
        "shown": shown,
        "away": away,
        "query": asked.get("q", ""),
        "counts": [_counted(each, rows[each]) for each in LISTS],
        "page": page,
    }


def _lists(
    season: Season, places: list[SeasonSite], user: User, day: date, filters: heat.Filters
) -> dict[str, QuerySet[Any]]:
    sites = [place.site_id for place in places]
    hosts = heat.willing_hosts(season, sites, user).select_related("host__user", "host__team__site")
    executives = heat.executives_of(season, filters).select_related("executive__user", "executive__business_unit")
    return {"hosts": _with_away(hosts, "host", day), "executives": _with_away(executives, "executive", day)}


def _with_away(rows: QuerySet[Any], column: str, day: date) -> QuerySet[Any]:
    return rows.annotate(is_away=Exists(UnavailableDay.objects.filter(user=OuterRef(column), date=day)))


def _counted(name: str, rows: QuerySet[Any]) -> Counted:
    numbers = rows.aggregate(free=Count("pk", filter=Q(is_away=False)), away=Count("pk", filter=Q(is_away=True)))
    return Counted(name, numbers["free"], numbers["away"])


def _mark_visits(season: Season, rows: Any, column: str) -> None:
    """Give each row ``visits``: the dates of this season's live visits. One query."""
    ids = [getattr(row, f"{column}_id") for row in rows]
    live = Visit.objects.filter(season=season, state__in=LIVE, **{f"{column}__in": ids})
    dates: dict[int, list[date]] = {}
    for person, day in live.order_by("date").values_list(column, "date"):
        dates.setdefault(person, []).append(day)
    for row in rows:
        row.visits = dates.get(getattr(row, f"{column}_id"), [])
