"""From a notice to a request: told once, retried, parked, and nobody waits for a webhook that does not answer."""

from __future__ import annotations

import json
import logging
from datetime import date, timedelta

import pytest

from notifications import outbox, tasks
from notifications.models import MessageState, Notice, Webhook, WebhookDelivery
from notifications.webhooks import delivery, payload
from notifications.webhooks.delivery import MOST_FAILURES, send_webhooks
from notifications.webhooks.events import gather
from notifications.webhooks.signing import shown
from tests.factories import NINE, UserFactory
from tests.notifications.stubs import kind
from tests.notifications.webhooks.conftest import make_webhook
from tests.notifications.webhooks.test_posting import check

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 1)
SOON = NINE + timedelta(minutes=1)
NONE = {"sent": 0, "retried": 0, "failed": 0, "put_off": 0}


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    monkeypatch.setattr(payload, "PAGES", {"issue": "issues:issue"})
    return kind("test.reminder", immediate=True), kind("test.other", immediate=True)


def tell(subject="issue:214", kind="test.reminder", recipient=None, now=SOON, step=0):
    recipient = recipient or UserFactory()
    return outbox.tell(kind=kind, recipient=recipient, subject=subject, anchor=DAY, step=step, now=now)


def queue(webhook, subject="issue:214", at=SOON, **more):
    moments = {"created_at": at, "due_at": at}
    return WebhookDelivery.objects.create(
        webhook=webhook, kind="test.reminder", subject=subject, key=subject, **{**moments, **more}
    )


# --- What is told ---


def test_an_event_is_told_once_however_many_people_hear_of_it(webhook):
    for _person in range(3):
        tell()
    tell(step=1)

    gather(now=SOON)
    gather(now=SOON + timedelta(minutes=1))

    assert list(WebhookDelivery.objects.values_list("kind", "subject")) == [("test.reminder", "issue:214")] * 2


def test_only_the_kinds_that_were_chosen(webhook):
    Webhook.objects.update(kinds=["test.other"])
    tell()
    tell(kind="test.other")

    gather(now=SOON)

    assert WebhookDelivery.objects.get().kind == "test.other"


@pytest.mark.parametrize("option", ["anonymous", "digest"])
def test_surveys_and_digests_are_never_told(webhook, option):
    kind("test.private", immediate=True, **{option: True})
    Webhook.objects.update(kinds=["test.private"])
    tell(kind="test.private")

    gather(now=SOON)

    assert not WebhookDelivery.objects.exists()
    assert "test.private" not in dict(payload.offered())


def test_what_was_told_before_it_was_added_is_not_for_it(webhook):
    tell(now=NINE - timedelta(seconds=1))

    gather(now=SOON)

    assert not WebhookDelivery.objects.exists()


def test_a_week_without_workers_loses_nothing(webhook):
    for days in range(7):
        tell(subject=f"issue:{days}", now=SOON + timedelta(days=days))

    gather(now=SOON + timedelta(days=7))

    assert WebhookDelivery.objects.count() == 7


def test_a_transaction_that_ends_late_is_still_heard(webhook):
    """Its notice appears after a run that looked further already."""
    gather(now=SOON + timedelta(minutes=20))
    tell(now=SOON)

    gather(now=SOON + timedelta(minutes=21))

    assert WebhookDelivery.objects.count() == 1


def test_a_paused_one_hears_nothing(webhook):
    Webhook.objects.update(paused_at=NINE, paused_by=UserFactory())
    tell()

    gather(now=SOON)

    assert not WebhookDelivery.objects.exists()


def test_gathering_costs_the_same_however_much_there_is(webhook, django_assert_num_queries):
    for number in range(20):
        tell(subject=f"issue:{number}")

    with django_assert_num_queries(6):  # webhooks; savepoint, notices, deliveries, how far, savepoint
        gather(now=SOON)


# --- What is sent ---


def test_what_arrives_is_thin_and_signed(webhook, receiver, settings):
    maya = UserFactory(name="Maya Rowntree")
    tell(recipient=maya)
    gather(now=SOON)

    assert send_webhooks(now=SOON) == NONE | {"sent": 1}

    ((_path, headers, body),) = receiver.got
    row = WebhookDelivery.objects.get()
    assert json.loads(body) == {
        "type": "test.reminder",
        "timestamp": "2027-03-01T09:01:00Z",
        "data": {"subject": "issue:214", "url": f"{settings.SITE_URL}/issues/214/"},
    }
    assert headers["webhook-id"] == f"msg_{row.pk.hex}"
    assert check(shown(webhook.secret), headers, body)
    assert (row.state, row.status, row.attempts) == (MessageState.SENT, 204, 1)
    assert send_webhooks(now=SOON + timedelta(days=1)) == NONE


def test_a_subject_without_a_page_leads_home(settings):
    assert payload.page_of("season:7") == "/"


