"""Pages that set a season up: five steps, each saved by itself, and the review. All of them work without JavaScript."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.errors import NotAllowed, Refused
from people.requests import PersonRequest
from shadowing import seasons as actions
from shadowing.models import Season
from shadowing.seasons import changes, overview, rights, states
from shadowing.seasons.exporting import export_season
from shadowing.seasons.parts import ChangedMeanwhile, stamp_of
from shadowing.seasons.problems import SeasonRefused
from shadowing.seasons.setup import agenda as agenda_step
from shadowing.seasons.setup import review, window
from shadowing.seasons.setup.base import StepForm
from shadowing.seasons.setup.rules import RulesForm
from shadowing.seasons.setup.sites import SitesForm
from shadowing.seasons.setup.steps import STEPS, neighbour, stepper

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def fetch(request: PersonRequest, slug: str) -> Season:
    """The season to change; 404 where it is not theirs to, refused once it is published."""
    rows = overview.with_sites(Season.objects.visible_to(request.user))
    found: Season = get_object_or_404(rows, slug=slug)
    rights.require_change(request.user, found)
    if found.is_published:
        raise Refused(_("This season is published: its visits are changed one by one."))
    return found


@get_or_post
def create(request: PersonRequest) -> HttpResponse:
    """Step 1 of a new season, empty or copied from an earlier one. Saving it makes the draft."""
    if not rights.may_create(request.user):
        raise NotAllowed(_("Seasons are set up by coordinators."))
    earlier = window.earlier(request.user)
    asked = request.POST.get("copy_from") or request.GET.get("copy", "")
    source = next((season for season in earlier if season.slug == asked), None)
    initial, windows = (
        ({}, []) if source is None else window.from_earlier(source, request.GET, today=timezone.localdate())
    )
    form = window.WindowForm(_posted(request), season=Season(), user=request.user, initial=initial)
    saved = _start(request, form) if form.is_bound and form.is_valid() else None
    if saved:
        return _onward(request, saved, "window")
    return _page(request, form, "window", earlier=earlier, source=source, windows=windows)


def _posted(request: PersonRequest) -> Mapping[str, Any] | None:
    return request.POST if request.method == "POST" else None


def _start(request: PersonRequest, form: StepForm) -> Season | None:
    try:
        return actions.start_season(part=form.part(), by=request.user, now=timezone.now())
    except SeasonRefused as refusal:
        form.add_problems(refusal.problems)
        return None


def _step(request: PersonRequest, slug: str, key: str) -> HttpResponse:
    """Show a step, or save it and go where the button leads."""
    found = fetch(request, slug)
    form = _form(request, found, key)
    if not form.is_bound or "count" in request.POST:
        return _page(request, form, key, status=200)
    saved = None
    try:
        saved = _save(request, form, found) if form.is_valid() else None
    except ChangedMeanwhile as conflict:
        again = request.POST.copy()
        again["seen"] = _stamp(found, form)  # saving once more means it
        form.data = again
        return _page(request, form, key, status=conflict.status, conflict=conflict)
    return _onward(request, saved, key) if saved else _page(request, form, key)


def _form(request: PersonRequest, found: Season, key: str) -> StepForm:
    form = STEPS[key].form(_posted(request), season=found, user=request.user)
    form.initial["seen"] = "" if form.is_bound else _stamp(found, form)
    return form


def _stamp(found: Season, form: StepForm) -> str:
    return stamp_of(export_season(found, people="executives" in form.KEYS), form.KEYS)


def _save(request: PersonRequest, form: StepForm, found: Season) -> Season | None:
    """The season as saved; None when the form has got its problems."""
    try:
        return actions.change_season(
            season=found, part=form.part(), by=request.user, now=timezone.now(), seen=form.cleaned_data["seen"]
        )
    except SeasonRefused as refusal:
        form.add_problems(refusal.problems)
        return None


def _onward(request: PersonRequest, saved: Season, key: str) -> HttpResponse:
    """Where the pressed button leads: the next step, the one before, the same again, or away."""
    go = request.POST.get("go", "next")
    if go == "leave":
        messages.success(request, _("%(season)s is saved.") % {"season": saved})
        return redirect(saved)
    if go == "stay":
        return redirect(STEPS[key].url(saved))
    step = neighbour(key, -1 if go == "back" else 1)
    return redirect(step.url(saved)) if step else redirect("shadowing:season_edit", saved.slug)


def _page(request: PersonRequest, form: StepForm, key: str, *, status: int = 0, **more: Any) -> HttpResponse:
    """The step's page; 422 when what was sent was refused."""
    season = form.season
    context = {
        "form": form,
        "season": season,
        "step": STEPS[key],
        "steps": stepper(season, key),
        "has_back": neighbour(key, -1) is not None,
        "meaning": changes.meaning(season) if season.pk else "",
    }
    context |= form.context() | more
    return render(request, STEPS[key].template, context, status=status or (422 if form.is_bound else 200))


