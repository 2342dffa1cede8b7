"""From notices to deliveries: one event a webhook, however many people were told.

Nothing is queued by the actions that tell people. Each run looks through the notices since the last one, some of them
twice, because a transaction may end later than it says; the unique key of an event decides.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from notifications.bulk import insert_missing
from notifications.models import MessageState, Notice, Webhook, WebhookDelivery
from notifications.webhooks.payload import tellable

OVERLAP = timedelta(minutes=30)  # longer than any transaction
COLUMNS = ("id", "kind", "subject", "key")
NEW: dict[str, Any] = {"state": MessageState.QUEUED.value, "attempts": 0, "failures": 0, "last_error": ""}


def gather(*, now: datetime) -> None:
    """Queue what every webhook that is not paused has not heard of yet. Runs may overlap, or be late by days."""
    for webhook in Webhook.objects.filter(paused_at__isnull=True).order_by("pk"):
        _gather(webhook, now)


@transaction.atomic
def _gather(webhook: Webhook, now: datetime) -> None:
    rows = [(uuid.uuid4(), kind, subject, key_of(kind, subject, *rest)) for kind, subject, *rest in _events(webhook)]
    insert_missing(WebhookDelivery, COLUMNS, rows, webhook_id=webhook.pk, created_at=now, due_at=now, **NEW)
    Webhook.objects.filter(pk=webhook.pk, heard_until__lt=now).update(heard_until=now)


def _events(webhook: Webhook) -> list[tuple[Any, ...]]:
    kinds = tellable() & set(webhook.kinds) if webhook.kinds else tellable()
    since = max(webhook.heard_until - OVERLAP, webhook.hears_from)
    told = Notice.objects.filter(kind__in=kinds, message__created_at__gte=since, message__personal=False)
    return list(told.values_list("kind", "subject", "anchor", "step").order_by("anchor", "kind", "subject").distinct())


def key_of(*parts: object) -> str:
    """The event's key, as long as any other: subjects may be long."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()
