"""What readers of results see, and of which cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from people.models import User
from surveys.coding import Coded
from surveys.counting import Figure, all_texts, figures, one_question
from surveys.models import Cell, Release, Round

__all__ = ["Figure", "cell_name", "cells_for", "figures", "last_releases", "survey_rows", "worthwhile"]
WORTHWHILE = "worthwhile"  # the key of the program's 94 % question


def cells_for(survey_round: Round, user: User) -> QuerySet[Cell]:
    """The cells whose figures this person may see one by one: all, or those wholly of their own sites."""
    cells = survey_round.cells.filter(hidden=False).order_by("pk")
    if user.reads_everything:
        return cells
    foreign = Cell.sites.through.objects.exclude(site_id__in=user.coordinated_site_ids).values("cell_id")
    return cells.exclude(pk__in=foreign) if user.coordinated_site_ids else cells.none()


def last_releases(survey_round: Round) -> dict[int, Release]:
    """Cell id → its newest release, in one query."""
    newest = survey_round.cells.annotate(newest=Max("releases__number")).values_list("pk", "newest")
    wanted = {pk: number for pk, number in newest if number}
    found = Release.objects.filter(cell__in=wanted)
    return {release.cell_id: release for release in found if release.number == wanted[release.cell_id]}


def worthwhile(survey_rounds: Iterable[Round]) -> Coded | None:
    """The program's 94 % question over these rounds; None while hidden. Several rounds are joined from what is shown of
    each, so that their difference tells nothing."""
    shown = one_question(survey_rounds, WORTHWHILE)
    return shown.coded if shown else None


def survey_rows(survey_round: Round, user: User) -> Iterator[tuple[str, str, str, str]]:
    """Rows for exports: cell, question, answers, result. Exactly what the page shows, one row for each text."""
    cells = list(cells_for(survey_round, user))
    scopes = [(cell_name(cell), [cell]) for cell in cells if len(cells) > 1]
    scopes.append((_("Season"), list(survey_round.cells.filter(hidden=False))))
    for name, scope in scopes:
        for figure in figures(survey_round, scope):
            if figure.quotes:
                yield from ((name, figure.text, "", text) for text in all_texts(survey_round, scope, figure.question))
            elif figure.coded:
                yield name, figure.text, figure.coded.answers, figure.coded.text
            else:
                yield name, figure.text, "", _("hidden")


def cell_name(cell: Cell) -> str:
    return cell.site.name if cell.site else _("Other sites")
