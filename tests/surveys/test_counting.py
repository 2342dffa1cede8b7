"""Figures are counts over released answers, read from tallies."""

from collections import Counter

import pytest

from surveys import counting, releasing
from surveys.figures import PEOPLE
from surveys.models import Answer, Question, QuestionType, Tally
from tests.factories import NINE
from tests.surveys.privacy import world

pytestmark = pytest.mark.django_db


def counted(survey_round):
    """(cell, question, number, choice) → people, counted afresh over the released answers."""
    found, people = Counter(), Counter()
    for answer in Answer.objects.filter(response__round=survey_round, response__release__isnull=False):
        cell, question = answer.response.cell_id, answer.question_id
        if answer.question.type != QuestionType.TEXT:
            found[cell, question, answer.number, answer.choice] += 1
        if answer.question.type in (QuestionType.TEXT, QuestionType.SOME_OF):
            people[cell, question, answer.response_id] = 1
    found.update((cell, question, None, PEOPLE) for cell, question, _ in people)
    return dict(found)


def tallied(survey_round):
    rows = Tally.objects.filter(cell__round=survey_round)
    return {(row.cell_id, row.question_id, row.number, row.choice): row.answers for row in rows}


@pytest.mark.parametrize("seed", range(3))
def test_tallies_equal_counts_after_every_release(seed):
    survey_round = world.make_round(40, 12)
    world.answer(survey_round, seed)

    releasing.release_rounds(now=NINE)
    assert tallied(survey_round) == counted(survey_round)
    world.close(survey_round)
    assert tallied(survey_round) == counted(survey_round)
    assert not survey_round.exact or len(counted(survey_round)) > 10


def test_a_named_round_is_told_as_it_was_answered():
    survey_round = world.make_round(6, anonymous=False)
    said = list(world.answer(survey_round).values())
    releasing.release_rounds(now=NINE)

    shown = {figure.question.key: figure for figure in counting.figures(survey_round, survey_round.cells.all())}

    yes = sum(answers["worthwhile"] for answers in said)
    assert (shown["worthwhile"].coded.numerator, shown["worthwhile"].coded.denominator) == (yes, 6)
    assert shown["floor-share"].coded.value == round(sum(answers["floor-share"] for answers in said) / 6, 2)
    assert sorted(shown["change"].quotes) == sorted(answers["change"] for answers in said if "change" in answers)


def test_some_of_shows_the_share_of_people_not_of_choices():
    """Given three people who choose all of three; then each bar is 100 %, not a third."""
    survey_round = world.make_round(3, anonymous=False)
    users = survey_round.invitations.values_list("user_id", flat=True)
    chosen = {"worthwhile": 1, "floor-share": 3, "again": 1, "helps": ["routing", "tools", "rules"]}
    world.answer(survey_round, said=dict.fromkeys(users, chosen))
    releasing.release_rounds(now=NINE)

    figures = counting.figures(survey_round, survey_round.cells.all())
    (helps,) = [figure for figure in figures if figure.question.key == "helps"]

    assert helps.coded.answers == "3"
    assert helps.bars == [("routing", 100), ("tools", 100), ("rules", 100)]


def test_sums_of_some_cells_are_made_of_what_is_shown_of_each():
    """Two of three sites: no count of answers goes into the figure that their own pages don't tell."""
    survey_round = world.make_round(60, 60, 60)
    world.answer(survey_round)
    world.close(survey_round)
    assert survey_round.exact
    first, second, third = survey_round.cells.order_by("pk")

    parts = [counting.figures(survey_round, [cell])[0].coded for cell in (first, second)]
    both = counting.figures(survey_round, [first, second])[0].coded
    whole = counting.figures(survey_round, [first, second, third])[0].coded

    assert both.answers == "120"
    assert both.numerator is None
    assert [part.numerator for part in parts] == [None, None]
    assert abs(both.value - sum(part.value for part in parts) / 2) <= 10
    assert whole.denominator == 180


def fill_texts(survey_round, texts):
    """So many released texts in the first cell, written past the survey."""
    cell = survey_round.cells.order_by("pk").first()
    question = Question.objects.get(version=survey_round.version, type=QuestionType.TEXT)
    responses = [cell.responses.model(round=survey_round, cell=cell, release=1) for _ in range(texts)]
    cell.responses.model.objects.bulk_create(responses)
    Answer.objects.bulk_create(Answer(response=r, question=question, text=f"Text {n}") for n, r in enumerate(responses))
    Tally.objects.create(cell=cell, question=question, choice=PEOPLE, answers=texts)
    return cell


def texts_of(survey_round, cells, page=1):
    return counting.figures(survey_round, cells, pages={"change": page})[-1]


def test_texts_come_in_pages_of_fifty_that_stay_as_they_are():
    survey_round = world.make_round(1, 1)
    cell = fill_texts(survey_round, 120)

    pages = [texts_of(survey_round, [cell], page) for page in (1, 2, 3)]

    assert [(len(page.quotes), page.more) for page in pages] == [(50, True), (50, True), (20, False)]
    assert len({quote for page in pages for quote in page.quotes}) == 120
    assert texts_of(survey_round, [cell], 2).quotes == pages[1].quotes
    question = pages[0].question
    assert list(counting.all_texts(survey_round, [cell], question)) == [q for page in pages for q in page.quotes]
    assert pages[0].quotes != sorted(pages[0].quotes)


@pytest.mark.parametrize(("texts", "shown"), [(7, 0), (8, 8)])
def test_texts_of_a_cell_appear_from_eight_on_in_no_sum_before(texts, shown):
    survey_round = world.make_round(1, 1)
    fill_texts(survey_round, texts)

    assert len(texts_of(survey_round, survey_round.cells.all()).quotes) == shown


@pytest.mark.parametrize("size", [9, 70])
def test_figures_take_the_same_queries_for_any_number_of_answers(django_assert_num_queries, size):
    survey_round = world.make_round(size, size)
    world.answer(survey_round)
    world.close(survey_round)
    cells = list(survey_round.cells.all())

    with django_assert_num_queries(3):  # questions, tallies, one question's texts
        figures = counting.figures(survey_round, cells)

    assert not any(figure.hidden for figure in figures[:2])
