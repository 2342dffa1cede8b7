"""A round's released results."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from people.requests import PersonRequest
from surveys.bars import menu
from surveys.exports import SURVEY_COLUMNS, attached, survey_rows
from surveys.findings import findings
from surveys.models import Round


@require_safe
def survey_round(request: PersonRequest, pk: int) -> HttpResponse:
    """Released figures of every question: the season's, or those of one cell, beside the season before."""
    survey_round = _fetch(request, pk)
    asked = {"cell": request.GET.get("cell", "")}
    found = findings(survey_round, request.user, cell=asked["cell"], pages=_pages(request.GET))
    parts = [(str(part.cell or ""), part.name) for part in found.parts]
    context: dict[str, Any] = {
        "found": found,
        "round": survey_round,
        "parts": menu("cell", _("Part of the program"), parts, asked).choices if len(parts) > 1 else [],
        "query_string": urlencode({key: value for key, value in asked.items() if value}),
        "may_set_up": _may_set_up(request, survey_round),
        "may_export": bool(request.user.identities & {"admin", "coordinator", "sponsor"}),
    }
    return render(request, "surveys/round.html", context)


@require_safe
def export(request: PersonRequest, pk: int, ending: str) -> HttpResponseBase:
    """What the page shows, as a file."""
    if ending not in ("csv", "xlsx"):
        raise Http404
    found = findings(_fetch(request, pk), request.user, cell=request.GET.get("cell", ""))
    name = f"{found.round.version.questionnaire.slug}-{found.round.season.slug}"
    return attached(SURVEY_COLUMNS, survey_rows(found), name, ending)


def _fetch(request: PersonRequest, pk: int) -> Round:
    rounds = Round.objects.visible_to(request.user).select_related("season", "site", "version__questionnaire")
    return get_object_or_404(rounds, pk=pk)


def _pages(given: QueryDict) -> dict[str, int]:
    """Key of a text question → the page of its texts, from ``p-KEY=2``."""
    asked = {name.removeprefix("p-"): str(number) for name, number in given.items() if name.startswith("p-")}
    return {key: int(number) for key, number in asked.items() if number.isdecimal() and len(number) < 6}


def _may_set_up(request: PersonRequest, survey_round: Round) -> bool:
    if request.user.coordinates_everywhere or not request.user.coordinated_site_ids:
        return request.user.coordinates_everywhere
    sites = [survey_round.site_id] if survey_round.site_id else survey_round.season.sites.values_list("pk", flat=True)
    return not request.user.coordinated_site_ids.isdisjoint(sites)
