"""The rows of long tables: ``{% load tables %}``.

Django walks the tags of a loop again for every row, and fifty rows of eight cells take it longer than all else of a page.
``{% rows %}`` renders what stands between its tags once, as the pattern of a row, and puts the cells of each row into it.
What a cell shows besides text (a state's icon, a clock's ring) is drawn before, by the ``…_cells`` tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from floorprogram.templatetags import look

register = template.Library()
CELL = re.compile(r"{(\w+)}")
Row = Mapping[str, Any]
NOTHING = SafeString("")


@register.simple_block_tag
def rows(content: str, rows: Iterable[Row]) -> SafeString:
    """``{% rows people %}<tr><td>{name}</td></tr>{% endrows %}``: the content once for every row, with the row's cells in
    place of their names in braces, escaped. Tags inside see the names, not the cells: ``{% person "{name}" %}`` is fine,
    a condition is not."""
    texts = CELL.split(content)
    texts, names, end = texts[:-1:2], texts[1::2], texts[-1]
    drawn: list[str] = []
    for row in rows:
        for text, name in zip(texts, names, strict=True):
            cell = row[name]
            drawn += (text, cell if isinstance(cell, SafeString) else escape(str(cell)))
        drawn.append(end)
    return mark_safe("".join(drawn))  # noqa: S308 - the template's own text, and cells that were escaped


def second(text: str) -> SafeString:
    """A second line in small type; nothing where there is no text."""
    return format_html('<span class="second">{}</span>', text) if text else NOTHING


@register.simple_tag(takes_context=True)
def issue_cells(context: Context, rows: Iterable[Row], **words: str) -> list[dict[str, Any]]:
    """Rows of issues.listing with state and clocks drawn; ``words`` names the clocks (target, update, word)."""
    return [{**row, "state": _issue_state(context, row), **_clocks(context, row, words)} for row in rows]


def _issue_state(context: Context, row: Row) -> SafeString:
    merged, in_place = row["merged_into_id"], row["confirmed_in_place"]
    return look.issue_status(context, row["shown"], number=merged, by_coordinator=in_place)


def _clocks(context: Context, row: Row, words: Mapping[str, str]) -> dict[str, SafeString]:
    found = {name: (word, getattr(row["clocks"], name)) for name, word in words.items()}
    today = context["today"]
    return {
        name: look.clock(context, word, clock.due, today, started=clock.started, hold=clock.stopped)
        for name, (word, clock) in found.items()
    }


@register.simple_tag(takes_context=True)
def visit_cells(context: Context, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Rows of shadowing.visits.listing with day and state drawn."""
    found = list(rows)
    days = {date: look.day(context, date) for date in {row["date"] for row in found}}
    return [{**row, "day": days[row["date"]], "state": look.status("visit", row["shown"])} for row in found]


@register.simple_tag
def person_cells(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Rows of people.rows with their second lines drawn: a team's unit, another address."""
    return [{**row, "unit": second(row["unit"]), "contact": second(row["contact"])} for row in rows]
