"""The secret part of a wall's address: signed over a nonce, so that neither a guess nor the table alone opens a wall."""

from __future__ import annotations

import base64
import binascii
import uuid

from django.conf import settings
from django.core import signing
from django.urls import reverse

from issues.models import WallLink

SALT = "issues.wall"


def secret_of(link: WallLink) -> str:
    """The same for the same link, as long as the installation's key stays."""
    nonce = base64.urlsafe_b64encode(link.nonce.bytes).decode().rstrip("=")
    return signing.Signer(salt=SALT, sep=".").sign(nonce)


def address_of(link: WallLink) -> str:
    """The full address, as it is printed and scanned."""
    return settings.SITE_URL + reverse("wall:public", args=[secret_of(link)])


def open_wall(secret: str) -> WallLink | None:
    """The link of this secret; None when it was altered, guessed, replaced or revoked. One query at most."""
    try:
        nonce = signing.Signer(salt=SALT, sep=".").unsign(secret)
        pk = uuid.UUID(bytes=base64.urlsafe_b64decode(nonce + "=="))
    except (signing.BadSignature, binascii.Error, ValueError):
        return None
    return WallLink.objects.select_related("site").filter(nonce=pk, revoked_at__isnull=True).first()
