"""In which of a questionnaire's languages somebody reads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation.trans_real import parse_accept_lang_header

from surveys.models import Question, QuestionnaireVersion

PAGES = ("en", "de")  # languages our own words exist in (locale/)


class Language(NamedTuple):
    """A language by its code and in its own words."""

    code: str
    name: str


def languages_of(version: QuestionnaireVersion, questions: Sequence[Question]) -> list[str]:
    """The codes of a version's languages; versions from before they were kept have those of their questions."""
    return list(version.languages) or sorted({code for question in questions for code in question.texts}) or ["en"]


def choose(languages: Sequence[str], *, asked: str | None, own: str, accepts: str) -> str:
    """The language to show: the one asked for, the person's own, what the browser prefers, else English or the first."""
    preferred = [code for code, _weight in parse_accept_lang_header(accepts)]
    for wanted in (asked or "", own, *preferred, settings.LANGUAGE_CODE):
        if found := _match(languages, wanted):
            return found
    return languages[0]


def _match(languages: Sequence[str], wanted: str) -> str:
    """The language itself, else one of the same base (de-AT reads de)."""
    exact = [code for code in languages if code.lower() == wanted.lower()]
    near = [code for code in languages if wanted and code.lower().split("-")[0] == wanted.lower().split("-")[0]]
    return [*exact, *near, ""][0]


def named(codes: Sequence[str]) -> list[Language]:
    """The codes with their names in their own words."""
    return [Language(code, _own_name(code)) for code in codes]


def _own_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return code
