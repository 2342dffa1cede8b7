"""Who can be written to, and in which hours: people and sites as far as the sweep and the sender need them."""

from __future__ import annotations

import functools
import zoneinfo
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q

from notifications.slots import Calendar, Slots, zone_named
from people.models import Site, User


class Place(NamedTuple):
    """A site's clock and public holidays."""

    zone: str = ""
    calendar: Calendar = Calendar()


class Reader(NamedTuple):
    """Somebody who can be written to; ``home`` is the site where they work, if any."""

    pk: int
    zone: str
    home: int | None


Places = Mapping[int, Place]
NOWHERE = Place()


def places() -> dict[int, Place]:
    """Every site by id, in one query."""
    rows = Site.objects.values_list("pk", "time_zone", "country", "subdivision")
    return {pk: Place(zone, Calendar(country, subdivision)) for pk, zone, country, subdivision in rows}


def reachable(ids: Iterable[int]) -> dict[int, Reader]:
    """Those of the people who are active and have an address, in one query. For the others a coordinator acts."""
    people = User.objects.active().filter(Q(email__isnull=False) | ~Q(contact_email=""), pk__in=ids)
    rows = people.values_list("pk", "time_zone", "executive__home_site", "host__team__site")
    return {pk: Reader(pk, zone, home or site) for pk, zone, home, site in rows}


def slots_of(reader: Reader, site_id: int | None, known: Places) -> Slots:
    """The hours of a reader for a notice about ``site_id``: working days of their own site, else of that one; the clock
    is their own, else the site's."""
    home = known.get(reader.home or site_id or 0, NOWHERE)
    return _slots(reader.zone or home.zone or settings.TIME_ZONE, home.calendar)


def zone_of(site_id: int | None, known: Places) -> zoneinfo.ZoneInfo:
    """The clock of a site; the program's own when there is no such site."""
    return zone_named(known.get(site_id or 0, NOWHERE).zone or settings.TIME_ZONE)


@functools.lru_cache(maxsize=1024)
def _slots(zone: str, calendar: Calendar) -> Slots:
    return Slots(zone_named(zone), calendar)
