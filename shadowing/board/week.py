"""One week of the board: sites down, days across, the visits as chips."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache

from django.urls import reverse

from shadowing.availability.workdays import holiday_name, is_visit_day
from shadowing.board import doubts, rows
from shadowing.board.doubts import Doubt, Reading
from shadowing.board.filters import Filters
from shadowing.board.rows import VisitRow
from shadowing.models import LIVE, Season, SeasonSite, Visit, VisitState
from shadowing.visits.rules import MOVABLE

MOST_CHIPS, MOST_ENTRIES = 4, 12  # in a cell; in a site's list on phones


@cache
def panel_address() -> tuple[str, str]:
    """What stands before and after the visit in the address of its panel: a board has hundreds of them."""
    nobody = uuid.UUID(int=0)
    before, after = reverse("shadowing:visit_panel", args=[nobody]).split(str(nobody))
    return before, after


@dataclass(slots=True)
class Chip:
    """A visit on the board with what stands against it."""

    visit: VisitRow
    doubts: list[Doubt] = field(default_factory=list)
    severity: str = ""

    def __post_init__(self) -> None:
        """The gravest: blocks, warns, acknowledged or nothing."""
        if self.doubts:
            found = {doubt.severity for doubt in self.doubts}
            self.severity = next(name for name in ("blocks", "warns", "acknowledged") if name in found)

    @property
    def blocks(self) -> bool:
        return self.severity == "blocks"

    @property
    def words(self) -> str:
        """What stands against it, for screen readers and lists."""
        return " ".join(doubt.text for doubt in self.doubts)

    @property
    def tone(self) -> str:
        """The chip's class: one tone, the graver first."""
        if self.visit.state == VisitState.DECLINED:
            return " chip-declined"
        return {"blocks": " chip-blocks", "warns": " chip-warns"}.get(self.severity, "")

    @property
    def url(self) -> str:
        """Where its panel is."""
        before, after = panel_address()
        return f"{before}{self.visit.uuid}{after}"

    @property
    def movable(self) -> bool:
        return self.visit.state in MOVABLE

    def bears(self, mark: str) -> bool:
        """Whether a filter pill of this name keeps it."""
        if mark == "locked":
            return self.visit.locked
        return self.visit.state == VisitState.INVITED if mark == "unanswered" else self.severity == mark


@dataclass(slots=True)
class Cell:
    """One site on one day. ``taken`` counts live visits there, of other seasons too; ``chips`` are those not filtered
    away, ``full`` shows them all."""

    place: SeasonSite
    day: date
    is_open: bool
    holiday: str
    taken: int = 0
    chips: list[Chip] = field(default_factory=list)
    full: bool = False
    more_url: str = ""

    @property
    def key(self) -> str:
        return f"{self.place.site_id}-{self.day.isoformat()}"

    @property
    def free(self) -> int:
        return max(self.place.visits_a_day - self.taken, 0)

    @property
    def over(self) -> int:
        return max(self.taken - self.place.visits_a_day, 0)

    @property
    def placed(self) -> int:
        """Visits within the day's places."""
        return self.taken - self.over

    @property
    def load(self) -> str:
        """The class of the cell's head: over, full or neither."""
        return "board-load-over" if self.over else "" if self.free else "board-load-full"

    @property
    def shown(self) -> list[Chip]:
        """What fits, what blocks first; one more than fits is shown rather than the words "and 1 more"."""
        if self.full or len(self.chips) <= MOST_CHIPS + 1:
            return self.chips
        return sorted(self.chips, key=lambda chip: not chip.blocks)[:MOST_CHIPS]

    @property
    def hidden(self) -> int:
        return len(self.chips) - len(self.shown)

    @property
    def listed(self) -> list[Chip]:
        """The same for the phone's list."""
        if self.full or len(self.chips) <= MOST_ENTRIES + 1:
            return self.chips
        return sorted(self.chips, key=lambda chip: not chip.blocks)[:MOST_ENTRIES]

    @property
    def unlisted(self) -> int:
        return len(self.chips) - len(self.listed)


@dataclass(slots=True)
class Row:
    place: SeasonSite
    cells: list[Cell]

    def on(self, day: date) -> Cell:
        return next(cell for cell in self.cells if cell.day == day)


@dataclass(slots=True)
class Head:
    """A day of the week in the board's head and the phone's strip."""

    day: date
    visits: int
    warns: bool
    blocks: bool


