"""A person's own calendar address: their visits and, for an assistant, those of their executives."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from notifications.links import hash_token
from people.models import AuditEvent, User
from shadowing.calendar import parts, zones
from shadowing.models import CalendarFeed, Visit, VisitDay

LOOK_BACK = timedelta(days=370)


@transaction.atomic
def make_feed(*, by: User, now: datetime) -> str:
    """A new secret for the person's calendar address, shown once; an earlier one stops working."""
    secret = secrets.token_urlsafe(32)
    changes = {"secret_hash": hash_token(secret), "created_at": now}
    CalendarFeed.objects.update_or_create(user=by, defaults=changes)
    AuditEvent.objects.create(at=now, by=by, verb="calendar address made", subject=f"user:{by.pk}")
    return secret


@transaction.atomic
def end_feed(*, by: User, now: datetime) -> None:
    """The person's calendar address stops working."""
    CalendarFeed.objects.filter(user=by).delete()
    AuditEvent.objects.create(at=now, by=by, verb="calendar address ended", subject=f"user:{by.pk}")


def owner_of(secret: str) -> User | None:
    """Whose address this is; None when there is none any more or the person has left."""
    feeds = CalendarFeed.objects.select_related("user").filter(secret_hash=hash_token(secret), user__is_active=True)
    feed = feeds.first()
    return feed.user if feed else None


def content(user: User, *, now: datetime) -> bytes:
    """The feed: live visits the person was invited to, from a year ago on. Three queries whatever their number."""
    made = parts.calendar("PUBLISH")
    made.add("x-wr-calname", _("Back to the floor"))
    visits = visits_of(user, now)
    rooms = {(day.site_id, day.date): day for day in VisitDay.objects.filter(date__in={visit.date for visit in visits})}
    for zone in {visit.site.zone for visit in visits if visit.site.zone.key != "UTC"}:
        made.add_component(zones.component(zone, visits[0].date, visits[-1].date))
    for visit in visits:
        made.add_component(parts.event(visit, now=now, day=rooms.get((visit.site_id, visit.date))))
    return bytes(made.to_ical())


def visits_of(user: User, now: datetime) -> list[Visit]:
    own = Q(executive=user.pk) | Q(host=user.pk) | Q(executive__assistant=user.pk)
    visits = Visit.objects.live().published().filter(own, date__gte=now.date() - LOOK_BACK)
    return list(visits.select_related("executive__user", "host__user", "site", "season").order_by("date", "pk"))
