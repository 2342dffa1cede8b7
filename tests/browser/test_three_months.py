"""Three months of one issue in a browser, the clock moved by the test: every mail is read, and its links are followed.

The beat runs every working day at half past nine. Each step says who got which mail since the last one; nobody else did.
"""

from __future__ import annotations

import email
import email.policy
import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from issues.models import Issue
from notifications.models import Message, MessageState, Notice
from notifications.sending import send_due
from notifications.sweep import sweep
from tests.factories import ExecutiveFactory, HostFactory, SiteFactory, TeamFactory, UserFactory, VisitFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("post_office")]
DAY = timedelta(days=1)
TITLE = "Three screens for one account number"
READ = re.compile(r"http://\S+")


class Clock:
    """What the program takes for now. ``until(day)`` runs the beat on each working day up to and with that one."""

    def __init__(self, day: date) -> None:
        self.now = _at(day)

    def until(self, day: date) -> None:
        while self.now.date() < day:
            self.now += DAY
            if self.now.weekday() < 5:
                self.beat()

    def beat(self) -> None:
        sweep(now=self.now)
        send_due(now=self.now)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9, 30), UTC)


@pytest.fixture
def clock(monkeypatch):
    found = Clock(date(2027, 3, 1))
    monkeypatch.setattr(timezone, "now", lambda: found.now)
    return found


@pytest.fixture
def post(settings):
    """``post()``: mails since the last time, as {who: mail}; two to one person fail."""
    known = set()

    def read():
        files = sorted(set(settings.EMAIL_FILE_PATH.glob("*.eml")) - known)
        known.update(files)
        mails = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]
        found = {mail["To"].addresses[0].display_name: mail for mail in mails}
        assert len(found) == len(mails), [str(mail["Subject"]) for mail in mails]
        return found

    return read


@pytest.fixture
def cast():
    site = SiteFactory(name="Leeds")
    manager = UserFactory(name="Helga Strand")
    owner = ExecutiveFactory(user__name="Anneke Vos", assistant=UserFactory(name="Pim de Wit"), line_manager=manager)
    ExecutiveFactory(user__name="Ravi Menon")
    host = HostFactory(user__name="Maya Rowntree", team=TeamFactory(site=site, name="Billing Care"))
    return VisitFactory(held=True, executive=owner, host=host)


def text_of(mail) -> str:
    return mail.get_body(("plain",)).get_content()


def link(mail, words: str) -> str:
    """The address below a button of the text, which the HTML part leads to as well."""
    lines = text_of(mail).splitlines()
    place = next(place for place, line in enumerate(lines) if words in line)
    address = next(found for line in lines[place:] for found in READ.findall(line))
    assert address.replace("&", "&amp;") in mail.get_body(("html",)).get_content()
    return address


def reads_well(mail, subject: str, *words: str) -> None:
    """Its subject, what it is about, why it came, and nothing unwritten."""
    text = " ".join(text_of(mail).split()).replace("\N{NO-BREAK SPACE}", " ")
    assert re.fullmatch(subject, str(mail["Subject"])), str(mail["Subject"])
    assert TITLE in text
    assert re.search(r"You get this (once, )?because|You own|reminder", text), text
    assert not re.search(r"%\(|\{\{|None", text), text
    for each in words:
        assert re.search(each, text), (each, text)


def follow(page, address: str) -> None:
    """By a link, whoever is signed in or not. Looking changes nothing."""
    page.context.clear_cookies()
    before = list(Issue.objects.values_list("state", "version", "owner"))
    page.goto(address)
    assert list(Issue.objects.values_list("state", "version", "owner")) == before


def press(page, name: str) -> Issue:
    page.get_by_role("button", name=name).first.click()
    page.wait_for_load_state()
    return Issue.objects.get()


def test_three_months_of_one_issue(page, sign_in, clock, post, cast):
    number = take_away(page, sign_in, cast)
    assert post() == {}
    second = two_reminders(clock, post, number)
    says_it_is_blocked(page, clock, post, second)
    hands_it_over(page, sign_in, clock, post, cast)
    not_yet = delivered_and_not_yet(page, sign_in, clock, post)
    delivered_again_and_confirmed(page, clock, post, not_yet)
    still_holds(page, clock, post)
    ends_in_silence(page, sign_in, clock, post, cast)


def take_away(page, sign_in, visit) -> int:
    """1 March: the owner takes it away, promised for 1 June."""
    sign_in(visit.executive.user)
    page.goto(f"/issues/take-away/{visit.uuid}/")
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=promise]").fill("You type it once.")
    page.locator("[name=target_date]").fill("2027-06-01")
    press(page, "Take it away")
    expect(page.locator("h1")).to_have_text(TITLE)
    return Issue.objects.get().number


def two_reminders(clock, post, number):
    """The update was due on 15 March: owner and assistant are reminded the day after and a week later, when the host has
    heard nothing for three weeks either; both things are one message."""
    clock.until(date(2027, 3, 15))
    assert post() == {}

    clock.until(date(2027, 3, 16))
    first = post()
    assert set(first) == {"Anneke Vos", "Pim de Wit"}
    about = f"Issue {number}: Maya waits for an update, 1 day"
    reads_well(first["Anneke Vos"], about, "You type it once.", "The next would come on 23 March")
    reads_well(first["Pim de Wit"], about, "For Anneke Vos, whom you assist")

    clock.until(date(2027, 3, 23))
    second = post()
    assert set(second) == {"Anneke Vos", "Pim de Wit"}
    silent = "Maya Rowntree has read nothing about it for 22 days"
    reads_well(second["Anneke Vos"], f"Issue {number}: Maya waits for an update, 8 days.*", silent)
    return second["Anneke Vos"]


