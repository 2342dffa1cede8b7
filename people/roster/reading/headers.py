"""Where the header stands, below whatever a report writes above it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _

from people.roster.errors import RosterRefused
from people.roster.reading.table import MAX_CELL, Row, is_overlong
from people.roster.vocabulary import is_known_header

LOOK_AT = 60  # lines from the top


def known_names(cells: Sequence[str]) -> int:
    """How many cells are names of columns that personnel files use."""
    return sum(map(is_known_header, cells))


def usual_width(rows: Sequence[Row]) -> int:
    """The number of cells most lines have; the larger one when two are equally common."""
    counts = Counter(len(row.cells) for row in rows if any(row.cells))
    return max(counts, key=lambda width: (counts[width], width), default=0)


def find_header(rows: Sequence[Row]) -> Row | None:
    """The header among the first lines: the one with most known names, else the first that is as wide as the rest."""
    candidates = [row for row in rows[:LOOK_AT] if any(row.cells)]
    best = max(candidates, key=lambda row: (known_names(row.cells), -row.line), default=None)
    if best is None or known_names(best.cells) >= 2:
        return best
    width = usual_width(candidates)
    wide = (row for row in candidates if sum(map(bool, row.cells)) > 0.6 * width)
    return next(wide, candidates[0])


def names_in(head: Row | None) -> tuple[str, ...]:
    """A header's cells with line breaks and runs of space made one space, empty ones at the end dropped.

    Raises RosterRefused for a cell too long to be a column's name.
    """
    cells = head.cells if head else ()
    if head and any(map(is_overlong, cells)):
        words = _("The header on line %(line)d has a cell of more than %(count)d characters.")
        raise RosterRefused(words % {"line": head.line, "count": MAX_CELL})
    names = [" ".join(cell.split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)
