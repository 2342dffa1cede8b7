"""Writing down the days on which people cannot. Every change leaves an audit event with counts, not dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from people.errors import NotAllowed, Refused
from people.keys import fold
from people.models import AuditEvent, User
from shadowing.availability import rules, wishes
from shadowing.availability.csv import DayList, read_days
from shadowing.availability.parts import Ignored
from shadowing.models import UnavailableDay, UnavailableSource
from shadowing.seasons.keys import users_by_key
from shadowing.seasons.members import note_days_named

FURTHEST = timedelta(days=3 * 366)


@dataclass
class ListResult:
    """What a list of days came to: dates by person, and the lines left out."""

    days: dict[User, list[date]] = field(default_factory=dict)
    ignored: list[Ignored] = field(default_factory=list)


@transaction.atomic
def set_unavailable_days(
    *,
    person: User,
    source: UnavailableSource,
    days: Iterable[date],
    by: User | None,
    now: datetime,
    first: date | None = None,
    last: date | None = None,
) -> None:
    """Make the days from ``source`` exactly these; those from other sources stay.

    With ``first`` and ``last`` only days in that span are replaced. ``by`` is None for the operator of a command.
    Raises NotAllowed unless the days are theirs to set.
    """
    _require(by, person)
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    rows = UnavailableDay.objects.filter(user=person, source=source)
    rows = rows.filter(date__gte=first) if first else rows
    rows = rows.filter(date__lte=last) if last else rows
    wanted, present = set(days), set(rows.values_list("date", flat=True))
    for start in range(0, len(gone := sorted(present - wanted)), 400):
        rows.filter(date__in=gone[start : start + 400]).delete()
    new = [UnavailableDay(user=person, date=day, source=source) for day in sorted(wanted - present)]
    UnavailableDay.objects.bulk_create(new, batch_size=400, ignore_conflicts=True)
    wishes.drop_wishes(wishes.entries_of(person), (row.date for row in new))
    note_days_named(person=person, by=by, now=now)
    changes = {"source": str(source), "added": len(new), "removed": len(gone)}
    _record(person, "availability.set", changes, by, now)


@transaction.atomic
def take_back(*, person: User, source: UnavailableSource, by: User, now: datetime) -> int:
    """Remove the days ahead that came from one source, as if that import had not been; how many. Raises NotAllowed."""
    _require(by, person)
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    today = now.astimezone(person.zone).date()
    removed, _rows = UnavailableDay.objects.filter(user=person, source=source, date__gte=today).delete()
    _record(person, "availability.taken_back", {"source": str(source), "removed": removed}, by, now)
    return removed


@transaction.atomic
def toggle_day(*, person: User, day: date, by: User, now: datetime) -> bool:
    """Turn one date around; True when the person cannot on it now. Free again counts against every source.

    Raises NotAllowed, or Refused for a date in the past or years ahead.
    """
    _require(by, person)
    _require_near(day, now.astimezone(person.zone).date())
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    removed, _rows = UnavailableDay.objects.filter(user=person, date=day).delete()
    if not removed:
        UnavailableDay.objects.create(user=person, date=day, source=UnavailableSource.CLICK)
    note_days_named(person=person, by=by, now=now)
    _record(person, "availability.toggled", {"day": day.isoformat(), "free": bool(removed)}, by, now)
    return not removed


@transaction.atomic
def turn_day(*, person: User, day: date, by: User, now: datetime) -> str:
    """Take one date a step further and say where it stands: free, away, preferred (executives, while their season takes
    another wish), free.

    Raises NotAllowed, or Refused for a date in the past or years ahead.
    """
    _require(by, person)
    _require_near(day, now.astimezone(person.zone).date())
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    entries = wishes.entries_of(person)
    if wishes.drop_wishes(entries, [day]):
        note_days_named(person=person, by=by, now=now)
        _record(person, "availability.preferred", {"day": day.isoformat(), "preferred": False}, by, now)
        return "free"
    if toggle_day(person=person, day=day, by=by, now=now):
        return "away"
    if wishes.wish(entries, day):
        _record(person, "availability.preferred", {"day": day.isoformat(), "preferred": True}, by, now)
        return "preferred"
    return "free"


@transaction.atomic
def mark_days(*, person: User, days: Iterable[date], away: bool, by: User, now: datetime) -> int:
    """Mark several dates at once, or free them from every source; how many changed. Past ones are left as they are.

    Raises NotAllowed, or Refused for a date years ahead.
    """
    _require(by, person)
    today = now.astimezone(person.zone).date()
    wanted = {day for day in days if day >= today}
    for day in wanted:
        _require_near(day, today)
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    taken = set(UnavailableDay.objects.filter(user=person, date__in=wanted).values_list("date", flat=True))
    changed = wanted - taken if away else taken
    _write(person, changed, away=away)
    note_days_named(person=person, by=by, now=now)
    _record(person, "availability.marked", {"days": len(changed), "free": not away}, by, now)
    return len(changed)


def _write(person: User, days: set[date], *, away: bool) -> None:
    if not away:
        UnavailableDay.objects.filter(user=person, date__in=days).delete()
        return
    new = [UnavailableDay(user=person, date=day, source=UnavailableSource.CLICK) for day in sorted(days)]
    UnavailableDay.objects.bulk_create(new, batch_size=400, ignore_conflicts=True)
    wishes.drop_wishes(wishes.entries_of(person), days)


@transaction.atomic
def confirm_days(*, person: User, by: User, now: datetime) -> None:
    """The person has named all their days, perhaps none, and no season waits for them. Raises NotAllowed."""
    _require(by, person)
    note_days_named(person=person, by=by, now=now)
    _record(person, "availability.confirmed", {}, by, now)


@transaction.atomic
def import_day_list(
    *, content: bytes, by: User | None, now: datetime, first: date | None = None, last: date | None = None
) -> ListResult:
    """Take over a list of ``person,date`` lines. Each person named gets exactly the listed days from this source.

    Lines about people who are unknown, or not the caller's to set, are left out and listed, as are days outside
    ``first`` to ``last``. Raises NotAListOfDays or FileTooBig; a list without one line that counts is Refused.
    """
    result = _sorted_out(read_days(content), by, first, last)
    if not result.days:
        raise Refused("\n".join(f"{note.what}: {note.reason}" for note in result.ignored[:5]))
    for person, days in result.days.items():
        set_unavailable_days(
            person=person, source=UnavailableSource.CSV, days=days, by=by, now=now, first=first, last=last
        )
    return result


def _sorted_out(found: DayList, by: User | None, first: date | None, last: date | None) -> ListResult:
    people = users_by_key([line.person for line in found.lines])
    ignored, days = list(found.ignored), defaultdict[User, set[date]](set)
    for line in found.lines:
        users = people.get(fold(line.person) or "", [])
        reason = _why_not(users, line.date, by, first, last)
        if reason:
            ignored.append(Ignored(_("line %(number)s") % {"number": line.number}, reason))
        else:
            days[users[0]].add(line.date)
    return ListResult({person: sorted(dates) for person, dates in days.items()}, ignored)


def _why_not(users: list[User], day: date, by: User | None, first: date | None, last: date | None) -> str:
    """Why a line of a list does not count; empty when it does. Strangers are as unknown as nobody."""
    if len(users) > 1:
        return _("this number fits more than one person: use the e-mail")
    if not users or (by is not None and not rules.may_set_days(by, users[0])):
        return _("nobody of yours has this number or address")
    if (first and day < first) or (last and day > last):
        return _("outside the days asked for")
    return ""


def _require(by: User | None, person: User) -> None:
    if by is not None and not rules.may_set_days(by, person):
        raise NotAllowed(_("These days are not yours to set."))


def _require_near(day: date, today: date) -> None:
    if day < today:
        raise Refused(_("This day is over. Choose one from today on."))
    if day > today + FURTHEST:
        raise Refused(_("This day is too far ahead."))


def _record(person: User, verb: str, changes: dict[str, object], by: User | None, now: datetime) -> None:
    AuditEvent.objects.create(at=now, by=by, verb=verb, subject=f"user:{person.pk}", changes=changes)
