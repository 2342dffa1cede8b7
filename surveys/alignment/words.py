"""What a gap means, in words. Pure; nothing here ranks people."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.alignment.items import Item, Side, Theme
from surveys.alignment.values import Value


def meaning(band: int) -> str:
    """A gap's size and direction."""
    return {
        2: _("executives see it much brighter"),
        1: _("executives see it brighter"),
        0: _("much the same on both sides"),
        -1: _("the front line sees it brighter"),
        -2: _("the front line sees it much brighter"),
    }[band]


def missing(item: Item, k: int) -> str:
    """Why an item has no gap; empty when it has one."""
    if item.gap:
        return ""
    if not item.executives.asked:
        return _("executives were not asked")
    if not item.front_line.asked:
        return _("the front line was not asked")
    hidden = [
        (item.executives, _("hidden: fewer than %(k)d executives’ answers are released")),
        (item.front_line, _("hidden: fewer than %(k)d answers of the front line are released")),
    ]
    return next(words % {"k": k} for side, words in hidden if side.value is None)


def change(item: Item) -> str:
    """How the gap moved since the moment it is compared with, from both gaps as shown."""
    before, now = item.earlier, item.gap
    if before is None:
        return _("not asked then")
    if now is None or before.gap is None:
        return _("cannot be told: one of them is hidden")
    return _moved(before.gap, now)


def _moved(before: Value, now: Value) -> str:
    if now.number * before.number < 0:
        return _("turned round")
    moved = round(abs(now.number) - abs(before.number), 2)
    if moved == 0:
        return _("same")
    if not (before.exact and now.exact):
        return _("wider") if moved > 0 else _("smaller")
    by = {"by": Value(abs(moved)).text}
    return _("%(by)s wider") % by if moved > 0 else _("%(by)s smaller") % by


def finding(items: Sequence[Item], themes: Sequence[Theme]) -> str:
    """What a chart of these items shows, in one sentence."""
    told = [item for item in items if item.gap]
    if not told:
        return _("There is no gap to show yet")
    brighter, darker = [i for i in told if i.band > 0], [i for i in told if i.band < 0]
    if not brighter and not darker:
        return _("Executives and the front line see it much the same")
    if len(brighter) >= 2 * len(darker):
        return _most_of_all(_("Executives see it brighter"), brighter, [theme for theme in themes if theme.band > 0])
    if len(darker) >= 2 * len(brighter):
        return _most_of_all(_("The front line sees it brighter"), darker, [theme for theme in themes if theme.band < 0])
    parts = {"one": len(brighter), "other": len(darker)}
    return _("Apart both ways: executives see %(one)d brighter, the front line %(other)d") % parts


def _most_of_all(start: str, items: Sequence[Item], themes: Sequence[Theme]) -> str:
    names = [f"“{theme.name}”" for theme in themes[:2]] or [f"“{items[0].text.rstrip('.')}”"]
    return _("%(start)s, most of all on %(where)s") % {"start": start, "where": get_text_list(names, _("and"))}


def improved(items: Sequence[Item]) -> str:
    """How many gaps got smaller since; empty when nothing can be compared."""
    pairs = [(item.earlier.gap, item.gap) for item in items if item.earlier and item.earlier.gap and item.gap]
    if not pairs:
        return ""
    smaller = sum(abs(now.number) < abs(before.number) for before, now in pairs)
    words = ngettext("%(smaller)d of %(all)d gap got smaller", "%(smaller)d of %(all)d gaps got smaller", len(pairs))
    return words % {"smaller": smaller, "all": len(pairs)}


def question_for(item: Item) -> str:
    """What to talk about where this gap is large."""
    if item.band > 0:
        return _("What happens on the floor that executives do not see?")
    if item.band < 0:
        return _("What works on the floor that executives do not know of?")
    return _("What keeps both sides seeing this alike?")


def side_text(side: Side) -> str:
    """A side's figure, or the word that stands for it."""
    return side.figure or (_("hidden") if side.asked else "")


def meeting_questions() -> list[str]:
    """Three questions for the meeting where both groups talk it over."""
    return [
        _("Where do we mean different things by the same words?"),
        _("Which of these gaps can one executive close before the next season, and who takes it away?"),
        _("By what would the floor notice that it got smaller?"),
    ]
