"""Take-aways that are owed or were waived, as a page and as a file."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from issues import owed as lists
from issues import rules
from issues.owed import OwedFilters
from issues.views.lists import as_file
from people.paging import page_of
from people.requests import PersonRequest


@require_safe
def owed(request: PersonRequest) -> HttpResponse:
    """Which visit owes a take-away, for how long, and why; or which were waived."""
    user, today, filters = request.user, timezone.localdate(), OwedFilters.read(request.GET)
    found = lists.keys(user, filters)
    page = page_of(found, request.GET.get("page"))
    rows = [
        {
            "visit": visit, "reason": lists.reason(visit), "days": lists.days_owed(visit, today),
            "take": filters.show == "owed" and rules.may_take_away(user, visit),
            "waive": filters.show == "owed" and rules.may_waive(user, visit),
        }
        for visit in lists.page_rows(page.object_list)
    ]  # fmt: skip
    context = {"rows": rows, "page": page, "filters": filters, "today": today, "sites": lists.sites(found)}
    return render(request, "issues/owed.html", context)


@require_safe
def export(request: PersonRequest, ending: str) -> HttpResponseBase:
    """The same as a file."""
    filters, today = OwedFilters.read(request.GET), timezone.localdate()
    rows = lists.export_rows(request.user, filters, today)
    return as_file(lists.COLUMNS, rows, f"take-aways-{filters.show}", ending)