@get_or_post
def season_window(request: PersonRequest, slug: str) -> HttpResponse:
    """Step 1: name and dates."""
    return _step(request, slug, "window")


@get_or_post
def season_sites(request: PersonRequest, slug: str) -> HttpResponse:
    """Step 2: sites, visits a day, opened days; a new site."""
    return _step(request, slug, "sites")


@require_POST
def count_places(request: PersonRequest, slug: str) -> HttpResponse:
    """The places of the sites as they stand in the form. Saves nothing."""
    form = SitesForm(request.POST, season=fetch(request, slug), user=request.user)
    return render(request, "shadowing/_setup_places.html", form.context())


@get_or_post
def season_rules(request: PersonRequest, slug: str) -> HttpResponse:
    """Step 3: rules with what they leave, weights, people."""
    return _step(request, slug, "rules")


@require_POST
def count_effects(request: PersonRequest, slug: str) -> HttpResponse:
    """What the rules leave as they stand in the form. Saves nothing."""
    form = RulesForm(request.POST, season=fetch(request, slug), user=request.user)
    return render(request, "shadowing/_setup_effects.html", form.context())


@get_or_post
def season_agenda(request: PersonRequest, slug: str) -> HttpResponse:
    """Step 4: the day in rows. Row buttons change the rows without saving."""
    asked = agenda_step.asked_row(request.POST)
    if asked is None:
        return _step(request, slug, "agenda")
    form = _turned(request, fetch(request, slug), *asked)
    if request.htmx:
        return render(request, "shadowing/_setup_agenda.html", {"form": form, "season": form.season})
    return _page(request, form, "agenda")


def _turned(request: PersonRequest, found: Season, verb: str, place: int) -> agenda_step.AgendaForm:
    """The form with its rows turned around, everything else as typed."""
    typed = agenda_step.AgendaForm(request.POST, season=found, user=request.user)
    kept = {name: typed[name].value() for name in ("seen", "answer_by_days", "notice_days")}
    rows = agenda_step.turned(typed.typed(), verb, place)
    return agenda_step.AgendaForm(season=found, user=request.user, initial=kept | {"day": rows})


@require_POST
def draw_day(request: PersonRequest, slug: str) -> HttpResponse:
    """The timetable as it stands in the form, drawn. Saves nothing."""
    form = agenda_step.AgendaForm(request.POST, season=fetch(request, slug), user=request.user)
    return render(request, "shadowing/_setup_day.html", {"blocks": form.blocks})


@get_or_post
def season_reminders(request: PersonRequest, slug: str) -> HttpResponse:
    """Step 5: reminders, questionnaires."""
    return _step(request, slug, "reminders")


@require_safe
def edit(request: PersonRequest, slug: str) -> HttpResponse:
    """The review: everything that was set up, in sentences."""
    return render(request, "shadowing/season_review.html", review.page(fetch(request, slug), request.user))


@require_safe
def season_file(request: PersonRequest, slug: str) -> HttpResponse:
    """The season as a file that apply_season reads."""
    rows = overview.with_sites(Season.objects.visible_to(request.user))
    found: Season = get_object_or_404(rows, slug=slug)
    rights.require_change(request.user, found)
    text = json.dumps(export_season(found), ensure_ascii=False, indent=1)
    answer = HttpResponse(text + "\n", content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{found.slug}.json"'
    return answer


@get_or_post
def delete(request: PersonRequest, slug: str) -> HttpResponse:
    """Ask first, then delete an empty draft."""
    found = fetch(request, slug)
    if request.method != "POST":
        context = {"season": found, "may_delete": states.may_delete(found)}
        return render(request, "shadowing/season_delete.html", context)
    actions.delete_draft(season=found, by=request.user, now=timezone.now())
    messages.success(request, _("%(season)s is deleted.") % {"season": found})
    return redirect("shadowing:seasons")
