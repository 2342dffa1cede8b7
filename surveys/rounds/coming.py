"""The visits whose people a survey of visitors asks later: once they are held."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Count, Q

from people.models import Site, User
from shadowing.models import Visit, VisitState
from surveys.models import Round, RoundState
from surveys.rounds.audiences import asks_visitors


class Coming(NamedTuple):
    """Visits that take up a place and are not held yet; ``late``: those of them after the survey's last day."""

    visits: int
    late: int


def coming_visits(survey_round: Round, user: User, *, site: Site | None = None) -> Coming | None:
    """The visits to come at this person's sites, or at one site; None where nobody is asked by visit, or no longer.
    One query. Visits are on everybody's board already: nothing here tells who has answered."""
    if survey_round.state != RoundState.OPEN or not asks_visitors(survey_round):
        return None
    visits = Visit.objects.live().filter(season=survey_round.season_id).exclude(state=VisitState.HELD)
    if site:
        visits = visits.filter(site=site)
    elif not user.coordinates_everywhere:
        visits = visits.filter(site__in=user.coordinated_site_ids)
    return Coming(**visits.aggregate(visits=Count("pk"), late=Count("pk", filter=Q(date__gt=survey_round.closes_on))))
