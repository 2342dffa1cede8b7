"""What Celery wakes surveys for."""

from celery import shared_task
from django.utils import timezone

from surveys import releasing, rounds


@shared_task
def release_rounds() -> None:
    """Close rounds whose time is over and release what may be released. Runs may overlap: cells are locked."""
    rounds.close_due_rounds(now=timezone.now())
    releasing.release_rounds(now=timezone.now())
