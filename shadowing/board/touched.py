"""Which cells of the board a change touches, so that only these are drawn anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from people.models import User
from shadowing.board.week import Board, Cell
from shadowing.models import Season, Visit, VisitEvent

LATEST = 5  # events of a visit that say where somebody may still see it


@dataclass
class Touched:
    """Places by site and day, and hosts: rest days and floor cover reach from one of their visits to another."""

    places: set[tuple[int, date]] = field(default_factory=set)
    days: set[date] = field(default_factory=set)
    hosts: set[int] = field(default_factory=set)

    def add(self, event: VisitEvent) -> None:
        """Where the visit was and is."""
        self.places.add((event.visit.site_id, event.visit.date))
        self.hosts.add(event.visit.host_id)
        for side in (event.before, event.after):
            if day := side.get("date"):
                self.days.add(date.fromisoformat(day))
            if host := side.get("host"):
                self.hosts.add(host)

    def cells(self, board: Board) -> list[Cell]:
        """The cells of the week to draw anew."""
        return [cell for cell in board.cells if self._touches(cell)]

    def _touches(self, cell: Cell) -> bool:
        here = (cell.place.site_id, cell.day) in self.places or cell.day in self.days
        return here or any(chip.visit.host_id in self.hosts for chip in cell.chips)


def by_act(season: Season, by: User, now: datetime) -> Touched:
    """What an act of this moment touched. One query."""
    return _of(VisitEvent.objects.filter(visit__season=season, by=by, at=now))


def by_others(visits: Iterable[Visit]) -> Touched:
    """What somebody else may have done to these visits: their latest places. One query."""
    events = VisitEvent.objects.filter(visit__in=[visit.pk for visit in visits]).order_by("-at", "-pk")
    return _of(events[:LATEST])


def _of(events: Iterable[VisitEvent]) -> Touched:
    touched = Touched()
    for event in events.select_related("visit"):  # type: ignore[attr-defined]
        touched.add(event)
    return touched
