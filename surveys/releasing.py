"""Releases: the only moments at which results change.

A release takes a random part of the waiting responses of a cell, asks the guard, and rewrites them in random order under
new keys, and the cell's invitations with them, so that neither keys nor the order of rows say whose answers they were.
Lock order: round, cell, invitations by key.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from surveys import histories, tallies
from surveys.coding import OPEN_FROM
from surveys.models import Answer, Cell, Invitation, Release, Response, Round, RoundState

Content = tuple[tuple[int, int | None, str, str], ...]  # one person's answers: question, number, option, text
FIRST = OPEN_FROM  # answers of a cell's first release while its round is open
LEAST = 8  # answers of a cell at the end: "all but two" must look like "all"
_random = random.SystemRandom()
new_key = uuid.uuid4


def release_rounds(*, now: datetime) -> int:
    """Release what may be released in every round that has been opened; returns the number of releases made."""
    rounds = Round.objects.exclude(state=RoundState.DRAFT).filter(settled_on=None).order_by("pk")
    return sum(len(release_round(round_id=pk, now=now)) for pk in rounds.values_list("pk", flat=True))


def release_round(*, round_id: int, now: datetime) -> list[Release]:
    """Release what may be released of one round. A closed round is settled: no release follows.

    Each release of an open round is a transaction of its own; the last ones of a closed round are one together."""
    survey_round = Round.objects.get(pk=round_id)
    if survey_round.state == RoundState.CLOSED:
        return settle_round(round_id=round_id, now=now)
    cells = Cell.objects.filter(round=survey_round, responses__release__isnull=True, responses__isnull=False)
    made = [release_cell(cell_id=pk, now=now) for pk in cells.distinct().order_by("pk").values_list("pk", flat=True)]
    return [release for release in made if release]


@transaction.atomic
def release_cell(*, cell_id: int, now: datetime) -> Release | None:
    """Release a random part of a cell of an open round, or None while that may not be. Of a named round, all that waits."""
    cell = _locked(cell_id)
    if cell.round.state != RoundState.OPEN:
        return None
    chosen = _choose(cell)
    if not chosen or (cell.round.anonymous and not histories.is_safe(cell, chosen)):
        return None
    return _release(cell, chosen, now=now)


@transaction.atomic
def settle_round(*, round_id: int, now: datetime) -> list[Release]:
    """Release all that waits in a closed round and tell its figures exactly, or neither, if the guard refuses.

    Anything between (a cell less, or less exactly) would tell what was wrong, and so whose answers were alike. Cells with
    under k waiting, or too few in all, stay out by their size alone, which tells nothing about what they hold."""
    survey_round = Round.objects.select_for_update(no_key=True).get(pk=round_id)
    if survey_round.state != RoundState.CLOSED or survey_round.settled_on:
        return []
    cells = list(Cell.objects.select_for_update(no_key=True, of=("self",)).filter(round=survey_round).order_by("pk"))
    _wait_for_last_answers(survey_round)
    last = {cell: waiting for cell in cells if (waiting := _last_of(cell, survey_round))}
    exact = survey_round.anonymous and histories.may_settle(survey_round, [cell.pk for cell in last])
    Round.objects.filter(pk=round_id).update(settled_on=timezone.localdate(now), exact=exact)
    if survey_round.anonymous and not exact:
        return []
    return [_release(cell, waiting, now=now) for cell, waiting in last.items()]


def _last_of(cell: Cell, survey_round: Round) -> list[uuid.UUID]:
    waiting = _waiting(cell)
    if not survey_round.anonymous:
        return waiting
    many = len(waiting) >= survey_round.k and len(waiting) + _released(cell) >= LEAST
    return waiting if many and not cell.hidden else []


def _wait_for_last_answers(survey_round: Round) -> None:
    """Whoever found the round still open holds the own invitation until their answers are in."""
    list(Invitation.objects.select_for_update().filter(round=survey_round).order_by("pk").values_list("pk"))


def _locked(cell_id: int) -> Cell:
    """The cell and its round, locked in this order. Answers still come in: they need neither."""
    round_id = Cell.objects.values_list("round_id", flat=True).get(pk=cell_id)
    survey_round = Round.objects.select_for_update(no_key=True).get(pk=round_id)
    cell = Cell.objects.select_for_update(no_key=True, of=("self",)).get(pk=cell_id)
    cell.round = survey_round
    return cell


def _waiting(cell: Cell) -> list[uuid.UUID]:
    return list(Response.objects.filter(cell=cell, release=None).order_by("pk").values_list("pk", flat=True))


def _released(cell: Cell) -> int:
    return Response.objects.filter(cell=cell, release__isnull=False).count()


def _choose(cell: Cell) -> list[uuid.UUID]:
    """At least k, and at least k stay waiting. The first release has thirty answers, and each later one at least half as
    many as were released: small figures and small steps bind the later ones most, until no exact one can be told.

    One draw for each set of waiting responses: drawing until the guard nods would favour those who disagree."""
    waiting, k = _waiting(cell), cell.round.k
    if not cell.round.anonymous:
        return waiting
    size, released = len(waiting) - k, _released(cell)
    if cell.hidden or size < max(k, FIRST - released, released / 2):
        return []
    # not the system's chance, but nobody can know the random keys that decide it
    return random.Random(" ".join(map(str, waiting))).sample(waiting, size)  # noqa: S311


def _release(cell: Cell, chosen: Sequence[uuid.UUID], *, now: datetime) -> Release:
    number = cell.releases.count() + 1
    contents = _contents(chosen)
    tallies.add(cell, contents)
    if cell.round.anonymous:
        _rewrite_responses(cell, chosen, contents, number)
        _rewrite_invitations(cell)
    else:
        Response.objects.filter(pk__in=chosen).update(release=number)
    return Release.objects.create(
        cell=cell,
        number=number,
        released_on=timezone.localdate(now),
        invited=cell.invitations.standing().count(),
        answered=_released(cell),
    )


def _contents(chosen: Sequence[uuid.UUID]) -> list[Content]:
    """What the chosen responses say, in an order that only depends on what they say: whose it was has no part in it."""
    found: dict[uuid.UUID, list[tuple[int, int | None, str, str]]] = {pk: [] for pk in chosen}
    rows = Answer.objects.filter(response__in=chosen)
    for response, *answer in rows.values_list("response_id", "question_id", "number", "choice", "text"):
        found[response].append(tuple(answer))  # type: ignore[arg-type]
    return sorted((tuple(sorted(rows, key=repr)) for rows in found.values()), key=repr)


def _rewrite_responses(cell: Cell, chosen: Sequence[uuid.UUID], contents: Sequence[Content], number: int) -> None:
    Response.objects.filter(pk__in=chosen).delete()
    fresh = [Response(pk=new_key(), round_id=cell.round_id, cell=cell, release=number) for _ in contents]
    shuffled = _random.sample(contents, len(contents))
    answers = [
        Answer(pk=new_key(), response=response, question_id=question, number=value, choice=choice, text=text)
        for response, content in zip(fresh, shuffled, strict=True)
        for question, value, choice, text in content
    ]
    Response.objects.bulk_create(fresh, batch_size=2000)
    Answer.objects.bulk_create(_random.sample(answers, len(answers)), batch_size=2000)


def _rewrite_invitations(cell: Cell) -> None:
    """New keys in random order: on PostgreSQL the rows' places on disk would else tell the order of answering."""
    locked = Invitation.objects.select_for_update().filter(cell=cell).order_by("pk")
    keys = list(locked.values_list("pk", flat=True))
    for key in _random.sample(keys, len(keys)):
        Invitation.objects.filter(pk=key).update(id=new_key())
