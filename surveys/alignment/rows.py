"""The alignment page as rows for files: the same figures, in the same words."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from surveys.alignment.choices import Choice
from surveys.alignment.items import Item, Side
from surveys.alignment.reading import Alignment
from surveys.alignment.values import Value
from surveys.alignment.words import change, chosen_apart, meaning, missing, missing_choice, side_text
from surveys.exports import Cell, number_in, per_cent

COLUMNS = (
    "season", "moment", "part", "theme", "question", "option", "executives", "front_line", "gap", "meaning",
    "compared_with", "gap_then", "change",
    "executives_number", "front_line_number", "gap_number", "gap_then_number",  # the number in each of these words
)  # fmt: skip
Figure = tuple[str, float | int | None]  # in words as on the page, and the number in them
NONE: Figure = ("", None)
Row = tuple[Cell, ...]


def rows_of(found: Alignment) -> Iterator[Row]:
    """A row a question, largest gap first, then a row a theme (its question empty), then the choices: a row a question and
    one for each of its options. Words and numbers have columns of their own."""
    if found.scope.season is None:
        return
    head = (found.scope.season.slug, found.scope.moment, found.site.name if found.site else _("All sites"))
    for item in found.items:
        yield (*head, item.theme, item.text, "", *_item(item, found))
    for theme in found.themes:
        figures = (_told(theme.executives), _told(theme.front_line), _told(theme.gap))
        yield (*head, theme.name, "", "", *_row(figures, meaning(theme.band)))
    for choice in found.choices:
        yield from ((*head, choice.theme, choice.text, *row) for row in _choice(choice, found))


def _row(
    figures: tuple[Figure, Figure, Figure], words: str = "", then: tuple[str, Figure, str] = ("", NONE, "")
) -> Row:
    """``figures``: executives', the front line's, the gap; ``then``: compared with what, the gap then, how it moved."""
    compared, gap_then, moved = then
    numbers = (number for _words, number in (*figures, gap_then))
    return (*(shown for shown, _number in figures), words, compared, gap_then[0], moved, *numbers)


def _told(value: Value | None) -> Figure:
    return (value.text, value.plain) if value else NONE


def _side(side: Side) -> Figure:
    words = side_text(side)
    return words, number_in(words)


def _item(item: Item, found: Alignment) -> Row:
    words = meaning(item.band) if item.gap else missing(item, found.k)
    return _row((_side(item.executives), _side(item.front_line), _told(item.gap)), words, _then(item, found))


def _choice(choice: Choice, found: Alignment) -> Iterator[Row]:
    words = chosen_apart(choice) if choice.gap else missing_choice(choice, found.k)
    yield "", *_row((NONE, NONE, _told(choice.gap)), words, _then(choice, found))
    for option in choice.told:
        yield option.label, *_row((_share(option.executives), _share(option.front_line), _told(option.gap)))


def _share(share: int | None) -> Figure:
    """A share as shown."""
    return (_("hidden"), None) if share is None else (per_cent(share), share)


def _then(item: Item | Choice, found: Alignment) -> tuple[str, Figure, str]:
    """What it is compared with, the gap then, and how it moved."""
    if found.against is None:
        return "", NONE, ""
    gap = NONE
    if item.earlier:
        gap = _told(item.earlier.gap) if item.earlier.gap else (_("hidden"), None)
    return compared_with(found), gap, change(item)


def compared_with(found: Alignment) -> str:
    """The other moment, with its season when that is another one."""
    against = found.against
    if against is None or against.season is None:
        return ""
    return against.moment if against.season == found.scope.season else f"{against.season}, {against.moment}"
