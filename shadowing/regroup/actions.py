"""What is done in a regroup: groups made, named, joined and settled, notes put in and taken out.

Lock order: the visit day's row, of two days the earlier first, then the group's. Every change waits for the day's row, so
that two people who sort one day do it one after the other. Each leaves an entry in the audit trail of the day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from people.errors import Conflict, NotAllowed, Refused
from people.keys import fold
from people.models import AuditEvent, Site, User
from shadowing.models import FloorNote, GroupOutcome, RegroupGroup, RegroupNote, Visit, VisitDay
from shadowing.regroup import rules
from shadowing.visits import record

LONGEST = 160  # characters of a name
MOST = 60  # groups of one day


def subject_of(day: VisitDay) -> str:
    """How the audit trail names the day."""
    return f"visit_day:{day.pk}"


def gone() -> Conflict:
    """What is said of a group that is there no more."""
    return Conflict(_("This group was joined with another or removed meanwhile. Nothing was changed."))


def lock_day(site: Site, day: date, by: User) -> VisitDay:
    """The day's row, locked, when this person may change its regroup. Raises NotAllowed."""
    found = record.lock_day(site, day)
    visits = Visit.objects.on(site, day).select_related("executive")
    if not rules.may_change(by, site.pk, visits):
        raise NotAllowed(_("This regroup is not yours to change."))
    return found


def lock_group(group: RegroupGroup, *, version: int, by: User) -> RegroupGroup:
    """The group as it is now, locked after its day. Raises NotAllowed, or Conflict when it is gone or not what was
    read."""
    day = lock_day(group.day.site, group.day.date, by)
    found = RegroupGroup.objects.select_for_update(no_key=True).filter(pk=group.pk).first()
    if found is None:
        raise gone()
    if found.version != version:
        raise Conflict(
            _("Somebody changed “%(name)s” since you opened the page. Nothing was changed.") % {"name": found}
        )
    found.day = day
    return found


@transaction.atomic
def make_group(
    *, site: Site, day: date, name: str, by: User, now: datetime, note: FloorNote | None = None, was: int | None = None
) -> RegroupGroup:
    """A new group at the end of the day's, with the note in it that it was made from; ``was`` as ``put_note``.

    Raises NotAllowed, Refused (no name, one that is taken, too many groups) or Conflict (the note was moved meanwhile).
    """
    found = lock_day(site, day, by)
    last = found.groups.aggregate(last=Max("position"))["last"] or 0
    if found.groups.count() >= MOST:
        raise Refused(_("%(number)d groups are more than a lunch can discuss. Join some first.") % {"number": MOST})
    group = RegroupGroup(day=found, name=free_name(found, name), position=last + 1)
    group.save(force_insert=True)
    tell(found, "made", by=by, now=now, group=group.pk)
    if note:
        place(note, group, day=found, was=was, by=by, now=now)
    return group


def free_name(day: VisitDay, name: str, *, but: int | None = None) -> str:
    """The name in one line. Raises Refused when it is empty, too long, or another group's."""
    name = " ".join(name.split())
    if not name:
        raise Refused(_("Give the group a name: what do these notes have in common?"), field="name")
    if len(name) > LONGEST:
        raise Refused(_("Keep the name under %(number)d characters.") % {"number": LONGEST}, field="name")
    others = day.groups.exclude(pk=but) if but else day.groups.all()
    if others.filter(name_key=fold(name)).exists():
        raise Refused(_("There is a group of that name already."), field="name")
    return name


@transaction.atomic
def put_note(
    *, note: FloorNote, group: RegroupGroup | None, was: int | None, by: User, now: datetime
) -> RegroupGroup | None:
    """Put a note into a group of its day, or (None) take it out. ``was``: the group it lay in when the page was read.

    Raises NotAllowed (not their day, or a note they cannot read) or Conflict (moved meanwhile, the group is gone).
    """
    visit = note.visit
    day = lock_day(visit.site, visit.date, by)
    found = day.groups.filter(pk=group.pk).first() if group else None
    if group and found is None:
        raise gone()
    place(note, found, day=day, was=was, by=by, now=now)
    return found


def place(
    note: FloorNote, group: RegroupGroup | None, *, day: VisitDay, was: int | None, by: User, now: datetime
) -> None:
    """Part of an action that has locked the day."""
    readable = FloorNote.objects.visible_to(by).filter(pk=note.pk, visit__site=day.site_id, visit__date=day.date)
    if not readable.exists():
        raise NotAllowed(_("This note is not yours to move."))
    lies = RegroupNote.objects.select_related("group").filter(note=note).first()
    if (lies.group_id if lies else None) != was:
        where = _("It lies in “%(name)s” now.") % {"name": lies.group} if lies else _("It is in no group now.")
        raise Conflict(_("Somebody moved this note meanwhile. %(where)s Nothing was changed.") % {"where": where})
    if group and group.pk == was:
        return
    RegroupNote.objects.filter(note=note).delete()
    if group:
        RegroupNote.objects.create(note=note, group=group, put_at=now, put_by=by)
    tell(day, "note moved", by=by, now=now, note=str(note.pk), group=[was, group.pk if group else None])


