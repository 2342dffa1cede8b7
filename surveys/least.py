"""How many answers it takes before something shows, for the words that say why it does not yet."""

from __future__ import annotations

from surveys.coding import OPEN_FROM
from surveys.models import Round, RoundState
from surveys.releasing import FIRST, LEAST


def least_shown(survey_round: Round) -> int:
    """Released answers to one question in one cell, under which it is hidden. More while an anonymous round is open."""
    if not survey_round.anonymous:
        return 1
    return max(survey_round.k, OPEN_FROM) if survey_round.state == RoundState.OPEN else survey_round.k


def least_released(survey_round: Round) -> int:
    """Answers in one cell that its next, or first, release takes; of a draft: once it is open."""
    return max(survey_round.k, LEAST if survey_round.state == RoundState.CLOSED else FIRST)