def test_a_retry_has_the_same_id_and_a_new_moment(webhook, receiver):
    queue(webhook)
    receiver.answers.append(500)

    assert send_webhooks(now=SOON)["retried"] == 1
    assert send_webhooks(now=SOON + timedelta(seconds=119)) == NONE
    assert send_webhooks(now=SOON + timedelta(seconds=125))["sent"] == 1

    first, second = (headers for _path, headers, _body in receiver.got)
    assert first["webhook-id"] == second["webhook-id"]
    assert first["webhook-timestamp"] != second["webhook-timestamp"]


def test_each_failure_doubles_the_pause_and_the_last_parks_it(webhook, receiver):
    row, now, pauses = queue(webhook), SOON, []
    receiver.answers.extend([500] * MOST_FAILURES)

    for _attempt in range(MOST_FAILURES):
        send_webhooks(now=now)
        row.refresh_from_db()
        pauses.append(round((row.due_at - now).total_seconds() / 60))
        now = row.due_at

    assert pauses[:5] == [2, 4, 8, 16, 32]
    assert (row.state, row.status, row.failures) == (MessageState.FAILED, 500, MOST_FAILURES)
    assert row.last_error == "not accepted"
    assert send_webhooks(now=now + timedelta(days=9)) == NONE


def test_a_redirect_is_not_followed(webhook, receiver):
    row = queue(webhook)
    receiver.answers.append(302)

    send_webhooks(now=SOON)

    row.refresh_from_db()
    assert (len(receiver.got), row.status, row.last_error) == (1, 302, "redirects are not followed")


def test_gone_parks_at_once(webhook, receiver):
    row = queue(webhook)
    receiver.answers.append(410)

    assert send_webhooks(now=SOON)["failed"] == 1

    row.refresh_from_db()
    assert row.state == MessageState.FAILED


@pytest.mark.parametrize("answer", [429, 503])
def test_a_busy_one_is_left_alone_for_the_rest_of_the_run(webhook, receiver, answer):
    for number in range(5):
        queue(webhook, subject=f"issue:{number}")
    receiver.answers.append(answer)

    assert send_webhooks(now=SOON) == NONE | {"retried": 1, "put_off": 4}

    assert len(receiver.got) == 1
    assert WebhookDelivery.objects.filter(failures=0).count() == 4


def test_one_that_is_away_does_not_hold_up_the_others(webhook, receiver):
    away = make_webhook(name="Away", url="http://127.0.0.1:80/")
    for number in range(3):
        queue(away, subject=f"issue:{number}", at=NINE)
        queue(webhook, subject=f"issue:{number}")

    assert send_webhooks(now=SOON) == NONE | {"sent": 3, "retried": 1, "put_off": 2}


def test_an_address_that_leads_inside_by_now_is_refused(webhook, receiver, settings):
    row = queue(webhook)
    settings.WEBHOOK_HOSTS_INSIDE = []

    send_webhooks(now=SOON)

    row.refresh_from_db()
    assert (receiver.got, row.last_error) == ([], "This address lies inside the network.")


def test_a_paused_one_keeps_what_waits(webhook, receiver):
    queue(webhook)
    Webhook.objects.update(paused_at=NINE, paused_by=UserFactory())

    assert send_webhooks(now=SOON) == NONE
    Webhook.objects.update(paused_at=None, paused_by=None)
    assert send_webhooks(now=SOON)["sent"] == 1


def test_one_that_cannot_be_made_does_not_stop_the_others(webhook, receiver, monkeypatch):
    queue(webhook, subject="issue:1", at=NINE)
    queue(webhook, subject="issue:2")
    body_of = delivery.body_of
    monkeypatch.setattr(delivery, "body_of", lambda row: 1 / 0 if row.subject == "issue:1" else body_of(row))

    assert send_webhooks(now=SOON) == NONE | {"retried": 1, "sent": 1}


def test_a_slow_worker_does_not_mark_what_another_has_claimed_since(webhook, receiver, monkeypatch):
    row, post = queue(webhook), delivery.post

    def slow(*arguments):
        WebhookDelivery.objects.update(attempts=2)  # its lease ended and another worker has it
        return post(*arguments)

    monkeypatch.setattr(delivery, "post", slow)

    assert send_webhooks(now=SOON) == NONE
    row.refresh_from_db()
    assert row.state == MessageState.QUEUED


def test_a_limit_leaves_the_rest_for_the_next_run(webhook, receiver):
    for number in range(5):
        queue(webhook, subject=f"issue:{number}")

    assert send_webhooks(now=SOON, limit=2)["sent"] == 2
    assert send_webhooks(now=SOON)["sent"] == 3


def test_nothing_secret_is_logged(webhook, receiver, caplog):
    caplog.set_level(logging.DEBUG)
    queue(webhook)
    receiver.answers.append(500)

    send_webhooks(now=SOON)

    assert "room=7" not in caplog.text
    assert webhook.secret not in caplog.text.split()
    assert "whsec_" not in caplog.text


def test_the_task_gathers_and_sends(webhook, receiver, monkeypatch):
    tell()
    monkeypatch.setattr(tasks.timezone, "now", lambda: SOON)

    tasks.send_webhooks()

    assert len(receiver.got) == 1
    assert Notice.objects.count() == 1
