"""Days an executive would like best: a few per season, among its visit days that are not marked as away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch

from people.models import User
from shadowing.availability.workdays import is_visit_day
from shadowing.models import SeasonExecutive, SeasonSite, SeasonState

MOST_PREFERRED = 3
ASKING = (SeasonState.DRAFT, SeasonState.COLLECTING, SeasonState.PLANNED)


def entries_of(person: User) -> list[SeasonExecutive]:
    """The person's places as an executive in seasons that are not published, with their sites. Two queries."""
    rows = SeasonExecutive.objects.filter(executive=person.pk, season__state__in=ASKING).select_related("season")
    places = Prefetch("season__season_sites", SeasonSite.objects.select_related("site"))
    return list(rows.prefetch_related(places).order_by("season__starts_on", "pk"))


def is_wished(entries: Iterable[SeasonExecutive], day: date) -> bool:
    return any(day.isoformat() in entry.preferred for entry in entries)


def may_wish(entry: SeasonExecutive, day: date) -> bool:
    """Whether the season still takes this day as a preferred one: a visit day of one of its sites, and not too many."""
    season = entry.season
    inside = season.starts_on <= day <= season.ends_on
    takes = inside and any(is_visit_day(day, place) for place in season.season_sites.all())
    return takes and len(entry.preferred) < MOST_PREFERRED


def wish(entries: Iterable[SeasonExecutive], day: date) -> bool:
    """Prefer the day wherever a season takes it; False when none does. Inside the caller's transaction."""
    taking = [entry for entry in entries if may_wish(entry, day)]
    for entry in taking:
        entry.preferred = sorted({*entry.preferred, day.isoformat()})
        entry.save(update_fields=["preferred"])
    return bool(taking)


def drop_wishes(entries: Iterable[SeasonExecutive], days: Iterable[date]) -> bool:
    """Prefer none of these days any more; whether any was. Inside the caller's transaction."""
    gone = {day.isoformat() for day in days}
    changed = [entry for entry in entries if gone.intersection(entry.preferred)]
    for entry in changed:
        entry.preferred = [day for day in entry.preferred if day not in gone]
        entry.save(update_fields=["preferred"])
    return bool(changed)
