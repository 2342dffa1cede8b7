"""The alignment page as rows for files: the same figures, in the same words."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from surveys.alignment.items import Item
from surveys.alignment.reading import Alignment
from surveys.alignment.words import change, meaning, missing, side_text
from surveys.exports import Cell, typed

COLUMNS = (
    "season", "moment", "part", "theme", "question", "executives", "front_line", "gap", "meaning", "compared_with",
    "gap_then", "change",
)  # fmt: skip


def rows_of(found: Alignment) -> Iterator[tuple[Cell, ...]]:
    """A row a question, largest gap first, then a row a theme (its question empty)."""
    if found.scope.season is None:
        return
    head = (found.scope.season.slug, found.scope.moment, found.site.name if found.site else _("All sites"))
    for item in found.items:
        yield (*head, item.theme, item.text, *_item(item, found))
    for theme in found.themes:
        figures = theme.executives.cell, theme.front_line.cell, theme.gap.cell
        yield (*head, theme.name, "", *figures, meaning(theme.band), "", "", "")


def _item(item: Item, found: Alignment) -> tuple[Cell, ...]:
    words = meaning(item.band) if item.gap else missing(item, found.k)
    return (
        typed(side_text(item.executives)),
        typed(side_text(item.front_line)),
        item.gap.cell if item.gap else "",
        words,
        *_then(item, found),
    )


def _then(item: Item, found: Alignment) -> tuple[Cell, ...]:
    """What it is compared with, the gap then, and how it moved."""
    if found.against is None:
        return "", "", ""
    gap: Cell = ""
    if item.earlier:
        gap = item.earlier.gap.cell if item.earlier.gap else _("hidden")
    return compared_with(found), gap, change(item)


def compared_with(found: Alignment) -> str:
    """The other moment, with its season when that is another one."""
    against = found.against
    if against is None or against.season is None:
        return ""
    return against.moment if against.season == found.scope.season else f"{against.season}, {against.moment}"
