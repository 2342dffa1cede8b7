"""Released answers of one large closed round, for measurements."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from datetime import datetime

from floorprogram.demo.bulk import write
from shadowing.models import Season
from surveys.models import Answer, Response, Round, RoundState
from surveys.rounds import open_hosting_round
from surveys.tallies import recount


def write_answers(
    season: Season, count: int, *, now: datetime, numbers: random.Random, new_key: Callable[[], uuid.UUID]
) -> None:
    """``count`` responses to the season's hosting survey, spread over its cells, released at once and tallied."""
    survey_round = _closed_round(season, now)
    cells, questions = list(survey_round.cells.all()), list(survey_round.version.questions.exclude(type="text"))
    keys = [new_key() for _ in range(count)]
    write(Response, (
        {"id": key, "round_id": survey_round.pk, "cell_id": cells[number % len(cells)].pk, "release": 1}
        for number, key in enumerate(keys)
    ))  # fmt: skip
    write(Answer, (
        {"id": new_key(), "response_id": key, "question_id": question.pk, "number": _number(question.type, numbers)}
        for key in keys for question in questions
    ))  # fmt: skip
    for number, cell in enumerate(cells):
        answered = len(range(number, count, len(cells)))
        cell.releases.create(number=1, released_on=now.date(), invited=answered, answered=answered)
    recount(survey_round)


def _closed_round(season: Season, now: datetime) -> Round:
    survey_round = open_hosting_round(season=season, now=now)
    survey_round.state, survey_round.closed_at = RoundState.CLOSED, now
    survey_round.settled_on, survey_round.exact = now.date(), True
    survey_round.save(update_fields=["state", "closed_at", "settled_on", "exact"])
    return survey_round


def _number(kind: str, numbers: random.Random) -> int:
    return int(numbers.random() < 0.94) if kind == "yesno" else numbers.randrange(2, 6)
