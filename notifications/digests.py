"""Leaving a digest and coming back: by one click in the mail, without signing in, or on a page of one's own.

A mail program may post the link of List-Unsubscribe-Post by itself (RFC 8058), so the address takes a POST from anywhere
and answers without a redirect. It does nothing but this one thing for this one person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from notifications.kinds import Button, register
from notifications.letters import Letter
from notifications.links import LinkGone, Purpose, register_purpose
from notifications.listing import label_of
from notifications.models import DigestOptOut, Link
from people.errors import Refused
from people.models import AuditEvent, User

LEAVE, PREFIX = "notifications.leave_digest", "digest:"
DAYS = 400  # the link outlives many digests: who reads an old one can leave by it


@dataclass(frozen=True)
class Choice:
    """A digest as its reader's page shows it."""

    kind: str
    label: str
    wanted: bool


def choices(user: User) -> list[Choice]:
    """Every digest there is, and whether this person wants it. One query."""
    left = set(DigestOptOut.objects.filter(user=user).values_list("kind", flat=True))
    return [Choice(kind.name, label_of(kind.name), kind.name not in left) for kind in register if kind.digest]


@transaction.atomic
def leave(*, user: User, kind: str, now: datetime) -> None:
    """No more of this digest; reminders of their own duties still come. Said twice it changes nothing. Raises Refused."""
    _check(kind)
    _row, new = DigestOptOut.objects.get_or_create(user=user, kind=kind, defaults={"at": now})
    if new:
        AuditEvent.objects.create(
            at=now, by=user, verb="digest left", subject=f"user:{user.pk}", changes={"kind": kind}
        )


@transaction.atomic
def want_again(*, user: User, kind: str, now: datetime) -> None:
    """This digest again, from the next one on. Said twice it changes nothing. Raises Refused."""
    _check(kind)
    gone, _models = DigestOptOut.objects.filter(user=user, kind=kind).delete()
    if gone:
        verb, changes = "digest wanted again", {"kind": kind}
        AuditEvent.objects.create(at=now, by=user, verb=verb, subject=f"user:{user.pk}", changes=changes)


def _check(kind: str) -> None:
    if kind not in register or not register[kind].digest:
        raise Refused(_("There is no such digest."))


def button_of(letter: Letter) -> Button | None:
    """The link by which the reader leaves the digest in hand; None for anything else, and for who reads it for another."""
    notices = [notice for notice, _section in letter.sections]
    if any(notice.on_behalf_of_id or not register[notice.kind].digest for notice in notices):
        return None
    return Button(_("Leave this digest"), purpose=LEAVE, subject=f"{PREFIX}{notices[0].kind}", days=DAYS)


def headers(address: str, sender: str) -> dict[str, str]:
    """What lets a mail program offer to leave with one click, or by mail."""
    return {
        "List-Unsubscribe": f"<{address}>, <mailto:{sender}?subject=unsubscribe>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def is_wanted(user: User, kind: str) -> bool:
    """Raises LinkGone when there is no such digest any more."""
    if kind not in register:
        raise LinkGone(_("This digest is not sent any more."))
    return not DigestOptOut.objects.filter(user=user, kind=kind).exists()


def _page(request: HttpRequest, link: Link) -> HttpResponse:
    from notifications.views import leave_or_return

    return leave_or_return(request, link)


def register_all() -> None:
    """Called once when the app is ready."""
    register_purpose(Purpose(LEAVE, _page, route="notifications:leave"))
