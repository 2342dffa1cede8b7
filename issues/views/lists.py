"""Lists of issues: all a person may see, as a page and as a file, and what they must do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from issues import bar, listing
from issues.bulk import BULK
from issues.filter_form import FilterForm
from issues.filters import Filters
from issues.models import Issue
from issues.models.issues import acted_for
from issues.models.sights import counterpart_issues
from issues.queries import EXPORT_COLUMNS, issue_rows, take_aways_owed
from people import exports
from people.models import User
from people.requests import PersonRequest
from shadowing.models import Visit
from shadowing.models.visits import VisitQuerySet

MOST = 50  # entries of a list that has no pages
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """All issues the person may see: filters, sort and page are the address. Without any the default view, if they have
    one."""
    user, today = request.user, timezone.localdate()
    options = listing.options(user)
    if options["default"] and not request.GET:
        return redirect(replace(Filters.of(options["default"][0][0]), has_default=True).address())
    filters = replace(Filters.read(request.GET), has_default=bool(options["default"]))
    found, counts = _found(user, filters)
    count = None if filters.q else counts.get("found", counts["all"])
    page = listing.page_of(found, filters, count=count, today=today)
    context: dict[str, Any] = {
        "page": page,
        "filters": filters,
        "counts": counts,
        "today": today,
        "kept": filters.kept(),
    }
    context |= bar.bar(user, filters, options, counts) | _rights(user)
    if context["may_choose"]:
        context |= bar.choosing(page, request.GET.get("tick", "")) | {"tasks": list(BULK.values())}
    return render(request, "issues/index.html", context)


def _found(user: User, filters: Filters) -> tuple[Any, dict[str, int]]:
    """The issues asked for, and how many there are of what the page counts: capped, in one query. What a search finds is
    not counted, for every text that may match has to be read: the page says how many there are so far."""
    today = timezone.localdate()
    seen = Issue.objects.visible_to(user)
    found = filters.apply(seen, user, today)
    wanted = {"all": seen, "open": seen.open(), "overdue": seen.overdue(today), "waits": seen.waiting_for_host()}
    return found, listing.counts(**wanted | ({"found": found} if filters.narrows and not filters.q else {}))


def _rights(user: User) -> dict[str, bool]:
    return {
        "own_page": bool(user.identities & bar.OWNERS),
        "may_choose": bool(user.identities & bar.STAFF),
        "may_export": bool(user.identities & bar.READERS),
    }


@require_safe
def export(request: PersonRequest, ending: str) -> HttpResponseBase:
    """The list as a file: the same issues in the same order, all of them."""
    filters = Filters.read(request.GET)
    found = filters.apply(Issue.objects.visible_to(request.user), request.user, timezone.localdate())
    return as_file(list(EXPORT_COLUMNS), issue_rows(filters.order(found)), "issues", ending)


def as_file(columns: Sequence[str], rows: Iterable[Sequence[Any]], name: str, ending: str) -> HttpResponseBase:
    """Rows as CSV, streamed, or as a workbook; 404 for anything else."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    if ending == "csv":
        lines = exports.csv_lines(columns, rows)
        return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
    if ending != "xlsx":
        raise Http404
    return FileResponse(exports.write_xlsx(columns, rows, name), content_type=XLSX, headers=headers)


@require_safe
def filters(request: PersonRequest) -> HttpResponse:
    """Every filter as one form; the list is its answer."""
    asked = Filters.read(request.GET)
    form = FilterForm(user=request.user, filters=asked)
    return render(request, "issues/filters.html", {"form": form, "filters": asked, "kept": asked.kept(*form.fields)})


@require_safe
def mine(request: PersonRequest) -> HttpResponse:
    """What I must do: what I am asked, take-aways I owe, then the issues I own or work on by the clock that runs out
    first."""
    user, today = request.user, timezone.localdate()
    working = Issue.objects.owned_by(user).values("pk").union(counterpart_issues(user, "accepted"))
    page = listing.page_of(Issue.objects.open().filter(pk__in=working), Filters(), count=0, today=today)
    owing = (
        take_aways_owed(_own_visits(user)).order_by("date", "pk").values("pk")[:MOST]
    )  # cut before anything is joined
    owed = list(Visit.objects.filter(pk__in=owing).for_list())
    asked = list(
        Issue.objects.asked_of(user).select_related("owner__user", "promised_to__user").order_by("number")[:MOST]
    )
    overdue = sum(row["clocks"].over(today) > 0 for row in page.rows)
    context = {"asked": asked, "owed": owed, "page": page, "overdue": overdue, "today": today, "heads": bar.heads()}
    return render(request, "issues/mine.html", context | {"lead": _lead(len(asked), len(owed), overdue)})


def _lead(asked: int, owed: int, overdue: int) -> str:
    """What waits, in figures; nothing when nothing does."""
    words = [
        (asked, ngettext("%(count)d question to answer", "%(count)d questions to answer", asked)),
        (owed, ngettext("%(count)d take-away owed", "%(count)d take-aways owed", owed)),
        (overdue, ngettext("%(count)d issue overdue", "%(count)d issues overdue", overdue)),
    ]
    return ", ".join(said % {"count": count} for count, said in words if count)


def _own_visits(user: User) -> VisitQuerySet:
    """Visits of this person, and of executives they act for; nobody else is looked up for."""
    if not user.identities & bar.OWNERS:
        return Visit.objects.none()
    return Visit.objects.filter(executive__in=acted_for(user))
