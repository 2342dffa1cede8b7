"""Pages of webhooks: added, paused, changed, removed by admins, and a log of what was answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications.models import MessageState, Webhook, WebhookDelivery
from notifications.webhooks import actions, signing
from notifications.webhooks.delivery import send_webhooks
from people.errors import Conflict, NotAllowed, Refused
from people.models import AuditEvent
from tests.factories import NINE, UserFactory
from tests.notifications.stubs import kind
from tests.notifications.webhooks.conftest import make_webhook

pytestmark = pytest.mark.django_db
GOOD = {"name": "#floor-visits", "url": "https://chat.example.com/s3cret", "kinds": []}


@pytest.fixture(autouse=True)
def kinds():
    kind("test.reminder")
    kind("test.survey", anonymous=True)


@pytest.fixture
def admin(client):
    user = UserFactory(role="admin")
    client.force_login(user)
    return user


def address(name, webhook=None):
    return reverse(f"notifications:{name}", args=[webhook.pk] if webhook else [])


def text(response):
    return " ".join(response.content.decode().split())


# --- Adding and changing ---


def test_the_secret_is_shown_once(client, admin):
    page = text(client.post("/webhooks/new/", GOOD))

    webhook = Webhook.objects.get()
    secret = signing.shown(webhook.secret)
    assert page.count(secret) == 1
    for name in ("webhook", "webhook_edit"):
        assert "whsec_" not in text(client.get(address(name, webhook)))
    assert "whsec_" not in text(client.get("/webhooks/"))
    assert (webhook.created_by, webhook.kinds) == (admin, [])


def test_the_address_may_be_a_secret_too(client, admin):
    webhook = make_webhook()

    assert "s3cret" not in text(client.get("/webhooks/")) + text(client.get(address("webhook", webhook)))
    assert "s3cret" in text(client.get(address("webhook_edit", webhook)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"url": "https://169.254.169.254/"}, "inside the network"),
        ({"url": "http://chat.example.com/"}, "must begin with https://"),
        ({"url": "nonsense"}, "no address of a program|must begin with https://"),
        ({"url": ""}, "Fill this in"),
        ({"name": ""}, "Fill this in"),
        ({"kinds": ["test.survey"]}, "is not one of the choices"),
    ],
)
def test_what_is_refused_says_why_and_loses_nothing(client, admin, change, words):
    response = client.post("/webhooks/new/", GOOD | change)

    assert response.status_code == 422
    assert any(word in text(response) for word in words.split("|"))
    assert "#floor-visits" in text(response) or "name" in change
    assert not Webhook.objects.exists()


def test_changing_one(client, admin):
    webhook = make_webhook()

    page = client.post(address("webhook_edit", webhook), GOOD | {"kinds": ["test.reminder"]}, follow=True)

    webhook.refresh_from_db()
    assert (webhook.name, webhook.kinds) == ("#floor-visits", ["test.reminder"])
    assert "Changed." in text(page)


def test_a_change_that_leads_inside_is_refused(client, admin):
    webhook = make_webhook()

    assert client.post(address("webhook_edit", webhook), GOOD | {"url": "https://10.0.0.1/"}).status_code == 422

    webhook.refresh_from_db()
    assert webhook.url == "https://chat.example.com/s3cret"


def test_pausing_and_resuming(client, admin):
    webhook = make_webhook()

    assert "Paused." in text(client.post(address("webhook_pause", webhook), follow=True))
    assert client.post(address("webhook_pause", webhook)).status_code == 409
    assert client.post(address("webhook_test", webhook)).status_code == 409
    assert "Resumed." in text(client.post(address("webhook_resume", webhook), follow=True))
    assert client.post(address("webhook_resume", webhook)).status_code == 409

    webhook.refresh_from_db()
    assert webhook.paused_at is None
    assert webhook.hears_from != NINE


def test_a_new_secret_leaves_the_old_one_for_a_day(client, admin):
    webhook = make_webhook()
    before = signing.shown(webhook.secret)

    page = text(client.post(address("webhook_rotate", webhook)))

    webhook.refresh_from_db()
    assert signing.shown(webhook.secret) in page
    assert before not in page
    assert signing.shown(webhook.retiring_secret) == before
    assert timedelta(hours=23) < webhook.retiring_until - timezone.now() <= timedelta(hours=24)
    assert "two sign until" in text(client.get(address("webhook", webhook)))


def test_removing_one_keeps_the_record(client, admin):
    webhook = make_webhook()
    WebhookDelivery.objects.create(webhook=webhook, kind="x", subject="x", key="x", created_at=NINE, due_at=NINE)

    client.post(address("webhook_remove", webhook))

    assert not Webhook.objects.exists()
    assert not WebhookDelivery.objects.exists()
    assert AuditEvent.objects.get(verb="webhook removed").changes == {"name": "Bridge"}


def test_the_record_of_deeds_holds_neither_address_nor_secret(admin):
    webhook, secret = actions.add(**GOOD, by=admin, now=NINE)
    actions.change(webhook_id=webhook.pk, **GOOD | {"url": "https://chat.example.com/0ther"}, by=admin, now=NINE)
    actions.rotate(webhook_id=webhook.pk, by=admin, now=NINE)

    record = str(list(AuditEvent.objects.values()))
    assert not any(word in record for word in ("s3cret", "0ther", secret, webhook.secret))


# --- The log ---


def test_a_test_and_what_was_answered(client, admin, webhook, receiver):
    receiver.answers.append(503)
    client.post(address("webhook_test", webhook))
    send_webhooks(now=timezone.now())

    page = text(client.get(address("webhook", webhook)))

    assert "Next try" in page
    assert "503" in page
    assert b'"type":"webhook.test"' in receiver.got[0][2]


def test_sending_again_keeps_the_id(client, admin, webhook, receiver):
    client.post(address("webhook_test", webhook))
    row = WebhookDelivery.objects.get()
    assert client.post(address("delivery_resend", row)).status_code == 409
    send_webhooks(now=timezone.now())

    client.post(address("delivery_resend", row))
    send_webhooks(now=timezone.now())

    first, second = (headers["webhook-id"] for _path, headers, _body in receiver.got)
    assert first == second


def test_the_log_is_cut_down_by_state(client, admin):
    webhook = make_webhook()
    for state in (MessageState.FAILED, MessageState.QUEUED):
        WebhookDelivery.objects.create(
            webhook=webhook, kind="test.reminder", subject=f"about-{state}", key=state, state=state, created_at=NINE,
            due_at=NINE,
        )  # fmt: skip

    page = text(client.get(address("webhook", webhook) + "?state=failed"))

    assert "about-failed" in page
    assert "about-queued" not in page
    assert "Nothing is in this state" in text(client.get(address("webhook", webhook) + "?state=sent"))


@pytest.mark.parametrize("count", [1, 30])
def test_the_pages_cost_the_same_whatever_their_length(client, admin, count, django_assert_max_num_queries):
    webhook = make_webhook()
    for number in range(count):
        make_webhook(name=f"Bridge {number}", created_by=admin)
        WebhookDelivery.objects.create(
            webhook=webhook,
            kind="test.reminder",
            subject=f"issue:{number}",
            key=str(number),
            created_at=NINE,
            due_at=NINE,
        )

    with django_assert_max_num_queries(6):  # session, person, roles, season, webhooks, deliveries
        assert text(client.get("/webhooks/")).count('class="title"') == count + 1
    with django_assert_max_num_queries(8):  # session, person, roles, season, webhook, count, log, states
        assert text(client.get(address("webhook", webhook))).count('class="title"') == count


def test_nothing_there_yet(client, admin):
    assert "No webhooks yet" in text(client.get("/webhooks/"))
    assert "Nothing sent yet" in text(client.get(address("webhook", make_webhook())))


# --- Rights ---


@pytest.mark.parametrize("role", ["coordinator", "sponsor"])
def test_only_admins(client, role):
    webhook, person = make_webhook(), UserFactory(role=role)
    client.force_login(person)

    assert client.get("/webhooks/").status_code == 404
    assert client.get(address("webhook", webhook)).status_code == 404
    for act in (actions.pause, actions.resume, actions.rotate, actions.remove, actions.send_test):
        with pytest.raises(NotAllowed):
            act(webhook_id=webhook.pk, by=person, now=NINE)
    with pytest.raises(NotAllowed):
        actions.add(**GOOD, by=person, now=NINE)


def test_actions_refuse_what_forms_would_not_offer(admin):
    with pytest.raises(Refused):
        actions.add(**GOOD | {"kinds": ["test.survey"]}, by=admin, now=NINE)
    with pytest.raises(Conflict):
        actions.resume(webhook_id=make_webhook().pk, by=admin, now=NINE)
