"""The list of people: its filters are its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable
from django.urls import reverse

from people.keys import fold
from people.models import Executive, Host, Role, Site, User
from people.models.users import UserQuerySet

KINDS = ("executives", "hosts", "others")
SORTS: dict[str, tuple[str | Combinable, ...]] = {
    "name": ("name_key", "pk"),
    "-name": ("-name_key", "-pk"),
    "number": (F("employee_number_key").asc(nulls_last=True), "pk"),
    "-number": (F("employee_number_key").desc(nulls_last=True), "-pk"),
}


@dataclass(frozen=True)
class Filters:
    """What the address asks for. Values nobody knows are dropped."""

    q: str = ""
    kind: str = ""
    role: str = ""
    site: str = ""
    sort: str = "name"

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Filters:
        """The filters in a query string."""
        kind, role, sort = (asked.get(name, "") for name in ("kind", "role", "sort"))
        return cls(
            q=" ".join(asked.get("q", "").replace("\0", "").split())[:100],
            kind=kind if kind in KINDS else "",
            role=role if role in Role.values else "",
            site=asked.get("site", "").replace("\0", "")[:60],
            sort=sort if sort in SORTS else "name",
        )

    @property
    def any(self) -> bool:
        return bool(self.q or self.kind or self.role or self.site)

    def address(self, **changed: str) -> str:
        """The list's address with some filters changed, from its first page."""
        said = {name: value for name, value in (vars(self) | changed).items() if value}
        if said.get("sort") == "name":
            del said["sort"]
        return reverse("people:index") + (f"?{urlencode(said)}" if said else "")

    def apply(self, people: UserQuerySet) -> UserQuerySet:
        """The people these filters leave, in their order."""
        if self.q:
            people = people.filter(self._search())
        if self.role:
            people = people.filter(role_grants__role=self.role)
        if self.site:
            people = people.filter(self._at_site())
        return self._of_kind(people).order_by(*SORTS[self.sort])

    def as_many(self, user: User) -> QuerySet[Any] | None:
        """Profiles, one for each person these filters leave, where there is such a table: to be counted without a look at
        the people. None for readers who do not see everybody."""
        profiles: dict[str, QuerySet[Any]] = {"hosts": Host.objects.all(), "executives": Executive.objects.all()}
        if self.q or self.role or self.kind not in profiles or not user.sees_everybody:
            return None
        at = {"hosts": "team__site__slug", "executives": "home_site__slug"}[self.kind]
        return profiles[self.kind].filter(**{at: self.site}) if self.site else profiles[self.kind]

    def _of_kind(self, people: UserQuerySet) -> UserQuerySet:
        if self.kind == "others":
            return people.filter(executive__isnull=True, host__isnull=True)
        return people.filter(**{f"{self.kind[:-1]}__isnull": False}) if self.kind else people

    def _at_site(self) -> Q:
        """Who works there. Each way by a subquery of its own: joins of both, one or the other, use no index."""
        site = Site.objects.filter(slug=self.site).values("pk")[:1]
        if self.kind == "executives":
            return Q(executive__home_site=site)
        if self.kind == "hosts":
            return Q(host__team__site=site)
        hosts, executives = Host.objects.filter(team__site=site), Executive.objects.filter(home_site=site)
        return Q(pk__in=hosts.values("pk")) | Q(pk__in=executives.values("pk"))

    def _search(self) -> Q:
        key = fold(self.q) or ""
        return Q(name_key__contains=key) | Q(employee_number_key__startswith=key) | Q(email_key__startswith=key)


def for_list(people: UserQuerySet) -> UserQuerySet:
    """Everything a row shows, in the one query."""
    return people.select_related(
        "executive__business_unit", "executive__home_site", "host__team__site", "host__team__business_unit"
    ).prefetch_related("role_grants")


def sites_for(user: User) -> list[Site]:
    """The sites this person may filter by, in the order of their names."""
    everywhere = user.reads_everything
    sites = Site.objects.all() if everywhere else Site.objects.coordinated_by(user)
    return list(sites.order_by("name_key", "pk"))
