"""What the pages of replacements and of the waiting list show."""

from __future__ import annotations

import time
from collections.abc import Collection
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
        """The pair's score."""
        return self.option.score / 1000


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

    def best(
        self, executive: Executive, *, limit: int, day: date | None = None, not_on: Collection[date] = (),
        own: Visit | None = None,
    ) -> list[Choice]:  # fmt: skip
        """The best places for one executive, on one ``day`` where it is named, never ``not_on`` some. ``own`` is the visit
        they have: the planner lets it stand on its very day, but then a host may fall ill, so it is lifted here."""
        key, standing = str(executive.pk), self.situation.standing
        if own and own.state in rules.MOVABLE and not own.locked:
            standing = tuple(one for one in standing if one.executive != key)
        problem = without_days(self.situation.problem, key, frozenset(not_on))
        found = planner.alternatives(problem, standing, executive=key, day=day, limit=limit + bool(own))
        options = as_options(self.situation, found)
        other = [one for one in options if own is None or (one.host.pk, one.date) != (own.host_id, own.date)]
        return [choice(executive, one, self.season, self.reader, own) for one in other[:limit]]

    def best_of(self, executives: list[Executive]) -> dict[int, Choice | None]:
        """The one best place of each, by executive, None where there is none; their hosts are read once. Stops when
        MOST_SECONDS are over: whoever is not in the answer was not looked at."""
        ends, found = time.monotonic() + MOST_SECONDS, {one.pk: one for one in executives}
        ways: dict[int, tuple[planner.Alternative, ...]] = {}
        for pk in found:
            if not ways or time.monotonic() < ends:
                ways[pk] = planner.alternatives(
                    self.situation.problem, self.situation.standing, executive=str(pk), limit=1
                )
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
    entry = entry_of(visit.season, visit.executive_id)
    context: dict[str, Any] = {"visit": visit, "season": visit.season, "entry": entry, "today": today}
    current = live_visit(visit.season, visit.executive_id)
    context |= {"current": current if current and current.pk != visit.pk else None, "gave_up": gave_up(visit)}
    if entry and entry.stepped_back_at is None and (current is None or is_open(visit)):
        context |= places_for(visit, current, reader, now=now)
    return context | {"fits": fitting(visit, reader, now=now) if context["gave_up"] and visit.date >= today else []}


def places_for(visit: Visit, own: Visit | None, reader: User, *, now: datetime) -> dict[str, list[Choice]]:
    """Places on the visit's own day, unless its executive said no to it, and on other days."""
    today = rules.local_date(visit.site, now)
    search, executive = Search(visit.season, reader, now=now, today=visit.date == today), visit.executive
    same = [] if visit.executive_answer == Answer.NO or visit.date < today else search.best(
        executive, day=visit.date, limit=SAME_DAY, own=own
    )  # fmt: skip
    other = search.best(executive, limit=OTHER_DAYS, not_on={visit.date, today}, own=own)
    return {"same_day": same, "other_days": other}


def is_open(visit: Visit) -> bool:
    """A visit that still waits for an answer, or stands, can be given another host or day."""
    return visit.state in rules.MOVABLE


def gave_up(visit: Visit) -> bool:
    """Whether the place is free again: everything ended but the host's own no."""
    return visit.state in (VisitState.DECLINED, VisitState.CANCELLED) and visit.host_answer != Answer.NO


def fitting(visit: Visit, reader: User, *, now: datetime) -> list[Choice]:
    """The first of the waiting list for whom the visit's place fits, without anybody moving."""
    freed = offers.Freed.of(visit)
    rows = [one.row for one in waiting.waiting_list(visit.season) if one.executive_id != visit.executive_id]
    found = offers.fits(freed, rows, now=now)[:MOST_NAMED]
    option = Option(host=visit.host, site=visit.site, date=visit.date, score=0, change=0)
    return [choice(row.executive, option, visit.season, reader) for row in found]


def entry_of(season: Season, executive_id: int) -> SeasonExecutive | None:
    return SeasonExecutive.objects.filter(season=season, executive=executive_id).first()


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
    found = waiting.waiting_list(season)
    works_here = any(reader.coordinates(place.site_id) for place in season.season_sites.all())
    return {
        "season": season,
        "rows": with_places(season, found, reader, now=now) if works_here else [Row(one) for one in found],
        "stepped_back": waiting.stepped_back(season),
        "order": waiting.ORDER,
        "works_here": works_here and season.state != SeasonState.CLOSED,
    }


def with_places(season: Season, found: list[waiting.Waiting], reader: User, *, now: datetime) -> list[Row]:
    if not found or season.state == SeasonState.CLOSED:
        return [Row(one) for one in found]
    best = Search(season, reader, now=now).best_of([one.row.executive for one in found[:MOST_LOOKED_UP]])
    return [Row(one, best.get(one.executive_id), looked=one.executive_id in best) for one in found]


def place_page(entry: SeasonExecutive, reader: User, *, now: datetime) -> dict[str, Any]:
    """All places for one executive of a season who has none."""
    current = live_visit(entry.season, entry.executive_id)
    context: dict[str, Any] = {"entry": entry, "season": entry.season, "current": current, "other_days": []}
    if current is None and entry.stepped_back_at is None:
        search = Search(entry.season, reader, now=now)
        context["other_days"] = search.best(entry.executive, limit=SAME_DAY + OTHER_DAYS)
    return context
