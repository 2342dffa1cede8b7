"""The outbox page and what can be done there; who sees what."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from notifications import outbox
from notifications.kinds import Button, Section
from notifications.links import Purpose, register_purpose
from notifications.models import Message, MessageState, Notice
from notifications.sending import send_due
from tests.factories import NINE, ExecutiveFactory, SiteFactory, UserFactory
from tests.notifications.stubs import kind

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 1)


@pytest.fixture(autouse=True)
def stub():
    cache.clear()
    register_purpose(Purpose("test.update", lambda request, link: None))
    stub = kind("test.reminder", immediate=True)
    stub.section = lambda notice: Section(
        subject_line=f"About {notice.subject}", lead="Maya has waited 3 days.", quote_caption="What you promised",
        quote="One screen and no paper.", buttons=[Button("It moved", "test.update", data="moved")],
        facts=[("Target date", "4 November")], why="You own it.",
    )  # fmt: skip
    return stub


def queue(recipient=None, subject="issue:1", **rest):
    recipient = recipient or UserFactory()
    return outbox.tell(kind="test.reminder", recipient=recipient, subject=subject, anchor=DAY, now=NINE, **rest)


@pytest.fixture
def admin(client):
    user = UserFactory(role="admin")
    client.force_login(user)
    return user


def address(name, message=None):
    return reverse(f"notifications:{name}", args=[message.pk] if message else [])


# --- The list ---


@pytest.mark.parametrize("count", [1, 3, 50])
def test_the_list_costs_the_same_whatever_its_length(client, admin, count, django_assert_num_queries):
    for number in range(count):
        queue(subject=f"issue:{number}")

    client.get("/outbox/")  # the people out of reach are counted once a minute

    # session, person, roles, season, count, messages, what they are about, counts by state
    with django_assert_num_queries(8):
        page = client.get("/outbox/").content.decode()

    assert page.count('<td class="title">') == count


def test_nothing_sent_yet(client, admin):
    page = client.get("/outbox/").content.decode()

    assert "No messages yet" in page


def test_people_out_of_reach_are_counted(client, admin):
    ExecutiveFactory(user__email=None)

    assert "One person has no address" in client.get("/outbox/").content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"sent", "queued", "cancelled"}),
        ("state=queued", {"queued"}),
        ("state=nonsense", {"sent", "queued", "cancelled"}),
        ("person=maya", {"sent"}),
        ("person=MAYA@example.com", {"sent"}),
        ("kind=test.other", {"cancelled"}),
        ("kind=test.survey", {"sent", "queued", "cancelled"}),
        ("since=2027-03-02", {"cancelled"}),
        ("since=2027-02-31", {"sent", "queued", "cancelled"}),
        ("person=nobody", set()),
        ("page=99&person=%00", {"sent", "queued", "cancelled"}),
    ],
)
def test_filters(client, admin, query, expected):
    kind("test.other", immediate=True)
    kind("test.survey", immediate=True, anonymous=True)
    sent = queue(UserFactory(name="Maya Rowntree", email="maya@example.com"))
    Message.objects.filter(pk=sent.pk).update(state=MessageState.SENT, sent_at=NINE)
    queue(subject="issue:2")
    late = NINE + timedelta(days=3)
    other = outbox.tell(kind="test.other", recipient=UserFactory(), subject="visit:1", anchor=DAY, now=late)
    Message.objects.filter(pk=other.pk).update(state=MessageState.CANCELLED)

    response = client.get(f"/outbox/?{query}")

    assert {row.message.state for row in response.context["rows"]} == expected
    assert ("Clear all" in response.content.decode()) == (not expected or len(expected) == 1)


def test_anonymous_surveys_are_never_listed(client, admin):
    kind("test.survey", immediate=True, anonymous=True)
    hidden = outbox.tell(kind="test.survey", recipient=UserFactory(), subject="round:1", anchor=DAY, now=NINE)

    assert "No messages yet" in client.get("/outbox/").content.decode()
    assert client.get(address("message", hidden)).status_code == 404
    for verb in ("resend", "cancel", "bounced"):
        assert client.post(address(verb, hidden)).status_code == 404


def test_a_subject_of_other_sites_is_not_shown_in_the_list(client):
    mine, other = SiteFactory.create_batch(2)
    client.force_login(UserFactory(role="coordinator", sites=[mine]))
    message = queue(site_id=mine.pk)
    Notice.objects.create(
        recipient=message.recipient, kind="test.reminder", subject="issue:2", anchor=DAY, message=message, created_at=NINE,
        site_id=other.pk,
    )  # fmt: skip
    Message.objects.update(subject_line="Issue 2 of the other site")

    listed = client.get("/outbox/").content.decode()
    shown = client.get(address("message", message)).content.decode()

    assert address("message", message) in listed
    for page in (listed, shown):
        assert "other site" not in page
        assert "issue:2" not in page
    assert "About issue:1" in shown
    assert client.post(address("cancel", message)).status_code == 404


# --- One message ---


def test_a_message_shows_what_it_says_and_no_personal_link(client, admin):
    message = queue()

    page = client.get(address("message", message)).content.decode()

    for words in (
        "About issue:1",
        "Maya has waited 3 days.",
        "One screen and no paper.",
        "It moved",
        "[personal link]",
    ):
        assert words in page
    assert "/act/" not in page


@pytest.mark.parametrize("count", [1, 3, 50])
def test_a_message_costs_the_same_whatever_it_holds(client, admin, count, django_assert_max_num_queries):
    message = queue()
    Notice.objects.bulk_create(
        Notice(
            recipient=message.recipient, kind="test.reminder", subject=f"issue:x{number}", anchor=DAY, message=message,
            created_at=NINE,
        )
        for number in range(1, count)
    )  # fmt: skip

    with django_assert_max_num_queries(8):
        assert client.get(address("message", message)).status_code == 200


def test_a_message_whose_text_is_gone_still_shows(client, admin, stub, caplog):
    message = queue()
    stub.section = lambda notice: {}["gone"]

    page = client.get(address("message", message)).content.decode()

    assert "The text cannot be made any more." in page
    caplog.clear()


def test_sending_again(client, admin):
    message = queue()
    send_due(now=NINE)

    response = client.post(address("resend", message), follow=True)

    new = Message.objects.get(resend_of=message)
    assert response.redirect_chain == [(address("message", new), 302)]
    assert "Sent again for" in response.content.decode()
    assert "Sent again as" in client.get(address("message", message)).content.decode()


def test_cancelling_and_noting_a_bounce(client, admin):
    queued, sent = queue(), queue(subject="issue:2")
    Message.objects.filter(pk=sent.pk).update(state=MessageState.SENT, sent_at=NINE)

    client.post(address("cancel", queued))
    client.post(address("bounced", sent))

    queued.refresh_from_db()
    sent.refresh_from_db()
    assert queued.state == MessageState.CANCELLED
    assert sent.bounced_by == admin
    assert "came back" in client.get("/outbox/").content.decode()


def test_what_moved_on_answers_409_and_changes_nothing(client, admin):
    message = queue()
    client.post(address("cancel", message))

    response = client.post(address("cancel", message))

    assert response.status_code == 409
    assert "This message is cancelled already." in response.content.decode()


@pytest.mark.parametrize("verb", ["resend", "cancel", "bounced"])
def test_a_get_does_nothing(client, admin, verb):
    message = queue()

    assert client.get(address(verb, message)).status_code == 405
    assert Message.objects.get().state == MessageState.QUEUED


# --- Who sees it ---


@pytest.mark.parametrize("role", ["sponsor", None])
def test_others_find_nothing_here(client, role):
    message = queue()
    client.force_login(UserFactory(role=role))

    assert client.get("/outbox/").status_code == 404
    assert client.get(address("message", message)).status_code == 404
    assert client.post(address("cancel", message)).status_code == 404
    assert Message.objects.get().state == MessageState.QUEUED


def test_without_a_sign_in_one_is_asked_to(client):
    assert client.get("/outbox/").status_code == 302


# --- The mail itself ---


@pytest.fixture
def demo(settings, tmp_path):
    settings.DEMO, settings.MAIL_FOLDER, settings.EMAIL_FILE_PATH = True, tmp_path, tmp_path
    settings.EMAIL_BACKEND = "notifications.mail.FileBackend"
    return settings


def test_in_a_demo_the_mail_can_be_opened(client, admin, demo, tmp_path):
    message = queue()
    send_due(now=NINE)

    assert address("mail_file", message) in client.get(address("message", message)).content.decode()
    response = client.get(address("mail_file", message))

    assert [Path(each).name for each in tmp_path.iterdir()] == [f"message-{message.pk}.eml"]
    assert b"Message-ID: " + message.message_id.encode() in b"".join(response.streaming_content)
    assert response["Content-Type"] == "message/rfc822"
    assert "attachment" in response["Content-Disposition"]


def test_outside_a_demo_nobody_opens_it(client, admin, demo):
    message = queue()
    send_due(now=NINE)
    demo.DEMO = False

    assert address("mail_file", message) not in client.get(address("message", message)).content.decode()
    assert client.get(address("mail_file", message)).status_code == 404


def test_a_message_sent_twice_is_one_file(demo, tmp_path):
    message = queue()
    send_due(now=NINE)
    Message.objects.update(state=MessageState.QUEUED, sent_at=None)
    send_due(now=NINE + timedelta(hours=1))

    assert [each.name for each in tmp_path.iterdir()] == [f"message-{message.pk}.eml"]


def test_other_mails_get_files_of_their_own(demo, tmp_path):
    mail.send_mail("Reset", "Text", None, ["maya@example.com"])
    mail.EmailMessage("Odd", "Text", to=["m@example.com"], headers={"Message-ID": "<../../etc/x@host>"}).send()

    assert len(list(tmp_path.iterdir())) == 2
    assert all(each.parent == tmp_path for each in tmp_path.iterdir())
