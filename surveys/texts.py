"""Questions in the reader's language, English where a translation is missing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from surveys.models import Question


def localized(texts: dict[str, Any]) -> Any:
    """The entry of the active language, else its base language, else English, else any."""
    language = get_language() or "en"
    for code in (language, language.split("-")[0], "en"):
        if code in texts:
            return texts[code]
    return next(iter(texts.values()), "")


def question_text(question: Question) -> str:
    return str(localized(question.texts).get("text", question.key))


def question_part(question: Question, part: str) -> str:
    """``low``, ``high`` (ends of a scale) or ``hint``; empty when there is none."""
    return str(localized(question.texts).get(part, ""))


def option_text(option: dict[str, Any]) -> str:
    return str(localized(option["texts"]))
