"""The rows of the list of people: what one shows and no more.

People come with nothing but the ids of their places; names of those, and roles, follow in one further query. Joining all
of it makes PostgreSQL plan longer than it reads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from django.urls import reverse
from django.utils.translation import gettext as _

from people import together
from people.models import BusinessUnit, Role, RoleGrant, Site, Team, User
from people.models.users import UserQuerySet

DASH = "\N{EN DASH}"
COLUMNS = (
    "pk", "name", "employee_number", "is_active", "email", "contact_email", "executive", "executive__level",
    "executive__home_site_id", "executive__business_unit_id", "host", "host__team_id",
)  # fmt: skip
Names = dict[str, dict[int, list[tuple[str, ...]]]]


class PersonRow(TypedDict):
    """The cells of one person; a dash stands where there is nothing."""

    url: str
    name: str
    kinds: str
    number: str
    site: str
    team: str
    unit: str
    roles: str
    email: str
    contact: str


def rows_of(people: UserQuerySet | list[Any]) -> list[PersonRow]:
    """The rows of these people, in their order. Two queries."""
    found = [] if isinstance(people, list) else _found(people)
    names = _names(found) if found else {}
    addresses = reverse("people:person", args=[0]).removesuffix("0/")
    words = {role.value: str(role.label) for role in Role} | {
        "executive": _("Executive"), "host": _("Host"), "left": _("left"),
    }  # fmt: skip
    return [_row(person, names, addresses, words) for person in found]


def _found(people: UserQuerySet) -> list[dict[str, Any]]:
    """The columns of these people. Keys by themselves come from the index of their order alone, however many people in
    it are left out before a page is full."""
    ordered = User.objects.order_by(*people.query.order_by)
    return list(ordered.filter(pk__in=people.values("pk")).values(*COLUMNS))


def _row(person: dict[str, Any], names: Names, addresses: str, words: Mapping[str, str]) -> PersonRow:
    site, team, unit = _place(person, names)
    email, contact = person["email"] or DASH, person["contact_email"]
    roles = [words[role] for (role, *_rest) in names["role"][person["pk"]]]
    return PersonRow(
        url=f"{addresses}{person['pk']}/", name=person["name"], kinds=_kinds(person, words),
        number=person["employee_number"] or DASH, site=site or DASH, team=team or DASH, unit=unit,
        roles=", ".join(roles) or DASH, email=email, contact="" if contact == email else contact,
    )  # fmt: skip


def _kinds(person: dict[str, Any], words: Mapping[str, str]) -> str:
    """Such as "Executive, director · Host · left"."""
    level = person["executive__level"]
    kinds = [words["executive"] + (f", {level}" if level else "")] if person["executive"] else []
    kinds += [words["host"]] if person["host"] else []
    said = " · ".join(kinds)
    return said if person["is_active"] else f"{said} · {words['left']}"


def _place(person: dict[str, Any], names: Names) -> tuple[str, str, str]:
    """(site, team or unit, unit below the team): a host's, else an executive's."""
    if person["host"]:
        team, site, unit = names["team"][person["host__team_id"]][0]
        return site, team, unit
    home, own = (
        names["site"][person["executive__home_site_id"] or 0],
        names["unit"][person["executive__business_unit_id"] or 0],
    )
    return home[0][0] if home else "", own[0][0] if own else "", ""


def _names(people: list[dict[str, Any]]) -> Names:
    """What the places of these people are called, and which roles they have: one query for all of it."""
    teams = Team.objects.filter(pk__in=_ids(people, "host__team_id"))
    sites = Site.objects.filter(pk__in=_ids(people, "executive__home_site_id"))
    units = BusinessUnit.objects.filter(pk__in=_ids(people, "executive__business_unit_id"))
    grants = RoleGrant.objects.filter(user__in=_ids(people, "pk"))
    parts = together.listed(
        team=teams.values_list("pk", "name", "site__name", "business_unit__path"),
        site=sites.values_list("pk", "name"),
        unit=units.values_list("pk", "path"),
        role=grants.values_list("user_id", "role"),
    )
    names: Names = defaultdict(lambda: defaultdict(list))
    for kind, (pk, *words) in sorted(parts, key=lambda part: part[1][:2]):
        names[kind][pk].append(tuple(word or "" for word in words))
    return names


def _ids(people: Iterable[dict[str, Any]], column: str) -> set[int]:
    return {person[column] for person in people if person[column]}
