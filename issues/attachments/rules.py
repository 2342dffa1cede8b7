"""Who may add a file to an issue, and who may take it off."""

from __future__ import annotations

from issues import rules
from issues.hands import hands
from issues.models import LIVE_COUNTERPART, OPEN, Attachment, Issue, IssueState
from people.models import User

STATES = frozenset({*OPEN, IssueState.CONFIRMED})  # in which files are added; they are taken off in any


def may_attach(user: User, issue: Issue) -> bool:
    """The owner's side, coordinators, counterparts who are asked or work on it, and the host it was promised to."""
    if not user.is_active:
        return False
    if rules.works_on(user, issue) or rules.is_host(user, issue):
        return True
    return hands(issue).asked(user, *LIVE_COUNTERPART) is not None


def may_detach(user: User, issue: Issue, attachment: Attachment) -> bool:
    """The owner's side, coordinators, and whoever added it."""
    return user.is_active and (rules.works_on(user, issue) or attachment.added_by_id == user.pk)


def can_attach(user: User, issue: Issue) -> bool:
    """May this person add a file now? Decides whether the page offers it."""
    return issue.state in STATES and may_attach(user, issue)


def is_for_host(user: User, issue: Issue, wanted: bool) -> bool:
    """What hosts add, they read."""
    return wanted or (not rules.works_on(user, issue) and rules.is_host(user, issue))
