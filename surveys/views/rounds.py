"""What coordinators do with a round."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from people.requests import PersonRequest
from surveys.models import Round
from surveys.rounds import close_round


@require_POST
def close(request: PersonRequest, pk: int) -> HttpResponse:
    """End a round before its last day."""
    found = get_object_or_404(Round.objects.visible_to(request.user), pk=pk)
    close_round(round_id=found.pk, by=request.user, now=timezone.now())
    return redirect("surveys:round", pk=found.pk)
