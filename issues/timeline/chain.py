"""The five steps from visit to the host's word."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from issues.models import OPEN, Issue, IssueEvent, IssueState
from issues.timeline.words import short_day

TAKEN_AWAY, IN_PROGRESS, DELIVERED, DONE = 1, 2, 4, 5  # the step that is now; delivered waits for the fifth


def chain(issue: Issue, today: date, events: Iterable[IssueEvent]) -> list[dict[str, Any]]:
    """The steps with their dates and states; ``events`` are the issue's, newest first."""
    reached = _reached(issue)
    states = ("done" if place < reached else "now" if place == reached else "next" for place in range(DONE))
    steps = zip(_steps(issue, today, reached, events), states, strict=True)
    return [{"name": name, "detail": words, "state": state} for (name, words), state in steps]


def _steps(issue: Issue, today: date, reached: int, events: Iterable[IssueEvent]) -> list[tuple[str, str]]:
    visit = issue.origin_visit
    began = _began(events) if reached >= IN_PROGRESS else None

    def on(at: datetime | None) -> str:
        return short_day(timezone.localdate(at, issue.site.zone), today) if at else ""

    target = _("target %(day)s") % {"day": short_day(issue.target_date, today)}
    host = {"host": issue.promised_to.user.first_name}
    return [
        (_("Visit"), f"{short_day(visit.date, today)}, {issue.site.name}" if visit else issue.site.name),
        (_("Taken away"), on(issue.taken_away_at)),
        (_("In progress"), _("since %(day)s") % {"day": on(began)} if began else ""),
        (_("Delivered"), on(issue.delivered_at) or target),
        (_("%(host)s’s word") % host, on(issue.confirmed_at) or _("closes it")),
    ]


def _reached(issue: Issue) -> int:
    if issue.state == IssueState.CONFIRMED:
        return DONE
    if issue.state == IssueState.DELIVERED or (issue.state == IssueState.ON_HOLD and issue.delivered_at):
        return DELIVERED
    return TAKEN_AWAY if issue.state not in OPEN or issue.state == IssueState.OPEN else IN_PROGRESS


def _began(events: Iterable[IssueEvent]) -> datetime | None:
    """When it was last set in progress."""
    return next((event.at for event in events if event.after.get("state") == IssueState.IN_PROGRESS), None)
