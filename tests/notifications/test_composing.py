"""How a mail is made: the same words and links as text and HTML, the calendar part, the headers."""

from __future__ import annotations

import email
import re
from datetime import date, timedelta
from email import policy

import icalendar
import pytest
from django.core import mail

from notifications import outbox
from notifications.kinds import Button, CalendarPart, Section
from notifications.links import Purpose, hash_token, register_purpose
from notifications.models import Link, Notice
from notifications.sending import send_due
from tests.factories import NINE, ExecutiveFactory, UserFactory
from tests.notifications.stubs import kind

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 1)
INVITATION = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//floor//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:visit-1\r\n"
    "DTSTAMP:20270301T090000Z\r\nDTSTART:20270310T090000Z\r\nSUMMARY:Visit in São Paulo\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.fixture(autouse=True)
def stub():
    for name, private in (("test.update", False), ("test.confirm", True)):
        register_purpose(Purpose(name, lambda request, link: None, private=private))
    return kind("test.reminder", immediate=True)


def full(**changed):
    """A section with everything, as in the picture."""
    return Section(**{
        "subject_line": "Issue 214: Maya waits for an update, 3 days",
        "lead": "Anneke, Maya Rowntree has waited 3 days for R&D <b>soon</b>.",
        "quote_caption": "What you promised Maya on 18 May",
        "quote": "By 4 November a SIM swap takes one screen and no paper.",
        "question": "Where does it stand? 20 seconds.",
        "hint": "Nothing is sent until you press Post there.",
        "buttons": [
            Button("It moved. Say what happened", "test.update", data="moved", primary=True),
            Button("Open issue 214", path="/issues/214/"),
        ],
        "facts": [("Target date", "4 November, 6 days over", True), ("Works with you", "Ravi Iyer")],
        "why": "This is the third reminder, so your line manager, Helga Strand, has it too.",
    } | changed)  # fmt: skip


def sent(stub, *sections, to=None, **told):
    """The mail with these sections as a mail program reads it, and its text and HTML."""
    recipient = to or UserFactory(name="Anneke Visser")
    words = iter(sections)
    stub.section = lambda notice: next(words)
    message = outbox.tell(kind="test.reminder", recipient=recipient, subject="issue:0", anchor=DAY, now=NINE, **told)
    Notice.objects.bulk_create(
        Notice(
            recipient=recipient, kind="test.reminder", subject=f"issue:{number}", anchor=DAY, message=message,
            created_at=NINE, on_behalf_of=told.get("on_behalf_of"),
        )
        for number in range(1, len(sections))
    )  # fmt: skip
    assert send_due(now=NINE)["sent"] == 1
    read = email.message_from_bytes(mail.outbox[-1].message().as_bytes(), policy=policy.default)
    text, html = (read.get_body((form,)).get_content() for form in ("plain", "html"))
    return read, text, html


def test_text_and_html_say_the_same_with_the_same_links(stub):
    read, text, html = sent(stub, full())

    assert read["Subject"] == "Issue 214: Maya waits for an update, 3 days"
    for words in (
        "Where does it stand?",
        "What you promised Maya",
        "one screen and no paper",
        "6 days over",
        "Helga Strand",
    ):
        assert words in text
        assert words in html
    assert "Anneke, Maya Rowntree has waited 3 days for R&D <b>soon</b>." in text
    assert "R&amp;D &lt;b&gt;soon&lt;/b&gt;" in html
    found = [set(re.findall(r"http://testserver/[^\s\"<]+", part)) for part in (text, html)]
    assert found[0] == found[1]
    assert len(found[0]) == 2
    assert "http://testserver/issues/214/" in found[0]


def test_a_button_leads_to_a_link_of_this_person_with_the_answer_filled_in(stub):
    anneke = UserFactory()
    _read, text, _html = sent(stub, full(), to=anneke)

    token, answer = re.search(r"/act/([^/]+)/\?answer=(\w+)", text).groups()

    link = Link.objects.get(token_hash=hash_token(token))
    assert (link.user, link.purpose, link.subject, link.private) == (anneke, "test.update", "issue:0", True)
    assert (link.message.recipient, link.expires_at) == (anneke, link.created_at + timedelta(days=14))
    assert answer == "moved"
    assert "The links work until 14 March and only for you." in text


