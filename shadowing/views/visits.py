"""The visit list, the page of a visit, and its verbs: one address each."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from people.errors import NotAllowed, Refused
from people.models import User
from people.paging import page_of
from shadowing.models import Visit, VisitState
from shadowing.models.visits import VisitQuerySet
from shadowing.visits import actions, history, listing, pages, record, room, rules, warnings
from shadowing.visits.forms import CorrectForm, FilterForm, MoveForm, ReasonForm
from shadowing.visits.rules import Side

Act = Callable[[dict[str, Any], datetime], Visit]
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def me(request: HttpRequest) -> User:
    """The signed-in person; the policy table lets nobody else in."""
    return cast("User", request.user)


def find(request: HttpRequest, visit_id: uuid.UUID) -> Visit:
    """The visit, when this person may see it; 404 otherwise."""
    visits = Visit.objects.visible_to(me(request)).select_related(*record.WITH_PEOPLE)
    return get_object_or_404(visits, uuid=visit_id)


def posted(request: HttpRequest) -> QueryDict | None:
    """What a POST sent, also when that is nothing; None for a GET."""
    return request.POST if request.method == "POST" else None


def side_asked(request: HttpRequest, visit: Visit) -> Side:
    """Which side the person acts for: as the address says, else the one that is theirs."""
    mine = rules.sides_of(me(request), visit)
    try:
        return Side(request.GET.get("side") or (mine[0] if mine else Side.EXECUTIVE))
    except ValueError as error:
        raise Http404 from error


@require_GET
def visits(request: HttpRequest) -> HttpResponse:
    """The list: filters, sort and page in the address."""
    user = me(request)
    form = FilterForm(request.GET, user=user)
    sort = request.GET.get("sort", "-date")
    page = page_of(listing.filtered(user, form.wanted(), sort), request.GET.get("page"))
    page.object_list = listing.rows_of(cast("VisitQuerySet", page.object_list), user)
    states = [(value, word, form.cleaned_data.get("state") == value) for value, word in VisitState.choices]
    filtered = any(form.cleaned_data.values())
    context = {"page": page, "form": form, "sort": sort, "states": states, "filtered": filtered}
    return render(request, "shadowing/visits.html", context)


@require_GET
def visit(request: HttpRequest, visit_id: uuid.UUID) -> HttpResponse:
    """One visit: where it stands, who, where, when, what happened, and what comes next."""
    found = find(request, visit_id)
    return render(request, "shadowing/visit.html", page_context(me(request), found, timezone.now()))


def page_context(user: User, found: Visit, now: datetime) -> dict[str, Any]:
    """All the page shows."""
    day, today = pages.room_of(found), rules.local_date(found.site, now)
    coordinates = rules.coordinates(user, found)
    doubts = warnings.of_visits(found.season, [found], now=now) if coordinates and found.is_live else []
    return {
        "visit": found,
        "state": history.shown_state(user, found),
        "chain": pages.chain(found) if found.is_live else [],
        "times": pages.times(found, day, reader=user.zone, now=now),
        "room": day.room if day else "",
        "answers": pages.answers(user, found) if found.invited_at else [],
        "actions": pages.actions_for(user, found, today=today, standby=day.standby if day else None),
        "entries": history.entries(found, history.events_of(found), user),
        "warnings": doubts,
        "takes_part": rules.takes_part(user, found),
        "coordinates": coordinates,
        "regroup_url": pages.regroup_url(user, found),
        "reason": found.ended_reason if history.knows_who_declined(user, found) else "",
    }


@require_POST
def accept(request: HttpRequest, visit_id: uuid.UUID) -> HttpResponse:
    found = find(request, visit_id)
    side = side_asked(request, found)
    found = actions.answer_invitation(visit=found, side=side, yes=True, by=me(request), now=timezone.now())
    both = found.state == VisitState.CONFIRMED
    messages.success(
        request, _("Both accepted: the day stands.") if both else _("Accepted. The other side is still asked.")
    )
    return redirect(found)


@get_or_post
def decline(request: HttpRequest, visit_id: uuid.UUID) -> HttpResponse:
    found = find(request, visit_id)
    side = side_asked(request, found)
    allowed = rules.may_answer(me(request), found, side)

    def act(data: dict[str, Any], now: datetime) -> Visit:
        return actions.answer_invitation(
            visit=found, side=side, yes=False, by=me(request), now=now, reason=data["reason"]
        )  # fmt: skip

    form = ReasonForm(posted(request))
    return ask(
        request, found, "decline", form, act, allowed=allowed, done=_("Declined. Everybody was told."), side=side
    )


@get_or_post
def move(request: HttpRequest, visit_id: uuid.UUID) -> HttpResponse:
    found, user = find(request, visit_id), me(request)
    first = rules.local_date(found.site, timezone.now())
    days = [day for day in room.free_days_of(found, first=first) if day != found.date]
    form = MoveForm(posted(request), days=days, initial={"version": found.version})

    def act(data: dict[str, Any], now: datetime) -> Visit:
        return actions.move_visit(visit=found, by=user, now=now, **data)

    bound = rules.bound_by_notice(user, found)
    more = {"bound": bound, "last_day": rules.last_day_to_move(found), "left": rules.MOST_MOVES - found.moves}
    allowed, done = rules.may_move(user, found), _("Moved. Both are asked again.")
    return ask(request, found, "move", form, act, allowed=allowed, done=done, **more)


@get_or_post
def cancel(request: HttpRequest, visit_id: uuid.UUID) -> HttpResponse:
    found, user = find(request, visit_id), me(request)
    form = ReasonForm(posted(request), initial={"version": found.version})

    def act(data: dict[str, Any], now: datetime) -> Visit:
        return actions.cancel_visit(visit=found, by=user, now=now, **data)

    allowed = rules.coordinates(user, found)
    return ask(request, found, "cancel", form, act, allowed=allowed, done=_("Called off. Those invited were told."))


@get_or_post
def correct(request: HttpRequest, visit_id: uuid.UUID) -> HttpResponse:
    found, user = find(request, visit_id), me(request)
    other = "no" if found.state == VisitState.HELD else "yes"
    form = CorrectForm(posted(request), initial={"held": other, "version": found.version})

    def act(data: dict[str, Any], now: datetime) -> Visit:
        return actions.correct_attendance(
            visit=found, held=data["held"], by=user, now=now, reason=data["reason"]
        )  # fmt: skip

    allowed = rules.coordinates(user, found)
    return ask(request, found, "correct", form, act, allowed=allowed, done=_("Corrected, on record."))


def ask(
    request: HttpRequest, found: Visit, name: str, form: forms.Form, act: Act, *, allowed: bool, done: str, **more: Any
) -> HttpResponse:
    """A verb that needs words first: GET shows its form, POST acts; a refusal comes back with what was typed."""
    if not allowed:
        raise Http404
    if request.method != "POST":
        status = 200
    elif (status := outcome(form, act)) == 200:
        messages.success(request, done)
        return redirect(found)
    context = {"visit": found, "form": form, "state": history.shown_state(me(request), found), **more}
    return render(request, f"shadowing/visit_{name}.html", context, status=status)


def outcome(form: forms.Form, act: Act) -> int:
    """Act on a valid form: 200, or the status of what was refused, whose words are then in the form."""
    if not form.is_valid():
        return 422
    try:
        act(form.cleaned_data, timezone.now())
    except NotAllowed:
        raise
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return refusal.status
    return 200


@require_POST
def invite(request: HttpRequest, visit_id: uuid.UUID) -> HttpResponse:
    found = actions.invite(visit=find(request, visit_id), by=me(request), now=timezone.now())
    messages.success(request, _("Invited. Both have a message with a calendar entry on its way."))
    return redirect(found)


@require_POST
def brief(request: HttpRequest, visit_id: uuid.UUID) -> HttpResponse:
    found = find(request, visit_id)
    side = side_asked(request, found)
    actions.acknowledge_briefing(visit=found, side=side, by=me(request), now=timezone.now())
    messages.success(request, _("Noted: you know what the day is and is not."))
    return redirect(found)
