"""What the pages of replacements and of the waiting list show."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from people.models import Executive, User
from shadowing import planner
from shadowing.models import Answer, Season, SeasonExecutive, SeasonState, Visit, VisitState
from shadowing.repairs import offers, waiting
from shadowing.repairs.options import Option, as_options
from shadowing.repairs.situation import Situation, read_situation
from shadowing.visits import record, rules

SAME_DAY, OTHER_DAYS = 5, 5  # places shown
MOST_LOOKED_UP = 5  # rows of the waiting list whose best place is worked out
MOST_SECONDS = 1.5  # for all of them together, after the first
MOST_NAMED = 3  # people a free place is offered to


@dataclass(frozen=True)
class Choice:
    """A place as a page offers it. ``form`` is what its button carries, empty where it is not the reader's to use."""

    executive: Executive
    option: Option
    told: list[str]
    form: str

    @property
    def points(self) -> float:
        """What the list is ordered by, among places for which as many people move."""
        return self.option.worth / 1000


def choice(executive: Executive, option: Option, season: Season, reader: User, own: Visit | None = None) -> Choice:
    change = offers.change_of(executive, option, own)
    sites = {
        option.site.pk,
        *(move.visit.site_id for move in option.moves),
        *(m.host.team.site_id for m in option.moves),
    }
    usable = season.state != SeasonState.CLOSED and reader.coordinates_all(sites | ({own.site_id} if own else set()))
    return Choice(
        executive, option, told(executive, option, season, own), offers.sign(change, season) if usable else ""
    )


def told(executive: Executive, option: Option, season: Season, own: Visit | None) -> list[str]:
    """Names of everybody who hears of it; nobody before the season is published."""
    if season.state != SeasonState.PUBLISHED:
        return []
    people = [executive, option.host]
    people += [own.host] if own and own.host_id != option.host.pk else []
    for move in option.moves:
        people += [move.visit.executive, move.visit.host, move.host] if move.visit.invited_at else []
    return list(dict.fromkeys(str(person) for person in people))


class Search:
    """Places for people of one season as it stands at one moment; the season is read once."""

    def __init__(self, season: Season, reader: User, *, now: datetime, today: bool = False) -> None:
        self.season, self.reader = season, reader
        self.situation: Situation = read_situation(season, now=now, today=today)

    def ways(
        self, executive: Executive, *, limit: int, day: date | None = None, not_on: Collection[date] = (),
        own: Visit | None = None,
    ) -> list[planner.Alternative]:  # fmt: skip
        """The best places for one executive, on one ``day`` where it is named, never ``not_on`` some. ``own`` is the visit
        they have: the planner lets it stand on its very day, but then a host may fall ill, so it is lifted here."""
        key, standing = str(executive.pk), self.situation.standing
        if own and own.state in rules.MOVABLE and not own.locked:
            standing = tuple(one for one in standing if one.executive != key)
        problem = without_days(self.situation.problem, key, frozenset(not_on))
        found = planner.alternatives(problem, standing, executive=key, day=day, limit=limit + bool(own))
        other = [one for one in found if own is None or (one.host, one.date) != (str(own.host_id), own.date)]
        return other[:limit]

    def choices(
        self, executive: Executive, *found: Sequence[planner.Alternative], own: Visit | None = None
    ) -> list[list[Choice]]:
        """Several lists of places as a page offers them; the people of all of them are read at once."""
        options = iter(as_options(self.situation, [way for ways in found for way in ways]))
        return [[choice(executive, next(options), self.season, self.reader, own) for _way in ways] for ways in found]

    def best_of(self, executives: list[Executive]) -> dict[int, Choice | None]:
        """The one best place of each, by executive, None where there is none; their hosts are read once. Stops when
        MOST_SECONDS are over: whoever is not in the answer was not looked at."""
        ends, found = time.monotonic() + MOST_SECONDS, {one.pk: one for one in executives}
        ways: dict[int, Sequence[planner.Alternative]] = {}
        for pk, executive in found.items():
            if not ways or time.monotonic() < ends:
                ways[pk] = self.ways(executive, limit=1)
        options = iter(as_options(self.situation, [way for each in ways.values() for way in each]))
        make = partial(choice, season=self.season, reader=self.reader)
        return {pk: make(found[pk], next(options)) if each else None for pk, each in ways.items()}


def without_days(problem: planner.Problem, key: str, days: frozenset[date]) -> planner.Problem:
    """The same problem, but this executive cannot on these days."""
    people = (replace(one, unavailable=one.unavailable | days) if one.key == key else one for one in problem.executives)
    return replace(problem, executives=tuple(people)) if days else problem