def test_an_assistant_gets_links_of_their_own(stub):
    assistant = UserFactory(name="Jo")
    boss = ExecutiveFactory(user__name="Anneke Visser", assistant=assistant).user
    _read, text, html = sent(stub, full(), to=assistant, on_behalf_of=boss)

    link = Link.objects.get()
    assert (link.user, link.on_behalf_of) == (assistant, boss)
    assert "For Anneke Visser, whom you assist:" in text
    assert "For Anneke Visser, whom you assist:" in html


@pytest.mark.parametrize(
    ("contact", "path", "expected"),
    [("", "", 1), ("office@example.com", "", 0), ("office@example.com", "/issues/214/", 0)],
    ids=["own address", "shared address", "shared address, sign-in instead"],
)
def test_what_only_one_person_may_do_is_not_sent_to_a_shared_address(stub, contact, path, expected):
    host = UserFactory(email="maya@example.com", contact_email=contact)
    buttons = [Button("Yes, it helps", "test.confirm", path=path, primary=True)]

    _read, text, _html = sent(stub, full(buttons=buttons), to=host)

    assert Link.objects.count() == expected
    assert ("Yes, it helps" in text) == bool(expected or path)
    assert ("http://testserver/issues/214/" in text) == bool(path)


def test_several_notices_are_one_mail(stub):
    read, text, _html = sent(stub, full(), full(subject_line="Other", lead="Tom waits too."), full(lead="So does Ada."))

    assert read["Subject"] == "Issue 214: Maya waits for an update, 3 days, and 2 more"
    assert text.count("Where does it stand?") == 3
    assert text.count("Helga Strand") == 1
    assert Link.objects.count() == 3


def test_a_calendar_part_says_its_method_twice(stub):
    read, _text, _html = sent(stub, full(calendar=CalendarPart("REQUEST", INVITATION.encode())))

    part = next(each for each in read.walk() if each.get_content_type() == "text/calendar")
    assert dict(part["Content-Type"].params) == {"method": "REQUEST", "charset": "utf-8"}
    calendar = icalendar.Calendar.from_ical(part.get_content())
    assert calendar["METHOD"] == "REQUEST"
    assert calendar.events[0]["SUMMARY"] == "Visit in São Paulo"
    assert [each.get_content_type() for each in read.iter_parts()] == ["text/plain", "text/html", "text/calendar"]
    assert read.get_content_type() == "multipart/alternative"


@pytest.mark.parametrize("digest", [True, False])
def test_only_a_digest_says_how_to_leave_it(digest):
    stub = kind("test.other", immediate=True, digest=digest)
    stub.section = lambda notice: full()
    outbox.tell(kind="test.other", recipient=UserFactory(), subject="week:1", anchor=DAY, now=NINE)

    send_due(now=NINE)

    assert ("List-Unsubscribe" in mail.outbox[0].message()) is digest
    assert mail.outbox[0].message()["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    "name", ["Zoë Müller", 'Eve "X" <eve@evil.example>', "A,\r\nBcc: everybody@example.com", "李 小龍", "O'Neil; Tom"]
)
def test_whatever_a_roster_calls_people_it_goes_to_one_address(stub, name):
    read, _text, _html = sent(stub, full(), to=UserFactory(name=name, email="maya@example.com"))

    assert [address.addr_spec for address in read["To"].addresses] == ["maya@example.com"]
    assert "Bcc" not in read


def test_a_subject_is_one_line(stub):
    read, _text, _html = sent(stub, full(subject_line="Issue 1:\r\nBcc: x@example.com " + "long " * 100))

    assert read["Subject"].startswith("Issue 1: Bcc: x@example.com long")
    assert len(read["Subject"]) <= 200
    assert "Bcc" not in read


def test_the_mail_speaks_the_recipients_language(stub):
    _read, _text, html = sent(stub, full(), to=UserFactory(language="de"))

    assert '<html lang="de">' in html


def test_no_pictures_and_no_tracking(stub):
    _read, _text, html = sent(stub, full())

    for forbidden in ("<img", "<script", "<link", "url(", "onclick"):
        assert forbidden not in html
