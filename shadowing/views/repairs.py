"""Keeping a season alive: replacements for a visit, the waiting list, offers, stepping back, repairs."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from people.errors import NotAllowed, Refused
from people.exports import csv_lines
from people.requests import PersonRequest
from shadowing.models import Season, SeasonExecutive, SeasonState, Visit
from shadowing.repairs import offers, pages, proposal, waiting
from shadowing.seasons import rights
from shadowing.views.seasons import fetch
from shadowing.views.visits import find, get_or_post
from shadowing.visits import rules
from shadowing.visits.room import short


def used(request: PersonRequest, season: Season) -> tuple[Visit | None, dict[str, Any]]:
    """Do what the pressed button carried: the visit made or moved, else the words and status of a refusal."""
    try:
        visit = offers.use(request.POST.get("option", ""), season, by=request.user, now=timezone.now())
    except NotAllowed:
        raise
    except Refused as refusal:
        return None, {"error": str(refusal), "status": refusal.status}
    say_placed(request, visit)
    return visit, {}


def say_placed(request: PersonRequest, visit: Visit) -> None:
    """A message with names, and whether they are told now."""
    names = {"who": visit.executive, "host": visit.host, "day": short(visit.date)}
    told = _("%(who)s with %(host)s on %(day)s. Their messages are on the way.")
    messages.success(request, (told if visit.invited_at else _("Proposed: %(who)s with %(host)s on %(day)s.")) % names)


@get_or_post
def replace(request: PersonRequest, visit_id: uuid.UUID) -> HttpResponse:
    """Places for the executive of a visit, and who its own place fits; POST takes one."""
    found = find(request, visit_id)
    if not rules.coordinates(request.user, found):
        raise Http404
    refusal: dict[str, Any] = {}
    if request.method == "POST":
        made, refusal = used(request, found.season)
        if made:
            return redirect(made)
    context = pages.replacement(found, request.user, now=timezone.now())
    return render(request, "shadowing/replace.html", context | refusal, status=refusal.get("status", 200))


@require_safe
def season_waiting(request: PersonRequest, slug: str) -> HttpResponse:
    """Who has no place, in the order in which places are offered."""
    context = pages.waiting_page(fetch(request, slug), request.user, now=timezone.now())
    return render(request, "shadowing/waiting.html", context)


@require_safe
def waiting_file(request: PersonRequest, slug: str) -> StreamingHttpResponse:
    """The list as CSV."""
    season = fetch(request, slug)
    lines = csv_lines(waiting.COLUMNS, waiting.csv_rows(season))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="waiting-{season.slug}.csv"'
    return response


@get_or_post
def season_place(request: PersonRequest, slug: str, executive_id: int) -> HttpResponse:
    """Every place for one executive of the season; POST takes one."""
    season = fetch(request, slug)
    rows = SeasonExecutive.objects.filter(season=season).select_related("executive__user")
    entry, refusal = get_object_or_404(rows, executive=executive_id), dict[str, Any]()
    if request.method == "POST":
        made, refusal = used(request, season)
        if made:
            return redirect(made if request.POST.get("from") != "list" else waiting_address(season))
    context = pages.place_page(season, entry, request.user, now=timezone.now()) | refusal
    return render(request, "shadowing/season_place.html", context, status=refusal.get("status", 200))


def waiting_address(season: Season) -> str:
    return reverse("shadowing:season_waiting", args=[season.slug])


@require_POST
def step_back(request: PersonRequest, slug: str, executive_id: int) -> HttpResponse:
    """Leave the waiting list; with ``back`` empty, come back to it."""
    rows = SeasonExecutive.objects.visible_to(request.user).select_related("season", "executive__user")
    entry = get_object_or_404(rows, season__slug=slug, executive=executive_id)
    back = bool(request.POST.get("back"))
    entry = waiting.step_back(entry=entry, back=back, by=request.user, now=timezone.now())
    words = _("%(who)s stepped back from %(season)s.") if back else _("%(who)s waits for a place in %(season)s again.")
    messages.success(request, words % {"who": entry.executive, "season": entry.season})
    if request.POST.get("from") == "list":
        return redirect(waiting_address(entry.season))
    return redirect("shadowing:own_places")


@require_safe
def own_places(request: PersonRequest) -> HttpResponse:
    """The seasons of the person, or of the executives they act for: a visit, waiting, or stepped back."""
    context = {"places": waiting.own_places(request.user, now=timezone.now())}
    return render(request, "shadowing/own_places.html", context)


@get_or_post
def season_repair(request: PersonRequest, slug: str) -> HttpResponse:
    """What a repair would do; POST does exactly that."""
    season = fetch(request, slug)
    if not rights.may_change(request.user, season):
        raise Http404
    refusal: dict[str, Any] = {}
    if request.method == "POST":
        refusal = repaired(request, season)
        if not refusal:
            return redirect("shadowing:season_repair", slug=season.slug)
    return render(request, "shadowing/repair.html", shown(season) | refusal, status=refusal.get("status", 200))


def repaired(request: PersonRequest, season: Season) -> dict[str, Any]:
    """Carry the repair out; the words and status of a refusal, or nothing."""
    act = partial(proposal.repair_season, season=season, by=request.user, now=timezone.now())
    try:
        visits = act(form=request.POST.get("repair", ""))
    except NotAllowed:
        raise
    except Refused as refusal:
        return {"error": str(refusal), "status": refusal.status}
    words = ngettext(
        "%(number)d executive has a place again.", "%(number)d executives have a place again.", len(visits)
    )
    messages.success(request, words % {"number": len(visits)})
    return {}


def shown(season: Season) -> dict[str, Any]:
    """All the repair page shows; nothing is worked out for a season that is over."""
    open_ = season.state != SeasonState.CLOSED
    waits = waiting.waiting_list(season) if open_ else []
    found = proposal.propose(season, now=timezone.now()) if waits else None
    return {"season": season, "waiting": waits, "found": found, "published": season.state == SeasonState.PUBLISHED}
