"""Which states each verb needs, and who has the right to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from issues.models import OPEN, Issue, IssueState
from issues.rules.needs import NEEDS, ON_DAY
from issues.rules.who import (
    answers_check,
    asks_withdrawal,
    hands_over,
    is_coordinator,
    is_owner,
    is_owner_side,
    may_watch,
    says_where_it_stands,
    speaks_for_host,
    takes_back,
    was_asked,
    was_offered,
    works_on,
)
from people.models import User

_S = IssueState

# The states an issue must be in for each verb; an issue in another state answers with a conflict.
STATES: dict[str, frozenset[str]] = {
    "update": frozenset(OPEN),
    "start": frozenset({_S.OPEN}),
    "hold": frozenset({_S.OPEN, _S.IN_PROGRESS, _S.DELIVERED}),
    "resume": frozenset({_S.ON_HOLD}),
    "deliver": frozenset({_S.OPEN, _S.IN_PROGRESS, _S.ON_HOLD}),
    "confirm": frozenset({_S.DELIVERED}),
    "not_yet": frozenset({_S.DELIVERED, _S.CONFIRMED}),
    "withdraw": frozenset(OPEN),
    "merge": frozenset(OPEN),
    "change": frozenset(OPEN),
    "plan_update": frozenset({_S.OPEN, _S.IN_PROGRESS}),
    "remind": frozenset({_S.OPEN, _S.IN_PROGRESS, _S.ON_HOLD}),
    "write": frozenset({*OPEN, _S.CONFIRMED}),
    "ask_withdrawal": frozenset(OPEN),
    "refuse_withdrawal": frozenset(OPEN),
    "handover": frozenset(OPEN),
    "accept_handover": frozenset(OPEN),
    "decline_handover": frozenset(OPEN),
    "take_back": frozenset(OPEN),
    "transfer": frozenset(OPEN),
    "hand_back": frozenset(OPEN),
    "ask_counterpart": frozenset(OPEN),
    "accept_counterpart": frozenset(OPEN),
    "decline_counterpart": frozenset(OPEN),
    "leave_counterpart": frozenset(OPEN),
    "end_counterpart": frozenset(OPEN),
    "snooze": frozenset(OPEN),
    "check": frozenset({_S.CONFIRMED}),
    "watch": frozenset(_S),
    "unwatch": frozenset(_S),
}

MAY: dict[str, Callable[[User, Issue], bool]] = {
    "update": says_where_it_stands,
    "start": works_on,
    "hold": works_on,
    "resume": works_on,
    "deliver": works_on,
    "change": works_on,
    "plan_update": is_coordinator,
    "remind": is_coordinator,
    "confirm": speaks_for_host,
    "not_yet": speaks_for_host,
    "write": speaks_for_host,
    "withdraw": is_coordinator,
    "merge": is_coordinator,
    "ask_withdrawal": asks_withdrawal,
    "refuse_withdrawal": is_coordinator,
    "handover": hands_over,
    "accept_handover": was_offered,
    "decline_handover": was_offered,
    "take_back": takes_back,
    "transfer": is_coordinator,
    "hand_back": is_owner,
    "ask_counterpart": works_on,
    "accept_counterpart": was_asked,
    "decline_counterpart": was_asked,
    "leave_counterpart": was_asked,
    "end_counterpart": works_on,
    "snooze": is_owner_side,
    "check": answers_check,
    "watch": may_watch,
    "unwatch": may_watch,
}


def may(user: User, verb: str, issue: Issue) -> bool:
    """Has this person the right to the verb, whatever the issue's state?"""
    return user.is_active and MAY[verb](user, issue)


def can(user: User, verb: str, issue: Issue, *, today: date | None = None) -> bool:
    """May this person do it now? Decides which buttons a page shows; actions check right and state one by one.

    Without ``today``, a day at the site, what depends on the day is left to the action."""
    if issue.state not in STATES[verb] or not may(user, verb, issue):
        return False
    if verb in NEEDS and not NEEDS[verb](user, issue):
        return False
    return today is None or verb not in ON_DAY or ON_DAY[verb](issue, today)
