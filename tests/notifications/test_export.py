"""The outbox as rows."""

from __future__ import annotations

from datetime import date

import pytest

from notifications import export, outbox
from notifications.models import Message, MessageState, Notice
from people.system import system_reader
from tests.factories import NINE, SiteFactory, UserFactory
from tests.notifications.stubs import kind

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 1)


@pytest.fixture(autouse=True)
def kinds():
    kind("test.reminder", immediate=True)
    kind("test.survey", immediate=True, anonymous=True)


def tell(kind="test.reminder", **rest):
    given = {"recipient": UserFactory(), "subject": "issue:1", "anchor": DAY, "now": NINE} | rest
    return outbox.tell(kind=kind, **given)


def rows(user):
    return [dict(zip(export.OUTBOX_COLUMNS, row, strict=True)) for row in export.outbox_rows(user)]


def test_a_row_for_each_message_people_by_their_keys():
    maya = UserFactory(name="Maya Rowntree", employee_number="H7")
    old = tell(recipient=maya)
    Message.objects.update(state=MessageState.SENT, sent_at=NINE, subject_line="About issue 1", attempts=1)
    new = outbox.resend(message_id=old.pk, by=UserFactory(role="admin"), now=NINE.replace(hour=10))

    first, second = rows(system_reader())

    assert first == {
        "message": old.pk, "created_at": NINE, "state": "sent", "kinds": "test.reminder", "recipient": "H7",
        "recipient_name": "Maya Rowntree", "on_behalf_of": "", "subject_line": "About issue 1", "sent_at": NINE,
        "attempts": 1, "last_error": "", "bounced_at": None, "resend_of": None,
    }  # fmt: skip
    assert (second["message"], second["kinds"], second["resend_of"]) == (new.pk, "test.reminder", old.pk)


def test_anonymous_surveys_are_in_no_export():
    tell("test.survey", subject="round:1")

    assert rows(UserFactory(role="admin")) == []


def test_a_coordinator_gets_what_is_about_their_sites():
    mine, other = SiteFactory.create_batch(2)
    coordinator = UserFactory(role="coordinator", sites=[mine])
    own, mixed, _foreign = (tell(site_id=site.pk, subject=f"issue:{n}") for n, site in enumerate([mine, mine, other]))
    Notice.objects.create(
        recipient=mixed.recipient, kind="test.reminder", subject="issue:9", anchor=DAY, message=mixed, created_at=NINE,
        site_id=other.pk,
    )  # fmt: skip
    Message.objects.update(subject_line="Words")

    found = {row["message"]: row["subject_line"] for row in rows(coordinator)}

    assert found == {own.pk: "Words", mixed.pk: ""}


def test_chunks(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(export, "CHUNK", 2)
    for number in range(5):
        tell(subject=f"issue:{number}")

    with django_assert_num_queries(4):  # the messages, and for each of three chunks what they are about
        assert len(rows(system_reader())) == 5
