"""Taking an issue away from a held visit, and letting a visit be without one."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from issues import rules
from issues.actions.record import future_target, no_reason, plain, require_words, update_by, word_given
from issues.clocks import site_day
from issues.errors import Conflict, NotAllowed, Refused
from issues.models import Category, EventKind, Issue, IssueEvent, TakeAwayWaiver
from people.models import User
from shadowing.models import Visit, VisitEvent

WITH_PEOPLE = ("executive__user", "executive__business_unit", "host__user", "host__team", "site")


def lock_visit(visit: Visit) -> Visit:
    """The visit as it is now, locked, so that two people cannot settle it at once. Looked for twice, as ``record.lock``
    says: whoever held it may have given it another host."""
    rows = Visit.objects.select_for_update(of=("self",), no_key=True).select_related(*WITH_PEOPLE).filter(pk=visit.pk)
    return rows.first() or rows.get()


@transaction.atomic
def take_away(
    *, visit: Visit, title: str, promise: str, target_date: date, by: User, now: datetime, obstacle: str = "",
    category: Category | None = None, earlier: Issue | None = None,
) -> Issue:  # fmt: skip
    """The executive of a held visit makes an issue their own and promises it to the host; on record for whom, when the
    assistant or a coordinator writes it. One is owed, more are welcome. ``earlier`` is one like it, taken away before.

    ``target_date`` is a day at the site, today at the earliest, two years ahead at most. Update and word clocks start
    today. Raises NotAllowed, Refused (no title or promise, a past day, an earlier one they cannot read), TooFar or
    Conflict (the visit was not held; the same title was just taken away).
    """
    visit = lock_visit(visit)
    if not rules.may_take_away(by, visit):
        raise NotAllowed(_("This visit is not yours."))
    if not rules.owes_take_away(visit):
        raise Conflict(_("Only a visit that was held can be followed by a take-away."))
    title = require_words(title, "title", _("Give it a title: what should be different?"))
    promise = require_words(promise, "promise", _("Write down what you promise; your host will read it."))
    if visit.issues.filter(title=title).exists():
        raise Conflict(_("This issue was taken away from this visit already."))
    today = site_day(visit.site, now)
    issue = Issue(
        title=title, promise=promise, obstacle=obstacle.strip(), category=category, taken_away_at=now,
        earlier=readable(earlier, by),
        target_date=future_target(target_date, today), next_update_due=update_by(today),
        **origin(visit), **word_given(today),
    )  # fmt: skip
    issue.save(force_insert=True)
    return first_event(issue, by=by, now=now)


def readable(earlier: Issue | None, by: User) -> Issue | None:
    """An issue somebody links must be one they can read: the link would tell them of it."""
    if earlier and not Issue.objects.visible_to(by).filter(pk=earlier.pk).exists():
        raise Refused(_("There is no issue of that number that you can read."), field="earlier")
    return earlier


def origin(visit: Visit) -> dict[str, object]:
    """What an issue keeps of the visit it came from, so that silos it crosses can be reported later."""
    return {
        "origin_visit": visit, "site": visit.site, "season_id": visit.season_id, "owner": visit.executive,
        "promised_to": visit.host, "raised_in": visit.host.team, "owning_unit": visit.executive.business_unit,
    }  # fmt: skip


def first_event(issue: Issue, *, by: User, now: datetime) -> Issue:
    """The first line of its history, and the mark on the visit it began at."""
    if issue.origin_visit_id:
        Visit.objects.filter(pk=issue.origin_visit_id, followed=False).update(followed=True)
    names: tuple[str, ...] = ("state", "owner_id", "promised_to_id", "target_date", "next_update_due")
    names += ("earlier_id",) if issue.earlier_id else ()
    IssueEvent.objects.create(
        issue=issue, kind=EventKind.TAKEN_AWAY, at=now, by=by, on_behalf_of=rules.behalf(by, issue.owner.user),
        after={name.removesuffix("_id"): plain(getattr(issue, name)) for name in names},
    )  # fmt: skip
    return issue


@transaction.atomic
def waive_take_away(*, visit: Visit, reason: str, by: User, now: datetime) -> TakeAwayWaiver:
    """A coordinator lets a held visit be without an issue; it still counts against the take-away rate.

    Written to the visit's own trail. Raises NotAllowed, Refused (no reason) or Conflict (not held, or settled already).
    """
    visit = lock_visit(visit)
    if not rules.may_waive(by, visit):
        raise NotAllowed(_("This visit is not yours."))
    reason = require_words(reason, "reason", no_reason())
    if not rules.owes_take_away(visit):
        raise Conflict(_("Only a visit that was held owes a take-away."))
    if visit.issues.exists() or TakeAwayWaiver.objects.filter(visit=visit).exists():
        raise Conflict(_("This visit owes nothing any more."))
    if len(reason) > TakeAwayWaiver._meta.get_field("reason").max_length:  # type: ignore[operator]
        raise Refused(_("Keep the reason under 300 characters."), field="reason")
    waiver = TakeAwayWaiver.objects.create(visit=visit, reason=reason, waived_by=by, waived_at=now)
    VisitEvent.objects.create(visit=visit, at=now, by=by, verb="take-away waived", words=reason)
    return waiver
