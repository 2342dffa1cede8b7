"""A group of a visit day's regroup becomes one shared issue with one owner."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from issues import rules
from issues.actions.record import future_target, require_words, update_by, word_given
from issues.actions.take_away import first_event, lock_visit, origin, readable
from issues.clocks import site_day
from issues.errors import Conflict, NotAllowed, Refused
from issues.models import Category, Issue, RegroupOrigin
from issues.regroup import teams_of, teams_there
from people.models import Host, User
from shadowing.models import GroupOutcome, RegroupGroup, Visit
from shadowing.regroup.actions import lock_group, require_next
from shadowing.regroup.settling import settle


@transaction.atomic
def raise_from_group(
    *, group: RegroupGroup, version: int, owner: Visit, title: str, promise: str, target_date: date, by: User,
    now: datetime, promised_to: Host | None = None, obstacle: str = "", category: Category | None = None,
    earlier: Issue | None = None,
) -> Issue:  # fmt: skip
    """The executive of ``owner`` (a held visit of the day) makes the group's obstacle their own. It settles what that
    visit owes; the others still owe theirs. ``promised_to``: a host of the day, else the one of the owner's visit.

    Locks the day and the group, then the visit. Raises NotAllowed (not their executive, not their day), Refused (words
    missing, a past day, nobody of this day) or Conflict (the group was changed or settled meanwhile, the visit not held).
    """
    group = lock_group(group, version=version, by=by)
    require_next(group, GroupOutcome.ISSUE)
    visit = lock_owner(group, owner, by)
    host = promised_to or visit.host
    require_host(group, visit, host)
    title = require_words(title, "title", _("Give it a title: what should be different?"))
    promise = require_words(promise, "promise", _("Write down what the owner promises; the host will read it."))
    today = site_day(visit.site, now)
    issue = Issue(
        title=title, promise=promise, obstacle=obstacle.strip(), category=category, taken_away_at=now,
        earlier=readable(earlier, by), origin_day=group.day,
        target_date=future_target(target_date, today), next_update_due=update_by(today),
        **origin(visit) | {"promised_to": host, "raised_in": host.team}, **word_given(today),
    )  # fmt: skip
    issue.save(force_insert=True)
    keep_origin(issue, group)
    settle(group, GroupOutcome.ISSUE, by=by, now=now)
    return first_event(issue, by=by, now=now)


def lock_owner(group: RegroupGroup, owner: Visit, by: User) -> Visit:
    """The visit whose executive is to own it, locked. Raises NotAllowed, or Conflict when it is none of the day's held
    visits."""
    visit = lock_visit(owner)
    if not rules.may_take_away(by, visit):
        raise NotAllowed(_("This visit is not yours."))
    there = (visit.site_id, visit.date) == (group.day.site_id, group.day.date)
    if not there or not rules.owes_take_away(visit):
        raise Conflict(_("Only somebody whose visit was held on this day can own it. Nothing was changed."))
    return visit


def require_host(group: RegroupGroup, visit: Visit, host: Host) -> None:
    """Raises Refused unless the promise is made to a host of the day who is not its owner."""
    there = Visit.objects.on(group.day.site, group.day.date).held().filter(host=host)
    if host.pk == visit.executive_id or not there.exists():
        raise Refused(_("Promise it to a host of this day who is not its owner."), field="promised_to")


def keep_origin(issue: Issue, group: RegroupGroup) -> None:
    """Which group it was, and which teams had seen it by now."""
    teams = teams_of(group)
    issue.teams_affected.set(teams)
    RegroupOrigin.objects.create(group=group, issue=issue, seen_in=len(teams), teams=teams_there(group))
