"""What people hear of their visits: from publishing to the calendar entry, the link in it, and what follows."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from freezegun import freeze_time
from icalendar import Calendar

from notifications.kinds import register
from notifications.models import Message, MessageState, Notice
from notifications.sending import send_due
from notifications.sweep import sweep
from shadowing.models import Visit, VisitState
from shadowing.notices import due
from shadowing.visits import actions
from shadowing.visits.rules import Side
from tests.factories import ExecutiveFactory, HostFactory
from tests.shadowing.world import BEFORE, DAY, LATER, make_world

pytestmark = pytest.mark.django_db
NEXT = BEFORE + timedelta(minutes=1)


@pytest.fixture
def world():
    return make_world()


@pytest.fixture(autouse=True, scope="module")
def _clock():
    with freeze_time(BEFORE):
        yield


def invited(world, **fields):
    return actions.invite(visit=world.visit(VisitState.PROPOSED, **fields), by=world.coordinator, now=BEFORE)


def sent(mailoutbox, now=NEXT):
    """Mails of one delivery, by the address they went to."""
    mailoutbox.clear()
    with freeze_time(now):
        send_due(now=now)
    return {mail.to[0].rpartition("<")[2].strip(">"): mail for mail in mailoutbox}


def calendar_of(mail):
    """(method of the MIME type, the calendar) of a mail."""
    for part in mail.message().walk():
        if part.get_content_type() == "text/calendar":
            return part.get_param("method"), Calendar.from_ical(part.get_payload(decode=True))
    return None


def event_in(calendar):
    (event,) = calendar.walk("VEVENT")
    return event


def plain(words):
    return words.replace("\N{NO-BREAK SPACE}", " ")


def link_in(mail, answer="yes"):
    return re.search(rf"http://testserver(/act/[^\s?]+/\?answer={answer})", mail.body)[1]


def test_an_invitation_reaches_all_three_with_a_calendar_entry(world, mailoutbox):
    visit = invited(world)

    mails = sent(mailoutbox)

    assert set(mails) == {world.executive.user.email, world.assistant.email, world.host.user.email}
    for mail in mails.values():
        method, calendar = calendar_of(mail)
        (event,) = calendar.walk("VEVENT")
        assert (method, str(calendar["method"])) == ("REQUEST", "REQUEST")
        assert (str(event["uid"]), event["sequence"]) == (f"visit-{visit.uuid}@floorprogram", 0)
    host, assistant = mails[world.host.user.email], mails[world.assistant.email]
    assert "May Anneke Vos spend Wednesday 3 March 2027 with you?" in host.subject.replace("\N{NO-BREAK SPACE}", " ")
    assert "You are asked, not told." in host.body
    assert "Anneke Vos" in assistant.subject


def test_a_link_shows_and_a_post_answers(world, mailoutbox, client):
    visit = invited(world)
    mails = sent(mailoutbox)

    for _look in range(2):
        shown = client.get(link_in(mails[world.host.user.email]))
        assert shown.status_code == 200
        assert "May Anneke Vos spend a day with you?" in shown.content.decode()
    visit.refresh_from_db()
    assert visit.host_answer == "none"

    client.post(link_in(mails[world.host.user.email]), {"answer": "yes"})
    done = client.post(link_in(mails[world.assistant.email]), {"answer": "yes"})

    visit.refresh_from_db()
    assert visit.state == VisitState.CONFIRMED
    assert "Accepted by both." in done.content.decode()
    event = visit.events.order_by("-pk").first()
    assert (event.by, event.on_behalf_of) == (world.assistant, world.executive.user)


def test_a_link_to_a_shared_address_answers_too(world, mailoutbox, client):
    type(world.host.user).objects.filter(pk=world.host.user.pk).update(
        email=None, email_key=None, contact_email="team@example.com"
    )
    visit = invited(world)
    mails = sent(mailoutbox)

    client.post(link_in(mails["team@example.com"]), {"answer": "no"})

    visit.refresh_from_db()
    assert (visit.state, visit.host_answer) == (VisitState.DECLINED, "no")


def test_an_executive_declines_by_link_with_words(world, mailoutbox, client):
    visit = invited(world)
    url = link_in(sent(mailoutbox)[world.executive.user.email], "no")

    empty = client.post(url, {"answer": "no"})
    done = client.post(url, {"answer": "no", "reason": "Board meeting"})
    after = client.post(url, {"answer": "yes"})

    assert (empty.status_code, done.status_code, after.status_code) == (422, 200, 409)
    assert "Say in a few words why" in empty.content.decode()
    visit.refresh_from_db()
    assert visit.ended_reason == "Board meeting"


def test_a_link_of_somebody_replaced_is_gone(world, mailoutbox, client):
    invited(world)
    url = link_in(sent(mailoutbox)[world.assistant.email])
    type(world.executive).objects.filter(pk=world.executive.pk).update(assistant=None)

    assert client.get(url).status_code == 410
    assert client.post(url, {"answer": "yes"}).status_code == 410


def test_a_move_replaces_the_entry_and_says_from_where(world, mailoutbox):
    visit = invited(world)
    sent(mailoutbox)
    actions.move_visit(visit=visit, date=LATER, by=world.executive.user, reason="Board meeting", now=NEXT)

    mail = sent(mailoutbox, NEXT + timedelta(minutes=1))[world.host.user.email]

    method, calendar = calendar_of(mail)
    (event,) = calendar.walk("VEVENT")
    assert (method, event["sequence"], event["dtstart"].dt.date()) == ("REQUEST", 1, LATER)
    body = mail.body.replace("\N{NO-BREAK SPACE}", " ")
    assert "from Wednesday 3 March 2027 to Wednesday 10 March 2027" in body
    assert "Board meeting" in body


def test_another_host_takes_the_entry_over(world, mailoutbox):
    """Given an invitation that was sent; when the visit gets another host and day; then the old host's entry goes, the
    new host is invited, the executive's entry is changed, and all parts belong to the same visit."""
    visit = invited(world)
    sent(mailoutbox)
    actions.move_visit(visit=visit, date=LATER, host=world.strange_host, by=world.coordinator, now=NEXT)

    mails = sent(mailoutbox, NEXT + timedelta(minutes=1))

    assert len(mails) == len(mailoutbox) == 4
    read = {address: calendar_of(mail) for address, mail in mails.items()}
    found = {address: (method, event_in(calendar)) for address, (method, calendar) in read.items()}
    assert {event["uid"] for _method, event in found.values()} == {f"visit-{visit.uuid}@floorprogram"}
    assert {event["sequence"] for _method, event in found.values()} == {1}
    gone, old = found[world.host.user.email]
    assert (gone, str(old["status"]), old["dtstart"].dt.date()) == ("CANCEL", "CANCELLED", DAY)
    assert "Priya Nair" in str(old["summary"])
    for address in (world.executive.user.email, world.assistant.email, world.strange_host.user.email):
        method, event = found[address]
        assert (method, event["dtstart"].dt.date()) == ("REQUEST", LATER)
        assert "Hugo Other" in str(event["summary"])
    assert "May Anneke Vos spend" in mails[world.strange_host.user.email].subject
    assert "your host is Hugo Other now" in mails[world.executive.user.email].body
    assert "Your Wednesday 3 March 2027 is free again" in plain(mails[world.host.user.email].subject)
    assert "Hugo" not in mails[world.host.user.email].body


