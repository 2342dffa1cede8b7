"""Delivery: what is due goes out once, what fails is tried again, and nobody else's row is touched."""

from __future__ import annotations

import smtplib
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from notifications import outbox, sending
from notifications.kinds import Button, CalendarPart, Section
from notifications.links import Purpose, register_purpose
from notifications.models import Link, Message, MessageState, Notice
from notifications.sending import send_due
from tests.factories import NINE, SiteFactory, UserFactory
from tests.notifications.stubs import Stub, kind

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 1)
NONE = {"sent": 0, "retried": 0, "failed": 0, "cancelled": 0, "held": 0}


class Post(EmailBackend):
    """A mail server that can be away, refuse somebody, or break."""

    away: set[int] = set()  # the numbers of the connections that fail
    refused: set[str] = set()
    opened = 0

    connected = False

    def open(self):
        if self.connected:
            return
        Post.opened += 1
        if Post.opened in Post.away or 0 in Post.away:
            raise ConnectionRefusedError
        self.connected = True

    def close(self):
        self.connected = False

    def send_messages(self, messages):
        for message in messages:
            for recipient in message.to:
                if any(name in recipient for name in Post.refused):
                    raise smtplib.SMTPRecipientsRefused(
                        {recipient: (550, b"no such user at http://example.com/act/s3cret")}
                    )
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def post(settings, monkeypatch):
    settings.EMAIL_BACKEND = "tests.notifications.test_sending.Post"
    for name, value in (("away", set()), ("refused", set()), ("opened", 0)):
        monkeypatch.setattr(Post, name, value)
    return Post


@pytest.fixture(autouse=True)
def stub():
    return kind("test.reminder", immediate=True)


def queue(recipient=None, subject="issue:1", now=NINE, kind="test.reminder", **rest):
    recipient = recipient or UserFactory()
    return outbox.tell(kind=kind, recipient=recipient, subject=subject, anchor=DAY, now=now, **rest)


def again(message):
    message.refresh_from_db()
    return message


# --- The good path ---


def test_what_is_due_is_sent_once():
    message = queue(UserFactory(name="Maya Rowntree", email="maya@example.com"))

    assert send_due(now=NINE) == NONE | {"sent": 1}
    assert send_due(now=NINE + timedelta(days=1)) == NONE

    letter = mail.outbox[0]
    assert letter.to == ["Maya Rowntree <maya@example.com>"]
    assert letter.subject == "About issue:1"
    assert letter.message()["Message-ID"] == message.message_id
    again(message)
    assert (message.state, message.attempts, message.subject_line) == (MessageState.SENT, 1, "About issue:1")
    assert NINE <= message.sent_at < NINE + timedelta(minutes=1)


def test_what_is_not_due_waits():
    queue(now=NINE + timedelta(minutes=1))

    assert send_due(now=NINE) == NONE


def test_a_limit_is_kept():
    for number in range(5):
        queue(subject=f"issue:{number}")

    assert send_due(now=NINE, limit=3)["sent"] == 3
    assert Message.objects.due(NINE).count() == 2


def test_one_connection_carries_many_mails(post, monkeypatch):
    monkeypatch.setattr(sending, "BATCH", 10)
    for number in range(10):
        queue(subject=f"issue:{number}")

    send_due(now=NINE)

    assert len(mail.outbox) == 10
    assert post.opened == 1


@pytest.mark.parametrize("people", [1, 20])
def test_queries_grow_by_one_a_mail_only(people, django_assert_max_num_queries):
    register_purpose(Purpose("test.update", lambda request, link: None))
    Stub.section = staticmethod(lambda notice: Section("Subject", "Lead", buttons=[Button("Do", "test.update")]))
    for number in range(people):
        queue(subject=f"issue:{number}")

    # claim (begin, rows, update, commit) twice, sites, notices, links with their savepoint; one record a mail
    with django_assert_max_num_queries(14 + people):
        assert send_due(now=NINE)["sent"] == people


# --- State is looked at again ---


