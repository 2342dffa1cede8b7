"""The form of a questionnaire, made from its questions. Checks shape; answering.finish decides the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.answering import is_shown
from surveys.models import Question, QuestionType
from surveys.texts import option_text, question_part, question_text

YES_NO = [("1", _("Yes")), ("0", _("No"))]


class AnswerForm(forms.Form):
    """One field a question, named by its key. Required questions that are not shown are not required."""

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            field = self.fields[question.key] = _field(question)
            # read by the template
            field.asked, field.low, field.high = (  # type: ignore[attr-defined]
                question.required,
                question_part(question, "low"),
                question_part(question, "high"),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for question in self.questions:
            missing = cleaned.get(question.key) in (None, "", [])
            if question.required and missing and is_shown(question, cleaned) and question.key not in self.errors:
                self.add_error(question.key, _("Choose an answer: this question has to be answered."))
        return cleaned


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
