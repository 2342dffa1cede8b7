"""Answers to an invitation, and the briefing read before the day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from people.errors import Refused
from people.models import User
from shadowing.models import Answer, Visit, VisitState
from shadowing.visits import booking, record, rules
from shadowing.visits.rules import Side

ANSWERABLE = (VisitState.INVITED, VisitState.CONFIRMED)
FIELDS = {Side.EXECUTIVE: "executive_answer", Side.HOST: "host_answer"}
BRIEFED = {Side.EXECUTIVE: "executive_briefed_at", Side.HOST: "host_briefed_at"}


@transaction.atomic
def answer_invitation(*, visit: Visit, side: Side, yes: bool, by: User, now: datetime, reason: str = "") -> Visit:
    """Record one side's answer: confirmed once both accepted, declined at the first "no", which cancels the other's
    entry too.

    Executives give a reason to decline; hosts are asked for none and none is kept. An assistant answers for the
    executive and a coordinator for either, on record. The same "yes" again changes nothing. Raises NotAllowed, Refused
    (no reason, the day has passed) or Conflict (not invited, or ended).
    """
    visit = record.lock_visit(visit)
    record.require(rules.may_answer(by, visit, side))
    record.require_state(visit, *ANSWERABLE)
    if rules.local_date(visit.site, now) > visit.date:
        raise Refused(_("The day of this visit has passed."))
    return accept(visit, side, by=by, now=now) if yes else decline(visit, side, by=by, now=now, reason=reason)


def accept(visit: Visit, side: Side, *, by: User, now: datetime) -> Visit:
    """A "yes" on a locked visit, part of ``answer_invitation``."""
    if getattr(visit, FIELDS[side]) == Answer.YES:
        return visit
    other = FIELDS[Side.HOST if side is Side.EXECUTIVE else Side.EXECUTIVE]
    both = getattr(visit, other) == Answer.YES
    changes = {FIELDS[side]: Answer.YES} | ({"state": VisitState.CONFIRMED} if both else {})
    behalf = rules.stands_for(by, visit, side)
    return record.write(visit, verb=f"{side}_accepted", by=by, now=now, on_behalf_of=behalf, **changes)


def decline(visit: Visit, side: Side, *, by: User, now: datetime, reason: str) -> Visit:
    """A "no" on a locked visit, part of ``answer_invitation``."""
    words = reason.strip() if side is Side.EXECUTIVE else ""
    if side is Side.EXECUTIVE and not words:
        raise Refused(_("Say in a few words why: the coordinator looks for another day."), field="reason")
    behalf = rules.stands_for(by, visit, side)
    return booking.end(
        visit, VisitState.DECLINED, verb=f"{side}_declined", by=by, now=now, reason=words, on_behalf_of=behalf,
        **{FIELDS[side]: Answer.NO},
    )  # fmt: skip


@transaction.atomic
def acknowledge_briefing(*, visit: Visit, side: Side, by: User, now: datetime) -> Visit:
    """Record that the executive or the host has read what the day is and is not. Once is enough; nobody can do it for
    the host.

    Raises NotAllowed or Conflict (the visit is not invited or confirmed).
    """
    visit = record.lock_visit(visit)
    record.require(side in rules.sides_of(by, visit))
    record.require_state(visit, *ANSWERABLE)
    if getattr(visit, BRIEFED[side]):
        return visit
    behalf = rules.stands_for(by, visit, side)
    changes: dict[str, Any] = {BRIEFED[side]: now}
    return record.write(visit, verb=f"{side}_briefed", by=by, now=now, on_behalf_of=behalf, **changes)