def test_a_host_who_never_heard_of_it_hears_nothing_when_it_changes_hands(world, mailoutbox):
    visit = invited(world)
    actions.move_visit(visit=visit, date=DAY, host=world.strange_host, by=world.coordinator, now=BEFORE)

    mails = sent(mailoutbox)

    assert set(mails) == {world.executive.user.email, world.assistant.email, world.strange_host.user.email}


def test_a_host_who_is_taken_back_is_not_called_off(world, mailoutbox):
    visit = invited(world)
    sent(mailoutbox)
    for host in (world.strange_host, world.host):
        visit = actions.move_visit(visit=visit, date=DAY, host=host, by=world.coordinator, now=NEXT)

    mails = sent(mailoutbox, NEXT + timedelta(minutes=1))

    assert set(mails) == {world.executive.user.email, world.assistant.email, world.host.user.email}
    method, calendar = calendar_of(mails[world.host.user.email])
    assert (method, event_in(calendar)["sequence"]) == ("REQUEST", 2)


def test_a_move_before_the_first_mail_left_says_it_once(world, mailoutbox):
    visit = invited(world)
    actions.move_visit(visit=visit, date=LATER, by=world.coordinator, now=BEFORE)

    mails = sent(mailoutbox)

    assert len(mailoutbox) == 3
    assert all("moves from" in mail.body for mail in mails.values())


def test_a_cancellation_takes_the_entry_away(world, mailoutbox):
    visit = invited(world)
    sent(mailoutbox)
    actions.cancel_visit(visit=visit, by=world.coordinator, reason="Site closed", now=NEXT)

    mails = sent(mailoutbox, NEXT + timedelta(minutes=1))

    assert len(mails) == 3
    for mail in mails.values():
        method, calendar = calendar_of(mail)
        (event,) = calendar.walk("VEVENT")
        assert (method, str(calendar["method"]), str(event["status"])) == ("CANCEL", "CANCEL", "CANCELLED")
        assert event["sequence"] == 1
        assert "Site closed" in mail.body


