"""Releases: the only moments at which results change.

A release takes a random part of the waiting responses of a cell, asks the guard, and rewrites them in random order under
new keys, and the cell's invitations with them, so that neither keys nor the order of rows say whose answers they were.
"""

from __future__ import annotations

import random
import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from surveys import guard
from surveys.models import Answer, Cell, Invitation, Question, QuestionType, Release, Response, Round, RoundState

_random = random.SystemRandom()


def release_rounds(*, now: datetime) -> int:
    """Release what may be released in every round that has been opened; returns the number of releases made."""
    cells = Cell.objects.filter(hidden=False).exclude(round__state=RoundState.DRAFT)
    waiting = cells.filter(responses__release__isnull=True, responses__isnull=False).distinct()
    return sum(
        release_cell(cell_id=pk, now=now) is not None for pk in waiting.order_by("pk").values_list("pk", flat=True)
    )


@transaction.atomic
def release_cell(*, cell_id: int, now: datetime) -> Release | None:
    """Release a random part of a cell (all that waits once the round is closed), or None while that may not be."""
    cell = Cell.objects.select_for_update(of=("self",)).select_related("round").get(pk=cell_id)
    chosen = _choose(cell)
    if not chosen or not is_safe(cell, chosen):
        return None
    number = cell.releases.count() + 1
    _rewrite_responses(chosen, number)
    _rewrite_invitations(cell)
    answered = Response.objects.filter(cell=cell, release__isnull=False).count()
    return Release.objects.create(
        cell=cell,
        number=number,
        released_on=timezone.localdate(now),
        invited=cell.invitations.count(),
        answered=answered,
    )


def _choose(cell: Cell) -> list[Response]:
    """While the round is open at least k stay waiting; at its end everything goes, if that is at least k."""
    waiting = list(Response.objects.filter(cell=cell, release__isnull=True))
    k = cell.round.k
    if cell.hidden:
        return []
    if cell.round.state == RoundState.CLOSED:
        return waiting if len(waiting) >= k else []
    return _random.sample(waiting, len(waiting) - k) if len(waiting) >= 2 * k else []


def is_safe(cell: Cell, chosen: Sequence[Response]) -> bool:
    """The guard's word on releasing ``chosen`` next, over every closed question."""
    exact = guard.counts_follow_from_total(
        cells=cell.round.cells.filter(hidden=False).count(), total_answers=_released(cell.round) + len(chosen)
    )
    new = _values(chosen)
    for question in Question.objects.filter(version=cell.round.version_id).exclude(type=QuestionType.TEXT):
        values = new[question.pk]
        if question.type == QuestionType.YES_NO:
            batches = [*_earlier_shares(cell, question), (len(values), sum(1 for value in values if value == (1, "")))]
            if not guard.share_is_safe(batches, exact=exact):
                return False
        elif not guard.values_are_safe(values):
            return False
    return True


def _released(survey_round: Round) -> int:
    return Response.objects.filter(round=survey_round, release__isnull=False).count()


def _values(responses: Sequence[Response]) -> dict[int, list[tuple[int | None, str]]]:
    found: dict[int, list[tuple[int | None, str]]] = defaultdict(list)
    rows = Answer.objects.filter(response__in=responses).values_list("question_id", "number", "choice")
    for question, number, choice in rows:
        found[question].append((number, choice))
    return found


def _earlier_shares(cell: Cell, question: Question) -> list[tuple[int, int]]:
    rows = Answer.objects.filter(question=question, response__cell=cell, response__release__isnull=False)
    sums = rows.values("response__release").annotate(n=Count("pk"), yes=Sum("number"))
    return [(row["n"], row["yes"]) for row in sums.order_by("response__release")]


def _rewrite_responses(chosen: Sequence[Response], number: int) -> None:
    answers: dict[uuid.UUID, list[Answer]] = defaultdict(list)
    for answer in Answer.objects.filter(response__in=chosen):
        answers[answer.response_id].append(answer)
    Answer.objects.filter(response__in=chosen).delete()
    Response.objects.filter(pk__in=[response.pk for response in chosen]).delete()
    fresh, fresh_answers = [], []
    for response in _random.sample(list(chosen), len(chosen)):
        again = Response(round_id=response.round_id, cell_id=response.cell_id, release=number)
        fresh.append(again)
        fresh_answers += [_copy(answer, again) for answer in answers[response.pk]]
    Response.objects.bulk_create(fresh)
    Answer.objects.bulk_create(_random.sample(fresh_answers, len(fresh_answers)))


def _copy(answer: Answer, response: Response) -> Answer:
    return Answer(
        response=response, question_id=answer.question_id, number=answer.number, choice=answer.choice, text=answer.text
    )


def _rewrite_invitations(cell: Cell) -> None:
    """New keys in random order: on PostgreSQL the rows' places on disk would else tell the order of answering."""
    keys = list(Invitation.objects.select_for_update().filter(cell=cell).order_by("pk").values_list("pk", flat=True))
    for key in _random.sample(keys, len(keys)):
        Invitation.objects.filter(pk=key).update(id=uuid.uuid4())
