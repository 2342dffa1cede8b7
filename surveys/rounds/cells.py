"""Cells: the parts of a round whose figures may be shown. Fixed when it opens."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count

from people.models import Site
from surveys.models import Cell, Round
from surveys.rounds.audiences import asked_sites, expected
from surveys.rounds.layout import lay_out


def make_cells(survey_round: Round) -> Counter[int | None]:
    """Write the cells of a round that opens. Returns how many people are expected by site."""
    people = expected(survey_round)
    for plan in lay_out(survey_round, people, asked_sites(survey_round)):
        cell = Cell.objects.create(round=survey_round, site_id=plan.site, hidden=plan.hidden)
        cell.sites.set(plan.sites)
    return people


def hide_under(survey_round: Round) -> None:
    """Hide the cells that cannot reach a raised k, so that their people are told. What was released stays."""
    if not survey_round.anonymous:
        return
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
        pooled, _ = Cell.objects.get_or_create(
            round=survey_round, site=None, defaults={"hidden": survey_round.anonymous}
        )
        pooled.sites.add(*late)
        known |= dict.fromkeys(late, pooled.pk)
    return known


def pooled_sites(survey_round: Round) -> list[Site]:
    """The sites whose answers are shown together as "other sites"."""
    return list(Site.objects.filter(cells__round=survey_round, cells__site__isnull=True).order_by("name_key"))
