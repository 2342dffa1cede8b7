"""Visit days: the list, the page of one day, and arrivals on it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from people.errors import NotAllowed, Refused
from people.models import Site, User
from people.paging import page_of
from shadowing.models import Visit, VisitState
from shadowing.repairs import standby
from shadowing.views.visits import find, me
from shadowing.visits import actions, days, listing, rules


@require_GET
def visit_days(request: HttpRequest) -> HttpResponse:
    """Every site and date with visits, coming ones first; ``?past=1`` those before today."""
    user = me(request)
    sites = list(listing.sites_for(user))
    site = next((site for site in sites if site.slug == request.GET.get("site")), None)
    past, today = bool(request.GET.get("past")), timezone.localdate()
    page = page_of(listing.visit_days(user, today=today, past=past, site=site), request.GET.get("page"))
    context = {"page": page, "sites": sites, "site": site, "past": past, "today": today}
    return render(request, "shadowing/visit_days.html", context)


@require_GET
def visit_day(request: HttpRequest, site: str, day: date) -> HttpResponse:
    """Who is coming, who has arrived, the timetable; printed it is the day sheet."""
    user = me(request)
    found = get_object_or_404(Site, slug=site)
    if not (user.reads_everything or user.coordinates(found.pk)):
        raise Http404
    context = days.read_day(found, day, reader=user, now=timezone.now())
    may_name = user.coordinates(found.pk) and day >= rules.local_date(found, timezone.now()) and context["arrivals"]
    context["standby_hosts"] = standby.candidates(found, day) if may_name else None
    return render(request, "shadowing/visit_day.html", context)


@require_POST
def check_in(request: HttpRequest, visit_id: uuid.UUID) -> HttpResponse:
    return arrive(request, visit_id, actions.check_in)


@require_POST
def no_show(request: HttpRequest, visit_id: uuid.UUID) -> HttpResponse:
    return arrive(request, visit_id, actions.mark_no_show)


def arrive(request: HttpRequest, visit_id: uuid.UUID, act: Callable[..., Visit]) -> HttpResponse:
    """One arrival. On the day's page the row is swapped, refused ones with the reason in it; else back to where it
    was."""
    found, now, error, status = find(request, visit_id), timezone.now(), "", 200
    try:
        found = act(visit=found, by=me(request), now=now)
    except NotAllowed:
        raise
    except Refused as refusal:
        if not getattr(request, "htmx", False):
            raise
        found, error, status = find(request, visit_id), str(refusal), refusal.status
    if getattr(request, "htmx", False):
        return render(request, "shadowing/_arrival.html", arrival(me(request), found, now, error), status=status)
    return back(request, found)


def arrival(user: User, found: Visit, now: datetime, error: str) -> dict[str, Any]:
    """What one row of the day's page shows."""
    today, page = rules.local_date(found.site, now), days.visit_day(found.site, found.date)
    row = days.arrival(found, page, reader=user, today=today, notes=days.notes_on([found], user))
    return {"row": row, "error": error, "VisitState": VisitState}


def back(request: HttpRequest, found: Visit) -> HttpResponse:
    """To the day's page for those who came from there, else to the visit."""
    if request.POST.get("from") == "day":
        return redirect("shadowing:visit_day", site=found.site.slug, day=found.date)
    return redirect(found)
