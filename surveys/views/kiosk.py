"""The shared terminal: PIN, one survey, and nothing is left.

Every form is answered with a redirect, so that going back in the browser never meets one to be sent again, scripts or not.
What the next page needs (the ticket, answers to be shown again, a refusal) crosses in a cookie that this very page takes
away. Whoever goes back, reloads or comes by hand starts at the PIN."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from people.errors import Refused
from surveys.answering import finish
from surveys.forms import AnswerForm
from surveys.forms.kiosk import PinForm
from surveys.kiosk import CROSSING, enter, invitation_of, new_once, packed, renewed, unpacked
from surveys.languages import PAGES, choose, named
from surveys.sheets import Sheet

LANGUAGE, TICKET, ONCE = "~language", "~ticket", "~once"  # no question can have a key like these
CARRIED = "__Host-kiosk" if settings.SESSION_COOKIE_SECURE else "kiosk"  # from a form to the page that answers it


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk(request: HttpRequest) -> HttpResponse:
    """Ask for a PIN, and carry its ticket to the survey."""
    language = _language(request)
    with translation.override(language):
        if request.method != "POST":
            return _start(request)
        form = PinForm(request.POST)
        try:
            form.is_valid()
            ticket = enter(
                form.cleaned_data.get("pin", ""),
                once=request.POST.get(ONCE, ""),
                address=get_adapter().get_client_ip(request),
                now=timezone.now(),
            )
        except Refused as refusal:
            return _refused(refusal, language)
    return _cross("surveys:kiosk_answer", language, packed({"ticket": ticket}))


def _start(request: HttpRequest) -> HttpResponse:
    """The PIN page, with what the page before was refused for, once."""
    came = unpacked(request.COOKIES.get(CARRIED, ""))
    form = PinForm.refused(Refused(came["said"])) if "said" in came else PinForm()
    return _forgetting(_pin_page(request, form, came.get("status", 200)))


def _refused(refusal: Refused, language: str) -> HttpResponse:
    return _cross("surveys:kiosk", language, packed({"said": str(refusal), "status": refusal.status}))


def _cross(to: str, language: str, carried: str) -> HttpResponse:
    crossing = redirect(reverse(to) + f"?lang={language}")
    crossing.set_cookie(
        CARRIED, carried, max_age=CROSSING, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Strict"
    )
    return crossing


def _forgetting(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(CARRIED, samesite="Strict")
    return response


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk_answer(request: HttpRequest) -> HttpResponse:
    """Show the survey of a ticket just carried here, once. Take its answers, or carry them to the page in another language
    or to the one that says what is missing."""
    if request.method == "POST":
        return _taken(request)
    came = unpacked(request.COOKIES.get(CARRIED, ""))
    if "ticket" not in came:
        return _forgetting(redirect("surveys:kiosk"))
    try:
        sheet = _sheet(request, came["ticket"], request.GET.get("lang"))
    except Refused as refusal:
        return _forgetting(_pin_page(request, PinForm.refused(refusal), refusal.status))
    with sheet.spoken():
        return _forgetting(_page(request, sheet, came))


def _sheet(request: HttpRequest, ticket: str, asked: str | None) -> Sheet:
    return Sheet(request, invitation_of(ticket, now=timezone.now()), asked=asked)


def _taken(request: HttpRequest) -> HttpResponse:
    """What was sent from the survey's page: each page is good for one sending."""
    asked = request.POST.get(LANGUAGE, "") or request.GET.get("lang")
    try:
        ticket = renewed(request.POST.get(TICKET, ""))
        sheet = _sheet(request, ticket, asked)
        with sheet.spoken():
            return _fill(request, sheet, ticket)
    except Refused as refusal:
        return _refused(refusal, _language(request))


def _fill(request: HttpRequest, sheet: Sheet, ticket: str) -> HttpResponse:
    form = sheet.form(request.POST)
    if LANGUAGE in request.POST or not form.is_valid():
        return _again(request, sheet, ticket, check=LANGUAGE not in request.POST)
    invitation, given = sheet.invitation, form.cleaned_data
    finish(
        round_id=sheet.round.pk, user_id=invitation.user_id, given=given, questions=sheet.questions,
        invitation=invitation,
    )  # fmt: skip
    done = redirect(reverse("surveys:kiosk_done") + f"?lang={sheet.language}")
    done.delete_cookie(settings.CSRF_COOKIE_NAME, samesite=settings.CSRF_COOKIE_SAMESITE)
    return done


def _again(request: HttpRequest, sheet: Sheet, ticket: str, *, check: bool) -> HttpResponse:
    """Carry what was answered to the same survey's next page; answers too long for a cookie are shown here and now."""
    given = {question.key: request.POST.getlist(question.key) for question in sheet.questions}
    came = {"ticket": ticket, "given": {key: values for key, values in given.items() if values}, "check": check}
    if carried := packed(came):
        return _cross("surveys:kiosk_answer", sheet.language, carried)
    return _page(request, sheet, came)


def _page(request: HttpRequest, sheet: Sheet, came: dict[str, Any]) -> HttpResponse:
    """The survey, empty or as far as it was answered; checked: with what is missing."""
    form = _form(sheet, came)
    context = sheet.context(form) | {"ticket": came["ticket"]}
    return render(request, "surveys/kiosk_answer.html", context, status=422 if form.errors else 200)


def _form(sheet: Sheet, came: dict[str, Any]) -> AnswerForm:
    given: dict[str, list[str]] = came.get("given", {})
    if not came.get("check"):
        return sheet.form(initial=given)
    posted = QueryDict(mutable=True)
    for key, values in given.items():
        posted.setlist(key, values)
    return sheet.form(posted)


def _pin_page(request: HttpRequest, form: PinForm, status: int) -> HttpResponse:
    context = {"form": form, "once": new_once(), "languages": named(PAGES), "language": translation.get_language()}
    return render(request, "surveys/kiosk.html", context, status=status)


@require_safe
def kiosk_done(request: HttpRequest) -> HttpResponse:
    """The same for everybody; the terminal asks for the next PIN by itself."""
    with translation.override(_language(request)):
        return render(request, "surveys/kiosk_done.html")


def _language(request: HttpRequest) -> str:
    return choose(PAGES, asked=request.GET.get("lang"), own="", accepts=request.headers.get("Accept-Language", ""))
