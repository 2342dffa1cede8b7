"""The visits behind notices, and which of its people a notice speaks to."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from shadowing.models import Answer, Visit
from shadowing.visits.record import WITH_PEOPLE
from shadowing.visits.rules import Side

if TYPE_CHECKING:
    from notifications.models import Notice

PREFIX = "visit:"


def uuid_of(subject: str) -> uuid.UUID | None:
    """The visit a subject names; None for anything else."""
    try:
        return uuid.UUID(subject.removeprefix(PREFIX)) if subject.startswith(PREFIX) else None
    except ValueError:
        return None


def visits_of(notices: Sequence[Notice]) -> dict[str, Visit]:
    """Subject → visit with its people, in one query. A visit that is gone is missing."""
    ids = {found for notice in notices if (found := uuid_of(notice.subject))}
    return {visit.subject: visit for visit in Visit.objects.filter(uuid__in=ids).select_related(*WITH_PEOPLE)}


def side_of(notice: Notice, visit: Visit) -> Side | None:
    """Executive for the executive and whoever reads it for them, host for the host; None for people who are no longer
    part of it. Who may read for another is looked at when it is sent (notifications.standing_in)."""
    for_whom = notice.on_behalf_of_id or notice.recipient_id
    if for_whom == visit.host_id and not notice.on_behalf_of_id:
        return Side.HOST
    if for_whom != visit.executive_id:
        return None
    return Side.EXECUTIVE


def answer_of(visit: Visit, side: Side) -> str:
    """That side's answer."""
    return Answer(visit.executive_answer if side is Side.EXECUTIVE else visit.host_answer)


def pairs(notices: Iterable[Notice], visits: dict[str, Visit]) -> list[tuple[Notice, Visit, Side]]:
    """Notices with their visit and side, without those that have none any more."""
    known = ((notice, visits[notice.subject]) for notice in notices if notice.subject in visits)
    found = ((notice, visit, side_of(notice, visit)) for notice, visit in known)
    return [(notice, visit, side) for notice, visit, side in found if side]
