"""Locks and the record of every change. Lock order: visit row, then issue rows by ascending number."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from issues import rules
from issues.clocks import UPDATE_DAYS, WORD_DAYS
from issues.errors import NotAllowed, Refused, Stale, WrongState
from issues.models import EventKind, Issue, IssueEvent, IssueUpdate
from people.models import User

WITH_PEOPLE = ("owner__user", "owner__assistant", "promised_to__user", "site")


def lock(issue: Issue) -> Issue:
    """The issue as it is now, locked, with its people and site."""
    rows = Issue.objects.select_for_update(of=("self",), no_key=True).select_related(*WITH_PEOPLE)
    return rows.get(pk=issue.pk)


def begin(issue: Issue, verb: str, *, by: User, version: int | None = None) -> Issue:
    """Lock the issue and check right, version of the form, state, in this order.

    Raises NotAllowed, Stale or WrongState."""
    issue = lock(issue)
    if not rules.may(by, verb, issue):
        raise NotAllowed(_("This issue is not yours to change."))
    if version is not None and version != issue.version:
        raise Stale(_("The issue moved on since this page was made. Nothing was changed, and your text is still here."))
    if issue.state not in rules.STATES[verb]:
        raise wrong_state(issue)
    return issue


def wrong_state(issue: Issue) -> WrongState:
    state = issue.get_state_display().lower()
    words = _("Issue %(number)s is %(state)s now, so this cannot be done. Nothing was changed.")
    return WrongState(words % {"number": issue.pk, "state": state})


def write(
    issue: Issue, kind: EventKind, *, by: User, behalf: User | None, now: datetime, words: str = "",
    update: IssueUpdate | None = None, **changes: Any,
) -> Issue:  # fmt: skip
    """Save ``changes`` on the locked issue with one event that says who, for whom, what, from and to."""
    before = {name: plain(getattr(issue, name)) for name in changes}
    after = {name: plain(value) for name, value in changes.items()}
    for name, value in changes.items():
        setattr(issue, name, value)
    issue.version += 1
    issue.save(update_fields=[*changes, "version"])
    moved = [name for name in changes if before[name] != after[name]]
    IssueEvent.objects.create(
        issue=issue, kind=kind, at=now, by=by, on_behalf_of=behalf, words=words, update=update,
        before={name: before[name] for name in moved}, after={name: after[name] for name in moved},
    )  # fmt: skip
    return issue


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


def update_by(today: date, wanted: date | None = None) -> date:
    """When the next update is due: the day asked for, which must lie ahead, or two weeks from today."""
    if wanted is not None and wanted <= today:
        raise Refused(_("The next update lies ahead. Choose a day after today."), field="next_update_due")
    return wanted or today + timedelta(days=UPDATE_DAYS)


def require_words(text: str, field: str, message: str) -> str:
    """The trimmed words. Raises Refused when there are none."""
    text = text.strip()
    if not text:
        raise Refused(message, field=field)
    return text


def future_target(wanted: date, today: date) -> date:
    """A target date somebody promises today. Raises Refused when it has passed."""
    if wanted < today:
        raise Refused(_("This day has passed. Choose a later target date."), field="target_date")
    return wanted


def no_reason() -> str:
    return pgettext("refusal", "Say in a few words why.")
