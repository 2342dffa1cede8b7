"""The history of an issue as its page shows it: the chain of five steps, and the timeline, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from issues import rules
from issues.models import OPEN, EventKind, Issue, IssueEvent, IssueState
from notifications.kinds import register
from notifications.models import Message, Notice
from people.models import User

SHORT = 20  # entries before "Show earlier"
MOST = 400  # entries read at all
UPDATES = {EventKind.TAKEN_AWAY, EventKind.UPDATED, EventKind.DELIVERED, EventKind.CONFIRMED, EventKind.NOT_YET}
UPDATES |= {EventKind.HOST_WROTE}
BY_HOST = {EventKind.CONFIRMED, EventKind.NOT_YET, EventKind.HOST_WROTE}
ICONS = {
    EventKind.TAKEN_AWAY: "flag", EventKind.STARTED: "play", EventKind.UPDATED: "pencil", EventKind.CHANGED: "pencil",
    EventKind.HELD: "circle-pause", EventKind.RESUMED: "play", EventKind.DELIVERED: "package", EventKind.MERGED: "merge",
    EventKind.CONFIRMED: "message-square-check", EventKind.NOT_YET: "rotate-ccw", EventKind.WITHDRAWN: "circle-minus",
    EventKind.HOST_WROTE: "message-square",
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One line of the timeline. ``group`` is the pill that shows it; ``tone`` whose voice it is."""

    at: datetime
    icon: str
    who: str
    what: str
    group: str
    tone: str = ""
    words: str = ""


def short_day(day: date, today: date) -> str:
    """ "10 Nov", with the year when it is another."""
    return date_format(day, "j M" if day.year == today.year else "j M Y").replace(" ", "\N{NO-BREAK SPACE}")


def timeline(issue: Issue, user: User, today: date) -> list[Entry]:
    """Everything that happened, newest first, as far as this person may read it. Two queries at most.

    The host reads what the owner's side wrote for them; coordinators also see which messages went out.
    """
    events = issue.events.select_related("by", "on_behalf_of", "update").order_by("-at", "-pk")[:MOST]
    inside = not rules.is_host(user, issue) or rules.works_on(user, issue)
    entries = [entry_of(issue, event, today, inside=inside) for event in events]
    if rules.is_coordinator(user, issue):
        entries = sorted([*entries, *_messages(issue, user)], key=lambda entry: entry.at, reverse=True)
    return entries


def entry_of(issue: Issue, event: IssueEvent, today: date, *, inside: bool) -> Entry:
    """One event in words. Not ``inside``: words that were not written for the host stay out."""
    kind = EventKind(event.kind)
    update = event.update
    words = update.text if update and (inside or update.host_reads) else ""
    by_host = kind in BY_HOST and (event.by_id == issue.promised_to_id)
    tone = "host" if by_host else "update" if kind in UPDATES else ""
    group = "updates" if kind in UPDATES else "changes"
    return Entry(
        timezone.localtime(event.at),
        ICONS.get(kind, "pencil"),
        _who(event),
        _what(issue, event, kind, today),
        group,
        tone,
        words,
    )


def _who(event: IssueEvent) -> str:
    if event.by is None:
        return _("The program")
    if event.on_behalf_of is None:
        return event.by.name
    return _("%(by)s for %(whom)s") % {"by": event.by.name, "whom": event.on_behalf_of.name}


def _what(issue: Issue, event: IssueEvent, kind: EventKind, today: date) -> str:
    host = {"host": issue.promised_to.user.first_name}
    said = {
        EventKind.TAKEN_AWAY: _("took this away after the visit"),
        EventKind.STARTED: _("began to work on it"),
        EventKind.UPDATED: _("posted an update"),
        EventKind.CHANGED: _("put the details right"),
        EventKind.HELD: _("put it on hold"),
        EventKind.RESUMED: _("took it off hold"),
        EventKind.DELIVERED: _("says it is delivered"),
        EventKind.CONFIRMED: _("says it helps"),
        EventKind.NOT_YET: _("says: not yet"),
        EventKind.WITHDRAWN: _("withdrew it"),
        EventKind.MERGED: _("merged it into another issue"),
        EventKind.HOST_WROTE: _("wrote"),
    }.get(kind, str(kind.label))
    parts = [said]
    if kind is EventKind.UPDATED and event.update:
        parts.append((_("%(host)s can read it") if event.update.host_reads else _("not for %(host)s")) % host)
    return ". ".join([", ".join(parts), *_changes(event, today)])


