"""A coordinator asks owners where their issues stand: one message for each owner about all of them, once a day at most,
in the owner's working hours. Lock order: the owner, then issue rows by ascending number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from issues import telling
from issues.actions import record
from issues.actions.bulk import Outcome, left_as_it_is
from issues.clocks import site_day
from issues.errors import Conflict, Refused
from issues.models import EventKind, Issue
from notifications.kinds import Due
from notifications.models import Notice
from notifications.reminding import remind_many
from people.models import Executive, User

REMINDED = "issues.reminded"


@transaction.atomic
def remind(*, issue: Issue, by: User, now: datetime, words: str = "", version: int | None = None) -> Issue:
    """Ask the owner of one issue where it stands. Raises NotAllowed, Stale, WrongState or Conflict (nobody can be written
    to, it changed hands meanwhile, or the owner was reminded today already)."""
    owner = _lock_owner(issue.owner_id)
    locked = _ready(issue, owner, by=by, version=version)
    _check_day(owner, now)
    _tell([locked], owner, words, by=by, now=now)
    return locked


def remind_owners(*, issues: Iterable[Issue], by: User, now: datetime, words: str = "") -> Outcome:
    """The same for many issues: each owner in a transaction of their own. What is refused stands in the outcome."""
    outcome, by_owner = Outcome(), defaultdict(list)
    for issue in issues:
        by_owner[issue.owner_id].append(issue)
    for owner_id, theirs in sorted(by_owner.items()):
        _remind_one(owner_id, theirs, outcome, words, by=by, now=now)
    outcome.people = len({issue.owner_id for issue in outcome.changed})
    return outcome


@transaction.atomic
def _remind_one(
    owner_id: int, issues: Iterable[Issue], outcome: Outcome, words: str, *, by: User, now: datetime
) -> None:
    owner, ready = _lock_owner(owner_id), []
    for issue in sorted(issues, key=lambda one: one.pk):
        try:
            locked = _ready(issue, owner, by=by)
            _check_day(owner, now)
            ready.append(locked)
        except Refused as refusal:
            outcome.refused.append(left_as_it_is(issue, refusal))
    if ready:
        _tell(ready, owner, words, by=by, now=now)
    outcome.changed += ready


def _lock_owner(owner_id: int) -> Executive:
    """Two coordinators at once remind an owner once."""
    rows = Executive.objects.select_for_update(of=("self",), no_key=True).select_related("user")
    return rows.get(pk=owner_id)


def _ready(issue: Issue, owner: Executive, *, by: User, version: int | None = None) -> Issue:
    locked = record.begin(issue, "remind", by=by, version=version)
    if locked.owner_id != owner.pk:
        raise Conflict(_("It changed hands just now. Nothing was sent about it."))
    return locked


def _check_day(owner: Executive, now: datetime) -> None:
    """Raises Conflict when the owner was reminded by hand since midnight, of whichever issue and by whomever."""
    zone = timezone.get_default_timezone()
    midnight = timezone.make_aware(datetime.combine(now.astimezone(zone).date(), time()), zone)
    readers = [person.pk for person, _behalf in telling.side_of(owner)]
    told = Notice.objects.filter(recipient__in=readers, kind=REMINDED, created_at__gte=midnight, dropped=False)
    if any(owner.pk in pair for pair in told.values_list("recipient", "on_behalf_of")):
        told_so = _("%(name)s was reminded by hand today already. It can be done again tomorrow.")
        raise Conflict(told_so % {"name": owner.user.name})


def _tell(issues: Collection[Issue], owner: Executive, words: str, *, by: User, now: datetime) -> None:
    """One event for each issue, one message for each reader, at their next working hour."""
    words = words.strip()[: record.REASON]
    for issue in issues:
        record.write(issue, EventKind.REMINDED, by=by, behalf=None, now=now, words=words, also={"reminded": owner.pk})
    readers = telling.readers_of(owner, now)
    owed = [
        Due(
            reader.pk,
            issue.subject,
            site_day(issue.site, now),
            issue.version,
            behalf.pk if behalf else None,
            issue.site_id,
        )
        for reader, behalf in readers
        for issue in issues
    ]
    remind_many(kind=REMINDED, owed=owed, now=now)
