"""What a coordinator does to many issues at once: each in a transaction of its own, so that one that has moved on keeps
none of the others waiting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from issues.actions import record
from issues.actions.work import next_update
from issues.clocks import site_day
from issues.errors import Conflict, Refused, WrongState
from issues.models import Category, EventKind, Issue
from people.models import User


class Left(NamedTuple):
    """One that stays as it is. ``words`` are the refusal, ``why`` the same without what is the issue's own; ``status``
    is what the single form would answer."""

    issue: Issue
    words: str
    why: str
    field: str | None
    status: int


@dataclass
class Outcome:
    """What was done, and what was not, with why not."""

    changed: list[Issue] = field(default_factory=list)
    refused: list[Left] = field(default_factory=list)
    people: int = 0  # told of it

    @property
    def reasons(self) -> list[tuple[str, list[Issue]]]:
        """Each reason with the issues it left out, the most frequent first."""
        found: dict[str, list[Issue]] = defaultdict(list)
        for left in self.refused:
            found[left.why].append(left.issue)
        return sorted(found.items(), key=lambda reason: -len(reason[1]))


def each(issues: Iterable[Issue], act: Callable[[Issue], Issue]) -> Outcome:
    """Do it to one issue after the other, by ascending number. A refusal of one changes nothing of it and stops nobody."""
    outcome = Outcome()
    for issue in sorted(issues, key=lambda one: one.pk):
        try:
            outcome.changed.append(act(issue))
        except Refused as refusal:
            outcome.refused.append(left_as_it_is(issue, refusal))
    return outcome


def left_as_it_is(issue: Issue, refusal: Refused) -> Left:
    """What a refusal says of one issue, and of all that are refused for the same reason."""
    why = str(refusal)
    if isinstance(refusal, WrongState):
        why = _("Their state does not allow it: %(state)s.") % {"state": issue.get_state_display().lower()}
    return Left(issue, str(refusal), why, refusal.field, refusal.status)


@transaction.atomic
def plan_update(*, issue: Issue, next_update_due: date, reason: str, by: User, now: datetime) -> Issue:
    """A coordinator sets the day, at the site, on which the next update is due. The reminders follow it.

    Raises NotAllowed, Refused (no reason, a day that does not lie ahead), TooFar, WrongState (its update clock does not
    run) or Conflict (it is that day already)."""
    issue = record.begin(issue, "plan_update", by=by)
    reason = record.require_words(reason, "reason", record.no_reason())[: record.REASON]
    due = next_update(issue, next_update_due, by, site_day(issue.site, now))
    if due == issue.next_update_due:
        raise Conflict(_("Its next update is due on that day already."))
    who = record.for_owner(issue, by, now)
    return record.write(issue, EventKind.CHANGED, **who, words=reason, next_update_due=due)


@transaction.atomic
def set_category(*, issue: Issue, category: Category, by: User, now: datetime) -> Issue:
    """Put an issue into a category. Raises NotAllowed, WrongState or Conflict (it is in that one already)."""
    issue = record.begin(issue, "change", by=by)
    if issue.category_id == category.pk:
        raise Conflict(_("It is in this category already."))
    return record.write(issue, EventKind.CHANGED, **record.for_owner(issue, by, now), category=category)
