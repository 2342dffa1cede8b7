"""Locks and the record of every change. Lock order: visit row, then issue rows by ascending number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from issues import rules
from issues.clocks import UPDATE_DAYS, WORD_DAYS
from issues.errors import Conflict, NotAllowed, Refused, Stale, TooFar, WrongState
from issues.hands import forget, hands
from issues.models import CounterpartState, EventKind, HandoverState, Issue, IssueEvent, IssueState, IssueUpdate
from people.models import User

WITH_PEOPLE = ("owner__user", "owner__assistant", "promised_to__user", "site")
WITH_OWNER = ("owner__user", "site")  # for what nobody else is told at once
NOTHING: Mapping[str, Any] = MappingProxyType({})
REASON = 300  # characters


def lock(issue: Issue, people: Sequence[str] = WITH_PEOPLE) -> Issue:
    """The issue as it is now, locked, with its people and site.

    Where another transaction held it and gave it a new owner, PostgreSQL finds that the row it has waited for no longer
    fits the owner it had joined, and returns none; the lock is ours all the same, and a second look finds it."""
    rows = Issue.objects.select_for_update(of=("self",), no_key=True).select_related(*people).filter(pk=issue.pk)
    return rows.first() or rows.get()


def begin(
    issue: Issue, verb: str, *, by: User, version: int | None = None, people: Sequence[str] = WITH_PEOPLE
) -> Issue:
    """Lock the issue and check right, version of the form, state, what else the verb needs, in this order.

    Raises NotAllowed, Stale, WrongState or Conflict."""
    issue = lock(issue, people)
    if not rules.may(by, verb, issue):
        raise NotAllowed(_("This issue is not yours to change."))
    if version is not None and version != issue.version:
        raise Stale(_("The issue moved on since this page was made. Nothing was changed, and your text is still here."))
    check(issue, verb, by=by)
    return issue


def check(issue: Issue, verb: str, *, by: User) -> None:
    """Raises WrongState unless the issue is in a state for the verb, Conflict unless what else it needs is there."""
    if issue.state not in rules.STATES[verb]:
        raise wrong_state(issue)
    if verb in rules.NEEDS and not rules.NEEDS[verb](by, issue):
        raise Conflict(lacking(verb))


def lacking(verb: str) -> str:
    """Why a verb cannot be done although the state allows it: what it was about has been settled, or is not there."""
    words = {
        "ask_withdrawal": _("A coordinator has been asked already."),
        "refuse_withdrawal": _("Nobody asks for this issue to be withdrawn any more."),
        "handover": _("It has been offered to somebody already. Take that offer back first."),
        "accept_handover": _("This offer is no longer open. Nothing was changed."),
        "decline_handover": _("This offer is no longer open. Nothing was changed."),
        "take_back": _("This offer is no longer open: it was answered or taken back."),
        "transfer": _("Its owner is here and has not handed it back: it can only be offered, and the other accepts."),
        "accept_counterpart": _("This request is no longer open. Nothing was changed."),
        "decline_counterpart": _("This request is no longer open. Nothing was changed."),
        "leave_counterpart": _("You do not work on this issue any more."),
        "end_counterpart": _("Nobody else is asked for this issue any more."),
        "snooze": _("Its reminders were put off once for this target date. Another date, or an update, helps."),
        "remind": _("Nobody can be written to: its owner has left or has no address."),
        "watch": _("You follow this issue already."),
        "unwatch": _("You do not follow this issue any more."),
    }
    return words[verb]


def wrong_state(issue: Issue) -> WrongState:
    state = issue.get_state_display().lower()
    words = _("Issue %(number)s is %(state)s now, so this cannot be done. Nothing was changed.")
    return WrongState(words % {"number": issue.pk, "state": state})


def for_owner(issue: Issue, by: User, now: datetime) -> dict[str, Any]:
    """Who does it, for the owner unless they are the owner, and when, as ``write`` takes it."""
    return {"by": by, "behalf": rules.behalf(by, issue.owner.user), "now": now}


def for_part(issue: Issue, by: User, now: datetime) -> dict[str, Any]:
    """The same for a counterpart, or for whoever acts for one."""
    part = hands(issue).asked(by, CounterpartState.ACCEPTED)
    return {"by": by, "behalf": rules.behalf(by, part.person) if part else None, "now": now}


def write(
    issue: Issue, kind: EventKind, *, by: User, behalf: User | None, now: datetime, words: str = "",
    update: IssueUpdate | None = None, also: Mapping[str, Any] = NOTHING, **changes: Any,
) -> Issue:  # fmt: skip
    """Save ``changes`` on the locked issue with one event that says who, for whom, what, from and to. ``also`` is what
    the event tells besides: whom it was about."""
    before = {name: plain(getattr(issue, name)) for name in changes}
    after = {name: plain(value) for name, value in changes.items()}
    for name, value in changes.items():
        setattr(issue, name, value)
    issue.version += 1
    issue.save(update_fields=[*changes, "version"])
    moved = [name for name in changes if before[name] != after[name]]
    IssueEvent.objects.create(
        issue=issue, kind=kind, at=now, by=by, on_behalf_of=behalf, words=words, update=update,
        before={name: before[name] for name in moved}, after={name: after[name] for name in moved} | dict(also),
    )  # fmt: skip
    forget(issue)
    return issue


def let_go(issue: Issue, *, by: User, now: datetime) -> None:
    """End what is still asked about a locked issue that is settled: an open offer, counterparts who did not answer."""
    settled = {"answered_at": now, "answered_by": by}
    issue.handovers.filter(state=HandoverState.OFFERED).update(state=HandoverState.TAKEN_BACK, **settled)
    issue.counterparts.filter(state=CounterpartState.ASKED).update(state=CounterpartState.ENDED, **settled)


def end_offer(issue: Issue, *, by: User, now: datetime) -> None:
    """End the open offer of a locked issue, if there is one: it changes hands in another way."""
    offers = issue.handovers.filter(state=HandoverState.OFFERED)
    offers.update(state=HandoverState.TAKEN_BACK, answered_at=now, answered_by=by)


def add_update(
    issue: Issue, text: str, *, by: User, behalf: User | None, now: datetime, blocked: bool = False,
    host_reads: bool = True,
) -> IssueUpdate:  # fmt: skip
    """Words about the issue, kept for good; the event that goes with them is written by the caller."""
    return IssueUpdate.objects.create(
        issue=issue, at=now, by=by, on_behalf_of=behalf, text=text, blocked=blocked, host_reads=host_reads
    )


def plain(value: Any) -> Any:
    """A field's value as an event holds it: ids for rows (names are looked up when shown), ISO for dates."""
    if isinstance(value, date):  # datetimes too
        return value.isoformat()
    return value.pk if hasattr(value, "pk") else value


