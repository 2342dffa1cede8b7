"""The host's last word, and what a coordinator decides: confirm, not yet, write, withdraw, merge.

An issue is withdrawn in two ways: a coordinator does it, or its owner asks and a coordinator agrees or lets it go on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from issues import rules, telling
from issues.actions import record
from issues.clocks import site_day
from issues.errors import Refused
from issues.models import OPEN, EventKind, Issue, IssueState
from people.models import User


def _for_host(issue: Issue, by: User, now: datetime) -> dict[str, Any]:
    return {"by": by, "behalf": rules.behalf(by, issue.promised_to.user), "now": now}


@transaction.atomic
def confirm(*, issue: Issue, by: User, now: datetime, version: int | None = None) -> Issue:
    """The host says that it helps: the issue is solved. A coordinator may say so in the host's place when the host has
    left, cannot be written to, or was silent for 14 days and two requests; every report keeps the two apart.

    Raises NotAllowed, Refused (the host's word can still come), Stale or WrongState."""
    issue = record.begin(issue, "confirm", by=by, version=version)
    in_place = not rules.is_host(by, issue)
    requests = telling.requests_since_delivery(issue) if in_place else 0
    if in_place and not rules.host_may_be_spoken_for(issue, requests=requests, today=site_day(issue.site, now)):
        raise Refused(_("The host has the last word. After 14 days and two requests you may confirm in their place."))
    changes: dict[str, Any] = {
        "state": IssueState.CONFIRMED,
        "confirmed_at": now,
        "confirmed_by": by,
        "confirmed_in_place": in_place,
        "withdrawal_reason": "",
    }
    record.let_go(issue, by=by, now=now)
    return record.write(issue, EventKind.CONFIRMED, **_for_host(issue, by, now), **changes)


@transaction.atomic
def not_yet(*, issue: Issue, words: str, by: User, now: datetime, version: int | None = None) -> Issue:
    """The host says what is missing: the issue goes back to in progress and the owner hears it at once.

    Raises NotAllowed, Refused (no words), Stale or WrongState."""
    issue = record.begin(issue, "not_yet", by=by, version=version)
    words = record.require_words(words, "words", _("Say in a few words what is missing, so that it can be put right."))
    today, who = site_day(issue.site, now), _for_host(issue, by, now)
    update = record.add_update(issue, words, **who)
    issue = record.write(issue, EventKind.NOT_YET, **who, update=update, **record.reopened(issue, today))
    telling.tell_owner(issue, "issues.not_yet", now=now)
    return issue


@transaction.atomic
def host_write(*, issue: Issue, words: str, by: User, now: datetime) -> Issue:
    """The host writes to the owner; no state and no clock changes. Raises NotAllowed, Refused or WrongState."""
    issue = record.begin(issue, "write", by=by)
    words = record.require_words(words, "words", _("Write a sentence or two."))
    who = _for_host(issue, by, now)
    update = record.add_update(issue, words, **who)
    issue = record.write(issue, EventKind.HOST_WROTE, **who, update=update)
    telling.tell_owner(issue, "issues.host_wrote", now=now)
    return issue


@transaction.atomic
def withdraw(*, issue: Issue, reason: str, by: User, now: datetime, version: int | None = None) -> Issue:
    """A coordinator agrees that an issue is given up; it counts as taken away, never as solved.

    Raises NotAllowed, Refused (no reason), Stale or WrongState."""
    issue = record.begin(issue, "withdraw", by=by, version=version)
    reason = record.require_words(reason, "reason", record.no_reason())[:300]
    changes: dict[str, Any] = {"state": IssueState.WITHDRAWN, "state_reason": reason}
    return _close(issue, EventKind.WITHDRAWN, by=by, now=now, words=reason, **changes)


@transaction.atomic
def ask_withdrawal(*, issue: Issue, reason: str, by: User, now: datetime, version: int | None = None) -> Issue:
    """The owner's side asks the coordinators to withdraw an issue; until one agrees it goes on, with all its clocks.

    Raises NotAllowed, Refused (no reason), Stale, WrongState or Conflict (asked already)."""
    issue = record.begin(issue, "ask_withdrawal", by=by, version=version)
    reason = record.require_words(reason, "reason", record.no_reason())[: record.REASON]
    who = record.for_owner(issue, by, now)
    issue = record.write(issue, EventKind.WITHDRAWAL_ASKED, **who, words=reason, withdrawal_reason=reason)
    telling.tell_coordinators(issue, "issues.withdrawal_asked", now=now, step=issue.version)
    return issue


@transaction.atomic
def refuse_withdrawal(*, issue: Issue, reason: str, by: User, now: datetime, version: int | None = None) -> Issue:
    """A coordinator lets an issue go on that its owner asked to withdraw; the owner is told why.

    Raises NotAllowed, Refused (no reason), Stale, WrongState or Conflict (nobody asks any more)."""
    issue = record.begin(issue, "refuse_withdrawal", by=by, version=version)
    reason = record.require_words(reason, "reason", record.no_reason())[: record.REASON]
    who: dict[str, Any] = {"by": by, "behalf": None, "now": now}
    issue = record.write(issue, EventKind.WITHDRAWAL_REFUSED, **who, words=reason, withdrawal_reason="")
    telling.tell_owner(issue, "issues.withdrawal_refused", now=now)
    return issue


@transaction.atomic
def merge(*, issue: Issue, into: Issue, by: User, now: datetime, version: int | None = None) -> Issue:
    """Join an issue with another open one, which goes on for both. Locks the two by ascending number.

    Raises NotAllowed, Refused (itself, a closed one, one of other coordinators), Stale or WrongState."""
    first, second = sorted((issue, into), key=lambda one: one.pk)
    locked = {one.pk: record.lock(one) for one in (first, second)}
    target = locked[into.pk]
    issue = record.begin(issue, "merge", by=by, version=version)
    if target.pk == issue.pk or target.state not in OPEN or not rules.may(by, "merge", target):
        raise Refused(_("Choose another open issue of your sites."), field="into")
    return _close(issue, EventKind.MERGED, by=by, now=now, state=IssueState.MERGED, merged_into=target)


def _close(issue: Issue, kind: EventKind, *, by: User, now: datetime, words: str = "", **changes: Any) -> Issue:
    changes |= {"hold_until": None, "blocked": False, "withdrawal_reason": ""}
    record.let_go(issue, by=by, now=now)
    return record.write(issue, kind, by=by, behalf=None, now=now, words=words, **changes)
