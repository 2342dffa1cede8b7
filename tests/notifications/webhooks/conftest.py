"""A receiver on this machine that webhooks may reach, and webhooks that lead there."""

from __future__ import annotations

import pytest

from notifications.models import Webhook
from tests.factories import NINE, UserFactory
from tests.notifications.webhooks.receiver import Receiver


@pytest.fixture
def receiver(settings):
    with Receiver() as server:
        settings.DEBUG = True
        settings.WEBHOOK_HOSTS_INSIDE = ["127.0.0.1"]
        settings.WEBHOOK_PORTS = [80, 443, server.server_address[1]]
        yield server


@pytest.fixture
def webhook(db, receiver):
    return make_webhook(url=receiver.url)


def make_webhook(**more):
    moments = {"created_at": NINE, "hears_from": NINE, "heard_until": NINE}
    fields = {"name": "Bridge", "url": "https://chat.example.com/s3cret", "secret": "kept", **moments}
    return Webhook.objects.create(**{**fields, "created_by": UserFactory(), **more})
