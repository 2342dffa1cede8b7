"""Looking closer at a plan: one pair explained, two plans compared, files to download."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from people.exports import csv_lines, write_xlsx
from people.paging import page_of
from people.requests import PersonRequest
from shadowing.models import Plan
from shadowing.plans import compare as comparing
from shadowing.plans import pairs as pair_lists
from shadowing.plans import reading, terms
from shadowing.plans.words import LEFT_OUT_COLUMNS, left_out_rows
from shadowing.views.plans import fetch, fetch_plan

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def pair(request: PersonRequest, slug: str, number: int, executive_id: int) -> HttpResponse:
    """One pair: the terms of its score in words and numbers, and the next best host."""
    season = fetch(request, slug)
    found = terms.find_pair(season, number, executive_id, request.user)
    if found is None:
        raise Http404
    context: dict[str, Any] = terms.pair_page(found, request.user)
    return render(request, "shadowing/plan_pair.html", context | {"season": season})


@require_safe
def pairs_file(request: PersonRequest, slug: str, number: int, ending: str) -> HttpResponseBase:
    """The pairs as the page's filters and order leave them."""
    plan = finished(fetch_plan(request, slug, number))
    wanted = pair_lists.Wanted.of(request.GET)
    rows = wanted.apply(pair_lists.seen_by(request.user, pair_lists.read_pairs(plan)))
    return file(pair_lists.PAIR_COLUMNS, pair_lists.pair_rows(rows), f"{slug}-plan-{number}-pairs", ending)


@require_safe
def left_out_file(request: PersonRequest, slug: str, number: int, ending: str) -> HttpResponseBase:
    """Who is left out and why, in the order of the waiting list."""
    plan = finished(fetch_plan(request, slug, number))
    rows = left_out_rows(reading.left_out_of(plan))
    return file(LEFT_OUT_COLUMNS, rows, f"{slug}-plan-{number}-left-out", ending)


@require_safe
def compare(request: PersonRequest, slug: str) -> HttpResponse:
    """Two plans side by side: figures, who is placed in only one of them, whose pair changed."""
    season, (one, other) = fetch(request, slug), two_plans(request, slug)
    sides = comparing.read_side(one), comparing.read_side(other)
    everything = comparing.changes(*sides)
    changes = comparing.seen_by(request.user, everything)
    found = comparing.filtered(changes, request.GET)
    context = comparing.compare_page(sides, changes, found, request.user)
    plans = Plan.objects.filter(season=season).finished().order_by("-number")[: reading.MOST_LISTED]
    context |= {"season": season, "plans": plans, "page": page_of(found, request.GET.get("page"))}
    return render(request, "shadowing/plan_compare.html", context)


@require_safe
def compare_file(request: PersonRequest, slug: str) -> HttpResponseBase:
    """The changes as the page's filters leave them, as CSV."""
    one, other = two_plans(request, slug)
    changes = comparing.changes(comparing.read_side(one), comparing.read_side(other))
    found = comparing.filtered(comparing.seen_by(request.user, changes), request.GET)
    rows = comparing.change_rows(found, request.user)
    return file(comparing.CHANGE_COLUMNS, rows, f"{slug}-plan-{one.number}-against-{other.number}", "csv")


def two_plans(request: PersonRequest, slug: str) -> tuple[Plan, Plan]:
    """The finished plans of ``?one=`` and ``?other=``; without numbers the two newest. 404 where there are not two."""
    finished_plans = Plan.objects.visible_to(request.user).finished().filter(season__slug=slug)
    newest = list(finished_plans.select_related("season").order_by("-number")[:2])
    asked = [request.GET.get(name, "") for name in ("one", "other")]
    if len(newest) < 2:
        raise Http404
    if not any(asked):
        return newest[0], newest[1]
    if not all(number.isdecimal() and len(number) < 10 for number in asked):
        raise Http404
    one, other = (get_object_or_404(finished_plans.select_related("season"), number=int(number)) for number in asked)
    return one, other


def finished(plan: Plan) -> Plan:
    """The plan when it has a result, else 404."""
    if not plan.is_finished:
        raise Http404
    return plan


def file(columns: Sequence[str], rows: Iterable[Sequence[Any]], name: str, ending: str) -> HttpResponseBase:
    """The rows as CSV or XLSX to download; 404 for another ending."""
    if ending not in ("csv", "xlsx"):
        raise Http404
    if ending == "xlsx":
        book = write_xlsx(columns, rows, name)
        return FileResponse(book, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingHttpResponse(csv_lines(columns, rows), content_type="text/csv; charset=utf-8", headers=headers)
