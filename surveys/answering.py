"""Taking one finished set of answers. Nothing here keeps who, when or which visit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from people.errors import Conflict
from surveys.models import Answer, Invitation, Question, QuestionType, Response, Round, RoundState


class AlreadyAnswered(Conflict):
    """The invitation was used. Answers are final once sent."""


def is_shown(question: Question, given: Mapping[str, Any]) -> bool:
    """Is the question asked, given the earlier answers? ``shown_if`` names an earlier question and a value."""
    condition = question.shown_if
    if not condition:
        return True
    answer = given.get(condition["question"])
    return condition["is"] in answer if isinstance(answer, list) else answer == condition["is"]


@transaction.atomic
def finish(*, round_id: int, user_id: int, given: Mapping[str, Any]) -> None:
    """Store a complete set of answers and spend the invitation, both or neither.

    ``given`` maps question key → int, str or list of option keys, as the form cleaned them. Answers to questions that
    were not shown are dropped. Raises AlreadyAnswered, Conflict (closed) or Invitation.DoesNotExist."""
    invitation = Invitation.objects.select_for_update().select_related("round").get(round=round_id, user=user_id)
    if invitation.used:
        raise AlreadyAnswered("Your answers are in already. They are final.")
    if invitation.round.state != RoundState.OPEN:
        raise Conflict("This survey is closed. Nothing was stored.")
    response = Response.objects.create(round=invitation.round, cell_id=invitation.cell_id)
    Answer.objects.bulk_create(_rows(response, questions_of(invitation.round), given))
    Invitation.objects.filter(pk=invitation.pk).update(used=True)


def questions_of(survey_round: Round) -> list[Question]:
    """The round's questions in order."""
    return list(Question.objects.filter(version=survey_round.version_id).order_by("position"))


def _rows(response: Response, questions: Sequence[Question], given: Mapping[str, Any]) -> list[Answer]:
    rows: list[Answer] = []
    for question in questions:
        value = given.get(question.key)
        if value not in (None, "", []) and is_shown(question, given):
            rows += [Answer(response=response, question=question, **fields) for fields in _fields(question, value)]
    return rows


def _fields(question: Question, value: Any) -> list[dict[str, Any]]:
    if question.type == QuestionType.TEXT:
        return [{"text": value}]
    if question.type == QuestionType.ONE_OF:
        return [{"choice": value}]
    if question.type == QuestionType.SOME_OF:
        return [{"choice": choice} for choice in value]
    return [{"number": int(value)}]
