"""Asking hosts and executives while a season collects: once each, by a link that needs no sign-in for hosts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from freezegun import freeze_time

from notifications.sending import send_due
from notifications.sweep import sweep
from shadowing.models import SeasonExecutive, SeasonHost, SeasonState, Willing
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


@pytest.fixture(autouse=True)
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


def test_an_assistant_is_led_to_the_executives_days(world, mailoutbox):
    asked()
    mails = sent(mailoutbox)

    assert f"/availability/{world.executive.pk}/" in mails[world.assistant.email].body
    assert "/availability/\n" in mails[world.executive.user.email].body + "\n"


@pytest.mark.parametrize("subject", ["season:x", "season:", "visit:7", "season:99999"])
def test_subjects_that_name_no_season_hold_nothing(world, subject):
    from notifications.models import Notice

    lost = [Notice(pk=1, recipient=world.host.user, subject=subject)]

    assert asking.hosts_hold(lost) == asking.executives_hold(lost) == set()
    assert asking.ask_hosts(lost) == asking.ask_executives(lost) == {}
