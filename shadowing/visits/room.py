"""Is there room? Capacity of the site's day and the host's season under lock; single bookings by unique constraints."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import formats
from django.utils.translation import gettext as _

from people.errors import Conflict, Refused
from people.models import Executive, Host, Site
from shadowing.availability.workdays import visit_days
from shadowing.models import Season, SeasonHost, SeasonSite, UnavailableDay, Visit, VisitEvent
from shadowing.visits import record

MOST_DAYS_LOOKED_AT = 60


@dataclass(frozen=True)
class Place:
    """What a visit takes up: two people, a season, a site and a day there."""

    season: Season
    executive: Executive
    host: Host
    site: Site
    day: date

    @classmethod
    def of(cls, visit: Visit, *, host: Host | None = None, day: date | None = None) -> Place:
        """The place of a visit, or where it would go: another host's is at their site."""
        site = host.team.site if host and host.pk != visit.host_id else visit.site
        return cls(visit.season, visit.executive, host or visit.host, site, day or visit.date)


def short(day: date) -> str:
    """A day for sentences: Thursday 4 March."""
    return formats.date_format(day, "l j F").replace(" ", "\N{NO-BREAK SPACE}")


def hold_place(place: Place, *, moving: Visit | None = None) -> None:
    """Lock both people and see that the day at the site and the host's season have room; the visit day is locked
    already.

    Raises Refused for a date or site outside the season, Conflict when a place was taken meanwhile.
    """
    opened, host = season_site(place.season, place.site), place.host
    check_window(place.season, place.day)
    if place.executive.pk == host.pk:
        raise Refused(_("%(name)s cannot visit themselves. Choose another host.") % {"name": host}, field="host")
    record.lock_people(place.executive.pk, host.pk)
    others = Visit.objects.live().exclude(pk__in=[moving.pk] if moving else [])
    if others.on(place.site, place.day).count() >= opened.visits_a_day:
        raise Conflict(full_day(opened, host, place.day), field="date")
    if others.filter(season=place.season, host=host).count() >= most_visits(place.season, host):
        words = _("%(host)s has all the visits of this season. Choose another host. Nothing was changed.")
        raise Conflict(words % {"host": host}, field="host")


@contextmanager
def single_booking(place: Place) -> Iterator[None]:
    """Inside, the unique constraints decide who was first; the loser gets a Conflict with names instead of an error."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Conflict(taken(place)) from error


def season_site(season: Season, site: Site) -> SeasonSite:
    """The site as this season opens it. Raises Refused when it does not."""
    found = SeasonSite.objects.select_related("site").filter(season=season, site=site).first()
    if found is None:
        raise Refused(_("%(site)s is not a site of this season.") % {"site": site}, field="host")
    return found


def check_window(season: Season, day: date) -> None:
    """Raises Refused for a date outside the season."""
    if day < season.starts_on:
        words = _("The season starts on %(day)s. Choose that day or a later one.")
        raise Refused(words % {"day": short(season.starts_on)}, field="date")
    if day > season.ends_on:
        words = _("The season ends on %(day)s. Choose that day or an earlier one.")
        raise Refused(words % {"day": short(season.ends_on)}, field="date")


def most_visits(season: Season, host: Host) -> int:
    """How many visits the host takes in this season: as asked, else the host's own default."""
    asked = SeasonHost.objects.filter(season=season, host=host).values_list("max_visits", flat=True).first()
    return host.max_visits if asked is None else asked


def full_day(opened: SeasonSite, host: Host, day: date) -> str:
    """How many visits the site takes, and the host's next free day."""
    words = _("%(site)s takes %(number)d visits a day, and %(day)s is full.")
    said = words % {"site": opened.site, "number": opened.visits_a_day, "day": short(day)}
    return " ".join([said, next_free(opened, host, day), _("Nothing was changed.")])


def taken(place: Place) -> str:
    """Whose booking was first, by whom, and what is free next."""
    live = Visit.objects.live().select_related("host__user", "executive__user")
    on_day = live.filter(host=place.host, date=place.day).exclude(executive=place.executive).first()
    if on_day:
        said = _("%(host)s was just booked for this day%(by)s.") % {"host": place.host, "by": booked_by(on_day)}
        free = next_free(season_site(place.season, place.site), place.host, place.day)
        return " ".join([said, free, _("Nothing was changed.")])
    words = _("%(executive)s already has a visit in this season or on this day. Move that one, or cancel it first.")
    return " ".join([words % {"executive": place.executive}, _("Nothing was changed.")])


def booked_by(visit: Visit) -> str:
    """Who put it there (" by Tom"), from its last event; empty when nobody is named."""
    last = VisitEvent.objects.filter(visit=visit, verb__in=("proposed", "moved")).select_related("by")
    event = last.order_by("-at", "-pk").first()
    return _(" by %(name)s") % {"name": event.by.first_name} if event and event.by else ""


def next_free(opened: SeasonSite, host: Host, day: date) -> str:
    """The host's next free day in a sentence, or that the season has none."""
    found = next(iter(free_days(opened, host, first=day)), None)
    if found is None:
        return _("No other day of this season is free for %(host)s.") % {"host": host}
    return _("Next free: %(day)s.") % {"day": short(found)}


def free_days(opened: SeasonSite, host: Host, *, first: date) -> list[date]:
    """Visit days of the season from ``first`` on with a place at the site and no visit of this host."""
    last = opened.season.ends_on
    days = visit_days(opened, first=max(first, opened.season.starts_on), last=last)[:MOST_DAYS_LOOKED_AT]
    live = Visit.objects.live().filter(date__gte=first, date__lte=last)
    busy = set(live.filter(host=host).values_list("date", flat=True))
    taken_places = list(live.filter(site=opened.site).values_list("date", flat=True))
    return [day for day in days if day not in busy and taken_places.count(day) < opened.visits_a_day]


def free_days_of(visit: Visit, *, first: date) -> list[date]:
    """Days the visit could move to: the site has a place, the host is free, and neither person is away."""
    opened = SeasonSite.objects.select_related("site", "season").filter(season=visit.season, site=visit.site).first()
    if opened is None:
        return []
    people = UnavailableDay.objects.filter(user__in=(visit.executive_id, visit.host_id), date__gte=first)
    away = set(people.values_list("date", flat=True))
    return [day for day in free_days(opened, visit.host, first=first) if day not in away]