def word_given(today: date) -> dict[str, date]:
    """The host can read something new: the third clock starts again."""
    return {"last_word_on": today, "word_due": today + timedelta(days=WORD_DAYS)}


def reopened(issue: Issue, today: date) -> dict[str, Any]:
    """Back to in progress by the host's word: nothing is delivered or confirmed any more, and the owner has the usual
    time for an update."""
    return {
        "state": IssueState.IN_PROGRESS, "reopened": True, "delivered_at": None, "delivered_by": None,
        "confirmed_at": None, "confirmed_by": None, "confirmed_in_place": False,
        "next_update_due": max(issue.next_update_due, update_by(today)),
    }  # fmt: skip


def update_by(today: date, wanted: date | None = None, *, latest: date | None = None) -> date:
    """When the next update is due: the day asked for, which must lie ahead and not after ``latest``, or two weeks from
    today. Raises Refused or TooFar."""
    if wanted is None:
        return today + timedelta(days=UPDATE_DAYS)
    if wanted <= today:
        raise Refused(_("The next update lies ahead. Choose a day after today."), field="next_update_due")
    return not_after(wanted, latest, field="next_update_due") if latest else wanted


def not_after(wanted: date, latest: date, *, field: str) -> date:
    """The day, if it lies near enough. Raises TooFar."""
    if wanted > latest:
        day = date_format(latest, "j F Y").replace(" ", "\N{NO-BREAK SPACE}")
        raise TooFar(_("That is too far ahead. Choose a day up to %(day)s.") % {"day": day}, field=field, latest=latest)
    return wanted


def require_words(text: str, field: str, message: str) -> str:
    """The trimmed words. Raises Refused when there are none."""
    text = text.strip()
    if not text:
        raise Refused(message, field=field)
    return text


def future_target(wanted: date, today: date) -> date:
    """A target date somebody promises today. Raises Refused when it has passed, TooFar when it is years away."""
    if wanted < today:
        raise Refused(_("This day has passed. Choose a later target date."), field="target_date")
    return not_after(wanted, rules.latest_target(today), field="target_date")


def no_reason() -> str:
    return pgettext("refusal", "Say in a few words why.")
