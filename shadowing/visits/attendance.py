"""On the day and after it: who came, who did not, and putting that right."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from people.errors import Refused
from people.models import User
from shadowing.models import Visit, VisitState
from shadowing.visits import booking, record, room, rules


@transaction.atomic
def check_in(*, visit: Visit, by: User, now: datetime) -> Visit:
    """The executive has arrived: the visit is held. On or after the day at the site, by a coordinator, the executive or
    assistant.

    Raises NotAllowed, Refused (the day lies ahead) or Conflict (not confirmed, or checked in already).
    """
    visit = record.lock_visit(visit)
    record.require(rules.may_check_in(by, visit))
    record.require_state(visit, VisitState.CONFIRMED)
    require_day(visit, now)
    return record.write(
        visit, verb="checked_in", by=by, now=now, on_behalf_of=booking.behalf(by, visit),
        state=VisitState.HELD, checked_in_at=now, checked_in_by=by,
    )  # fmt: skip


@transaction.atomic
def mark_no_show(*, visit: Visit, by: User, now: datetime) -> Visit:
    """The visit did not take place. Coordinators only, on or after the day; raises as ``check_in`` does."""
    visit = record.lock_visit(visit)
    record.require(rules.coordinates(by, visit))
    record.require_state(visit, VisitState.CONFIRMED)
    require_day(visit, now)
    return record.write(visit, verb="no_show", by=by, now=now, state=VisitState.NO_SHOW)


@transaction.atomic
def correct_attendance(*, visit: Visit, held: bool, by: User, now: datetime, reason: str) -> Visit:
    """Turn a held visit into a no-show or back, with a reason, on record. Coordinators only.

    Raises NotAllowed, Refused (no reason) or Conflict (already so, never confirmed, or the executive or host has
    another live visit in that place by now).
    """
    visit = record.lock_visit(visit)
    record.require(rules.coordinates(by, visit))
    record.require_state(visit, VisitState.NO_SHOW if held else VisitState.HELD)
    if not reason.strip():
        raise Refused(_("Say in a few words what was wrong."), field="reason")
    return as_held(visit, by, now, reason.strip()) if held else as_missed(visit, by, now, reason.strip())


def as_held(visit: Visit, by: User, now: datetime, reason: str) -> Visit:
    """No-show to held, part of ``correct_attendance``. It becomes live again, so the place may be taken."""
    changes: dict[str, Any] = {"state": VisitState.HELD, "checked_in_at": now, "checked_in_by": by}
    with room.single_booking(room.Place.of(visit)):
        return record.write(visit, verb="corrected", by=by, now=now, words=reason, **changes)


def as_missed(visit: Visit, by: User, now: datetime, reason: str) -> Visit:
    """Held to no-show, part of ``correct_attendance``. Who checked in stays in the event."""
    changes: dict[str, Any] = {"state": VisitState.NO_SHOW, "checked_in_at": None, "checked_in_by": None}
    return record.write(visit, verb="corrected", by=by, now=now, words=reason, **changes)


def require_day(visit: Visit, now: datetime) -> None:
    """Raises Refused before the day of the visit at its site."""
    if rules.local_date(visit.site, now) < visit.date:
        raise Refused(_("The visit is on %(day)s.") % {"day": room.short(visit.date)})
