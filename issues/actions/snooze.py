"""Reminders of one issue put off: once per target date, for at most 14 days, with a reason."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from issues.actions import record
from issues.clocks import site_day
from issues.errors import Refused
from issues.models import EventKind, Issue
from people.models import User

MOST_DAYS = 14


@transaction.atomic
def snooze(*, issue: Issue, until: date, reason: str, by: User, now: datetime, version: int | None = None) -> Issue:
    """Put the owner's reminders about this issue off until a day at the site. Its clocks run on: what is overdue stays
    overdue, and the host sees it.

    Raises NotAllowed, Refused (no reason, a day that is not ahead or too far), Stale, WrongState or Conflict (done once
    for this target date)."""
    issue = record.begin(issue, "snooze", by=by, version=version)
    reason = record.require_words(reason, "reason", record.no_reason())[: record.REASON]
    today = site_day(issue.site, now)
    if not today < until <= today + timedelta(days=MOST_DAYS):
        raise Refused(_("Choose a day after today, at most 14 days ahead."), field="until")
    who = record.for_owner(issue, by, now)
    changes: dict[str, Any] = {"snoozed_until": until, "snoozed_target": issue.target_date}
    return record.write(issue, EventKind.SNOOZED, **who, words=reason, **changes)