@transaction.atomic
def rename_group(*, group: RegroupGroup, name: str, version: int, by: User, now: datetime) -> RegroupGroup:
    """Give the group another name. Raises NotAllowed, Refused (no name, one that is taken) or Conflict."""
    group = lock_group(group, version=version, by=by)
    return write(group, "renamed", by=by, now=now, name=free_name(group.day, name, but=group.pk))


@transaction.atomic
def move_up(*, group: RegroupGroup, version: int, by: User, now: datetime) -> RegroupGroup:
    """One place earlier in the order of the day; the first stays. Raises NotAllowed or Conflict."""
    group = lock_group(group, version=version, by=by)
    before = group.day.groups.filter(position__lt=group.position).order_by("-position").first()
    if before is None:
        return group
    RegroupGroup.objects.filter(pk=before.pk).update(position=group.position)
    return write(group, "moved up", by=by, now=now, position=before.position)


@transaction.atomic
def merge_groups(*, group: RegroupGroup, into: RegroupGroup, version: int, by: User, now: datetime) -> RegroupGroup:
    """All notes of ``group`` go into another group of its day, and it is gone.

    Raises NotAllowed, Refused (no other group of the day) or Conflict (changed meanwhile; it is settled by an issue or
    carried on; both come from an earlier day).
    """
    group = lock_group(group, version=version, by=by)
    target = group.day.groups.exclude(pk=group.pk).filter(pk=into.pk).first()
    if target is None:
        raise Refused(_("Choose another group of this day."), field="into")
    require_unsettled(group)
    if group.carried_from_id and target.carried_from_id:
        raise Conflict(_("Both come from an earlier day. Settle one of them there first. Nothing was changed."))
    group.places.update(group=target)
    changes = {"carried_from_id": group.carried_from_id} if group.carried_from_id else {}
    tell(group.day, "joined", by=by, now=now, group=[group.pk, target.pk], name=group.name)
    group.delete()
    target.day = group.day
    return write(target, "grown", by=by, now=now, **changes)


@transaction.atomic
def remove_group(*, group: RegroupGroup, version: int, by: User, now: datetime) -> None:
    """The group is gone and its notes are in no group. Raises NotAllowed or Conflict (changed meanwhile; it is settled by
    an issue, carried on, or comes from an earlier day)."""
    group = lock_group(group, version=version, by=by)
    require_unsettled(group)
    if group.carried_from_id:
        raise Conflict(_("It was carried here from an earlier day. Say what became of it, or open it again there."))
    tell(group.day, "removed", by=by, now=now, group=group.pk, name=group.name)
    group.delete()


def require_unsettled(group: RegroupGroup) -> None:
    """Raises Conflict for a group that goes on elsewhere."""
    if group.outcome in (GroupOutcome.ISSUE, GroupOutcome.CARRIED):
        words = _("“%(name)s” goes on elsewhere and stays as it is. Nothing was changed.")
        raise Conflict(words % {"name": group})


def require_next(group: RegroupGroup, outcome: GroupOutcome) -> None:
    """Raises Conflict when the outcome cannot follow the group's."""
    if not group.may_become(outcome):
        words = _("“%(name)s” is settled already: %(outcome)s. Nothing was changed.")
        raise Conflict(words % {"name": group, "outcome": group.get_outcome_display()})


def write(group: RegroupGroup, verb: str, *, by: User, now: datetime, **changes: Any) -> RegroupGroup:
    """Save the changes of a locked group with the entry that says from what to what."""
    said = {name: [getattr(group, name), value] for name, value in changes.items() if not name.startswith("settled")}
    for name, value in changes.items():
        setattr(group, name, value)
    group.version += 1
    keyed = ["name_key"] if "name" in changes else []
    group.save(update_fields=[*changes, *keyed, "version"])
    tell(group.day, verb, by=by, now=now, **{"group": group.pk} | said)
    return group


def tell(day: VisitDay, verb: str, *, by: User, now: datetime, **changes: Any) -> None:
    """One entry in the audit trail of the day."""
    AuditEvent.objects.create(at=now, by=by, verb=f"regroup.{verb}", subject=subject_of(day), changes=changes)
