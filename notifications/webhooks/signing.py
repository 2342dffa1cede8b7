"""Signatures as Standard Webhooks has them (v1, HMAC-SHA256), and the secrets they are made with.

Kept is only a random text; the key is made from it and SECRET_KEY, so a copy of the database signs nothing. Nobody can be
shown a secret again without asking for it here, and only the two actions that make one do.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

from django.utils.crypto import salted_hmac

from notifications.models import Webhook

PREFIX = "whsec_"


def new_secret() -> str:
    """What is kept of a new secret."""
    return secrets.token_urlsafe(32)


def key_of(kept: str) -> bytes:
    """The 32 bytes that sign."""
    return salted_hmac("notifications.webhooks.signing", kept, algorithm="sha256").digest()


def shown(kept: str) -> str:
    """The secret as its owner types it into the receiving program; shown once."""
    return PREFIX + base64.b64encode(key_of(kept)).decode()


def headers(webhook: Webhook, event: str, body: bytes, *, now: datetime) -> dict[str, str]:
    """The three headers of an attempt. While a secret is being changed both sign, the newer one first."""
    moment = str(int(now.timestamp()))
    kept = [webhook.secret]
    if webhook.retiring_until and now < webhook.retiring_until:
        kept.append(webhook.retiring_secret)
    signatures = [signature(key_of(each), event, moment, body) for each in kept]
    return {"webhook-id": event, "webhook-timestamp": moment, "webhook-signature": " ".join(signatures)}


def signature(key: bytes, event: str, moment: str, body: bytes) -> str:
    """``v1,`` and the base64 of HMAC-SHA256 over "id.timestamp.body"."""
    signed = b".".join([event.encode(), moment.encode(), body])
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
