"""Which notices still hold when they are about to be sent. Each reads the visits of many notices at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.db.models import Q

from notifications.models import MessageState, Notice
from shadowing.models import Answer, Visit, VisitState
from shadowing.notices import subjects
from shadowing.visits.rules import Side

if TYPE_CHECKING:
    Check = Callable[[Notice, Visit, Side], bool]

OPEN = (VisitState.INVITED, VisitState.CONFIRMED)
ENTRIES = ("shadowing.invited", "shadowing.moved")  # kinds that put the visit into a calendar


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
    """The visit has ended, and this reader was told of it before: who never heard of it need not hear that it is
    off."""
    ended = _ids(notices, lambda _notice, visit, _side: visit.state in (VisitState.CANCELLED, VisitState.DECLINED))
    told = told_before(notices)
    return {notice.pk for notice in notices if notice.pk in ended and (notice.recipient_id, notice.subject) in told}


def told_before(notices: Sequence[Notice]) -> set[tuple[int, str]]:
    """(recipient, subject) of calendar entries that went out, or may be going out at this moment."""
    gone = Q(message__state=MessageState.SENT) | Q(message__state=MessageState.QUEUED, message__attempts__gt=0)
    entries = Notice.objects.filter(gone, kind__in=ENTRIES, dropped=False)
    known = entries.filter(subject__in={notice.subject for notice in notices})
    return set(known.values_list("recipient", "subject"))
