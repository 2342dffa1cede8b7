"""A questionnaire in front of one person: which language, which questions, which promise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import ceil
from typing import Any

from django.http import HttpRequest
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from surveys.answering import questions_of
from surveys.forms import AnswerForm
from surveys.languages import choose, languages_of, named
from surveys.models import Invitation, Question, QuestionType
from surveys.promise import promise_of
from surveys.texts import localized


class Sheet:
    """One invitation's questions. Made once a request; ``given`` are answers that were posted."""

    def __init__(self, request: HttpRequest, invitation: Invitation, *, asked: str | None, own: str = "") -> None:
        self.invitation, self.round = invitation, invitation.round
        self.questions = questions_of(self.round)
        self.languages = languages_of(self.round.version, self.questions)
        accepts = request.headers.get("Accept-Language", "")
        self.language = choose(self.languages, asked=asked, own=own, accepts=accepts)

    @contextmanager
    def spoken(self) -> Iterator[None]:
        """Everything inside is in the sheet's language."""
        with translation.override(self.language):
            yield

    def form(
        self, given: Mapping[str, Any] | None = None, *, initial: Mapping[str, list[str]] | None = None
    ) -> AnswerForm:
        """The questions; ``given`` to be checked, ``initial`` (lists, as posted) only to be shown again."""
        shown = {question.key: _shown(question, (initial or {}).get(question.key, [])) for question in self.questions}
        return AnswerForm(given, initial=shown, questions=self.questions, sections=self.round.version.sections)

    def context(self, form: AnswerForm) -> dict[str, Any]:
        """What the page shows; call it in the sheet's language."""
        has_texts = any(question.type == QuestionType.TEXT for question in self.questions)
        return {
            "form": form,
            "round": self.round,
            "title": gettext(self.round.version.questionnaire.name),
            "intro": localized(self.round.version.intro) if self.round.version.intro else "",
            "promise": promise_of(self.round, hidden=self.invitation.cell.hidden, texts=has_texts),
            "minutes": max(ceil(len(self.questions) / 2), 1),
            "language": self.language,
            "languages": named(self.languages) if len(self.languages) > 1 else [],
        }


def _shown(question: Question, values: list[str]) -> Any:
    return values if question.type == QuestionType.SOME_OF else "".join(values[:1])


def draft_key(invitation: Invitation) -> str:
    """Under which name a browser keeps unfinished answers: nobody else can tell whose, and it opens nothing."""
    return salted_hmac("surveys.draft", f"{invitation.round_id}:{invitation.user_id}").hexdigest()[:24]
