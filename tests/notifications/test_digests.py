"""Leaving a digest with one click, from a mail program or by hand, and coming back to it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from notifications import digests, outbox
from notifications.links import Purpose, make_link, register_purpose
from notifications.models import DigestOptOut, Link
from notifications.sending import send_due
from people.errors import Refused
from people.models import AuditEvent
from tests.factories import NINE, ExecutiveFactory, UserFactory
from tests.notifications.stubs import kind

pytestmark = pytest.mark.django_db
NAME = "test.digest"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def digest():
    kind("test.reminder", immediate=True)
    return kind(NAME, immediate=True, alone=True, digest=True)


@pytest.fixture
def pia():
    return UserFactory(name="Pia Porto", role="coordinator")


def posted(user, **more):
    """The digest as it was sent to this person."""
    outbox.tell(kind=NAME, recipient=user, subject="digest", anchor=date(2027, 3, 1), now=NINE, **more)
    send_due(now=NINE)
    return mail.outbox[-1]


def address_in(letter):
    return letter.message()["List-Unsubscribe"].partition(">")[0].removeprefix("<")


def path_of(user, **more):
    address = make_link(purpose=digests.LEAVE, subject=f"digest:{NAME}", user=user, now=timezone.now(), **more)
    return address.removeprefix("http://testserver")


def left(user):
    return DigestOptOut.objects.filter(user=user, kind=NAME).exists()


# --- In the mail ---


def test_both_headers_and_a_line_in_both_parts(pia):
    letter = posted(pia)

    address = address_in(letter)
    assert address.startswith("http://testserver/leave/")
    assert letter.message()["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in letter.body
    assert address in letter.alternatives[0][0]
    assert "The links work until" not in letter.body
    assert Link.objects.get().expires_at > NINE + timedelta(days=365)


def test_reminders_cannot_be_left(pia):
    outbox.tell(kind="test.reminder", recipient=pia, subject="issue:1", anchor=date(2027, 3, 1), now=NINE)
    send_due(now=NINE)

    assert "List-Unsubscribe" not in mail.outbox[0].message()
    assert "List-Unsubscribe-Post" not in mail.outbox[0].message()


def test_who_reads_it_for_another_cannot_leave_it(pia):
    assistant = UserFactory()
    ExecutiveFactory(user=pia, assistant=assistant)

    letter = posted(assistant, on_behalf_of=pia)

    assert "List-Unsubscribe" not in letter.message()


# --- The link ---


def test_a_mail_program_leaves_with_one_post_and_no_page(pia):
    """No cookie, no token of a form, no redirect."""
    program = Client(enforce_csrf_checks=True)

    response = program.post(path_of(pia), ONE_CLICK)

    assert response.status_code == 200
    assert left(pia)
    assert AuditEvent.objects.get().verb == "digest left"


def test_looking_changes_nothing(client, pia):
    """Programs that follow every link in a mail must not leave for anybody."""
    path = path_of(pia)

    page = client.get(path).content.decode()
    client.head(path)

    assert "Leave this digest?" in page
    assert not left(pia)


def test_leaving_twice_is_leaving_once(client, pia):
    path = path_of(pia)
    client.post(path, ONE_CLICK)

    assert client.post(path, ONE_CLICK).status_code == 200

    assert DigestOptOut.objects.count() == AuditEvent.objects.count() == 1


def test_coming_back_on_the_same_page(client, pia):
    path = path_of(pia)
    client.post(path, ONE_CLICK)

    assert "any more" in client.get(path).content.decode()
    assert "again" in client.post(path, {"again": "yes"}).content.decode()
    assert not left(pia)


def test_the_address_takes_no_other_purpose(client, pia):
    register_purpose(Purpose("test.update", lambda request, link: 1 / 0))
    address = make_link(purpose="test.update", subject="issue:1", user=pia, now=timezone.now())

    response = client.post(address.removeprefix("http://testserver").replace("/act/", "/leave/"))

    assert response.status_code == 404


@pytest.mark.parametrize("path", ["/leave/altered/", None])
def test_an_altered_or_old_link_does_nothing(client, pia, path):
    if path is None:
        path = path_of(pia)
        Link.objects.update(expires_at=timezone.now(), created_at=timezone.now() - timedelta(days=400))

    assert client.post(path, ONE_CLICK).status_code in (404, 410)
    assert not left(pia)


def test_a_digest_nobody_knows_any_more(client, pia, kinds_of_the_test):
    path = path_of(pia)
    del kinds_of_the_test[NAME]

    assert client.get(path).status_code == 410


# --- The person's own page ---


def test_leaving_and_coming_back_by_hand(client, pia):
    client.force_login(pia)

    page = client.post("/digests/", {"kind": NAME, "wanted": "no"}, follow=True).content.decode()
    assert "You left it." in page
    assert left(pia)

    page = client.post("/digests/", {"kind": NAME, "wanted": "yes"}, follow=True).content.decode()
    assert "You get it." in page
    assert not left(pia)


def test_the_own_page_leads_there(client, pia):
    client.force_login(pia)

    assert "/digests/" in client.get(f"/people/{pia.pk}/").content.decode()


def test_only_digests_can_be_left(client, pia):
    client.force_login(pia)

    assert client.post("/digests/", {"kind": "test.reminder", "wanted": "no"}).status_code == 422
    with pytest.raises(Refused):
        digests.want_again(user=pia, kind="unknown", now=NINE)
