"""The form of a questionnaire, made from its questions. Checks shape; answering.finish decides the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from surveys.answering import as_word, asked, is_shown
from surveys.models import Question, QuestionType
from surveys.texts import localized, option_text, question_part, question_text

YES_NO = [("1", _("Yes")), ("0", _("No"))]
TILES = {QuestionType.SCALE_5: "tiles-5", QuestionType.SCALE_10: "tiles-11", QuestionType.YES_NO: "tiles-2"}
A_PAGE = 3  # questions a page where a questionnaire has no sections
MISSING = _("Choose an answer: this question has to be answered.")
MISSING_TEXT = _("Write something: this question has to be answered.")


class Page(NamedTuple):
    """What stands on one page when scripts run: a section with its title, or up to three questions without one."""

    title: str
    fields: list[BoundField]


class AnswerForm(forms.Form):
    """One field a question, named by its key. Required questions that are not shown are not required.

    ``sections`` are those of the questionnaire's version."""

    def __init__(
        self, *args: Any, questions: Sequence[Question], sections: Sequence[dict[str, Any]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        self._titles = {section["key"]: str(localized(section.get("texts") or {})) for section in sections}
        for question in questions:
            field = self.fields[question.key] = _field(question)
            _describe(field, question)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kept = asked(self.questions, cleaned)
        for question in self.questions:
            known = question.key in kept or question.key in self.errors
            if question.required and not known and is_shown(question, kept):
                self.add_error(question.key, missing_words(question))
        return kept

    def pages(self) -> Iterator[Page]:
        """The questions by section, in order; those without one in threes."""
        for key, group in groupby(self.questions, key=lambda question: question.section):
            fields = [self[question.key] for question in group]
            size = max(len(fields), 1) if key in self._titles else A_PAGE
            for start in range(0, len(fields), size):
                yield Page(self._titles.get(key, ""), fields[start : start + size])


def missing_words(question: Question) -> str:
    """What a required question without an answer says."""
    return str(MISSING_TEXT if question.type == QuestionType.TEXT else MISSING)


def _describe(field: Any, question: Question) -> None:
    """What the template reads besides Django's own: ends of a scale, layout, and when it is shown."""
    condition = question.shown_if or {}
    field.asked, field.missing = question.required, missing_words(question)
    field.low, field.high = question_part(question, "low"), question_part(question, "high")
    field.tiles = TILES.get(QuestionType(question.type), "tiles-1")
    field.shown_if = condition.get("question", "")
    field.shown_is = as_word(condition.get("is", ""))


def _field(question: Question) -> forms.Field:
    options: dict[str, Any] = {
        "label": question_text(question),
        "help_text": question_part(question, "hint"),
        "required": False,
    }
    if question.type == QuestionType.TEXT:
        widget = forms.Textarea(attrs={"rows": 3, "class": "form-control", "autocomplete": "off"})
        return forms.CharField(max_length=4000, widget=widget, **options)
    if question.type == QuestionType.SOME_OF:
        return forms.MultipleChoiceField(choices=_choices(question), widget=forms.CheckboxSelectMultiple, **options)
    coerce = str if question.type == QuestionType.ONE_OF else int
    return forms.TypedChoiceField(
        choices=_choices(question), coerce=coerce, empty_value=None, widget=forms.RadioSelect, **options
    )


def _choices(question: Question) -> list[tuple[str, Any]]:
    if question.type == QuestionType.YES_NO:
        return YES_NO
    if question.type == QuestionType.SCALE_5:
        return [(str(point), str(point)) for point in range(1, 6)]
    if question.type == QuestionType.SCALE_10:
        return [(str(point), str(point)) for point in range(11)]
    return [(option["key"], option_text(option)) for option in question.options]
