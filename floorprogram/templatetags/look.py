"""Template tags of the look: icons, states, people, clocks, dates and shares. Built in: no ``{% load %}`` needed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from functools import cache, lru_cache

from django import template
from django.conf import settings
from django.template import Context
from django.utils import dateformat, timezone
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from floorprogram.clocks import Clock
from floorprogram.states import look_of

register = template.Library()
NBSP = "\N{NO-BREAK SPACE}"
DASH = "\N{EN DASH}"


@cache
def icon_paths(name: str) -> SafeString:
    """What is drawn inside lucide's ``name``; empty while the front-end libraries are not installed."""
    folder = settings.BASE_DIR / "node_modules" / "lucide-static" / "icons"
    if not folder.exists():
        return SafeString()
    source = (folder / f"{name}.svg").read_text()
    inner = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
    return mark_safe(" ".join(inner[1].split()) if inner else "")  # noqa: S308 - a file of the locked library


@register.simple_tag
@cache
def icon(name: str, css: str = "") -> SafeString:
    """A lucide icon, hidden from screen readers. A trailing ``!`` fills it; sizes come from ``css`` classes."""
    filled = " icon-filled" if name.endswith("!") else ""
    name = name.removesuffix("!")
    return format_html(
        '<svg class="icon icon-{}{}{}" viewBox="0 0 24 24" width="16" height="16" fill="none" stroke="currentColor" '
        'stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>',
        name, filled, f" {css}" if css else "", icon_paths(name),
    )  # fmt: skip


@register.simple_tag
def symbols(*names: str) -> SafeString:
    """Drawings for ``{% symbol %}``, once per page: a board of a thousand chips stays small that way."""
    rows = [(name.removesuffix("!"), icon_paths(name.removesuffix("!"))) for name in names]
    drawn = format_html_join("", '<symbol id="i-{}" viewBox="0 0 24 24">{}</symbol>', rows)
    return format_html('<svg class="visually-hidden" aria-hidden="true" focusable="false">{}</svg>', drawn)


@register.simple_tag
@cache
def symbol(name: str, css: str = "") -> SafeString:
    """A drawing of ``{% symbols %}``, in as few bytes as can be."""
    name, filled = name.removesuffix("!"), " filled" if name.endswith("!") else ""
    return format_html('<svg class="i{}{}"><use href="#i-{}"/></svg>', filled, f" {css}" if css else "", name)


@register.simple_tag
def status(kind: str, state: object, tag: bool = False, note: object = "") -> SafeString:
    """Icon and word of a state in its colour; ``tag`` adds the tinted ground, ``note`` what follows the word."""
    return _status(kind, str(state), tag, str(note or ""), get_language())


@lru_cache(maxsize=1024)
def _status(kind: str, state: str, tag: bool, note: str, language: str | None) -> SafeString:
    look = look_of(kind, state)
    tail = format_html(' <span class="status-note">{}</span>', note) if note else ""
    return format_html(
        '<span class="{} tone-{}">{}<span>{}{}</span></span>',
        "tag" if tag else "status", look.tone, icon(look.icon), look.word, tail,
    )  # fmt: skip


@register.simple_tag
def state_icon(kind: str, state: object) -> SafeString:
    """Only the icon of a state, in its colour; its word stands beside it, if only for screen readers."""
    look = look_of(kind, state)
    return format_html('<span class="status tone-{}">{}</span>', look.tone, icon(look.icon))


@register.simple_tag
def chip_state(state: str) -> SafeString:
    """A visit's state on a chip: its word for screen readers, its drawing from ``{% symbols %}`` in its colour."""
    return _chip_state(state, get_language() or "")


@cache
def _chip_state(state: str, language: str) -> SafeString:
    look = look_of("visit", state)
    return format_html('<span class="visually-hidden">{}: </span>{}', look.word, symbol(look.icon, f"tone-{look.tone}"))


@register.simple_tag
def visit_status(state: object, tag: bool = False) -> SafeString:
    """``{% visit_status visit.state %}`` in tables, with ``tag=True`` in head lines."""
    return status("visit", state, tag)


@register.simple_tag(takes_context=True)
def issue_status(
    context: Context, state: object, tag: bool = False, until: datetime.date | None = None,
    number: int | None = None, by_coordinator: bool = False,
) -> SafeString:  # fmt: skip
    """State of an issue; ``until`` of one on hold, ``number`` of the one it was merged into."""
    name = "confirmed_by_coordinator" if by_coordinator and str(state) == "confirmed" else state
    note = day(context, until) if until else (number or "")
    return status("issue", name, tag, note)


@register.simple_tag
def person(who: object, kind: str = "executive", href: str = "") -> SafeString:
    """A name with its mark: ``{% person visit.host "host" %}``. Plain users: kind ``"other"``, without a mark."""
    name = format_html('<a href="{}">{}</a>', href, who) if href else conditional_escape(str(who))
    return mark_safe(f"{_person_opening(kind, get_language())}{name}</span>")  # noqa: S308 - escaped just above


@cache
def _person_opening(kind: str, language: str | None) -> SafeString:
    role = {"host": _("Host"), "executive": _("Executive")}.get(kind, "")
    label = format_html('<span class="visually-hidden">{} </span>', role) if role else ""
    return format_html('<span class="person person-{}">{}', kind, label)


