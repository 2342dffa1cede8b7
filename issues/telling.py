"""Who is told at once of what happened to an issue. What they are told is in ``issues.notices``."""

from __future__ import annotations

from datetime import datetime

from issues.clocks import site_day
from issues.models import Issue
from notifications import outbox
from notifications.models import Notice

CONFIRM_ASKED = "issues.confirm_asked"


def ask_host(issue: Issue, *, now: datetime) -> None:
    """Ask the host whether what was delivered helps, once per day of delivery."""
    outbox.tell(
        kind=CONFIRM_ASKED, recipient=issue.promised_to.user, subject=issue.subject, anchor=site_day(issue.site, now),
        site_id=issue.site_id, now=now,
    )  # fmt: skip


def tell_owner(issue: Issue, kind: str, *, now: datetime) -> None:
    """Queue one message for the owner and one for the assistant, one per change of the issue."""
    owner, assistant = issue.owner.user, issue.owner.assistant
    for reader, behalf in [(owner, None), (assistant, owner)]:
        if reader is not None:
            outbox.tell(
                kind=kind, recipient=reader, on_behalf_of=behalf, subject=issue.subject, step=issue.version,
                anchor=site_day(issue.site, now), site_id=issue.site_id, now=now,
            )  # fmt: skip


def requests_since_delivery(issue: Issue) -> int:
    """How often the host was asked for their word since the last delivery; dropped notices do not count."""
    asked = Notice.objects.filter(kind=CONFIRM_ASKED, subject=issue.subject, dropped=False)
    return asked.filter(created_at__gte=issue.delivered_at).count() if issue.delivered_at else 0
