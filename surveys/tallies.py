"""Counting a release into the tallies, in its transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from surveys.figures import PEOPLE
from surveys.models import Cell, Question, QuestionType, Tally

Key = tuple[int, int | None, str]  # question, number, option


def add(cell: Cell, contents: Iterable[Iterable[tuple[int, int | None, str, str]]]) -> None:
    """Add the answers of these people to the cell's tallies. The cell is locked by the caller."""
    more = _count(contents, _counted_by_people(cell))
    rows = {(tally.question_id, tally.number, tally.choice): tally for tally in Tally.objects.filter(cell=cell)}
    for key, answers in more.items():
        if key in rows:
            rows[key].answers += answers
    Tally.objects.bulk_update([rows[key] for key in more if key in rows], ["answers"], batch_size=500)
    Tally.objects.bulk_create(
        Tally(cell=cell, question_id=question, number=number, choice=choice, answers=answers)
        for (question, number, choice), answers in more.items()
        if (question, number, choice) not in rows
    )


def _counted_by_people(cell: Cell) -> set[int]:
    """Questions that one person answers with any number of choices, or with words: people are counted as well."""
    questions = Question.objects.filter(version=cell.round.version_id)
    several = questions.filter(type__in=[QuestionType.SOME_OF, QuestionType.TEXT])
    return set(several.values_list("pk", flat=True))


def _count(contents: Iterable[Iterable[tuple[int, int | None, str, str]]], by_people: set[int]) -> Counter[Key]:
    found: Counter[Key] = Counter()
    for answers in contents:
        rows = list(answers)
        found.update((question, number, choice) for question, number, choice, text in rows if not text)
        found.update((question, None, PEOPLE) for question in {row[0] for row in rows} & by_people)
    return found
