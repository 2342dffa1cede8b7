"""Cells: the parts of a round whose figures may be shown. Fixed when it opens."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count

from people.models import Site
from surveys.models import Audience, Cell, Round
from surveys.rounds.audiences import asked_sites, expected


def make_cells(survey_round: Round) -> Counter[int | None]:
    """One cell a site; sites with fewer than 2k expected are pooled; a cell still under k is never shown.

    All executives are one pooled cell: they belong to no site of the season. Returns how many are expected by site."""
    people, sites = expected(survey_round), list(asked_sites(survey_round))
    if survey_round.audience == Audience.EXECUTIVES:
        _pool(survey_round, sites, people.total())
        return people
    if survey_round.site_id:
        _cell(survey_round, survey_round.site_id, people.total())
        return people
    small = [site for site in sites if people[site] < 2 * survey_round.k]
    for site in sites:
        if site not in small:
            _cell(survey_round, site, people[site])
    if small:
        _pool(survey_round, small, sum(people[site] for site in small))
    return people


def _cell(survey_round: Round, site: int, people: int) -> None:
    Cell.objects.create(round=survey_round, site_id=site, hidden=people < survey_round.k).sites.add(site)


def _pool(survey_round: Round, sites: list[int], people: int) -> None:
    Cell.objects.create(round=survey_round, hidden=people < survey_round.k).sites.set(sites)


def hide_under(survey_round: Round) -> None:
    """Hide the cells that cannot reach a raised k, so that their people are told. What was released stays."""
    people = expected(survey_round)
    fresh = survey_round.cells.filter(hidden=False, releases__isnull=True).annotate(invited=Count("invitations"))
    for cell in fresh.order_by("pk"):
        sites = set(cell.sites.values_list("pk", flat=True))
        coming = sum(n for site, n in people.items() if site in sites or site is None)
        if max(cell.invited, coming) < survey_round.k:
            Cell.objects.filter(pk=cell.pk).update(hidden=True)


def cells_by_site(survey_round: Round, sites: set[int]) -> dict[int, int]:
    """Site id → cell id. Sites added after the opening belong to the pooled cell; where there is none, to a hidden one."""
    rows = Cell.sites.through.objects.filter(cell__round=survey_round).values_list("site_id", "cell_id")
    known = dict(rows)
    if late := sites - known.keys():
        pooled, _ = Cell.objects.get_or_create(round=survey_round, site=None, defaults={"hidden": True})
        pooled.sites.add(*late)
        known |= dict.fromkeys(late, pooled.pk)
    return known


def pooled_sites(survey_round: Round) -> list[Site]:
    """The sites whose answers are shown together as "other sites"."""
    return list(Site.objects.filter(cells__round=survey_round, cells__site__isnull=True).order_by("name_key"))
