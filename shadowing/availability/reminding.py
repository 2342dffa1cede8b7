"""Asking those who have not answered once more, because a coordinator says so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.kinds import Due
from notifications.models import MessageState, Notice
from notifications.recipients import reachable
from notifications.reminding import remind_many
from people.errors import NotAllowed, Refused
from people.models import AuditEvent, User
from shadowing.models import Season, SeasonHost, SeasonState
from shadowing.notices import asking

KINDS = {"executives": "shadowing.days_asked", "hosts": "shadowing.host_asked"}


@dataclass(frozen=True)
class Reminded:
    """``people`` hear again; ``left_out`` have answered, were asked today already, or cannot be reached."""

    people: int
    left_out: int


@transaction.atomic
def remind(*, season: Season, kind: str, ids: Collection[int], by: User, now: datetime) -> Reminded:
    """Ask these executives (with their assistants) or hosts of ``by``'s sites again, at their next working hour.

    Nobody twice on one day, by hand or by the program, and nobody whose message still waits. Raises NotAllowed, or
    Refused unless the season asks for days.
    """
    _require(season, by)
    Season.objects.select_for_update(no_key=True).get(pk=season.pk)  # two coordinators at once remind once
    today = now.astimezone(timezone.get_default_timezone()).date()
    told = _told_today(season, KINDS[kind], today)
    owed = [due for due in _owed(season, kind, ids, by, today) if _key(due) not in told]
    readers = reachable({due.recipient_id for due in owed})
    owed = [due for due in owed if due.recipient_id in readers]
    messages = remind_many(kind=KINDS[kind], owed=owed, now=now)
    people = len({due.on_behalf_of_id or due.recipient_id for due in owed})
    changes = {"kind": kind, "people": people, "messages": messages}
    AuditEvent.objects.create(at=now, by=by, verb="season.reminded", subject=f"season:{season.pk}", changes=changes)
    return Reminded(people, len(ids) - people)


def _require(season: Season, by: User) -> None:
    if not (by.coordinates_everywhere or by.coordinated_site_ids):
        raise NotAllowed(_("Reminders are sent by coordinators."))
    if season.state != SeasonState.COLLECTING:
        raise Refused(_("%(season)s does not ask for days now. Ask for days first.") % {"season": season})


def _owed(season: Season, kind: str, ids: Collection[int], by: User, today: date) -> list[Due]:
    """What these people would be told, without those who have answered."""
    wanted = set(ids)
    if kind == "executives":
        rows = asking.executives_owed(asking.waiting_executives(season), season, today, step=asking.REMINDED)
        return [due for due in rows if (due.on_behalf_of_id or due.recipient_id) in wanted]
    mine = SeasonHost.objects.visible_to(by).values("pk")
    hosts = asking.waiting_hosts(season).filter(pk__in=mine).values_list("host", "host__team__site").order_by("pk")
    subject = asking.subject_of(season.pk)
    return [Due(host, subject, today, asking.REMINDED, site_id=site) for host, site in hosts if host in wanted]


def _told_today(season: Season, kind: str, today: date) -> set[tuple[int, int | None]]:
    """Who was asked since midnight, or has a message that still waits to be sent."""
    midnight = timezone.make_aware(datetime.combine(today, time()), timezone.get_default_timezone())
    fresh = Q(created_at__gte=midnight) | Q(message__state=MessageState.QUEUED)
    rows = Notice.objects.filter(fresh, kind=kind, subject=asking.subject_of(season.pk), dropped=False)
    return set(rows.values_list("recipient", "on_behalf_of"))


def _key(due: Due) -> tuple[int, int | None]:
    return due.recipient_id, due.on_behalf_of_id
