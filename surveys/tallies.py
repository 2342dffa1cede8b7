"""Counting a release into the tallies, in its transaction. Of questions in BY_PEOPLE the people are counted as well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db.models import Count

from surveys.figures import PEOPLE
from surveys.models import Answer, Cell, Question, QuestionType, Round, Tally

BY_PEOPLE = (QuestionType.SOME_OF, QuestionType.TEXT)  # one answers with any number of options, or with words
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
    questions = Question.objects.filter(version=cell.round.version_id, type__in=BY_PEOPLE)
    return set(questions.values_list("pk", flat=True))


def _count(contents: Iterable[Iterable[tuple[int, int | None, str, str]]], by_people: set[int]) -> Counter[Key]:
    found: Counter[Key] = Counter()
    for answers in contents:
        rows = list(answers)
        found.update((question, number, choice) for question, number, choice, text in rows if not text)
        found.update((question, None, PEOPLE) for question in {row[0] for row in rows} & by_people)
    return found


def recount(survey_round: Round) -> None:
    """Write a round's tallies anew from its released answers, for data that came in past the releases."""
    released = Answer.objects.filter(response__round=survey_round, response__release__isnull=False)
    keys = ("response__cell_id", "question_id", "number", "choice")
    values = released.exclude(question__type=QuestionType.TEXT).values_list(*keys).annotate(n=Count("pk"))
    by_people = released.filter(question__type__in=BY_PEOPLE).values_list("response__cell_id", "question_id")
    counts = {(cell, question, number, choice): n for cell, question, number, choice, n in values}
    counts |= {
        (cell, question, None, PEOPLE): n
        for cell, question, n in by_people.annotate(n=Count("response_id", distinct=True))
    }
    Tally.objects.filter(cell__round=survey_round).delete()
    Tally.objects.bulk_create(
        Tally(cell_id=cell, question_id=question, number=number, choice=choice, answers=n)
        for (cell, question, number, choice), n in counts.items()
    )
