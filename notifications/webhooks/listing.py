"""Webhooks and their deliveries as pages show them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from notifications.listing import label_of
from notifications.models import MessageState, Webhook, WebhookDelivery
from notifications.webhooks.payload import TEST


@dataclass
class Row:
    """A webhook in the list."""

    webhook: Webhook
    counts: Counter[str] = field(default_factory=Counter)
    last: Any = None

    @property
    def host(self) -> str:
        """The rest of an address may be a secret."""
        return host_of(self.webhook)

    @property
    def kinds(self) -> list[str]:
        return [label_of(kind) for kind in self.webhook.kinds]


def host_of(webhook: Webhook) -> str:
    """The only part of the address that pages and logs show."""
    return urlsplit(webhook.url).hostname or ""


def rows() -> list[Row]:
    """Every webhook with what waits and what is parked. Two queries."""
    found = [Row(webhook) for webhook in Webhook.objects.order_by("name", "pk")]
    known = {row.webhook.pk: row for row in found}
    waits = Count("pk", filter=Q(state=MessageState.QUEUED))
    parked = Count("pk", filter=Q(state=MessageState.FAILED))
    per = (
        WebhookDelivery.objects.order_by().values("webhook").annotate(queued=waits, failed=parked, last=Max("sent_at"))
    )
    for each in per:
        row = known[each["webhook"]]
        row.counts, row.last = Counter(queued=each["queued"], failed=each["failed"]), each["last"]
    return found


def log_of(webhook: Webhook, state: str) -> QuerySet[WebhookDelivery]:
    """Its deliveries, newest first."""
    deliveries = webhook.deliveries.filter(state=state) if state else webhook.deliveries.all()
    return deliveries.order_by("-created_at", "pk")


def label(delivery: WebhookDelivery) -> str:
    """How people call what was told."""
    return _("Test") if delivery.kind == TEST else label_of(delivery.kind)


def pills(webhook: Webhook, chosen: str) -> list[dict[str, Any]]:
    """One pill a state, with how many; cancelled is none of theirs."""
    counts: defaultdict[str, int] = defaultdict(
        int, webhook.deliveries.order_by().values_list("state").annotate(Count("pk"))
    )
    here = reverse("notifications:webhook", args=[webhook.pk])
    return [
        {
            "word": capfirst(MessageState(state).label),
            "url": here if state == chosen else f"{here}?{urlencode({'state': state})}",
            "chosen": state == chosen,
            "count": counts[state],
        }
        for state in (MessageState.QUEUED, MessageState.SENT, MessageState.FAILED)
    ]
