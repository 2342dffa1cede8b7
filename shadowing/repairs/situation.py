"""How a season stands: the planner's problem, and the visits that stand in it with the price of moving each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from shadowing.models import Season, SeasonSite, Visit, VisitState
from shadowing.planner import scoring
from shadowing.planner.problem import Problem, Standing
from shadowing.plans.build import Cast, problem_of
from shadowing.plans.facts import Facts, read_facts
from shadowing.plans.rows import Booked

PRICES: dict[str, int] = {
    VisitState.PROPOSED: 2 * scoring.ASK_PROPOSED,
    VisitState.INVITED: 2 * scoring.ASK_INVITED,
    VisitState.CONFIRMED: 2 * scoring.ASK_CONFIRMED,
}


@dataclass(frozen=True)
class Situation:
    """A season's problem and its standing visits as the planner sees them; the visits themselves are read on demand.

    Executives of the problem without a visit are those who wait for a place, in the order of the waiting list."""

    season: Season
    problem: Problem
    standing: tuple[Standing, ...]
    facts: Facts

    def booked(self, executive_id: int) -> Booked | None:
        """The live visit of an executive in this season. No query."""
        return next((visit for visit in self.facts.live if visit.executive_id == executive_id), None)

    @property
    def waiting(self) -> list[str]:
        """Keys of the executives without a visit, in the order in which free places are offered."""
        visiting = {visit.executive for visit in self.standing}
        return [one.key for one in self.problem.executives if one.key not in visiting]

    def visits_of(self, executives: Iterable[str]) -> dict[str, Visit]:
        """The live visits of some executives by their key, with people and site. One query; none for nobody."""
        keys = {int(key) for key in executives}
        rows = Visit.objects.live().filter(season=self.season, executive__in=keys).select_related(*WITH_PEOPLE)
        return {str(visit.executive_id): visit for visit in rows} if keys else {}

    @cached_property
    def visits(self) -> dict[str, Visit]:
        """All live visits by their executive's key. One query, but a long one in a large season."""
        return self.visits_of(visit.executive for visit in self.standing)


WITH_PEOPLE = ("season", "site", "executive__user", "host__user", "host__team__site")


def read_situation(season: Season, *, now: datetime, today: bool = False) -> Situation:
    """The season as it stands, in five queries, four where it came with its sites. Days up to today at their site are
    closed; ``today`` opens today.

    Locked and held visits, and those whose day has come, have no price: they stay.
    """
    facts = read_facts(season)
    visits = facts.live
    later = timedelta(days=0 if today else 1)

    def first(place: SeasonSite) -> date:
        return max(season.starts_on, now.astimezone(place.site.zone).date() + later)

    problem = problem_of(Cast(facts, visits, [], first))
    return Situation(season, problem, tuple(_standing(visit, now) for visit in visits), facts)


def _standing(visit: Booked, now: datetime) -> Standing:
    coming = visit.date > now.astimezone(ZoneInfo(visit.time_zone)).date()
    price = PRICES.get(visit.state) if coming and not visit.locked else None
    return Standing(str(visit.executive_id), str(visit.host_id), visit.date, price)
