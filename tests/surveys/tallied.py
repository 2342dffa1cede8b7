"""Rounds with released figures, without anybody answering: pages read tallies, and so do these tests."""

from datetime import date, timedelta

from surveys.models import Question, Release, Round, RoundState, Tally
from surveys.questionnaires.builtin import builtin_version
from tests.factories import NINE


def tallied(season, slug, audience, cells, *, phase="", state=RoundState.CLOSED, exact=True, **more):
    """A round of a built-in questionnaire. ``cells`` maps site (None: the pool) → {question key: {value: answers}}; an
    empty mapping is a cell of which nothing is released."""
    version = builtin_version(slug, now=NINE)
    settled = {"settled_on": date(2027, 3, 20), "exact": exact} if state == RoundState.CLOSED else {}
    survey_round = Round.objects.create(
        season=season, version=version, audience=audience, phase=phase, state=state, opens_on=season.starts_on,
        closes_on=season.ends_on, **settled, **more,
    )  # fmt: skip
    questions = dict(Question.objects.filter(version=version).values_list("key", "pk"))
    for site, figures in cells.items():
        cell = survey_round.cells.create(site=site)
        cell.sites.set([site] if site else season.sites.all())
        tallies = [
            Tally(cell=cell, question_id=questions[key], **_value(value), answers=answers)
            for key, counts in figures.items()
            for value, answers in counts.items()
        ]
        Tally.objects.bulk_create(tallies)
        if figures:
            day = season.ends_on + timedelta(days=1)
            Release.objects.create(cell=cell, number=1, released_on=day, invited=50, answered=40)
    return survey_round


def _value(value):
    return {"number": value} if isinstance(value, int) else {"choice": value}


def around(mean, answers=40):
    """Counts on a scale of 1 to 5 with this mean, in steps of a half, and with different answers among them."""
    low = int(mean)
    counts = {low: answers // 2, (low if mean == low else low + 1): answers // 2}
    if mean == low:
        counts = {low - 1: answers // 4, low: answers // 2, low + 1: answers // 4}
    return counts
