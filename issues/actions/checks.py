"""Does it still hold? Asked 30 and 90 days after an issue was confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from issues import rules, telling
from issues.actions import record
from issues.clocks import site_day
from issues.errors import Conflict, Refused
from issues.models import EventKind, HoldsCheck, Issue
from people.models import User


@transaction.atomic
def answer_check(
    *, issue: Issue, holds: bool, by: User, now: datetime, words: str = "", version: int | None = None
) -> Issue:
    """Say whether what was confirmed still holds: the host it was promised to; if they have gone, a host of the team; a
    coordinator in their place, on record, but a yes only where the host cannot give it. A "no" needs words: the issue
    goes back to in progress and the owner hears it at once.

    Raises NotAllowed, Refused (no words; the host's word can still come), Stale, WrongState or Conflict (it is not asked
    yet, or was answered)."""
    issue = record.begin(issue, "check", by=by, version=version)
    days = rules.check_due(issue, site_day(issue.site, now))
    if days is None or issue.confirmed_at is None:
        raise Conflict(_("Whether it still holds is not asked now: it was answered, or it is too early."))
    words = words.strip()
    if not holds:
        words = record.require_words(words, "words", _("Say in a few words what no longer holds."))
    _check_place(issue, by, holds=holds)
    HoldsCheck.objects.create(
        issue=issue, confirmed_on=site_day(issue.site, issue.confirmed_at), days=days, holds=holds, words=words,
        answered_at=now, answered_by=by,
    )  # fmt: skip
    return _still_holds(issue, words, days, by, now) if holds else _holds_no_more(issue, words, days, by, now)


def _check_place(issue: Issue, by: User, *, holds: bool) -> None:
    """Nobody says yes for a host who can say it."""
    host = issue.promised_to.user
    in_place = rules.is_coordinator(by, issue) and not rules.is_host(by, issue)
    if in_place and holds and host.is_active and host.address:
        raise Refused(_("%(host)s has the last word on this, and has been asked.") % {"host": host.first_name})


def _for_whom(issue: Issue, by: User, now: datetime) -> dict[str, Any]:
    """A coordinator answers for the host; a host of the team for themselves."""
    answers_for = rules.behalf(by, issue.promised_to.user) if rules.is_coordinator(by, issue) else None
    return {"by": by, "behalf": answers_for, "now": now}


def _still_holds(issue: Issue, words: str, days: int, by: User, now: datetime) -> Issue:
    who = _for_whom(issue, by, now)
    update = record.add_update(issue, words, **who) if words else None
    return record.write(issue, EventKind.STILL_HOLDS, **who, update=update, also={"days": days})


def _holds_no_more(issue: Issue, words: str, days: int, by: User, now: datetime) -> Issue:
    who = _for_whom(issue, by, now)
    update = record.add_update(issue, words, **who)
    changes = record.reopened(issue, site_day(issue.site, now))
    issue = record.write(issue, EventKind.HOLDS_NO_MORE, **who, update=update, also={"days": days}, **changes)
    telling.tell_owner(issue, "issues.holds_no_more", now=now)
    return issue
