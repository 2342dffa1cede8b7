"""Mail that came back: what comes next for that address waits, with a note, until somebody puts it right."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.cache import cache

from notifications import outbox
from notifications.models import Message, MessageState
from notifications.sending import send_due
from people.errors import Conflict, NotAllowed
from people.models import AuditEvent
from tests.factories import NINE, SiteFactory, UserFactory
from tests.notifications.stubs import kind
from tests.notifications.webhooks.conftest import make_webhook

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 1)
NEXT = NINE + timedelta(days=1)


@pytest.fixture(autouse=True)
def stub():
    cache.clear()
    return kind("test.reminder", immediate=True)


@pytest.fixture
def admin():
    return UserFactory(role="admin")


@pytest.fixture
def maya():
    return UserFactory(name="Maya", email="maya@example.com")


def queue(person, subject="issue:1", now=NINE):
    return outbox.tell(kind="test.reminder", recipient=person, subject=subject, anchor=DAY, now=now)


def bounced(person, admin):
    """A message to the person that went out and came back."""
    message = queue(person)
    send_due(now=NINE)
    mail.outbox.clear()
    return outbox.mark_bounced(message_id=message.pk, by=admin, now=NINE)


def again(message):
    message.refresh_from_db()
    return message


def test_the_address_is_noted(maya):
    message = queue(maya)
    send_due(now=NINE)

    assert again(message).sent_to == "maya@example.com"


def test_the_next_message_is_held_back_with_a_note(maya, admin):
    bounced(maya, admin)
    held, other = queue(maya, "issue:2", NEXT), queue(UserFactory(), "issue:2", NEXT)

    counts = send_due(now=NEXT)

    assert (counts["sent"], counts["held"]) == (1, 1)

    assert [each.to for each in mail.outbox] == [[f"{other.recipient.name} <{other.recipient.email}>"]]
    again(held)
    assert (held.state, held.held_back, held.shown_state) == (MessageState.QUEUED, True, "held")
    assert "came back" in held.last_error


def test_a_new_address_lets_it_go_within_the_hour(maya, admin):
    bounced(maya, admin)
    held = queue(maya, "issue:2", NEXT)
    send_due(now=NEXT)
    maya.email = "maya.rowntree@example.com"
    maya.save()

    send_due(now=NEXT + timedelta(minutes=61))

    assert mail.outbox[0].to == ["Maya <maya.rowntree@example.com>"]
    assert (again(held).held_back, held.last_error, held.shown_state) == (False, "", "sent")


def test_somebody_says_the_address_works_again(maya, admin):
    first = bounced(maya, admin)
    queue(maya, "issue:2", NEXT)
    send_due(now=NEXT)

    outbox.address_works(message_id=first.pk, by=admin, now=NEXT)

    assert send_due(now=NEXT)["sent"] == 1
    assert again(first).bounced_at is None
    assert AuditEvent.objects.filter(verb="address works again").count() == 1
    with pytest.raises(Conflict):
        outbox.address_works(message_id=first.pk, by=admin, now=NEXT)


def test_sending_again_by_hand_is_tried_all_the_same(maya, admin):
    first = bounced(maya, admin)
    outbox.resend(message_id=first.pk, by=admin, now=NEXT)

    assert send_due(now=NEXT)["sent"] == 1


def test_after_two_weeks_it_is_cancelled(maya, admin):
    bounced(maya, admin)
    held = queue(maya, "issue:2", NEXT)
    send_due(now=NEXT)

    send_due(now=NEXT + timedelta(days=14, hours=1))

    assert (again(held).state, held.shown_state) == (MessageState.CANCELLED, "cancelled")
    assert "came back" in held.last_error
    assert mail.outbox == []


def test_one_sent_before_addresses_were_noted(maya, admin):
    message = queue(maya)
    send_due(now=NINE)
    Message.objects.update(sent_to="")

    assert outbox.mark_bounced(message_id=message.pk, by=admin, now=NINE).sent_to == "maya@example.com"


def test_looking_costs_one_query_however_many_wait(admin, django_assert_max_num_queries):
    for number in range(20):
        person = UserFactory()
        bounced(person, admin)
        queue(person, f"issue:next-{number}", NEXT)

    with django_assert_max_num_queries(31):  # the claim, and a mark for each row
        assert send_due(now=NEXT)["held"] == 20


# --- The page ---


@pytest.fixture
def page(client, admin):
    client.force_login(admin)
    return client


def test_the_page_says_what_is_held_back(page, maya, admin):
    bounced(maya, admin)
    held = queue(maya, "issue:2", NEXT)
    send_due(now=NEXT)

    found = page.get("/outbox/?state=held").content.decode()
    assert found.count('<td class="title">') == 1
    assert "Held back" in found
    assert "came back" in found
    assert page.get("/outbox/?state=queued").content.decode().count('<td class="title">') == 0
    assert page.get("/outbox/?state=bounced").content.decode().count('<td class="title">') == 1
    assert "Held back" in page.get(f"/outbox/{held.pk}/").content.decode()


def test_the_button_on_the_message(page, maya, admin):
    first = bounced(maya, admin)
    url = f"/outbox/{first.pk}/address-works/"
    assert url in page.get(f"/outbox/{first.pk}/").content.decode()

    assert "goes out" in page.post(url, follow=True).content.decode()
    assert page.post(url).status_code == 409


def test_coordinators_of_other_sites_have_no_say(maya, admin):
    first = bounced(maya, admin)

    with pytest.raises(NotAllowed):
        outbox.address_works(message_id=first.pk, by=UserFactory(role="coordinator", sites=[SiteFactory()]), now=NEXT)


# --- An admin's home ---


def test_what_is_stuck_stands_on_an_admins_home(page, maya, admin):
    bounced(maya, admin)
    queue(maya, "issue:2", NEXT)
    queue(UserFactory(), "issue:3", NEXT)
    send_due(now=NEXT)
    Message.objects.filter(notices__subject="issue:3").update(state=MessageState.FAILED, sent_at=None)
    make_webhook().deliveries.create(kind="x", subject="x", key="x", state="failed", created_at=NINE, due_at=NINE)

    home = page.get("/").content.decode()

    assert "1 message could not be sent" in home
    assert "1 message is held back" in home
    assert "1 webhook event was not accepted" in home
