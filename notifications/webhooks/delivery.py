"""Delivering to webhooks as the outbox delivers mail: claimed with a lease and a fence, marked one by one, retried.

A webhook that does not answer costs one attempt a run: the rest of what waits for it is put off without blame, so that
neither the others nor the next run wait for it.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from notifications.models import MessageState, WebhookDelivery
from notifications.webhooks.guard import Forbidden
from notifications.webhooks.payload import body_of, event_id
from notifications.webhooks.posting import Unanswered, post
from notifications.webhooks.signing import headers

logger = logging.getLogger(__name__)
BATCH = 20  # deliveries a claim
LEASE = timedelta(minutes=10)
MOST_FAILURES = 10  # then it is parked; with the pauses below that takes about seventeen hours
PAUSE = timedelta(minutes=1)  # doubled with every failure
AWAY = timedelta(minutes=2)  # until the rest of what waits for a webhook that does not answer is tried
GONE = 410
BUSY = {429, 502, 503, 504}


def send_webhooks(*, now: datetime, limit: int | None = None) -> dict[str, int]:
    """Send what is due, at most ``limit`` deliveries; how many were accepted, are to be tried again, were parked, or put
    off because their webhook does not answer. ``now`` is when it begins; time passes while it runs."""
    run, left = _Run(now), limit
    while left is None or left > 0:
        claimed = _claim(run.moment(), min(BATCH, left or BATCH))
        if not claimed:
            break
        run.deliver(claimed)
        left = None if left is None else left - len(claimed)
    return {name: run.counts[name] for name in ("sent", "retried", "failed", "put_off")}


def _claim(now: datetime, size: int) -> list[WebhookDelivery]:
    """Take those that have waited longest, of webhooks that are not paused; nobody else gets them before the lease ends."""
    with transaction.atomic():
        due = WebhookDelivery.objects.filter(
            state=MessageState.QUEUED, due_at__lte=now, webhook__paused_at__isnull=True
        ).select_related("webhook")
        claimed = list(due.order_by("due_at", "pk").select_for_update(skip_locked=True, of=("self",))[:size])
        ids = [delivery.pk for delivery in claimed]
        WebhookDelivery.objects.filter(pk__in=ids).update(due_at=now + LEASE, attempts=F("attempts") + 1)
    for delivery in claimed:
        delivery.attempts += 1
    return claimed


class _Run:
    """One worker's run: its clock, its counts, and which webhooks do not answer."""

    def __init__(self, now: datetime) -> None:
        self._began, self._started = now, time.monotonic()
        self._away: set[int] = set()
        self.counts: Counter[str] = Counter()

    def moment(self) -> datetime:
        """``now`` and the seconds since."""
        return self._began + timedelta(seconds=time.monotonic() - self._started)

    def deliver(self, claimed: list[WebhookDelivery]) -> None:
        """Send each, or put it off: when its webhook does not answer, or when the lease would not last."""
        until = time.monotonic() + LEASE.total_seconds() * 0.8
        for delivery in claimed:
            if delivery.webhook_id in self._away or time.monotonic() > until:
                self._mark(delivery, "put_off", due_at=self.moment() + AWAY)
            else:
                self._send(delivery)

    def _send(self, delivery: WebhookDelivery) -> None:
        webhook = delivery.webhook
        try:
            body, now = body_of(delivery), self.moment()
            status = post(webhook.url, body, headers(webhook, event_id(delivery), body, now=now))
        except (Forbidden, Unanswered) as error:
            self._away.add(webhook.pk)
            self._failed(delivery, str(error), None)
        except Exception as error:
            logger.exception("webhook delivery %s could not be made", delivery.pk)
            self._failed(delivery, type(error).__name__, None)
        else:
            self._answered(delivery, status)

    def _answered(self, delivery: WebhookDelivery, status: int) -> None:
        """2xx is yes; 410 says nobody wants it any more; a redirect is not followed; all else is tried again."""
        if 200 <= status < 300:
            sent: dict[str, Any] = {"state": MessageState.SENT, "sent_at": self.moment(), "last_error": ""}
            self._mark(delivery, "sent", status=status, **sent)
            return
        if status in BUSY or status == GONE:
            self._away.add(delivery.webhook_id)
        words = _("redirects are not followed") if 300 <= status < 400 else _("not accepted")
        self._failed(delivery, words, status)

    def _failed(self, delivery: WebhookDelivery, reason: str, status: int | None) -> None:
        failures = delivery.failures + 1
        logger.warning("webhook delivery %s failed, attempt %s: %s", delivery.pk, delivery.attempts, status or reason)
        change: dict[str, Any] = {"failures": failures, "last_error": reason[:300], "status": status}
        if failures >= MOST_FAILURES or status == GONE:
            self._mark(delivery, "failed", state=MessageState.FAILED, **change)
        else:
            self._mark(delivery, "retried", due_at=self.moment() + PAUSE * 2**failures, **change)

    def _mark(self, delivery: WebhookDelivery, outcome: str, **change: Any) -> None:
        """Write the outcome, unless another worker has claimed the row since (the fence)."""
        mine = WebhookDelivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts, state=MessageState.QUEUED)
        if mine.update(**change):
            self.counts[outcome] += 1
        else:
            logger.warning("webhook delivery %s: %s, but it is no longer this worker's", delivery.pk, outcome)
