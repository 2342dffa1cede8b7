"""What else must be the case for a verb, besides the right and the state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from issues.clocks import site_day
from issues.hands import hands
from issues.models import CounterpartState, HandoverState, Issue
from issues.rules.who import is_watching
from people.models import User

SILENT_DAYS = 14  # after which, and after two requests, a coordinator may confirm in the host's place
REQUESTS = 2


def has_open_offer(user: User, issue: Issue) -> bool:
    return hands(issue).offer is not None


def is_asked_now(user: User, issue: Issue) -> bool:
    return hands(issue).asked(user, CounterpartState.ASKED) is not None


def may_be_moved(issue: Issue) -> bool:
    """By a coordinator, without asking the new owner first: when its owner has left, or handed it back."""
    return not issue.owner.user.is_active or hands(issue).handed_back is not None


def can_be_written_to(issue: Issue) -> bool:
    """The owner is here, and they or their assistant have an address."""
    owner, assistant = issue.owner.user, issue.owner.assistant
    return owner.is_active and bool(owner.address or (assistant and assistant.is_active and assistant.address))


def can_be_handed_back(issue: Issue, today: date) -> bool:
    """By the owner a coordinator gave it to, until a day at the site."""
    moved = hands(issue).transfer
    return bool(moved and moved.state == HandoverState.ACCEPTED and moved.back_by and today <= moved.back_by)


def check_due(issue: Issue, today: date) -> int | None:
    """Which check a confirmed issue waits for on this day at the site: the latest of the season's that is reached (30
    and 90 days); None when none is, or it was answered. One query."""
    if issue.confirmed_at is None:
        return None
    confirmed = site_day(issue.site, issue.confirmed_at)
    reached = [days for days in issue.season.policy("holds_after") if today >= confirmed + timedelta(days=days)]
    if not reached or is_checked(issue, confirmed, max(reached)):
        return None
    return max(reached)


def is_checked(issue: Issue, confirmed: date, days: int) -> bool:
    """Whether this check was answered. One query, unless the issue was read with its newest check."""
    if "_checked" in vars(issue):
        return bool(vars(issue)["_checked"] == (confirmed, days))
    return issue.checks.filter(confirmed_on=confirmed, days=days).exists()


def host_may_be_spoken_for(issue: Issue, *, requests: int, today: date) -> bool:
    """May a coordinator confirm in the host's place? When the host has left or cannot be written to, or has been silent
    for 14 days since delivery and ``requests`` (those that went out since) are two or more."""
    host = issue.promised_to.user
    if not (host.is_active and host.address):
        return True
    delivered = issue.delivered_at and site_day(issue.site, issue.delivered_at)
    return bool(delivered and today >= delivered + timedelta(days=SILENT_DAYS) and requests >= REQUESTS)


# Where it is not the case, the action answers with a conflict.
NEEDS: dict[str, Callable[[User, Issue], bool]] = {
    "ask_withdrawal": lambda user, issue: not issue.withdrawal_reason,
    "refuse_withdrawal": lambda user, issue: bool(issue.withdrawal_reason),
    "handover": lambda user, issue: not has_open_offer(user, issue),
    "accept_handover": has_open_offer,
    "decline_handover": has_open_offer,
    "take_back": has_open_offer,
    "transfer": lambda user, issue: may_be_moved(issue),
    "accept_counterpart": is_asked_now,
    "decline_counterpart": is_asked_now,
    "leave_counterpart": lambda user, issue: hands(issue).asked(user, CounterpartState.ACCEPTED) is not None,
    "end_counterpart": lambda user, issue: bool(hands(issue).live),
    "snooze": lambda user, issue: issue.snoozed_target != issue.target_date,
    "watch": lambda user, issue: not is_watching(user, issue),
    "unwatch": is_watching,
    "remind": lambda user, issue: can_be_written_to(issue),
}

# What must be the case on a day at the site.
ON_DAY: dict[str, Callable[[Issue, date], bool]] = {
    "hand_back": can_be_handed_back,
    "check": lambda issue, today: check_due(issue, today) is not None,
}
