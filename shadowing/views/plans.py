"""Plans of a season: asking for one, watching it, reading it, using it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from people.errors import NotAllowed, Refused
from people.requests import PersonRequest
from shadowing import plans as actions
from shadowing.models import Plan, Season
from shadowing.plans import reading
from shadowing.plans.forms import PlanForm
from shadowing.seasons import overview, rights


def fetch(request: PersonRequest, slug: str) -> Season:
    """The season with its sites, where the person may see it; 404 where not."""
    season: Season = get_object_or_404(overview.with_sites(Season.objects.visible_to(request.user)), slug=slug)
    return season


def fetch_plan(request: PersonRequest, slug: str, number: int) -> Plan:
    """A plan with its season, where the person may see it; 404 where not."""
    rows = Plan.objects.visible_to(request.user).select_related("season")
    plan: Plan = get_object_or_404(rows, season__slug=slug, number=number)
    return plan


@require_safe
def plan(request: PersonRequest, slug: str) -> HttpResponse:
    """The newest plan, or the one of ``?plan=``; how the running one goes; the form that asks for another."""
    return page(request, fetch(request, slug), PlanForm())


def page(request: PersonRequest, season: Season, form: PlanForm, status: int = 200, error: str = "") -> HttpResponse:
    """The page of a season's plans with that form, and the words of a refusal."""
    context: dict[str, Any] = reading.plan_page(season, request.user, request.GET)
    return render(request, "shadowing/plan.html", context | {"form": form, "error": error}, status=status)


def address_of(slug: str, number: int) -> str:
    """The page of that plan: without a number it opens on the newest finished one."""
    return f"{reverse('shadowing:season_plan', args=[slug])}?plan={number}"


@require_POST
def start_plan(request: PersonRequest, slug: str) -> HttpResponse:
    """Ask for a plan; a worker solves it."""
    season, form = fetch(request, slug), PlanForm(request.POST)
    try:
        if form.is_valid():
            made = actions.ask_plan(season=season, by=request.user, now=timezone.now(), **form.cleaned_data)
            return redirect(address_of(slug, made.number))
    except NotAllowed:
        raise
    except Refused as refusal:
        form.add_error(refusal.field, str(refusal))
        return page(request, season, form, refusal.status)
    return page(request, season, form, 422)


@require_safe
def progress(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """How a solve goes; once it is over, the browser is told to read the page anew."""
    found = fetch_plan(request, slug, number)
    if not found.is_running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {"season": found.season, "running": found, "known": reading.known(found)}
    may_stop = rights.may_change(request.user, found.season)
    return render(request, "shadowing/_plan_progress.html", context | {"may_change": may_stop})


@require_POST
def stop_plan(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """End a solve and keep the best so far."""
    actions.stop_plan(plan=fetch_plan(request, slug, number), by=request.user, now=timezone.now())
    return redirect(address_of(slug, number))


@require_POST
def adopt(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Write a plan's pairs as proposed visits."""
    found = fetch_plan(request, slug, number)
    try:
        actions.adopt_plan(plan_id=found.pk, by=request.user, now=timezone.now())
    except NotAllowed:
        raise
    except Refused as refusal:
        return page(request, fetch(request, slug), PlanForm(), refusal.status, str(refusal))
    messages.success(request, _("Plan %(number)d is on the board. Nobody was told.") % {"number": number})
    return redirect(reverse("shadowing:season_board", args=[slug]))
