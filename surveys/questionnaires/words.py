"""Parts of a definition in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from surveys.models import QuestionType


def first_words(texts: Mapping[str, str], languages: Sequence[str]) -> str:
    """The words of the first language that has some."""
    return next((texts[code] for code in languages if texts.get(code)), "")


def question_words(question: Mapping[str, Any], languages: Sequence[str]) -> str:
    """The question in the first language that has it, else its key."""
    texts = {code: parts.get("text", "") for code, parts in question["texts"].items()}
    return first_words(texts, languages) or str(question["key"])


def answer_words(question: Mapping[str, Any], value: int | str, languages: Sequence[str]) -> str:
    """An answer as people gave it: "Yes", "4", the words of an option."""
    if question["type"] == QuestionType.YES_NO:
        return _("Yes") if value == 1 else _("No")
    for option in question["options"]:
        if option["key"] == value:
            return first_words(option["texts"], languages) or str(value)
    return str(value)
