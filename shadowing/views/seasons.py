"""Pages of seasons: the list, one season, setting it up, its people, its board."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.errors import NotAllowed, Refused
from people.models import Site
from people.requests import PersonRequest
from shadowing import seasons as actions
from shadowing.availability.forms import WillingForm
from shadowing.models import Season, SeasonHost
from shadowing.seasons import board, overview, people_page, rights
from shadowing.seasons.forms import SeasonForm, initial_of
from shadowing.seasons.problems import SeasonRefused

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


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


@get_or_post
def create(request: PersonRequest) -> HttpResponse:
    """Set up a new season."""
    if not rights.may_create(request.user):
        raise NotAllowed(_("Seasons are set up by coordinators."))
    return _edit(request, None)


@get_or_post
def edit(request: PersonRequest, slug: str) -> HttpResponse:
    """Change a season that is not published."""
    found = fetch(request, slug)
    rights.require_change(request.user, found)
    if found.is_published:
        raise Refused(_("This season is published: its visits are changed one by one."))
    return _edit(request, found)


def _edit(request: PersonRequest, found: Season | None) -> HttpResponse:
    sites = Site.objects.coordinated_by(request.user).order_by("name", "pk")
    form = SeasonForm(request.POST or None, sites=sites, initial=initial_of(found))
    saved = _save(request, form, found) if request.method == "POST" and form.is_valid() else None
    if saved:
        messages.success(request, _("%(season)s is saved.") % {"season": saved})
        return redirect(saved)
    context = {"form": form, "season": found, "may_add_site": request.user.coordinates_everywhere}
    return render(request, "shadowing/season_form.html", context, status=422 if form.is_bound else 200)


def _save(request: PersonRequest, form: SeasonForm, found: Season | None) -> Season | None:
    """The season as saved; None when the form has got its problems."""
    try:
        return actions.apply_season(
            data=form.as_file(), by=request.user, now=timezone.now(), season=found, create_only=found is None
        )
    except SeasonRefused as refusal:
        form.add_problems(refusal.problems)
        return None


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


@require_safe
def people(request: PersonRequest, slug: str) -> HttpResponse:
    """Executives and hosts of the season, with what they answered."""
    found = fetch(request, slug)
    context = people_page.page(found, request.user, request.GET)
    return render(request, "shadowing/season_people.html", context)


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
        return render(
            request, "shadowing/_season_host.html", {"entry": entry, "season": entry.season, "may_answer": True}
        )
    messages.success(request, _("Noted. It can be changed until the season is published."))
    own = request.user.pk == host_id
    return redirect("shadowing:availability") if own else redirect("shadowing:season_people", slug=slug)


@require_safe
def season_board(request: PersonRequest, slug: str) -> HttpResponse:
    """A week of the season: sites down, days across; on phones one day."""
    found, user = fetch(request, slug), request.user
    today = timezone.localdate()
    places = overview.places_of(found, user)
    shown = board.build_board(found, places, day=day_asked(request, today), now=timezone.now())
    visits = overview.visit_counts(found, [place.site_id for place in places])
    context: dict[str, Any] = {"season": found, "board": shown, "visits": visits, "today": today}
    return render(request, "shadowing/board.html", context | {"may_change": rights.may_change(user, found)})


def day_asked(request: PersonRequest, today: date) -> date:
    """The day in the address, else today."""
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today
