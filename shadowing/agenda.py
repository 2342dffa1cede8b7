"""The day's timetable: what comes when, in site time."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, str | Promise] = {
    "briefing": _("Briefing"),
    "floor": _("Floor"),
    "regroup": _("Regroup"),
    "take-away": _("Take-away"),
}
WHOLE_DAY = ({"kind": "floor", "starts": "09:00", "minutes": 480},)


@dataclass(frozen=True)
class Slot:
    """One entry of the agenda; both ends are aware instants in the site's zone."""

    kind: str
    starts: datetime
    ends: datetime

    @property
    def word(self) -> str | Promise:
        return WORDS.get(self.kind, self.kind)

    def runs_at(self, now: datetime) -> bool:
        return self.starts <= now < self.ends

    def over_at(self, now: datetime) -> bool:
        return self.ends <= now


def slots(entries: Iterable[Mapping[str, Any]], *, day: date, zone: zoneinfo.ZoneInfo) -> list[Slot]:
    """The agenda of a day at a site, by time. ``entries`` as in ``Season.agenda``; none: nine to five."""
    found = [slot(entry, day, zone) for entry in (list(entries) or WHOLE_DAY)]
    return sorted(found, key=lambda slot: slot.starts)


def slot(entry: Mapping[str, Any], day: date, zone: zoneinfo.ZoneInfo) -> Slot:
    """One entry. Its minutes are counted in real time, also over a change of the clocks."""
    starts = datetime.combine(day, time.fromisoformat(entry["starts"]), zone)
    ends = (starts.astimezone(UTC) + timedelta(minutes=entry["minutes"])).astimezone(zone)
    return Slot(entry["kind"], starts, ends)


def span(found: list[Slot]) -> tuple[datetime, datetime]:
    """When the day starts and ends."""
    return found[0].starts, max(slot.ends for slot in found)
