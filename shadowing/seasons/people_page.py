"""The season's executives and hosts, as the coordinator's page lists them: its filters are its address."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.keys import fold
from people.models import BusinessUnit, User
from people.paging import PER_PAGE
from shadowing.models import Season, SeasonExecutive, SeasonHost, SeasonState, UnavailableDay, Willing
from shadowing.seasons import rights

LISTS = ("hosts", "executives")
ANSWERS = {
    "hosts": (("yes", _("Yes")), ("waiting", _("No answer yet")), ("no", _("No"))),
    "executives": (("yes", _("Named their days")), ("waiting", _("No answer yet")), ("back", _("Stepped back"))),
}
SORTS = ("name", "-name", "days", "-days", "answered", "-answered")
COLUMNS = {
    "executives": ("number", "name", "level", "unit", "home_site", "answered_on", "days_away", "preferred", "stepped_back_on"),
    "hosts": ("number", "name", "team", "site", "willing", "visits", "answered_on", "days_away"),
}  # fmt: skip


@dataclass(frozen=True)
class Filters:
    """What the address asks for. Values nobody knows are dropped."""

    shown: str = "hosts"
    q: str = ""
    answer: str = ""
    site: str = ""
    unit: str = ""
    sort: str = "name"

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Filters:
        """The filters in a query string, or in a form sent from the page."""
        shown = asked.get("list", "") if asked.get("list") in LISTS else LISTS[0]
        answer, unit, sort = (asked.get(name, "") for name in ("answer", "unit", "sort"))
        return cls(
            shown=shown,
            q=" ".join(asked.get("q", "").replace("\0", "").split())[:100],
            answer=answer if answer in dict(ANSWERS[shown]) else "",
            site=asked.get("site", "").replace("\0", "")[:60],
            unit=unit if unit.isdecimal() and len(unit) < 10 else "",
            sort=sort if sort in SORTS else "name",
        )

    @property
    def any(self) -> bool:
        return bool(self.q or self.answer or self.site or self.unit)

    @property
    def person(self) -> str:
        """The column that leads to the person."""
        return "host" if self.shown == "hosts" else "executive"

    @property
    def query(self) -> str:
        """The filters as a query string; the list always stands in it."""
        said = {name: value for name, value in asdict(self).items() if value and (name, value) != ("sort", "name")}
        return urlencode({"list": said.pop("shown"), **said})

    def address(self, season: Season, **changed: str) -> str:
        """The page with some filters changed, from its first page."""
        return f"{reverse('shadowing:season_people', args=[season.slug])}?{replace(self, **changed).query}"


def page(season: Season, user: User, asked: Mapping[str, str]) -> dict[str, Any]:
    """One list of the two, filtered, sorted and cut into pages. Three queries, one more for a unit in the filters."""
    filters = Filters.read(asked)
    everybody = found_by(season, user, filters)
    waits = Count("pk", filter=answered(filters.shown, "waiting"))
    counts = everybody.aggregate(shown=Count("pk", filter=answered(filters.shown, filters.answer)), waiting=waits)
    paginator = Paginator(in_order(everybody, season, filters), PER_PAGE)
    paginator.count = counts["shown"]
    return {
        "season": season,
        "filters": filters,
        "shown": filters.shown,
        "page": paginator.get_page(asked.get("page")),
        "pills": pills(season, filters),
        "menus": menus(season, user, filters),
        "waiting": counts["waiting"],
        "may_remind": season.state == SeasonState.COLLECTING and counts["waiting"],
        "may_change": rights.may_change(user, season),
        "may_add": may_add(season, user, filters.shown),
        "may_remove": may_add(season, user, filters.shown) and not follows_roster(season, filters.shown),
        "may_answer": not season.is_published,
        "heads": heads(season, filters),
    }


def may_add(season: Season, user: User, shown: str) -> bool:
    """Executives are added by who may change the season, hosts by whoever coordinates one of its sites."""
    if season.state == SeasonState.CLOSED:
        return False
    mine = any(user.coordinates(place.site_id) for place in season.season_sites.all())
    return rights.may_change(user, season) or (shown == "hosts" and mine)


def follows_roster(season: Season, shown: str) -> bool:
    """Whether the roster would bring somebody back who is taken out."""
    named = season.executives_from == "listed" if shown == "executives" else season.hosts_from == "listed"
    return not named and not season.is_published


def rows_of(season: Season, user: User, filters: Filters) -> QuerySet[Any]:
    """The rows the filters leave, each with ``days`` they cannot, in their order."""
    return in_order(found_by(season, user, filters), season, filters)


def in_order(rows: QuerySet[Any], season: Season, filters: Filters) -> QuerySet[Any]:
    """Those with the answer asked for, sorted, each with the ``days`` of the window they cannot."""
    rows = rows.filter(answered(filters.shown, filters.answer))
    rows = rows.annotate(days=Coalesce(Subquery(_days(season, filters.person)), 0))
    return rows.order_by(*_order(filters))


def found_by(season: Season, user: User, filters: Filters) -> QuerySet[Any]:
    """Whom name, site and unit leave, whatever they answered."""
    rows: QuerySet[Any] = hosts(season, user, filters) if filters.shown == "hosts" else executives(season, filters)
    person = filters.person
    if query := fold(filters.q):
        found = Q(**{f"{person}__user__name_key__contains": query})
        rows = rows.filter(found | Q(**{f"{person}__user__employee_number_key__startswith": query}))
    return rows


def answered(shown: str, answer: str) -> Q:
    """The condition behind an answer of that list; everybody for none."""
    back = Q(stepped_back_at__isnull=False)
    conditions = {
        "hosts": {"yes": Q(willing=Willing.YES), "no": Q(willing=Willing.NO), "waiting": Q(willing=Willing.NOT_ASKED)},
        "executives": {
            "yes": Q(answered_at__isnull=False) & ~back, "waiting": Q(answered_at__isnull=True) & ~back, "back": back,
        },
    }  # fmt: skip
    return conditions[shown].get(answer, Q())


def hosts(season: Season, user: User, filters: Filters) -> QuerySet[SeasonHost]:
    """Hosts of the person's sites."""
    rows = SeasonHost.objects.visible_to(user).filter(season=season).select_related("host__user", "host__team__site")
    rows = rows.filter(host__team__site__slug=filters.site) if filters.site else rows
    return rows.filter(_in_unit("host__team__business_unit", filters.unit)) if filters.unit else rows


