"""Standby hosts: who can be one, who is told, how they say no, and how they step in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from freezegun import freeze_time
from icalendar import Calendar

from notifications.models import Notice
from notifications.sending import send_due
from people.errors import Conflict, NotAllowed, Refused
from people.models import AuditEvent
from shadowing.models import SeasonHost, UnavailableDay, Visit, VisitDay, VisitState
from shadowing.repairs import standby
from tests.factories import VisitDayFactory
from tests.shadowing.repairs.scene import declined, make_scene
from tests.shadowing.world import BEFORE, DAY, LATER, ON_THE_DAY

pytestmark = pytest.mark.django_db
NEXT = BEFORE + timedelta(minutes=1)


@pytest.fixture
def world():
    return make_scene()


@pytest.fixture(autouse=True, scope="module")
def _clock():
    with freeze_time(BEFORE):
        yield


def name(world, host, by=None, now=BEFORE, day=DAY):
    return standby.name_standby(site=world.site, day=day, host=host, by=by or world.coordinator, now=now)


def standing(world, **fields):
    """A visit on DAY with the strange host standing by."""
    visit = world.visit(fields.pop("state", VisitState.CONFIRMED), **fields)
    VisitDayFactory(site=world.site, date=DAY, standby=world.strange_host)
    return visit


def told(kind):
    return sorted(Notice.objects.filter(kind=f"shadowing.{kind}").values_list("recipient__name", flat=True))


def sent(mailoutbox, now=NEXT):
    mailoutbox.clear()
    with freeze_time(now):
        send_due(now=now)
    return {mail.to[0].rpartition("<")[2].strip(">"): mail for mail in mailoutbox}


def free(world):
    return [str(host) for host in standby.candidates(world.site, DAY)]


# --- naming ---


def test_willing_hosts_who_are_free_can_stand_by(world):
    assert free(world) == ["Hana Extra0", "Hugo Other", "Priya Nair"]


@pytest.mark.parametrize("why", ["hosting", "away", "unwilling", "full", "left"])
def test_others_cannot(world, why):
    if why == "hosting":
        world.visit()
    elif why == "away":
        UnavailableDay.objects.create(user=world.host.user, date=DAY)
    elif why == "unwilling":
        SeasonHost.objects.filter(host=world.host).update(willing="no")
    elif why == "full":
        SeasonHost.objects.filter(host=world.host).update(max_visits=1)
        world.visit(date=LATER)
    else:
        type(world.host.user).objects.filter(pk=world.host.pk).update(is_active=False)

    assert free(world) == ["Hana Extra0", "Hugo Other"]
    with pytest.raises(Conflict, match="not free"):
        name(world, world.host)


def test_who_is_named_and_who_was_are_told(world, mailoutbox):
    name(world, world.host)
    first = sent(mailoutbox)
    name(world, world.strange_host)
    second = sent(mailoutbox, NEXT + timedelta(minutes=1))

    assert set(first) == {world.host.user.email}
    assert "Would you stand by" in first[world.host.user.email].subject
    assert set(second) == {world.host.user.email, world.strange_host.user.email}
    assert "need not stand by" in second[world.host.user.email].subject
    assert list(AuditEvent.objects.values_list("verb", flat=True)) == ["standby.named"] * 2
    assert not Visit.objects.exists()


def test_named_and_freed_again_at_once_is_no_news(world, mailoutbox):
    name(world, world.host)
    name(world, None)

    assert sent(mailoutbox) == {}


def test_named_again_after_a_no_is_told_again(world, mailoutbox):
    name(world, world.host)
    sent(mailoutbox)
    standby.say_no(site=world.site, day=DAY, by=world.host.user, now=NEXT)
    name(world, world.host)

    assert world.host.user.email in sent(mailoutbox, NEXT + timedelta(minutes=1))


def test_naming_is_for_coordinators_of_the_site_and_for_days_ahead(world):
    with pytest.raises(NotAllowed):
        name(world, world.host, by=world.other_coordinator)
    with pytest.raises(Refused, match="has passed"):
        name(world, world.host, now=ON_THE_DAY + timedelta(days=1))


# --- saying no ---


def test_a_standby_says_no_by_link_without_a_reason(world, mailoutbox, client):
    name(world, world.host)
    url = re.search(r"http://testserver(/act/[^\s?]+/)", sent(mailoutbox)[world.host.user.email].body)[1]

    shown, said, again = client.get(url), client.post(url), client.get(url)

    assert "You stand by for a day" in shown.content.decode()
    assert "Somebody else is looked for" in said.content.decode()
    assert "nothing to answer" in again.content.decode()
    assert VisitDay.objects.get().standby is None
    assert told("standby_gone") == ["Cora Coordinator"]


def test_a_standby_says_no_signed_in_and_nobody_else_does(world, client):
    name(world, world.host)
    url = reverse("shadowing:standby_asked", args=["leeds", DAY])

    client.force_login(world.strange_host.user)
    assert client.post(url).status_code == 404
    client.force_login(world.host.user)
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 302

    assert VisitDay.objects.get().standby is None


# --- stepping in ---


def test_a_standby_takes_a_confirmed_visit_over_and_the_executives_yes_stays(world):
    visit = standing(world)

    made = standby.step_in(visit=visit, by=world.coordinator, now=ON_THE_DAY)

    assert (made.pk, made.host, made.state, made.sequence) == (visit.pk, world.strange_host, VisitState.CONFIRMED, 1)
    assert VisitDay.objects.get().standby is None
    assert (told("stood_in"), told("released")) == (["Hugo Other"], ["Priya Nair"])
    assert told("moved") == ["Anneke Vos", "Asim Assistant"]
    assert made.events.get().verb == "stood_in"


def test_an_open_answer_stays_open(world):
    made = standby.step_in(visit=standing(world, state=VisitState.INVITED), by=world.coordinator, now=BEFORE)

    assert (made.state, made.executive_answer, made.host_answer) == (VisitState.INVITED, "none", "yes")


@pytest.mark.parametrize("state", [VisitState.NO_SHOW, VisitState.DECLINED])
def test_for_a_visit_that_has_ended_there_is_a_new_one_that_day(world, state):
    visit = declined(world, by="host") if state == VisitState.DECLINED else world.visit(state)
    VisitDayFactory(site=world.site, date=DAY, standby=world.strange_host)

    made = standby.step_in(visit=visit, by=world.coordinator, now=ON_THE_DAY)

    assert made.pk != visit.pk
    assert (made.state, made.host, made.date, made.executive) == ("confirmed", world.strange_host, DAY, world.executive)
    assert (told("stood_in"), told("invited")) == (["Hugo Other"], ["Anneke Vos", "Asim Assistant"])


def test_who_said_no_to_the_day_gets_no_standby(world):
    visit = declined(world)
    VisitDayFactory(site=world.site, date=DAY, standby=world.strange_host)

    with pytest.raises(Conflict, match="said no to this day"):
        standby.step_in(visit=visit, by=world.coordinator, now=BEFORE)


@pytest.mark.parametrize(
    ("why", "error"),
    [("nobody", Conflict), ("held", Conflict), ("past", Refused), ("stranger", NotAllowed), ("busy", Conflict)],
)
def test_stepping_in_is_refused(world, why, error):
    visit = standing(world, state=VisitState.HELD if why == "held" else VisitState.CONFIRMED)
    if why == "nobody":
        VisitDay.objects.update(standby=None)
    elif why == "busy":
        world.visit(executive=world.stranger, host=world.strange_host)
    before = list(Visit.objects.values_list("pk", "host", "state", "version"))
    now = ON_THE_DAY + timedelta(days=1) if why == "past" else ON_THE_DAY

    with pytest.raises(error):
        standby.step_in(visit=visit, by=world.other_coordinator if why == "stranger" else world.coordinator, now=now)

    assert list(Visit.objects.values_list("pk", "host", "state", "version")) == before
    assert not Notice.objects.exists()


def test_only_the_touched_get_mail_and_their_calendars_agree(world, mailoutbox):
    from shadowing.visits import actions

    visit = actions.invite(visit=standing(world, state=VisitState.PROPOSED), by=world.coordinator, now=BEFORE)
    world.visit(VisitState.CONFIRMED, executive=world.stranger, host=SeasonHost.objects.last().host)
    sent(mailoutbox)
    standby.step_in(visit=visit, by=world.coordinator, now=NEXT)

    mails = sent(mailoutbox, NEXT + timedelta(minutes=1))

    people = (world.executive.user, world.assistant, world.host.user, world.strange_host.user)
    assert set(mails) == {person.email for person in people}
    methods = {address: method_of(mail) for address, mail in mails.items()}
    assert methods.pop(world.host.user.email) == ("CANCEL", f"visit-{visit.uuid}@floorprogram", 1)
    assert set(methods.values()) == {("REQUEST", f"visit-{visit.uuid}@floorprogram", 1)}
    assert "You step in" in mails[world.strange_host.user.email].subject


def method_of(mail):
    part = next(part for part in mail.message().walk() if part.get_content_type() == "text/calendar")
    (event,) = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
    return part.get_param("method"), str(event["uid"]), event["sequence"]


# --- pages ---


def test_the_days_page_names_and_prints_the_standby(world, client):
    world.visit()
    client.force_login(world.coordinator)
    url = reverse("shadowing:visit_day", args=["leeds", DAY])

    empty = client.get(url).content.decode()
    named = client.post(reverse("shadowing:standby", args=["leeds", DAY]), {"host": world.strange_host.pk})
    shown = client.get(url).content.decode()
    wrong = client.post(reverse("shadowing:standby", args=["leeds", DAY]), {"host": world.host.pk})

    assert "Nobody stands by." in empty
    assert (named.status_code, wrong.status_code) == (302, 422)
    assert shown.count("Hugo Other") == 3  # the message, the name, and the one chosen in the form
    assert "Nobody stands by." not in shown


def test_readers_see_the_standby_but_not_the_form(world, client):
    standing(world)
    client.force_login(world.sponsor)

    shown = client.get(reverse("shadowing:visit_day", args=["leeds", DAY])).content.decode()

    assert "Hugo Other" in shown
    assert "Who takes over" not in shown


def test_one_click_on_the_day(world, client):
    visit = standing(world)
    with freeze_time(ON_THE_DAY):
        client.force_login(world.coordinator)
        day = client.get(reverse("shadowing:visit_day", args=["leeds", DAY])).content.decode()
        page = client.get(visit.get_absolute_url()).content.decode()
        done = client.post(reverse("shadowing:stand_in", args=[visit.uuid]), follow=True)

    assert day.count("Hugo Other steps in") == page.count("Hugo Other steps in") == 1
    assert "Hugo Other steps in for Anneke Vos" in done.content.decode()
