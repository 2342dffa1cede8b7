"""A season's reminders: when each goes out, changed at any time, with the dates that would come of it."""

from __future__ import annotations

import copy
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from people.requests import PersonRequest
from shadowing import seasons as actions
from shadowing.models import Season
from shadowing.seasons import overview, policy, rights
from shadowing.seasons.foreseeing import timelines
from shadowing.seasons.parts import ChangedMeanwhile
from shadowing.seasons.problems import SeasonRefused
from shadowing.seasons.setup.reminders import PolicyForm


@require_http_methods(["GET", "HEAD", "POST"])
def season_policy(request: PersonRequest, slug: str) -> HttpResponse:
    """Show the policy and its dates, try another one, or save it."""
    season: Season = get_object_or_404(overview.with_sites(Season.objects.visible_to(request.user)), slug=slug)
    if request.method != "POST":
        form = PolicyForm(season=season, user=request.user)
        form.initial["seen"] = policy.stamp(season)
        return _page(request, form, 200)
    rights.require_change(request.user, season)
    form = PolicyForm(request.POST, season=season, user=request.user)
    if not form.check_days():
        return _page(request, form, 422)
    return _page(request, form, 200) if "try" in request.POST else _save(request, form)


def _save(request: PersonRequest, form: PolicyForm) -> HttpResponse:
    said, season = form.cleaned_data, form.season
    try:
        actions.change_reminders(
            season=season, reminders=form.policy(), by=request.user, now=timezone.now(), seen=said["seen"]
        )
    except SeasonRefused as refusal:
        form.add_problems(refusal.problems)
        return _page(request, form, refusal.status)
    except ChangedMeanwhile as conflict:
        again = request.POST.copy()
        again["seen"] = policy.stamp(season)  # saving once more means it
        form.data = again
        return _page(request, form, conflict.status, conflict=conflict)
    messages.success(request, _("Saved. The next messages follow it."))
    return redirect("shadowing:season_policy", season.slug)


def _page(request: PersonRequest, form: PolicyForm, status: int, **more: Any) -> HttpResponse:
    season, now = form.season, timezone.now()
    tried = copy.copy(season)
    tried.reminders = form.readable_policy()
    places = overview.places_of(season, request.user)
    site = next((place.site for place in places if place.site.slug == request.GET.get("site")), None)
    site = site or (places[0].site if places else None)
    context = {
        "season": season,
        "form": form,
        "may_change": rights.may_change(request.user, season),
        "sites": [place.site for place in places],
        "site": site,
        "timelines": timelines(tried, site, now=now) if site else [],
        "tried": tried.reminders != season.reminders,
    }
    return render(request, "shadowing/season_policy.html", context | more, status=status)
