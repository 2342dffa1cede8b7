"""People the owner works with: asked, and free to accept, to decline with a reason, or to hand it back later."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from issues import rules, telling
from issues.actions import record
from issues.errors import Conflict, Refused
from issues.hands import hands
from issues.models import LIVE_COUNTERPART, Counterpart, CounterpartState, EventKind, Issue
from people.models import BusinessUnit, User

_S = CounterpartState


@transaction.atomic
def ask_counterpart(
    *, issue: Issue, person: User, request: str, by: User, now: datetime, version: int | None = None
) -> Issue:
    """Ask somebody to work on an issue too; their unit is kept as it is today. The owner stays the only owner.

    Raises NotAllowed, Refused (nothing asked; the owner, the host or somebody who left), Stale, WrongState or Conflict
    (they are asked already)."""
    issue = record.begin(issue, "ask_counterpart", by=by, version=version)
    request = record.require_words(request, "request", _("Say in a sentence what they are to do."))
    _check_person(issue, person)
    asked = Counterpart.objects.create(
        issue=issue, person=person, unit=_unit(person), request=request, asked_at=now, asked_by=by
    )
    who = record.for_owner(issue, by, now)
    issue = record.write(issue, EventKind.COUNTERPART_ASKED, **who, words=request, also={"person": person.pk})
    telling.tell(issue, "issues.counterpart_asked", _side(person), now=now, step=asked.pk * telling.PLACES)
    return issue


def _check_person(issue: Issue, person: User) -> None:
    name = {"name": person.name}
    if person.pk == issue.owner_id:
        raise Refused(_("%(name)s owns this issue already.") % name, field="person")
    if person.pk == issue.promised_to_id:
        raise Refused(_("It was promised to %(name)s. Choose somebody else.") % name, field="person")
    if not person.is_active:
        raise Refused(_("%(name)s has left. Choose somebody else.") % name, field="person")
    if any(one.person_id == person.pk for one in hands(issue).live):
        raise Conflict(_("%(name)s has been asked already.") % name, field="person")


def _unit(person: User) -> BusinessUnit | None:
    if person.is_executive:
        return person.executive.business_unit
    return person.host.team.business_unit if person.is_host else None


def _side(person: User) -> list[telling.Reader]:
    return telling.side_of(person.executive) if person.is_executive else [(person, None)]


@transaction.atomic
def accept_counterpart(*, issue: Issue, by: User, now: datetime, version: int | None = None) -> Issue:
    """Say yes to working on an issue too; an assistant says so for their executive, on record.

    Raises NotAllowed, Stale, WrongState or Conflict (nobody asks any more)."""
    issue = record.begin(issue, "accept_counterpart", by=by, version=version)
    return _settle(issue, _S.ASKED, _S.ACCEPTED, EventKind.COUNTERPART_ACCEPTED, by=by, now=now)


@transaction.atomic
def decline_counterpart(*, issue: Issue, reason: str, by: User, now: datetime, version: int | None = None) -> Issue:
    """Decline to work on an issue, with a reason.

    Raises NotAllowed, Refused (no reason), Stale, WrongState or Conflict (nobody asks any more)."""
    issue = record.begin(issue, "decline_counterpart", by=by, version=version)
    reason = record.require_words(reason, "reason", record.no_reason())[: record.REASON]
    return _settle(issue, _S.ASKED, _S.DECLINED, EventKind.COUNTERPART_DECLINED, by=by, now=now, words=reason)


@transaction.atomic
def leave_counterpart(*, issue: Issue, reason: str, by: User, now: datetime, version: int | None = None) -> Issue:
    """Hand a part one had accepted back to the owner, with a reason.

    Raises NotAllowed, Refused (no reason), Stale, WrongState or Conflict (they do not work on it)."""
    issue = record.begin(issue, "leave_counterpart", by=by, version=version)
    reason = record.require_words(reason, "reason", record.no_reason())[: record.REASON]
    return _settle(issue, _S.ACCEPTED, _S.HANDED_BACK, EventKind.COUNTERPART_LEFT, by=by, now=now, words=reason)


def _settle(
    issue: Issue, was: CounterpartState, state: CounterpartState, kind: EventKind, *, by: User, now: datetime,
    words: str = "",
) -> Issue:  # fmt: skip
    """Answer the request to this person (or whom they assist); the owner's side and whoever asked hear it."""
    row = hands(issue).asked(by, was)
    if row is None:
        raise Conflict(record.lacking("accept_counterpart"))
    _write(row, state, by=by, now=now, words=words)
    who: dict[str, Any] = {"by": by, "behalf": rules.behalf(by, row.person), "now": now}
    issue = record.write(issue, kind, **who, words=words, also={"person": row.person_id})
    readers = telling.with_asker(telling.side_of(issue.owner), row.asked_by)
    left = state == _S.HANDED_BACK
    telling.tell(issue, "issues.counterpart_answered", readers, now=now, step=row.pk * telling.PLACES + left)
    return issue


@transaction.atomic
def end_counterpart(*, issue: Issue, person: User, by: User, now: datetime, version: int | None = None) -> Issue:
    """The owner's side no longer asks somebody, whether they had answered or not.

    Raises NotAllowed, Stale, WrongState or Conflict (they are not asked any more)."""
    issue = record.begin(issue, "end_counterpart", by=by, version=version)
    row = issue.counterparts.filter(person=person, state__in=LIVE_COUNTERPART).first()
    if row is None:
        raise Conflict(_("%(name)s is not asked any more.") % {"name": person.name}, field="person")
    _write(row, _S.ENDED, by=by, now=now)
    who = record.for_owner(issue, by, now)
    return record.write(issue, EventKind.COUNTERPART_ENDED, **who, also={"person": person.pk})


def _write(row: Counterpart, state: CounterpartState, *, by: User, now: datetime, words: str = "") -> None:
    row.state, row.answer, row.answered_at, row.answered_by = state, words, now, by
    row.save(update_fields=["state", "answer", "answered_at", "answered_by"])
