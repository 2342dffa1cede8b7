"""Hosts' answers of the demo, and their releases."""

from __future__ import annotations

from datetime import timedelta

from floorprogram.demo import words
from floorprogram.demo.stage import Stage
from shadowing.models import Season
from surveys import answering, releasing, rounds
from surveys.models import Invitation, Round


def play_survey(demo: Stage, season: Season) -> None:
    """Nine of ten invited hosts answer; a finished season's round closes, and what may be released is."""
    rounds.open_due_rounds(now=demo.now)
    rounds.invite_visitors()
    survey_round = Round.objects.get(season=season)
    invited = Invitation.objects.filter(round=survey_round).order_by("user_id").values_list("user_id", flat=True)
    for number, user in enumerate(invited):
        if number % 10 != 6 and user != demo.cast.sign_ins["host"].pk:
            answering.finish(round_id=survey_round.pk, user_id=user, given=_answers(demo, number))
    if survey_round.closes_on + timedelta(days=1) < demo.today:
        rounds.close_round(round_id=survey_round.pk, by=demo.cast.coordinator, now=demo.now)
    releasing.release_rounds(now=demo.now)


def _answers(demo: Stage, number: int) -> dict[str, object]:
    happy = number % 12 != 5
    given: dict[str, object] = {
        "worthwhile": int(happy),
        "floor-share": demo.pick.choice([3, 4, 4, 5]) if happy else 2,
        "staged": int(number % 6 == 2),
        "again": int(number % 9 != 4),
    }
    if number % 2:
        given["change"] = words.WORDS_OF_HOSTS[number % len(words.WORDS_OF_HOSTS)]
    return given
