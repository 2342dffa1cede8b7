"""A million answers of a pulse, filled by SQL, and a survey that waits for answers. Import after Django is set up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from notifications.links import make_link
from people.models import Role, User
from shadowing.models import Season
from surveys.models import Answer, Audience, Cell, Invitation, Phase, Round, RoundState
from surveys.questionnaires.builtin import HOSTING, PULSE_EXECUTIVES, PULSE_FRONT_LINE, builtin_version
from surveys.tallies import recount
from tests.bench.world import sign_in, with_role

ANSWERS = 1_000_000
EXECUTIVES = 500

FILL_RESPONSES = """
INSERT INTO surveys_response (id, round_id, cell_id, release)
SELECT gen_random_uuid(), %(round)s, (%(cells)s::bigint[])[1 + number %% array_length(%(cells)s::bigint[], 1)], 1
FROM generate_series(1, %(count)s) number ORDER BY random()
"""
FILL_ANSWERS = """
INSERT INTO surveys_answer (id, response_id, question_id, number, choice, text)
SELECT gen_random_uuid(), response.id, question.id,
  CASE question.type WHEN 'yesno' THEN (random() < 0.7)::int WHEN 'scale5' THEN 1 + floor(random() * 5)
    WHEN 'scale10' THEN floor(random() * 11) END,
  CASE WHEN question.type IN ('one', 'some')
    THEN question.options -> floor(random() * jsonb_array_length(question.options))::int ->> 'key' ELSE '' END,
  CASE question.type WHEN 'text' THEN 'Longer on the floor, ' || floor(random() * 100000) ELSE '' END
FROM surveys_response response CROSS JOIN surveys_question question
WHERE response.round_id = %(round)s AND question.version_id = %(version)s
"""


@dataclass(frozen=True)
class Surveys:
    """``links``: addresses of the open survey, one a person, each of which takes one answer."""

    session: str
    results: Round
    cell: Cell
    links: list[str]
    answers: int


def make() -> Surveys:
    season = Season.objects.order_by("-starts_on", "-pk").first()
    assert season
    front = _pulse(season, PULSE_FRONT_LINE, Audience.FRONT_LINE)
    sites = list(season.sites.order_by("pk"))
    cells = [Cell.objects.create(round=front, site=site) for site in sites]
    _fill(front, cells, (ANSWERS - EXECUTIVES * front.version.questions.count()) // front.version.questions.count() + 1)
    leaders = _pulse(season, PULSE_EXECUTIVES, Audience.EXECUTIVES)
    _fill(leaders, [Cell.objects.create(round=leaders)], EXECUTIVES)
    links = _links(season)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    session = sign_in(with_role(Role.COORDINATOR))
    return Surveys(session, front, cells[0], links, Answer.objects.count())


def _pulse(season: Season, slug: str, audience: str) -> Round:
    now = timezone.now()
    return Round.objects.create(
        season=season, version=builtin_version(slug, now=now), audience=audience, phase=Phase.AFTER,
        state=RoundState.CLOSED, opens_on=season.starts_on, closes_on=season.ends_on, opened_at=now, closed_at=now,
        settled_on=timezone.localdate(now), exact=True,
    )  # fmt: skip


def _fill(survey_round: Round, cells: list[Cell], people: int) -> None:
    given = {
        "round": survey_round.pk,
        "version": survey_round.version_id,
        "cells": [cell.pk for cell in cells],
        "count": people,
    }
    with connection.cursor() as cursor:
        cursor.execute(FILL_RESPONSES, given)
        cursor.execute(FILL_ANSWERS, given)
    recount(survey_round)
    for cell in cells:
        size = people // len(cells)
        cell.releases.create(number=1, released_on=survey_round.settled_on, invited=size, answered=size)


def _links(season: Season) -> list[str]:
    """An open survey of everybody, with a link each."""
    now = timezone.now()
    survey_round = Round.objects.create(
        season=season, version=builtin_version(HOSTING, now=now), audience=Audience.FRONT_LINE, state=RoundState.OPEN,
        opens_on=season.starts_on, closes_on=timezone.localdate(now) + timedelta(days=9), opened_at=now,
    )  # fmt: skip
    cell = Cell.objects.create(round=survey_round)
    people = list(User.objects.filter(is_active=True).order_by("pk")[:400])
    Invitation.objects.bulk_create(
        Invitation(round=survey_round, cell=cell, user=user, due_from=survey_round.opens_on) for user in people
    )
    subject = f"round:{survey_round.pk}"
    urls = [make_link(purpose="surveys.answer", subject=subject, user=user, now=now) for user in people]
    return [url[url.index("/surveys/") :] for url in urls]
