"""What Celery wakes notifications for. The database is the queue: a run that is lost loses nothing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from notifications.sending import send_due
from notifications.sweep import sweep

MOST_AT_ONCE = 2_000  # messages a run; the next one is seconds away


@shared_task
def sweep_reminders() -> None:
    """Beat, every minute: queue who is owed a reminder now. Runs may overlap; the unique key of a notice decides."""
    sweep(now=timezone.now())


@shared_task
def send_outbox() -> None:
    """Beat, several times a minute: send what is due. Runs may overlap; each message is claimed by one of them."""
    send_due(now=timezone.now(), limit=MOST_AT_ONCE)
