"""The visit list: filters, sorting, and the rows of visit days."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet, Value
from django.urls import reverse

from people.keys import fold
from people.lookups import LookedUp
from people.models import Executive, Host, Site, Team, User
from shadowing.models import LIVE, Answer, Season, Visit, VisitState
from shadowing.models.visits import VisitQuerySet
from shadowing.visits import history

SORTS = {
    "date": ("date", "pk"),
    "-date": ("-date", "-pk"),
    "executive": ("executive__user__name_key", "pk"),
    "host": ("host__user__name_key", "pk"),
    "site": ("site__name_key", "date", "pk"),
    "state": ("state", "date", "pk"),
}
MOST_NAMES = 200  # people a search looks at
COLUMNS = ("uuid", "date", "state", "host_answer", "site_id", "executive_id")


class Choice(NamedTuple):
    """A season or site as a filter offers it."""

    pk: int
    slug: str
    name: str


def filtered(user: User, wanted: dict[str, Any], sort: str) -> VisitQuerySet:
    """What the person may see of what they asked for. ``wanted`` holds season, site, state, date and q, all
    optional."""
    visits = Visit.objects.visible_to(user)
    plain = {name: wanted[name] for name in ("season", "site", "state", "date") if wanted.get(name)}
    if words := fold(wanted.get("q", "")):
        people = list(User.objects.filter(name_key__contains=words).values_list("pk", flat=True)[:MOST_NAMES])
        visits = visits.filter(Q(executive__in=people) | Q(host__in=people))
    return visits.filter(**plain).order_by(*SORTS.get(sort, SORTS["-date"]))


def rows_of(visits: VisitQuerySet, reader: User) -> list[dict[str, Any]]:
    """What the list shows of each, in one query."""
    names = {
        "executive_name": LookedUp(User, "executive", "name"),
        "host_name": LookedUp(User, "host", "name"),
        "team_name": LookedUp(Team, LookedUp(Host, "host", "team"), "name"),
        "site_name": LookedUp(Site, "site", "name"),
        "season_name": LookedUp(Season, "season", "name"),
        "assistant": LookedUp(Executive, "executive", "assistant"),
    }
    start = reverse("shadowing:visits")
    return [
        row | {"url": f"{start}{row['uuid']}/", "shown": _shown(row, reader)}
        for row in visits.values(*COLUMNS, **names)
    ]


def _shown(row: dict[str, Any], reader: User) -> str:
    """The state as the reader sees it; most rows need no thought."""
    if row["host_answer"] != Answer.NO:
        return row["state"]
    executive = Executive(pk=row["executive_id"], assistant_id=row["assistant"])
    visit = Visit(state=row["state"], host_answer=row["host_answer"], site_id=row["site_id"], executive=executive)
    return history.shown_state(reader, visit)


def seasons_for(user: User) -> QuerySet[Season]:
    """Seasons to filter by: those people work on, for participants those of their visits."""
    if user.reads_everything or user.coordinated_site_ids:
        return Season.objects.visible_to(user).order_by("-starts_on", "-pk")
    return Season.objects.filter(pk__in=Visit.objects.visible_to(user).values("season")).order_by("-starts_on", "-pk")


def sites_for(user: User) -> QuerySet[Site]:
    """Sites to filter by."""
    sites = Site.objects.order_by("name_key", "pk")
    if user.reads_everything:
        return sites
    if user.coordinated_site_ids:
        return sites.filter(pk__in=user.coordinated_site_ids)
    return sites.filter(pk__in=Visit.objects.visible_to(user).values("site"))


def choices_for(user: User) -> dict[str, list[Choice]]:
    """Seasons (newest first) and sites (by name) to filter by, in one query."""
    seasons = seasons_for(user).order_by().annotate(kind=Value("season"))
    sites = sites_for(user).order_by().annotate(kind=Value("site"))
    columns = ("kind", "pk", "slug", "name")
    found: dict[str, list[Choice]] = {"season": [], "site": []}
    for kind, *choice in seasons.values_list(*columns).union(sites.values_list(*columns)):
        found[kind].append(Choice(*choice))
    found["season"].sort(key=lambda choice: -choice.pk)
    found["site"].sort(key=lambda choice: choice.name.casefold())
    return found


def visit_days(user: User, *, today: date, past: bool, site: Site | None = None) -> QuerySet[Any]:
    """One row per site and date with what became of its visits; coming ones by date, past ones newest first."""
    visits = Visit.objects.visible_to(user).filter(state__in=[*LIVE, VisitState.NO_SHOW])
    visits = visits.filter(
        **({"date__lt": today} if past else {"date__gte": today}), **({"site": site} if site else {})
    )
    counts = {state.value: Count("pk", filter=Q(state=state)) for state in (*LIVE, VisitState.NO_SHOW)}
    rows = visits.values("site__name", "site__slug", "site__time_zone", "date").annotate(visits=Count("pk"), **counts)
    return rows.order_by("-date" if past else "date", "site__name", "site__slug")
