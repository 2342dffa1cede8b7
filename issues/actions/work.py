"""What the owner's side does: updates, start, hold, resume, deliver, details."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from issues import rules, telling
from issues.actions import record
from issues.clocks import site_day
from issues.errors import Refused
from issues.models import Category, EventKind, Issue, IssueState
from people.models import User

CHANGEABLE = ("title", "obstacle", "category")


@transaction.atomic
def post_update(
    *, issue: Issue, text: str, by: User, now: datetime, blocked: bool = False, host_reads: bool = True,
    next_update_due: date | None = None, target_date: date | None = None, reason: str = "", version: int | None = None,
) -> Issue:  # fmt: skip
    """Say where an issue stands. The first update of an open issue starts it; one the host can read restarts the clock
    of words to the host. A counterpart says so of their part: the owner's dates, and the next update they owe, stay.

    Days are calendar dates at the site: ``next_update_due`` after today (empty: in 14 days), a moved ``target_date``
    from today on, with a reason; rules.limits says how far ahead. Raises NotAllowed, Refused (field), TooFar, Stale or
    WrongState.
    """
    issue = record.begin(issue, "update", by=by, version=version, people=record.WITH_OWNER)
    today, owns = site_day(issue.site, now), rules.works_on(by, issue)
    who = record.for_owner(issue, by, now) if owns else record.for_part(issue, by, now)
    text = record.require_words(text, "text", _("Say in a sentence what has moved, or what stands in the way."))
    changes: dict[str, Any] = {"last_update_on": today, "blocked": blocked}
    if owns:
        changes["next_update_due"] = next_update(issue, next_update_due, by, today)
        changes |= _moved_target(issue, target_date, reason, today)
    else:
        changes["blocked"] = _of_part(issue, blocked, next_update_due, target_date)
    if issue.state == IssueState.OPEN:
        changes["state"] = IssueState.IN_PROGRESS
    if host_reads:
        changes |= record.word_given(today)
    update = record.add_update(issue, text, **who, blocked=blocked, host_reads=host_reads)
    words = reason.strip() if "target_date" in changes else ""
    return record.write(issue, EventKind.UPDATED, **who, words=words, update=update, **changes)


def next_update(issue: Issue, wanted: date | None, by: User, today: date) -> date:
    """The day this person names for the next update, or in two weeks. Raises Refused or TooFar."""
    return record.update_by(today, wanted, latest=rules.latest_update(by, issue, today) if wanted else None)


def _of_part(issue: Issue, blocked: bool, *dates: date | None) -> bool:
    """Whether it is stuck after a counterpart's update: only the owner's side says that it no longer is, or moves dates."""
    if any(dates):
        raise Refused(_("Only %(owner)s moves dates.") % {"owner": issue.owner.user.name})
    return blocked or issue.blocked


def _moved_target(issue: Issue, wanted: date | None, reason: str, today: date) -> dict[str, Any]:
    if wanted is None or wanted == issue.target_date:
        return {}
    record.require_words(reason, "reason", _("Say why the target date moves; your host reads it."))
    return {"target_date": record.future_target(wanted, today)}


@transaction.atomic
def start(*, issue: Issue, by: User, now: datetime, version: int | None = None) -> Issue:
    """Work on an open issue has begun. Raises NotAllowed, Stale or WrongState."""
    issue = record.begin(issue, "start", by=by, version=version)
    return record.write(issue, EventKind.STARTED, **record.for_owner(issue, by, now), state=IssueState.IN_PROGRESS)


@transaction.atomic
def hold(*, issue: Issue, until: date, reason: str, by: User, now: datetime, version: int | None = None) -> Issue:
    """Put an issue on hold until a day at the site, 90 days ahead at most (a coordinator: a year): target and update
    clocks stand still, the host still hears.

    Raises NotAllowed, Refused (no reason, a day that is not ahead), TooFar, Stale or WrongState."""
    issue = record.begin(issue, "hold", by=by, version=version)
    reason, today = record.require_words(reason, "reason", record.no_reason())[:300], site_day(issue.site, now)
    if until <= today:
        raise Refused(_("A hold ends on a day ahead. Choose a day after today."), field="until")
    record.not_after(until, rules.latest_hold(by, issue, today), field="until")
    changes: dict[str, Any] = {"state": IssueState.ON_HOLD, "hold_until": until, "state_reason": reason}
    return record.write(issue, EventKind.HELD, **record.for_owner(issue, by, now), words=reason, **changes)


@transaction.atomic
def resume(*, issue: Issue, by: User, now: datetime, version: int | None = None) -> Issue:
    """Take an issue off hold, back to the state it had before. An update clock that ran out meanwhile starts anew; the
    target date stays as it was promised. Raises NotAllowed, Stale or WrongState."""
    issue = record.begin(issue, "resume", by=by, version=version)
    today = site_day(issue.site, now)
    held = issue.events.filter(kind=EventKind.HELD).order_by("-at", "-pk").first()
    state = IssueState(held.before["state"]) if held else IssueState.IN_PROGRESS
    changes: dict[str, Any] = {"state": state, "hold_until": None, "state_reason": ""}
    if issue.next_update_due <= today:
        changes["next_update_due"] = record.update_by(today)
    return record.write(issue, EventKind.RESUMED, **record.for_owner(issue, by, now), **changes)


@transaction.atomic
def deliver(*, issue: Issue, text: str, impact: str, by: User, now: datetime, version: int | None = None) -> Issue:
    """Say that an issue is delivered: what is done (the host reads it) and what it changed. The host is asked at once
    whether it helps. Raises NotAllowed, Refused (no words), Stale or WrongState."""
    issue = record.begin(issue, "deliver", by=by, version=version)
    today, who = site_day(issue.site, now), record.for_owner(issue, by, now)
    text = record.require_words(text, "text", _("Say what is done, in words your host can check."))
    impact = record.require_words(impact, "impact", _("Say what it changes for the people on the floor."))
    changes: dict[str, Any] = {
        "state": IssueState.DELIVERED, "delivered_at": now, "delivered_by": by, "impact": impact, "hold_until": None,
        "state_reason": "", "blocked": False, "reopened": False, "last_update_on": today, **record.word_given(today),
    }  # fmt: skip
    update = record.add_update(issue, text, **who)
    issue = record.write(issue, EventKind.DELIVERED, **who, update=update, **changes)
    telling.ask_host(issue, now=now)
    return issue


@transaction.atomic
def change_details(
    *, issue: Issue, title: str, obstacle: str, category: Category | None, by: User, now: datetime,
    version: int | None = None,
) -> Issue:  # fmt: skip
    """Put title, obstacle or category right; what was promised is never rewritten. No difference, no event.

    Raises NotAllowed, Refused (no title), Stale or WrongState."""
    issue = record.begin(issue, "change", by=by, version=version)
    title = record.require_words(title, "title", _("Give it a title: what should be different?"))
    wanted = dict(zip(CHANGEABLE, (title, obstacle.strip(), category), strict=True))
    changes: dict[str, Any] = {name: value for name, value in wanted.items() if getattr(issue, name) != value}
    return record.write(issue, EventKind.CHANGED, **record.for_owner(issue, by, now), **changes) if changes else issue
