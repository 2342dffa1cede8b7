"""An issue changes hands when the other accepts. Only the owner offers it, or a coordinator on the owner's behalf; the
assistant does not, and the one who is asked answers in person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from issues import telling
from issues.actions import record
from issues.clocks import site_day
from issues.errors import Conflict, Refused
from issues.hands import hands
from issues.models import LIVE_COUNTERPART, CounterpartState, EventKind, Handover, HandoverState, Issue
from people.models import Executive, User


@transaction.atomic
def offer_handover(
    *, issue: Issue, to: Executive, reason: str, by: User, now: datetime, version: int | None = None
) -> Issue:
    """Offer an issue to another executive, with a reason. Its owner stays the owner until the other accepts.

    Raises NotAllowed, Refused (no reason; the owner, the host or somebody who left), Stale, WrongState or Conflict (an
    offer is open)."""
    issue = record.begin(issue, "handover", by=by, version=version)
    check_new_owner(issue, to)
    reason = record.require_words(reason, "reason", record.no_reason())[: record.REASON]
    offer = Handover.objects.create(
        issue=issue, from_owner=issue.owner, to_owner=to, reason=reason, offered_at=now, offered_by=by
    )
    who = record.for_owner(issue, by, now)
    issue = record.write(issue, EventKind.OFFERED, **who, words=reason, also={"offered_to": to.pk})
    telling.tell(issue, "issues.handover_asked", [(to.user, None)], now=now, step=offer.pk * telling.PLACES)
    return issue


def check_new_owner(issue: Issue, to: Executive) -> None:
    """Raises Refused unless this executive can own the issue."""
    if to.pk == issue.owner_id:
        raise Refused(_("%(name)s owns this issue already.") % {"name": to.user.name}, field="to")
    if to.pk == issue.promised_to_id:
        raise Refused(_("It was promised to %(name)s. Choose somebody else.") % {"name": to.user.name}, field="to")
    if not to.user.is_active:
        raise Refused(_("%(name)s has left. Choose somebody else.") % {"name": to.user.name}, field="to")


@transaction.atomic
def accept_handover(*, issue: Issue, by: User, now: datetime, version: int | None = None) -> Issue:
    """Take an offered issue over: owner and owning unit change, the update clock starts anew, what was promised stays.

    Raises NotAllowed, Stale, WrongState or Conflict (the offer was taken back or answered)."""
    issue = record.begin(issue, "accept_handover", by=by, version=version)
    offer = _answer(issue, HandoverState.ACCEPTED, by=by, now=now)
    end_own_request(issue, offer.to_owner, by=by, now=now)
    changes = new_owner(offer.to_owner, site_day(issue.site, now))
    issue = record.write(issue, EventKind.HANDED_OVER, by=by, behalf=None, now=now, **changes)
    _tell_asker(issue, offer, now)
    return issue


def new_owner(to: Executive, today: date) -> dict[str, Any]:
    """What changes on an issue with its owner. What the last owner put off or asked for is not the new one's."""
    return {
        "owner": to, "owning_unit": to.business_unit, "next_update_due": record.update_by(today), "snoozed_until": None,
        "snoozed_target": None, "withdrawal_reason": "",
    }  # fmt: skip


def end_own_request(issue: Issue, owner: Executive, *, by: User, now: datetime) -> None:
    """Who becomes the owner is a counterpart no longer."""
    requests = issue.counterparts.filter(person=owner.pk, state__in=LIVE_COUNTERPART)
    requests.update(state=CounterpartState.ENDED, answered_at=now, answered_by=by)


@transaction.atomic
def decline_handover(*, issue: Issue, reason: str, by: User, now: datetime, version: int | None = None) -> Issue:
    """Decline an offered issue, with a reason; its owner keeps it.

    Raises NotAllowed, Refused (no reason), Stale, WrongState or Conflict (the offer is no longer open)."""
    issue = record.begin(issue, "decline_handover", by=by, version=version)
    reason = record.require_words(reason, "reason", record.no_reason())[: record.REASON]
    offer = _answer(issue, HandoverState.DECLINED, by=by, now=now, words=reason)
    also = {"offered_to": offer.to_owner_id}
    issue = record.write(issue, EventKind.NOT_HANDED_OVER, by=by, behalf=None, now=now, words=reason, also=also)
    _tell_asker(issue, offer, now)
    return issue


@transaction.atomic
def take_back_offer(*, issue: Issue, by: User, now: datetime, version: int | None = None) -> Issue:
    """Take an open offer back; a request that still waits in the outbox is not sent.

    Raises NotAllowed, Stale, WrongState or Conflict (it was answered)."""
    issue = record.begin(issue, "take_back", by=by, version=version)
    offer = _answer(issue, HandoverState.TAKEN_BACK, by=by, now=now)
    who = record.for_owner(issue, by, now)
    return record.write(issue, EventKind.OFFER_TAKEN_BACK, **who, also={"offered_to": offer.to_owner_id})


def _answer(issue: Issue, state: HandoverState, *, by: User, now: datetime, words: str = "") -> Handover:
    """Settle the open offer of a locked issue."""
    offer = hands(issue).offer
    if offer is None:
        raise Conflict(record.lacking("accept_handover"))
    offer.state, offer.answer, offer.answered_at, offer.answered_by = state, words, now, by
    offer.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    return offer


def _tell_asker(issue: Issue, offer: Handover, now: datetime) -> None:
    readers = telling.with_asker(telling.side_of(offer.from_owner), offer.offered_by)
    telling.tell(issue, "issues.handover_answered", readers, now=now, step=offer.pk)
