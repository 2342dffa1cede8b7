"""The alignment page as rows for files: the same figures, in the same words."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from surveys.alignment.choices import Choice, Option
from surveys.alignment.items import Item
from surveys.alignment.reading import Alignment
from surveys.alignment.words import change, chosen_apart, meaning, missing, missing_choice, side_text
from surveys.exports import Cell, per_cent, typed

COLUMNS = (
    "season", "moment", "part", "theme", "question", "option", "executives", "front_line", "gap", "meaning",
    "compared_with", "gap_then", "change",
)  # fmt: skip


def rows_of(found: Alignment) -> Iterator[tuple[Cell, ...]]:
    """A row a question, largest gap first, then a row a theme (its question empty), then the choices: a row a question and
    one for each of its options."""
    if found.scope.season is None:
        return
    head = (found.scope.season.slug, found.scope.moment, found.site.name if found.site else _("All sites"))
    for item in found.items:
        yield (*head, item.theme, item.text, "", *_item(item, found))
    for theme in found.themes:
        figures = theme.executives.cell, theme.front_line.cell, theme.gap.cell
        yield (*head, theme.name, "", "", *figures, meaning(theme.band), "", "", "")
    for choice in found.choices:
        yield from ((*head, choice.theme, choice.text, *row) for row in _choice(choice, found))


def _item(item: Item, found: Alignment) -> tuple[Cell, ...]:
    words = meaning(item.band) if item.gap else missing(item, found.k)
    return (
        typed(side_text(item.executives)),
        typed(side_text(item.front_line)),
        item.gap.cell if item.gap else "",
        words,
        *_then(item, found),
    )


def _choice(choice: Choice, found: Alignment) -> Iterator[tuple[Cell, ...]]:
    words = chosen_apart(choice) if choice.gap else missing_choice(choice, found.k)
    yield "", "", "", choice.gap.cell if choice.gap else "", words, *_then(choice, found)
    for option in choice.told:
        yield option.label, *_option(option), "", "", "", ""


def _option(option: Option) -> tuple[Cell, Cell, Cell]:
    """Both shares as shown, and their difference."""
    shares = [_("hidden") if share is None else per_cent(share) for share in (option.executives, option.front_line)]
    return shares[0], shares[1], option.gap.cell if option.gap else ""


def _then(item: Item | Choice, found: Alignment) -> tuple[Cell, ...]:
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
