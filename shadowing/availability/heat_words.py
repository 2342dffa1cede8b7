"""The heat map in words: its finding, its figures, its weeks."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shadowing.availability.heat import Heat, Row


def title(heat: Heat) -> str:
    """What the map shows, in one line."""
    short, days = len(heat.short), len(heat.open_cells)
    if not days:
        return _("No visit day yet")
    if short:
        words = ngettext(
            "Hosts are short on %(short)d of %(days)d site day",
            "Hosts are short on %(short)d of %(days)d site days",
            days,
        )
        return words % {"short": short, "days": days}
    if heat.fillable < heat.executives:
        return _("Hosts on every day, but fewer visits than executives")
    return _("Enough hosts on every day")


def figures(heat: Heat) -> list[dict[str, Any]]:
    """Four figures, each with its parts."""
    executives = {"waiting": heat.executives_waiting, "all": heat.executives}
    hosts = {"waiting": heat.hosts_waiting, "all": heat.hosts_asked}
    lacking = heat.executives - heat.fillable
    enough = _("one for each of %(all)d executives") % executives
    short = ngettext("%(lacking)d executive stays without", "%(lacking)d executives stay without", max(lacking, 0))
    return [
        {"name": _("Places"), "number": heat.all_places, "note": _("on the days shown")},
        {"name": _("Places that find a host"), "number": heat.fillable, "host": True,
         "note": short % {"lacking": lacking} if lacking > 0 else enough},
        {"name": _("Executives without an answer"), "number": heat.executives_waiting,
         "parts": _("of %(all)d") % executives, "note": _("they count as free")},
        {"name": _("Hosts without an answer"), "number": heat.hosts_waiting, "parts": _("of %(all)d") % hosts,
         "host": True, "note": _waiting_hosts(heat)},
    ]  # fmt: skip


def _waiting_hosts(heat: Heat) -> str:
    counted = heat.season.hosts_from != "willing"
    return _("they count as willing") if counted else _("they do not count until they say yes")


def weeks(rows: list[Row]) -> list[list[Row]]:
    """The days by calendar week."""
    return [list(some) for _week, some in groupby(rows, key=lambda row: row.day.isocalendar()[:2])]