def test_a_closed_subject_goes_silent(stub):
    maya = UserFactory()
    gone, stays = queue(maya, "issue:1"), queue(maya, "issue:2")
    stub.gone.add("issue:1")

    assert send_due(now=NINE) == NONE | {"sent": 1, "cancelled": 1}

    assert [letter.subject for letter in mail.outbox] == ["About issue:2"]
    assert again(gone).state == MessageState.CANCELLED
    assert again(stays).state == MessageState.SENT
    assert Notice.objects.get(subject="issue:1").dropped


def test_the_rest_of_a_message_goes_out_without_it(stub):
    message = queue(subject="issue:1")
    Notice.objects.create(
        recipient=message.recipient,
        kind="test.reminder",
        subject="issue:2",
        anchor=DAY,
        message=message,
        created_at=NINE,
    )
    stub.gone.add("issue:1")

    send_due(now=NINE)

    assert [letter.subject for letter in mail.outbox] == ["About issue:2"]
    assert dict(Notice.objects.values_list("subject", "dropped")) == {"issue:1": True, "issue:2": False}


def test_a_reminder_of_an_event_is_not_sent_on_its_day():
    site = SiteFactory(time_zone="Pacific/Auckland")
    message = queue(site_id=site.pk)
    Notice.objects.update(not_after=DAY + timedelta(days=1))

    assert send_due(now=datetime(2027, 3, 1, 12, tzinfo=UTC))["cancelled"] == 1  # the 2nd by the site's clock
    assert again(message).state == MessageState.CANCELLED


def test_who_has_left_is_not_written_to():
    message = queue()
    message.recipient.is_active = False
    message.recipient.save()

    assert send_due(now=NINE)["cancelled"] == 1
    assert not mail.outbox


def test_who_has_lost_the_address_is_shown_as_failed():
    message = queue()
    message.recipient.email = None
    message.recipient.save()

    assert send_due(now=NINE)["failed"] == 1
    assert again(message).last_error == "the person has no address"


def test_a_resent_message_says_what_still_holds(stub):
    admin, old = UserFactory(role="admin"), queue()
    send_due(now=NINE)
    new = outbox.resend(message_id=old.pk, by=admin, now=NINE)

    send_due(now=NINE)

    assert [letter.subject for letter in mail.outbox] == ["About issue:1"] * 2
    assert len({letter.message()["Message-ID"] for letter in mail.outbox}) == 2
    assert again(new).state == MessageState.SENT


# --- What goes wrong ---


def test_one_poison_row_among_a_hundred_stops_nobody_else(stub, caplog):
    def section(notice):
        if notice.subject == "issue:66":
            raise ZeroDivisionError("http://example.com/act/s3cret/")
        return Section(f"About {notice.subject}", "It waits.")

    stub.section = section
    people = UserFactory.create_batch(10)
    messages = [queue(people[number % 10], f"issue:{number}") for number in range(100)]

    assert send_due(now=NINE) == NONE | {"sent": 99, "retried": 1}

    poison = again(messages[66])
    assert (poison.state, poison.failures) == (MessageState.QUEUED, 1)
    assert poison.last_error == "test.reminder could not be read (ZeroDivisionError)"
    caplog.clear()


@pytest.mark.parametrize("break_", ["holds", "template", "calendar", "unknown kind", "unknown purpose"])
def test_whatever_breaks_only_that_row_fails(break_, stub, monkeypatch, caplog):
    good, bad = queue(subject="issue:1"), queue(subject="issue:2")
    sections = {
        "template": Section("Line", "Lead", facts=[1]),
        "calendar": Section("Line", "Lead", calendar=CalendarPart("REQUEST", b"METHOD:CANCEL\r\n")),
        "unknown purpose": Section("Line", "Lead", buttons=[Button("Do", "test.nobody")]),
    }
    stub.section = lambda n: (
        sections.get(break_, Section("Line", "Lead")) if n.subject == "issue:2" else Section("A", "B")
    )
    if break_ == "holds":
        kind("test.broken", stub=Stub(gone=None))
    if break_ in {"holds", "unknown kind"}:
        Notice.objects.filter(message=bad).update(kind="test.broken")

    assert send_due(now=NINE) == NONE | {"sent": 1, "retried": 1}

    assert again(good).state == MessageState.SENT
    assert again(bad).failures == 1
    caplog.clear()


