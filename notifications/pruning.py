"""What is forgotten after a while: the log of webhooks, the words and addresses of old messages, links long expired.

Messages and notices themselves stay: a notice is what keeps a reminder from being said twice. Small batches, each a
transaction of its own, so that neither sweeps nor sends wait for them; killed in the middle, the next run goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Case, Q, QuerySet, Value, When

from notifications.models import Link, Message, MessageState, Webhook, WebhookDelivery

BATCH = 1_000  # rows a transaction


def prune(*, now: datetime) -> dict[str, int]:
    """Forget what is older than WEBHOOK_LOG_DAYS and OUTBOX_TEXT_DAYS say, 0 meaning never; how many rows of each."""
    counts = {"deliveries": 0, "messages": 0, "links": 0}
    if days := settings.WEBHOOK_LOG_DAYS:
        for webhook in Webhook.objects.order_by("pk"):
            counts["deliveries"] += _in_batches(_old_deliveries(webhook, now - timedelta(days=days)), _delete)
    if days := settings.OUTBOX_TEXT_DAYS:
        before = now - timedelta(days=days)
        counts["messages"] = _in_batches(Message.objects.with_words_before(before), _clear)
        counts["links"] = _in_batches(Link.objects.filter(expires_at__lt=before).order_by("expires_at"), _delete)
    return counts


def _old_deliveries(webhook: Webhook, before: datetime) -> QuerySet[WebhookDelivery]:
    """What was accepted or parked. What still waits is kept, and so is what the webhook may look through again."""
    done = webhook.deliveries.exclude(state=MessageState.QUEUED)
    return done.filter(created_at__lt=min(before, webhook.heard_until - timedelta(days=1))).order_by("created_at")


def _in_batches(rows: QuerySet, forget: Callable[[QuerySet], int]) -> int:
    """Forget all of these rows, the oldest first; how many there were."""
    total = 0
    while ids := list(rows.values_list("pk", flat=True)[:BATCH]):
        total += forget(rows.model._default_manager.filter(pk__in=ids))
    return total


def _delete(rows: QuerySet) -> int:
    return rows.delete()[0]


def _clear(messages: QuerySet[Message]) -> int:
    """The subject goes, and the address unless mail to it came back: that is what the next message asks."""
    address = Case(When(Q(bounced_at__isnull=False), then="sent_to"), default=Value(""))
    return messages.update(subject_line="", sent_to=address)
