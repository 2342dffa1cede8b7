"""Putting messages into the outbox, and what people may do with one that is there.

A row is never dropped: a message that should not go out is cancelled, one that went wrong is sent again as a new
message that names the old one. Lock order: message row, then nothing else.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from notifications.kinds import register
from notifications.models import Message, MessageState, Notice
from people.errors import Conflict, NotAllowed
from people.models import AuditEvent, User


def tell(
    *,
    kind: str,
    recipient: User,
    subject: str,
    anchor: date,
    step: int = 0,
    on_behalf_of: User | None = None,
    site_id: int | None = None,
    now: datetime,
) -> Message | None:
    """Queue a message of an immediate kind inside the caller's transaction; it goes out whatever the hour.

    Asked again for the same recipient, kind, subject, anchor and step it does nothing. None then, and when the person
    has left or has no address: a coordinator acts for them. Raises KeyError for a kind nobody registered.
    """
    if not (recipient.is_active and recipient.address):
        return None
    for_whom = None if on_behalf_of == recipient else on_behalf_of
    about: dict[str, Any] = {"kind": kind, "subject": subject, "anchor": anchor, "step": step}
    about |= {"recipient": recipient, "on_behalf_of": for_whom}
    if Notice.objects.filter(**about).exists():
        return None
    message = Message(recipient=recipient, on_behalf_of=for_whom, created_at=now, due_at=now)
    message.personal = register[kind].anonymous
    return _store(message, Notice(**about, site_id=site_id, message=message, created_at=now))


def _store(message: Message, notice: Notice) -> Message | None:
    """Both rows, or None when another transaction told the same at the same moment."""
    try:
        with transaction.atomic():
            message.save(force_insert=True)
            notice.save(force_insert=True)
    except IntegrityError:
        return None
    return message


@transaction.atomic
def resend(*, message_id: uuid.UUID, by: User, now: datetime) -> Message:
    """Queue a new message that says the same and names the old one; what no longer holds is left out when it is sent.

    Raises Message.DoesNotExist, NotAllowed, or Conflict while the message, or what was sent again for it, still waits.
    """
    message = _locked(message_id, by)
    if message.state == MessageState.QUEUED:
        raise Conflict(_("This message has not been sent yet: it still waits in the outbox."))
    if Message.objects.filter(resend_of=message.resend_of_id or message.pk, state=MessageState.QUEUED).exists():
        raise Conflict(_("It is queued again already and goes out within a minute."))
    again = Message.objects.create(
        recipient_id=message.recipient_id,
        on_behalf_of_id=message.on_behalf_of_id,
        resend_of_id=message.resend_of_id or message.pk,
        created_at=now,
        due_at=now,
    )
    _record(message, "message resent", by, now, {"as": str(again.pk)})
    return again


@transaction.atomic
def cancel(*, message_id: uuid.UUID, by: User, now: datetime) -> Message:
    """Keep a queued message from being sent. One a mail server is taking at this moment may still go out, and then the
    outbox says so. Raises Message.DoesNotExist, NotAllowed, or Conflict when it is not queued."""
    message = _locked(message_id, by)
    if message.state not in {MessageState.QUEUED, MessageState.FAILED}:
        raise Conflict(_("This message is %(state)s already.") % {"state": message.get_state_display()})
    message.state = MessageState.CANCELLED
    message.save(update_fields=["state"])
    _record(message, "message cancelled", by, now)
    return message


@transaction.atomic
def mark_bounced(*, message_id: uuid.UUID, by: User, now: datetime) -> Message:
    """Note that a sent message came back: what comes next for the same address is held back until somebody puts it right.
    Raises Message.DoesNotExist, NotAllowed, or Conflict when it was not sent or the bounce is known."""
    message = _locked(message_id, by)
    if message.state != MessageState.SENT or message.bounced_at:
        raise Conflict(_("Only a sent message can come back, and only once."))
    message.bounced_at, message.bounced_by = now, by
    message.sent_to = message.sent_to or message.recipient.address  # sent before addresses were noted
    message.save(update_fields=["bounced_at", "bounced_by", "sent_to"])
    _record(message, "message bounced", by, now)
    return message


@transaction.atomic
def address_works(*, message_id: uuid.UUID, by: User, now: datetime) -> Message:
    """Mail to the address of this bounce arrives again: every bounce of it is forgotten, and what was held back for its
    reader goes out. Raises Message.DoesNotExist, NotAllowed, or Conflict when the message did not come back."""
    message = _locked(message_id, by)
    if not message.bounced_at:
        raise Conflict(_("This message did not come back, or somebody said already that the address works."))
    ours = Message.objects.filter(recipient=message.recipient_id)
    ours.filter(sent_to=message.sent_to, bounced_at__isnull=False).update(bounced_at=None, bounced_by=None)
    ours.filter(state=MessageState.QUEUED, held_back=True).update(due_at=now, held_back=False, last_error="")
    _record(message, "address works again", by, now)
    return message


def _locked(message_id: uuid.UUID, by: User) -> Message:
    """The row under lock. NotAllowed unless ``by`` coordinates every site the message is about."""
    message = Message.objects.select_for_update().get(pk=message_id, personal=False)
    if not message.changeable_by(by):
        raise NotAllowed(_("This message is about sites of other coordinators."))
    return message


def _record(message: Message, verb: str, by: User, now: datetime, changes: dict[str, str] | None = None) -> None:
    AuditEvent.objects.create(at=now, by=by, verb=verb, subject=f"message:{message.pk}", changes=changes or {})