def test_failures_are_tried_again_ever_later_and_parked_in_the_end(post, caplog):
    post.refused.add("maya")
    message, now, pauses = queue(UserFactory(email="maya@example.com")), NINE, []
    while again(message).state == MessageState.QUEUED:
        send_due(now=now)
        pauses.append(again(message).due_at - now)
        now = message.due_at + timedelta(seconds=1)

    minutes = [round(pause.total_seconds() / 60) for pause in pauses]
    assert minutes[:-1] == [2, 4, 8, 16, 32, 64, 128]
    assert (message.state, message.failures, message.sent_at) == (MessageState.FAILED, 8, None)
    assert message.last_error.startswith("SMTPRecipientsRefused 550")
    assert "s3cret" not in message.last_error
    assert "s3cret" not in caplog.text
    assert send_due(now=now + timedelta(days=30)) == NONE


def test_a_refusal_does_not_stop_the_next(post):
    post.refused.add("maya")
    queue(UserFactory(email="maya@example.com")), queue(UserFactory(email="tom@example.com"), "issue:2")

    assert send_due(now=NINE) == NONE | {"sent": 1, "retried": 1}


def test_an_unreachable_server_is_nobodys_fault(post):
    post.away.add(0)
    messages = [queue(subject=f"issue:{number}") for number in range(3)]

    for minutes in range(0, 600, 2):
        assert send_due(now=NINE + timedelta(minutes=minutes)) == NONE
    assert {(again(each).state, each.failures, each.last_error) for each in messages} == {
        (MessageState.QUEUED, 0, "ConnectionRefusedError")
    }

    post.away.clear()
    assert send_due(now=NINE + timedelta(minutes=602))["sent"] == 3
    assert {again(each).last_error for each in messages} == {""}


def test_when_the_server_goes_away_half_way_the_rest_waits(post):
    names = ("ada", "maya", "tom")
    waiting = [
        queue(UserFactory(email=f"{name}@example.com"), f"issue:{name}", now=NINE - timedelta(minutes=3 - number))
        for number, name in enumerate(names)
    ]
    post.refused.add("maya")
    post.away.add(2)  # the connection after the one that broke

    assert send_due(now=NINE) == NONE | {"sent": 1, "retried": 1}

    assert [(again(each).state, each.failures) for each in waiting] == [("sent", 0), ("queued", 1), ("queued", 0)]
    assert send_due(now=NINE + timedelta(seconds=70))["sent"] == 1
    assert again(waiting[2]).state == MessageState.SENT


# --- Lease and fence ---


class Killed(BaseException):
    """What ``kill -9`` looks like from inside a test."""


def die_after_accepting(monkeypatch):
    def accepted(*_args, **_rest):
        raise Killed

    monkeypatch.setattr(sending._Run, "_accepted", accepted)


def test_killed_between_accepted_and_recorded_it_is_sent_again_under_the_same_id(monkeypatch):
    message = queue()
    with monkeypatch.context() as dying:
        die_after_accepting(dying)
        with pytest.raises(Killed):
            send_due(now=NINE)
    assert again(message).state == MessageState.QUEUED

    assert send_due(now=NINE + timedelta(minutes=9)) == NONE  # the lease of the dead worker
    assert send_due(now=NINE + timedelta(minutes=11))["sent"] == 1

    assert len({letter.message()["Message-ID"] for letter in mail.outbox}) == 1
    assert len(mail.outbox) == 2
    assert again(message).attempts == 2


