"""Whether what was to be said still holds when it is about to be sent. One query for many notices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db.models import Max, Q

from issues.clocks import site_day
from issues.models import OPEN, WORKED_ON, EventKind, Issue, IssueState
from issues.notices import steps
from issues.promiser import first_owner
from issues.queries import take_aways_owed
from notifications.models import Notice
from shadowing.models import Visit

_S = IssueState
Still = Callable[[Issue, Notice], bool]
_LATEST = Max("events__update", filter=Q(events__kind=EventKind.UPDATED, events__update__host_reads=True))


def key(notice: Notice) -> str:
    """What stands behind the kind in a subject: an issue's number, a visit's id."""
    return notice.subject.partition(":")[2]


def issues_of(notices: Sequence[Notice]) -> dict[str, Issue]:
    """The issues of these notices by number, with everybody their texts name: three queries, for many issues are of few
    sites and seasons, which are wide."""
    numbers = {int(key(notice)) for notice in notices}
    issues = Issue.objects.filter(pk__in=numbers).annotate(first_owner=first_owner())
    named = issues.select_related("owner__user", "owner__line_manager", "promised_to__user")
    return {str(issue.pk): issue for issue in named.prefetch_related("site", "season")}


def visits_of(notices: Sequence[Notice]) -> dict[str, Visit]:
    """The visits of these notices by id, with both people and the site."""
    ids = {UUID(key(notice)) for notice in notices}
    visits = Visit.objects.filter(uuid__in=ids).select_related(
        "executive__user", "host__user", "host__team", "site", "season"
    )
    return {str(visit.uuid): visit for visit in visits}


def take_away_owed(notices: Sequence[Notice]) -> set[int]:
    owed = take_aways_owed(Visit.objects.filter(uuid__in={UUID(key(notice)) for notice in notices}))
    waiting = {str(uuid) for uuid in owed.values_list("uuid", flat=True)}
    return {notice.pk for notice in notices if key(notice) in waiting}


def _of_issues(still: Still, notices: Sequence[Notice]) -> set[int]:
    numbers = {int(key(notice)) for notice in notices}
    rows = Issue.objects.filter(pk__in=numbers).select_related("site")
    issues = {str(issue.pk): issue for issue in rows}
    return {notice.pk for notice in notices if key(notice) in issues and still(issues[key(notice)], notice)}


def _not_put_off(issue: Issue, notice: Notice) -> bool:
    """The owner's side hears nothing of an issue that was put off since the notice arose; everybody else does."""
    if issue.owner_id not in (notice.recipient_id, notice.on_behalf_of_id):
        return True
    today = site_day(issue.site, notice.created_at)
    return not steps.put_off(issue.target_date, issue.snoozed_until, issue.snoozed_target, today=today)


def _update_still_due(issue: Issue, notice: Notice) -> bool:
    due = issue.state in WORKED_ON and issue.next_update_due == notice.anchor
    return due and _not_put_off(issue, notice)


def _word_still_due(issue: Issue, notice: Notice) -> bool:
    return issue.state in OPEN and issue.word_due == notice.anchor and _not_put_off(issue, notice)


def _target_still_stands(issue: Issue, notice: Notice) -> bool:
    return issue.state in WORKED_ON and issue.target_date == notice.anchor and _not_put_off(issue, notice)


def _still_delivered(issue: Issue, notice: Notice) -> bool:
    delivered = issue.delivered_at and site_day(issue.site, issue.delivered_at)
    return issue.state == IssueState.DELIVERED and delivered == notice.anchor


def _always(issue: Issue, notice: Notice) -> bool:
    return True


def moved(notices: Sequence[Notice]) -> set[int]:
    """Of open issues, and only of the latest words: earlier ones are told with them."""
    numbers = {int(key(notice)) for notice in notices}
    rows = Issue.objects.open().filter(pk__in=numbers).annotate(latest=_LATEST).values_list("pk", "latest")
    latest = {str(number): update for number, update in rows}
    return {notice.pk for notice in notices if latest.get(key(notice)) == notice.step}


def reminded(notices: Sequence[Notice]) -> set[int]:
    """The issue is still its owner's to work on, and they have not said where it stands since they were asked."""
    latest = Max("events__at", filter=Q(events__kind=EventKind.UPDATED))
    rows = Issue.objects.filter(pk__in={int(key(notice)) for notice in notices}, state__in=(*WORKED_ON, _S.ON_HOLD))
    found = {
        str(number): (owner, at) for number, owner, at in rows.annotate(at=latest).values_list("pk", "owner", "at")
    }
    return {notice.pk for notice in notices if key(notice) in found and _waits(notice, *found[key(notice)])}


def _waits(notice: Notice, owner: int, updated_at: datetime | None) -> bool:
    theirs = owner in (notice.recipient_id, notice.on_behalf_of_id)
    return theirs and (updated_at is None or updated_at <= notice.created_at)


update_due = partial(_of_issues, _update_still_due)
word_due = partial(_of_issues, _word_still_due)
target = partial(_of_issues, _target_still_stands)
confirm_asked = partial(_of_issues, _still_delivered)
answered = partial(_of_issues, _always)
