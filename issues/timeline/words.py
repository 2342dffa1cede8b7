"""One event in words: who did what to whom, and from what to what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from issues.markdown import plain
from issues.models import EventKind, Issue, IssueEvent, IssueState

_K = EventKind


@dataclass(frozen=True)
class Look:
    """``whom`` says where the event keeps the person it is about. ``inside``: its reason is not for the host.
    ``voice``: an update, in the owner's or the host's own words."""

    icon: str
    said: str | Promise
    whom: tuple[str, str] | None = None
    inside: bool = False
    voice: bool = False


_offered, _person = ("after", "offered_to"), ("after", "person")
LOOKS: dict[str, Look] = {
    _K.TAKEN_AWAY: Look("flag", gettext_lazy("took this away after the visit"), voice=True),
    _K.STARTED: Look("play", gettext_lazy("began to work on it")),
    _K.UPDATED: Look("pencil", gettext_lazy("posted an update"), voice=True),
    _K.CHANGED: Look("pencil", gettext_lazy("put the details right")),
    _K.HELD: Look("circle-pause", gettext_lazy("put it on hold")),
    _K.RESUMED: Look("play", gettext_lazy("took it off hold")),
    _K.DELIVERED: Look("package", gettext_lazy("says it is delivered"), voice=True),
    _K.CONFIRMED: Look("message-square-check", gettext_lazy("says it helps"), voice=True),
    _K.NOT_YET: Look("rotate-ccw", gettext_lazy("says: not yet"), voice=True),
    _K.WITHDRAWN: Look("circle-minus", gettext_lazy("withdrew it")),
    _K.MERGED: Look("merge", gettext_lazy("merged it into another issue")),
    _K.HOST_WROTE: Look("message-square", gettext_lazy("wrote"), voice=True),
    _K.OFFERED: Look("arrow-right-left", gettext_lazy("offered it to %(whom)s"), _offered, inside=True),
    _K.HANDED_OVER: Look("arrow-right-left", gettext_lazy("took it over from %(whom)s"), ("before", "owner")),
    _K.NOT_HANDED_OVER: Look("circle-x", gettext_lazy("declined to take it over"), inside=True),
    _K.OFFER_TAKEN_BACK: Look("undo-2", gettext_lazy("took the offer to %(whom)s back"), _offered, inside=True),
    _K.TRANSFERRED: Look("arrow-right-left", gettext_lazy("gave it to %(whom)s"), ("after", "owner"), inside=True),
    _K.HANDED_BACK: Look("undo-2", gettext_lazy("handed it back to the coordinator"), inside=True),
    _K.COUNTERPART_ASKED: Look("users", gettext_lazy("asked %(whom)s to work on it too"), _person, inside=True),
    _K.COUNTERPART_ACCEPTED: Look("users", gettext_lazy("accepted to work on it too"), inside=True),
    _K.COUNTERPART_DECLINED: Look("circle-x", gettext_lazy("declined to work on it"), inside=True),
    _K.COUNTERPART_LEFT: Look("undo-2", gettext_lazy("handed their part of it back"), inside=True),
    _K.COUNTERPART_ENDED: Look("users", gettext_lazy("no longer asks %(whom)s"), _person, inside=True),
    _K.ATTACHED: Look("paperclip", gettext_lazy("added a file")),
    _K.DETACHED: Look("paperclip", gettext_lazy("removed a file")),
    _K.SNOOZED: Look("bell-off", gettext_lazy("put its reminders off"), inside=True),
    _K.STILL_HOLDS: Look("message-square-check", gettext_lazy("says it still holds"), voice=True),
    _K.HOLDS_NO_MORE: Look("rotate-ccw", gettext_lazy("says it does not hold any more"), voice=True),
    _K.WITHDRAWAL_ASKED: Look("circle-minus", gettext_lazy("asked to withdraw it"), inside=True),
    _K.WITHDRAWAL_REFUSED: Look("play", gettext_lazy("answered that it goes on"), inside=True),
    _K.REMINDED: Look("bell", gettext_lazy("reminded %(whom)s"), ("after", "reminded"), inside=True),
}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """What words need besides the event: ``names`` by person's id, ``categories`` and ``files`` by theirs; whether the
    reader is on the ``inside``, not only the host."""

    issue: Issue
    today: date
    inside: bool
    names: Mapping[int, str] = field(default_factory=dict)
    categories: Mapping[int, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    def day(self, value: str) -> str:
        return short_day(date.fromisoformat(value), self.today)


def short_day(day: date, today: date) -> str:
    """ "10 Nov", with the year when it is another."""
    return date_format(day, "j M" if day.year == today.year else "j M Y").replace(" ", "\N{NO-BREAK SPACE}")


def whom_id(event: IssueEvent) -> int | None:
    """The id of the person an event is about, besides the one who did it."""
    place = LOOKS[event.kind].whom
    return getattr(event, place[0]).get(place[1]) if place else None


def who(event: IssueEvent) -> str:
    """Who did it; "A for B" when for somebody else."""
    if event.by is None:
        return _("The program")
    if event.on_behalf_of is None:
        return event.by.name
    return _("%(by)s for %(whom)s") % {"by": event.by.name, "whom": event.on_behalf_of.name}


def what(event: IssueEvent, reading: Reading) -> str:
    """What was done, then from what to what, then why."""
    look = LOOKS[event.kind]
    said = str(look.said) % {"whom": reading.names.get(whom_id(event) or 0, _("somebody else"))}
    parts = [said, *_readers(event, reading)]
    name = reading.files.get(str(event.after.get("attachment", "")))
    parts += [name] if name else []
    return ". ".join([", ".join(parts), *_changes(event, reading)])


def _readers(event: IssueEvent, reading: Reading) -> list[str]:
    if event.kind != _K.UPDATED or event.update is None:
        return []
    words = _("%(host)s can read it") if event.update.host_reads else _("not for %(host)s")
    return [words % {"host": reading.issue.promised_to.user.first_name}]


def _changes(event: IssueEvent, reading: Reading) -> list[str]:
    """From and to, in words, of what people care about; last the reason."""
    found = []
    for name, words in CHANGES.items():
        if name in event.after and (said := words(event, event.before.get(name), event.after[name], reading)):
            found.append(said)
    if event.words and (reading.inside or not LOOKS[event.kind].inside):
        found.append(f"“{plain(event.words)}”")
    return found


def _from_to(label: str, old: str, new: str) -> str:
    return _("%(what)s %(old)s to %(new)s") % {"what": label, "old": old, "new": new}


def _state(event: IssueEvent, old: Any, new: Any, reading: Reading) -> str:
    return _from_to(_("State"), _state_word(old), _state_word(new)) if old else ""


def _state_word(value: str) -> str:
    return str(IssueState(value).label).lower()


def _target(event: IssueEvent, old: Any, new: Any, reading: Reading) -> str:
    return _from_to(_("Target"), reading.day(old), reading.day(new)) if old else ""


def _next_update(event: IssueEvent, old: Any, new: Any, reading: Reading) -> str:
    """Said where it was set by itself: an update always moves it."""
    return _from_to(_("Next update"), reading.day(old), reading.day(new)) if event.kind == _K.CHANGED and old else ""


def _until(event: IssueEvent, old: Any, new: Any, reading: Reading) -> str:
    return _("Until %(day)s") % {"day": reading.day(new)} if new else ""


def _stuck(event: IssueEvent, old: Any, new: Any, reading: Reading) -> str:
    if event.kind != _K.UPDATED:
        return ""
    return _("It is stuck") if new else _("No longer stuck")


def _title(event: IssueEvent, old: Any, new: Any, reading: Reading) -> str:
    return _from_to(_("Title"), f"“{old}”", f"“{new}”") if old else ""


def _category(event: IssueEvent, old: Any, new: Any, reading: Reading) -> str:
    none = _("none")
    return _from_to(_("Category"), reading.categories.get(old, none), reading.categories.get(new, none))


CHANGES: dict[str, Callable[[IssueEvent, Any, Any, Reading], str]] = {
    "title": _title,
    "category": _category,
    "obstacle": lambda event, old, new, reading: _("What stands in the way was rewritten") if old else "",
    "target_date": _target,
    "next_update_due": _next_update,
    "state": _state,
    "blocked": _stuck,
    "hold_until": _until,
    "snoozed_until": _until,
    "merged_into": lambda event, old, new, reading: _("Goes on as %(number)s") % {"number": new} if new else "",
}
