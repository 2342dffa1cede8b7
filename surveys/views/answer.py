"""The page a person answers on, from a signed link or signed in."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from notifications.links import open_link
from notifications.models import Link
from people.errors import Refused
from people.requests import PersonRequest
from surveys.answering import finish, questions_of
from surveys.forms import AnswerForm
from surveys.models import Invitation, RoundState


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
