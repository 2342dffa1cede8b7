"""Leaving the company, and coming back. Lock order: admins' grants, then the person's row.

What is theirs stays theirs until somebody moves it: open issues, visits to come, seasons they were taken into.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from people.errors import Conflict, NotAllowed, Refused
from people.models import AuditEvent, Role, RoleGrant, User


def may_mark_left(user: User, person: User) -> bool:
    """Admins; of people without a role, all-site coordinators too, and of hosts those of the host's site. Nobody of
    themselves."""
    if not user.is_active or person.pk == user.pk:
        return False
    if user.is_admin:
        return True
    if person.grants:
        return False
    return user.coordinates_everywhere or (person.is_host and user.coordinates(person.host.team.site_id))


@transaction.atomic
def mark_left(*, person: User, left_on: date, by: User, now: datetime) -> User:
    """Note that somebody has left: they are signed out, get no messages, and no plan counts on them.

    Raises NotAllowed, Conflict (they had left before) or Refused (field ``left_on``: a day to come where they are; the last
    admin)."""
    admins = list(RoleGrant.objects.select_for_update().filter(role=Role.ADMIN, user__is_active=True).order_by("pk"))
    person = _locked(person, by)
    if not person.is_active:
        raise Conflict(_("%(name)s is marked as having left already.") % {"name": person.name})
    if left_on > timezone.localdate(now, person.zone):
        raise Refused(_("Choose a day up to today. Until then they are still here."), field="left_on")
    if [grant.user_id for grant in admins] == [person.pk]:
        raise Refused(_("%(name)s is the last admin. Make somebody else one first.") % {"name": person.name})
    return _mark(person, "left", left_on, by, now)


@transaction.atomic
def mark_returned(*, person: User, by: User, now: datetime) -> User:
    """Note that somebody is back, or that it was a mistake. Raises NotAllowed, or Conflict when they are here."""
    person = _locked(person, by)
    if person.is_active:
        raise Conflict(_("%(name)s is not marked as having left.") % {"name": person.name})
    return _mark(person, "returned", None, by, now)


def _locked(person: User, by: User) -> User:
    people = User.objects.select_for_update(of=("self",)).select_related("executive", "host__team")
    person = people.get(pk=person.pk)
    if not may_mark_left(by, person):
        raise NotAllowed(_("Whether this person has left is not yours to say."))
    return person


def _mark(person: User, verb: str, left_on: date | None, by: User, now: datetime) -> User:
    person.is_active, person.left_on = left_on is None, left_on
    person.save(update_fields=["is_active", "left_on"])
    changes = {"left_on": left_on.isoformat() if left_on else None}
    AuditEvent.objects.create(at=now, by=by, verb=verb, subject=f"user:{person.pk}", changes=changes)
    return person
