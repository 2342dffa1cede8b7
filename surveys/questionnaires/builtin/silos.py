"""The silo self-assessment: six things that tell whether service works as one. "Yes" is always the joined-up answer."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop

from surveys.models import QuestionType
from surveys.questionnaires.builtin.words import LANGUAGES, question

_OPTIONS = [
    {"key": "yes", "texts": {"en": "Yes", "de": "Ja"}},
    {"key": "no", "texts": {"en": "No", "de": "Nein"}},
    {"key": "not-sure", "texts": {"en": "Not sure", "de": "Nicht sicher"}},
]


def _ask(key: str, en: str, de: str, hint: tuple[str, str]) -> dict[str, Any]:
    return question(key, QuestionType.ONE_OF, en, de, hint=hint, required=True, options=_OPTIONS)


SILO_ASSESSMENT: dict[str, Any] = {
    "name": gettext_noop("Silo self-assessment"),
    "description": gettext_noop("Six questions to leaders: does service work as one, or as several side by side?"),
    "languages": LANGUAGES,
    "questions": [
        _ask(
            "routing",
            "Does a contact go to whoever can help best, in whichever center they sit?",
            "Geht ein Anliegen an die Person, die am besten helfen kann, egal in welchem Center sie sitzt?",
            ("Not sure counts too: it says that nobody looks.", "Nicht sicher zählt auch: Dann sieht niemand hin."),
        ),
        _ask(
            "leadership",
            "Do all centers work towards the same goals, whoever leads them?",
            "Arbeiten alle Center auf dieselben Ziele hin, egal wer sie leitet?",
            (
                "Think of two centers with different leaders and what each is praised for.",
                "Denk an zwei Center mit verschiedenen Leitungen und wofür jedes gelobt wird.",
            ),
        ),
        _ask(
            "reasons",
            "Is service built around why customers get in touch, rather than around segments and products?",
            "Richtet sich der Service danach, warum Kunden sich melden, statt nach Segmenten und Produkten?",
            (
                "A customer with one matter and two products is the test.",
                "Der Prüfstein ist ein Kunde mit einem Anliegen und zwei Produkten.",
            ),
        ),
        _ask(
            "real-time",
            "When a day runs differently from its forecast, do all centers change their plan together?",
            "Wenn ein Tag anders läuft als vorhergesagt, ändern dann alle Center ihren Plan gemeinsam?",
            (
                "Within the hour, not in next week's forecast.",
                "Noch in derselben Stunde, nicht in der Prognose der nächsten Woche.",
            ),
        ),
        _ask(
            "coordination",
            "Can a change that touches several centers be made without a project of its own?",
            "Lässt sich eine Änderung, die mehrere Center betrifft, ohne eigenes Projekt machen?",
            (
                "Count the meetings the last such change took.",
                "Zähl die Besprechungen, die die letzte solche Änderung gebraucht hat.",
            ),
        ),
        _ask(
            "owner",
            "Is one person answerable for what a customer experiences from first contact to solution?",
            "Steht eine Person dafür ein, was ein Kunde vom ersten Kontakt bis zur Lösung erlebt?",
            ("You should be able to say their name.", "Du solltest ihren Namen nennen können."),
        ),
    ],
}
