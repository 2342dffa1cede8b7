"""Questionnaires, rounds and answers."""

from surveys.models.answers import Answer, Cell, Invitation, Release, Response, Signature, Slip, Tally
from surveys.models.questionnaires import Question, Questionnaire, QuestionnaireVersion, QuestionType
from surveys.models.rounds import BY_VISIT, Audience, Phase, Round, RoundState

__all__ = [
    "BY_VISIT",
    "Answer",
    "Audience",
    "Cell",
    "Invitation",
    "Phase",
    "Question",
    "QuestionType",
    "Questionnaire",
    "QuestionnaireVersion",
    "Release",
    "Response",
    "Round",
    "RoundState",
    "Signature",
    "Slip",
    "Tally",
]