def test_who_never_heard_of_it_does_not_hear_that_it_is_off(world, mailoutbox):
    visit = invited(world)
    actions.cancel_visit(visit=visit, by=world.coordinator, reason="Site closed", now=BEFORE)

    assert sent(mailoutbox) == {}
    assert not Message.objects.filter(state=MessageState.QUEUED).exists()


def test_a_hosts_no_does_not_name_the_host(world, mailoutbox):
    visit = invited(world)
    sent(mailoutbox)
    actions.answer_invitation(visit=visit, side=Side.HOST, yes=False, by=world.host.user, now=NEXT)

    mails = sent(mailoutbox, NEXT + timedelta(minutes=1))

    executive = mails[world.executive.user.email].body
    assert "does not take place" in executive
    assert "declined" not in executive.casefold()
    assert "You said no" in mails[world.host.user.email].body


def test_two_publishers_tell_once(world):
    invited(world)
    before = Notice.objects.count()
    world.visit(VisitState.PROPOSED, executive=world.stranger, host=world.strange_host)
    actions.publish_season(season=world.season, acknowledged=(), by=world.admin, now=BEFORE)

    assert Notice.objects.count() == before + 2  # the new visit's two people, nobody of the first


# --- what is due ---


def steps(kind, now):
    return {(each.recipient_id, each.step, each.on_behalf_of_id) for each in kind(now)}


@pytest.mark.parametrize(
    ("day", "step"),
    [
        (date(2027, 2, 23), None),
        (date(2027, 2, 24), -7),
        (date(2027, 3, 1), -7),
        (date(2027, 3, 2), -1),
        (date(2027, 3, 3), None),
        (date(2027, 3, 9), None),
    ],
)
def test_a_visit_is_announced_a_week_and_a_day_before(world, day, step):
    world.visit(VisitState.CONFIRMED)
    people = {(world.executive.pk, None), (world.assistant.pk, world.executive.pk), (world.host.pk, None)}
    wanted = {(who, step, behalf) for who, behalf in people} if step else set()

    assert steps(due.visit_coming, datetime(day.year, day.month, day.day, 9, tzinfo=UTC)) == wanted


def test_days_are_counted_at_the_site():
    world = make_world(time_zone="Pacific/Auckland")
    world.visit(VisitState.CONFIRMED)

    assert not steps(due.visit_coming, datetime(2027, 3, 2, 11, 30, tzinfo=UTC))  # it is the day there
    assert {step for _who, step, _behalf in steps(due.visit_coming, datetime(2027, 3, 1, 11, 30, tzinfo=UTC))} == {-1}


def test_the_seasons_policy_decides(world):
    world.season.reminders = {"visit_coming": [-3]}
    world.season.save()
    world.visit(VisitState.CONFIRMED)

    assert not steps(due.visit_coming, datetime(2027, 2, 27, 9, tzinfo=UTC))
    assert {step for _who, step, _behalf in steps(due.visit_coming, datetime(2027, 2, 28, 9, tzinfo=UTC))} == {-3}


@pytest.mark.parametrize("state", [VisitState.PROPOSED, VisitState.INVITED, VisitState.CANCELLED, VisitState.HELD])
def test_only_confirmed_visits_are_announced(world, state):
    world.visit(state)

    assert not steps(due.visit_coming, datetime(2027, 3, 2, 9, tzinfo=UTC))


@pytest.mark.parametrize(
    ("day", "reminded"), [(15, False), (16, True), (17, True), (18, True), (19, False)]
)  # asked on Monday 15 February, to answer by Thursday 18
def test_who_has_not_answered_is_reminded_but_not_when_asked(world, day, reminded):
    world.visit(host_answer="yes")
    now = datetime(2027, 2, day, 9, tzinfo=UTC)

    expected = {(world.executive.pk, -3, None), (world.assistant.pk, -3, world.executive.pk)} if reminded else set()
    assert steps(due.answer_by, now) == expected


