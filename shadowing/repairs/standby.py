"""Standby hosts: somebody of the site who takes an executive over when their host cannot.

A standby is booked nowhere until they step in. They are told when they are named, and may say no without a reason.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from notifications import outbox
from notifications.models import Notice
from people.coordinators import Coordinators
from people.errors import Conflict, Refused
from people.models import AuditEvent, Host, Site, User
from shadowing.models import LIVE, Answer, SeasonHost, SeasonState, UnavailableDay, Visit, VisitDay, VisitState
from shadowing.notices.standby import GONE, OFF, STANDBY, subject_of
from shadowing.visits import booking, record, rules, telling
from shadowing.visits.room import Place, short

MISSED = (VisitState.DECLINED, VisitState.NO_SHOW, VisitState.CANCELLED)


def candidates(site: Site, day: date) -> list[Host]:
    """Willing hosts of the site who are there that day, have no visit on it and room for one more, by name. Two
    queries."""
    seasons = Q(season__season_sites__site=site, season__starts_on__lte=day, season__ends_on__gte=day)
    rows = SeasonHost.objects.willing().filter(seasons, host__team__site=site)
    own = Q(host__visits__season=F("season"), host__visits__state__in=LIVE)
    rows = rows.exclude(season__state=SeasonState.CLOSED).annotate(
        booked=Count("host__visits", filter=own, distinct=True)
    )
    away = UnavailableDay.objects.filter(date=day).values("user")
    busy = Visit.objects.live().filter(date=day).values("host")
    free = rows.filter(booked__lt=F("max_visits")).exclude(host__in=away).exclude(host__in=busy)
    hosts = Host.objects.filter(pk__in=free.values("host")).select_related("user", "team__site")
    return list(hosts.order_by("user__name_key", "pk"))


@transaction.atomic
def name_standby(*, site: Site, day: date, host: Host | None, by: User, now: datetime) -> VisitDay:
    """Name the standby host of a visit day, or (None) nobody; whoever is named, and who was before, is told.

    Raises NotAllowed (coordinators of the site only), Refused (the day has passed) or Conflict (the host is not free).
    """
    record.require(by.coordinates(site.pk))
    if day < rules.local_date(site, now):
        raise Refused(_("%(day)s has passed.") % {"day": short(day)})
    found = record.lock_day(site, day)
    before, after = found.standby_id, host.pk if host else None
    if before == after:
        return found
    if host and host.pk not in {one.pk for one in candidates(site, day)}:
        raise Conflict(_("%(host)s is not free on this day. Nothing was changed.") % {"host": host})
    write(found, host, verb="standby.named" if host else "standby.removed", by=by, now=now)
    for who, kind in ((before, OFF), (after, STANDBY)):
        if who:
            tell(found, User.objects.get(pk=who), kind, now=now)
    return found


@transaction.atomic
def say_no(*, site: Site, day: date, by: User, now: datetime) -> VisitDay:
    """The standby host cannot after all; no reason is asked. The site's coordinators are told.

    Raises NotAllowed for everybody else.
    """
    found = record.lock_day(site, day)
    record.require(found.standby_id == by.pk)
    write(found, None, verb="standby.declined", by=by, now=now)
    for coordinator in User.objects.filter(pk__in=Coordinators().of(site.pk)):
        tell(found, coordinator, GONE, now=now)
    return found


def write(found: VisitDay, host: Host | None, *, verb: str, by: User, now: datetime) -> None:
    """Save the day's standby with its entry in the audit trail."""
    changes: dict[str, Any] = {"standby": [found.standby_id, host.pk if host else None]}
    found.standby = host
    found.save(update_fields=["standby"])
    AuditEvent.objects.create(at=now, by=by, verb=verb, subject=f"visit_day:{found.pk}", changes=changes)


def tell(found: VisitDay, person: User, kind: str, *, now: datetime) -> None:
    """Queue one message about the day's standby; whether it still holds is looked at when it is sent."""
    subject = subject_of(found)
    step = Notice.objects.filter(kind=kind, recipient=person, subject=subject).count()
    outbox.tell(
        kind=kind, recipient=person, subject=subject, anchor=found.date, step=step, site_id=found.site_id, now=now
    )  # fmt: skip


@transaction.atomic
def step_in(*, visit: Visit, by: User, now: datetime) -> Visit:
    """The day's standby becomes the host of a visit whose host cannot; only the people it touches are told.

    A visit that stands keeps its identity and the executive's answer; for one that has ended there is a new one on the
    same day, and the executive's "yes" to that day counts for it too. The standby has said yes by standing by. Raises
    NotAllowed (coordinators), Refused (the day has passed) or Conflict (nobody stands by, the visit was held, or
    somebody was faster).
    """
    day = record.lock_day(visit.site, visit.date)
    visit = record.lock_visit(visit)
    record.require(rules.coordinates(by, visit))
    host = Host.objects.select_related("user", "team__site").filter(pk=day.standby_id).first()
    if host is None or (visit.site_id, visit.date) != (day.site_id, day.date):
        raise Conflict(_("Nobody stands by on this day. Nothing was changed."))
    if visit.date < rules.local_date(visit.site, now):
        raise Refused(_("%(day)s has passed.") % {"day": short(visit.date)})
    found = take_over(visit, host, by=by, now=now)
    write(day, None, verb="standby.stepped_in", by=by, now=now)
    return found


def take_over(visit: Visit, host: Host, *, by: User, now: datetime) -> Visit:
    """Part of ``step_in``: the same visit with another host, or a new one in place of one that has ended."""
    if visit.state in MISSED:
        return in_place_of(visit, host, by=by, now=now)
    record.require_state(visit, *rules.MOVABLE)
    kept = answers(visit) if visit.invited_at else {}
    return booking.rebook(visit, Place.of(visit, host=host), by=by, now=now, verb="stood_in", **kept)


def answers(visit: Visit) -> dict[str, Any]:
    """The standby's yes, and the executive's where they gave it for this day."""
    yes = visit.executive_answer == Answer.YES
    state = VisitState.CONFIRMED if yes else VisitState.INVITED
    return {"state": state, "executive_answer": Answer.YES if yes else Answer.NONE, "host_answer": Answer.YES}


def in_place_of(visit: Visit, host: Host, *, by: User, now: datetime) -> Visit:
    """A new visit of the same executive on the same day. Raises Conflict when the executive said no to it, or has
    another visit."""
    if visit.executive_answer == Answer.NO:
        raise Conflict(_("%(who)s said no to this day. Nothing was changed.") % {"who": visit.executive})
    made = booking.propose_visit(
        season=visit.season, executive=visit.executive, host=host, date=visit.date, by=by, now=now
    )  # fmt: skip
    invited = {"invited_at": now, "answer_by": booking.answer_by(made, made.date, now)} | answers(visit)
    made = record.write(record.lock_visit(made), verb="stood_in", by=by, now=now, **invited)
    for reader in telling.readers(made):
        hosts = reader.user.pk == made.host_id
        telling.tell(made, reader, "shadowing.stood_in" if hosts else "shadowing.invited", now=now)
    return made
