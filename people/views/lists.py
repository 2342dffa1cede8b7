"""The list of people, and one person."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from people.actions.absences import may_set_absence
from people.actions.leaving import may_mark_left
from people.listing import Filters, for_list, sites_for
from people.models import Absence, Role, Site, User
from people.models.users import UserQuerySet
from people.paging import page_of
from people.requests import PersonRequest
from people.rows import rows_of


@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """Everybody this person may see; filters, sort and page are the address."""
    filters = Filters.read(request.GET.dict())
    people = filters.apply(User.objects.visible_to(request.user))
    page = page_of(people, request.GET.get("page"), as_many=filters.as_many(request.user))
    page.object_list = rows_of(cast("UserQuerySet", page.object_list))
    sites = sites_for(request.user)
    context = {
        "filters": filters,
        "page": page,
        "pills": _pills(filters),
        "menus": [_role_menu(filters), _site_menu(filters, sites)],
        "heads": [_head(filters, "name", _("Name")), _head(filters, "number", _("Number"))],
        "may_import": "admin" in request.user.identities or "coordinator" in request.user.identities,
        "is_admin": request.user.is_admin,
    }
    return render(request, "people/index.html", context)


@require_safe
def person(request: PersonRequest, pk: int) -> HttpResponse:
    """What the program knows about one person, as far as the reader may see them."""
    people = for_list(User.objects.visible_to(request.user))
    people = people.select_related("executive__line_manager", "executive__assistant").prefetch_related(
        "role_grants__sites"
    )
    found = get_object_or_404(people, pk=pk)
    assists = found.assists.select_related("user").order_by("user__name_key", "pk")
    absences = Absence.objects.filter(user=found).coming(timezone.localdate(timezone.now(), found.zone))
    context = {"person": found, "assists": assists, "may_set_absence": may_set_absence(request.user, found)}
    context["may_mark_left"] = may_mark_left(request.user, found)
    context["absences"] = absences.select_related("substitute")
    return render(request, "people/person.html", context)


def _pills(filters: Filters) -> list[dict[str, Any]]:
    words = {"executives": _("Executives"), "hosts": _("Hosts"), "others": _("Others")}
    return [
        {
            "word": word,
            "chosen": filters.kind == kind,
            "url": filters.address(kind="" if filters.kind == kind else kind),
        }
        for kind, word in words.items()
    ]


def _role_menu(filters: Filters) -> dict[str, Any]:
    return _menu(filters, "role", _("Role"), [(role.value, str(role.label)) for role in Role])


def _site_menu(filters: Filters, sites: list[Site]) -> dict[str, Any]:
    return _menu(filters, "site", _("Site"), [(site.slug, site.name) for site in sites])


def _menu(filters: Filters, name: str, word: str, options: list[tuple[str, str]]) -> dict[str, Any]:
    chosen = getattr(filters, name)
    return {
        "word": dict(options).get(chosen, chosen) or word,
        "chosen": bool(chosen),
        "drop": filters.address(**{name: ""}),
        "entries": [(label, filters.address(**{name: value})) for value, label in options],
    }


def _head(filters: Filters, name: str, word: str) -> dict[str, str]:
    """A column head that sorts, and sorts the other way when it does already."""
    direction = {name: "ascending", f"-{name}": "descending"}.get(filters.sort, "")
    turned = f"-{name}" if direction == "ascending" else name
    return {"word": word, "direction": direction, "url": filters.address(sort=turned)}
