"""A round's released results."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from people.requests import PersonRequest
from surveys import results
from surveys.models import Round, RoundState


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
