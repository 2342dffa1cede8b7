"""How the people of a round fall into cells, before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from surveys.models import Audience, Round


class CellPlan(NamedTuple):
    """One cell: ``site`` of its own or None for the pool, all its ``sites``, how many people, and whether it shows."""

    site: int | None
    sites: list[int]
    people: int
    hidden: bool


def lay_out(survey_round: Round, people: Counter[int | None], sites: Sequence[int]) -> list[CellPlan]:
    """One cell a site; sites with fewer than 2k people are pooled; a cell still under k is hidden.

    All executives are one pooled cell: they belong to no site of the season. Named rounds hide nobody."""
    if survey_round.audience == Audience.EXECUTIVES:
        return [_cell(survey_round, None, list(sites), people.total())]
    if survey_round.site_id:
        return [_cell(survey_round, survey_round.site_id, [survey_round.site_id], people.total())]
    small = [site for site in sites if people[site] < 2 * survey_round.k] if survey_round.anonymous else []
    cells = [_cell(survey_round, site, [site], people[site]) for site in sites if site not in small]
    pooled = _cell(survey_round, None, small, sum(people[site] for site in small))
    return [*cells, pooled] if small else cells


def _cell(survey_round: Round, site: int | None, sites: list[int], people: int) -> CellPlan:
    return CellPlan(site, sites, people, survey_round.anonymous and people < survey_round.k)
