"""Answering an invitation from a message, without signing in: a GET shows, a POST answers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from notifications.links import GONE, LinkGone, Purpose
from notifications.models import Link
from people.errors import NotAllowed, Refused
from shadowing.models import SeasonHost, Visit, VisitState, Willing
from shadowing.notices.asking import season_id_of
from shadowing.notices.subjects import uuid_of
from shadowing.seasons import record_willing
from shadowing.views import link_days
from shadowing.visits import actions, pages, record, rules
from shadowing.visits.rules import Side

OPEN = (VisitState.INVITED, VisitState.CONFIRMED)


def answer(request: HttpRequest, link: Link) -> HttpResponse:
    """The invitation the link is for; the answer named in the address is only offered first, never given."""
    visit, side, error, status = *asked(link), "", 200
    if request.method == "POST":
        error, status = give(request, link, visit, side)
        visit = asked(link)[0]
    context = answer_context(request, link, visit, side)
    return render(request, "shadowing/answer.html", context | {"error": error}, status=status)


def asked(link: Link) -> tuple[Visit, Side]:
    """The visit and the side this link answers for. Raises LinkGone for people who are no longer part of it."""
    visits = Visit.objects.select_related(*record.WITH_PEOPLE)
    visit = visits.filter(uuid__in=filter(None, [uuid_of(link.subject)]), invited_at__isnull=False).first()
    sides = rules.sides_of(link.user, visit) if visit else ()
    if visit is None or not sides or link.on_behalf_of_id not in (None, visit.executive_id):
        raise LinkGone(str(GONE))
    return visit, sides[0]


def give(request: HttpRequest, link: Link, visit: Visit, side: Side) -> tuple[str, int]:
    """Answer as the link's person; the words and status of a refusal, or nothing."""
    yes, reason = request.POST.get("answer") == "yes", request.POST.get("reason", "")
    try:
        actions.answer_invitation(visit=visit, side=side, yes=yes, by=link.user, now=timezone.now(), reason=reason)
    except NotAllowed as error:
        raise LinkGone(str(GONE)) from error
    except Refused as refusal:
        return str(refusal), refusal.status
    return "", 200


def answer_context(request: HttpRequest, link: Link, visit: Visit, side: Side) -> dict[str, Any]:
    """All the page shows."""
    now = timezone.now()
    mine = visit.host_answer if side is Side.HOST else visit.executive_answer
    passed = rules.local_date(visit.site, now) > visit.date
    return {
        "visit": visit,
        "is_host": side is Side.HOST,
        "behalf": link.on_behalf_of,
        "times": pages.times(visit, pages.room_of(visit), reader=link.user.zone, now=now),
        "open": visit.state in OPEN and not passed,
        "mine": mine,
        "offered": request.POST.get("answer") or request.GET.get("answer", ""),
        "reason": request.POST.get("reason", ""),
    }


def host(request: HttpRequest, link: Link) -> HttpResponse:
    """Whether a host is willing this season, and then which days they cannot: a GET shows, a POST answers."""
    entry, error, status = entry_of(link), "", 200
    if request.method == "POST" and "answer" not in request.POST:
        return link_days.turn(request, link, link_days.person_of(link))
    if request.method == "POST":
        try:
            entry = take_answer(request, link, entry)
        except Refused as refusal:
            error, status = str(refusal), refusal.status
    context = {"season": entry.season, "entry": entry, "error": error, "open": not entry.season.is_published}
    if entry.willing == Willing.YES and link_days.is_open(entry.season, link.user):
        context |= link_days.context_of(request, link, link_days.person_of(link))
    return render(request, "shadowing/host_asked.html", context, status=status)


def take_answer(request: HttpRequest, link: Link, entry: SeasonHost) -> SeasonHost:
    """Yes, with how many visits, or no. Raises Refused."""
    willing = Willing.YES if request.POST.get("answer") == "yes" else Willing.NO
    most = request.POST.get("max_visits", "")
    number = int(most) if most in ("1", "2", "3") else None
    return record_willing(entry=entry, willing=willing, by=link.user, now=timezone.now(), max_visits=number)


def entry_of(link: Link) -> SeasonHost:
    """The host's place in the season. Raises LinkGone when they are not part of it any more."""
    entries = SeasonHost.objects.select_related("season").filter(host=link.user_id)
    entry = entries.filter(season=season_id_of(link.subject) or 0).first()
    if entry is None:
        raise LinkGone(str(GONE))
    return entry


ANSWER = Purpose("shadowing.answer", answer)
HOST = Purpose("shadowing.host", host)