@pytest.mark.parametrize(
    ("invited_on", "closes", "told"),
    [(15, 18, "Tuesday 16 February 2027"), (19, 24, "Monday 22 February 2027"), (17, 18, None)],
    ids=["in three working days", "over a weekend", "tomorrow"],
)
def test_an_invitation_names_the_day_on_which_its_reminder_goes_out(world, mailoutbox, invited_on, closes, told):
    visit = world.visit(VisitState.PROPOSED)
    moment = datetime(2027, 2, invited_on, 9, tzinfo=UTC)
    actions.invite(visit=visit, by=world.coordinator, now=moment)
    Visit.objects.filter(pk=visit.pk).update(answer_by=date(2027, 2, closes))

    words = plain(sent(mailoutbox, moment)[world.host.user.email].body)
    noons = (moment + timedelta(days=ahead) for ahead in range(closes - invited_on + 1))
    reminded = [noon for noon in noons if sweep(now=noon)["shadowing.answer_by"]]

    if told is None:
        assert not reminded
        assert "It comes once." in words
    else:
        assert f"Without an answer the next comes on {told}." in words
        assert told == f"{reminded[0]:%A} {reminded[0].day} {reminded[0]:%B %Y}"


def test_a_reminder_names_the_working_day_of_the_next(world, mailoutbox):
    monday = world.visit(VisitState.CONFIRMED, date=date(2027, 3, 8))
    week_ahead = datetime(2027, 3, 1, 9, tzinfo=UTC)

    sweep(now=week_ahead)
    words = plain(sent(mailoutbox, week_ahead)[world.host.user.email].body)

    assert monday.date.weekday() == 0
    assert "The next would come on Friday 5 March 2027." in words  # the day before is a Sunday
    assert sweep(now=datetime(2027, 3, 5, 9, tzinfo=UTC))["shadowing.visit_coming"] == 3


def test_confirmed_visits_have_no_answer_to_wait_for(world):
    world.visit(VisitState.CONFIRMED)

    assert not steps(due.answer_by, datetime(2027, 2, 17, 9, tzinfo=UTC))


def test_a_sweep_queues_each_reminder_once_and_drops_what_no_longer_holds(world, mailoutbox):
    visit = world.visit(VisitState.CONFIRMED)
    morning = datetime(2027, 3, 2, 9, tzinfo=UTC)

    counts = [sweep(now=morning)["shadowing.visit_coming"] for _sweep in range(2)]
    Visit.objects.filter(pk=visit.pk).update(date=LATER)

    assert counts == [3, 0]
    assert sent(mailoutbox, morning) == {}


def test_reminders_read_as_they_should(world, mailoutbox):
    world.visit(VisitState.CONFIRMED)
    world.visit(executive=world.stranger, host=world.strange_host)
    morning = datetime(2027, 2, 17, 9, tzinfo=UTC)
    sweep(now=morning)
    reminders = sent(mailoutbox, morning)
    morning = datetime(2027, 3, 2, 9, tzinfo=UTC)
    sweep(now=morning)
    announced = sent(mailoutbox, morning)

    assert set(reminders) == {world.stranger.user.email, world.strange_host.user.email}
    assert "waits to hear whether" in reminders[world.stranger.user.email].body
    assert "/act/" in reminders[world.stranger.user.email].body
    people = {world.executive.user.email, world.assistant.email, world.host.user.email}
    # the other invitation has no answer in time; the sponsor has the week's digest
    assert set(announced) == people | {world.coordinator.email, world.sponsor.email}
    assert "is your day with Priya Nair in Leeds" in announced[world.executive.user.email].body
    assert all(calendar_of(mail) is None for mail in announced.values())


@pytest.mark.parametrize("number", [1, 3, 50])
@pytest.mark.parametrize("name", ["invited", "moved", "cancelled", "answer_by", "visit_coming"])
def test_rendering_and_holding_ask_the_same_for_any_number(name, number, django_assert_max_num_queries):
    world, kind = make_world(visits_a_day=60), register[f"shadowing.{name}"]
    state = VisitState.CANCELLED if name == "cancelled" else VisitState.INVITED
    visits = [
        world.visit(state, executive=ExecutiveFactory(), host=HostFactory(team=world.team)) for _visit in range(number)
    ]
    notices = [
        Notice(pk=key, recipient=visit.host.user, kind=kind.name, subject=visit.subject, anchor=DAY, created_at=BEFORE)
        for key, visit in enumerate(visits)
    ]

    with django_assert_max_num_queries(3):
        assert len(kind.render(notices)) == number
    with django_assert_max_num_queries(2):
        kind.holds(notices)


def test_notices_about_a_visit_that_is_gone_hold_no_more(world):
    lost = Notice(pk=1, recipient=world.host.user, kind="shadowing.invited", subject="visit:rubbish", anchor=DAY)

    for name in ("invited", "moved", "cancelled", "answer_by", "visit_coming"):
        assert register[f"shadowing.{name}"].holds([lost]) == set()
        assert register[f"shadowing.{name}"].render([lost]) == {}
