"""The people of a season: who has answered, reminding those who have not, and single people who come or go."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from people import exports
from people.errors import Refused
from people.requests import PersonRequest
from shadowing import seasons as actions
from shadowing.availability import reminding
from shadowing.availability.forms import PersonForm, WillingForm
from shadowing.models import Season, SeasonExecutive, SeasonHost
from shadowing.seasons import joining, people_page, rights
from shadowing.views.days import fetch


@require_safe
def people(request: PersonRequest, slug: str) -> HttpResponse:
    """Executives and hosts of the season, with what they answered."""
    return _page(request, fetch(request, slug), PersonForm())


def _page(request: PersonRequest, found: Season, form: PersonForm, status: int = 200) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    context = people_page.page(found, request.user, asked)
    return render(request, "shadowing/season_people.html", context | {"form": form}, status=status)


@require_safe
def people_csv(request: PersonRequest, slug: str) -> HttpResponseBase:
    """The list as the filters leave it, all pages."""
    found, filters = fetch(request, slug), people_page.Filters.read(request.GET)
    columns = people_page.COLUMNS[filters.shown]
    lines = exports.csv_lines(columns, people_page.export_rows(found, request.user, filters))
    attached = {"Content-Disposition": f'attachment; filename="{filters.shown}-{slug}.csv"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=attached)


@require_POST
def remind(request: PersonRequest, slug: str) -> HttpResponse:
    """Ask the chosen people again, or all of the list who have not answered."""
    found, filters = fetch(request, slug), people_page.Filters.read(request.POST)
    ids = _chosen(request, found, filters)
    done = reminding.remind(season=found, kind=filters.shown, ids=ids, by=request.user, now=timezone.now())
    if done.people:
        words = ngettext("%(people)d person is asked again, in working hours.",
                         "%(people)d people are asked again, in working hours.", done.people)  # fmt: skip
        messages.success(request, words % {"people": done.people})
    if done.left_out or not done.people:
        messages.info(request, _left_out(done.left_out))
    return redirect(filters.address(found))


def _chosen(request: PersonRequest, found: Season, filters: people_page.Filters) -> list[int]:
    """Ids of the people ticked, or of everybody the filters leave who has not answered. Raises Refused for none."""
    if "all" in request.POST:
        waiting = people_page.Filters(filters.shown, filters.q, "waiting", filters.site, filters.unit)
        rows: Any = people_page.rows_of(found, request.user, waiting)
        return list(rows.values_list(waiting.person, flat=True))
    ids = [int(word) for word in request.POST.getlist("who") if word.isdecimal() and len(word) < 18]
    if not ids:
        raise Refused(_("Choose who is to be asked again."))
    return ids


def _left_out(number: int) -> str:
    words = ngettext(
        "%(number)d is left out: answered, asked today already, or without an address.",
        "%(number)d are left out: answered, asked today already, or without an address.", number,
    )  # fmt: skip
    return words % {"number": number}


@require_POST
def add(request: PersonRequest, slug: str) -> HttpResponse:
    """Take one more executive or host into the season."""
    found, form = fetch(request, slug), PersonForm(request.POST)
    filters = people_page.Filters.read(request.POST)
    given: dict[str, Any] = {"season": found, "by": request.user, "now": timezone.now()}
    if not form.is_valid():
        return _page(request, found, form, 422)
    try:
        if filters.shown == "hosts":
            entry: Any = joining.add_host(**given, **form.cleaned_data)
        else:
            entry = joining.add_executive(**given, key=form.cleaned_data["key"])
    except Refused as refusal:
        form.add_error(refusal.field, str(refusal))
        return _page(request, found, form, refusal.status)
    messages.success(request, _("%(name)s takes part now.") % {"name": getattr(entry, filters.person)})
    return redirect(people_page.Filters(filters.shown).address(found))


@require_POST
def remove(request: PersonRequest, slug: str) -> HttpResponse:
    """Take one executive or host out of the season."""
    found, filters = fetch(request, slug), people_page.Filters.read(request.POST)
    rows: Any = people_page.rows_of(found, request.user, people_page.Filters(filters.shown))
    who = request.POST.get("who", "")
    row = get_object_or_404(rows, **{filters.person: int(who) if who.isdecimal() and len(who) < 18 else 0})
    by_whom: dict[str, Any] = {"season": found, "by": request.user, "now": timezone.now()}
    if isinstance(row, SeasonExecutive):
        joining.remove_executive(executive_id=row.executive_id, **by_whom)
    else:
        joining.remove_host(host_id=row.host_id, **by_whom)
    messages.success(request, _("%(name)s takes part no more.") % {"name": getattr(row, filters.person)})
    return redirect(filters.address(found))


@require_POST
def follow_roster(request: PersonRequest, slug: str) -> HttpResponse:
    """Bring the season's people up to date with the roster."""
    found = fetch(request, slug)
    rights.require_change(request.user, found)
    actions.sync_people(season=found)
    messages.success(request, _("The people of %(season)s are those of the roster now.") % {"season": found})
    return redirect("shadowing:season_people", slug=slug)


@require_POST
def willing(request: PersonRequest, slug: str, host_id: int) -> HttpResponse:
    """Write down a host's answer: their own, or told to a coordinator."""
    rows = SeasonHost.objects.visible_to(request.user).select_related("season", "host__user", "host__team")
    entry = get_object_or_404(rows, season__slug=slug, host=host_id)
    form = WillingForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose yes or no, and 1 to 3 visits."))
    entry = actions.record_willing(entry=entry, by=request.user, now=timezone.now(), **form.cleaned_data)
    if request.htmx:
        shown = {"may_remind": bool(request.POST.get("ticks")), "may_remove": bool(request.POST.get("removes"))}
        context = {"entry": entry, "season": entry.season, "may_answer": True, **shown}
        return render(request, "shadowing/_season_host.html", context)
    messages.success(request, _("Noted. It can be changed until the season is published."))
    own = request.user.pk == host_id
    return redirect("shadowing:availability") if own else redirect("shadowing:season_people", slug=slug)
