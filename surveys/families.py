"""Questions that depend on each other, and the answers one person can have given to them together.

A family is a question with every question shown only because of its answer, and so on. Most questions are a family of
their own. What the guard weighs is always a person's answers to a whole family, so that no imagined answer contradicts
the skip logic.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from surveys.answering import is_shown
from surveys.figures import PEOPLE, Counts, values_of
from surveys.models import Question, QuestionType

Given = tuple[Hashable, ...]  # one answer a question of the family: number, option, set of options, WROTE or None
WROTE = "wrote"


@dataclass(frozen=True)
class Family:
    """Questions in order, parents first."""

    questions: tuple[Question, ...]

    def counts(self, people: Mapping[Given, int], position: int) -> Counts:
        """What the tallies of one question say when so many people gave these answers."""
        found: Counts = Counter()
        for given, n in people.items():
            for value in counted(given[position], self.questions[position]):
                found[value] += n
        return found

    def aspects(self) -> Iterator[Callable[[Given], Hashable]]:
        """What may not become certain of anybody: each answer to a closed question, and each option of "some of"."""
        for position, question in enumerate(self.questions):
            if question.type == QuestionType.SOME_OF:
                yield from (_has(position, option) for option in values_of(question))
            elif question.type != QuestionType.TEXT:
                yield _answer(position)

    def others(self, given: Given) -> Iterator[Given]:
        """Answers that a person could have given instead: one question answered otherwise, the rest as skip logic asks."""
        for position, question in enumerate(self.questions):
            for value in _alternatives(question, given[position]):
                if changed := self._consistent(given, position, value):
                    yield changed

    def _consistent(self, given: Given, position: int, value: Hashable) -> Given | None:
        answers = {question.key: answer for question, answer in zip(self.questions, given, strict=True)}
        answers[self.questions[position].key] = value
        for question in reversed(self.questions[: position + 1]):
            if value is not None and answers[question.key] is not None and question.shown_if:
                answers[question.shown_if["question"]] = self._showing(question)
        for question in self.questions:
            answers[question.key] = _kept(question, answers)
        changed = tuple(answers[question.key] for question in self.questions)
        return changed if changed[position] == value else None

    def _showing(self, question: Question) -> Hashable:
        """The parent's answer that shows the question."""
        parent = next(parent for parent in self.questions if parent.key == question.shown_if["question"])
        wanted = question.shown_if["is"]
        if parent.type == QuestionType.SOME_OF:
            return frozenset({wanted})
        return next((value for value in values_of(parent) if str(value) == str(_plain(wanted))), None)


def families_of(questions: Sequence[Question]) -> list[Family]:
    """The families of a version, in order. Texts that depend on nothing belong to none: nothing follows from them."""
    heads: dict[str, str] = {}
    for question in questions:
        parent = question.shown_if.get("question") if question.shown_if else None
        heads[question.key] = heads.get(parent, question.key) if parent else question.key
    grouped: dict[str, list[Question]] = {}
    for question in questions:
        grouped.setdefault(heads[question.key], []).append(question)
    return [Family(tuple(group)) for group in grouped.values() if any(q.type != QuestionType.TEXT for q in group)]


def given_by(family: Family, answers: Iterable[tuple[int, int | None, str]]) -> Given:
    """One person's answers to the family, from rows of (question, number, option)."""
    found: dict[int, Any] = {}
    types = {question.pk: question.type for question in family.questions}
    for question, number, option in answers:
        if types.get(question) == QuestionType.SOME_OF:
            found[question] = found.get(question, frozenset()) | {option}
        elif question in types:
            found[question] = WROTE if types[question] == QuestionType.TEXT else option if number is None else number
    return tuple(found.get(question.pk) for question in family.questions)


def counted(answer: Any, question: Question) -> Iterator[Hashable]:
    """The tallies one person's answer adds to."""
    if answer is None:
        return
    if question.type == QuestionType.SOME_OF:
        yield from answer
    if question.type in (QuestionType.SOME_OF, QuestionType.TEXT):
        yield PEOPLE
    else:
        yield answer


def _answer(position: int) -> Callable[[Given], Hashable]:
    return lambda given: given[position]


def _has(position: int, option: Hashable) -> Callable[[Given], Hashable]:
    return lambda given: None if given[position] is None else option in given[position]  # type: ignore[operator]


def _alternatives(question: Question, answer: Any) -> Iterator[Hashable]:
    if question.type == QuestionType.TEXT:
        return
    if question.type == QuestionType.SOME_OF:
        chosen = answer or frozenset()
        yield from (chosen ^ {option} for option in values_of(question) if chosen ^ {option})
    else:
        yield from (value for value in values_of(question) if value != answer)
    if answer is not None and (not question.required or question.shown_if):
        yield None


def _kept(question: Question, answers: Mapping[str, Any]) -> Hashable:
    """The answer, or one that skip logic asks for in its place."""
    given = {key: list(value) if isinstance(value, frozenset) else value for key, value in answers.items()}
    answer: Hashable = answers[question.key]
    if not is_shown(question, given):
        return None
    if answer is None and question.required:
        first = WROTE if question.type == QuestionType.TEXT else values_of(question)[0]
        return frozenset({first}) if question.type == QuestionType.SOME_OF else first
    return answer


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value
