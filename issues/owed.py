"""Take-aways that are owed, and those a coordinator let be: which, for how long, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from issues.models import Issue
from issues.models.issues import acted_for
from issues.queries import take_aways_owed
from people.keys import fold
from people.models import User
from people.paging import COUNTED
from shadowing.models import FloorNote, Visit
from shadowing.models.visits import VisitQuerySet

COLUMNS = ("visit", "date", "days_owed", "site", "season", "executive", "host", "team", "state", "reason", "waived_by")
NAMES = ("show", "q", "site", "season")


@dataclass(frozen=True)
class OwedFilters:
    """What the address asks for."""

    show: str = "owed"
    q: str = ""
    site: str = ""
    season: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> OwedFilters:
        """From query parameters; values nobody offers are dropped."""
        values = {name: query.get(name, "").replace("\0", "").strip()[:100] for name in NAMES}
        return cls(**values | {"show": "waived" if values["show"] == "waived" else "owed"})

    @property
    def any(self) -> bool:
        """Is anything filtered?"""
        return bool(self.q or self.site or self.season)

    @property
    def query(self) -> str:
        said = {name: value for name in NAMES if (value := getattr(self, name))}
        return urlencode({name: value for name, value in said.items() if (name, value) != ("show", "owed")})

    def address(self, **changes: str) -> str:
        """The list's address with these changes."""
        query = replace(self, **changes).query
        return reverse("issues:owed") + (f"?{query}" if query else "")

    def apply(self, visits: VisitQuerySet) -> VisitQuerySet:
        """The visits these filters leave, the longest owed first."""
        visits = visits.filter(site__slug=self.site) if self.site else visits
        visits = visits.filter(season__slug=self.season) if self.season else visits
        if self.q:
            key = fold(self.q) or ""
            visits = visits.filter(Q(executive__user__name_key__contains=key) | Q(host__user__name_key__contains=key))
        return visits.order_by("date", "pk") if self.show == "owed" else visits.order_by("-date", "pk")


def settled_by(user: User) -> VisitQuerySet:
    """Held visits whose take-away this person answers for or follows: own ones, those of executives they act for, those
    of the sites they coordinate; all for readers of everything."""
    visits = Visit.objects.visible_to(user)
    if user.reads_everything:
        return visits
    return visits.filter(Q(executive__in=acted_for(user)) | Q(site__in=user.coordinated_site_ids))


def _found(user: User, filters: OwedFilters) -> VisitQuerySet:
    visits = settled_by(user)
    visits = take_aways_owed(visits) if filters.show == "owed" else visits.filter(waiver__isnull=False)
    return filters.apply(visits)


def keys(user: User, filters: OwedFilters) -> list[tuple[int, str, str]]:
    """Id, site's slug and name of every visit of the list, in its order. One query that joins next to nothing, for
    looking which of all visits is without an issue is the dear part."""
    return list(_found(user, filters).values_list("pk", "site__slug", "site__name")[: COUNTED + 1])


def sites(found: Iterable[tuple[int, str, str]]) -> list[tuple[str, str]]:
    """What the menu of sites offers, as (slug, name): those of ``keys``."""
    return sorted({(slug, name) for _pk, slug, name in found}, key=lambda site: site[1])


def rows(visits: VisitQuerySet) -> VisitQuerySet:
    """These visits with all a row shows."""
    shared = Issue.objects.filter(origin_day__site=OuterRef("site"), origin_day__date=OuterRef("date"))
    found: VisitQuerySet = visits.select_related(
        "executive__user", "executive__assistant", "host__user", "host__team", "site", "season", "waiver__waived_by"
    ).annotate(notes_written=_count(FloorNote.objects.filter(visit=OuterRef("pk"))), is_shared=Exists(shared))
    return found


def page_rows(found: Iterable[tuple[int, str, str]]) -> list[Visit]:
    """The visits of one page of ``keys``, in their order."""
    order = [pk for pk, *_site in found]
    visits = rows(Visit.objects.filter(pk__in=order)).in_bulk() if order else {}
    return [visits[pk] for pk in order]


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().annotate(of_all=Value(1)).values("of_all").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def reason(visit: Any) -> str:
    """Why the visit stands in the list; ``visit`` comes from ``rows``."""
    if hasattr(visit, "waiver"):
        return str(visit.waiver.reason)
    if visit.is_shared:
        return _("The day’s shared issue is somebody else’s, so this visit owes its own")
    if not visit.notes_written:
        return _("No issue yet, no floor notes either")
    words = ngettext(
        "No issue yet; %(count)d floor note waits", "No issue yet; %(count)d floor notes wait", visit.notes_written
    )
    return words % {"count": visit.notes_written}


def days_owed(visit: Visit, today: date) -> int:
    """Whole days since the visit; 0 on its own day."""
    return max((today - visit.date).days, 0)


def export_rows(user: User, filters: OwedFilters, today: date) -> Iterator[tuple[Any, ...]]:
    """One tuple a visit, in the order of COLUMNS."""
    for visit in rows(_found(user, filters)).iterator(chunk_size=2000):
        waiver = getattr(visit, "waiver", None)
        yield (
            str(visit.uuid), visit.date, None if waiver else days_owed(visit, today), visit.site.name, visit.season.name,
            visit.executive.user.name, visit.host.user.name, visit.host.team.name, "waived" if waiver else "owed",
            reason(visit), waiver.waived_by.name if waiver else "",
        )  # fmt: skip
