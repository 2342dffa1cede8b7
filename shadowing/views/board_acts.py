"""What coordinators do on the board: one address for each verb, with scripts or without.

With htmx the answer holds the parts of the board that changed; without, it leads back to the board.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from people.errors import NotAllowed, Refused
from people.requests import PersonRequest
from shadowing.board import actions, options, pages, touched, undo
from shadowing.board.filters import Filters
from shadowing.board.forms import PairForm, VersionForm
from shadowing.models import Season, Visit
from shadowing.seasons import overview
from shadowing.views.board import day_of, fetch, fetch_visit
from shadowing.visits import acknowledging, rules

Act = Callable[..., Any]


def with_sites(season: Season) -> Season:
    """The same season with its sites, as the board needs it."""
    return overview.with_sites(Season.objects.all()).get(pk=season.pk)


def require_coordinator(request: PersonRequest, visit: Visit) -> None:
    """404 for people who only read the board."""
    if not rules.coordinates(request.user, visit):
        raise Http404


def version_of(request: PersonRequest) -> int | None:
    """The version of the visit as the person saw it."""
    return VersionForm(request.POST).version_read()


def carry_out(
    request: PersonRequest, season: Season, act: Act, *, said: str, visits: Sequence[Visit] = (), undoable: bool = True
) -> HttpResponse:
    """Do it and answer: the changed parts for htmx, else a way back. A refusal comes as a banner beside fresh cells."""
    now = timezone.now()
    try:
        act(by=request.user, now=now)
    except NotAllowed:
        raise
    except Refused as refusal:
        if not request.htmx:
            raise
        return refused(request, season, refusal, visits)
    return done(request, season, now, said, undoable=undoable, back=visits[0] if visits else None)


def done(
    request: PersonRequest, season: Season, now: datetime, said: str, *, undoable: bool, back: Visit | None = None
) -> HttpResponse:
    """The cells an act touched and a toast; without htmx a message on the board."""
    if not request.htmx:
        messages.success(request, said)
        return redirect(address(season, back))
    change = touched.by_act(season, request.user, now)
    response = changed(request, season, change)
    toast = {"text": said} | ({"undo": reverse("shadowing:board_undo", args=[season.slug])} if undoable else {})
    response["HX-Trigger"] = json.dumps({"toast": toast, "board-changed": {}})
    return response


def refused(request: PersonRequest, season: Season, refusal: Refused, visits: Sequence[Visit]) -> HttpResponse:
    """What was refused in words, and the cells as they are now: somebody else may have been faster."""
    return changed(request, season, since(request, visits), error=str(refusal), status=refusal.status)


def since(request: PersonRequest, visits: Sequence[Visit]) -> touched.Touched:
    """Where somebody else may have been faster: the latest places of these visits, and the day that was wanted."""
    change = touched.by_others(visits)
    if wanted := day_of(request.POST.get("date") or request.POST.get("day") or ""):
        change.days.add(wanted)
    return change


def changed(
    request: PersonRequest, season: Season, change: touched.Touched, *, error: str = "", status: int = 200
) -> HttpResponse:
    """The parts of the board, as it is filtered in the person's window, that a change touches."""
    now, filters = timezone.now(), filters_in_window(request)
    context = pages.board_page(with_sites(season), request.user, filters, now=now, today=timezone.localdate())
    context |= {"cells": change.cells(pages.board_of(context)), "error": error, "beside": True}
    return render(request, "shadowing/_board_changed.html", context, status=status)


def filters_in_window(request: PersonRequest) -> Filters:
    """What the board's address asks for in the window that sent this."""
    address = urlsplit(cast("Any", request.htmx).current_url or "")
    return Filters.of({name: values[0] for name, values in parse_qs(address.query).items()})


def address(season: Season, visit: Visit | None = None) -> str:
    """The board, on the week of a visit where there is one."""
    day = f"?day={Visit.objects.get(pk=visit.pk).date.isoformat()}" if visit else ""
    return reverse("shadowing:season_board", args=[season.slug]) + day


@require_POST
def lock(request: PersonRequest, visit_id: uuid.UUID) -> HttpResponse:
    """Keep the pair through the next plans, or (``locked`` empty) give it free."""
    visit, locked = fetch_visit(request, visit_id), bool(request.POST.get("locked"))
    require_coordinator(request, visit)
    act = partial(actions.lock_pair, visit=visit, locked=locked, version=version_of(request))
    said = _("Locked: the pair stays as it is when you solve again.") if locked else _("Free again.")
    return carry_out(request, visit.season, act, said=said, visits=[visit])


@require_POST
def acknowledge(request: PersonRequest, visit_id: uuid.UUID) -> HttpResponse:
    """Let a warning stand."""
    visit = fetch_visit(request, visit_id)
    require_coordinator(request, visit)
    act = partial(acknowledging.acknowledge, visit=visit, code=request.POST.get("code", ""))
    said = _("Acknowledged, with your name and today's date.")
    return carry_out(request, visit.season, act, said=said, visits=[visit], undoable=False)


@require_POST
def forbid(request: PersonRequest, visit_id: uuid.UUID) -> HttpResponse:
    """Never propose this pair again this season."""
    visit = fetch_visit(request, visit_id)
    require_coordinator(request, visit)
    act = partial(actions.forbid_pair, visit=visit, version=version_of(request))
    said = _("%(executive)s and %(host)s are not paired again this season.") % {
        "executive": visit.executive, "host": visit.host,
    }  # fmt: skip
    return carry_out(request, visit.season, act, said=said, visits=[visit])


@require_POST
def take_off(request: PersonRequest, visit_id: uuid.UUID) -> HttpResponse:
    """Take a proposed visit off the board."""
    visit = fetch_visit(request, visit_id)
    require_coordinator(request, visit)
    act = partial(actions.take_off, visit=visit, version=version_of(request))
    said = _("%(name)s has no visit now. Nobody was told.") % {"name": visit.executive}
    return carry_out(request, visit.season, act, said=said, visits=[visit])


@require_POST
def use(request: PersonRequest, slug: str) -> HttpResponse:
    """Use one of the next best places for an executive, with the moves it was shown with."""
    season, form = fetch(request, slug), PairForm(request.POST)
    day = day_of(request.POST.get("day", ""))
    if not form.is_valid() or day is None:
        raise Refused(_("Choose a place from the list."))
    executive, host = form.cleaned_data["executive"], form.cleaned_data["host"]
    visit = Visit.objects.live().filter(season=season, executive=executive).first()
    act = partial(
        options.use, season=season, executive=executive, host=host, day=day, seen=request.POST.getlist("moves"),
        visit=visit, version=version_of(request),
    )  # fmt: skip
    visits = [visit] if visit else []
    said = _("%(executive)s goes with %(host)s now.") % {"executive": executive, "host": host}
    return carry_out(request, season, act, said=said, visits=visits, undoable=not season.is_published)


@require_POST
def undo_last(request: PersonRequest, slug: str) -> HttpResponse:
    """Take back the person's own last change of this board."""
    season = fetch(request, slug)
    if not pages.works(season, request.user):
        raise Http404
    act = partial(undo.undo_last, season=season)
    return carry_out(request, season, act, said=_("Your last change is taken back."), undoable=False)


@require_POST
def allow(request: PersonRequest, slug: str) -> HttpResponse:
    """Let a pair be proposed again."""
    season, form = fetch(request, slug), PairForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose a pair from the list."))
    actions.allow_pair(season=season, by=request.user, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("The two may be paired again."))
    return redirect("shadowing:board_tray", slug=slug)
