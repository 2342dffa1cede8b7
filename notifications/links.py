"""One-click links: one purpose, one person, one subject, until they expire. A GET shows, a POST does.

The address holds a random token; the row only its hash. What a purpose shows and does is registered by the app that owns it
(``AppConfig.ready()``), so that ``/act/<token>/`` is one view for all of them.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from notifications.models import Link, Message
from people.errors import Refused
from people.models import User


class LinkGone(Refused):
    """The link expired, was altered, was used up, or is not for this."""

    status = 410


@dataclass(frozen=True)
class Purpose:
    """``view(request, link)`` answers GET and POST for an open link. ``private`` purposes (a host's confirmation, a handover) need
    a link sent to an address of this person alone. ``route``: where its addresses lead, when an app has a page of its own."""

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
    token = secrets.token_urlsafe(32)
    link: dict[str, Any] = {"purpose": purposes[purpose].name, "subject": subject, "user": user, "message": message}
    Link.objects.create(
        **link,
        token_hash=hash_token(token),
        on_behalf_of=on_behalf_of,
        private=user.has_address_of_own,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    return settings.SITE_URL + reverse(purposes[purpose].route, args=[token])


def open_link(token: str, *, now: datetime) -> Link:
    """The link of this token. Raises LinkGone when there is none, it has expired or its person has left."""
    links = Link.objects.select_related("user", "on_behalf_of")
    link = links.filter(token_hash=hash_token(token), expires_at__gt=now, user__is_active=True).first()
    if link is None or link.purpose not in purposes or (purposes[link.purpose].private and not link.private):
        raise LinkGone("This link no longer works. Sign in, or ask your coordinator for a new one.")
    return link
