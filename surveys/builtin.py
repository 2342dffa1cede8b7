"""The questionnaires every installation has, written from the facts of the program."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy, gettext_noop

from shadowing.seasons.questionnaires import register
from surveys.models import Question, Questionnaire, QuestionnaireVersion, QuestionType

HOSTING = "hosting"

_YES_NO = QuestionType.YES_NO
BUILTIN: dict[str, dict[str, Any]] = {
    HOSTING: {
        "name": gettext_noop("Hosting survey"),
        "description": gettext_noop("Asks every host after their visit, without their name: was hosting worthwhile?"),
        "questions": [
            {
                "key": "worthwhile",
                "type": _YES_NO,
                "required": True,
                "texts": {
                    "en": {"text": "Was hosting worthwhile?"},
                    "de": {"text": "Hat sich der Tag als Gastgeber gelohnt?"},
                },
            },
            {
                "key": "floor-share",
                "type": QuestionType.SCALE_5,
                "required": True,
                "texts": {
                    "en": {
                        "text": "How much of the day was really spent on the floor?",
                        "low": "hardly any",
                        "high": "all of it",
                    },
                    "de": {
                        "text": "Wie viel des Tages fand wirklich an deinem Platz statt?",
                        "low": "kaum etwas",
                        "high": "der ganze Tag",
                    },
                },
            },
            {
                "key": "staged",
                "type": _YES_NO,
                "texts": {
                    "en": {"text": "Was anything staged for the visit?"},
                    "de": {"text": "War irgendetwas für den Besuch gestellt?"},
                },
            },
            {
                "key": "again",
                "type": _YES_NO,
                "texts": {
                    "en": {"text": "Would you host again?"},
                    "de": {"text": "Würdest du wieder Gastgeber sein?"},
                },
            },
            {
                "key": "change",
                "type": QuestionType.TEXT,
                "texts": {
                    "en": {
                        "text": "What should be different next time?",
                        "hint": "Leave out names, so that nobody can be guessed.",
                    },
                    "de": {
                        "text": "Was soll beim nächsten Mal anders sein?",
                        "hint": "Lass Namen weg, damit niemand erraten werden kann.",
                    },
                },
            },
        ],
    },
}


def offer_to_seasons() -> None:
    """Let seasons choose among the built-in questionnaires."""
    for slug, definition in BUILTIN.items():
        name, description = gettext_lazy(definition["name"]), gettext_lazy(definition["description"])
        register(slug=slug, name=name, description=description)


@transaction.atomic
def builtin_version(slug: str, *, now: datetime) -> QuestionnaireVersion:
    """The newest published version of a built-in questionnaire, written the first time it is asked for."""
    definition = BUILTIN[slug]
    questionnaire, _ = Questionnaire.objects.get_or_create(slug=slug, defaults={"name": definition["name"]})
    published = questionnaire.versions.filter(published_at__isnull=False)
    if version := published.order_by("-number").first():
        return version
    version = QuestionnaireVersion.objects.create(questionnaire=questionnaire, number=1, published_at=now)
    Question.objects.bulk_create(
        Question(version=version, position=position, **question)
        for position, question in enumerate(definition["questions"], start=1)
    )
    return version
