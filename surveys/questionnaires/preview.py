"""A version as people who are asked see it, before anybody is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from typing import Any

from django.utils import translation
from django.utils.translation import get_language, gettext

from surveys.forms import AnswerForm
from surveys.languages import choose, languages_of, named
from surveys.models import Audience, QuestionnaireVersion, QuestionType, Round
from surveys.promise import promise_of
from surveys.questionnaires.builtin import HOSTING, PULSE_FRONT_LINE, VISIT
from surveys.texts import localized

# Whom a built-in questionnaire asks; the promise says it. Others are shown as if put to the executives.
AUDIENCES = {HOSTING: Audience.VISIT_HOSTS, VISIT: Audience.VISIT_EXECUTIVES, PULSE_FRONT_LINE: Audience.FRONT_LINE}


class Preview:
    """The same form, parts and words as the answer page. ``asked``: the language that was chosen."""

    def __init__(self, version: QuestionnaireVersion, *, asked: str | None) -> None:
        self.version = version
        self.questions = list(version.questions.order_by("position"))
        self.languages = languages_of(version, self.questions)
        self.reader = get_language() or "en"
        self.language = choose(self.languages, asked=asked, own=self.reader, accepts="")

    @contextmanager
    def spoken(self) -> Iterator[None]:
        """Everything inside is in the chosen language."""
        with translation.override(self.language):
            yield

    def context(self) -> dict[str, Any]:
        """What the page shows; call it in the chosen language. The promise is that of an anonymous round."""
        questionnaire = self.version.questionnaire
        texts = any(question.type == QuestionType.TEXT for question in self.questions)
        imagined = Round(version=self.version, audience=AUDIENCES.get(questionnaire.slug, Audience.EXECUTIVES))
        return {
            "form": AnswerForm(questions=self.questions, sections=self.version.sections),
            "version": self.version,
            "preview": True,
            "reader": self.reader,
            "title": gettext(questionnaire.name),
            "intro": localized(self.version.intro) if self.version.intro else "",
            "promise": promise_of(imagined, texts=texts),
            "minutes": max(ceil(len(self.questions) / 2), 1),
            "language": self.language,
            "languages": named(self.languages) if len(self.languages) > 1 else [],
        }
