"""One function makes every figure that anybody sees: pages, exports and charts."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext as _

from people.models import User
from surveys.answering import questions_of
from surveys.coding import HISTOGRAM_FROM, Coded, coded_mean, coded_share
from surveys.models import Answer, Cell, Question, QuestionType, Release, Round
from surveys.texts import option_text, question_text


@dataclass(frozen=True)
class Figure:
    """One question's result. ``coded`` is None while hidden; ``bars`` are (label, share in whole per cent)."""

    question: Question
    text: str
    coded: Coded | None = None
    bars: Sequence[tuple[str, int]] = ()
    quotes: Sequence[str] = field(default=())

    @property
    def hidden(self) -> bool:
        return self.coded is None and not self.quotes


def cells_for(survey_round: Round, user: User) -> QuerySet[Cell]:
    """The cells whose figures this person may see one by one: all, or those wholly of their own sites."""
    cells = survey_round.cells.filter(hidden=False).order_by("pk")
    if user.reads_everything:
        return cells
    foreign = Cell.sites.through.objects.exclude(site_id__in=user.coordinated_site_ids).values("cell_id")
    return cells.exclude(pk__in=foreign) if user.coordinated_site_ids else cells.none()


def figures(survey_round: Round, cells: Iterable[Cell]) -> list[Figure]:
    """The figures of all questions over the released answers of these cells. A constant number of queries."""
    ids = [cell.pk for cell in cells]
    counts: dict[int, Counter[Any]] = defaultdict(Counter)
    released = Answer.objects.filter(response__cell__in=ids, response__release__isnull=False)
    closed = released.exclude(question__type=QuestionType.TEXT)
    for question, number, choice, n in closed.values_list("question_id", "number", "choice").annotate(n=Count("pk")):
        counts[question][choice or number] += n
    questions = questions_of(survey_round)
    texts = _texts(released, survey_round, questions)
    return [_figure(survey_round, question, counts[question.pk], texts[question.pk]) for question in questions]


def _texts(released: Any, survey_round: Round, questions: Sequence[Question]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for question, text in released.filter(question__type=QuestionType.TEXT).values_list("question_id", "text"):
        found[question].append(text)
    for question in questions:
        texts = sorted(found[question.pk])
        # the same order on every view of one release, and no order a reader could learn from
        random.Random(f"{question.pk}:{len(texts)}:{''.join(texts)}").shuffle(texts)  # noqa: S311 - not a secret
        found[question.pk] = texts if len(texts) >= survey_round.k_text else []
    return found


def _figure(survey_round: Round, question: Question, counts: Counter[Any], texts: list[str]) -> Figure:
    answers = sum(counts.values())
    text = question_text(question)
    if question.type == QuestionType.TEXT:
        return Figure(question, text, quotes=texts)
    if answers < survey_round.k:
        return Figure(question, text)
    if question.type == QuestionType.YES_NO:
        return Figure(question, text, coded_share(answers, counts[1]))
    bars = _bars(question, counts, answers)
    if question.type in (QuestionType.ONE_OF, QuestionType.SOME_OF):
        return Figure(question, text, Coded("", str(answers)) if bars else None, bars)
    low, high = (1, 5) if question.type == QuestionType.SCALE_5 else (0, 10)
    total = sum(value * n for value, n in counts.items())
    return Figure(question, text, coded_mean(answers, total, low=low, high=high), bars)


def _bars(question: Question, counts: Counter[Any], answers: int) -> list[tuple[str, int]]:
    """Shares in steps of 10 %, from ten answers on."""
    if answers < HISTOGRAM_FROM:
        return []
    if question.options:
        keys = [(option["key"], option_text(option)) for option in question.options]
    else:
        points = range(1, 6) if question.type == QuestionType.SCALE_5 else range(11)
        keys = [(point, str(point)) for point in points]
    return [(label, round(counts[key] / answers * 10) * 10) for key, label in keys]


def last_releases(survey_round: Round) -> dict[int, Release]:
    """Cell id → its newest release, in one query."""
    newest = survey_round.cells.annotate(newest=Max("releases__number")).values_list("pk", "newest")
    wanted = {pk: number for pk, number in newest if number}
    found = Release.objects.filter(cell__in=wanted)
    return {release.cell_id: release for release in found if release.number == wanted[release.cell_id]}


def worthwhile(survey_rounds: Iterable[Round]) -> Coded | None:
    """The program's 94 % question over all released answers of these rounds; None while hidden."""
    rows = Answer.objects.filter(
        question__key="worthwhile", response__round__in=list(survey_rounds), response__release__isnull=False
    )
    counts = Counter(dict(rows.values_list("number").annotate(n=Count("pk")).values_list("number", "n")))
    answers = sum(counts.values())
    return coded_share(answers, counts[1]) if answers >= 5 else None


def survey_rows(survey_round: Round, user: User) -> Iterator[tuple[str, str, str, str]]:
    """Rows for exports: cell, question, answers, result. Exactly what the page shows."""
    cells = list(cells_for(survey_round, user))
    scopes = [(cell_name(cell), [cell]) for cell in cells if len(cells) > 1]
    scopes.append((_("Season"), list(survey_round.cells.filter(hidden=False))))
    for name, scope in scopes:
        for figure in figures(survey_round, scope):
            result = figure.coded.text if figure.coded else " | ".join(figure.quotes) or _("hidden")
            yield name, figure.text, figure.coded.answers if figure.coded else "", result


def cell_name(cell: Cell) -> str:
    return cell.site.name if cell.site else _("Other sites")
