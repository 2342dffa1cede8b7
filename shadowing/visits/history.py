"""What happened to a visit, in words, for the person who reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import User
from shadowing.models import Answer, Visit, VisitEvent, VisitState
from shadowing.visits import rules
from shadowing.visits.room import short


class Entry(NamedTuple):
    """One line of a visit's timeline; ``tone`` host for what a host said."""

    icon: str
    who: str
    what: str
    words: str
    tone: str


VERBS: dict[str, tuple[str, str | Promise, str]] = {
    "proposed": ("circle-dashed", gettext_lazy("proposed this visit"), ""),
    "adopted": ("circle-dashed", gettext_lazy("took this visit from a plan"), ""),
    "invited": ("mail", gettext_lazy("invited both"), ""),
    "executive_accepted": ("check", gettext_lazy("accepted"), ""),
    "host_accepted": ("check", gettext_lazy("accepted"), "host"),
    "executive_declined": ("x", gettext_lazy("declined"), ""),
    "host_declined": ("x", gettext_lazy("declined"), "host"),
    "executive_briefed": ("book-open", gettext_lazy("read the briefing"), ""),
    "host_briefed": ("book-open", gettext_lazy("read the briefing"), "host"),
    "moved": ("calendar", gettext_lazy("moved it"), ""),
    "stood_in": ("user-check", gettext_lazy("let the standby host step in"), ""),
    "cancelled": ("circle-minus", gettext_lazy("called it off"), ""),
    "checked_in": ("circle-check", gettext_lazy("checked in"), ""),
    "no_show": ("user-x", gettext_lazy("marked it as a no-show"), ""),
    "corrected": ("pencil", gettext_lazy("corrected who came"), ""),
    "locked": ("lock", gettext_lazy("locked the pair"), ""),
    "unlocked": ("lock-open", gettext_lazy("gave the pair free"), ""),
    "forbidden": ("ban", gettext_lazy("ruled the pair out for this season"), ""),
    "undone": ("undo-2", gettext_lazy("took the last change of the board back"), ""),
}


COORDINATORS_ONLY = frozenset({"forbidden", "undone"})  # nobody else needs to know whom somebody is kept from


def knows_who_declined(reader: User, visit: Visit) -> bool:
    """Whom a host turned down is not told that it was the host; the host and coordinators know."""
    return visit.host_answer != Answer.NO or not rules.guides(reader, visit) or rules.coordinates(reader, visit)


def shown_state(reader: User, visit: Visit) -> str:
    """The state as this reader sees it."""
    return visit.state if knows_who_declined(reader, visit) else VisitState.CANCELLED


def entries(visit: Visit, events: Iterable[VisitEvent], reader: User) -> list[Entry]:
    """The timeline, newest first, as ``events`` come. A query more where a visit got another host."""
    told = rules.coordinates(reader, visit) or reader.reads_everything
    events = [event for event in events if told or event.verb not in COORDINATORS_ONLY]
    hidden = not knows_who_declined(reader, visit)
    names = host_names(events)
    return [entry(event, hide=hidden, names=names) for event in events]


def host_names(events: Iterable[VisitEvent]) -> dict[int, str]:
    """Names of hosts a visit was taken from or given to; events hold ids."""
    changed = [pair for event in events if (pair := hosts_of(event))]
    ids = {host for pair in changed for host in pair}
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def hosts_of(event: VisitEvent) -> tuple[int, int] | None:
    """Ids of the host before and after; None when it is the same."""
    before, after = event.before.get("host"), event.after.get("host")
    return (before, after) if before and after and before != after else None


def entry(event: VisitEvent, *, hide: bool, names: Mapping[int, str]) -> Entry:
    """One event in words. ``hide``: the reader does not learn that the host declined."""
    when = formats.date_format(timezone.localtime(event.at), "j M, H:i")
    if hide and event.verb == "host_declined":
        return Entry("circle-minus", _("Called off"), when, "", "")
    icon, what, tone = VERBS.get(event.verb, ("circle", event.verb, ""))
    who = event.by.name if event.by else _("The program")
    parts = [str(what), behalf(event), change(event), other_host(event, names), when]
    return Entry(icon, who, ", ".join(filter(None, parts)), event.words, tone)


def other_host(event: VisitEvent, names: Mapping[int, str]) -> str:
    """From which host to which."""
    if not (pair := hosts_of(event)):
        return ""
    return _("from %(before)s to %(after)s") % {"before": names.get(pair[0], "?"), "after": names.get(pair[1], "?")}


def behalf(event: VisitEvent) -> str:
    return _("for %(name)s") % {"name": event.on_behalf_of.name} if event.on_behalf_of else ""


def change(event: VisitEvent) -> str:
    """From which day to which, for moves."""
    before, after = event.before.get("date"), event.after.get("date")
    if event.verb != "moved" or not before or before == after:
        return ""
    days = {"before": short(date.fromisoformat(before)), "after": short(date.fromisoformat(after))}
    return _("from %(before)s to %(after)s") % days


def events_of(visit: Visit) -> list[VisitEvent]:
    """Newest first, with the names they need."""
    return list(visit.events.select_related("by", "on_behalf_of").order_by("-at", "-pk"))


def reached(events: Iterable[VisitEvent], verb: str) -> datetime | None:
    """When this last happened."""
    return next((event.at for event in events if event.verb == verb), None)
