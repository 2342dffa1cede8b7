"""Changing a draft: one function a verb. Each reads the draft as plain data, changes it, checks the whole and stores it.

``revision`` is the draft as the person saw it: when somebody else was faster, EditedMeanwhile is raised and nothing is
stored. All of them raise NotYours, Retired, Frozen, EditedMeanwhile, or NotWellFormed with what the change would break.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from people.models import User
from surveys.models import QuestionnaireVersion
from surveys.questionnaires import limits
from surveys.questionnaires.checking import problems
from surveys.questionnaires.definition import Definition, definition_of, find, normal, store
from surveys.questionnaires.lifecycle import locked_draft, record, record_of
from surveys.questionnaires.refusals import InUse, NotWellFormed
from surveys.questionnaires.words import question_words

Row = dict[str, Any]


@transaction.atomic
def _edit(
    version_id: int,
    change: Callable[[Definition], None],
    *,
    revision: int,
    by: User,
    now: datetime,
    verb: str,
    **changes: Any,
) -> QuestionnaireVersion:
    version = locked_draft(version_id, revision=revision, by=by)
    definition = normal(definition_of(version))
    change(definition)
    if found := problems(definition):
        rows, languages = definition["questions"], definition["languages"]
        raise NotWellFormed(found, [row["key"] for row in rows], [question_words(row, languages) for row in rows])
    version.revision += 1
    store(version, normal(definition))
    record(version, f"questionnaire.{verb}", by=by, now=now, **changes)
    return version


def change_words(
    *,
    version_id: int,
    revision: int,
    name: str,
    description: str,
    languages: Sequence[str],
    intro: dict[str, str],
    by: User,
    now: datetime,
) -> QuestionnaireVersion:
    """Name and description of the questionnaire, languages and opening words of the draft.

    Dropping a language drops its words everywhere in the draft."""

    def change(definition: Definition) -> None:
        definition |= {"languages": list(languages), "intro": intro}
        _keep_languages(definition, set(languages))

    with transaction.atomic():
        version = _edit(
            version_id, change, revision=revision, by=by, now=now, verb="words_changed", languages=languages
        )
        questionnaire = version.questionnaire
        before = [questionnaire.name, questionnaire.description]
        if before != [name, description]:
            questionnaire.name, questionnaire.description = name, description
            questionnaire.save(update_fields=["name", "description"])
            record_of(questionnaire, "questionnaire.renamed", by=by, now=now, name=[before[0], name])
    return version


def add_question(
    *, version_id: int, revision: int, question: Row, by: User, now: datetime
) -> tuple[QuestionnaireVersion, str]:
    """Put a question at the end of its section; the draft and the question's key, made from its text when empty."""
    keys: list[str] = []

    def change(definition: Definition) -> None:
        taken = [each["key"] for each in definition["questions"]]
        keys.append(question.get("key") or _free_key(_first_words(definition, question["texts"]), taken))
        _insert(definition, question | {"key": keys[0]}, before=None)

    version = _edit(version_id, change, revision=revision, by=by, now=now, verb="question_added")
    return version, keys[0]


def edit_question(
    *, version_id: int, revision: int, key: str, question: Row, by: User, now: datetime
) -> QuestionnaireVersion:
    """Replace a question. It keeps its key and its place, unless it changes section: then it goes to that one's end."""

    def change(definition: Definition) -> None:
        place, old = _place_of(definition, key)
        if question["section"] == old["section"]:
            definition["questions"][place] = question | {"key": key}
        else:
            del definition["questions"][place]
            _insert(definition, question | {"key": key}, before=None)

    return _edit(version_id, change, revision=revision, by=by, now=now, verb="question_changed", question=key)


def move_question(
    *, version_id: int, revision: int, key: str, section: str, before: str | None, by: User, now: datetime
) -> QuestionnaireVersion:
    """Put a question into ``section``, before the question ``before`` or at the section's end."""

    def change(definition: Definition) -> None:
        place, question = _place_of(definition, key)
        if before == key:
            return
        del definition["questions"][place]
        _insert(definition, question | {"section": section}, before=before)

    return _edit(version_id, change, revision=revision, by=by, now=now, verb="question_moved", question=key)


def step_question(
    *, version_id: int, revision: int, key: str, down: bool, by: User, now: datetime
) -> QuestionnaireVersion:
    """One place up or down. At the end of its section it goes over into the next one; at the very end nothing moves."""

    def change(definition: Definition) -> None:
        place, question = _place_of(definition, key)
        other = place + (1 if down else -1)
        rows = definition["questions"]
        if 0 <= other < len(rows) and rows[other]["section"] == question["section"]:
            rows[place], rows[other] = rows[other], rows[place]
        elif (section := _section_beside(definition, question["section"], down=down)) is not None:
            rows[place] = question | {"section": section}
            # stable: a question that went down is the first of its new section, one that went up the last
            _sort(definition)

    return _edit(version_id, change, revision=revision, by=by, now=now, verb="question_moved", question=key)


