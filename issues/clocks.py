"""The three clocks of an issue: target date, next update, word to the host. Pure: an issue's dates in, clocks out.

Days are calendar dates at the issue's site. The state decides which clocks run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from issues.models import OPEN, WORKED_ON, IssueState
from people.models import Site

UPDATE_DAYS = 14  # from one update to the next, unless the owner names another day
WORD_DAYS = 21  # within which the host is to hear something


@dataclass(frozen=True)
class Clock:
    """Runs out when ``due`` has passed. ``due`` None: it does not run. ``stopped``: it stands still until that date."""

    due: date | None = None
    started: date | None = None
    stopped: bool = False

    @property
    def runs(self) -> bool:
        return self.due is not None

    def left(self, today: date) -> int | None:
        """Whole days left, 0 on the last one, negative when overdue; None when it does not run."""
        return (self.due - today).days if self.due else None

    def over(self, today: date) -> int:
        """Days overdue; 0 while it is not, or does not run."""
        return max(0, -(self.left(today) or 0))

    def is_last_day(self, today: date) -> bool:
        return self.left(today) == 0

    def used(self, today: date) -> float:
        """Share of its time that is used up, 0 to 1."""
        if self.due is None or self.started is None:
            return 0.0
        span = max((self.due - self.started).days, 1)
        return min(max(1 - (self.due - today).days / span, 0.0), 1.0)


NOT_RUNNING = Clock()


@dataclass(frozen=True)
class Clocks:
    """``word`` runs as long as the issue is open: silence towards the host counts whatever else happens."""

    target: Clock
    update: Clock
    word: Clock

    def over(self, today: date) -> int:
        """Days the latest of them is overdue; 0 when none is."""
        return max(clock.over(today) for clock in (self.target, self.update, self.word))


def site_day(site: Site, now: datetime) -> date:
    """The calendar day at a site."""
    return timezone.localdate(now, site.zone)


def read(row: Mapping[str, Any], today: date) -> Clocks:
    """The clocks of one issue, from a row with the columns of CLOCK_COLUMNS (or ``vars(issue)``)."""
    state = row["state"]
    return Clocks(_target(row, today), _update(row), _word(row) if state in OPEN else NOT_RUNNING)


CLOCK_COLUMNS = (
    "state", "taken_away_at", "target_date", "next_update_due", "last_update_on", "word_due", "last_word_on",
    "hold_until",
)  # fmt: skip


def _target(row: Mapping[str, Any], today: date) -> Clock:
    """On hold it stands still until its date; once that has passed, somebody must take it off hold."""
    taken = row["taken_away_at"].date()
    if row["state"] == IssueState.ON_HOLD:
        return Clock(row["hold_until"], taken, stopped=today <= row["hold_until"])
    return Clock(row["target_date"], taken) if row["state"] in WORKED_ON else NOT_RUNNING


def _update(row: Mapping[str, Any]) -> Clock:
    if row["state"] not in WORKED_ON:
        return NOT_RUNNING
    due = row["next_update_due"]
    return Clock(due, row["last_update_on"] or min(row["taken_away_at"].date(), due - timedelta(days=1)))


def _word(row: Mapping[str, Any]) -> Clock:
    return Clock(row["word_due"], row["last_word_on"])
