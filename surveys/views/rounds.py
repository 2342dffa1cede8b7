"""What coordinators do with a round: plan it, open it, give it more days, close it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.errors import Refused
from people.requests import PersonRequest
from surveys import rounds
from surveys.forms.rounds import ExtendForm, RaiseForm, RoundForm
from surveys.models import QuestionType, Round, RoundState
from surveys.promise import promise_of
from surveys.rounds.asking import newest_version
from surveys.rounds.coming import coming_visits
from surveys.rounds.counts import cell_counts, expected_counts
from surveys.slips import ON_PAPER


def fetch(request: PersonRequest, pk: int) -> Round:
    """A round at one of the person's own sites, else 404: sponsors and respondents have nothing to set up."""
    related = ("season", "site", "version__questionnaire", "created_by", "opened_by", "closed_by")
    found = get_object_or_404(Round.objects.visible_to(request.user).select_related(*related), pk=pk)
    sites = [found.site_id] if found.site_id else found.season.sites.values_list("pk", flat=True)
    if not request.user.coordinates_everywhere and request.user.coordinated_site_ids.isdisjoint(sites):
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def round_new(request: PersonRequest) -> HttpResponse:
    """Plan a round. Nobody is told before it opens."""
    initial = {"season": request.GET.get("season"), "version": request.GET.get("questionnaire")}
    form = RoundForm(request.POST if request.method == "POST" else None, user=request.user, initial=initial)
    return _form(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def round_edit(request: PersonRequest, pk: int) -> HttpResponse:
    """Change a draft. Once open, the promise stands: there is nothing to see, and 409 for what is sent."""
    found = _managed(request, pk)
    if found.state != RoundState.DRAFT and request.method != "POST":
        return redirect("surveys:setup", pk)
    data = request.POST if request.method == "POST" else None
    return _form(request, RoundForm(data, user=request.user, initial=RoundForm.initial_of(found), fixed=True), found)


def _managed(request: PersonRequest, pk: int) -> Round:
    found = fetch(request, pk)
    if not rounds.may_manage(found, request.user):
        raise Http404
    return found


def _form(request: PersonRequest, form: RoundForm, found: Round | None) -> HttpResponse:
    status = 422 if form.is_bound else 200
    try:
        if form.is_valid():
            return _plan(request, form.cleaned_data, found)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        status = refusal.status
    return render(request, "surveys/round_new.html", {"form": form, "round": found}, status=status)


def _plan(request: PersonRequest, given: dict[str, Any], found: Round | None) -> HttpResponse:
    now, season = timezone.now(), given.get("season")
    fields = {name: value for name, value in given.items() if name not in ("season", "version")}
    plan = rounds.RoundPlan(version=newest_version(given["version"], now=now), **fields)
    if found:
        saved = rounds.change_round(round_id=found.pk, plan=plan, by=request.user, now=now)
    else:
        saved = rounds.plan_round(season=season, plan=plan, by=request.user, now=now)  # type: ignore[arg-type]
    messages.success(request, _("Planned. Nobody is told before it opens."))
    return redirect("surveys:setup", saved.pk)


@require_safe
def setup(request: PersonRequest, pk: int) -> HttpResponse:
    """What is set, what people are promised, and counts per cell as of the last release."""
    return _setup_page(request, fetch(request, pk), 200)


def _setup_page(request: PersonRequest, found: Round, status: int, **forms_: forms.Form) -> HttpResponse:
    draft = found.state == RoundState.DRAFT
    has_texts = found.version.questions.filter(type=QuestionType.TEXT).exists()
    context: dict[str, Any] = {
        "round": found,
        "promise": promise_of(found, texts=has_texts),
        "cells": expected_counts(found) if draft else cell_counts(found, request.user),
        "coming": coming_visits(found, request.user),
        "manages": rounds.may_manage(found, request.user),
        "on_paper": found.state == RoundState.OPEN and found.audience in ON_PAPER,
        "extend": ExtendForm(initial={"closes_on": found.closes_on}),
        "raise_form": RaiseForm(initial={"k": found.k, "k_text": found.k_text}),
    }
    return render(request, "surveys/round_setup.html", context | forms_, status=status)


@require_POST
def open_now(request: PersonRequest, pk: int) -> HttpResponse:
    """Open a draft today."""
    rounds.open_round(round_id=fetch(request, pk).pk, by=request.user, now=timezone.now())
    messages.success(request, _("Open. Who is asked hears of it in their working hours."))
    return redirect("surveys:setup", pk)


@require_POST
def extend(request: PersonRequest, pk: int) -> HttpResponse:
    """Move the last day later."""
    return _settle(request, pk, "extend", ExtendForm(request.POST), rounds.extend_round, _("People have more days."))


@require_POST
def raise_k(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask for more answers before anything is shown."""
    said = _("Raised. It cannot be lowered again.")
    return _settle(request, pk, "raise_form", RaiseForm(request.POST), rounds.raise_thresholds, said)


def _settle(
    request: PersonRequest, pk: int, name: str, form: forms.Form, act: Callable[..., Round], said: str
) -> HttpResponse:
    """One of the page's small forms: done, or shown again with the reason."""
    found, status = _managed(request, pk), 422
    try:
        if form.is_valid():
            act(round_id=found.pk, by=request.user, now=timezone.now(), **form.cleaned_data)
            messages.success(request, said)
            return redirect("surveys:setup", pk)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        status = refusal.status
    return _setup_page(request, found, status, **{name: form})


@require_POST
def close(request: PersonRequest, pk: int) -> HttpResponse:
    """End a round before its last day."""
    found = get_object_or_404(Round.objects.visible_to(request.user), pk=pk)
    rounds.close_round(round_id=found.pk, by=request.user, now=timezone.now())
    return redirect("surveys:round", pk=found.pk)


@require_POST
def delete(request: PersonRequest, pk: int) -> HttpResponse:
    """Delete a draft."""
    rounds.delete_round(round_id=fetch(request, pk).pk, by=request.user, now=timezone.now())
    messages.success(request, _("The draft is deleted."))
    return redirect("surveys:index")
