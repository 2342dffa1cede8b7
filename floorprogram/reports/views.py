"""Report pages and their downloads. The page and the file are made from the same rows."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import FileResponse, Http404, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from floorprogram.reports import figures
from floorprogram.reports.catalogue import CATALOGUE, Report
from floorprogram.reports.chart import segmented_bars
from floorprogram.reports.figures import Filters
from floorprogram.reports.forms import FilterForm
from people import exports
from people.errors import Refused
from people.requests import PersonRequest
from shadowing.models import Season
from surveys.models import Round
from surveys.results import worthwhile

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """Every report, with its downloads."""
    return render(request, "reports/index.html", {"reports": CATALOGUE.values()})


@require_safe
def report(request: PersonRequest, name: str) -> HttpResponse:
    """The page of one report; participation has its own anatomy, the others are a table."""
    found, form, filters = _asked(request, name)
    if name == "participation":
        return participation(request, form, filters)
    rows = list(found.rows(request.user, filters, timezone.now()))
    context = {"report": found, "form": form, "rows": rows[:200], "count": len(rows), "filters": filters}
    return render(request, "reports/table.html", context)


def participation(request: PersonRequest, form: FilterForm, filters: Filters) -> HttpResponse:
    """Four figures, the chart with its definition, the same as a table, and what is stuck."""
    now = timezone.now()
    due = figures.over_by(now)
    rows = figures.participation(request.user, filters, due=due)
    whole = figures.total(rows)
    before = _before(request, filters, rows, whole, due)
    rounds = Round.objects.visible_to(request.user)
    context: dict[str, Any] = {
        "form": form,
        "filters": filters,
        "rows": rows,
        "all": whole,
        "before": before,
        "chart": segmented_bars(rows),
        "worthwhile": worthwhile(rounds.filter(season=filters.season) if filters.season else rounds),
        "issues": figures.issue_counts(request.user, filters.season, today=timezone.localdate(now)),
        "stuck": figures.stuck(request.user, filters.season, today=timezone.localdate(now)),
        "now": now,
    }
    return render(request, "reports/participation.html", context)


def _before(
    request: PersonRequest, filters: Filters, rows: list[figures.Row], whole: figures.Row, due: Q
) -> Season | None:
    """Give each row, and the whole, its figures of the season before; returns that season."""
    earlier = figures.previous_season(filters.season) if filters.season else None
    if earlier:
        old = {row.group: row for row in figures.participation(request.user, Filters(earlier, filters.by), due=due)}
        for row in rows:
            row.before = old.get(row.group)
        whole.before = figures.total(old.values())
    return earlier


@require_safe
def csv(request: PersonRequest, name: str) -> HttpResponseBase:
    """The report as CSV, streamed."""
    found, _form, filters = _asked(request, name)
    lines = exports.csv_lines(found.columns, found.rows(request.user, filters, timezone.now()))
    return StreamingHttpResponse(
        lines, content_type="text/csv; charset=utf-8", headers=_attached(found, filters, "csv")
    )


@require_safe
def xlsx(request: PersonRequest, name: str) -> HttpResponseBase:
    """The report as a workbook with typed cells."""
    found, _form, filters = _asked(request, name)
    file = exports.write_xlsx(found.columns, found.rows(request.user, filters, timezone.now()), name)
    return FileResponse(file, content_type=XLSX, headers=_attached(found, filters, "xlsx"))


def _asked(request: PersonRequest, name: str) -> tuple[Report, FilterForm, Filters]:
    """The report and its filters; without a season in the address, the current one. Refuses filters that mean nothing."""
    if name not in CATALOGUE:
        raise Http404
    data = request.GET.copy() if request.GET else _default_filters(request)
    form = FilterForm(data, user=request.user)
    if not form.is_valid():
        raise Refused("; ".join(f"{field}: {' '.join(map(str, words))}" for field, words in form.errors.items()))
    return CATALOGUE[name], form, form.filters()


def _default_filters(request: PersonRequest) -> QueryDict:
    data = QueryDict(mutable=True)
    seasons = Season.objects.visible_to(request.user).filter(starts_on__lte=timezone.localdate())
    if season := seasons.order_by("-starts_on", "pk").first():
        data["season"] = season.slug
    return data


def _attached(found: Report, filters: Filters, ending: str) -> dict[str, str]:
    scope = f"-{filters.season.slug}" if filters.season else ""
    return {"Content-Disposition": f'attachment; filename="{found.name}{scope}.{ending}"'}
