"""Locks and the record of every change.

Lock order everywhere: visit day row, visit row, then people by ascending id. Locks leave foreign keys alone
(``no_key``), so that whoever only refers to a person (an event, a notice) never waits for a booking.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from people.errors import Conflict, NotAllowed
from people.models import Site, User
from shadowing.models import Visit, VisitDay, VisitEvent, VisitState

WITH_PEOPLE = ("executive__user", "executive__assistant", "host__user", "host__team", "site", "season")


def lock_day(site: Site, day: date) -> VisitDay:
    """The row that two people who book the same site and date wait for; made when it is not there."""
    VisitDay.objects.get_or_create(site=site, date=day)
    return VisitDay.objects.select_for_update(no_key=True).get(site=site, date=day)


def lock_visit(visit: Visit, *, version: int | None = None) -> Visit:
    """The visit as it is now, locked, with its people. Raises Conflict when ``version`` is not what was read.

    Where another transaction held it and gave it another host, PostgreSQL finds that the row it has waited for no longer
    fits the host it had joined, and returns none; the lock is ours all the same, and a second look finds it."""
    rows = Visit.objects.select_for_update(of=("self",), no_key=True).select_related(*WITH_PEOPLE).filter(pk=visit.pk)
    locked = rows.first() or rows.get()
    if version is not None and version != locked.version:
        raise Conflict(_("Somebody changed this visit since you opened the page. Nothing was changed."))
    return locked


def lock_people(*ids: int) -> None:
    """Lock these people by ascending id. Evaluates its queryset: a lazy lock is no lock."""
    list(User.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def require(allowed: bool) -> None:
    """Raises NotAllowed, which views answer with 404."""
    if not allowed:
        raise NotAllowed(_("This visit is not yours to change."))


def require_state(visit: Visit, *wanted: VisitState) -> None:
    """Raises Conflict when the visit has moved on to a state in which this cannot be done any more."""
    if visit.state not in wanted:
        state = visit.get_state_display().lower()
        words = _("This visit is %(state)s now, so this cannot be done. Nothing was changed.")
        raise Conflict(words % {"state": state})


def require_next(visit: Visit, state: VisitState) -> None:
    """Raises Conflict when ``state`` cannot follow the visit's state."""
    if not visit.may_become(state):
        require_state(visit)


def write(
    visit: Visit, *, verb: str, by: User | None, now: datetime, on_behalf_of: User | None = None, words: str = "",
    **changes: Any,
) -> Visit:  # fmt: skip
    """Save ``changes`` on the locked visit with one event that says who, for whom, what, from and to."""
    before = {name: plain(getattr(visit, name)) for name in changes}
    for name, value in changes.items():
        setattr(visit, name, value)
    visit.version += 1
    visit.save(update_fields=[*changes, "version"])
    after = {name: plain(value) for name, value in changes.items()}
    add_event(visit, verb=verb, by=by, now=now, on_behalf_of=on_behalf_of, words=words, before=before, after=after)
    return visit


def add_event(visit: Visit, *, verb: str, by: User | None, now: datetime, words: str = "", **rest: Any) -> None:
    """One entry in the visit's history."""
    VisitEvent.objects.create(visit=visit, at=now, by=by, verb=verb, words=words[:300], **rest)


def plain(value: Any) -> Any:
    """A field's value as an event holds it: ids for people, ISO for dates, text for states."""
    if isinstance(value, date):  # datetimes too
        return value.isoformat()
    return value.pk if hasattr(value, "pk") else value
