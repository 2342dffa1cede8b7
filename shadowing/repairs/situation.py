"""How a season stands: the planner's problem, and the visits that stand in it with the price of moving each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shadowing.models import Season, SeasonSite, Visit, VisitState
from shadowing.planner import scoring
from shadowing.planner.problem import Problem, Standing
from shadowing.plans.build import Cast, problem_of
from shadowing.plans.facts import read_facts

PRICES: dict[str, int] = {
    VisitState.PROPOSED: 2 * scoring.ASK_PROPOSED,
    VisitState.INVITED: 2 * scoring.ASK_INVITED,
    VisitState.CONFIRMED: 2 * scoring.ASK_CONFIRMED,
}


@dataclass(frozen=True)
class Situation:
    """A season's problem, its standing visits as the planner sees them, and the visits by their executive's key.

    Executives of the problem without a visit are those who wait for a place, in the order of the waiting list."""

    season: Season
    problem: Problem
    standing: tuple[Standing, ...]
    visits: dict[str, Visit]

    @property
    def waiting(self) -> list[str]:
        """Keys of the executives without a visit, in the order in which free places are offered."""
        return [one.key for one in self.problem.executives if one.key not in self.visits]


def read_situation(season: Season, *, now: datetime, today: bool = False) -> Situation:
    """The season as it stands, in seven queries. Days up to today at their site are closed; ``today`` opens today.

    Locked and held visits, and those whose day has come, have no price: they stay.
    """
    facts = read_facts(season)
    visits = [*facts.kept, *facts.open]
    later = timedelta(days=0 if today else 1)

    def first(place: SeasonSite) -> date:
        return max(season.starts_on, now.astimezone(place.site.zone).date() + later)

    problem = problem_of(Cast(facts, visits, [], first))
    standing = tuple(_standing(visit, now) for visit in visits)
    return Situation(season, problem, standing, {str(visit.executive_id): visit for visit in visits})


def _standing(visit: Visit, now: datetime) -> Standing:
    coming = visit.date > now.astimezone(visit.site.zone).date()
    price = PRICES.get(visit.state) if coming and not visit.locked else None
    return Standing(str(visit.executive_id), str(visit.host_id), visit.date, price)
