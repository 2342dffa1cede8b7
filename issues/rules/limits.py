"""How far ahead a day may lie that stops or moves a clock. Without a limit an owner could silence two of three clocks for
years, and only the word to the host would be left.

Days are calendar dates at the issue's site, counted from the day on which they are named.
"""

from __future__ import annotations

from datetime import date, timedelta

from issues.clocks import UPDATE_DAYS
from issues.models import Issue
from issues.rules.who import is_coordinator, is_owner_side
from people.models import User

INTERVALS = 4  # updates an owner may leave out in a row: eight weeks, which covers a long leave
HOLD_DAYS = 90  # a quarter: by then somebody has to look at it again
COORDINATOR_UPDATE_DAYS, COORDINATOR_HOLD_DAYS = 182, 365  # a coordinator answers for the site, not for the promise
TARGET_DAYS = 730  # what takes longer than two years needs a nearer promise first


def latest_update(user: User, issue: Issue, today: date) -> date:
    """The last day this person may name for the next update: a few of the season's intervals ahead, for a coordinator
    half a year. A season that reminds less often than updates are due lets them come less often too."""
    interval = max(UPDATE_DAYS, issue.season.policy("update_due_every"))
    own = min(INTERVALS * interval, COORDINATOR_UPDATE_DAYS)
    return today + timedelta(days=COORDINATOR_UPDATE_DAYS if _judges(user, issue) else own)


def latest_hold(user: User, issue: Issue, today: date) -> date:
    """The last day until which this person may put it on hold."""
    return today + timedelta(days=COORDINATOR_HOLD_DAYS if _judges(user, issue) else HOLD_DAYS)


def latest_target(today: date) -> date:
    """The last day that can be promised, by whomever."""
    return today + timedelta(days=TARGET_DAYS)


def _judges(user: User, issue: Issue) -> bool:
    """A coordinator of the site who does not answer for the issue."""
    return is_coordinator(user, issue) and not is_owner_side(user, issue)
