"""What-if plans: asking for one by hand or by a remedy, and taking what it assumes over into the season."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from people.errors import NotAllowed, Refused
from people.requests import PersonRequest
from shadowing import plans as actions
from shadowing.models import Season
from shadowing.plans import remedies
from shadowing.plans.forms import PlanForm, WhatIfForm
from shadowing.seasons import rights
from shadowing.views.plans import address_of, fetch, fetch_plan, page


@require_http_methods(["GET", "HEAD", "POST"])
def what_if(request: PersonRequest, slug: str) -> HttpResponse:
    """The form with the season's rules, weights and places; posting it asks for a plan under the changed ones."""
    season = fetch(request, slug)
    if not rights.may_change(request.user, season):
        raise Http404
    form, status = form_of(request, season), 200
    if request.method == "POST":
        number, status = ask(request, season, form) if form.is_valid() else (0, 422)
        if number:
            return redirect(address_of(slug, number))
    return render(request, "shadowing/plan_what_if.html", {"season": season, "form": form}, status=status)


def form_of(request: PersonRequest, season: Season) -> WhatIfForm:
    """The form, filled from a POST."""
    data = request.POST if request.method == "POST" else None
    return WhatIfForm(data, season=season, places=list(season.season_sites.all()))


def ask(request: PersonRequest, season: Season, form: WhatIfForm) -> tuple[int, int]:
    """Ask for the what-if: its number and 200, or 0 and the status of a refusal, which the form then says."""
    given = form.cleaned_data
    if not actions.what_if.asked(season, form.what_if()):
        form.add_error(None, _("Nothing differs from the season. Change a rule, a weight or a place first."))
        return 0, 422
    try:
        made = actions.ask_plan(
            season=season, seconds=given["seconds"], seed=given["seed"], assume=form.what_if(), by=request.user,
            now=timezone.now(),
        )  # fmt: skip
    except NotAllowed:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return 0, refusal.status
    return made.number, 200


@require_POST
def try_remedy(request: PersonRequest, slug: str, number: int, executive_id: int) -> HttpResponse:
    """Ask for a plan that counts on what would place an executive; ``remedy`` is its number on the page."""
    plan, season = fetch_plan(request, slug, number), fetch(request, slug)
    assume = remedies.assume(plan, executive_id, request.POST.get("remedy", ""))
    if assume is None:
        raise Http404
    return asked(request, season, {"seconds": plan.limit_seconds, "seed": plan.seed, "assume": assume})


def asked(request: PersonRequest, season: Season, wanted: dict[str, Any]) -> HttpResponse:
    """Ask for that plan and go to its page; a refusal is told on the page of plans."""
    try:
        made = actions.ask_plan(season=season, by=request.user, now=timezone.now(), **wanted)
    except NotAllowed:
        raise
    except Refused as refusal:
        return page(request, season, PlanForm(), refusal.status, str(refusal))
    return redirect(address_of(season.slug, made.number))


@require_POST
def ask_days(request: PersonRequest, slug: str, number: int, executive_id: int) -> HttpResponse:
    """Ask an executive without a place for other days."""
    plan = fetch_plan(request, slug, number)
    try:
        told = actions.ask_other_days(plan=plan, executive_id=executive_id, by=request.user, now=timezone.now())
    except NotAllowed:
        raise
    except Refused as refusal:
        return page(request, fetch(request, slug), PlanForm(), refusal.status, str(refusal))
    if told:
        words = ngettext(
            "%(number)d person is asked for other days.", "%(number)d people are asked for other days.", told
        )
        messages.success(request, words % {"number": told})
    else:
        messages.warning(request, _("Nobody was asked: they were asked today already, or have no address."))
    return redirect(f"{reverse('shadowing:season_plan', args=[slug])}?plan={number}")


@require_POST
def take_over(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Write what a what-if assumes into the season."""
    plan = fetch_plan(request, slug, number)
    try:
        taken = actions.take_over(plan=plan, by=request.user, now=timezone.now())
    except NotAllowed:
        raise
    except Refused as refusal:
        return page(request, fetch(request, slug), PlanForm(), refusal.status, str(refusal))
    messages.success(request, _("The season says it now: %(what)s.") % {"what": "; ".join(taken)})
    return redirect(f"{reverse('shadowing:season_plan', args=[slug])}?plan={number}")
