"""What a coordinator sees of a round while it runs: counts per cell, as of the last release, never names."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from people.models import Site, User
from surveys.coding import coded_count
from surveys.models import Cell, Release, Round
from surveys.rounds.audiences import asked_sites, expected
from surveys.rounds.layout import lay_out

FIGURES = ("invited", "answered", "released_on")  # of a cell's newest release


class CellCount(NamedTuple):
    """A cell by name. Numbers as of ``released_on`` and from k up (named rounds: all), else empty; ``hidden`` cells never
    have any."""

    name: str
    invited: str
    answered: str
    released_on: date | None
    hidden: bool


def cell_counts(survey_round: Round, user: User) -> list[CellCount]:
    """The cells of an opened round that lie wholly at this person's sites. Two queries."""
    newest = Release.objects.filter(cell=OuterRef("pk")).order_by("-number")[:1]
    figures = {f"last_{name}": Subquery(newest.values(name)) for name in FIGURES}
    cells = survey_round.cells.select_related("site").prefetch_related("sites").annotate(**figures).order_by("pk")
    return [_count(survey_round, cell) for cell in cells if user.coordinates_all(site.pk for site in cell.sites.all())]


def _count(survey_round: Round, cell: Cell) -> CellCount:
    invited, answered, day = (getattr(cell, f"last_{name}") for name in FIGURES)
    if not survey_round.anonymous:
        counts = _told(invited, str(answered)) if day else ("", "")
        return CellCount(_name(survey_round, cell.site), *counts, day, hidden=False)
    known = day is not None and answered >= survey_round.k and not cell.hidden
    counts = _told(invited, coded_count(answered)) if known else ("", "")
    return CellCount(_name(survey_round, cell.site), *counts, day if known else None, cell.hidden)


def _told(invited: int, answers: str) -> tuple[str, str]:
    """Whoever answered before their visit turned out not to have taken place is in the answers and not among the invited.
    Never fewer invited than are said to have answered, and no more than that, or the difference would tell."""
    return str(max(invited, int(answers.rstrip("+")))), answers


def expected_counts(survey_round: Round) -> list[CellCount]:
    """How a draft's audience would fall into cells if it opened now."""
    people, sites = expected(survey_round), asked_sites(survey_round)
    names = Site.objects.in_bulk(sites)
    plans = lay_out(survey_round, people, sites)
    return [
        CellCount(_name(survey_round, names.get(plan.site or 0)), str(plan.people), "", None, plan.hidden)
        for plan in plans
    ]


def _name(survey_round: Round, site: Site | None) -> str:
    if site is not None:
        return site.name
    return _("All executives") if survey_round.audience == "executives" else _("Other sites")