def executives(season: Season, filters: Filters) -> QuerySet[SeasonExecutive]:
    """All executives of the season."""
    rows = SeasonExecutive.objects.filter(season=season)
    rows = rows.select_related("executive__user", "executive__business_unit", "executive__home_site")
    rows = rows.filter(executive__home_site__slug=filters.site) if filters.site else rows
    return rows.filter(_in_unit("executive__business_unit", filters.unit)) if filters.unit else rows


def _in_unit(column: str, pk: str) -> Q:
    """In that unit or below it; nobody when there is no such unit. One query."""
    unit = BusinessUnit.objects.filter(pk=int(pk)).first()
    if unit is None:
        return Q(pk=None)
    return Q(**{column: unit}) | Q(**{f"{column}__path_key__startswith": f"{fold(unit.path)} / "})


def _days(season: Season, person: str) -> QuerySet[Any]:
    """How many days of the window the row's person cannot, each once."""
    mine = UnavailableDay.objects.filter(user=OuterRef(person), date__range=(season.starts_on, season.ends_on))
    return mine.order_by().values("user").annotate(number=Count("date", distinct=True)).values("number")


def _order(filters: Filters) -> tuple[Any, ...]:
    name = f"{filters.person}__user__name_key"
    down = filters.sort.startswith("-")
    column = {"days": F("days"), "answered": F("answered_at")}.get(filters.sort.removeprefix("-"), F(name))
    return column.desc(nulls_last=True) if down else column.asc(nulls_last=True), name, "pk"


def pills(season: Season, filters: Filters) -> list[dict[str, Any]]:
    """The answers as pills."""
    chosen = filters.answer
    return [
        {"word": word, "chosen": value == chosen,
         "url": filters.address(season, answer="" if value == chosen else value)}
        for value, word in ANSWERS[filters.shown]
    ]  # fmt: skip


def menus(season: Season, user: User, filters: Filters) -> list[dict[str, Any]]:
    """Sites and units to filter by. One query."""
    places = [place.site for place in season.season_sites.all() if user.coordinates(place.site_id)]
    mine: QuerySet[Any] = SeasonExecutive.objects.filter(season=season).values("executive__business_unit")
    if filters.shown == "hosts":
        rows = SeasonHost.objects.visible_to(user).filter(season=season)
        mine = rows.values("host__team__business_unit")
    units = BusinessUnit.objects.filter(pk__in=mine).order_by("path_key", "pk")
    return [
        _menu(_("Site"), filters.site, [(each.slug, str(each)) for each in places], _to(season, filters, "site")),
        _menu(_("Unit"), filters.unit, [(str(each.pk), str(each)) for each in units], _to(season, filters, "unit")),
    ]


def _to(season: Season, filters: Filters, name: str) -> Callable[[str], str]:
    return lambda value: filters.address(season, **{name: value})


def _menu(word: Any, chosen: str, entries: list[tuple[str, str]], to: Callable[[str], str]) -> dict[str, Any]:
    """A menu, or the chosen entry to drop."""
    name = dict(entries).get(chosen, "")
    links = [(label, to(value)) for value, label in entries]
    return {"word": f"{word}: {name}" if name else word, "chosen": bool(chosen), "drop": to(""), "entries": links}


def heads(season: Season, filters: Filters) -> dict[str, dict[str, str]]:
    """Where the heads that sort lead, and which way they sort now."""
    found = {}
    for name in ("name", "answered", "days"):
        turned = f"-{name}" if filters.sort == name else name
        state = {name: "ascending", f"-{name}": "descending"}.get(filters.sort, "")
        found[name] = {"url": filters.address(season, sort=turned), "state": state}
    return found


def export_rows(season: Season, user: User, filters: Filters) -> Iterator[tuple[Any, ...]]:
    """The rows of the list, all pages, for a file. People are named by number or e-mail and by name."""
    make = _host_line if filters.shown == "hosts" else _executive_line
    for row in rows_of(season, user, filters).iterator(2000):
        yield make(row)


def _executive_line(row: Any) -> tuple[Any, ...]:
    person = row.executive
    unit, home = person.business_unit, person.home_site
    where = (person.level, str(unit) if unit else "", str(home) if home else "")
    return (person.user.key, person.user.name, *where, _on(row.answered_at), row.days, " ".join(row.preferred),
            _on(row.stepped_back_at))  # fmt: skip


def _host_line(row: Any) -> tuple[Any, ...]:
    person = row.host
    where = (person.team.name, person.team.site.name)
    return (person.user.key, person.user.name, *where, row.willing, row.max_visits, _on(row.answered_at), row.days)


def _on(moment: Any) -> Any:
    return moment.date() if moment else None
