"""The season's executives and hosts, as the coordinator's page lists them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from people.keys import fold
from people.models import User
from shadowing.models import Season, SeasonExecutive, SeasonHost, UnavailableDay, Willing
from shadowing.seasons import rights

PAGE_SIZE = 50
ANSWERS = (("", _("All")), (Willing.YES, _("Yes")), (Willing.NOT_ASKED, _("No answer yet")), (Willing.NO, _("No")))
LISTS = ("hosts", "executives")


def page(season: Season, user: User, asked: Mapping[str, str]) -> dict[str, Any]:
    """One list of the two, filtered and cut into pages; the address says which."""
    shown = asked.get("list", "") if asked.get("list") in LISTS else LISTS[0]
    rows: Page[Any] = _paged(hosts(season, user, asked) if shown == "hosts" else executives(season, asked), asked)
    people = [row.executive_id if shown == "executives" else row.host_id for row in rows]
    days = days_in_season(season, people)
    for row, person in zip(rows, people, strict=True):
        row.days = days.get(person, 0)
    answer = asked.get("answer", "") if asked.get("answer", "") in Willing.values else ""
    return {
        "season": season,
        "shown": shown,
        "page": rows,
        "query": asked.get("q", ""),
        "answer": answer,
        "answers": ANSWERS,
        "may_change": rights.may_change(user, season),
        "may_answer": not season.is_published,
    }


def hosts(season: Season, user: User, asked: Mapping[str, str]) -> QuerySet[SeasonHost]:
    """Hosts of the person's sites, by name."""
    rows = SeasonHost.objects.visible_to(user).filter(season=season).select_related("host__user", "host__team__site")
    if asked.get("answer") in Willing.values:
        rows = rows.filter(willing=asked["answer"])
    if query := fold(asked.get("q")):
        rows = rows.filter(host__user__name_key__contains=query)
    return rows.order_by("host__user__name_key", "pk")


def executives(season: Season, asked: Mapping[str, str]) -> QuerySet[SeasonExecutive]:
    """All executives of the season, by name."""
    rows = SeasonExecutive.objects.filter(season=season).select_related("executive__user", "executive__business_unit")
    if query := fold(asked.get("q")):
        rows = rows.filter(executive__user__name_key__contains=query)
    return rows.order_by("executive__user__name_key", "pk")


def _paged(rows: QuerySet[Any], asked: Mapping[str, str]) -> Page[Any]:
    return Paginator(rows, PAGE_SIZE).get_page(asked.get("page"))


def days_in_season(season: Season, people: list[int]) -> dict[int, int]:
    """How many days of the window each of these people cannot. One query."""
    rows = UnavailableDay.objects.filter(user__in=people, date__range=(season.starts_on, season.ends_on))
    return dict(rows.values_list("user").annotate(number=Count("date", distinct=True)).order_by())
