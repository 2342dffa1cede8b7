"""From counts to what is shown: the one place that says how the answers to a question become a figure.

Nothing here reads the database: results and the release guard use the same functions, so the guard judges exactly what
readers see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

from surveys.coding import (
    HISTOGRAM_FROM,
    OPEN_FROM,
    Coded,
    Precision,
    coded_bar,
    coded_count,
    coded_mean,
    coded_share,
)
from surveys.models import Question, QuestionType, Round

Counts = Counter[Hashable]  # number or option → answers; PEOPLE → people, for "some of" and texts
PEOPLE = ""
FAVOURABLE = {QuestionType.SCALE_5: 4, QuestionType.SCALE_10: 7}  # from this point on an answer is favourable
ENDS = {QuestionType.SCALE_5: (1, 5), QuestionType.SCALE_10: (0, 10), QuestionType.YES_NO: (0, 1)}


@dataclass(frozen=True)
class Thresholds:
    """The least answers shown, of numbers and of texts. Named rounds hide nothing."""

    numbers: int
    texts: int

    @classmethod
    def of(cls, survey_round: Round) -> Thresholds:
        return cls(survey_round.k, survey_round.k_text) if survey_round.anonymous else cls(1, 1)


@dataclass(frozen=True)
class Shown:
    """One question's figure. ``bars`` are (number or option, share in per cent); ``texts`` is how many can be read."""

    coded: Coded
    favourable: Coded | None = None
    bars: tuple[tuple[Hashable, int], ...] = ()
    texts: int = 0


def values_of(question: Question) -> list[Hashable]:
    """Every answer a closed question can get, in order: points, 0 and 1, or the keys of its options."""
    if question.type in ENDS:
        low, high = ENDS[QuestionType(question.type)]
        return list(range(low, high + 1))
    return [option["key"] for option in question.options]


def people(question: Question, counts: Counts) -> int:
    """How many people answered."""
    if question.type in (QuestionType.SOME_OF, QuestionType.TEXT):
        return counts[PEOPLE]
    return sum(counts.values())


def cell_figure(question: Question, counts: Counts, least: Thresholds, precision: Precision) -> Shown | None:
    """The figure of one cell; None while it is hidden."""
    answers = people(question, counts)
    if question.type == QuestionType.TEXT:
        return Shown(Coded("", str(answers)), texts=answers) if answers >= least.texts else None
    if answers < (max(least.numbers, OPEN_FROM) if precision is Precision.OPEN else max(least.numbers, 1)):
        return None
    bars: tuple[tuple[Hashable, int], ...] = ()
    if question.type != QuestionType.YES_NO and (answers >= HISTOGRAM_FROM or precision is Precision.PLAIN):
        bars = tuple((value, coded_bar(answers, counts[value], precision)) for value in values_of(question))
    return Shown(_coded(question, counts, answers, precision), _favourable(question, counts, precision), bars)


def _coded(question: Question, counts: Counts, answers: int, precision: Precision) -> Coded:
    if question.type == QuestionType.YES_NO:
        return coded_share(answers, counts[1], precision)
    if question.type in FAVOURABLE:
        low, high = ENDS[QuestionType(question.type)]
        total = sum(int(str(point)) * n for point, n in counts.items())
        return coded_mean(answers, total, low=low, high=high, precision=precision)
    return Coded("", coded_count(answers, precision))


def _favourable(question: Question, counts: Counts, precision: Precision) -> Coded | None:
    least = FAVOURABLE.get(QuestionType(question.type))
    if least is None:
        return None
    answers = sum(counts.values())
    return coded_share(answers, sum(n for point, n in counts.items() if int(str(point)) >= least), precision)


def total_figure(question: Question, cells: Iterable[Counts], least: Thresholds, precision: Precision) -> Shown | None:
    """The figure of several cells counted together. Cells that could not be shown by themselves are left out: a
    difference must not tell them either."""
    total: Counts = Counter()
    for counts in cells:
        if cell_figure(question, counts, least, precision):
            total.update(counts)
    return cell_figure(question, total, least, precision)


def joined_figure(question: Question, cells: Sequence[Shown | None]) -> Shown | None:
    """The figure of several cells, made only of what is shown of each: it tells nothing that they don't."""
    known = [shown for shown in cells if shown]
    if len(known) < 2:
        return known[0] if known else None
    if question.type == QuestionType.TEXT:
        texts = sum(shown.texts for shown in known)
        return Shown(Coded("", str(texts)), texts=texts)
    coded = _joined(question, [shown.coded for shown in known])
    favourable = [shown.favourable for shown in known if shown.favourable]
    return Shown(coded, _joined_share(favourable) if favourable else None, _joined_bars(known))


def _joined(question: Question, cells: Sequence[Coded]) -> Coded:
    if question.type == QuestionType.YES_NO:
        return _joined_share(cells)
    low, high = ENDS.get(QuestionType(question.type), (0, 0))
    if low == high:
        return Coded("", _joined_answers(cells))
    answers = sum(map(at_least, cells))
    total = sum((part.value or 0) * at_least(part) for part in cells)
    return replace(coded_mean(answers, total, low=low, high=high), answers=_joined_answers(cells))


def _joined_share(cells: Sequence[Coded]) -> Coded:
    answers = sum(map(at_least, cells))
    yes = sum((part.value or 0) / 100 * at_least(part) for part in cells)
    return replace(coded_share(answers, yes, Precision.COARSE), answers=_joined_answers(cells))


def _joined_bars(cells: Sequence[Shown]) -> tuple[tuple[Hashable, int], ...]:
    drawn = [shown for shown in cells if shown.bars]
    answers = sum(at_least(shown.coded) for shown in drawn)
    sums: Counter[Hashable] = Counter()
    for shown in drawn:
        for value, per_cent in shown.bars:
            sums[value] += per_cent * at_least(shown.coded)
    return tuple((value, round(total / answers / 10) * 10) for value, total in sums.items())


def _joined_answers(cells: Sequence[Coded]) -> str:
    exact = all(part.answers.isdigit() for part in cells)
    return f"{sum(map(at_least, cells))}{'' if exact else '+'}"


def at_least(coded: Coded) -> int:
    """The number of answers as far as it is told: 5 of "5+"."""
    return int(coded.answers.rstrip("+"))
