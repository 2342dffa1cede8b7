"""What a webhook is told: which kind of thing, about which subject, and where people read it. Never more.

No names, no texts, no answers and no personal links: whoever wants to know more opens the page and signs in.
"""

from __future__ import annotations

import json
from datetime import UTC

from django.conf import settings
from django.urls import reverse

from notifications.kinds import Kind, register
from notifications.listing import label_of
from notifications.models import WebhookDelivery

TEST = "webhook.test"
PAGES: dict[
    str, str
] = {}  # route by the word before a subject's colon; the apps that have such pages are named above us


def offered() -> list[tuple[str, str]]:
    """The kinds a webhook can hear of, with their labels. Anonymous surveys and personal digests are never told."""
    return sorted(((kind.name, label_of(kind.name)) for kind in register if _tellable(kind)), key=lambda pair: pair[1])


def tellable() -> set[str]:
    """Their names."""
    return {kind.name for kind in register if _tellable(kind)}


def _tellable(kind: Kind) -> bool:
    return not (kind.anonymous or kind.digest)


def event_id(delivery: WebhookDelivery) -> str:
    """The same for every attempt, so that the receiver can leave out what it has."""
    return f"msg_{delivery.pk.hex}"


def body_of(delivery: WebhookDelivery) -> bytes:
    """The body of the request, as it is signed and sent."""
    moment = delivery.created_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    data = {"subject": delivery.subject, "url": settings.SITE_URL + page_of(delivery.subject)}
    said = {"type": delivery.kind, "timestamp": moment, "data": data}
    return json.dumps(said, separators=(",", ":")).encode()


def page_of(subject: str) -> str:
    """The path of the subject's page; the front page where it has none of its own."""
    word, _colon, key = subject.partition(":")
    return reverse(PAGES[word], args=[key]) if word in PAGES else reverse("home")
