"""Telling people, and what may be done with a message afterwards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction

from notifications import outbox
from notifications.models import Message, MessageState, Notice
from people.errors import Conflict, NotAllowed
from people.models import AuditEvent
from tests.factories import NINE, SiteFactory, UserFactory
from tests.notifications.stubs import kind

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 1)


@pytest.fixture(autouse=True)
def invited():
    return kind("test.invited", immediate=True, alone=True)


def tell(recipient, subject="visit:1", **rest):
    return outbox.tell(kind="test.invited", recipient=recipient, subject=subject, anchor=DAY, now=NINE, **rest)


def test_a_message_waits_to_be_sent_at_once():
    maya = UserFactory()

    message = tell(maya, site_id=7)

    assert (message.recipient, message.state, message.due_at) == (maya, MessageState.QUEUED, NINE)
    notice = message.notices.get()
    assert (notice.kind, notice.subject, notice.anchor, notice.step, notice.site_id) == (
        "test.invited",
        "visit:1",
        DAY,
        0,
        7,
    )


def test_asking_twice_adds_nothing():
    maya = UserFactory()
    tell(maya)

    assert tell(maya) is None
    assert Message.objects.count() == Notice.objects.count() == 1


@pytest.mark.parametrize("change", [{"subject": "visit:2"}, {"step": 1}], ids=["another subject", "another step"])
def test_another_key_is_another_message(change):
    maya = UserFactory()
    tell(maya)

    assert tell(maya, **change)
    assert Message.objects.count() == 2


def test_an_assistant_of_two_is_told_for_each():
    assistant, first, second = UserFactory.create_batch(3)

    for executive in (first, second, first):
        tell(assistant, on_behalf_of=executive)

    assert set(Message.objects.values_list("on_behalf_of", flat=True)) == {first.pk, second.pk}
    assert Message.objects.count() == 2


def test_nobody_acts_on_their_own_behalf():
    maya = UserFactory()

    assert tell(maya, on_behalf_of=maya).on_behalf_of is None


@pytest.mark.parametrize("fields", [{"email": None}, {"is_active": False}], ids=["no address", "left"])
def test_who_cannot_be_reached_gets_no_message(fields):
    assert tell(UserFactory(**fields)) is None
    assert not Message.objects.exists()


def test_a_rolled_back_action_told_nobody():
    maya = UserFactory()

    with transaction.atomic():
        tell(maya)
        transaction.set_rollback(True)

    assert not Message.objects.exists()
    assert tell(maya)


def test_an_anonymous_kind_is_marked_personal():
    kind("test.survey", anonymous=True, immediate=True)

    message = outbox.tell(kind="test.survey", recipient=UserFactory(), subject="round:1", anchor=DAY, now=NINE)

    assert message.personal


def test_a_kind_nobody_registered_is_an_error():
    with pytest.raises(KeyError):
        outbox.tell(kind="test.unknown", recipient=UserFactory(), subject="visit:1", anchor=DAY, now=NINE)


# --- Afterwards ---


@pytest.fixture
def admin():
    return UserFactory(role="admin")


def sent(recipient=None, **rest):
    message = tell(recipient or UserFactory(), **rest)
    Message.objects.filter(pk=message.pk).update(state=MessageState.SENT, sent_at=NINE, attempts=1)
    return message


def test_resending_makes_a_new_message_that_names_the_old(admin):
    old = sent()

    new = outbox.resend(message_id=old.pk, by=admin, now=NINE + timedelta(hours=1))

    assert (new.resend_of, new.state, new.recipient) == (old, MessageState.QUEUED, old.recipient)
    assert new.message_id != old.message_id
    assert [notice.subject for notice in new.told] == ["visit:1"]
    assert AuditEvent.objects.get().verb == "message resent"


def test_resending_a_resent_message_names_the_first(admin):
    old = sent()
    new = outbox.resend(message_id=old.pk, by=admin, now=NINE)
    Message.objects.filter(pk=new.pk).update(state=MessageState.FAILED)

    assert outbox.resend(message_id=new.pk, by=admin, now=NINE).resend_of == old


def test_resending_twice_sends_once(admin):
    """Given a button pressed twice; when the second press comes; then it is told, and one message waits."""
    old = sent()
    new = outbox.resend(message_id=old.pk, by=admin, now=NINE)

    with pytest.raises(Conflict, match="queued again already"):
        outbox.resend(message_id=old.pk, by=admin, now=NINE)
    assert Message.objects.filter(resend_of=old).get() == new


def test_a_waiting_message_is_not_resent(admin):
    message = tell(UserFactory())

    with pytest.raises(Conflict):
        outbox.resend(message_id=message.pk, by=admin, now=NINE)

    assert Message.objects.count() == 1


def test_cancelling_keeps_the_row(admin):
    message = tell(UserFactory())

    outbox.cancel(message_id=message.pk, by=admin, now=NINE)

    message.refresh_from_db()
    assert message.state == MessageState.CANCELLED
    assert message.notices.exists()
    assert AuditEvent.objects.get().subject == f"message:{message.pk}"


def test_what_was_sent_cannot_be_cancelled(admin):
    message = sent()

    with pytest.raises(Conflict):
        outbox.cancel(message_id=message.pk, by=admin, now=NINE)

    message.refresh_from_db()
    assert message.state == MessageState.SENT


def test_a_bounce_is_noted_once(admin):
    message = sent()

    outbox.mark_bounced(message_id=message.pk, by=admin, now=NINE)

    message.refresh_from_db()
    assert (message.bounced_at, message.bounced_by, message.state) == (NINE, admin, MessageState.SENT)
    with pytest.raises(Conflict):
        outbox.mark_bounced(message_id=message.pk, by=admin, now=NINE)


def test_a_coordinator_acts_on_messages_of_their_sites_only():
    mine, other = SiteFactory.create_batch(2)
    coordinator = UserFactory(role="coordinator", sites=[mine])
    own, foreign, nobodys = (
        tell(UserFactory(), site_id=mine.pk),
        tell(UserFactory(), site_id=other.pk),
        tell(UserFactory()),
    )

    outbox.cancel(message_id=own.pk, by=coordinator, now=NINE)
    for message in (foreign, nobodys):
        with pytest.raises(NotAllowed):
            outbox.cancel(message_id=message.pk, by=coordinator, now=NINE)

    assert set(Message.objects.visible_to(coordinator)) == {own}
    assert Message.objects.filter(state=MessageState.QUEUED).count() == 2


@pytest.mark.parametrize("role", ["sponsor", None])
def test_others_neither_see_nor_act(role):
    message, stranger = tell(UserFactory()), UserFactory(role=role)

    with pytest.raises(NotAllowed):
        outbox.cancel(message_id=message.pk, by=stranger, now=NINE)

    assert not Message.objects.visible_to(stranger).exists()


def test_a_personal_message_is_out_of_reach(admin):
    kind("test.survey", anonymous=True, immediate=True)
    message = outbox.tell(kind="test.survey", recipient=UserFactory(), subject="round:1", anchor=DAY, now=NINE)

    with pytest.raises(Message.DoesNotExist):
        outbox.cancel(message_id=message.pk, by=admin, now=NINE)

    assert not Message.objects.visible_to(admin).exists()


def test_a_resent_message_is_seen_by_who_saw_the_first():
    site = SiteFactory()
    coordinator = UserFactory(role="coordinator", sites=[site])
    old = sent(site_id=site.pk)

    new = outbox.resend(message_id=old.pk, by=coordinator, now=NINE)

    assert set(Message.objects.visible_to(coordinator)) == {old, new}
