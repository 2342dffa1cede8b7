"""The shared terminal: PIN, one survey, and nothing is left.

A PIN is answered with a redirect, so that going back in the browser never meets a form to be sent again: the ticket crosses
in a cookie that the very next page takes away. Whoever goes back, reloads or comes by hand starts at the PIN."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from people.errors import Refused
from surveys.answering import finish
from surveys.forms.kiosk import PinForm
from surveys.kiosk import enter, invitation_of, new_once
from surveys.languages import PAGES, choose, named
from surveys.sheets import Sheet

LANGUAGE, TICKET, ONCE = "~language", "~ticket", "~once"  # no question can have a key like these
CARRIED = "__Host-kiosk" if settings.SESSION_COOKIE_SECURE else "kiosk"  # the ticket, from the PIN to its survey
CROSSING = 60  # seconds


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk(request: HttpRequest) -> HttpResponse:
    """Ask for a PIN, and carry its ticket to the survey."""
    with translation.override(_language(request)):
        if request.method != "POST":
            return _forgetting(_pin_page(request, PinForm(), 200))
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
            return _pin_page(request, PinForm.refused(refusal), refusal.status)
    survey = redirect(reverse("surveys:kiosk_answer") + f"?lang={_language(request)}")
    survey.set_cookie(
        CARRIED, ticket, max_age=CROSSING, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Strict"
    )
    return survey


def _forgetting(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(CARRIED, samesite="Strict")
    return response


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk_answer(request: HttpRequest) -> HttpResponse:
    """Show the survey of a ticket just carried here, once. Take its answers, or show the same page in another language."""
    if request.method == "POST":
        asked = request.POST.get(LANGUAGE, "") or request.GET.get("lang")
        return _sheet(request, request.POST.get(TICKET, ""), asked=asked, answered=True)
    ticket = request.COOKIES.get(CARRIED)
    if not ticket:
        return redirect("surveys:kiosk")
    return _forgetting(_sheet(request, ticket, asked=request.GET.get("lang")))


def _sheet(request: HttpRequest, ticket: str, *, asked: str | None, answered: bool = False) -> HttpResponse:
    try:
        invitation = invitation_of(ticket, now=timezone.now())
        sheet = Sheet(request, invitation, asked=asked)
        with sheet.spoken():
            return _fill(request, sheet, ticket) if answered else _page(request, sheet, ticket, {}, 200)
    except Refused as refusal:
        return _pin_page(request, PinForm.refused(refusal), refusal.status)


def _fill(request: HttpRequest, sheet: Sheet, ticket: str) -> HttpResponse:
    if LANGUAGE in request.POST:
        initial = {name: request.POST.getlist(name) for name in request.POST}
        return _page(request, sheet, ticket, {"form": sheet.form(initial=initial)}, 200)
    form = sheet.form(request.POST)
    if not form.is_valid():
        return _page(request, sheet, ticket, {"form": form}, 422)
    invitation, given = sheet.invitation, form.cleaned_data
    finish(
        round_id=sheet.round.pk, user_id=invitation.user_id, given=given, questions=sheet.questions,
        invitation=invitation,
    )  # fmt: skip
    done = redirect(reverse("surveys:kiosk_done") + f"?lang={sheet.language}")
    done.delete_cookie(settings.CSRF_COOKIE_NAME, samesite=settings.CSRF_COOKIE_SAMESITE)
    return done


def _page(request: HttpRequest, sheet: Sheet, ticket: str, more: dict[str, object], status: int) -> HttpResponse:
    form = more.get("form") or sheet.form()
    context = sheet.context(form) | {"ticket": ticket}  # type: ignore[arg-type]
    return render(request, "surveys/kiosk_answer.html", context, status=status)


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
