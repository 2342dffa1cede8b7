"""The questionnaires every installation has, written from the facts of the program.

Each is known by its slug. Rounds ask ``builtin_version(slug, now=...)`` for the version to put to people: the newest
published one, so that an edited built-in questionnaire is what the next round asks. Its words stand in this package.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from shadowing.seasons.questionnaires import register
from surveys.models import Question, Questionnaire, QuestionnaireVersion
from surveys.questionnaires.builtin.pulse import PULSE_FOR_EXECUTIVES, PULSE_FOR_FRONT_LINE
from surveys.questionnaires.builtin.silos import SILO_ASSESSMENT
from surveys.questionnaires.builtin.visits import HOSTING_SURVEY, VISIT_SURVEY

HOSTING = "hosting"  # hosts of held visits
VISIT = "visit"  # executives of held visits
PULSE_EXECUTIVES = "pulse-executives"  # all executives; pairs with the next by alignment key
PULSE_FRONT_LINE = "pulse-front-line"  # a site's whole front line
SILOS = "silos"  # all executives

BUILTIN: dict[str, dict[str, Any]] = {
    HOSTING: HOSTING_SURVEY,
    VISIT: VISIT_SURVEY,
    PULSE_EXECUTIVES: PULSE_FOR_EXECUTIVES,
    PULSE_FRONT_LINE: PULSE_FOR_FRONT_LINE,
    SILOS: SILO_ASSESSMENT,
}


def offer_to_seasons() -> None:
    """Let seasons choose among the built-in questionnaires."""
    for slug, definition in BUILTIN.items():
        name, description = gettext_lazy(definition["name"]), gettext_lazy(definition["description"])
        register(slug=slug, name=name, description=description)


@transaction.atomic
def builtin_version(slug: str, *, now: datetime) -> QuestionnaireVersion:
    """The newest published version of a built-in questionnaire, written the first time it is asked for.

    ``slug`` is one of the constants above; KeyError for any other."""
    definition = BUILTIN[slug]
    words = {"name": definition["name"], "description": definition["description"]}
    questionnaire, _ = Questionnaire.objects.get_or_create(slug=slug, defaults=words)
    published = questionnaire.versions.filter(published_at__isnull=False)
    if version := published.order_by("-number").first():
        return version
    version = QuestionnaireVersion.objects.create(
        questionnaire=questionnaire,
        number=1,
        published_at=now,
        languages=definition["languages"],
        sections=definition.get("sections", []),
    )
    Question.objects.bulk_create(
        Question(version=version, position=position, **question)
        for position, question in enumerate(definition["questions"], start=1)
    )
    return version
