"""What the guard is asked: every figure shown of a round so far, with those that a release would add."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from surveys import guard
from surveys.answering import questions_of
from surveys.coding import Precision
from surveys.families import Family, Given, families_of, given_by
from surveys.figures import Thresholds, total_figure
from surveys.guard import Batch, Told
from surveys.models import Answer, Cell, QuestionType, Response, Round

NEW = 1_000_000  # stands for the release to come: after every other
LOWEST = Thresholds(numbers=5, texts=8)
Batches = dict[Batch, Counter[Given]]


@dataclass(frozen=True)
class History:
    """The people released so far, with those who may be next (their number is NEW), a family of questions at a time."""

    families: Sequence[Family]
    people: Sequence[Batches]
    least: Sequence[Thresholds]

    @property
    def batches(self) -> set[Batch]:
        return set().union(*self.people)

    def revealing(self, *, settled: bool) -> set[Batch]:
        """The batches the guard refuses; ``settled``: if the round were told for good."""
        told = told_of(self.batches, settled=settled)
        found: set[Batch] = set()
        for family, people in zip(self.families, self.people, strict=True):
            found |= guard.revealing(family, people, told, _code(family, self.least))
        return found


def is_safe(cell: Cell, chosen: Sequence[uuid.UUID]) -> bool:
    """May these responses of an open round be released next? Its figures are those of cells one by one."""
    responses = Response.objects.filter(cell=cell).filter(Q(release__isnull=False) | Q(pk__in=chosen))
    return not history_of(cell.round, responses).revealing(settled=False)


def may_settle(survey_round: Round, cells: Collection[int]) -> bool:
    """May all that waits in these cells be released at the end, and the whole be told exactly?"""
    responses = Response.objects.filter(round=survey_round, cell__hidden=False)
    responses = responses.filter(Q(release__isnull=False) | Q(cell__in=cells))
    return not history_of(survey_round, responses).revealing(settled=True)


def history_of(survey_round: Round, responses: QuerySet[Response]) -> History:
    """Three queries and one: sizes, answers counted, answers of linked questions, questions."""
    families = families_of(questions_of(survey_round))
    return History(families, people_of(families, responses, _sizes(responses)), _thresholds(survey_round))


def told_of(batches: Collection[Batch], *, settled: bool) -> list[Told]:
    """The figures of a round: each cell after each of its releases; once settled each cell less coarsely, and the whole
    exactly. All other sums are made of these figures and tell nothing more."""
    cells: dict[int, list[Batch]] = defaultdict(list)
    for batch in sorted(batches):
        cells[batch[0]].append(batch)
    steps = [frozenset(rows[: end + 1]) for rows in cells.values() for end in range(len(rows))]
    if not settled:
        return [Told(step) for step in steps]
    told = [Told(step) for step in steps if all(number != NEW for _, number in step)]
    if len(cells) > 1:
        told += [Told(frozenset(rows), Precision.COARSE) for rows in cells.values()]
    return [*told, Told(frozenset(batches), Precision.EXACT)]


def _thresholds(survey_round: Round) -> list[Thresholds]:
    """Those of now, and the lowest: earlier figures may have been shown before they were raised."""
    return list(dict.fromkeys([Thresholds.of(survey_round), LOWEST]))


def _code(family: Family, thresholds: Sequence[Thresholds]) -> guard.Code:
    def read(cells: Sequence[Mapping[Given, int]], precision: Precision) -> Hashable:
        return tuple(
            total_figure(question, [family.counts(people, position) for people in cells], least, precision)
            for position, question in enumerate(family.questions)
            for least in thresholds
        )

    return read


def _sizes(responses: QuerySet[Response]) -> dict[Batch, int]:
    rows = responses.values_list("cell_id", "release").annotate(n=Count("pk")).order_by("cell_id", "release")
    return {_batch(cell, release): n for cell, release, n in rows}


def people_of(families: Sequence[Family], responses: QuerySet[Response], sizes: Mapping[Batch, int]) -> list[Batches]:
    """For each family, how many people of each batch gave which answers. Two queries: families of one question are
    counted by the database."""
    alone = [family for family in families if _is_counted(family)]
    counted, read = _counted(alone, responses), _read([f for f in families if f not in alone], responses)
    found = []
    for family in families:
        people = (counted if family in alone else read)[family]
        for batch, size in sizes.items():
            silent = size - sum(people[batch].values())
            if silent:
                people[batch][(None,) * len(family.questions)] += silent
        found.append(people)
    return found


def _is_counted(family: Family) -> bool:
    return len(family.questions) == 1 and family.questions[0].type != QuestionType.SOME_OF


def _counted(families: Sequence[Family], responses: QuerySet[Response]) -> dict[Family, Batches]:
    by_question = {family.questions[0].pk: family for family in families}
    found: dict[Family, Batches] = {family: defaultdict(Counter) for family in families}
    rows = Answer.objects.filter(question__in=by_question, response__in=responses.values("pk"))
    keys = ("response__cell_id", "response__release", "question_id", "number", "choice")
    for cell, release, question, number, choice, n in rows.values_list(*keys).annotate(n=Count("pk")):
        found[by_question[question]][_batch(cell, release)][(choice if number is None else number,)] += n
    return found


def _read(families: Sequence[Family], responses: QuerySet[Response]) -> dict[Family, Batches]:
    found: dict[Family, Batches] = {family: defaultdict(Counter) for family in families}
    by_question = {question.pk: family for family in families for question in family.questions}
    given: dict[tuple[Family, Batch, uuid.UUID], list[tuple[int, int | None, str]]] = defaultdict(list)
    rows = Answer.objects.filter(question__in=by_question, response__in=responses.values("pk"))
    keys = ("response_id", "response__cell_id", "response__release", "question_id", "number", "choice")
    for response, cell, release, question, number, choice in rows.values_list(*keys).iterator():
        given[by_question[question], _batch(cell, release), response].append((question, number, choice))
    for (family, batch, _response), answers in given.items():
        found[family][batch][given_by(family, answers)] += 1
    return found


def _batch(cell: int, release: int | None) -> Batch:
    return cell, NEW if release is None else release