def _changes(event: IssueEvent, today: date) -> list[str]:
    """From and to, in words, of what people care about."""
    found = []
    before, after = event.before, event.after
    if "target_date" in after and "target_date" in before:
        days = {"old": _day(before["target_date"], today), "new": _day(after["target_date"], today)}
        found.append(_("Target %(old)s to %(new)s") % days)
    if "state" in after and "state" in before:
        found.append(_("State %(old)s to %(new)s") % {"old": _state(before["state"]), "new": _state(after["state"])})
    if after.get("hold_until"):
        found.append(_("Until %(day)s") % {"day": _day(after["hold_until"], today)})
    if after.get("merged_into"):
        found.append(_("Goes on as %(number)s") % {"number": after["merged_into"]})
    return [*found, f"“{event.words}”"] if event.words else found


def _day(value: str, today: date) -> str:
    return short_day(date.fromisoformat(value), today)


def _state(value: str) -> str:
    return str(IssueState(value).label).lower()


def _messages(issue: Issue, user: User) -> Iterable[Entry]:
    visible = Message.objects.about(issue.subject).visible_to(user)
    notices = Notice.objects.filter(subject=issue.subject, message__in=visible, dropped=False)
    for notice in notices.select_related("recipient").order_by("-created_at", "-pk")[:MOST]:
        label = str(register[notice.kind].label) if notice.kind in register.kinds else notice.kind
        what = _("%(what)s, to %(whom)s") % {"what": label, "whom": notice.recipient.name}
        yield Entry(timezone.localtime(notice.created_at), "mail", _("Message"), what, "messages")


def chain(issue: Issue, today: date) -> list[dict[str, Any]]:
    """The five steps from visit to the host's word. One query: when work began."""
    reached = _reached(issue)
    visit, host = issue.origin_visit, issue.promised_to.user
    began = _began(issue) if reached >= IN_PROGRESS else None

    def on(at: datetime | None) -> str:
        return short_day(timezone.localdate(at, issue.site.zone), today) if at else ""

    target = _("target %(day)s") % {"day": short_day(issue.target_date, today)}
    steps = [
        (_("Visit"), f"{short_day(visit.date, today)}, {issue.site.name}" if visit else issue.site.name),
        (_("Taken away"), on(issue.taken_away_at)),
        (_("In progress"), _("since %(day)s") % {"day": on(began)} if began else ""),
        (_("Delivered"), on(issue.delivered_at) or target),
        (_("%(host)s’s word") % {"host": host.first_name}, on(issue.confirmed_at) or _("closes it")),
    ]
    states = (_step_state(place, reached) for place in range(len(steps)))
    return [{"name": name, "detail": words, "state": state} for (name, words), state in zip(steps, states, strict=True)]


TAKEN_AWAY, IN_PROGRESS, DELIVERED, DONE = 1, 2, 4, 5  # the step that is now; delivered waits for the fifth


def _reached(issue: Issue) -> int:
    if issue.state == IssueState.CONFIRMED:
        return DONE
    if issue.state == IssueState.DELIVERED or (issue.state == IssueState.ON_HOLD and issue.delivered_at):
        return DELIVERED
    return TAKEN_AWAY if issue.state not in OPEN or issue.state == IssueState.OPEN else IN_PROGRESS


def _step_state(place: int, reached: int) -> str:
    return "done" if place < reached else "now" if place == reached else "next"


def _began(issue: Issue) -> datetime | None:
    """When it was last set in progress."""
    events = issue.events.filter(after__state=IssueState.IN_PROGRESS).order_by("-at", "-pk")
    return events.values_list("at", flat=True).first()