def remove_question(*, version_id: int, revision: int, key: str, by: User, now: datetime) -> QuestionnaireVersion:
    """Take a question out of the draft. Refused while another one is shown only after its answer."""

    def change(definition: Definition) -> None:
        place, _question = _place_of(definition, key)
        del definition["questions"][place]
        needing = [each for each in definition["questions"] if each["shown_if"].get("question") == key]
        if needing:
            said = _("“%(question)s” is shown only after an answer to this one. Change that first.")
            raise InUse(said % {"question": question_words(needing[0], definition["languages"])})

    return _edit(version_id, change, revision=revision, by=by, now=now, verb="question_removed", question=key)


def add_section(
    *, version_id: int, revision: int, texts: dict[str, str], by: User, now: datetime
) -> tuple[QuestionnaireVersion, str]:
    """A section at the end, and its key."""
    keys: list[str] = []

    def change(definition: Definition) -> None:
        taken = [each["key"] for each in definition["sections"]]
        words = next((texts[code] for code in definition["languages"] if texts.get(code, "").strip()), "section")
        keys.append(_free_key(words, taken))
        definition["sections"].append({"key": keys[0], "texts": texts})

    version = _edit(version_id, change, revision=revision, by=by, now=now, verb="section_added")
    return version, keys[0]


def edit_section(
    *, version_id: int, revision: int, key: str, texts: dict[str, str], by: User, now: datetime
) -> QuestionnaireVersion:
    """Other words for a section."""

    def change(definition: Definition) -> None:
        definition["sections"][_section_place(definition, key)]["texts"] = texts

    return _edit(version_id, change, revision=revision, by=by, now=now, verb="section_changed", section=key)


def step_section(
    *, version_id: int, revision: int, key: str, down: bool, by: User, now: datetime
) -> QuestionnaireVersion:
    """One place up or down with all its questions; at the end nothing moves."""

    def change(definition: Definition) -> None:
        rows, place = definition["sections"], _section_place(definition, key)
        other = place + (1 if down else -1)
        if 0 <= other < len(rows):
            rows[place], rows[other] = rows[other], rows[place]
            _sort(definition)

    return _edit(version_id, change, revision=revision, by=by, now=now, verb="section_moved", section=key)


def remove_section(*, version_id: int, revision: int, key: str, by: User, now: datetime) -> QuestionnaireVersion:
    """Take a section away. Its questions stay: in the section before, or before all sections."""

    def change(definition: Definition) -> None:
        place = _section_place(definition, key)
        beside = definition["sections"][place - 1]["key"] if place else ""
        del definition["sections"][place]
        for question in definition["questions"]:
            if question["section"] == key:
                question["section"] = beside

    return _edit(version_id, change, revision=revision, by=by, now=now, verb="section_removed", section=key)


def _keep_languages(definition: Definition, languages: set[str]) -> None:
    rows = [*definition["sections"], *definition["questions"]]
    rows += [option for question in definition["questions"] for option in question["options"]]
    for row in rows:
        row["texts"] = {code: words for code, words in row["texts"].items() if code in languages}
    definition["intro"] = {code: words for code, words in definition["intro"].items() if code in languages}


def _place_of(definition: Definition, key: str) -> tuple[int, Row]:
    question = find(definition, key)
    if question is None:
        raise InUse(_("This question was removed meanwhile."))
    return definition["questions"].index(question), question


def _section_place(definition: Definition, key: str) -> int:
    for place, section in enumerate(definition["sections"]):
        if section["key"] == key:
            return place
    raise InUse(_("This section was removed meanwhile."))


def _insert(definition: Definition, question: Row, *, before: str | None) -> None:
    other = find(definition, before) if before else None
    rows = definition["questions"]
    rows.insert(len(rows) if other is None else rows.index(other), question)
    _sort(definition)


def _sort(definition: Definition) -> None:
    """Questions in the order of their sections, else as they stand. An unknown section is left to the check."""
    order = {"": 0} | {each["key"]: place for place, each in enumerate(definition["sections"], start=1)}
    definition["questions"].sort(key=lambda question: order.get(question["section"], 0))


def _section_beside(definition: Definition, section: str, *, down: bool) -> str | None:
    order = ["", *(each["key"] for each in definition["sections"])]
    other = order.index(section) + (1 if down else -1)
    return order[other] if 0 <= other < len(order) else None


def _first_words(definition: Definition, texts: dict[str, dict[str, str]]) -> str:
    found = (texts.get(code, {}).get("text", "").strip() for code in definition["languages"])
    return next((words for words in found if words), "")


def _free_key(words: str, taken: Sequence[str]) -> str:
    """A key made from words; numbered when another one has it, or the answer page needs it."""
    stem = slugify(words)[:40].strip("-_").replace("_", "-") or "question"
    used = {*taken, *limits.RESERVED_KEYS}
    numbers = range(2, len(used) + 3)
    return next(key for key in (stem, *(f"{stem}-{number}" for number in numbers)) if key not in used)
