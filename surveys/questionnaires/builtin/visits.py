"""What host and executive are asked after a visit. Questions both are asked share their alignment key."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop

from surveys.models import QuestionType
from surveys.questionnaires.builtin.words import LANGUAGES, question

YES_NO, SCALE, TEXT = QuestionType.YES_NO, QuestionType.SCALE_5, QuestionType.TEXT

FLOOR_SHARE_ENDS = {
    "low": ("hardly any", "kaum etwas"),
    "high": ("all of it", "der ganze Tag"),
}
NO_NAMES = {
    "hint": (
        "Leave out names, so that nobody can be guessed.",
        "Lass Namen weg, damit niemand erraten werden kann.",
    )
}

HOSTING_SURVEY: dict[str, Any] = {
    "name": gettext_noop("Hosting survey"),
    "description": gettext_noop("Asks every host after their visit, without their name: was hosting worthwhile?"),
    "languages": LANGUAGES,
    "questions": [
        question(
            "worthwhile",
            YES_NO,
            "Was hosting worthwhile?",
            "Hat sich der Tag als Gastgeber gelohnt?",
            required=True,
            alignment_key="visit-worthwhile",
        ),
        question(
            "floor-share",
            SCALE,
            "How much of the day was really spent on the floor?",
            "Wie viel des Tages fand wirklich an deinem Platz statt?",
            required=True,
            alignment_key="visit-floor-share",
            **FLOOR_SHARE_ENDS,
        ),
        question(
            "staged",
            YES_NO,
            "Was anything staged for the visit?",
            "War irgendetwas für den Besuch gestellt?",
        ),
        question(
            "again",
            YES_NO,
            "Would you host again?",
            "Würdest du wieder Gastgeber sein?",
            alignment_key="visit-again",
        ),
        question(
            "change",
            TEXT,
            "What should be different next time?",
            "Was soll beim nächsten Mal anders sein?",
            **NO_NAMES,
        ),
    ],
}

VISIT_SURVEY: dict[str, Any] = {
    "name": gettext_noop("Executive's visit survey"),
    "description": gettext_noop("Asks every executive after a visit what the day showed that reports do not."),
    "languages": LANGUAGES,
    "questions": [
        question(
            "worthwhile",
            YES_NO,
            "Was the visit worth the day it took?",
            "War der Besuch den Tag wert, den er gekostet hat?",
            required=True,
            alignment_key="visit-worthwhile",
        ),
        question(
            "floor-share",
            SCALE,
            "How much of the day did you spend beside your host at work?",
            "Wie viel des Tages warst du neben deinem Gastgeber bei der Arbeit?",
            required=True,
            alignment_key="visit-floor-share",
            **FLOOR_SHARE_ENDS,
        ),
        question(
            "staged",
            YES_NO,
            "Did you have the impression that something was staged for you?",
            "Hattest du den Eindruck, dass etwas für dich gestellt war?",
        ),
        question(
            "new",
            SCALE,
            "How much of what you saw was new to you?",
            "Wie viel von dem, was du gesehen hast, war dir neu?",
            low=("nothing", "nichts"),
            high=("nearly all of it", "fast alles"),
        ),
        question(
            "in-reports",
            YES_NO,
            "Do the reports you read show what you saw?",
            "Zeigen die Berichte, die du liest, was du gesehen hast?",
        ),
        question(
            "removable",
            QuestionType.ONE_OF,
            "Who can remove the obstacle you took away?",
            "Wer kann das Hindernis beseitigen, das du mitgenommen hast?",
            options=[
                {"key": "me", "texts": {"en": "I can", "de": "Ich selbst"}},
                {"key": "my-area", "texts": {"en": "Somebody in my area", "de": "Jemand in meinem Bereich"}},
                {"key": "elsewhere", "texts": {"en": "Somebody elsewhere", "de": "Jemand anderswo"}},
                {"key": "unclear", "texts": {"en": "That is not clear yet", "de": "Das ist noch offen"}},
            ],
        ),
        question(
            "again",
            YES_NO,
            "Would you visit the floor again?",
            "Würdest du wieder einen Tag dort verbringen?",
            alignment_key="visit-again",
        ),
        question(
            "change",
            TEXT,
            "What will you decide differently after this day?",
            "Was wirst du nach diesem Tag anders entscheiden?",
            **NO_NAMES,
        ),
    ],
}
