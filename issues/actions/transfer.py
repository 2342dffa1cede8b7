"""What a coordinator moves without asking first: the issues of somebody who leaves, all in one step, and what was handed
back. The new owner may hand one back within five working days at its site."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from issues import rules, telling
from issues.actions import record
from issues.actions.handover import check_new_owner, end_own_request, new_owner
from issues.clocks import site_day
from issues.errors import Conflict, NotAllowed, Refused, Stale
from issues.hands import hands
from issues.models import EventKind, Handover, HandoverState, Issue
from people.models import Executive, Site, User
from people.workdays import add_working_days

BACK_DAYS = 5  # working days within which the new owner may hand it back


@transaction.atomic
def transfer_leavers_issues(
    *, leaver: Executive, to: Executive | Mapping[int, Executive], reason: str, by: User, now: datetime,
    numbers: Collection[int] | None = None,
) -> list[Issue]:  # fmt: skip
    """Move every open issue of somebody who leaves, at the sites this coordinator coordinates, in one step: to one new
    owner, or to one each (by issue number). Locks the issues by ascending number; all move or none.

    ``numbers`` are the issues as the page showed them. Raises NotAllowed (not a coordinator), Refused (no reason, an
    issue without a new owner, somebody who cannot own one), Conflict (none is left) or Stale (others than shown)."""
    if not (by.is_active and (by.coordinates_everywhere or by.coordinated_site_ids)):
        raise NotAllowed(_("Only a coordinator moves the issues of somebody who leaves."))
    reason = record.require_words(reason, "reason", record.no_reason())[: record.REASON]
    issues = _locked(leaver, by)
    if not issues:
        raise Conflict(_("%(name)s owns no open issue at your sites any more.") % {"name": leaver.user.name})
    if numbers is not None and set(numbers) != {issue.pk for issue in issues}:
        raise Stale(_("The issues changed since this page was made. Nothing was moved."))
    return [_move(issue, _receiver(issue, to), reason, by=by, now=now) for issue in issues]


def _locked(leaver: Executive, by: User) -> list[Issue]:
    """The leaver's open issues as they are now, locked, as far as this coordinator's sites go."""
    rows = Issue.objects.movable_by(by).filter(owner=leaver).select_for_update(of=("self",), no_key=True)
    return list(rows.select_related(*record.WITH_PEOPLE).order_by("number"))


def _receiver(issue: Issue, to: Executive | Mapping[int, Executive]) -> Executive:
    if isinstance(to, Executive):
        return to
    if issue.pk not in to:
        raise Refused(_("Name a new owner for issue %(number)s.") % {"number": issue.pk})
    return to[issue.pk]


def _move(issue: Issue, to: Executive, reason: str, *, by: User, now: datetime) -> Issue:
    check_new_owner(issue, to)
    today = site_day(issue.site, now)
    record.end_offer(issue, by=by, now=now)
    end_own_request(issue, to, by=by, now=now)
    Handover.objects.create(
        issue=issue, from_owner=issue.owner, to_owner=to, transfer=True, state=HandoverState.ACCEPTED, reason=reason,
        offered_at=now, offered_by=by, back_by=back_by(issue.site, today),
    )  # fmt: skip
    changes = new_owner(to, today)
    return record.write(issue, EventKind.TRANSFERRED, by=by, behalf=None, now=now, words=reason, **changes)


def back_by(site: Site, today: date) -> date:
    """The last day, at the site, on which a new owner may hand an issue back."""
    return add_working_days(today, BACK_DAYS, country=site.country, subdivision=site.subdivision)


@transaction.atomic
def transfer_issue(
    *, issue: Issue, to: Executive, reason: str, by: User, now: datetime, version: int | None = None
) -> Issue:
    """Give one issue a new owner, after the last one handed it back or has left.

    Raises NotAllowed, Refused (no reason, somebody who cannot own it), Stale, WrongState or Conflict (its owner is here
    and has not handed it back)."""
    issue = record.begin(issue, "transfer", by=by, version=version)
    reason = record.require_words(reason, "reason", record.no_reason())[: record.REASON]
    return _move(issue, to, reason, by=by, now=now)


@transaction.atomic
def hand_back(*, issue: Issue, reason: str, by: User, now: datetime, version: int | None = None) -> Issue:
    """The new owner hands a transferred issue back. They stay its owner until a coordinator has found another.

    Raises NotAllowed, Refused (no reason), Stale, WrongState or Conflict (it was not transferred, was handed back
    already, or the five working days have passed)."""
    issue = record.begin(issue, "hand_back", by=by, version=version)
    reason = record.require_words(reason, "reason", record.no_reason())[: record.REASON]
    moved = hands(issue).transfer
    if moved is None or not rules.can_be_handed_back(issue, site_day(issue.site, now)):
        raise Conflict(_("Only an issue a coordinator moved to you can be handed back, once, within 5 working days."))
    moved.state, moved.answer, moved.answered_at, moved.answered_by = HandoverState.HANDED_BACK, reason, now, by
    moved.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    issue = record.write(issue, EventKind.HANDED_BACK, by=by, behalf=None, now=now, words=reason)
    telling.tell_coordinators(issue, "issues.handed_back", now=now, step=moved.pk)
    return issue