def replacement(visit: Visit, reader: User, *, now: datetime) -> dict[str, Any]:
    """The page of replacements for a visit: places for its executive, the same day first, and who of the waiting list
    its place fits when the executive gave it up."""
    today = rules.local_date(visit.site, now)
    search = Search(visit.season, reader, now=now, today=visit.date == today)
    context: dict[str, Any] = {"visit": visit, "season": visit.season, "current": other_visit(visit, search)}
    held, takes_part, stepped_back = visit.state == VisitState.HELD, True, False
    if not held and not context["current"]:
        takes_part, stepped_back = part_of(visit, search)
    context |= {"held": held, "takes_part": takes_part, "stepped_back": stepped_back}
    if takes_part and not stepped_back and not held and not context["current"]:
        context |= places_for(visit, search, today)
    free = gave_up(visit) and visit.date >= today
    return context | {"fits": fitting(visit, search) if free else []}


def other_visit(visit: Visit, search: Search) -> Visit | None:
    """Another live visit its executive has by now. No query where there is none."""
    booked = search.situation.booked(visit.executive_id)
    return live_visit(visit.season, visit.executive_id) if booked and booked.pk != visit.pk else None


def part_of(visit: Visit, search: Search) -> tuple[bool, bool]:
    """Whether its executive takes part in the season, and whether they stepped back. No query for who waits for a place:
    they do, and did not."""
    if str(visit.executive_id) in search.situation.waiting:
        return True, False
    rows = SeasonExecutive.objects.filter(season=visit.season, executive=visit.executive_id)
    entry = rows.first()
    return entry is not None, bool(entry and entry.stepped_back_at)


def places_for(visit: Visit, search: Search, today: date) -> dict[str, list[Choice]]:
    """Places on the visit's own day, unless its executive said no to it, and on other days."""
    own = visit if visit.state in rules.MOVABLE else None
    asked, executive = visit.executive_answer != Answer.NO and visit.date >= today, visit.executive
    same = search.ways(executive, day=visit.date, limit=SAME_DAY, own=own) if asked else []
    other = search.ways(executive, limit=OTHER_DAYS, not_on={visit.date, today}, own=own)
    same_day, other_days = search.choices(executive, same, other, own=own)
    return {"same_day": same_day, "other_days": other_days}


def gave_up(visit: Visit) -> bool:
    """Whether the place is free again: everything ended but the host's own no."""
    return visit.state in (VisitState.DECLINED, VisitState.CANCELLED) and visit.host_answer != Answer.NO


def fitting(visit: Visit, search: Search) -> list[Choice]:
    """The first of the waiting list for whom the visit's place fits, without anybody moving."""
    rows = [one.row for one in waiting.waiting_list(visit.season) if one.executive_id != visit.executive_id]
    found = offers.fits_now(offers.Freed.of(visit), rows, search.situation)[:MOST_NAMED]
    option = Option(host=visit.host, site=visit.site, date=visit.date, worth=0, change=0)
    return [choice(row.executive, option, visit.season, search.reader) for row in found]


def live_visit(season: Season, executive_id: int) -> Visit | None:
    rows = Visit.objects.live().filter(season=season, executive=executive_id)
    return rows.select_related(*record.WITH_PEOPLE).first()


@dataclass(frozen=True)
class Row:
    """One line of the waiting list; ``best`` is worked out for the first few only."""

    waiting: waiting.Waiting
    best: Choice | None = None
    looked: bool = False


def waiting_page(season: Season, reader: User, *, now: datetime) -> dict[str, Any]:
    """The list, with the best place that is free now for those at its top."""
    found, gone = waiting.with_stepped_back(season)
    works_here = any(reader.coordinates(place.site_id) for place in season.season_sites.all())
    return {
        "season": season,
        "rows": with_places(season, found, reader, now=now) if works_here else [Row(one) for one in found],
        "stepped_back": gone,
        "order": waiting.ORDER,
        "works_here": works_here and season.state != SeasonState.CLOSED,
    }


def with_places(season: Season, found: list[waiting.Waiting], reader: User, *, now: datetime) -> list[Row]:
    if not found or season.state == SeasonState.CLOSED:
        return [Row(one) for one in found]
    best = Search(season, reader, now=now).best_of([one.row.executive for one in found[:MOST_LOOKED_UP]])
    return [Row(one, best.get(one.executive_id), looked=one.executive_id in best) for one in found]


def place_page(season: Season, entry: SeasonExecutive, reader: User, *, now: datetime) -> dict[str, Any]:
    """All places for one executive of a season who has none."""
    search = Search(season, reader, now=now)
    has_visit = search.situation.booked(entry.executive_id)
    context: dict[str, Any] = {"entry": entry, "season": season, "current": None, "other_days": []}
    if has_visit:
        context["current"] = live_visit(season, entry.executive_id)
    elif entry.stepped_back_at is None:
        ways = search.ways(entry.executive, limit=SAME_DAY + OTHER_DAYS)
        (context["other_days"],) = search.choices(entry.executive, ways)
    return context
