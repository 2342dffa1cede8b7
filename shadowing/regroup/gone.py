"""What became of a group that is there no more, read from the audit trail of its day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from people.models import AuditEvent, User
from shadowing.models import RegroupGroup, VisitDay
from shadowing.regroup.actions import subject_of

JOINED, REMOVED, TAKEN_BACK = "regroup.joined", "regroup.removed", "regroup.taken back"


@dataclass(frozen=True)
class Gone:
    """A group that was one of this day's. ``into``: the one its notes lie in now, None where that is gone as well."""

    pk: int
    name: str
    how: str
    by: User | None
    at: datetime
    into: RegroupGroup | None

    @property
    def joined(self) -> bool:
        return self.how == JOINED

    @property
    def taken_back(self) -> bool:
        return self.how == TAKEN_BACK


def what_became(day: VisitDay, pk: int) -> Gone | None:
    """Who ended this group and how, followed through later joins. None for a group the day has, or never had."""
    ends = AuditEvent.objects.filter(subject=subject_of(day), verb__in=(JOINED, REMOVED, TAKEN_BACK))
    end: AuditEvent | None = None
    last: int | None = pk
    for event in ends.select_related("by").order_by("pk"):
        ended, joined = _groups(event)
        if ended == last:
            end, last = end or event, joined
    if end is None:
        return None
    into = day.groups.filter(pk=last).first() if last else None
    return Gone(pk, end.changes.get("name", ""), end.verb, end.by, end.at, into)


def first_gone(day: VisitDay | None, named: Iterable[object]) -> Gone | None:
    """The first of the groups a form named that was one of the day's and is no more."""
    numbers = [int(text) for text in map(str, named) if text.isascii() and text.isdigit() and len(text) < 16]
    found = (what_became(day, pk) for pk in numbers) if day else ()
    return next((gone for gone in found if gone), None)


def _groups(event: AuditEvent) -> tuple[int, int | None]:
    """The group that ended, and the one it was joined with."""
    said = event.changes["group"]
    return (said[0], said[1]) if isinstance(said, list) else (said, None)
