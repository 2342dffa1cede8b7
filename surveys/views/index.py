"""The list of rounds, and the survey that waits for the reader's own answer."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from people.requests import PersonRequest
from surveys.listing import Asked, listing
from surveys.models import Invitation, RoundState


@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """Rounds this person may see figures of, and the survey that waits for their own answer."""
    mine = Invitation.objects.standing().filter(user=request.user, used=False, round__state=RoundState.OPEN)
    context = {
        "listing": listing(request.user, Asked.of(request.GET.dict())),
        "mine": mine.select_related("round__version__questionnaire", "round__season").order_by("pk"),
        "sets_up": bool(request.user.identities & {"admin", "coordinator"}),
    }
    return render(request, "surveys/index.html", context)
