"""How report rows read on a page: names for columns, dates as people write them, links where there is a page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import template
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from floorprogram.reports.catalogue import Report
from floorprogram.templatetags.look import day, status

register = template.Library()
STATES = {("issues", "state"): "issue", ("outbox", "state"): "outbox"}


@register.filter
def column_name(column: str) -> str:
    """ "promised_to" as "Promised to"."""
    return column.replace("_", " ").capitalize()


@register.simple_tag(takes_context=True)
def cell(context: Context, report: Report, place: int, value: Any) -> SafeString:
    """One ``<td>``: a state in its colour, a visit or issue as a link, a date like elsewhere, yes and no in words."""
    column = report.columns[place]
    css = "num" if isinstance(value, int | float) and not isinstance(value, bool) else ""
    return format_html(
        '<td class="{}" data-label="{}">{}</td>', css, column_name(column), _shown(context, report, column, value)
    )


def _shown(context: Context, report: Report, column: str, value: Any) -> object:
    if value in (None, ""):
        return ""
    if kind := STATES.get((report.name, column)):
        return status(kind, value)
    if column == "visit" and isinstance(value, UUID):
        return format_html('<a href="{}">{}</a>', reverse("shadowing:visit", args=[value]), _("Visit"))
    if report.name == "issues" and column == "number":
        return format_html('<a href="{}">{}</a>', reverse("issues:issue", args=[value]), value)
    return _plain(context, value)


def _plain(context: Context, value: Any) -> object:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return f"{day(context, local.date())}, {local:%H:%M}"
    if isinstance(value, date):
        return day(context, value)
    return str(value).partition("-")[0] if isinstance(value, UUID) else value
