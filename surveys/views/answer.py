"""The page a person answers on, from a signed link or signed in."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from notifications.links import GONE, open_link
from notifications.models import Link
from people.errors import Conflict, Refused
from people.models import User
from people.requests import PersonRequest
from surveys.answering import NOT_VISITED, finish
from surveys.languages import PAGES, choose
from surveys.models import Invitation, RoundState
from surveys.sheets import Sheet, draft_key

ASKED = ("cell", "round__season", "round__version__questionnaire")  # what the page shows
SENT = ("round__version",)  # what taking the answers needs: whoever sends waits for no more


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of a survey message. The link is spent when the survey is finished, not when opened."""
    try:
        link = open_link(token, now=timezone.now())
    except Refused as refusal:
        return _closed(request, GONE, refusal.status)
    if not link.subject.startswith("round:"):
        raise Http404
    return answer_link(request, link)


def answer_link(request: HttpRequest, link: Link) -> HttpResponse:
    """Answer as the person of an open link. Only a link that reached nobody else tells that they have answered."""
    invitation = _invitation(request, int(link.subject.partition(":")[2]), link.user)
    return _answer(request, invitation, tells=link.private)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def answer_own(request: PersonRequest, pk: int) -> HttpResponse:
    """Answer as the signed-in person."""
    return _answer(request, _invitation(request, pk, request.user), tells=True)


def _invitation(request: HttpRequest, round_id: int, user: User) -> Invitation:
    related = SENT if request.method == "POST" else ASKED
    invitations = Invitation.objects.with_standing().select_related(*related)
    invitation = get_object_or_404(invitations, round__pk=round_id, user=user.pk)
    invitation.user = user
    return invitation


def _answer(request: HttpRequest, invitation: Invitation, *, tells: bool) -> HttpResponse:
    """``tells``: whoever asks may learn whether this person has answered."""
    own = invitation.user.language if tells else ""  # else the page would tell a used link from an unknown one
    if invitation.round.state != RoundState.OPEN:
        return _closed(request, _("This survey is closed."), 410, own=own)
    if not invitation.stands and not (tells and invitation.used):
        return _closed(request, NOT_VISITED, 410, own=own)
    if invitation.used:
        words = _("Your answers are in already. They are final.") if tells else GONE
        return _closed(request, words, 410, own=own, forget=draft_key(invitation) if tells else "")
    sheet = Sheet(request, invitation, asked=request.GET.get("lang"), own=invitation.user.language)
    with sheet.spoken():
        return _post(request, sheet) if request.method == "POST" else _page(request, sheet, 200)


def _post(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    form = sheet.form(request.POST)
    if not form.is_valid():
        return _page(request, sheet, 422, form)
    invitation = sheet.invitation
    try:
        finish(
            round_id=invitation.round_id, user_id=invitation.user_id, given=form.cleaned_data,
            questions=sheet.questions, invitation=invitation,
        )  # fmt: skip
    except Conflict as refusal:
        return _closed(request, str(refusal), refusal.status)
    spoken = "" if sheet.language == settings.LANGUAGE_CODE else f"?lang={sheet.language}"
    return redirect(reverse("surveys:thanks") + spoken)


def _page(request: HttpRequest, sheet: Sheet, status: int, form: object = None) -> HttpResponse:
    context = sheet.context(form or sheet.form())  # type: ignore[arg-type]
    response = render(
        request, "surveys/answer.html", context | {"draft_key": draft_key(sheet.invitation)}, status=status
    )
    # Not "no-referrer": with it browsers send "Origin: null" along with the form, and it would be refused.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _closed(request: HttpRequest, message: object, status: int, *, own: str = "", forget: str = "") -> HttpResponse:
    with translation.override(_language(request, own)):
        return render(request, "surveys/closed.html", {"message": message, "forget": forget}, status=status)


def _language(request: HttpRequest, own: str) -> str:
    accepts = request.headers.get("Accept-Language", "")
    return choose(PAGES, asked=request.GET.get("lang"), own=own, accepts=accepts)


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """Said to everybody alike: the address names nobody."""
    with translation.override(choose(PAGES, asked=request.GET.get("lang"), own="", accepts="")):
        return render(request, "surveys/thanks.html")
