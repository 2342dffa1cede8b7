"""Several notices about one thing in one message are one section."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.core import mail

from notifications.kinds import Button, CalendarPart, Due, Section
from notifications.merging import merged
from notifications.models import Link, Notice
from notifications.sending import send_due
from notifications.sweep import sweep
from tests.factories import ExecutiveFactory, UserFactory
from tests.notifications.stubs import Stub, kind

TUESDAY = datetime(2027, 3, 2, 12, tzinfo=UTC)
DAY = date(2027, 3, 1)


def said(name, subject="issue:1", behalf=None, **words):
    about = {"subject_line": f"Line of {name}", "lead": f"Lead of {name}.", "why": f"Why {name}."}
    return Notice(kind=f"test.{name}", subject=subject, on_behalf_of_id=behalf, pk=id(name)), Section(**about | words)


@pytest.fixture
def kinds():
    for name, urgency in (("update", 30), ("target", 10), ("news", 0)):
        kind(f"test.{name}", urgency=urgency)


def test_the_most_urgent_leads_and_the_others_are_lines(kinds):
    ((_notice, section),) = merged([said("news"), said("target", line="Promised for today."), said("update")])

    assert (section.subject_line, section.lead) == ("Line of update", "Lead of update.")
    assert list(section.paragraphs) == ["Promised for today.", "Lead of news."]
    assert section.why == "Why update. Why target. Why news."


def test_what_is_about_another_thing_or_for_somebody_else_stays_apart(kinds):
    found = merged([said("update"), said("target", "issue:2"), said("target", behalf=7)])

    assert [(notice.subject, notice.on_behalf_of_id) for notice, _ in found] == [
        ("issue:1", None), ("issue:2", None), ("issue:1", 7),
    ]  # fmt: skip


def test_the_most_urgent_thing_comes_first_and_equals_keep_their_order(kinds):
    found = merged([said("news", "issue:1"), said("target", "issue:2"), said("update", "issue:3"), said("news", "x:4")])

    assert [notice.subject for notice, _ in found] == ["issue:3", "issue:2", "issue:1", "x:4"]


def test_buttons_facts_and_links_stand_once_and_one_button_is_filled(kinds):
    moved, stuck = Button("It moved", primary=True), Button("It is stuck")
    page, write = Button("Open", path="/issues/1/"), Button("Write back", path="/issues/1/", primary=True)
    ((_notice, section),) = merged(
        [
            said("target", buttons=[moved, write], facts=[("Target", "old"), ("Site", "Leeds")], links=[page]),
            said("update", buttons=[moved, stuck], facts=[("Target", "4 March")], links=[page]),
        ]
    )

    assert list(section.buttons) == [moved, stuck, replace(write, primary=False)]
    assert list(section.facts) == [("Target", "4 March"), ("Site", "Leeds")]
    assert list(section.links) == [page]


def test_words_the_leader_does_not_quote_are_kept(kinds):
    update = said("update", quote="One screen.")
    ((_notice, section),) = merged([update, said("target", quote="One screen."), said("news", quote="Not yet.")])

    assert list(section.paragraphs) == ["Lead of target.", "Lead of news.", "“Not yet.”"]


def test_what_carries_a_calendar_part_stays_by_itself(kinds):
    part = CalendarPart("REQUEST", b"")
    assert len(merged([said("news", calendar=part), said("update"), said("target", calendar=part)])) == 3


@pytest.mark.django_db
def test_a_mail_about_one_issue_has_one_section_and_shares_its_links(purposes_of_the_test):
    from notifications.links import Purpose, register_purpose

    register_purpose(Purpose("test.update", view=lambda request, link: None))
    maya, boss = UserFactory(), ExecutiveFactory()
    boss.assistant = maya
    boss.save()
    button = Button("It moved", "test.update", data="moved", primary=True)
    for name, urgency in (("update", 30), ("target", 10)):
        lead = f"{name} is due."
        section = Section(subject_line=f"Issue 1: {name}", lead=lead, buttons=[button], why=f"As {name} is due.")
        stub = Stub(
            [Due(maya.pk, "issue:1", DAY), Due(maya.pk, "issue:1", DAY, 0, boss.pk), Due(maya.pk, "issue:2", DAY)],
            section=lambda notice, section=section: section,
        )
        kind(f"test.{name}", stub=stub, urgency=urgency)

    sweep(now=TUESDAY)
    send_due(now=TUESDAY)

    (sent,) = mail.outbox
    assert sent.subject == "Issue 1: update, and 2 more"
    assert sent.body.count("update is due.") == sent.body.count("target is due.") == 4  # three sections and the reasons
    assert sent.body.index("update is due.") < sent.body.index("target is due.")
    assert Link.objects.count() == 3
