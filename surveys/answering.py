"""Taking one finished set of answers. Nothing here keeps who, when or which visit, unless the round says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.errors import Conflict
from surveys.models import Answer, Invitation, Question, QuestionType, Response, Round, RoundState, Signature

EMPTY: tuple[Any, ...] = (None, "", [])
NOT_VISITED = gettext_lazy("This visit was recorded as not having taken place. Nothing is asked of you.")


class AlreadyAnswered(Conflict):
    """The invitation was used. Answers are final once sent."""


class NotVisited(Conflict):
    """The visit that was asked about is recorded as not having taken place."""


class RoundClosed(Conflict):
    """The round is not open (any more)."""


def is_shown(question: Question, given: Mapping[str, Any]) -> bool:
    """Is the question asked, given the earlier answers? ``shown_if`` names an earlier question and a value."""
    condition = question.shown_if
    if not condition:
        return True
    answer = given.get(condition["question"])
    answers = answer if isinstance(answer, list) else [answer]
    return as_word(condition["is"]) in {as_word(each) for each in answers if each not in EMPTY}


def as_word(value: Any) -> str:
    """A value as forms and scripts carry it: yes and no are 1 and 0."""
    return str(int(value)) if isinstance(value, bool) else str(value)


def asked(questions: Sequence[Question], given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to questions that were shown. An answer to a hidden question shows nothing further either."""
    kept: dict[str, Any] = {}
    for question in questions:
        value = given.get(question.key)
        if value not in EMPTY and is_shown(question, kept):
            kept[question.key] = value
    return kept


@transaction.atomic
def finish(
    *,
    round_id: int,
    user_id: int,
    given: Mapping[str, Any],
    questions: Sequence[Question] | None = None,
    invitation: Invitation | None = None,
) -> None:
    """Store a complete set of answers and spend the invitation, both or neither.

    ``given`` maps question key → int, str or list of option keys, as the form cleaned them. Answers to questions that
    were not shown are dropped. ``questions`` and ``invitation`` (with its round): where the caller has them already. Named
    rounds keep whose they are. Raises RoundClosed, AlreadyAnswered, NotVisited or
    Invitation.DoesNotExist."""
    _spend(round_id, user_id)
    invitation = invitation or _invited(round_id, user_id)
    response = Response.objects.create(round=invitation.round, cell_id=invitation.cell_id)
    Answer.objects.bulk_create(_rows(response, questions or questions_of(invitation.round), given))
    if not invitation.round.anonymous:
        Signature.objects.create(response=response, user_id=user_id)


def _spend(round_id: int, user_id: int) -> None:
    """One statement takes the invitation's row, and only while the round is open: whoever closes it waits for this row
    before counting, and of two who send at once the second finds it used. By round and person, for a release may give it
    another key meanwhile."""
    still_open = Exists(Round.objects.filter(pk=OuterRef("round"), state=RoundState.OPEN))
    mine = Invitation.objects.filter(round=round_id, user=user_id)
    if mine.standing().filter(still_open, used=False).update(used=True):
        return
    found = _invited(round_id, user_id)
    if found.round.state != RoundState.OPEN:
        raise RoundClosed(_("This survey is closed. Nothing was stored."))
    if not found.used:
        raise NotVisited(str(NOT_VISITED))
    raise AlreadyAnswered(_("Your answers are in already. They are final."))


def _invited(round_id: int, user_id: int) -> Invitation:
    return Invitation.objects.select_related("round").get(round=round_id, user=user_id)


def questions_of(survey_round: Round) -> list[Question]:
    """The round's questions in order."""
    return list(Question.objects.filter(version=survey_round.version_id).order_by("position"))


def _rows(response: Response, questions: Sequence[Question], given: Mapping[str, Any]) -> list[Answer]:
    kept = asked(questions, given)
    return [
        Answer(response=response, question=question, **fields)
        for question in questions
        if question.key in kept
        for fields in _fields(question, kept[question.key])
    ]


def _fields(question: Question, value: Any) -> list[dict[str, Any]]:
    if question.type == QuestionType.TEXT:
        return [{"text": value}]
    if question.type == QuestionType.ONE_OF:
        return [{"choice": value}]
    if question.type == QuestionType.SOME_OF:
        return [{"choice": choice} for choice in dict.fromkeys(value)]
    return [{"number": int(value)}]
