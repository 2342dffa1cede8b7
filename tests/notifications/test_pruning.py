"""What is forgotten after the days the settings name, and what never is."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from notifications import pruning, tasks
from notifications.models import Link, Message, MessageState, Notice, WebhookDelivery
from notifications.pruning import prune
from tests.factories import NINE, UserFactory
from tests.notifications.webhooks.conftest import make_webhook

pytestmark = pytest.mark.django_db
NOW = NINE + timedelta(days=1_000)


def ago(days):
    return NOW - timedelta(days=days)


@pytest.fixture(autouse=True)
def days(settings):
    settings.WEBHOOK_LOG_DAYS, settings.OUTBOX_TEXT_DAYS = 90, 365


@pytest.fixture
def webhook():
    return make_webhook(heard_until=NOW)


def delivery(webhook, days, state=MessageState.SENT):
    moments = {"created_at": ago(days), "due_at": ago(days), "sent_at": ago(days)}
    return WebhookDelivery.objects.create(
        webhook=webhook, kind="test", subject="issue:1", key=uuid.uuid4().hex, state=state, **moments
    )


def message(days, *, state=MessageState.SENT, **more):
    sent = {"sent_at": ago(days)} if state == MessageState.SENT else {}
    moments = {"created_at": ago(days), "due_at": ago(days)} | sent
    words = {"subject_line": "Issue 214 waits", "sent_to": "kim@example.com"}
    return Message.objects.create(recipient=UserFactory(), state=state, **moments, **words | more)


def link(expired):
    return Link.objects.create(
        token_hash=uuid.uuid4().hex, purpose="test", subject="issue:1", user=UserFactory(), private=True,
        created_at=ago(expired + 14), expires_at=ago(expired),
    )  # fmt: skip


def left(model):
    return set(model.objects.values_list("pk", flat=True))


def test_a_webhooks_log_ends_after_its_days(webhook):
    kept = [delivery(webhook, 89), delivery(webhook, 200, MessageState.QUEUED)]
    delivery(webhook, 91)
    delivery(webhook, 91, MessageState.FAILED)

    assert prune(now=NOW)["deliveries"] == 2

    assert left(WebhookDelivery) == {each.pk for each in kept}


def test_what_a_webhook_will_look_through_again_is_kept():
    """Given one that has not been told of anything for longer than its log is kept."""
    late = make_webhook(heard_until=ago(200))
    kept = delivery(late, 199)
    delivery(late, 202)

    prune(now=NOW)

    assert left(WebhookDelivery) == {kept.pk}


def test_an_old_message_keeps_everything_but_its_words_and_address():
    old, fresh = message(366), message(364)
    notice = {"kind": "test", "subject": "issue:214", "anchor": NINE.date(), "created_at": ago(366)}
    Notice.objects.create(recipient=old.recipient, message=old, **notice)

    assert prune(now=NOW)["messages"] == 1

    old.refresh_from_db()
    fresh.refresh_from_db()
    assert (old.state, old.sent_at, old.subject_line, old.sent_to) == (MessageState.SENT, ago(366), "", "")
    assert (fresh.subject_line, fresh.sent_to) == ("Issue 214 waits", "kim@example.com")
    assert Notice.objects.filter(message=old).exists()


def test_the_address_of_a_bounce_is_kept():
    """Otherwise the next message would go there again."""
    bounced = message(400, bounced_at=ago(399), bounced_by=UserFactory())

    prune(now=NOW)

    bounced.refresh_from_db()
    assert (bounced.subject_line, bounced.sent_to) == ("", "kim@example.com")


def test_a_message_that_waits_is_left_alone():
    waiting = message(400, state=MessageState.QUEUED)

    assert prune(now=NOW)["messages"] == 0

    waiting.refresh_from_db()
    assert waiting.subject_line


def test_links_go_a_year_after_they_expired():
    kept = link(364)
    link(366)

    assert prune(now=NOW)["links"] == 1

    assert left(Link) == {kept.pk}


def test_nought_days_keep_everything(settings, webhook):
    settings.WEBHOOK_LOG_DAYS = settings.OUTBOX_TEXT_DAYS = 0
    delivery(webhook, 900)
    message(900)
    link(900)

    assert prune(now=NOW) == {"deliveries": 0, "messages": 0, "links": 0}


def test_many_rows_go_in_small_batches(monkeypatch, webhook, django_assert_num_queries):
    """Given batches of two and five old rows: each batch finds its rows, then forgets them."""
    monkeypatch.setattr(pruning, "BATCH", 2)
    for _each in range(5):
        delivery(webhook, 100)

    with django_assert_num_queries(1 + 2 * 3 + 1 + 2):  # webhooks, three batches and none left; no message, no link
        assert prune(now=NOW)["deliveries"] == 5

    assert prune(now=NOW)["deliveries"] == 0


def test_the_night_prunes(webhook):
    delivery(webhook, 10_000)

    tasks.prune_logs()

    assert left(WebhookDelivery) == set()