@register.simple_tag(takes_context=True)
def clock(
    context: Context, label: str | Promise, due: datetime.date | None, today: datetime.date | None = None, *,
    days: int | None = None, started: datetime.date | None = None, hold: bool = False, large: bool = False,
) -> SafeString:  # fmt: skip
    """A ring with its figure. ``due`` None: a dash. ``days`` (or ``started``) is the whole span; ``hold``: stopped."""
    here = _today(context, today)
    if due is None:
        return _no_clock(str(label), get_language())
    span = days or ((due - started).days if started else None)
    date = day(context, due) if hold or large else ""
    return _clock(str(label), date, (due - here).days, span, hold, large, get_language())


@cache
def _no_clock(label: str, language: str | None) -> SafeString:
    return format_html('<span class="none" aria-hidden="true">{}</span>{}', DASH, _hidden(label, _("does not run")))


@lru_cache(maxsize=8192)
def _clock(
    label: str, date: str, left: int, span: int | None, hold: bool, large: bool, language: str | None
) -> SafeString:
    """Kept, for a list of fifty rows has a hundred and fifty of them, many alike."""
    reading = Clock.of(left, span, hold)
    size = "clock clock-large" if large else "clock"
    words = reading.words(date)
    tail = _clock_words(label, date, words) if large else _clock_figure(label, date, reading, words)
    return format_html('<span class="{} clock-{}">{}{}</span>', size, reading.tone, _ring(reading), tail)


def _clock_figure(label: str, date: str, reading: Clock, words: str) -> SafeString:
    return format_html('<b aria-hidden="true">{}</b>{}', reading.figure(date), _hidden(label, words))


def _clock_words(label: str, date: str, words: str) -> SafeString:
    return format_html('<span><span class="clock-name">{}, {}</span> <b>{}</b></span>', label, date, words)


def _hidden(label: str, words: str) -> SafeString:
    return format_html('<span class="visually-hidden">{}, {}</span>', label, words)


def _ring(reading: Clock) -> SafeString:
    if reading.tone == "over":
        body = mark_safe(
            '<circle class="clock-disc" cx="9" cy="9" r="8"/><path class="clock-bang" d="M9 4.8v5M9 13v.2"/>'
        )
    else:
        body = format_html(
            '<circle class="clock-track" cx="9" cy="9" r="7"/><circle class="clock-arc" cx="9" cy="9" r="7" '
            'pathLength="100" stroke-dasharray="{} 100" transform="rotate(-90 9 9)"/>',
            reading.used,
        )
    return format_html(
        '<svg class="clock-ring" viewBox="0 0 18 18" width="18" height="18" aria-hidden="true">{}</svg>', body
    )


@register.simple_tag(takes_context=True)
def day(context: Context, date: datetime.date | None, long: bool = False) -> str:
    """A date as "10 Nov", ``long`` as "Tuesday 10 November", with the year when it is not this one. Nothing: a dash."""
    return day_words(date, long=long, this_year=_today(context).year) if date else DASH


def day_words(date: datetime.date, *, this_year: int, long: bool = False) -> str:
    """The same for code: no-break spaces keep "10 Nov" and "10 November" together."""
    words = dateformat.format(date, "l j F" if long else "j M")
    weekday, _space, rest = words.partition(" ") if long else ("", "", words)
    rest = rest if date.year == this_year else f"{rest} {date.year}"
    return f"{weekday} {rest.replace(' ', NBSP)}".strip()


def _today(context: Context, today: datetime.date | None = None) -> datetime.date:
    return today or context.get("today") or timezone.localdate()


@register.simple_tag
def percent(numerator: int | None, denominator: int | None) -> str:
    """A share as "94 %" from its parts; never 100 unless all, never 0 unless none. Without a denominator a dash."""
    if not denominator or numerator is None:
        return DASH
    share = round(100 * numerator / denominator)
    share = min(share, 99) if numerator < denominator else share
    return f"{max(share, 1) if numerator > 0 else share}{NBSP}%"


@register.simple_tag
def bar(*parts: object, whole: int | None = None) -> SafeString:
    """A segmented bar: ``{% bar "brand" 71 "rest" 56 whole=148 %}``. Its figures stand beside it in words."""
    return segments(zip(parts[::2], parts[1::2], strict=True), whole)


@register.simple_tag
def segments(pairs: Iterable[tuple[object, object]], whole: int | None = None) -> SafeString:
    """The same from a list of (tone, number): ``{% segments figure.parts figure.whole %}``."""
    known = [(str(tone), max(int(str(number or 0)), 0)) for tone, number in pairs]
    total = max(whole or 0, sum(number for _tone, number in known)) or 1
    start, rows = 0.0, []
    for tone, number in known:
        width = 100 * number / total
        rows.append((tone, f"{start:.2f}", f"{width:.2f}"))
        start += width
    rects = format_html_join("", '<rect class="seg-{}" x="{}%" width="{}%" y="-2" height="14"/>', rows)
    return format_html(
        '<svg class="segbar" width="100%" height="10" aria-hidden="true" focusable="false">{}</svg>', rects
    )


@register.filter
def capped(number: int, limit: int = 10_000) -> str:
    """A count as "1,300"; from ``limit`` on "10,000+", because nobody counts further."""
    return f"{limit:,}+" if number > limit else f"{number:,}"


@register.filter
def days_over(days: int) -> str:
    """Says "3 days over" from a count of days."""
    return ngettext("%(days)d day over", "%(days)d days over", days) % {"days": days}
