"""One-click links: one purpose, one person, one subject, until they expire. A GET shows, a POST does.

The address holds a random token; the row only its hash. What a purpose shows and does is registered by the app that
owns it (``AppConfig.ready()``), so that ``/act/<token>/`` is one view for all of them.
"""

from __future__ import annotations

import functools
import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications.bulk import insert_missing
from notifications.models import Link, Message
from people.errors import Refused
from people.models import User
from people.standing_in import acts_for


class LinkGone(Refused):
    """The link expired, is spent, or is no longer for this person."""

    status = 410


class LinkUnknown(LinkGone):
    """No link has this address: it was altered, or cut off on its way."""

    status = 404


PLACE = "~token~"
GONE = _("This link no longer works. Sign in, or ask your coordinator for a new one.")


@dataclass(frozen=True)
class Purpose:
    """``view(request, link)`` answers GET and POST for an open link. ``private`` purposes (a host's confirmation, a
    handover) need a link sent to an address of this person alone. ``route``: where its addresses lead, when an app has
    a page of its own."""

    name: str
    view: Callable[[HttpRequest, Link], HttpResponse]
    private: bool = False
    route: str = "notifications:act"


purposes: dict[str, Purpose] = {}


def register_purpose(purpose: Purpose) -> None:
    """Register what a purpose shows and does; a name registered twice is a programming error."""
    if purpose.name in purposes:
        raise ValueError(f"link purpose {purpose.name} is registered twice")
    purposes[purpose.name] = purpose


def hash_token(token: str) -> str:
    """How secrets are kept: SHA-256, enough for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_link(
    *,
    purpose: str,
    subject: str,
    user: User,
    now: datetime,
    days: int = 14,
    on_behalf_of: User | None = None,
    message: Message | None = None,
) -> str:
    """Record a link and return its full address, which is shown nowhere again. ``days`` until it expires."""
    link, address = draft_link(
        purpose=purpose, subject=subject, user=user, now=now, days=days, on_behalf_of=on_behalf_of, message=message
    )
    link.save(force_insert=True)
    return address


def draft_link(
    *,
    purpose: str,
    subject: str,
    user: User,
    now: datetime,
    days: int,
    on_behalf_of: User | None,
    message: Message | None,
) -> tuple[Link, str]:
    """The same, not yet stored: whoever sends many stores them together."""
    token = secrets.token_urlsafe(32)
    link = Link(
        token_hash=hash_token(token),
        purpose=purposes[purpose].name,
        subject=subject,
        user=user,
        on_behalf_of=on_behalf_of,
        message=message,
        private=user.has_address_of_own,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    return link, settings.SITE_URL + _path(purposes[purpose].route).replace(PLACE, token)


def store_links(links: Iterable[Link]) -> None:
    """Store drafts, all in one statement."""
    names = [field.attname for field in Link._meta.concrete_fields if not field.primary_key and field.name != "used_at"]
    insert_missing(Link, names, [tuple(getattr(link, name) for name in names) for link in links])


@functools.cache
def _path(route: str) -> str:
    """The path of a route with PLACE where the token goes: resolving it for every button of every mail takes too long."""
    return reverse(route, args=[PLACE])


def open_link(token: str, *, now: datetime) -> Link:
    """The link of this token. Raises LinkUnknown when there is none (or it was altered), LinkGone when it has expired
    or is spent, its person has left, or neither assists whom it was for nor stands in for them today. The link's user
    knows for whom they stand in."""
    link = Link.objects.select_related("user", "on_behalf_of").filter(token_hash=hash_token(token)).first()
    if link is None or link.purpose not in purposes:
        raise LinkUnknown(str(GONE))
    if link.on_behalf_of_id:
        acts_for(link.user, now)
    if link.used_at or link.expires_at <= now or not _still_theirs(link):
        raise LinkGone(str(GONE))
    return link


def _still_theirs(link: Link) -> bool:
    if not link.user.is_active or (purposes[link.purpose].private and not link.private):
        return False
    if link.on_behalf_of is None:
        return True
    acts = link.on_behalf_of_id in link.user.acting_for or link.user.assists.filter(pk=link.on_behalf_of_id).exists()
    return acts and link.on_behalf_of.is_active


def spend_link(link: Link, *, now: datetime) -> None:
    """Let this link open nothing again, for what may be done once. Raises LinkGone when somebody was faster."""
    if not Link.objects.filter(pk=link.pk, used_at__isnull=True).update(used_at=now):
        raise LinkGone(str(GONE))
    link.used_at = now
