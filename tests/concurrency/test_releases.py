"""Releases against answers and against each other: no answer lost, doubled or counted twice."""

from __future__ import annotations

import random
from functools import partial

import pytest
from django.db.models import Count, Sum

from surveys import answering, releasing
from surveys.models import Answer, Invitation, Release, Response, Round, RoundState, Tally
from surveys.rounds import close_due_rounds
from tests.concurrency.crowd import at_once
from tests.factories import NINE
from tests.surveys.privacy import world

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 60


def answers_of(survey_round, seed=1):
    rng = random.Random(seed)
    users = Invitation.objects.filter(round=survey_round, used=False).order_by("user_id")
    return [
        partial(answering.finish, round_id=survey_round.pk, user_id=user, given=world.given(rng))
        for user in users.values_list("user_id", flat=True)
    ]


def assert_everything_fits(survey_round, answered):
    """As many responses as used invitations, whole ones, and tallies that count exactly the released ones."""
    assert Response.objects.filter(round=survey_round).count() == answered
    assert Invitation.objects.filter(round=survey_round, used=True).count() == answered
    asked = Answer.objects.filter(response__round=survey_round, question__key="worthwhile")
    assert asked.values("response").distinct().count() == asked.count() == answered
    for cell in survey_round.cells.all():
        released = Response.objects.filter(cell=cell, release__isnull=False).count()
        tallied = Tally.objects.filter(cell=cell, question__key="worthwhile").aggregate(n=Sum("answers"))["n"] or 0
        last = cell.releases.order_by("-number").first()
        assert released == tallied == (last.answered if last else 0)
        numbers = Response.objects.filter(cell=cell, release__isnull=False).values("release").annotate(n=Count("pk"))
        assert {row["release"] for row in numbers} == set(cell.releases.values_list("number", flat=True))


def test_releases_while_everybody_answers():
    """Given an open round; when all answer while release runs come again and again; then everything adds up."""
    survey_round = world.make_round(PEOPLE, PEOPLE)
    acts = answers_of(survey_round)
    runs = [partial(releasing.release_rounds, now=NINE) for _ in range(12)]
    mixed = [act for pair in zip(acts[::10], runs, strict=True) for act in pair]
    mixed += [act for number, act in enumerate(acts) if number % 10]

    assert at_once(mixed, threads=12) == {"done": len(acts) + len(runs)}

    assert_everything_fits(survey_round, len(acts))


def test_two_release_runs_release_once():
    survey_round = world.make_round(PEOPLE)
    world.answer(survey_round)

    at_once([partial(releasing.release_rounds, now=NINE) for _ in range(8)], threads=8)

    assert Release.objects.filter(cell__round=survey_round).count() <= 1
    assert_everything_fits(survey_round, PEOPLE)


def test_two_runs_settle_a_closed_round_once():
    survey_round = world.make_round(PEOPLE, PEOPLE)
    world.answer(survey_round)
    Round.objects.filter(pk=survey_round.pk).update(state=RoundState.CLOSED, closed_at=NINE)

    at_once([partial(releasing.release_rounds, now=NINE) for _ in range(8)], threads=8)

    survey_round.refresh_from_db()
    assert survey_round.settled_on
    assert all(cell.releases.count() == int(survey_round.exact) for cell in survey_round.cells.all())
    assert_everything_fits(survey_round, 2 * PEOPLE)


def test_answers_that_come_in_while_a_round_closes_are_released_or_refused():
    """Given a round whose time is over; when it closes and settles among the last answers; then who was told "thanks" is
    in the released ones, and everybody else was told that it is closed."""
    survey_round = world.make_round(PEOPLE)
    acts = answers_of(survey_round)

    def end():
        close_due_rounds(now=NINE.replace(year=NINE.year + 1))
        releasing.release_rounds(now=NINE)

    outcome = at_once([*acts[:30], end, *acts[30:]], threads=12)

    survey_round.refresh_from_db()
    answered = outcome["done"] - 1
    assert outcome["RoundClosed"] == PEOPLE - answered
    assert_everything_fits(survey_round, answered)
    if survey_round.exact and Release.objects.filter(cell__round=survey_round).exists():
        assert not Response.objects.filter(round=survey_round, release=None).exists()
