"""The week of the board as a file: one line a visit, as it is filtered."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import IO, Any

from django.utils.translation import gettext as _

from people.exports import csv_lines, write_xlsx
from shadowing.board.week import Board
from shadowing.models import VisitState


def columns() -> list[str]:
    """The header line."""
    return [
        _("Date"), _("Site"), _("Executive"), _("Business unit"), _("Host"), _("Team"), _("State"), _("Locked"),
        _("Severity"), _("Why"),
    ]  # fmt: skip


def lines(board: Board) -> Iterator[list[Any]]:
    """A line for every visit the filters leave."""
    for cell in board.cells:
        for chip in cell.chips:
            visit = chip.visit
            yield [
                visit.date, visit.site.name, visit.executive.name, visit.executive.unit, visit.host.name,
                visit.host.team.name, str(VisitState(visit.state).label), _("yes") if visit.locked else _("no"),
                chip.severity, chip.words,
            ]  # fmt: skip


def as_csv(board: Board) -> IO[bytes]:
    """UTF-8 with a byte order mark."""
    return io.BytesIO("".join(csv_lines(columns(), lines(board))).encode())


def as_xlsx(board: Board) -> IO[bytes]:
    """One sheet of typed cells."""
    return write_xlsx(columns(), lines(board), _("Board"))


KINDS: dict[str, Callable[[Board], IO[bytes]]] = {"csv": as_csv, "xlsx": as_xlsx}
