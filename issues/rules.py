"""Who may do what to an issue, and in which state. Pure but for one question: which sites an executive has visited."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.db.models import Q

from issues.clocks import site_day
from issues.models import OPEN, Issue, IssueState
from people.models import User
from shadowing.models import Visit, VisitState

SILENT_DAYS = 14  # after which, and after two requests, a coordinator may confirm in the host's place
REQUESTS = 2
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
    "write": frozenset({*OPEN, _S.CONFIRMED}),
}


def is_owner_side(user: User, issue: Issue) -> bool:
    """The owner, or the assistant who may do everything for them but hand over."""
    return user.pk in (issue.owner_id, issue.owner.assistant_id)


def is_host(user: User, issue: Issue) -> bool:
    """The host it was promised to."""
    return user.pk == issue.promised_to_id


def is_coordinator(user: User, issue: Issue) -> bool:
    """Coordinators of the issue's site, and admins."""
    return user.coordinates(issue.site_id)


def works_on(user: User, issue: Issue) -> bool:
    """Who acts as the owner: the owner's side, and a coordinator on the owner's behalf."""
    return is_owner_side(user, issue) or is_coordinator(user, issue)


def speaks_for_host(user: User, issue: Issue) -> bool:
    """Who gives the host's word: the host, and a coordinator in the host's place. Never the owner's side."""
    return is_host(user, issue) or (is_coordinator(user, issue) and not is_owner_side(user, issue))


MAY: dict[str, Callable[[User, Issue], bool]] = {
    "update": works_on,
    "start": works_on,
    "hold": works_on,
    "resume": works_on,
    "deliver": works_on,
    "change": works_on,
    "confirm": speaks_for_host,
    "not_yet": speaks_for_host,
    "write": speaks_for_host,
    "withdraw": is_coordinator,
    "merge": is_coordinator,
}


def may(user: User, verb: str, issue: Issue) -> bool:
    """Has this person the right to the verb, whatever the issue's state?"""
    return user.is_active and MAY[verb](user, issue)


def can(user: User, verb: str, issue: Issue) -> bool:
    """May this person do it now? Decides which buttons a page shows; actions check right and state one by one."""
    return issue.state in STATES[verb] and may(user, verb, issue)


def can_view(user: User, issue: Issue) -> bool:
    """The same as ``visible_to`` for one issue in hand; at most one query."""
    if user.reads_everything or user.coordinates(issue.site_id):
        return True
    return is_owner_side(user, issue) or is_host(user, issue) or has_visited(user, issue)


def has_visited(user: User, issue: Issue) -> bool:
    """Executives (and their assistants) read the issues of sites they were at."""
    if not user.identities & {"executive", "assistant"}:
        return False
    own = Q(executive=user.pk) | Q(executive__assistant=user.pk)
    return Visit.objects.held().filter(own, site=issue.site_id).exists()


def host_may_be_spoken_for(issue: Issue, *, requests: int, today: date) -> bool:
    """May a coordinator confirm in the host's place? When the host has left or cannot be written to, or has been silent
    for 14 days since delivery and ``requests`` (those that went out since) are two or more."""
    host = issue.promised_to.user
    if not (host.is_active and host.address):
        return True
    delivered = issue.delivered_at and site_day(issue.site, issue.delivered_at)
    return bool(delivered and today >= delivered + timedelta(days=SILENT_DAYS) and requests >= REQUESTS)


def may_take_away(user: User, visit: Visit) -> bool:
    """The visit's executive, the assistant, or a coordinator on the executive's behalf."""
    return user.is_active and (
        user.pk in (visit.executive_id, visit.executive.assistant_id) or user.coordinates(visit.site_id)
    )


def owes_take_away(visit: Visit) -> bool:
    """Only a visit that was held is followed by a take-away."""
    return visit.state == VisitState.HELD


def may_waive(user: User, visit: Visit) -> bool:
    return user.is_active and user.coordinates(visit.site_id)


def behalf(user: User, person: User) -> User | None:
    """For whom something is done on record: the person whose it is, unless that is the one who does it."""
    return None if user.pk == person.pk else person