@dataclass
class Board:
    """The week around ``day``; ``chips`` are all of it, whatever the filters. ``earlier`` and ``later`` are days in the
    weeks beside it, where the season has them."""

    day: date
    heads: list[Head]
    rows: list[Row]
    chips: list[Chip]
    reading: Reading
    filters: Filters
    earlier: date | None
    later: date | None

    @property
    def cells(self) -> list[Cell]:
        return [cell for row in self.rows for cell in row.cells]

    @property
    def matching(self) -> int:
        """Visits the filters leave."""
        return sum(len(cell.chips) for cell in self.cells)

    @property
    def cells_of_day(self) -> list[Cell]:
        return [row.on(self.day) for row in self.rows]


def build_board(
    season: Season, places: Sequence[SeasonSite], *, day: date, now: datetime, filters: Filters | None = None
) -> Board:
    """The board of the week ``day`` lies in, for these sites. ``day`` is moved into the season's window. Two queries."""
    day, filters = min(max(day, season.starts_on), season.ends_on), filters or Filters()
    monday = day - timedelta(days=day.weekday())
    week = [monday + timedelta(days=shift) for shift in range(7)]
    visits = Visit.objects.filter(season=season, site__in=[place.site_id for place in places])
    visits = visits.filter(date__range=(week[0], week[-1]))
    found = rows.read_rows(season, places, rows.shown(season, visits))
    reading = doubts.read(season, places, visits, week, now)
    chips = [Chip(row, reading.doubts(row)) for row in found]
    shown = [place for place in places if filters.site in ("", place.site.slug)] or list(places)
    lines = _lines(season, shown, week, day, chips, reading, filters)
    earlier, later = monday - timedelta(days=1), monday + timedelta(days=7)
    return Board(
        day, [_head(lines, chips, date_) for date_ in _days_of(lines, week)], lines, chips, reading, filters,
        earlier=earlier if earlier >= season.starts_on else None, later=later if later <= season.ends_on else None,
    )  # fmt: skip


def _lines(
    season: Season, places: Iterable[SeasonSite], week: list[date], day: date, chips: Iterable[Chip], reading: Reading,
    filters: Filters,
) -> list[Row]:  # fmt: skip
    """The table, without weekend days nobody needs."""
    by_cell: defaultdict[tuple[int, date], list[Chip]] = defaultdict(list)
    for chip in chips:
        by_cell[chip.visit.site_id, chip.visit.date].append(chip)
    lines = [
        Row(place, [_cell(season, place, date_, by_cell[place.site_id, date_], reading, filters) for date_ in week])
        for place in places
    ]
    used = {cell.day for line in lines for cell in line.cells if cell.is_open or by_cell[cell.place.site_id, cell.day]}
    shown = [date_ for date_ in week if date_.weekday() < 5 or date_ in used or date_ == day]
    return [Row(line.place, [line.on(date_) for date_ in shown]) for line in lines]


def _days_of(lines: list[Row], week: list[date]) -> list[date]:
    return [cell.day for cell in lines[0].cells] if lines else [day for day in week if day.weekday() < 5]


def _cell(season: Season, place: SeasonSite, day: date, chips: list[Chip], reading: Reading, filters: Filters) -> Cell:
    inside = season.starts_on <= day <= season.ends_on
    holiday = holiday_name(day, country=place.site.country, subdivision=place.site.subdivision)
    cell = Cell(place, day, inside and is_visit_day(day, place), holiday)
    cell.taken = len(reading.facts.site_days.get((place.site_id, day), ()))
    cell.chips = [chip for chip in chips if keeps(filters, chip)]
    cell.full, cell.more_url = filters.all == cell.key, filters.url(all=cell.key, visit="")
    return cell


def keeps(filters: Filters, chip: Chip) -> bool:
    """Whether the unit and the mark asked for leave this visit on the board."""
    if filters.unit and str(chip.visit.executive.business_unit_id) != filters.unit:
        return False
    return not filters.only or chip.bears(filters.only)


def _head(lines: list[Row], chips: Iterable[Chip], day: date) -> Head:
    sites = {line.place.site_id for line in lines}
    there = [chip for chip in chips if chip.visit.date == day and chip.visit.site_id in sites]
    return Head(
        day=day,
        visits=sum(chip.visit.state in LIVE for chip in there),
        warns=any(chip.severity == "warns" for chip in there),
        blocks=any(chip.blocks for chip in there),
    )
