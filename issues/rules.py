"""Who may do what to an issue, and in which state. Asks the database only who else carries the issue (issues.hands), who
watches it, and which sites an executive has visited."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.db.models import Q

from issues.clocks import site_day
from issues.hands import hands
from issues.models import LIVE_COUNTERPART, OPEN, CounterpartState, HandoverState, Issue, IssueState
from people.models import Executive, User
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


def acts_for(user: User, executive: Executive) -> bool:
    """The executive, their assistant, or whoever stands in for them while they are away: both may do everything for them
    but hand over."""
    return user.pk in (executive.pk, executive.assistant_id) or executive.pk in user.acting_for


def is_owner_side(user: User, issue: Issue) -> bool:
    """The owner, or somebody who acts for them."""
    return acts_for(user, issue.owner)


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


def hands_over(user: User, issue: Issue) -> bool:
    """The owner in person, and a coordinator on the owner's behalf; this one thing no assistant does."""
    return user.pk == issue.owner_id or is_coordinator(user, issue)


def is_owner(user: User, issue: Issue) -> bool:
    """The owner in person."""
    return user.pk == issue.owner_id


def asks_withdrawal(user: User, issue: Issue) -> bool:
    """The owner's side; who coordinates the site too withdraws it without asking."""
    return is_owner_side(user, issue) and not is_coordinator(user, issue)


def was_offered(user: User, issue: Issue) -> bool:
    """The executive the newest offer was made to, in person, whatever became of it."""
    offer = hands(issue).last_offer
    return offer is not None and offer.to_owner_id == user.pk


def was_asked(user: User, issue: Issue) -> bool:
    """Somebody who was asked as a counterpart, or their assistant, whatever became of it."""
    return hands(issue).asked(user) is not None


def answers_check(user: User, issue: Issue) -> bool:
    """Who says whether it still holds: the host, a coordinator in the host's place; if the host has gone, any active
    host of the team it was raised in. Never the owner's side."""
    if speaks_for_host(user, issue):
        return True
    return not is_owner_side(user, issue) and is_team_host(user, issue) and not issue.promised_to.user.is_active


def is_team_host(user: User, issue: Issue) -> bool:
    """A host of the team it was raised in."""
    return user.is_host and issue.raised_in_id is not None and user.host.team_id == issue.raised_in_id


def may_watch(user: User, issue: Issue) -> bool:
    """Everybody who can read it, but for hosts: they are told anyway."""
    return bool(user.identities - {"host"}) and can_view(user, issue)


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
    "ask_withdrawal": asks_withdrawal,
    "refuse_withdrawal": is_coordinator,
    "handover": hands_over,
    "accept_handover": was_offered,
    "decline_handover": was_offered,
    "take_back": hands_over,
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


def has_open_offer(user: User, issue: Issue) -> bool:
    return hands(issue).offer is not None


def is_asked_now(user: User, issue: Issue) -> bool:
    return hands(issue).asked(user, CounterpartState.ASKED) is not None


def may_be_moved(issue: Issue) -> bool:
    """By a coordinator, without asking the new owner first: when its owner has left, or handed it back."""
    return not issue.owner.user.is_active or hands(issue).handed_back is not None


# What else must be the case for a verb; where it is not, the action answers with a conflict.
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
    "unwatch": lambda user, issue: is_watching(user, issue),  # noqa: PLW0108 – defined below
}


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


# What must be the case on a day at the site.
ON_DAY: dict[str, Callable[[Issue, date], bool]] = {
    "hand_back": can_be_handed_back,
    "check": lambda issue, today: check_due(issue, today) is not None,
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


def can_view(user: User, issue: Issue) -> bool:
    """The same as ``visible_to`` for one issue in hand."""
    if user.reads_everything or user.coordinates(issue.site_id) or is_owner_side(user, issue) or is_host(user, issue):
        return True
    return carries(user, issue) or has_visited(user, issue) or is_asked_for_gone_host(user, issue)


def carries(user: User, issue: Issue) -> bool:
    """Asked or accepted as a counterpart (or their assistant), offered the issue, or watching it."""
    offer = hands(issue).offer
    offered = offer is not None and acts_for(user, offer.to_owner)
    return offered or hands(issue).asked(user, *LIVE_COUNTERPART) is not None or is_watching(user, issue)


def is_watching(user: User, issue: Issue) -> bool:
    """Whether this person follows the issue. One query, remembered with this instance."""
    known: dict[int, bool] = vars(issue).setdefault("_watching", {})
    if user.pk not in known:
        watched = vars(issue).get("has_watches", True)  # as for_page says
        known[user.pk] = watched and issue.watches.filter(user=user).exists()
    return known[user.pk]


def is_asked_for_gone_host(user: User, issue: Issue) -> bool:
    """Hosts of the team read what is confirmed while they are asked in a host's place who has gone."""
    return issue.state == _S.CONFIRMED and is_team_host(user, issue) and not issue.promised_to.user.is_active


def has_visited(user: User, issue: Issue) -> bool:
    """Executives (and their assistants) read the issues of sites they were at."""
    if not user.identities & {"executive", "assistant"}:
        return False
    own = Q(executive=user.pk) | Q(executive__assistant=user.pk) | Q(executive__in=user.acting_for)
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
    """The visit's executive, who acts for them, or a coordinator on the executive's behalf."""
    return user.is_active and (acts_for(user, visit.executive) or user.coordinates(visit.site_id))


def owes_take_away(visit: Visit) -> bool:
    """Only a visit that was held is followed by a take-away."""
    return visit.state == VisitState.HELD


def may_waive(user: User, visit: Visit) -> bool:
    return user.is_active and user.coordinates(visit.site_id)


def behalf(user: User, person: User) -> User | None:
    """For whom something is done on record: the person whose it is, unless that is the one who does it."""
    return None if user.pk == person.pk else person
