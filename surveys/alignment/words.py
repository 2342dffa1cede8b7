"""What a gap means, in words. Pure; nothing here ranks people."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.alignment.choices import Choice
from surveys.alignment.items import Item, Side, Theme
from surveys.alignment.values import Value
from surveys.coding import HISTOGRAM_FROM


def meaning(band: int) -> str:
    """A gap's size and direction."""
    return {
        2: _("executives see it much brighter"),
        1: _("executives see it brighter"),
        0: _("much the same on both sides"),
        -1: _("the front line sees it brighter"),
        -2: _("the front line sees it much brighter"),
    }[band]


def chosen_apart(choice: Choice) -> str:
    """A gap between two groups' choices. No list has a brighter side, so there is no direction."""
    if not choice.most:
        return _("much the same on both sides")
    said = _("far apart, most of all on “%(option)s”") if choice.band == 2 else _("apart, most of all on “%(option)s”")
    return said % {"option": choice.most.label}


def missing_choice(choice: Choice, k: int) -> str:
    """Why two groups' choices are not set side by side; empty when they are."""
    if choice.gap or (unasked := _unasked(choice)):
        return "" if choice.gap else unasked
    if not choice.alike:
        return _("the two sides chose from different options")
    if choice.executives.shown and choice.front_line.shown:
        return _("hidden: shares need %(least)d answers on both sides") % {"least": HISTOGRAM_FROM}
    return _hidden(choice.executives.shown is None, k)


def _unasked(item: Item | Choice) -> str:
    if not item.executives.asked:
        return _("executives were not asked")
    return "" if item.front_line.asked else _("the front line was not asked")


def _hidden(executives: bool, k: int) -> str:
    words = _("hidden: fewer than %(k)d answers of the front line are released")
    return (_("hidden: fewer than %(k)d executives’ answers are released") if executives else words) % {"k": k}


def missing(item: Item, k: int) -> str:
    """Why an item has no gap; empty when it has one."""
    if item.gap:
        return ""
    return _unasked(item) or _hidden(item.executives.value is None, k)


def change(item: Item | Choice) -> str:
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


def finding(items: Sequence[Item], themes: Sequence[Theme], choices: Sequence[Choice] = ()) -> str:
    """What a chart of these items shows, in one sentence; without a chart, what the choices show."""
    told = [item for item in items if item.gap]
    if not told:
        return _chosen([choice for choice in choices if choice.gap])
    brighter, darker = [i for i in told if i.band > 0], [i for i in told if i.band < 0]
    if not brighter and not darker:
        return _("Executives and the front line see it much the same")
    if len(brighter) >= 2 * len(darker):
        return _most_of_all(_("Executives see it brighter"), brighter, [theme for theme in themes if theme.band > 0])
    if len(darker) >= 2 * len(brighter):
        return _most_of_all(_("The front line sees it brighter"), darker, [theme for theme in themes if theme.band < 0])
    parts = {"one": len(brighter), "other": len(darker)}
    return _("Apart both ways: executives see %(one)d brighter, the front line %(other)d") % parts


def _chosen(choices: Sequence[Choice]) -> str:
    if not choices:
        return _("There is no gap to show yet")
    if not choices[0].most:
        return _("Executives and the front line see it much the same")
    question = {"question": choices[0].text.rstrip(".")}
    return _("Executives and the front line chose apart, most of all on “%(question)s”") % question


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
