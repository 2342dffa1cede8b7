"""What readers of results see, and of which cells."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from surveys.coding import Coded
from surveys.counting import one_question
from surveys.models import Cell, Round

WORTHWHILE = "worthwhile"  # the key of the program's 94 % question


def worthwhile(survey_rounds: Iterable[Round]) -> Coded | None:
    """The program's 94 % question over these rounds; None while hidden. Several rounds are joined from what is shown of
    each, so that their difference tells nothing."""
    shown = one_question(survey_rounds, WORTHWHILE)
    return shown.coded if shown else None


def cell_name(cell: Cell) -> str:
    return cell.site.name if cell.site else _("Other sites")
