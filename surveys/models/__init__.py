"""Questionnaires, rounds and answers."""

from surveys.models.answers import Answer, Cell, Invitation, Release, Response
from surveys.models.questionnaires import Question, Questionnaire, QuestionnaireVersion, QuestionType
from surveys.models.rounds import Audience, Round, RoundState

__all__ = [
    "Answer",
    "Audience",
    "Cell",
    "Invitation",
    "Question",
    "QuestionType",
    "Questionnaire",
    "QuestionnaireVersion",
    "Release",
    "Response",
    "Round",
    "RoundState",
]
