"""Putting visits somewhere on the board: moving one, swapping two, proposing one. A form without scripts, a dialog with."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from people.errors import NotAllowed, Refused
from people.models import Executive, Site
from people.requests import PersonRequest
from shadowing.board import actions as board
from shadowing.board import pages
from shadowing.board.forms import PlaceForm, ProposeForm, SwapForm, hosts_at, site_in_hand
from shadowing.models import Season, Visit
from shadowing.views.board import day_asked, fetch, fetch_visit
from shadowing.views.board_acts import Act, changed, done, require_coordinator, since
from shadowing.visits import rules
from shadowing.visits.room import short

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
def place(request: PersonRequest, visit_id: uuid.UUID) -> HttpResponse:
    """Move a visit to a day and a host, here or at another site (``?site=``)."""
    visit = movable(request, visit_id)
    site = site_in_hand(visit.season, request.user, request.GET.get("site", ""), visit.site) or visit.site
    stays = site.pk == visit.site_id
    initial = {"date": day_asked(request) or visit.date, "host": visit.host_id if stays else None}
    hosts = hosts_at(visit.season, site, keep=visit.host if stays else None)
    form = PlaceForm(posted(request), hosts=hosts, initial=initial | {"version": visit.version})
    form.fields["host"].required = not stays
    act = partial(board.move, visit=visit)
    said = partial(moved_words, visit)
    context = {"visit": visit, "season": visit.season, "executive": visit.executive, "site": site}
    return ask(request, "place", form, act, said, context | {"sites": sites_of(visit.season, request)}, [visit])


def movable(request: PersonRequest, visit_id: uuid.UUID) -> Visit:
    """The visit, where this person may move it."""
    visit = fetch_visit(request, visit_id)
    require_coordinator(request, visit)
    if visit.state not in rules.MOVABLE:
        raise Refused(_("This visit is over, so it cannot be moved."))
    return visit


def moved_words(visit: Visit, data: dict[str, Any]) -> str:
    """What was done and who hears of it."""
    told = _("Both are asked again.") if visit.invited_at else _("Nobody was told.")
    words = _("%(name)s comes on %(day)s with %(host)s. %(told)s")
    return words % {
        "name": visit.executive,
        "day": short(data["date"]),
        "host": data["host"] or visit.host,
        "told": told,
    }


@get_or_post
def swap(request: PersonRequest, visit_id: uuid.UUID) -> HttpResponse:
    """Let two visits (``?with=``) trade days or executives."""
    visit = movable(request, visit_id)
    other = movable(request, key_of(request.GET.get("with", "")))
    if other.season_id != visit.season_id or other.pk == visit.pk:
        raise Http404
    what = board.DAYS if other.site_id == visit.site_id and other.date != visit.date else board.EXECUTIVES
    initial = {"version": visit.version, "other_version": other.version, "what": what}
    form = SwapForm(posted(request), initial=initial)
    act = partial(swap_read, visit, other)
    told = visit.invited_at or other.invited_at
    said = _("Swapped. Those who were invited are asked again.") if told else _("Swapped. Nobody was told.")
    context = {"visit": visit, "other": other, "season": visit.season}
    return ask(request, "swap", form, act, lambda data: said, context, [visit, other])


def swap_read(visit: Visit, other: Visit, *, version: int | None, other_version: int | None, **rest: Any) -> None:
    """Swap two visits as they were read."""
    board.swap_visits(visit=visit, other=other, versions=(version, other_version), **rest)


def key_of(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Http404 from error


@get_or_post
def propose(request: PersonRequest, slug: str) -> HttpResponse:
    """Put somebody without a visit (``?executive=``) on the board, at a site (``?site=``) on a day (``?day=``)."""
    season = fetch(request, slug)
    if not pages.works(season, request.user):
        raise Http404
    asked = (request.POST or request.GET).get("executive", "")
    pk = int(asked) if asked.isdecimal() else 0
    executive = get_object_or_404(Executive.objects.select_related("user"), pk=pk, seasons__season=season)
    site = site_in_hand(season, request.user, request.GET.get("site", ""), None)
    if site is None:
        raise Http404
    initial = {"executive": executive.pk, "date": day_asked(request) or first_day(season)}
    form = ProposeForm(posted(request), season=season, hosts=hosts_at(season, site), initial=initial)
    context = {"season": season, "executive": executive, "site": site, "sites": sites_of(season, request)}
    context["asked"] = f"&executive={executive.pk}"
    words = _("%(name)s comes on %(day)s with %(host)s. Nobody was told.")
    return ask(
        request, "propose", form, partial(propose_read, season),
        lambda data: words % {"name": executive, "day": short(data["date"]), "host": data["host"]}, context, [],
    )  # fmt: skip


def propose_read(season: Season, *, reason: str, version: int | None, **rest: Any) -> Visit:
    """Propose what the form holds; it has no reason and no version."""
    return board.propose(season=season, **rest)


def first_day(season: Season) -> date:
    return max(season.starts_on, min(timezone.localdate(), season.ends_on))


def sites_of(season: Season, request: PersonRequest) -> list[Site]:
    """Sites of the season the person coordinates."""
    sites = Site.objects.coordinated_by(request.user).filter(season_sites__season=season)
    return list(sites.order_by("name_key", "pk"))


def posted(request: PersonRequest) -> Any:
    """What a POST sent; None for a GET."""
    return request.POST if request.method == "POST" else None


def ask(
    request: PersonRequest, name: str, form: forms.Form, act: Act, said: Any, context: dict[str, Any],
    visits: list[Visit],
) -> HttpResponse:  # fmt: skip
    """GET shows the form, in a dialog for htmx; POST acts. A refusal comes back with what was typed."""
    season, now, status = context["season"], timezone.now(), 200
    if request.method == "POST":
        status = outcome(request, form, act, now)
        if status == 200:
            words = said(form.cleaned_data)
            return done(
                request, season, now, words, undoable=not any(v.invited_at for v in visits), back=back_of(visits)
            )
        if request.htmx and form.data.get("at_once"):
            return refused_at_once(request, season, form, visits, status)
    kind = f"_board_{name}_dialog" if request.htmx else f"board_{name}"
    return render(request, f"shadowing/{kind}.html", context | {"form": form}, status=status)


def back_of(visits: list[Visit]) -> Visit | None:
    return visits[0] if visits else None


def outcome(request: PersonRequest, form: forms.Form, act: Act, now: datetime) -> int:
    """Act on a valid form: 200, or the status of what was refused, whose words are then in the form."""
    if not form.is_valid():
        return 422
    try:
        act(by=request.user, now=now, **form.cleaned_data)
    except NotAllowed:
        raise
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return refusal.status
    return 200


def refused_at_once(
    request: PersonRequest, season: Season, form: forms.Form, visits: list[Visit], status: int
) -> HttpResponse:
    """A drop that was refused: the words as a banner, the cells as they are now."""
    words = " ".join(str(error) for errors in form.errors.values() for error in errors)
    return changed(request, season, since(request, visits), error=words, status=status)
