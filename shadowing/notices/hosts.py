"""What hosts read when a visit changes hands: who is free again, and who steps in."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from notifications.kinds import CalendarPart, Section
from people.models import Host, Site
from shadowing.calendar.parts import invitation
from shadowing.models import Visit, VisitEvent
from shadowing.notices import subjects, words

if TYPE_CHECKING:
    from notifications.models import Notice


def stood_in(notices: Sequence[Notice]) -> dict[int, Section]:
    return words.sections(notices, say_stood_in)


def say_stood_in(one: words.Told) -> Section:
    names = {"executive": one.visit.executive.user.name, "day": one.day, "site": one.visit.site.name}
    return Section(
        subject_line=_("You step in on %(day)s: %(executive)s sits beside you") % names,
        lead=_("You stand by for %(day)s in %(site)s. %(executive)s has no host there, and comes to you.") % names,
        paragraphs=[
            _("Nobody comes to catch a mistake. The day is about what stands in your way."),
            _("If it does not suit after all, say so: you need no reason."),
        ],
        buttons=words.answer_buttons(),
        facts=words.facts(one),
        why=_("You got this once, because you are the standby host of that day."),
        calendar=one.part("REQUEST"),
    )


def released(notices: Sequence[Notice]) -> dict[int, Section]:
    """For hosts whose visit is somebody else's now: it leaves their calendar. Four queries."""
    visits = subjects.visits_of(notices)
    events = VisitEvent.objects.filter(visit__in=visits.values(), verb__in=words.MOVES).order_by("at", "pk")
    moves = {(event.visit_id, event.after.get("sequence")): event for event in events}
    hosts = Host.objects.select_related("user", "team").in_bulk({notice.recipient_id for notice in notices})
    sites = Site.objects.in_bulk({event.before.get("site") for event in moves.values()} - {None})
    found = {}
    for notice in notices:
        visit, host = visits.get(notice.subject), hosts.get(notice.recipient_id)
        if visit and host:
            old = as_it_was(visit, host, moves.get((visit.pk, notice.step)), sites)
            found[notice.pk] = say_released(notice, old)
    return found


def as_it_was(visit: Visit, host: Host, move: VisitEvent | None, sites: dict[int, Site]) -> Visit:
    """The visit as this host knew it, never saved; its SEQUENCE is the newest, so that the cancellation counts."""
    old = copy.copy(visit)
    old.host = host
    if move and "date" in move.before:
        old.date = date.fromisoformat(move.before["date"])
        old.site = sites.get(move.before.get("site", 0), visit.site)
    return old


def say_released(notice: Notice, old: Visit) -> Section:
    names = {"executive": old.executive.user.name, "day": words.long_day(old.date)}
    part = invitation(old, notice.recipient, "CANCEL", now=notice.created_at)
    return Section(
        subject_line=_("Your %(day)s is free again") % names,
        lead=_("%(executive)s does not come to you on %(day)s: the visit has another host now.") % names,
        paragraphs=[_("This message takes it out of your calendar. You need not do anything.")],
        why=_("You got this once, because you were invited to it."),
        calendar=CalendarPart("CANCEL", part),
    )
