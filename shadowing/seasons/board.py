"""The season board: one week, sites down, days across, the visits as chips."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from shadowing.availability.workdays import holiday_name, is_visit_day
from shadowing.models import LIVE, Season, SeasonSite, Visit, VisitState
from shadowing.visits import warnings

MOST_CHIPS = 4
WARNED_STATES = (VisitState.PROPOSED, VisitState.INVITED, VisitState.CONFIRMED)


@dataclass
class Chip:
    """A visit on the board; ``blocks`` when the day is over capacity because of it, ``warnings`` in words."""

    visit: Visit
    blocks: bool = False
    warnings: list[str] = field(default_factory=list)

    @property
    def tone(self) -> str:
        """The chip's class: one tone, the graver first."""
        if self.visit.state == VisitState.DECLINED:
            return "chip-declined"
        return "chip-blocks" if self.blocks else "chip-warns" if self.warnings else ""


@dataclass
class Cell:
    """One site on one day."""

    place: SeasonSite
    day: date
    is_open: bool
    holiday: str
    chips: list[Chip] = field(default_factory=list)

    @property
    def taken(self) -> int:
        return sum(chip.visit.is_live for chip in self.chips)

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
        if len(self.chips) <= MOST_CHIPS + 1:
            return self.chips
        return sorted(self.chips, key=lambda chip: not chip.blocks)[:MOST_CHIPS]

    @property
    def hidden(self) -> int:
        return len(self.chips) - len(self.shown)


@dataclass
class Row:
    place: SeasonSite
    cells: list[Cell]

    def on(self, day: date) -> Cell:
        return next(cell for cell in self.cells if cell.day == day)


@dataclass
class Head:
    """A day of the week in the board's head and the phone's strip."""

    day: date
    visits: int
    warns: bool
    blocks: bool


@dataclass
class Board:
    """The week around ``day``. ``earlier`` and ``later`` are days in the weeks beside it, where the season has them."""

    day: date
    heads: list[Head]
    rows: list[Row]
    earlier: date | None
    later: date | None

    @property
    def cells_of_day(self) -> list[Cell]:
        return [row.on(self.day) for row in self.rows]

    @property
    def blocked(self) -> list[Cell]:
        return [cell for row in self.rows for cell in row.cells if cell.over]


def build_board(season: Season, places: list[SeasonSite], *, day: date, now: datetime) -> Board:
    """The board of the week ``day`` lies in, for these sites. ``day`` is moved into the season's window."""
    day = min(max(day, season.starts_on), season.ends_on)
    monday = day - timedelta(days=day.weekday())
    week = [monday + timedelta(days=shift) for shift in range(7)]
    chips = _chips(season, places, week, now)
    rows = [
        Row(place, [_cell(place, date_, chips[place.site_id, date_], season) for date_ in week]) for place in places
    ]
    shown = _shown_days(rows, week, day)
    rows = [Row(row.place, [row.on(date_) for date_ in shown]) for row in rows]
    earlier, later = monday - timedelta(days=1), monday + timedelta(days=7)
    return Board(
        day=day,
        heads=[_head(rows, date_) for date_ in shown],
        rows=rows,
        earlier=earlier if earlier >= season.starts_on else None,
        later=later if later <= season.ends_on else None,
    )


def _chips(
    season: Season, places: Iterable[SeasonSite], week: list[date], now: datetime
) -> defaultdict[tuple[int, date], list[Chip]]:
    """Chips by site and day: visits in the week, without cancelled ones, with their warnings."""
    site_ids = [place.site_id for place in places]
    visits = Visit.objects.filter(season=season, site__in=site_ids, date__range=(week[0], week[-1]))
    shown = list(visits.exclude(state=VisitState.CANCELLED).for_list())
    doubts: defaultdict[int, list[str]] = defaultdict(list)
    waiting = [visit for visit in shown if visit.state in WARNED_STATES]
    for warned in warnings.of_visits(season, waiting, now=now) if waiting else ():
        doubts[warned.visit.pk].append(warned.text)
    chips: defaultdict[tuple[int, date], list[Chip]] = defaultdict(list)
    for visit in shown:
        chips[visit.site_id, visit.date].append(Chip(visit, warnings=doubts[visit.pk]))
    return chips


def _cell(place: SeasonSite, day: date, chips: list[Chip], season: Season) -> Cell:
    inside = season.starts_on <= day <= season.ends_on
    holiday = holiday_name(day, country=place.site.country, subdivision=place.site.subdivision)
    cell = Cell(place, day, inside and is_visit_day(day, place), holiday, chips)
    live = [chip for chip in chips if chip.visit.state in LIVE]
    for chip in live[place.visits_a_day :]:  # those added last
        chip.blocks = True
    return cell


def _shown_days(rows: list[Row], week: list[date], day: date) -> list[date]:
    """Monday to Friday, and weekend days that are open, have visits, or were asked for."""
    used = {cell.day for row in rows for cell in row.cells if cell.is_open or cell.chips}
    return [date_ for date_ in week if date_.weekday() < 5 or date_ in used or date_ == day]


def _head(rows: list[Row], day: date) -> Head:
    cells = [row.on(day) for row in rows]
    chips = [chip for cell in cells for chip in cell.chips]
    return Head(
        day=day,
        visits=sum(cell.taken for cell in cells),
        warns=any(chip.warnings for chip in chips),
        blocks=any(cell.over for cell in cells),
    )
