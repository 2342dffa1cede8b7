"""Following an issue. Nothing about the issue changes, so its history says nothing of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from issues.actions import record
from issues.models import Issue, IssueWatch
from people.models import User


@transaction.atomic
def watch(*, issue: Issue, by: User, now: datetime, version: int | None = None) -> Issue:
    """Follow an issue: it can be read from now on wherever one's rights go. ``version`` is taken and not asked: following
    contradicts nothing. Raises NotAllowed or Conflict (followed already)."""
    issue = record.begin(issue, "watch", by=by)
    IssueWatch.objects.create(issue=issue, user=by, since=now)
    return issue


@transaction.atomic
def unwatch(*, issue: Issue, by: User, now: datetime, version: int | None = None) -> Issue:
    """Follow an issue no longer. Raises NotAllowed or Conflict (not followed)."""
    issue = record.begin(issue, "unwatch", by=by)
    IssueWatch.objects.filter(issue=issue, user=by).delete()
    return issue
