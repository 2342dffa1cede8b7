"""Words and cells of the alignment pages: never a blank, never a zero that is none."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from surveys.alignment import words
from surveys.alignment.choices import Choice
from surveys.alignment.items import Item, Side, Theme
from surveys.alignment.reading import Alignment
from surveys.alignment.rows import compared_with as _compared_with
from surveys.alignment.values import Value
from surveys.exports import per_cent as shown_share

register = template.Library()


@register.simple_tag
def side(side: Side) -> SafeString | str:
    """A side's figure, the word "hidden", or a dash when it was not asked."""
    if side.figure:
        return side.figure
    return format_html('<span class="hidden-word">{}</span>', _("hidden")) if side.asked else _dash()


@register.simple_tag
def gap(value: Value | None) -> SafeString | str:
    """A gap, or a dash."""
    return value.text if value else _dash()


@register.simple_tag
def share(per_cent: int | None) -> SafeString | str:
    """One side's share of an option, or the word "hidden"."""
    if per_cent is None:
        return format_html('<span class="hidden-word">{}</span>', _("hidden"))
    return shown_share(per_cent)


def _dash() -> SafeString:
    return format_html('<span aria-hidden="true">–</span><span class="visually-hidden">{}</span>', _("none"))


@register.filter
def in_words(entry: Item | Theme, k: int) -> str:
    """What the gap means, or why there is none."""
    return words.meaning(entry.band) if entry.gap else words.missing(entry, k)  # type: ignore[arg-type]


@register.filter
def chosen(choice: Choice, k: int) -> str:
    """What the gap between two groups' choices means, or why there is none."""
    return words.chosen_apart(choice) if choice.gap else words.missing_choice(choice, k)


@register.filter
def since(item: Item | Choice) -> str:
    """How the gap moved."""
    return words.change(item)


@register.filter
def question_for(item: Item) -> str:
    """What to talk about."""
    return words.question_for(item)


@register.filter
def compared_with(found: Alignment) -> str:
    """The other moment in words."""
    return _compared_with(found)
