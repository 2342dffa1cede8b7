"""A round with every type of question, at one or more sites, answered and settled."""

from __future__ import annotations

import random

from django.utils import timezone

from shadowing.models import SeasonState
from surveys import answering, counting, releasing
from surveys.models import Cell, Invitation, Question, Questionnaire, QuestionnaireVersion, Round, RoundState
from tests.factories import NINE, HostFactory, SeasonFactory, SiteFactory, TeamFactory

OPTIONS = [{"key": key, "texts": {"en": key}} for key in ("routing", "tools", "rules")]
SHAPE = [
    ("worthwhile", "yesno", {"required": True}),
    ("floor-share", "scale5", {"required": True}),
    ("ease", "scale10", {}),
    ("slows", "one", {"options": OPTIONS}),
    ("helps", "some", {"options": OPTIONS}),
    ("again", "yesno", {"required": True}),
    ("why-not", "one", {"options": OPTIONS, "shown_if": {"question": "again", "is": 0}}),
    ("change", "text", {}),
]


def make_version():
    questionnaire = Questionnaire.objects.create(slug=f"all-{Questionnaire.objects.count()}", name="All types")
    version = QuestionnaireVersion.objects.create(
        questionnaire=questionnaire, number=1, languages=["en"], published_at=NINE
    )
    for position, (key, kind, more) in enumerate(SHAPE, 1):
        texts = {"en": {"text": f"Question {key}"}}
        Question.objects.create(version=version, key=key, position=position, type=kind, texts=texts, **more)
    return version


def make_round(*sizes, anonymous=True):
    """An open round with one cell a site; ``sizes`` people are invited in each."""
    sites = [SiteFactory() for _ in sizes]
    season = SeasonFactory(sites=sites, state=SeasonState.PUBLISHED)
    survey_round = Round.objects.create(
        season=season, version=make_version(), audience="front_line", state=RoundState.OPEN, anonymous=anonymous,
        opens_on=timezone.localdate(NINE), closes_on=timezone.localdate(NINE), opened_at=NINE,
    )  # fmt: skip
    for site, size in zip(sites, sizes, strict=True):
        cell = Cell.objects.create(round=survey_round, site=site)
        cell.sites.add(site)
        team = TeamFactory(site=site)
        for _ in range(size):
            user = HostFactory(team=team).user
            Invitation.objects.create(round=survey_round, cell=cell, user=user, due_from=survey_round.opens_on)
    return survey_round


def given(rng, number=0):
    """Somebody's answers; every one of them says something that is only theirs in the text."""
    again = int(rng.random() < 0.7)
    answers = {
        "worthwhile": int(rng.random() < 0.7),
        "floor-share": rng.randint(1, 5),
        "ease": rng.randint(0, 10),
        "slows": rng.choice(["routing", "tools", "rules"]),
        "helps": rng.sample(["routing", "tools", "rules"], rng.randint(1, 3)),
        "again": again,
        "change": f"Longer on the floor {number}",
    }
    kept = {key: value for key, value in answers.items() if key in ("worthwhile", "again") or rng.random() < 0.9}
    kept["floor-share"] = answers["floor-share"]
    return kept if again else kept | {"why-not": rng.choice(["routing", "tools", "rules"])}


def answer(survey_round, seed=1, *, said=None):
    """Everybody invited answers, by ascending key of the person; returns what each said."""
    rng = random.Random(seed)
    users = Invitation.objects.filter(round=survey_round, used=False).order_by("user_id")
    people = {user: given(rng, n) for n, user in enumerate(users.values_list("user_id", flat=True))}
    for user, answers in (said or people).items():
        answering.finish(round_id=survey_round.pk, user_id=user, given=answers)
    return said or people


def close(survey_round):
    Round.objects.filter(pk=survey_round.pk).update(state=RoundState.CLOSED, closed_at=NINE)
    made = releasing.release_round(round_id=survey_round.pk, now=NINE)
    survey_round.refresh_from_db()
    return made


def shown(survey_round, cells=None):
    """Question key → what is read of these cells counted together."""
    tallies, scope = counting.tallies_of(survey_round), [cell.pk for cell in cells or survey_round.cells.all()]
    return {
        question.key: counting.shown_figure(survey_round, question, tallies[question.pk], scope)
        for question in answering.questions_of(survey_round)
    }


def texts(survey_round, cells=None):
    question = survey_round.version.questions.get(type="text")
    return list(counting.all_texts(survey_round, cells or survey_round.cells.all(), question))
