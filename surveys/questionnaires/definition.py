"""A questionnaire as plain data: what pages edit, files carry and rows store.

{"languages": [code], "intro": {code: words}, "sections": [{"key", "texts": {code: words}}],
 "questions": [{"key", "section", "type", "required", "texts": {code: {"text", "hint", "low", "high"}},
                "options": [{"key", "texts": {code: words}}], "shown_if": {"question", "is"} or {}, "alignment_key"}]}
"""

from __future__ import annotations

from typing import Any

from surveys.models import Question, QuestionnaireVersion, QuestionType

Definition = dict[str, Any]

SCALES = {QuestionType.SCALE_5: range(1, 6), QuestionType.SCALE_10: range(11)}
CHOICES = (QuestionType.ONE_OF, QuestionType.SOME_OF)
FIELDS = ("key", "section", "type", "required", "texts", "options", "shown_if", "alignment_key")
_DEFAULTS: dict[str, Any] = {"section": "", "required": False, "options": [], "shown_if": {}, "alignment_key": ""}


def definition_of(version: QuestionnaireVersion, rows: list[Question] | None = None) -> Definition:
    """The version as plain data. One query at most: the version's questions, where ``rows`` are not read already."""
    rows = list(version.questions.order_by("position", "pk")) if rows is None else rows
    return {
        "languages": version.languages or languages_in(rows),
        "intro": version.intro,
        "sections": version.sections,
        "questions": [{field: getattr(row, field) for field in FIELDS} for row in rows],
    }


def languages_in(questions: list[Question]) -> list[str]:
    """The languages of versions from before they were kept beside the questions; English first."""
    found = {code for question in questions for code in question.texts}
    return sorted(found, key=lambda code: (code != "en", code)) or ["en"]


def normal(definition: Definition) -> Definition:
    """The one way to write a well-formed definition: every field there, words without blanks around, no empty words."""
    return {
        "languages": list(definition["languages"]),
        "intro": _words(definition.get("intro", {})),
        "sections": [_with_words(section) for section in definition.get("sections", [])],
        "questions": [_question(question) for question in definition.get("questions", [])],
    }


def _question(question: dict[str, Any]) -> dict[str, Any]:
    full = _DEFAULTS | question
    full["texts"] = {code: words for code, parts in full["texts"].items() if (words := _words(parts))}
    full["options"] = [_with_words(option) for option in full["options"]]
    full["shown_if"] = dict(full["shown_if"])
    return {field: full[field] for field in FIELDS}


def _words(texts: dict[str, str]) -> dict[str, str]:
    return {name: words.strip() for name, words in texts.items() if words.strip()}


def _with_words(row: dict[str, Any]) -> dict[str, Any]:
    return {"key": row["key"], "texts": _words(row.get("texts", {}))}


def store(version: QuestionnaireVersion, definition: Definition) -> None:
    """Make the rows of a draft say what a normal definition says. Inside the caller's transaction."""
    version.languages, version.intro = definition["languages"], definition["intro"]
    version.sections = definition["sections"]
    version.save(update_fields=["languages", "intro", "sections", "revision"])
    version.questions.all().delete()
    rows = enumerate(definition["questions"], start=1)
    Question.objects.bulk_create(Question(version=version, position=place, **question) for place, question in rows)


def values_of(question: dict[str, Any]) -> list[int | str]:
    """What can be answered to a closed question, as answers hold it; empty for free text."""
    if question["type"] in SCALES:
        return list(SCALES[question["type"]])
    if question["type"] == QuestionType.YES_NO:
        return [1, 0]
    return [option["key"] for option in question.get("options") or []]


def find(definition: Definition, key: str) -> dict[str, Any] | None:
    """The question of that key."""
    return next((question for question in definition["questions"] if question["key"] == key), None)


def in_sections(definition: Definition) -> list[tuple[dict[str, Any] | None, list[dict[str, Any]]]]:
    """Sections with their questions, in order; None first for questions that stand before every section."""
    rows = {section["key"]: [] for section in definition["sections"]}  # type: dict[str, list[dict[str, Any]]]
    loose: list[dict[str, Any]] = []
    for question in definition["questions"]:
        rows.get(question["section"], loose).append(question)
    parts = [(section, rows[section["key"]]) for section in definition["sections"]]
    return ([(None, loose)] if loose or not parts else []) + parts
