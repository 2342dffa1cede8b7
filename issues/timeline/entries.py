"""The timeline: events and messages as lines, newest first, as far as a reader may know them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from issues.hands import hands
from issues.models import Attachment, Category, EventKind, Issue, IssueEvent
from issues.readers import may_read_file, reads_inside
from issues.timeline.messages import messages
from issues.timeline.words import LOOKS, Reading, what, who, whom_id
from people.models import User

GROUPS = ("updates", "changes", "messages")
SHORT = 20  # entries before "Show earlier"
MOST = 400  # entries read at all
BY_HOST = {
    EventKind.CONFIRMED, EventKind.NOT_YET, EventKind.HOST_WROTE, EventKind.STILL_HOLDS, EventKind.HOLDS_NO_MORE,
}  # fmt: skip
FILES = (EventKind.ATTACHED, EventKind.DETACHED)


@dataclass(frozen=True)
class Entry:
    """One line of the timeline. ``group`` is the pill that shows it; ``tone`` whose voice it is; ``words`` are somebody's
    own, with marks."""

    at: datetime
    icon: str
    who: str
    what: str
    group: str
    tone: str = ""
    words: str = ""


def events_of(issue: Issue) -> list[IssueEvent]:
    """Its newest events with everybody they name. One query."""
    events = issue.events.select_related("by", "on_behalf_of", "update")
    return list(events.order_by("-at", "-pk")[:MOST])


def timeline(
    issue: Issue, user: User, today: date, events: Collection[IssueEvent], attached: Iterable[Attachment] = ()
) -> list[Entry]:
    """Everything that happened, newest first, as far as this person may read it.

    The host reads what the owner's side wrote for them, and no reason that was not. Two queries: messages, and people
    or categories only where the events name some the page does not know."""
    inside = reads_inside(user, issue)
    files = {str(one.pk): one.name for one in attached if may_read_file(user, issue, one)}
    reading = Reading(issue, today, inside, _names(issue, events), _categories(events), files)
    entries = [_entry(event, reading) for event in events if inside or _is_for_host(event, reading)]
    told = [Entry(at, icon, _("Message"), words, "messages") for at, words, icon in messages(issue, user, MOST)]
    return sorted([*_folded(entries), *told], key=lambda entry: entry.at, reverse=True)


def between(issue: Issue, version: int | None, user: User, today: date) -> list[Entry]:
    """What happened since the page with this version was made: each change raises the version by one and writes one
    event; files alone raise nothing. Two queries at most."""
    missed = issue.version - (issue.version if version is None else version)
    if not 0 < missed <= MOST:
        return []
    since = issue.events.exclude(kind__in=FILES).select_related("by", "on_behalf_of", "update")
    events = list(since.order_by("-pk")[:missed])
    reading = Reading(issue, today, reads_inside(user, issue), _names(issue, events), _categories(events))
    return _folded([_entry(event, reading) for event in events])


def _is_for_host(event: IssueEvent, reading: Reading) -> bool:
    """Files that are not for the host are not mentioned to them either."""
    return event.kind not in FILES or str(event.after.get("attachment")) in reading.files


def _entry(event: IssueEvent, reading: Reading) -> Entry:
    look, update = LOOKS[event.kind], event.update
    words = update.text if update and (reading.inside or update.host_reads) else ""
    by_host = event.kind in BY_HOST and event.on_behalf_of_id is None
    tone = "host" if by_host else "update" if look.voice else ""
    group = "updates" if look.voice else "changes"
    return Entry(timezone.localtime(event.at), look.icon, who(event), what(event, reading), group, tone, words)


def _folded(entries: list[Entry]) -> list[Entry]:
    """What one person changed within one minute is one line, in the order it was done."""
    found: list[Entry] = []
    for entry in entries:
        later = found[-1] if found else None
        if later and _belong_together(entry, later):
            found[-1] = replace(later, what=f"{entry.what}; {later.what}")
        else:
            found.append(entry)
    return found


def _belong_together(one: Entry, later: Entry) -> bool:
    same = (one.who, one.group, _minute(one)) == (later.who, later.group, _minute(later))
    return same and one.group == "changes"


def _minute(entry: Entry) -> datetime:
    return entry.at.replace(second=0, microsecond=0)


def _names(issue: Issue, events: Iterable[IssueEvent]) -> dict[int, str]:
    """Names of the people the events are about: those who carried the issue are known, others are asked for."""
    carried = hands(issue)
    known = {one.to_owner_id: one.to_owner.user.name for one in carried.handovers}
    known |= {one.from_owner_id: one.from_owner.user.name for one in carried.handovers}
    known |= {one.person_id: one.person.name for one in carried.counterparts}
    known[issue.owner_id] = issue.owner.user.name
    wanted = {whom_id(event) for event in events} - {None, *known}
    return known | dict(User.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else known


def _categories(events: Iterable[IssueEvent]) -> dict[int, str]:
    if not any("category" in event.after for event in events):
        return {}
    return dict(Category.objects.values_list("pk", "name"))
