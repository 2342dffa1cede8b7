"""Who somebody is to an issue. Asks the database only who else carries it (issues.hands), who watches it, and which sites
an executive has visited."""

from __future__ import annotations

from django.db.models import Q

from issues.hands import MOVED, hands
from issues.models import LIVE_COUNTERPART, CounterpartState, Issue, IssueState
from people.models import Executive, User
from shadowing.models import Visit


def acts_for(user: User, executive: Executive) -> bool:
    """The executive, their assistant, or whoever stands in for them while they are away: both may do everything for them
    but hand over."""
    return user.pk in (executive.pk, executive.assistant_id) or executive.pk in user.acting_for


def is_owner(user: User, issue: Issue) -> bool:
    """The owner in person."""
    return user.pk == issue.owner_id


def is_owner_side(user: User, issue: Issue) -> bool:
    """The owner, or somebody who acts for them."""
    return acts_for(user, issue.owner)


def is_host(user: User, issue: Issue) -> bool:
    """The host it was promised to."""
    return user.pk == issue.promised_to_id


def is_team_host(user: User, issue: Issue) -> bool:
    """A host of the team it was raised in."""
    return user.is_host and issue.raised_in_id is not None and user.host.team_id == issue.raised_in_id


def is_coordinator(user: User, issue: Issue) -> bool:
    """Coordinators of the issue's site, and admins."""
    return user.coordinates(issue.site_id)


def works_on(user: User, issue: Issue) -> bool:
    """Who acts as the owner: the owner's side, and a coordinator on the owner's behalf."""
    return is_owner_side(user, issue) or is_coordinator(user, issue)


def was_owner_side(user: User, issue: Issue) -> bool:
    """Who owned it before it changed hands, as the record of handovers says, or acts for one who did."""
    moved = (one for one in hands(issue).handovers if one.state in MOVED)
    return not is_owner_side(user, issue) and any(acts_for(user, one.from_owner) for one in moved)


def worked_beside(user: User, issue: Issue) -> bool:
    """Who was a counterpart, or acts for one, and is no more."""
    return hands(issue).asked(user, CounterpartState.HANDED_BACK, CounterpartState.ENDED) is not None


def knows_owner(user: User, issue: Issue) -> bool:
    """Who may hear whose it is now: readers of the issue, and the side it came from to its present owner."""
    newest = next((one for one in hands(issue).handovers if one.state in MOVED), None)
    came = newest is not None and newest.to_owner_id == issue.owner_id and acts_for(user, newest.from_owner)
    return came or can_view(user, issue)


def works_beside(user: User, issue: Issue) -> bool:
    """A counterpart who said yes, or somebody who acts for one."""
    return hands(issue).asked(user, CounterpartState.ACCEPTED) is not None


def says_where_it_stands(user: User, issue: Issue) -> bool:
    """Who posts updates: whoever acts as the owner, and counterparts about their part of it."""
    return works_on(user, issue) or works_beside(user, issue)


def speaks_for_host(user: User, issue: Issue) -> bool:
    """Who gives the host's word: the host, and a coordinator in the host's place. Never the owner's side."""
    return is_host(user, issue) or (is_coordinator(user, issue) and not is_owner_side(user, issue))


def hands_over(user: User, issue: Issue) -> bool:
    """The owner in person, and a coordinator on the owner's behalf; this one thing no assistant does."""
    return user.pk == issue.owner_id or is_coordinator(user, issue)


def takes_back(user: User, issue: Issue) -> bool:
    """Who may offer it, and whoever owned it when it was offered: they hear that it was accepted meanwhile."""
    offer = hands(issue).last_offer
    return hands_over(user, issue) or (offer is not None and offer.from_owner_id == user.pk)


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


def is_watching(user: User, issue: Issue) -> bool:
    """Whether this person follows the issue. One query, remembered with this instance."""
    known: dict[int, bool] = vars(issue).setdefault("_watching", {})
    if user.pk not in known:
        watched = vars(issue).get("has_watches", True)  # as for_page says
        known[user.pk] = watched and issue.watches.filter(user=user).exists()
    return known[user.pk]


def carries(user: User, issue: Issue) -> bool:
    """Asked or accepted as a counterpart (or their assistant), offered the issue, or watching it."""
    offer = hands(issue).offer
    offered = offer is not None and acts_for(user, offer.to_owner)
    return offered or hands(issue).asked(user, *LIVE_COUNTERPART) is not None or is_watching(user, issue)


def has_visited(user: User, issue: Issue) -> bool:
    """Executives (and their assistants) read the issues of sites they were at."""
    if not user.identities & {"executive", "assistant"}:
        return False
    own = Q(executive=user.pk) | Q(executive__assistant=user.pk) | Q(executive__in=user.acting_for)
    return Visit.objects.held().filter(own, site=issue.site_id).exists()


def is_asked_for_gone_host(user: User, issue: Issue) -> bool:
    """Hosts of the team read what is confirmed while they are asked in a host's place who has gone."""
    return issue.state == IssueState.CONFIRMED and is_team_host(user, issue) and not issue.promised_to.user.is_active


def can_view(user: User, issue: Issue) -> bool:
    """The same as ``visible_to`` for one issue in hand."""
    if user.reads_everything or user.coordinates(issue.site_id) or is_owner_side(user, issue) or is_host(user, issue):
        return True
    return carries(user, issue) or has_visited(user, issue) or is_asked_for_gone_host(user, issue)


def may_watch(user: User, issue: Issue) -> bool:
    """Everybody who can read it, but for hosts: they are told anyway."""
    return bool(user.identities - {"host"}) and can_view(user, issue)


def behalf(user: User, person: User) -> User | None:
    """For whom something is done on record: the person whose it is, unless that is the one who does it."""
    return None if user.pk == person.pk else person
