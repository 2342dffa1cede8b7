"""For whom of the waiting list places fit that were given up, in words of a message."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from shadowing.models import Visit
from shadowing.repairs import offers, pages, waiting

MOST_LOOKED_AT = 10  # places of one delivery; the others' messages name nobody


def first_for(visits: Iterable[Visit], *, now: datetime) -> dict[int, str]:
    """Visit id → name of the first for whom its place fits; without those whose place is not free or fits nobody."""
    found, lists = {}, dict[int, list[waiting.Waiting]]()
    for visit in list(visits)[:MOST_LOOKED_AT]:
        if pages.gave_up(visit):
            if visit.season_id not in lists:
                lists[visit.season_id] = waiting.waiting_list(visit.season)
            rows = [one.row for one in lists[visit.season_id] if one.executive_id != visit.executive_id]
            fits = offers.fits(offers.Freed.of(visit), rows, now=now)
            if fits:
                found[visit.pk] = str(fits[0].executive)
    return found
