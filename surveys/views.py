"""Surveys: the list of rounds, their released results, and the page a host answers on."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notifications.links import open_link
from notifications.models import Link
from people.errors import Refused
from people.requests import PersonRequest
from surveys import results
from surveys.answering import finish, questions_of
from surveys.forms import AnswerForm
from surveys.models import Invitation, Round, RoundState
from surveys.rounds import close_round


@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """Rounds this person may see figures of, and the survey that waits for their own answer."""
    rounds = Round.objects.visible_to(request.user).select_related("season", "version__questionnaire")
    mine = Invitation.objects.filter(user=request.user, used=False, round__state=RoundState.OPEN)
    context = {
        "rounds": rounds.order_by("-opens_on", "pk"),
        "mine": mine.select_related("round__season").order_by("pk"),
    }
    return render(request, "surveys/index.html", context)


@require_safe
def survey_round(request: PersonRequest, pk: int) -> HttpResponse:
    """Released figures, by cell where the reader may see cells, else the season's total."""
    rounds = Round.objects.visible_to(request.user).select_related("season", "version__questionnaire")
    found = get_object_or_404(rounds, pk=pk)
    cells = list(results.cells_for(found, request.user).select_related("site"))
    chosen = next((cell for cell in cells if str(cell.pk) == request.GET.get("cell")), None)
    scope = [chosen] if chosen else list(found.cells.filter(hidden=False))
    releases = results.last_releases(found)
    context = {
        "round": found,
        "cells": [(cell, results.cell_name(cell)) for cell in cells] if len(cells) > 1 else [],
        "chosen": chosen,
        "figures": results.figures(found, scope),
        "releases": [releases[cell.pk] for cell in scope if cell.pk in releases],
        "may_close": found.state == RoundState.OPEN
        and request.user.coordinates_all(found.season.sites.values_list("pk", flat=True)),
    }
    return render(request, "surveys/round.html", context)


@require_POST
def close(request: PersonRequest, pk: int) -> HttpResponse:
    """End a round before its last day."""
    found = get_object_or_404(Round.objects.visible_to(request.user), pk=pk)
    close_round(round_id=found.pk, by=request.user, now=timezone.now())
    return redirect("surveys:round", pk=found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of a survey message. The link is spent when the survey is finished, not when opened."""
    try:
        link = open_link(token, now=timezone.now())
    except Refused as refusal:
        return render(request, "surveys/closed.html", {"message": str(refusal)}, status=refusal.status)
    if not link.subject.startswith("round:"):
        raise Http404
    return answer_link(request, link)


def answer_link(request: HttpRequest, link: Link) -> HttpResponse:
    """Answer as the person of an open link."""
    return _answer(request, int(link.subject.partition(":")[2]), link.user_id)


@require_http_methods(["GET", "HEAD", "POST"])
def answer_own(request: PersonRequest, pk: int) -> HttpResponse:
    """Answer as the signed-in person."""
    return _answer(request, pk, request.user.pk)


def _answer(request: HttpRequest, round_id: int, user_id: int) -> HttpResponse:
    invitations = Invitation.objects.select_related("round__season", "round__version", "cell")
    invitation = get_object_or_404(invitations, round=round_id, user=user_id)
    if invitation.used or invitation.round.state != RoundState.OPEN:
        done = _("Your answers are in already. They are final.") if invitation.used else _("This survey is closed.")
        return render(request, "surveys/closed.html", {"message": done}, status=410)
    form = AnswerForm(request.POST or None, questions=questions_of(invitation.round))
    if request.method == "POST" and form.is_valid():
        finish(round_id=round_id, user_id=user_id, given=form.cleaned_data)
        return redirect("surveys:thanks")
    context: dict[str, Any] = {"form": form, "invitation": invitation, "round": invitation.round}
    response = render(request, "surveys/answer.html", context, status=422 if form.is_bound else 200)
    # Not "no-referrer": with it browsers send "Origin: null" along with the form, and it would be refused.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """Said to everybody alike: the address names nobody."""
    return render(request, "surveys/thanks.html")
