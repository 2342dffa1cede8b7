"""Reading tallies and released texts into the figures of a page, an export, the API or a chart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db.models import Q, QuerySet

from surveys.coding import Precision
from surveys.figures import Counts, Shown, Thresholds, cell_figure, joined_figure, total_figure
from surveys.models import Answer, Cell, Question, Round, Tally

TEXTS_ON_A_PAGE = 50
Tallies = Mapping[int, Mapping[int, Counts]]  # question → cell → counts


def tallies_of(survey_round: Round) -> Tallies:
    """The counts of a round's released answers: question → cell → counts. One query."""
    found: dict[int, dict[int, Counts]] = defaultdict(lambda: defaultdict(Counter))
    for _round, question, cell, key, answers in _rows(Tally.objects.filter(cell__round=survey_round)):
        found[question][cell][key] = answers
    return found


def _rows(tallies: QuerySet[Tally]) -> Iterator[tuple[int, int, int, int | str, int]]:
    """Round, question, cell, value and answers, of cells that may be seen."""
    seen = tallies.filter(Q(cell__hidden=False) | Q(cell__round__anonymous=False))
    rows = seen.values_list("cell__round_id", "question_id", "cell_id", "number", "choice", "answers")
    for survey_round, question, cell, number, choice, answers in rows:
        yield survey_round, question, cell, choice if number is None else number, answers


def tallies_of_rounds(rounds: Iterable[int], questions: Iterable[int]) -> Mapping[int, Tallies]:
    """Round id → the counts of its released answers to these questions. One query."""
    found: dict[int, dict[int, dict[int, Counts]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(Counter)))
    for survey_round, question, cell, value, answers in _rows(
        Tally.objects.filter(cell__round__in=list(rounds), question__in=list(questions))
    ):
        found[survey_round][question][cell][value] = answers
    return found


def one_question(survey_rounds: Iterable[Round], key: str) -> Shown | None:
    """One question over several rounds, each counted as a whole and then joined from what is shown of each. Two queries,
    and one for the rounds."""
    rounds = {survey_round.pk: survey_round for survey_round in survey_rounds}
    asked = Question.objects.filter(key=key, version__in={found.version_id for found in rounds.values()})
    questions = {question.pk: question for question in asked}
    shown = [
        shown_figure(rounds[survey_round], questions[question], counts, list(counts))
        for survey_round, tallies in tallies_of_rounds(rounds, questions).items()
        for question, counts in tallies.items()
    ]
    return joined_figure(next(iter(questions.values())), shown) if shown else None


def shown_figure(
    survey_round: Round, question: Question, cells: Mapping[int, Counts], scope: Sequence[int]
) -> Shown | None:
    """The figure of the cells in ``scope``. Only the whole of a settled round, and a named one, is counted out exactly;
    every other sum is made of what is shown of its cells one by one, so that it cannot tell more than they do."""
    least = Thresholds.of(survey_round)
    wanted = [cells[pk] for pk in scope if pk in cells]
    if not survey_round.anonymous:
        return total_figure(question, wanted, least, Precision.PLAIN)
    if survey_round.exact and set(cells) <= set(scope):
        return total_figure(question, wanted, least, Precision.EXACT)
    precision = Precision.COARSE if survey_round.exact else Precision.OPEN
    return joined_figure(question, [cell_figure(question, counts, least, precision) for counts in wanted])


def released_texts(
    survey_round: Round, question: Question, cells: Mapping[int, Counts], scope: Sequence[int]
) -> QuerySet[Answer, str] | None:
    """The texts of the cells that have enough of them, or None. In the order of their keys, which are drawn at random when
    they are released: no order a reader could learn from, and the same until the next release."""
    least = Thresholds.of(survey_round)
    enough = [pk for pk in scope if pk in cells and cell_figure(question, cells[pk], least, Precision.COARSE)]
    if not enough:
        return None
    texts = Answer.objects.filter(question=question, response__cell__in=enough, response__release__isnull=False)
    return texts.order_by("pk").values_list("text", flat=True)


def all_texts(survey_round: Round, cells: Iterable[Cell], question: Question) -> Iterator[str]:
    """Every text that pages show one after another, streamed for exports."""
    tallies, scope = tallies_of(survey_round)[question.pk], [cell.pk for cell in cells]
    rows = released_texts(survey_round, question, tallies, scope)
    yield from rows.iterator(2000) if rows is not None else ()
