"""Being away: from when to when, and who stands in. Lock order: the person's row, then their absences."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from people.errors import Conflict, NotAllowed, Refused
from people.models import Absence, AuditEvent, User

LONGEST = timedelta(days=366)


def may_set_absence(user: User, person: User) -> bool:
    """The person, their assistant, admins and all-site coordinators; other coordinators for executives and for the hosts
    of their sites."""
    assists = person.is_executive and person.executive.assistant_id == user.pk
    if person.pk == user.pk or assists or user.coordinates_everywhere:
        return user.is_active
    at_own_site = person.is_host and user.coordinates(person.host.team.site_id)
    return "coordinator" in user.grants and (person.is_executive or at_own_site)


@transaction.atomic
def set_absence(
    *, person: User, first_day: date, last_day: date, substitute: User | None, by: User, now: datetime
) -> Absence:
    """Note that somebody is away, both days included (their own calendar days), and who stands in meanwhile: what is due
    then goes to the substitute, who acts "A for B" on record. Without one, reminders wait.

    Raises NotAllowed, Refused (field: days that are over, too long or the wrong way round; a substitute who has left,
    has no address or is the person) or Conflict (the days meet another absence, the substitute is away too)."""
    person = User.objects.select_for_update(of=("self",)).select_related("executive", "host__team").get(pk=person.pk)
    _require_right(by, person)
    _check_days(first_day, last_day, today=timezone.localdate(now, person.zone))
    _check_substitute(person, substitute)
    meeting = Absence.objects.filter(first_day__lte=last_day, last_day__gte=first_day)
    if meeting.filter(user=person).exists():
        raise Conflict(_("These days meet another absence. Take that one back first."), field="first_day")
    if substitute and meeting.filter(user=substitute).exists():
        words = _("%(name)s is away on some of these days too. Choose somebody else.")
        raise Conflict(words % {"name": substitute.name}, field="substitute")
    absence = Absence.objects.create(
        user=person, first_day=first_day, last_day=last_day, substitute=substitute, created_at=now, created_by=by
    )
    _record("absence set", absence, by, now)
    return absence


@transaction.atomic
def end_absence(*, absence_id: int, by: User, now: datetime) -> None:
    """The person is back: one that has begun ends yesterday, one that has not is taken out.

    Raises Absence.DoesNotExist, NotAllowed, or Conflict when it is over."""
    absence = Absence.objects.select_for_update(of=("self",)).select_related("user").get(pk=absence_id)
    _require_right(by, absence.user)
    today = timezone.localdate(now, absence.user.zone)
    if absence.last_day < today:
        raise Conflict(_("This absence is over already."))
    if absence.first_day < today:
        absence.last_day = today - timedelta(days=1)
        absence.save(update_fields=["last_day"])
        _record("absence ended", absence, by, now)
    else:
        _record("absence taken back", absence, by, now)
        absence.delete()


def _require_right(by: User, person: User) -> None:
    if not may_set_absence(by, person):
        raise NotAllowed(_("This person is not yours to speak for."))


def _check_days(first_day: date, last_day: date, *, today: date) -> None:
    if last_day < first_day:
        raise Refused(_("The last day comes before the first."), field="last_day")
    if last_day < today:
        raise Refused(_("These days are over. Choose a last day from today on."), field="last_day")
    if last_day - first_day > LONGEST:
        raise Refused(_("A year at most. Who is away longer hands their issues over."), field="last_day")


def _check_substitute(person: User, substitute: User | None) -> None:
    if substitute is None:
        return
    name = {"name": substitute.name}
    if substitute.pk == person.pk:
        raise Refused(_("Somebody else stands in, or nobody."), field="substitute")
    if not substitute.is_active:
        raise Refused(_("%(name)s has left. Choose somebody else.") % name, field="substitute")
    if not substitute.address:
        raise Refused(_("%(name)s has no address, so nothing would arrive. Choose somebody else.") % name,
                      field="substitute")  # fmt: skip


def _record(verb: str, absence: Absence, by: User, now: datetime) -> None:
    changes = {
        "first_day": absence.first_day.isoformat(),
        "last_day": absence.last_day.isoformat(),
        "substitute": absence.substitute_id,
    }
    AuditEvent.objects.create(at=now, by=by, verb=verb, subject=f"user:{absence.user_id}", changes=changes)
