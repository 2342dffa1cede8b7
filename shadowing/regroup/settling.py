"""What becomes of a group: discussed, carried to the site's next visit day, or made one shared issue."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from people.errors import Conflict, Refused
from people.keys import fold
from people.models import User
from shadowing.models import GroupOutcome, RegroupGroup, Visit, VisitDay
from shadowing.regroup.actions import lock_group, require_next, tell, write
from shadowing.visits import record
from shadowing.visits.room import short
from shadowing.visits.rules import local_date


@transaction.atomic
def discuss(*, group: RegroupGroup, version: int, by: User, now: datetime) -> RegroupGroup:
    """It was talked about and needs no issue. Raises NotAllowed or Conflict."""
    group = lock_group(group, version=version, by=by)
    return settle(group, GroupOutcome.DISCUSSED, by=by, now=now)


@transaction.atomic
def reopen(*, group: RegroupGroup, version: int, by: User, now: datetime) -> RegroupGroup:
    """Discussed after all, or not carried on: it is to be discussed again, on its own day. What the next visit day got is
    taken back while nobody has worked on it there. Raises NotAllowed or Conflict."""
    group = lock_group(group, version=version, by=by)
    require_next(group, GroupOutcome.OPEN)
    if group.outcome == GroupOutcome.CARRIED:
        take_back(group, by=by, now=now)
    return write(group, "reopened", by=by, now=now, outcome=GroupOutcome.OPEN, settled_at=None, settled_by=None)


def take_back(group: RegroupGroup, *, by: User, now: datetime) -> None:
    """Remove the group that goes on from this one. Raises Conflict once it has notes or an outcome of its own."""
    later = RegroupGroup.objects.select_related("day__site").filter(carried_from=group).first()
    if later is None:
        return
    later.day = record.lock_day(later.day.site, later.day.date)
    later.refresh_from_db(fields=["outcome", "version"])
    if later.outcome != GroupOutcome.OPEN or later.places.exists():
        words = _("It was taken up again on %(day)s and worked on there. Nothing was changed.")
        raise Conflict(words % {"day": short(later.day.date)})
    tell(later.day, "taken back", by=by, now=now, group=later.pk, carried_from=group.pk, name=later.name)
    later.delete()


@transaction.atomic
def carry(*, group: RegroupGroup, version: int, by: User, now: datetime) -> RegroupGroup:
    """It is discussed on the site's next visit day, where a group of its name begins that refers to this one.

    Returns the group, settled. Raises NotAllowed, Refused (no later visit day) or Conflict (changed meanwhile, or the
    next day has another group of that name).
    """
    group = lock_group(group, version=version, by=by)
    require_next(group, GroupOutcome.CARRIED)
    following = next_day(group.day, now)
    if following is None:
        raise Refused(_("No later visit day is planned in %(site)s yet.") % {"site": group.day.site})
    later = record.lock_day(group.day.site, following)
    if later.groups.filter(name_key=fold(group.name)).exists():
        words = _("%(day)s has a group of that name already. Give this one another name. Nothing was changed.")
        raise Conflict(words % {"day": short(following)})
    last = later.groups.aggregate(last=Max("position"))["last"] or 0
    made = RegroupGroup.objects.create(day=later, name=group.name, position=last + 1, carried_from=group)
    tell(later, "carried here", by=by, now=now, group=made.pk, carried_from=group.pk)
    return settle(group, GroupOutcome.CARRIED, by=by, now=now)


def next_day(day: VisitDay, now: datetime) -> date | None:
    """The site's next date after this one, today at the earliest, on which invited visits stand."""
    first = local_date(day.site, now)
    visits = Visit.objects.live().published().filter(site=day.site_id, date__gt=day.date, date__gte=first)
    return visits.order_by("date").values_list("date", flat=True).first()


def settle(group: RegroupGroup, outcome: GroupOutcome, *, by: User, now: datetime) -> RegroupGroup:
    """Part of an action that has locked the group. Raises Conflict when it is settled otherwise."""
    require_next(group, outcome)
    changes: dict[str, Any] = {"outcome": outcome, "settled_at": now, "settled_by": by}
    return write(group, outcome, by=by, now=now, **changes)
