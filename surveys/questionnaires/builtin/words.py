"""Short ways to write the built-in questionnaires down, English and German side by side."""

from __future__ import annotations

from typing import Any

from surveys.models import QuestionType

LANGUAGES = ["en", "de"]
AGREE = {
    "en": {"low": "do not agree at all", "high": "agree fully"},
    "de": {"low": "stimme gar nicht zu", "high": "stimme voll zu"},
}


def both(en: str, de: str) -> dict[str, str]:
    """Words in both languages."""
    return {"en": en, "de": de}


def question(key: str, kind: str, en: str, de: str, **more: Any) -> dict[str, Any]:
    """A question. ``low``, ``high`` and ``hint`` are pairs (English, German); the rest are fields as they are."""
    texts: dict[str, dict[str, str]] = {"en": {"text": en}, "de": {"text": de}}
    for part in ("low", "high", "hint"):
        for language, words in zip(LANGUAGES, more.pop(part, ()), strict=False):
            texts[language][part] = words
    return {"key": key, "type": kind, "texts": texts, **more}


def agree(key: str, section: str, en: str, de: str) -> dict[str, Any]:
    """A sentence to agree with from 1 to 5, paired with the other side's by its own key."""
    texts = {"en": {"text": en, **AGREE["en"]}, "de": {"text": de, **AGREE["de"]}}
    return {"key": key, "type": QuestionType.SCALE_5, "section": section, "texts": texts, "alignment_key": key}


def section(key: str, en: str, de: str) -> dict[str, Any]:
    """A part of a questionnaire under a heading of its own."""
    return {"key": key, "texts": both(en, de)}
