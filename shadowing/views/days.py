"""How many can on each day of a season, who on one of them, and the same as files."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from people import exports
from people.requests import PersonRequest
from shadowing.availability import day as one_day
from shadowing.availability import heat, heat_words
from shadowing.models import Season
from shadowing.seasons import overview

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def fetch(request: PersonRequest, slug: str) -> Season:
    """The season with its sites, where the person may see it; 404 where not."""
    season: Season = get_object_or_404(overview.with_sites(Season.objects.visible_to(request.user)), slug=slug)
    return season


def _read(request: PersonRequest, slug: str) -> tuple[heat.Heat, heat.Filters, list[Any]]:
    season, filters = fetch(request, slug), heat.Filters.read(request.GET)
    places = overview.places_of(season, request.user)
    return heat.heat_of(season, places, request.user, filters), filters, places


@require_safe
def season_days(request: PersonRequest, slug: str) -> HttpResponse:
    """Days down, sites across: places, executives and hosts who can, and where it will be short."""
    found, filters, places = _read(request, slug)
    context = {
        "season": found.season,
        "heat": found,
        "weeks": heat_words.weeks(found.rows),
        "title": heat_words.title(found),
        "figures": heat_words.figures(found),
        "filters": filters,
        "places": places,
        "units": heat.units_of(found.season),
        "query": request.GET.urlencode(),
    }
    return render(request, "shadowing/season_days.html", context)


@require_safe
def days_on(request: PersonRequest, slug: str, day: date) -> HttpResponse:
    """Who can on that day, and who cannot."""
    season = fetch(request, slug)
    if not season.starts_on <= day <= season.ends_on:
        raise Http404
    places = overview.places_of(season, request.user)
    context = one_day.day_page(season, places, request.user, day=day, asked=request.GET)
    return render(request, "shadowing/season_day.html", context)


@require_safe
def days_csv(request: PersonRequest, slug: str) -> HttpResponseBase:
    """The page's figures as CSV."""
    found, _filters, _places = _read(request, slug)
    lines = exports.csv_lines(heat.COLUMNS, heat.export_rows(found))
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=_attached(slug, "csv"))


@require_safe
def days_xlsx(request: PersonRequest, slug: str) -> HttpResponseBase:
    """The page's figures as a workbook with typed cells."""
    found, _filters, _places = _read(request, slug)
    file = exports.write_xlsx(heat.COLUMNS, heat.export_rows(found), "days")
    return FileResponse(file, content_type=XLSX, headers=_attached(slug, "xlsx"))


def _attached(slug: str, ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="days-{slug}.{ending}"'}
