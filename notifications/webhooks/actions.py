"""What admins do with webhooks. Lock order: webhook, then its deliveries. The log of people's deeds never holds an
address or a secret: a chat bridge's address often is one.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from notifications.models import MessageState, Webhook, WebhookDelivery
from notifications.webhooks import guard, signing
from notifications.webhooks.payload import TEST, tellable
from people.errors import Conflict, NotAllowed, Refused
from people.models import AuditEvent, User

RETIRING = timedelta(hours=24)  # that long the secret before still signs


@transaction.atomic
def add(*, name: str, url: str, kinds: Sequence[str], by: User, now: datetime) -> tuple[Webhook, str]:
    """A new webhook that hears of what is told from now on, and its secret, which is shown once.

    Raises NotAllowed, or Refused (field: an address that leads inside, a kind nobody may hear of)."""
    _check(by, url, kinds)
    kept = signing.new_secret()
    moments = {"created_at": now, "hears_from": now, "heard_until": now}
    webhook = Webhook.objects.create(name=name, url=url, kinds=sorted(kinds), secret=kept, created_by=by, **moments)
    _record("webhook added", webhook, by, now)
    return webhook, signing.shown(kept)


@transaction.atomic
def change(*, webhook_id: int, name: str, url: str, kinds: Sequence[str], by: User, now: datetime) -> Webhook:
    """Another name, address or choice of kinds; what waits goes to the new address.

    Raises Webhook.DoesNotExist, NotAllowed, or Refused as adding does."""
    _check(by, url, kinds)
    webhook = _locked(webhook_id, by)
    moved = {"address": "changed"} if webhook.url != url else {}
    webhook.name, webhook.url, webhook.kinds = name, url, sorted(kinds)
    webhook.save(update_fields=["name", "url", "kinds"])
    _record("webhook changed", webhook, by, now, moved)
    return webhook


@transaction.atomic
def pause(*, webhook_id: int, by: User, now: datetime) -> Webhook:
    """Send nothing and hear nothing until resumed; what waits stays. Raises Webhook.DoesNotExist, NotAllowed, Conflict."""
    webhook = _locked(webhook_id, by)
    if webhook.paused_at:
        raise Conflict(_("This webhook is paused already."))
    webhook.paused_at, webhook.paused_by = now, by
    webhook.save(update_fields=["paused_at", "paused_by"])
    _record("webhook paused", webhook, by, now)
    return webhook


@transaction.atomic
def resume(*, webhook_id: int, by: User, now: datetime) -> Webhook:
    """Go on: what waited is sent, what was told meanwhile is not. Raises Webhook.DoesNotExist, NotAllowed, Conflict."""
    webhook = _locked(webhook_id, by)
    if not webhook.paused_at:
        raise Conflict(_("This webhook is not paused."))
    webhook.paused_at, webhook.paused_by, webhook.hears_from = None, None, now
    webhook.heard_until = max(now, webhook.heard_until)
    webhook.save(update_fields=["paused_at", "paused_by", "hears_from", "heard_until"])
    _record("webhook resumed", webhook, by, now)
    return webhook


@transaction.atomic
def rotate(*, webhook_id: int, by: User, now: datetime) -> tuple[Webhook, str]:
    """A new secret, shown once; the one before signs beside it for a day, so that nothing is refused meanwhile.

    Raises Webhook.DoesNotExist or NotAllowed."""
    webhook = _locked(webhook_id, by)
    webhook.retiring_secret, webhook.retiring_until = webhook.secret, now + RETIRING
    webhook.secret = signing.new_secret()
    webhook.save(update_fields=["secret", "retiring_secret", "retiring_until"])
    _record("webhook secret changed", webhook, by, now)
    return webhook, signing.shown(webhook.secret)


@transaction.atomic
def remove(*, webhook_id: int, by: User, now: datetime) -> None:
    """Take it out with its log; who added and who removed it stays on record. Raises Webhook.DoesNotExist, NotAllowed."""
    webhook = _locked(webhook_id, by)
    _record("webhook removed", webhook, by, now)
    webhook.delete()


@transaction.atomic
def send_test(*, webhook_id: int, by: User, now: datetime) -> WebhookDelivery:
    """Queue an event that says nothing. Raises Webhook.DoesNotExist, NotAllowed, or Conflict while it is paused."""
    webhook = _locked(webhook_id, by)
    if webhook.paused_at:
        raise Conflict(_("This webhook is paused. Resume it first."))
    key = f"test:{uuid.uuid4().hex}"
    return WebhookDelivery.objects.create(
        webhook=webhook, kind=TEST, subject="test", key=key, created_at=now, due_at=now
    )


@transaction.atomic
def resend(*, delivery_id: uuid.UUID, by: User, now: datetime) -> WebhookDelivery:
    """Send the same event once more, under the same id, so that a receiver that has it leaves it out.

    Raises WebhookDelivery.DoesNotExist, NotAllowed, or Conflict while it waits anyway and has never failed."""
    _require_admin(by)
    delivery = WebhookDelivery.objects.select_for_update(of=("self",)).select_related("webhook").get(pk=delivery_id)
    if delivery.state == MessageState.QUEUED and not delivery.failures:
        raise Conflict(_("This one waits to be sent anyway."))
    delivery.state, delivery.due_at, delivery.failures, delivery.sent_at = MessageState.QUEUED, now, 0, None
    delivery.save(update_fields=["state", "due_at", "failures", "sent_at"])
    _record("webhook delivery sent again", delivery.webhook, by, now, {"delivery": str(delivery.pk)})
    return delivery


def _check(by: User, url: str, kinds: Sequence[str]) -> None:
    _require_admin(by)
    guard.read(url)
    if not set(kinds) <= tellable():
        raise Refused(_("No webhook hears of this kind."), field="kinds")


def _require_admin(by: User) -> None:
    if not by.is_admin:
        raise NotAllowed(_("Webhooks are for admins."))


def _locked(webhook_id: int, by: User) -> Webhook:
    _require_admin(by)
    return Webhook.objects.select_for_update(of=("self",)).get(pk=webhook_id)


def _record(verb: str, webhook: Webhook, by: User, now: datetime, changes: dict[str, Any] | None = None) -> None:
    said = {"name": webhook.name} | (changes or {})
    AuditEvent.objects.create(at=now, by=by, verb=verb, subject=f"webhook:{webhook.pk}", changes=said)