def says_it_is_blocked(page, clock, post, mail):
    """By the second mail's link, without a sign-in, in one form. The host reads it the same day; nobody else is told."""
    follow(page, link(mail, "It is stuck"))
    expect(page.locator("[name=answer][value=stuck]")).to_be_checked()
    page.locator("[name=text]").fill("The supplier waits for an order from finance.")
    issue = press(page, "Post")
    assert (issue.state, issue.blocked, issue.next_update_due) == ("in_progress", True, date(2027, 4, 6))

    clock.now += timedelta(hours=1)
    clock.beat()
    (mail,) = post().values()
    assert "Maya Rowntree" in str(mail["To"])
    reads_well(mail, "Issue .* moved: .*", "The supplier waits for an order from finance.", "when Anneke writes again")


def hands_it_over(page, sign_in, clock, post, visit):
    """25 March: offered by the owner in person, accepted by the other's link. The owner's side and the host hear it."""
    clock.until(date(2027, 3, 25))
    assert post() == {}
    issue = Issue.objects.get()
    sign_in(visit.executive.user)
    page.goto(f"/issues/{issue.number}/handover/")
    page.locator("[name=to]").fill("Ravi Menon")
    page.locator("[name=reason]").fill("It is his supplier.")
    assert press(page, "Offer it").owner.user.name == "Anneke Vos"

    clock.beat()
    asked = post()
    assert set(asked) == {"Ravi Menon"}
    reads_well(
        asked["Ravi Menon"], ".*Anneke Vos asks you to own it", "It is his supplier.", "Anneke Vos stays the owner"
    )
    follow(page, link(asked["Ravi Menon"], "Accept: it is mine"))
    issue = press(page, "Accept: it is mine")
    assert (issue.owner.user.name, issue.next_update_due) == ("Ravi Menon", date(2027, 4, 8))

    clock.now += timedelta(hours=1)
    clock.beat()
    told = post()
    assert set(told) == {"Anneke Vos", "Pim de Wit", "Maya Rowntree"}
    reads_well(told["Anneke Vos"], ".*Ravi Menon accepted", "Ravi Menon owns issue")
    reads_well(told["Maya Rowntree"], ".*Ravi Menon keeps the promise now", "in place of Anneke Vos")


def delivered_and_not_yet(page, sign_in, clock, post):
    """7 April, a day before his update is due: delivered by the new owner, and the host says what is missing."""
    clock.until(date(2027, 4, 7))
    assert post() == {}
    issue = Issue.objects.get()
    sign_in(issue.owner.user)
    page.goto(f"/issues/{issue.number}/deliver/")
    page.locator("[name=text]").fill("One screen since Monday.")
    page.locator("[name=impact]").fill("A minute on every call.")
    assert press(page, "Ask Maya whether it helps").state == "delivered"

    clock.beat()
    asked = post()
    assert set(asked) == {"Maya Rowntree"}
    reads_well(
        asked["Maya Rowntree"], ".*is delivered: does it help.*", "One screen since Monday.", "10 April|12 April"
    )
    follow(page, link(asked["Maya Rowntree"], "Not yet"))
    page.locator("[name=words]").fill("Prepaid still takes three.")
    assert press(page, "Send it to Ravi").state == "in_progress"

    clock.beat()
    told = post()
    assert set(told) == {"Ravi Menon"}
    reads_well(told["Ravi Menon"], ".*Maya says not yet", "Prepaid still takes three.", "Nobody above you was told")
    return told["Ravi Menon"]


def delivered_again_and_confirmed(page, clock, post, mail):
    """19 April: delivered by the link in the mail that said "not yet"; the host is asked twice and says yes."""
    clock.until(date(2027, 4, 19))
    assert post() == {}
    follow(page, link(mail, "It is delivered"))
    page.locator("[name=text]").fill("Prepaid is one screen too.")
    page.locator("[name=impact]").fill("A minute on every call, prepaid too.")
    assert press(page, "Post").state == "delivered"

    clock.beat()
    asked = post()
    assert set(asked) == {"Maya Rowntree"}
    reads_well(asked["Maya Rowntree"], ".*is delivered: does it help.*", "Prepaid is one screen too.")
    clock.until(date(2027, 4, 22))
    again = post()
    assert set(again) == {"Maya Rowntree"}
    reads_well(again["Maya Rowntree"], ".*your word has been missing for 3 days", "would come on 29 April")
    follow(page, link(again["Maya Rowntree"], "Yes, it helps"))
    issue = press(page, "Yes, it helps")
    assert (issue.state, issue.confirmed_by.name, issue.confirmed_in_place) == ("confirmed", "Maya Rowntree", False)


def still_holds(page, clock, post):
    """30 days on is a Saturday: the host is asked on Monday, and says that it holds."""
    clock.until(date(2027, 5, 23))
    assert post() == {}
    clock.until(date(2027, 5, 24))
    asked = post()
    assert set(asked) == {"Maya Rowntree"}
    reads_well(asked["Maya Rowntree"], ".*does it still hold, after 30 days.*", "22 April")
    follow(page, link(asked["Maya Rowntree"], "Yes, it still holds"))
    assert press(page, "Yes, it still holds").checks.get().holds


def ends_in_silence(page, sign_in, clock, post, visit):
    """The target date passes, and nobody hears of it: it was kept. The page tells it all, and every mail was accounted for."""
    clock.until(date(2027, 6, 4))
    assert post() == {}
    sign_in(visit.host.user)
    page.goto(f"/issues/{Issue.objects.get().number}/?earlier")
    history = page.locator("#history")
    for words in ("The supplier waits", "Prepaid still takes three", "Prepaid is one screen too"):
        expect(history).to_contain_text(words)
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.SENT}
    assert (Message.objects.count(), Notice.objects.filter(dropped=True).count()) == (14, 0)
