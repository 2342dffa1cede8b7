"""What Celery wakes notifications for. The database is the queue: a run that is lost loses nothing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from notifications.pruning import prune
from notifications.sending import send_due
from notifications.sweep import sweep
from notifications.webhooks import delivery, events

MOST_AT_ONCE = 2_000  # messages a run: a worker that is told to stop need not wait long
WOKEN = 15  # seconds after which nobody need wake any more: beat does
MOST_EVENTS = 200  # webhook deliveries a run; each may take seconds


@shared_task
def sweep_reminders() -> None:
    """Beat, every minute: queue who is owed a reminder now. Runs may overlap; the unique key of a notice decides."""
    sweep(now=timezone.now())


@shared_task
def send_outbox() -> None:
    """Beat, several times a minute: send what is due. Runs may overlap; each message is claimed by one of them. A run
    that was full wakes the next at once, so that with every beat one more sender stays busy while much is waiting."""
    if sum(send_due(now=timezone.now(), limit=MOST_AT_ONCE).values()) >= MOST_AT_ONCE:
        send_outbox.apply_async(expires=WOKEN)


@shared_task
def send_webhooks() -> None:
    """Beat, several times a minute: queue what webhooks have not heard of yet, and send what is due. Runs may overlap."""
    events.gather(now=timezone.now())
    delivery.send_webhooks(now=timezone.now(), limit=MOST_EVENTS)


@shared_task
def prune_logs() -> None:
    """Beat, once a night: forget what is older than the settings keep. Runs may overlap."""
    prune(now=timezone.now())
