"""What the page of a visit day shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Count

from people.models import Host, Site, User
from shadowing.models import LIVE, FloorNote, Visit, VisitDay, VisitState
from shadowing.visits import pages, rules


class Arrival(NamedTuple):
    """One visit of the day; ``open``: whether somebody came can be said now, by this reader."""

    visit: Visit
    open: bool
    notes: int | None
    standby: Host | None = None


def read_day(site: Site, day: date, *, reader: User, now: datetime) -> dict[str, Any]:
    """The day of a site: arrivals, agenda, counts. Five queries whatever their number."""
    visits = list(Visit.objects.visible_to(reader).on(site, day).for_list().order_by("host__user__name_key", "pk"))
    shown = [visit for visit in visits if visit.state in (*LIVE, VisitState.NO_SHOW)]
    page, today, notes = visit_day(site, day), rules.local_date(site, now), notes_on(shown, reader)
    times = day_times(page, shown, reader, now)
    return {
        "site": site,
        "day": day,
        "is_today": today == day,
        "room": page.room if page else "",
        "times": times,
        "arrivals": [arrival(visit, page, reader=reader, today=today, notes=notes) for visit in shown],
        "standby": page.standby if page else None,
        "gone": [visit for visit in visits if visit not in shown],
        "counts": counts(shown),
        "notes": sum(notes.values()) if reads_notes(reader, site) else None,
        "season": shown[0].season if shown else None,
    }


def visit_day(site: Site, day: date) -> VisitDay | None:
    return VisitDay.objects.select_related("standby__user", "standby__team").filter(site=site, date=day).first()


def day_times(page: VisitDay | None, visits: list[Visit], reader: User, now: datetime) -> list[pages.Time]:
    """The day's own agenda, else the season's; none while the day has no visit."""
    if not visits:
        return []
    return pages.times(visits[0], page, reader=reader.zone, now=now)


def notes_on(visits: Iterable[Visit], reader: User) -> Mapping[int, int]:
    """Visit id → how many notes the reader may read."""
    notes = FloorNote.objects.visible_to(reader).filter(visit__in=[visit.pk for visit in visits])
    return dict(notes.order_by().values_list("visit").annotate(Count("pk")))


def reads_notes(reader: User, site: Site) -> bool:
    """Sponsors read no notes, not even how many there are."""
    return reader.coordinates(site.pk)


def arrival(
    visit: Visit, page: VisitDay | None, *, reader: User, today: date, notes: Mapping[int, int]
) -> Arrival:  # fmt: skip
    """One row; ``standby`` while they could step in now."""
    ready = visit.state == VisitState.CONFIRMED and today >= visit.date
    number = notes.get(visit.pk, 0) if reads_notes(reader, visit.site) else None
    missing = visit.state in (VisitState.INVITED, VisitState.CONFIRMED, VisitState.NO_SHOW) and today == visit.date
    standby = page.standby if page and missing and rules.coordinates(reader, visit) else None
    return Arrival(visit, ready and rules.coordinates(reader, visit), number, standby)


def counts(visits: Iterable[Visit]) -> dict[str, int]:
    """How many are expected, have arrived, did not come, and have not both accepted."""
    states = [visit.state for visit in visits]
    waiting = states.count(VisitState.INVITED) + states.count(VisitState.PROPOSED)
    return {
        "expected": states.count(VisitState.CONFIRMED)
        + states.count(VisitState.HELD)
        + states.count(VisitState.NO_SHOW),
        "arrived": states.count(VisitState.HELD),
        "no_show": states.count(VisitState.NO_SHOW),
        "waiting": waiting,
    }
