"""Everybody answers at the end of the shift: nothing is lost, nothing doubled, nobody sees an error."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.conf import settings
from django.db.models import Count
from django.test.client import ClientHandler, RequestFactory
from django.utils import timezone

from notifications.links import draft_link
from notifications.models import Link
from people.errors import Conflict
from people.models import User
from surveys import releasing, rounds
from surveys.models import Answer, Invitation, Release, Response, Round, RoundState
from tests.concurrency.crowd import at_once
from tests.factories import NINE, HostingRoundFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
POSTGRES = "postgresql" in settings.DATABASES["default"]["ENGINE"]
CLIENTS = 50 if POSTGRES else 16
# Not Client: each keeps copies of what the templates of all others were given
HANDLER = ClientHandler(enforce_csrf_checks=False)


def crowd(count):
    """An open round with that many people invited, and the path of each one's link."""
    survey_round = HostingRoundFactory.create(hosts=1)
    survey_round.cells.update(hidden=False)
    cell = survey_round.cells.get()
    users = User.objects.bulk_create(User(name=f"Host {n}", name_key=f"host {n}") for n in range(count))
    Invitation.objects.all().delete()
    Invitation.objects.bulk_create(
        Invitation(round=survey_round, cell=cell, user=user, due_from=NINE.date()) for user in users
    )
    made = [
        draft_link(
            purpose="surveys.answer", subject=f"round:{survey_round.pk}", user=user, now=timezone.now(), days=9,
            on_behalf_of=None, message=None,
        )
        for user in users
    ]  # fmt: skip
    Link.objects.bulk_create(link for link, _address in made)
    return survey_round, [address[address.index("/surveys/") :] for _link, address in made]


def post(statuses, path, number):
    """One person sends their answers; anything but done, used or closed is an error page and ends the test."""
    given = {"worthwhile": str(number % 2), "floor-share": str(1 + number % 5), "change": f"Words of number {number}."}
    status = HANDLER(RequestFactory().post(path, given).environ).status_code
    statuses.append(status)
    assert status in (302, 409, 410), status


def answers_of_everybody(count):
    survey_round, paths = crowd(count)
    statuses: list[int] = []
    # Every third sends twice, as people do who press a button again
    acts = [partial(post, statuses, path, number) for number, path in enumerate(paths)]
    at_once([*acts, *acts[::3]], threads=CLIENTS)

    assert Counter(statuses)[302] == count
    assert Invitation.objects.filter(used=True).count() == Response.objects.count() == count
    words = Answer.objects.filter(question__key="change").values_list("text", flat=True)
    assert Counter(words) == Counter(f"Words of number {number}." for number in range(count))
    assert not Response.objects.annotate(parts=Count("answers")).exclude(parts=3).exists()
    return survey_round


def test_a_shift_answers_at_once():
    answers_of_everybody(150)


@pytest.mark.soak
def test_two_thousand_answer_at_once():
    answers_of_everybody(2_000)


def test_answers_and_releases_at_once_lose_nothing():
    """Given people who answer while releases run; then every answer is there once, released or waiting."""
    survey_round, paths = crowd(90)
    statuses: list[int] = []
    acts = [partial(post, statuses, path, number) for number, path in enumerate(paths)]
    runs = [partial(releasing.release_rounds, now=NINE + timedelta(hours=n)) for n in range(6)]
    mixed = [
        act for number, act in enumerate(acts) for act in ([act, runs[number // 15]] if number % 15 == 14 else [act])
    ]

    at_once(mixed, threads=CLIENTS // 2)
    rounds.close_round(round_id=survey_round.pk, by=UserFactory(role="admin"), now=NINE)
    releasing.release_rounds(now=NINE)

    words = Answer.objects.filter(question__key="change").values_list("text", flat=True)
    assert Counter(words) == Counter(f"Words of number {number}." for number in range(90))
    assert Release.objects.exists()


def test_one_person_on_many_screens_answers_once():
    _survey_round, (path,) = crowd(1)
    statuses: list[int] = []

    at_once([partial(post, statuses, path, number) for number in range(20)], threads=CLIENTS)

    assert Counter(statuses)[302] == 1
    assert Response.objects.count() == 1
    assert Answer.objects.count() == 3


def test_a_draft_that_many_open_at_once_is_opened_once():
    survey_round = HostingRoundFactory.create(hosts=12)
    survey_round.invitations.all().delete()
    survey_round.cells.all().delete()
    Round.objects.update(state=RoundState.DRAFT, opened_at=None)
    by = UserFactory(role="admin")

    acts = [partial(rounds.open_round, round_id=survey_round.pk, by=by, now=NINE) for _ in range(12)]
    result = at_once(acts, threads=CLIENTS // 2)

    assert result == {"done": 1, Conflict.__name__: 11}
    assert survey_round.cells.count() == 1