def test_killed_before_anything_was_accepted_nothing_is_doubled(monkeypatch):
    for number in range(3):
        queue(subject=f"issue:{number}")
    with monkeypatch.context() as dying:
        dying.setattr(sending, "read", lambda *args, **rest: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            send_due(now=NINE)

    assert send_due(now=NINE + sending.LEASE + timedelta(seconds=1))["sent"] == 3
    assert len(mail.outbox) == 3


def test_a_slow_worker_does_not_touch_what_another_claimed_since(caplog):
    message = queue()
    slow = sending._claim(NINE, 1, sending.LEASE)[0]
    fast = sending._claim(NINE + timedelta(minutes=11), 1, sending.LEASE)[0]

    run = sending._Run(NINE, sending.LEASE)
    run._failed(slow, "too slow")
    assert (again(message).state, message.failures, message.last_error) == (MessageState.QUEUED, 0, "")

    run._accepted(fast, "Subject")
    run._accepted(slow, "Other subject")
    assert (again(message).state, message.subject_line) == (MessageState.SENT, "Subject")
    assert run.counts == {"sent": 1}


def test_a_worker_lets_go_when_its_lease_runs_out(monkeypatch):
    for number in range(4):
        queue(subject=f"issue:{number}")
    elapsed, send = [0.0], Post.send_messages

    def slowly(self, messages):
        elapsed[0] += 200
        return send(self, messages)

    monkeypatch.setattr(sending.time, "monotonic", lambda: elapsed[0])
    monkeypatch.setattr(Post, "send_messages", slowly)

    assert send_due(now=NINE, limit=4)["sent"] == 3  # 600 of 600 seconds; a fourth would begin after four fifths

    left = Message.objects.get(state=MessageState.QUEUED)
    assert left.due_at == NINE + timedelta(seconds=600)


def test_cancelled_while_it_is_being_sent_the_record_says_it_went_out(monkeypatch):
    message, admin = queue(), UserFactory(role="admin")
    send = Post.send_messages

    def meanwhile(self, messages):
        outbox.cancel(message_id=message.pk, by=admin, now=NINE)
        return send(self, messages)

    monkeypatch.setattr(Post, "send_messages", meanwhile)

    assert send_due(now=NINE)["sent"] == 1
    assert again(message).state == MessageState.SENT


# --- Working hours again ---


@pytest.fixture
def reminders():
    return kind("test.later")


def test_a_reminder_that_failed_waits_for_the_next_working_hours(post, reminders, caplog):
    post.refused.add("maya")
    evening = datetime(2027, 3, 5, 17, 59, tzinfo=UTC)  # a Friday
    message = queue(UserFactory(email="maya@example.com"), kind="test.later", now=evening)
    send_due(now=evening)
    post.refused.clear()

    assert send_due(now=evening + timedelta(minutes=5)) == NONE | {"held": 1}
    assert again(message).due_at == datetime(2027, 3, 8, 8, tzinfo=UTC)
    assert send_due(now=datetime(2027, 3, 8, 8, tzinfo=UTC))["sent"] == 1


def test_after_downtime_reminders_keep_to_working_hours_and_invitations_do_not(reminders):
    night = datetime(2027, 3, 3, 2, tzinfo=UTC)
    reminder, invitation = queue(kind="test.later"), queue(subject="visit:1")

    assert send_due(now=night) == NONE | {"sent": 1, "held": 1}
    assert again(reminder).due_at == datetime(2027, 3, 3, 8, tzinfo=UTC)
    assert again(invitation).state == MessageState.SENT


def test_a_held_reminder_whose_event_came_is_never_sent(reminders):
    friday = datetime(2027, 3, 5, 9, tzinfo=UTC)
    message = queue(kind="test.later", now=friday)
    Notice.objects.update(not_after=date(2027, 3, 8))

    assert send_due(now=friday + timedelta(hours=12))["held"] == 1
    assert send_due(now=datetime(2027, 3, 8, 9, tzinfo=UTC))["cancelled"] == 1
    assert not mail.outbox
    assert again(message).state == MessageState.CANCELLED


# --- Many notices ---


def test_a_message_with_very_many_notices_stays_readable(stub, django_assert_max_num_queries):
    message = queue(subject="issue:0")
    Notice.objects.bulk_create(
        Notice(
            recipient=message.recipient, kind="test.reminder", subject=f"issue:{number}", anchor=DAY, message=message,
            created_at=NINE,
        )
        for number in range(1, 500)
    )  # fmt: skip

    with django_assert_max_num_queries(15):
        assert send_due(now=NINE)["sent"] == 1

    letter = mail.outbox[0]
    assert letter.subject == "About issue:0, and 499 more"
    assert "488 more wait for you" in letter.body
    assert Link.objects.count() == 0
