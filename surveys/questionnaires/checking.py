"""What a good questionnaire is.

``problems`` are what no draft may have and no file may bring: a draft is always well formed. ``gaps`` are what a draft may
still lack and a published version may not: every text in every language, both ends of a scale, a question in each section.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from surveys.models import QuestionType
from surveys.questionnaires import limits
from surveys.questionnaires.definition import CHOICES, SCALES, Definition, values_of
from surveys.questionnaires.problems import Path, Problem
from surveys.questionnaires.shape import Shape, shown


def problems(definition: Any, *, more: tuple[str, ...] = ()) -> list[Problem]:
    """All that is wrong; first of shape, and only where the shape is right of meaning. ``definition`` may be anything."""
    shape = Shape()
    shape.definition(definition, more=more)
    return shape.problems or list(_of_meaning(definition))


def _of_meaning(definition: Definition) -> Iterator[Problem]:
    languages, sections = definition["languages"], definition.get("sections", [])
    if not languages:
        yield Problem(("languages",), _("A questionnaire has one language at least."))
    yield from _twice([(("languages", place), code) for place, code in enumerate(languages, start=1)])
    yield from _twice(_keys(sections, ("sections",)))
    yield from _strange_languages(definition.get("intro", {}), ("intro",), languages)
    for place, section in enumerate(sections, start=1):
        yield from _strange_languages(section.get("texts", {}), ("sections", place, "texts"), languages)
    yield from _of_questions(definition)


def _of_questions(definition: Definition) -> Iterator[Problem]:
    questions = definition["questions"]
    yield from _twice(_keys(questions, ("questions",)))
    aligned = [
        (("questions", place, "alignment_key"), each.get("alignment_key", "")) for place, each in _count(questions)
    ]
    yield from _twice([pair for pair in aligned if pair[1]])
    yield from _order(definition)
    earlier: dict[str, dict[str, Any]] = {}
    for place, question in _count(questions):
        path = ("questions", place)
        yield from _of_question(question, path, definition["languages"])
        yield from _condition(question.get("shown_if") or {}, (*path, "shown_if"), earlier)
        earlier[question["key"]] = question


def _of_question(question: dict[str, Any], path: Path, languages: list[str]) -> Iterator[Problem]:
    kind, options = question["type"], question.get("options", [])
    if question["key"] in limits.RESERVED_KEYS:
        yield Problem(
            (*path, "key"), _("The answer page needs the name %(key)s for itself.") % {"key": question["key"]}
        )
    if kind in CHOICES and len(options) < 2:
        yield Problem((*path, "options"), _("A choice has two options at least."))
    if kind not in CHOICES and options:
        yield Problem((*path, "options"), _("Only “one of” and “some of” have options."))
    if kind == QuestionType.TEXT and question.get("alignment_key"):
        said = _("Free text cannot be set side by side: an alignment key belongs to scales and choices.")
        yield Problem((*path, "alignment_key"), said)
    yield from _twice(_keys(options, (*path, "options")))
    yield from _strange_languages(question["texts"], (*path, "texts"), languages)
    for place, option in enumerate(options, start=1):
        yield from _strange_languages(option.get("texts", {}), (*path, "options", place, "texts"), languages)
    if kind not in SCALES:
        for code, words in question["texts"].items():
            for part in sorted({"low", "high"} & set(words)):
                yield Problem((*path, "texts", code, part), _("Only scales have ends."))


def _condition(condition: dict[str, Any], path: Path, earlier: dict[str, dict[str, Any]]) -> Iterator[Problem]:
    """``earlier``: the questions before this one, by key."""
    if not condition:
        return
    key, value = condition["question"], condition["is"]
    asked = earlier.get(key)
    if asked is None:
        yield Problem((*path, "question"), _("No earlier question has the key %(key)s.") % {"key": shown(key)})
    elif asked["type"] == QuestionType.TEXT:
        yield Problem((*path, "question"), _("What is written in free text decides nothing. Choose a closed question."))
    elif value not in values_of(asked):
        said = _("%(value)s is no answer to %(key)s.")
        yield Problem((*path, "is"), said % {"value": shown(value), "key": key})


def _order(definition: Definition) -> Iterator[Problem]:
    """Questions stand in the order of their sections; those without one come first."""
    places = {"": 0} | {section["key"]: place for place, section in _count(definition.get("sections", []))}
    reached = 0
    for place, question in _count(definition["questions"]):
        section = question.get("section", "")
        if section not in places:
            said = _("There is no section %(key)s.") % {"key": section}
            yield Problem(("questions", place, "section"), said)
        elif places[section] < reached:
            said = _("Questions of one section stand together, in the order of the sections.")
            yield Problem(("questions", place, "section"), said)
        reached = max(reached, places.get(section, 0))


def _count(rows: list[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    return iter(enumerate(rows, start=1))


def _keys(rows: list[dict[str, Any]], path: Path) -> list[tuple[Path, str]]:
    return [((*path, place, "key"), row["key"]) for place, row in _count(rows)]


def _twice(named: list[tuple[Path, str]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, name in named:
        if name in seen:
            yield Problem(path, _("%(name)s is there twice.") % {"name": name})
        seen.add(name)


def _strange_languages(texts: dict[str, Any], path: Path, languages: list[str]) -> Iterator[Problem]:
    for code in texts:
        if code not in languages:
            said = _("%(language)s is not among the languages of this questionnaire.")
            yield Problem((*path, code), said % {"language": language_name(code)})


def gaps(definition: Definition) -> list[Problem]:
    """What a normal, well-formed definition lacks before it can be published."""
    return list(_gaps(definition))


def _gaps(definition: Definition) -> Iterator[Problem]:
    languages, questions = definition["languages"], definition["questions"]
    if not questions:
        yield Problem(("questions",), _("There is no question yet."))
    if definition["intro"]:
        yield from _missing(definition["intro"], ("intro",), languages)
    used = {question["section"] for question in questions}
    for place, section in _count(definition["sections"]):
        yield from _missing(section["texts"], ("sections", place), languages)
        if section["key"] not in used:
            yield Problem(("sections", place), _("This section has no question."))
    for place, question in _count(questions):
        yield from _question_gaps(question, ("questions", place), languages)


def _question_gaps(question: dict[str, Any], path: Path, languages: list[str]) -> Iterator[Problem]:
    said = {"hint": _("The hint in %(language)s is missing."), "text": _("The question in %(language)s is missing.")}
    said |= {"low": _("The low end in %(language)s is missing."), "high": _("The high end in %(language)s is missing.")}
    needed = ["text", *(["low", "high"] if question["type"] in SCALES else [])]
    if any("hint" in words for words in question["texts"].values()):
        needed.append("hint")
    for code in languages:
        for part in needed:
            if part not in question["texts"].get(code, {}):
                yield Problem((*path, "texts", code, part), said[part] % {"language": language_name(code)})
    for place, option in _count(question["options"]):
        yield from _missing(option["texts"], (*path, "options", place), languages)


def _missing(texts: dict[str, str], path: Path, languages: list[str]) -> Iterator[Problem]:
    for code in languages:
        if code not in texts:
            said = _("The words in %(language)s are missing.") % {"language": language_name(code)}
            yield Problem((*path, "texts", code), said)


def language_name(code: str) -> str:
    """ "Deutsch" for "de": the name its own speakers use."""
    return str(get_language_info(code)["name_local"]).capitalize()
