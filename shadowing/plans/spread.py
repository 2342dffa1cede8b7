"""How a plan spreads visits over days, sites and business units: the tables, and a strip of days to draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shadowing.availability.workdays import visit_days
from shadowing.models import Season, SeasonSite
from shadowing.plans.pairs import Pair

BAR, GAP, HIGH = 9, 3, 60  # units of the drawing

Places = Mapping[tuple[int, date], int]


@dataclass(frozen=True)
class Row:
    """One line of a table: visits of a day, site or unit against what there was room for or who asked."""

    name: str | date
    visits: int
    whole: int

    @property
    def left(self) -> int:
        """The part of the bar that stays empty."""
        return max(self.whole - self.visits, 0)


@dataclass(frozen=True)
class Days:
    """Visits per day inside the places of that day."""

    rows: Sequence[Row]

    @property
    def width(self) -> int:
        return max(len(self.rows), 12) * (BAR + GAP)

    @property
    def height(self) -> int:
        return HIGH

    @property
    def most(self) -> int:
        return max((max(row.visits, row.whole) for row in self.rows), default=0) or 1

    @property
    def busiest(self) -> Row | None:
        """The day with the most visits, the first of them."""
        return max(self.rows, key=lambda row: row.visits, default=None)

    @property
    def visits_path(self) -> str:
        return self._path([row.visits for row in self.rows])

    @property
    def places_path(self) -> str:
        """The outlines of the places that stay free."""
        return self._path([row.whole if row.left else 0 for row in self.rows])

    def _path(self, tops: Sequence[int]) -> str:
        bars = [(at * (BAR + GAP), round(top * HIGH / self.most, 1)) for at, top in enumerate(tops) if top]
        return "".join(f"M{left} {HIGH}v-{high}h{BAR}v{high}z" for left, high in bars)


@dataclass(frozen=True)
class Spread:
    """All tables of a plan's spread."""

    days: Days
    sites: Sequence[Row]
    executive_units: Sequence[Row]
    host_units: Sequence[Row]
    preferred: Row


def places_of(season: Season, places: Sequence[SeasonSite], changes: Sequence[Mapping[str, Any]]) -> Places:
    """Places by site and visit day as the season opens them, with what a what-if adds or takes, as it was solved."""
    found: dict[tuple[int, date], int] = {}
    for place in places:
        days = visit_days(place, first=season.starts_on, last=season.ends_on)
        room = dict.fromkeys(days, place.visits_a_day)
        for change in changes:
            if change["site"] == place.site.slug:
                room |= changed(room, change)
        found |= {(place.site_id, day): number for day, number in room.items()}
    return found


def changed(room: Mapping[date, int], change: Mapping[str, Any]) -> dict[date, int]:
    """The places of the days a change names, or of each open day; never fewer than none."""
    days = [date.fromisoformat(change["date"])] if change.get("date") else list(room)
    return {day: max(room.get(day, 0) + int(change.get("more", 1)), 0) for day in days}


def spread(
    pairs: Sequence[Pair], places: Places, sites: Sequence[SeasonSite], left_out: Sequence[str | None]
) -> Spread:
    """The tables of these pairs at these sites; ``left_out`` are the units of executives without a place."""
    shown = {place.site_id: place.site.name for place in sites} | {pair.site_id: pair.site for pair in pairs}
    wishes = [pair for pair in pairs if pair.preferred]
    met = sum(pair.on_preferred_day for pair in wishes)
    units = Counter(unit_name(pair.unit) for pair in pairs)
    asked = units + Counter(unit_name(unit) for unit in left_out)
    return Spread(
        days=Days(by_day(pairs, {key: number for key, number in places.items() if key[0] in shown})),
        sites=by_site(pairs, places, shown),
        executive_units=[Row(name, units[name], number) for name, number in in_order(asked)],
        host_units=[
            Row(n, number, len(pairs)) for n, number in in_order(Counter(unit_name(p.host_unit) for p in pairs))
        ],
        preferred=Row(_("On a day they prefer"), met, len(wishes)),
    )


def by_day(pairs: Sequence[Pair], places: Places) -> list[Row]:
    """Visits and places of every day that has either."""
    visits, room = Counter(pair.date for pair in pairs), Counter[date]()
    for (_site, day), number in places.items():
        room[day] += number
    return [Row(day, visits[day], room[day]) for day in sorted(visits.keys() | room.keys())]


def by_site(pairs: Sequence[Pair], places: Places, names: Mapping[int, str]) -> list[Row]:
    """Visits and the season's places at every site, by name."""
    visits, room = Counter(pair.site_id for pair in pairs), Counter[int]()
    for (site, _day), number in places.items():
        room[site] += number
    return [Row(name, visits[site], room[site]) for site, name in sorted(names.items(), key=lambda item: item[1])]


def unit_name(unit: str | None) -> str:
    return unit or _("Unit not known")


def in_order(counts: Counter[str]) -> list[tuple[str, int]]:
    """The largest first, equal ones by name."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
