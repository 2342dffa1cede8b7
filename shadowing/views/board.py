"""The season board: its week, the panel of a visit, the next best places, who has no place, where one could go."""

from __future__ import annotations

import uuid
from datetime import date
from urllib.parse import urlsplit

from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from people.models import Executive
from people.requests import PersonRequest
from shadowing.board import files, options, pages, panel, targets, tray
from shadowing.board.filters import Filters
from shadowing.board.week import build_board
from shadowing.models import Season, Visit
from shadowing.seasons import overview
from shadowing.visits import rules


def fetch(request: PersonRequest, slug: str) -> Season:
    """The season, with program and sites, where the person may see it; 404 where not."""
    rows = overview.with_sites(Season.objects.visible_to(request.user))
    season: Season = get_object_or_404(rows, slug=slug)
    return season


def fetch_visit(request: PersonRequest, visit_id: uuid.UUID) -> Visit:
    """A visit of the person's board with all the panel shows; 404 otherwise."""
    visit: Visit = get_object_or_404(pages.visits_for(request.user), uuid=visit_id)
    return visit


def day_of(text: str) -> date | None:
    """A day as addresses hold it; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def day_asked(request: PersonRequest) -> date | None:
    """The day in the address, where there is one."""
    return day_of(request.GET.get("day", ""))


@require_safe
def season_board(request: PersonRequest, slug: str) -> HttpResponse:
    """A week of the season: sites down, days across, the chosen pair beside it; on phones one day."""
    season, filters = fetch(request, slug), Filters.of(request.GET)
    context = pages.board_page(season, request.user, filters, now=timezone.now(), today=timezone.localdate())
    return render(request, "shadowing/board.html", context)


@require_safe
def visit_panel(request: PersonRequest, visit_id: uuid.UUID) -> HttpResponse:
    """The panel of one visit: beside the board, or (phones, no scripts) a page of its own."""
    context = panel.panel(fetch_visit(request, visit_id), request.user, now=timezone.now())
    if request.htmx:
        return render(request, "shadowing/_board_panel.html", {"panel": context, "beside": True})
    return render(request, "shadowing/board_panel.html", {"panel": context, "visit": context["visit"]})


@require_safe
def visit_options(request: PersonRequest, visit_id: uuid.UUID) -> HttpResponse:
    """The next best places for a visit's executive: on its day, or with ``?days=all`` on every day."""
    visit = fetch_visit(request, visit_id)
    if visit.state not in rules.MOVABLE:
        raise Http404
    day = None if request.GET.get("days") == "all" else visit.date
    found = options.lines(visit.season, visit.executive_id, request.user, now=timezone.now(), day=day, visit=visit)
    context = {"options": found, "season": visit.season, "executive": visit.executive, "visit": visit, "day": day}
    context["beside"] = on_board(request, visit.season)
    name = "_board_options.html" if request.htmx else "board_options.html"
    return render(request, f"shadowing/{name}", context)


@require_safe
def season_best(request: PersonRequest, slug: str) -> HttpResponse:
    """The best places for an executive without a visit (``?executive=``)."""
    season, now = fetch(request, slug), timezone.now()
    executive = person(request, season)
    found = options.lines(season, executive.pk, request.user, now=now, day=day_asked(request))
    context = {"options": found, "season": season, "executive": executive, "day": day_asked(request)}
    context["beside"] = on_board(request, season)
    name = "_board_options.html" if request.htmx else "board_best.html"
    return render(request, f"shadowing/{name}", context)


def on_board(request: PersonRequest, season: Season) -> bool:
    """Whether it is the board that asks for a part, and not a page of its own."""
    path = urlsplit(getattr(request.htmx, "current_url", None) or "").path
    return path == reverse("shadowing:season_board", args=[season.slug])


@require_safe
def season_tray(request: PersonRequest, slug: str) -> HttpResponse:
    """Executives without a visit, and pairs ruled out."""
    season = fetch(request, slug)
    context = {
        "season": season,
        "unplaced": tray.unplaced(season, tray.MOST if request.htmx else 200),
        "ruled_out": tray.ruled_out(season, request.user),
        "works": pages.works(season, request.user),
    }
    name = "_board_tray.html" if request.htmx else "board_tray.html"
    return render(request, f"shadowing/{name}", context)


@require_safe
def season_targets(request: PersonRequest, slug: str) -> JsonResponse:
    """What stands against each cell of the week for ``?visit=`` or ``?executive=``."""
    season = fetch(request, slug)
    places, day = overview.places_of(season, request.user), day_asked(request) or timezone.localdate()
    found = targets.against(season, places, mover(request, season), targets.week_of(day), timezone.now())
    return JsonResponse(found)


def mover(request: PersonRequest, season: Season) -> targets.Mover:
    """Who is to go somewhere; 404 where the address names nobody."""
    try:
        if chosen := request.GET.get("visit"):
            return targets.Mover.of(fetch_visit(request, uuid.UUID(chosen)))
    except ValueError as error:
        raise Http404 from error
    return targets.Mover(person(request, season).pk)


def person(request: PersonRequest, season: Season) -> Executive:
    """The executive of the season in the address; 404 where it names none."""
    asked = request.GET.get("executive", "")
    rows = Executive.objects.select_related("user").filter(seasons__season=season)
    found: Executive = get_object_or_404(rows, pk=int(asked) if asked.isdecimal() else 0)
    return found


@require_safe
def season_file(request: PersonRequest, slug: str, ending: str) -> FileResponse | HttpResponse:
    """The week as it is filtered, as CSV or XLSX."""
    season, filters = fetch(request, slug), Filters.of(request.GET)
    if ending not in files.KINDS:
        raise Http404
    places = overview.places_of(season, request.user)
    day = filters.day_or(timezone.localdate())
    board = build_board(season, places, day=day, now=timezone.now(), filters=filters)
    name = f"board-{season.slug}-{board.heads[0].day.isoformat()}.{ending}"
    return FileResponse(files.KINDS[ending](board), as_attachment=True, filename=name)
