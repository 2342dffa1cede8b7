"""The outbox page, and the one address behind every one-click link."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications import listing, preview
from notifications import outbox as actions
from notifications.digests import LEAVE, PREFIX, choices, is_wanted, want_again
from notifications.digests import leave as leave_digest
from notifications.links import GONE, LinkGone, LinkUnknown, open_link, purposes
from notifications.mail import file_of
from notifications.models import Link, Message
from people.errors import Conflict
from people.paging import page_of
from people.requests import PersonRequest
from people.typed import typed_in


@require_GET
def outbox(request: PersonRequest) -> HttpResponse:
    """Every message about the reader's sites, newest first."""
    filters, seen = listing.Filters.read(request.GET), Message.objects.visible_to(request.user)
    page = page_of(filters.apply(seen).select_related("recipient", "on_behalf_of"), request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "rows": listing.rows_of(page.object_list, request.user),
        "pills": preview.pills(filters, listing.counts_by_state(seen)),
        "kinds": preview.kind_menu(filters),
        "out_of_reach": listing.out_of_reach(request.user),
    }
    return render(request, "notifications/outbox.html", context)


@require_GET
def message(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """One message: what became of it, and how it reads now. Personal links are never shown."""
    found = _seen(request, pk)
    return render(request, "notifications/message.html", _message_context(request, found))


def _seen(request: PersonRequest, pk: uuid.UUID) -> Message:
    people = Message.objects.visible_to(request.user).select_related(
        "recipient", "on_behalf_of", "bounced_by", "resend_of"
    )
    return get_object_or_404(people, pk=pk)


def _message_context(request: PersonRequest, found: Message) -> dict[str, Any]:
    shown = preview.preview(found, request.user, now=timezone.now())
    return {
        "message": found,
        "shown": shown,
        "resends": Message.objects.filter(resend_of=found).order_by("created_at", "pk"),
        "has_file": settings.DEMO and shown.mine and settings.MAIL_FOLDER and file_of(found.message_id).exists(),
    }


@require_GET
def mail_file(request: PersonRequest, pk: uuid.UUID) -> FileResponse:
    """The mail itself, personal links and all: only in a demo, where mail goes into files instead of to people."""
    found = _seen(request, pk)
    path = file_of(found.message_id)
    if not (settings.DEMO and settings.MAIL_FOLDER and found.changeable_by(request.user) and path.exists()):
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type="message/rfc822")


def _act_on(request: PersonRequest, pk: uuid.UUID, action: Callable[..., Message], done: str) -> HttpResponse:
    """Do one thing with a message the reader sees, and show what came of it."""
    found = _seen(request, pk)
    try:
        changed = action(message_id=found.pk, by=request.user, now=timezone.now())
    except Conflict as conflict:
        messages.error(request, str(conflict))
        return render(request, "notifications/message.html", _message_context(request, found), status=conflict.status)
    messages.success(request, done % {"name": changed.recipient.name})
    return redirect("notifications:message", changed.pk)


@require_POST
def resend(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Send the same again as a new message."""
    return _act_on(request, pk, actions.resend, _("Queued again. %(name)s gets it within a minute."))


@require_POST
def cancel(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Keep a queued message from being sent."""
    return _act_on(request, pk, actions.cancel, _("Cancelled. %(name)s does not get this message."))


@require_POST
def bounced(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Note that a sent message came back."""
    return _act_on(request, pk, actions.mark_bounced, _("Noted. What comes next for %(name)s is held back."))


@require_POST
def address_works(request: PersonRequest, pk: uuid.UUID) -> HttpResponse:
    """Forget that mail to this address came back."""
    return _act_on(request, pk, actions.address_works, _("Noted. What was held back for %(name)s goes out."))


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, token: str) -> HttpResponse:
    """What a one-click link leads to. A GET shows, a HEAD says only that the link works, a POST does."""
    return _opened(request, token)


@csrf_exempt  # mail programs post it without having seen a page of ours (RFC 8058); the token is the right to
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Leaving a digest, and nothing else."""
    return _opened(request, token, only=LEAVE)


def leave_or_return(request: HttpRequest, link: Link) -> HttpResponse:
    """Behind the link: a GET asks, a POST leaves, ``again`` takes it back. Raises LinkGone for a digest of the past."""
    kind = link.subject.removeprefix(PREFIX)
    is_wanted(link.user, kind)
    if request.method == "POST":
        act = want_again if "again" in request.POST else leave_digest
        act(user=link.user, kind=kind, now=timezone.now())
    context = {
        "label": listing.label_of(kind),
        "wanted": is_wanted(link.user, kind),
        "done": request.method == "POST",
        "home": settings.SITE_URL,
    }
    return render(request, "notifications/leave.html", context)


def _opened(request: HttpRequest, token: str, only: str = "") -> HttpResponse:
    try:
        link = open_link(token, now=timezone.now())
        if only and link.purpose != only:
            raise LinkUnknown(str(GONE))
        response = _answer(request, link)
    except LinkGone as gone:
        context = {"reason": str(gone), "typed": [] if only else typed_in(request)}
        response = render(request, "notifications/gone.html", context, status=gone.status)
    # Not "no-referrer": with it browsers send "Origin: null" along with the form, and it would be refused.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _answer(request: HttpRequest, link: Link) -> HttpResponse:
    if request.method == "HEAD":
        return HttpResponse()
    language = link.user.language or translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(link.user.zone):
        return purposes[link.purpose].view(request, link)


@require_http_methods(["GET", "HEAD", "POST"])
def digests(request: PersonRequest) -> HttpResponse:
    """Which digests the reader wants."""
    if request.method == "POST":
        act = leave_digest if request.POST.get("wanted") == "no" else want_again
        act(user=request.user, kind=request.POST.get("kind", ""), now=timezone.now())
        messages.success(request, _("Noted. It holds from the next digest on."))
        return redirect("notifications:digests")
    return render(request, "notifications/digests.html", {"choices": choices(request.user)})
