"""Where executives and the front line stand apart."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from people.requests import PersonRequest
from surveys.alignment.chart import NARROW, WIDE, dumbbells
from surveys.alignment.items import Item, Theme
from surveys.alignment.reading import Alignment, read
from surveys.alignment.rows import COLUMNS, rows_of
from surveys.alignment.scope import asked_scope, moment, seasons_for
from surveys.alignment.words import finding, improved, meeting_questions
from surveys.bars import Menu, menu
from surveys.exports import attached


@require_safe
def alignment(request: PersonRequest) -> HttpResponse:
    """Gaps per question and theme, before and after, largest first."""
    found = _asked(request)
    context = _context(request, found) | {
        "menus": _menus(found),
        "charts": _charts(found.items),
        "theme_charts": _charts(found.themes),
        "may_export": bool(request.user.identities & {"admin", "coordinator", "sponsor"}),
    }
    return render(request, "surveys/alignment.html", context)


@require_safe
def summary(request: PersonRequest) -> HttpResponse:
    """One page for the meeting where both groups talk it over."""
    found = _asked(request)
    largest = [item for item in found.items if item.gap][:3]
    choice = next((one for one in found.choices if one.gap and (one.most or not largest)), None)
    return render(
        request,
        "surveys/alignment_summary.html",
        _context(request, found)
        | {
            "largest": largest,
            "choice": choice,
            "questions": meeting_questions(),
            "lines": range(2 if choice else 3),
        },
    )


@require_safe
def export(request: PersonRequest, ending: str) -> HttpResponseBase:
    """What the page shows, as a file."""
    found = _asked(request)
    if ending not in ("csv", "xlsx"):
        raise Http404
    name = f"alignment-{found.scope.season.slug}-{found.scope.phase}" if found.scope.season else "alignment"
    return attached(COLUMNS, rows_of(found), name, ending)


def _asked(request: PersonRequest) -> Alignment:
    seasons = seasons_for(request.user)
    return read(request.user, asked_scope(request.GET, seasons), seasons)


def _context(request: PersonRequest, found: Alignment) -> dict[str, Any]:
    return {
        "found": found,
        "finding": finding(found.items, found.themes, found.choices),
        "improved": improved(found.items),
        "query": _query(found),
        "query_string": urlencode(_query(found)),
    }


def _query(found: Alignment) -> dict[str, str]:
    """The scope as an address has it."""
    scope = found.scope
    asked = {
        "season": scope.season.slug if scope.season else "",
        "phase": scope.phase,
        "site": str(scope.site or ""),
        "theme": scope.theme,
    }
    return {key: value for key, value in asked.items() if value}


def _menus(found: Alignment) -> list[Menu]:
    given = _query(found)
    return [
        menu("season", _("Season"), [(one.slug, one.name) for one in found.seasons], given, droppable=False),
        menu("phase", _("When"), [(one, capfirst(moment(one))) for one in found.phases], given, droppable=False),
        menu("site", _("All sites"), [(str(one.pk), one.name) for one in found.sites], given),
        menu("theme", _("All themes"), found.theme_names, given),
    ]


def _charts(entries: Any) -> list[dict[str, Any]]:
    """A wide and a narrow drawing for each scale that is in use."""
    by_scale: dict[Any, list[Item | Theme]] = {}
    for entry in entries:
        by_scale.setdefault(entry.scale, []).append(entry)
    return [
        {"scale": scale, "wide": dumbbells(group, WIDE), "narrow": dumbbells(group, NARROW)}
        for scale, group in by_scale.items()
    ]
