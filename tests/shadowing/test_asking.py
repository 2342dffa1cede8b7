"""Asking hosts and executives while a season collects: once each, by a link that needs no sign-in for hosts."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from freezegun import freeze_time

from notifications.models import Message
from notifications.sending import send_due
from notifications.sweep import sweep
from people.errors import NotAllowed, Refused
from people.models import AuditEvent, User
from shadowing.availability import reminding
from shadowing.models import Season, SeasonExecutive, SeasonHost, SeasonState, UnavailableDay, Willing
from shadowing.notices import asking
from tests.shadowing.world import BEFORE, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    world = make_world()
    world.season.state = SeasonState.COLLECTING
    world.season.save()
    SeasonHost.objects.create(season=world.season, host=world.host)
    SeasonExecutive.objects.create(season=world.season, executive=world.executive)
    return world


@pytest.fixture(autouse=True, scope="module")
def _clock():
    with freeze_time(BEFORE):
        yield


def asked(now=BEFORE):
    counts = sweep(now=now)
    return counts["shadowing.host_asked"], counts["shadowing.days_asked"]


def sent(mailoutbox):
    send_due(now=BEFORE + timedelta(minutes=1))
    return {mail.to[0].rpartition("<")[2].strip(">"): mail for mail in mailoutbox}


def test_everybody_is_asked_once(world):
    assert asked() == (1, 2)  # the host; the executive and the assistant
    assert asked(BEFORE + timedelta(days=1)) == (0, 0)


@pytest.mark.parametrize("state", [SeasonState.DRAFT, SeasonState.PLANNED, SeasonState.PUBLISHED, SeasonState.CLOSED])
def test_only_collecting_seasons_ask(world, state):
    type(world.season).objects.update(state=state)

    assert asked() == (0, 0)


def test_who_has_answered_is_not_asked(world):
    SeasonHost.objects.update(willing=Willing.NO)
    SeasonExecutive.objects.update(answered_at=BEFORE, answered_by=world.executive.user)

    assert asked() == (0, 0)


def test_an_answer_before_the_mail_leaves_makes_it_needless(world, mailoutbox):
    asked()
    SeasonHost.objects.update(willing=Willing.YES)
    SeasonExecutive.objects.update(answered_at=BEFORE, answered_by=world.executive.user)

    assert sent(mailoutbox) == {}


def test_a_host_answers_by_link_and_may_think_again(world, mailoutbox, client):
    asked()
    mail = sent(mailoutbox)[world.host.user.email]
    url = re.search(r"http://testserver(/act/[^\s?]+/)", mail.body)[1]

    shown = client.get(url + "?answer=yes").content.decode()
    assert "Would you host a visit in" in shown
    assert SeasonHost.objects.get().willing == Willing.NOT_ASKED
    for word, willing in (("yes", Willing.YES), ("no", Willing.NO)):
        assert client.post(url, {"answer": word}).status_code == 200
        assert SeasonHost.objects.get().willing == willing

    type(world.season).objects.update(state=SeasonState.PUBLISHED)
    assert client.post(url, {"answer": "yes"}).status_code == 422
    SeasonHost.objects.all().delete()
    assert client.get(url).status_code == 410


OPENED = datetime(2027, 1, 18, 9, tzinfo=UTC)  # a Monday; days are wanted by 15 February
REMINDER = datetime(2027, 2, 12, 9, tzinfo=UTC)  # a Friday, three days before that


def test_who_has_not_answered_is_reminded_once_before_it_closes(world):
    assert asked(OPENED) == (1, 2)
    assert asked(REMINDER - timedelta(days=1)) == (0, 0)
    assert asked(REMINDER) == (1, 2)
    assert asked(REMINDER + timedelta(days=3)) == (0, 0)
    assert asked(REMINDER + timedelta(days=5)) == (0, 0)


def test_a_reminder_that_falls_on_a_weekend_moves_back_to_its_last_free_slot(world):
    Season.objects.update(reminders={"days_asked": [-1]})  # the Sunday before it closes
    asked(OPENED)
    assert asked(REMINDER) == (1, 2)


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        ({}, "12 February 2027"),
        ({"days_asked": [-1]}, "12 February 2027"),  # a Sunday, just before it closes on a Monday
        ({"days_asked": [-9]}, "8 February 2027"),  # a Saturday: the Monday after
        ({"days_asked": [0]}, "15 February 2027"),
        ({"days_close": [-15], "days_asked": [0]}, "15 February 2027"),  # closes on a Sunday
    ],
    ids=["as set", "just ahead of the end", "a week ahead", "on the last day", "on a last day that is closed"],
)
def test_who_is_asked_reads_the_day_on_which_the_reminder_goes_out(world, mailoutbox, policy, told):
    Season.objects.update(reminders=policy)
    asked(OPENED)
    send_due(now=OPENED + timedelta(minutes=1))
    assert len(mailoutbox) == 3
    assert all(f"Without an answer the next comes on {told}." in " ".join(mail.body.split()) for mail in mailoutbox)

    mornings = (OPENED + timedelta(days=ahead) for ahead in range(18, 31))
    (reminded,) = [morning for morning in mornings if asked(morning) == (1, 2)]
    assert told == f"{reminded.day} {reminded:%B %Y}"


def test_who_has_answered_is_not_reminded(world):
    asked(OPENED)
    SeasonHost.objects.update(willing=Willing.NO)
    SeasonExecutive.objects.update(answered_at=OPENED, answered_by=world.executive.user)
    assert asked(REMINDER) == (0, 0)


def test_who_stepped_back_is_not_asked(world):
    SeasonExecutive.objects.update(stepped_back_at=OPENED, stepped_back_by=world.executive.user)
    assert asked(OPENED) == (1, 0)


def test_who_comes_late_is_asked_once(world):
    late = REMINDER + timedelta(days=10)
    assert asked(late) == (1, 2)
    assert asked(late + timedelta(days=1)) == (0, 0)


# --- naming days by link ----------------------------------------------------------------------------------------------


def link_in(mail):
    return re.search(r"http://testserver(/act/[^\s?]+/)", mail.body)[1]


@pytest.fixture
def mails(world, mailoutbox):
    with freeze_time(OPENED):
        sweep(now=OPENED)
        send_due(now=OPENED + timedelta(minutes=1))
        yield {mail.to[0].rpartition("<")[2].strip(">"): mail for mail in mailoutbox}


def days_of(person):
    return [f"{row.date}" for row in UnavailableDay.objects.filter(user=person).order_by("date")]


def test_an_executive_names_days_by_link(world, mails, client):
    url = link_in(mails[world.executive.user.email])
    shown = client.get(url)
    body = shown.content.decode()
    assert "name the days by" in body
    assert 'value="2027-03-04"' in body
    assert days_of(world.executive.user) == []
    assert client.post(url, {"day": "2027-03-04", "month": "2027-03"}).url == f"{url}?month=2027-03"
    part = client.post(url, {"day": "2027-03-05"}, headers={"HX-Request": "true"}).content.decode()
    assert f'hx-post="{url}"' in part
    assert "<html" not in part
    assert days_of(world.executive.user) == ["2027-03-04", "2027-03-05"]
    month = client.post(url, {"week": "away:2027-03-08,2027-03-09", "month": "2027-03"}, headers={"HX-Request": "true"})
    assert 'role="grid"' in month.content.decode()
    client.post(url, {"confirm": "yes", "month": "2027-03"})
    assert SeasonExecutive.objects.get().answered_by == world.executive.user


def test_an_assistant_names_days_for_the_executive_by_link(world, mails, client):
    url = link_in(mails[world.assistant.email])
    assert "Which days can Anneke Vos not?" in client.get(url).content.decode()
    client.post(url, {"day": "2027-03-04"})
    assert days_of(world.executive.user) == ["2027-03-04"]
    assert SeasonExecutive.objects.get().answered_by == world.assistant
    world.executive.assistant = None
    world.executive.save()
    assert client.post(url, {"day": "2027-03-05"}).status_code == 410


def test_a_link_shows_no_other_pages(world, mails, client):
    url = link_in(mails[world.executive.user.email])
    visit = world.visit(state="confirmed")
    body = client.get(url, {"month": "2027-03"}).content.decode()
    assert visit.get_absolute_url() not in body
    assert "your visit" in body


@pytest.mark.parametrize("data", [{}, {"day": "soon"}, {"week": "x"}, {"day": "2020-01-01"}])
def test_a_press_without_sense_is_refused(world, mails, client, data):
    assert client.post(link_in(mails[world.executive.user.email]), data).status_code == 422


def test_the_link_ends_with_the_asking(world, mails, client):
    url = link_in(mails[world.executive.user.email])
    with freeze_time(datetime(2027, 3, 1, 8, tzinfo=UTC)):
        assert client.get(url).status_code == 410
    Season.objects.update(state=SeasonState.PUBLISHED)
    assert client.get(url).status_code == 410
    Season.objects.update(state=SeasonState.COLLECTING)
    SeasonExecutive.objects.all().delete()
    assert client.get(url).status_code == 410


def test_a_host_names_days_after_a_yes(world, mails, client):
    url = link_in(mails[world.host.user.email])
    assert 'role="grid"' not in client.get(url).content.decode()
    assert client.post(url, {"day": "2027-03-04"}).status_code == 302  # a day says nothing about being willing
    assert 'role="grid"' in client.post(url, {"answer": "yes", "max_visits": "3"}).content.decode()
    client.post(url, {"day": "2027-03-05"})
    assert days_of(world.host.user) == ["2027-03-04", "2027-03-05"]
    assert SeasonHost.objects.get().max_visits == 3


# --- reminding by hand ------------------------------------------------------------------------------------------------


def remind(world, kind, now, by=None):
    ids = [world.executive.pk] if kind == "executives" else [world.host.pk]
    return reminding.remind(season=world.season, kind=kind, ids=ids, by=by or world.coordinator, now=now)


@pytest.mark.parametrize("kind", ["executives", "hosts"])
def test_a_coordinator_reminds_once_a_day(world, kind, mailoutbox):
    later = OPENED + timedelta(days=2)
    sweep(now=OPENED)
    send_due(now=OPENED)
    assert remind(world, kind, OPENED + timedelta(hours=2)).people == 0  # the program asked this morning
    assert remind(world, kind, later).people == 1
    assert remind(world, kind, later + timedelta(hours=1)).people == 0
    send_due(now=later + timedelta(minutes=1))
    assert remind(world, kind, later + timedelta(hours=3)).people == 0
    assert len(mailoutbox) == (5 if kind == "executives" else 4)
    assert remind(world, kind, later + timedelta(days=1)).people == 1
    assert AuditEvent.objects.filter(verb="season.reminded").count() == 5


def test_a_reminder_by_hand_waits_for_working_hours(world):
    saturday = OPENED + timedelta(days=5)
    remind(world, "hosts", saturday)
    assert Message.objects.get().due_at == saturday + timedelta(days=1, hours=23)  # Monday at eight
    assert remind(world, "hosts", saturday + timedelta(days=1)).people == 0  # it still waits


def test_who_has_answered_or_belongs_elsewhere_is_left_out(world):
    assert remind(world, "hosts", OPENED, by=world.other_coordinator).people == 0
    SeasonExecutive.objects.update(answered_at=OPENED)
    assert remind(world, "executives", OPENED) == reminding.Reminded(0, 1)
    assert not Message.objects.exists()


def test_who_has_no_address_is_left_out(world):
    User.objects.filter(pk=world.host.pk).update(email=None, email_key=None, contact_email="")
    assert remind(world, "hosts", OPENED) == reminding.Reminded(0, 1)
    User.objects.filter(pk=world.executive.pk).update(email=None, email_key=None, contact_email="")
    assert remind(world, "executives", OPENED) == reminding.Reminded(1, 0)  # the assistant hears it
    assert [message.recipient for message in Message.objects.all()] == [world.assistant]


def test_only_a_season_that_asks_reminds(world):
    with pytest.raises(NotAllowed):
        remind(world, "hosts", OPENED, by=world.host.user)
    world.season.state = SeasonState.PLANNED
    with pytest.raises(Refused, match="does not ask"):
        remind(world, "hosts", OPENED)


@pytest.mark.parametrize("subject", ["season:x", "season:", "visit:7", "season:99999"])
def test_subjects_that_name_no_season_hold_nothing(world, subject):
    from notifications.models import Notice

    lost = [Notice(pk=1, recipient=world.host.user, subject=subject)]

    assert asking.hosts_hold(lost) == asking.executives_hold(lost) == set()
    assert asking.ask_hosts(lost) == asking.ask_executives(lost) == {}
