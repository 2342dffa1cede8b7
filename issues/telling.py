"""Who is told at once of what happened to an issue. What they are told is in ``issues.notices``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from issues.clocks import site_day
from issues.models import Issue
from notifications import outbox
from notifications.models import Notice
from people.coordinators import Coordinators
from people.models import Executive, User
from people.standing_in import away

CONFIRM_ASKED = "issues.confirm_asked"
PLACES = 10  # notices of one request at most: their step is its id times this, plus which of them it is
Reader = tuple[User, User | None]  # who reads it, and the executive they read it for


def ask_host(issue: Issue, *, now: datetime) -> None:
    """Ask the host whether what was delivered helps, once per day of delivery."""
    outbox.tell(
        kind=CONFIRM_ASKED, recipient=issue.promised_to.user, subject=issue.subject, anchor=site_day(issue.site, now),
        site_id=issue.site_id, now=now,
    )  # fmt: skip


def tell_owner(issue: Issue, kind: str, *, now: datetime) -> None:
    """Queue one message for each of the owner's side; one per change of the issue."""
    tell(issue, kind, readers_of(issue.owner, now), now=now, step=issue.version)


def readers_of(owner: Executive, now: datetime) -> list[Reader]:
    """The owner, the assistant, and while the owner is away whoever stands in. One query where somebody does, two."""
    substitute = User.objects.filter(pk=away(now).get(owner.pk) or 0).first()
    readers = side_of(owner)
    if substitute and substitute not in [reader for reader, _behalf in readers]:
        readers.append((substitute, owner.user))
    return readers


def tell_coordinators(issue: Issue, kind: str, *, now: datetime, step: int) -> None:
    """Queue one message for each coordinator of the issue's site."""
    people = User.objects.filter(pk__in=Coordinators().of(issue.site_id)).order_by("pk")
    tell(issue, kind, [(person, None) for person in people], now=now, step=step)


def tell(issue: Issue, kind: str, readers: Iterable[Reader], *, now: datetime, step: int) -> None:
    """Queue one message for each reader. ``step`` tells one message about the issue from the next on the same day."""
    anchor = site_day(issue.site, now)
    for reader, behalf in readers:
        outbox.tell(
            kind=kind, recipient=reader, on_behalf_of=behalf, subject=issue.subject, step=step, anchor=anchor,
            site_id=issue.site_id, now=now,
        )  # fmt: skip


def side_of(executive: Executive) -> list[Reader]:
    """An executive and the assistant who reads it for them."""
    assistant = executive.assistant
    return [(executive.user, None), *([(assistant, executive.user)] if assistant else [])]


def with_asker(readers: list[Reader], asker: User) -> list[Reader]:
    """The readers, and whoever asked on their behalf."""
    return readers if asker in [reader for reader, _behalf in readers] else [*readers, (asker, None)]


def requests_since_delivery(issue: Issue) -> int:
    """How often the host was asked for their word since the last delivery; dropped notices do not count."""
    asked = Notice.objects.filter(kind=CONFIRM_ASKED, subject=issue.subject, dropped=False)
    return asked.filter(created_at__gte=issue.delivered_at).count() if issue.delivered_at else 0
