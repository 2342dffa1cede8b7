"""Pages of seasons: the list, one season. Its people: shadowing.views.season_people. Setting one up: shadowing.views.setup."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from people.requests import PersonRequest
from shadowing import seasons as actions
from shadowing.models import Season
from shadowing.seasons import overview, rights


def fetch(request: PersonRequest, slug: str) -> Season:
    """The season, with program and sites, where the person may see it; 404 where not."""
    rows = overview.with_sites(Season.objects.visible_to(request.user))
    season: Season = get_object_or_404(rows, slug=slug)
    return season


@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """All seasons the person may see, the latest first."""
    context = {"seasons": overview.season_list(request.user), "may_create": rights.may_create(request.user)}
    return render(request, "shadowing/seasons.html", context)


@require_safe
def season(request: PersonRequest, slug: str) -> HttpResponse:
    """One season: state, window, sites, counts, what comes next."""
    found = fetch(request, slug)
    return render(request, "shadowing/season.html", overview.season_page(found, request.user))


def _move(request: PersonRequest, slug: str, action: Callable[..., Season], said: str) -> HttpResponse:
    """Take the season to another state and say so; a refusal becomes a page of its own."""
    found = action(season=fetch(request, slug), by=request.user, now=timezone.now())
    messages.success(request, said % {"season": found})
    return redirect(found)


@require_POST
def open_collecting(request: PersonRequest, slug: str) -> HttpResponse:
    """Ask for days."""
    return _move(request, slug, actions.open_collecting, _("%(season)s asks for days now."))


@require_POST
def back_to_draft(request: PersonRequest, slug: str) -> HttpResponse:
    """Stop asking for days."""
    return _move(request, slug, actions.back_to_draft, _("%(season)s is a draft again."))


@require_POST
def close(request: PersonRequest, slug: str) -> HttpResponse:
    """End the season."""
    return _move(request, slug, actions.close_season, _("%(season)s is closed."))
