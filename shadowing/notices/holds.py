"""Which notices still hold when they are about to be sent. Each reads the visits of many notices at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from notifications.models import MessageState, Notice
from shadowing.models import Answer, Visit, VisitState
from shadowing.notices import subjects
from shadowing.visits.rules import Side

if TYPE_CHECKING:
    Check = Callable[[Notice, Visit, Side], bool]

OPEN = (VisitState.INVITED, VisitState.CONFIRMED)
ENTRIES = ("shadowing.invited", "shadowing.moved", "shadowing.stood_in")  # kinds that put the visit into a calendar


def _ids(notices: Sequence[Notice], check: Check) -> set[int]:
    found = subjects.pairs(notices, subjects.visits_of(notices))
    return {notice.pk for notice, visit, side in found if check(notice, visit, side)}


def invited(notices: Sequence[Notice]) -> set[int]:
    """Invitations and moves hold until the next change of the visit, which has a message of its own."""
    return _ids(notices, lambda notice, visit, _side: visit.state in OPEN and visit.sequence == notice.step)


def unanswered(notices: Sequence[Notice]) -> set[int]:
    """The visit is still to be answered by this side, by the same date."""
    return _ids(notices, _still_to_answer)


def _still_to_answer(notice: Notice, visit: Visit, side: Side) -> bool:
    open_ = visit.state == VisitState.INVITED and visit.answer_by == notice.anchor
    return open_ and subjects.answer_of(visit, side) == Answer.NONE


def coming(notices: Sequence[Notice]) -> set[int]:
    """The visit stands, on the same date."""
    return _ids(
        notices, lambda notice, visit, _side: visit.state == VisitState.CONFIRMED and visit.date == notice.anchor
    )


def cancelled(notices: Sequence[Notice]) -> set[int]:
    """The visit has ended, and this reader was told of it before: who never heard of it need not hear that it is off."""
    ended = _ids(notices, lambda _notice, visit, _side: visit.state in (VisitState.CANCELLED, VisitState.DECLINED))
    return ended & told_before(notices)


def released(notices: Sequence[Notice]) -> set[int]:
    """The visit is somebody else's now, and this host was told of it before."""
    visits = subjects.visits_of(notices)
    known = [(notice, visits[notice.subject]) for notice in notices if notice.subject in visits]
    return {notice.pk for notice, visit in known if visit.host_id != notice.recipient_id} & told_before(notices)


def told_before(notices: Sequence[Notice]) -> set[int]:
    """Ids of notices whose reader has a calendar entry, or is being sent one by another worker at this moment.

    An entry of the same claim (the same lease) is not on its way: it is dropped together with this look at it.
    """
    entry = Notice.objects.filter(recipient=OuterRef("recipient"), subject=OuterRef("subject"), kind__in=ENTRIES)
    on_its_way = Q(message__state=MessageState.QUEUED, message__attempts__gt=0)
    on_its_way &= ~Q(message__due_at=OuterRef("message__due_at"))
    gone = entry.filter(Q(message__state=MessageState.SENT) | on_its_way, dropped=False)
    asked = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    return set(asked.filter(Exists(gone)).values_list("pk", flat=True))
