"""The list of rounds, and the survey that waits for the reader's own answer."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from people.requests import PersonRequest
from surveys.models import Invitation, Round, RoundState


@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """Rounds this person may see figures of, and the survey that waits for their own answer."""
    rounds = Round.objects.visible_to(request.user).select_related("season", "site", "version__questionnaire")
    mine = Invitation.objects.filter(user=request.user, used=False, round__state=RoundState.OPEN)
    context = {
        "rounds": rounds.order_by("-opens_on", "pk"),
        "mine": mine.select_related("round__version__questionnaire", "round__season").order_by("pk"),
        "sets_up": bool(request.user.identities & {"admin", "coordinator"}),
    }
    return render(request, "surveys/index.html", context)
