"""Figures are counts over released answers, read from tallies."""

from collections import Counter

import pytest

from people.models import User
from surveys import releasing
from surveys.figures import PEOPLE
from surveys.findings import findings
from surveys.models import Answer, Question, QuestionType, Tally
from tests.factories import NINE, UserFactory
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

    shown = world.shown(survey_round)

    yes = sum(answers["worthwhile"] for answers in said)
    assert (shown["worthwhile"].coded.numerator, shown["worthwhile"].coded.denominator) == (yes, 6)
    assert shown["floor-share"].coded.value == round(sum(answers["floor-share"] for answers in said) / 6, 2)
    assert sorted(world.texts(survey_round)) == sorted(answers["change"] for answers in said if "change" in answers)


def test_some_of_shows_the_share_of_people_not_of_choices():
    """Given three people who choose all of three; then each bar is 100 %, not a third."""
    survey_round = world.make_round(3, anonymous=False)
    users = survey_round.invitations.values_list("user_id", flat=True)
    chosen = {"worthwhile": 1, "floor-share": 3, "again": 1, "helps": ["routing", "tools", "rules"]}
    world.answer(survey_round, said=dict.fromkeys(users, chosen))
    releasing.release_rounds(now=NINE)

    helps = world.shown(survey_round)["helps"]

    assert helps.coded.answers == "3"
    assert helps.bars == (("routing", 100), ("tools", 100), ("rules", 100))


def test_sums_of_some_cells_are_made_of_what_is_shown_of_each():
    """Two of three sites: no count of answers goes into the figure that their own pages don't tell."""
    survey_round = world.make_round(60, 60, 60)
    world.answer(survey_round)
    world.close(survey_round)
    assert survey_round.exact
    first, second, _third = survey_round.cells.order_by("pk")

    parts = [world.shown(survey_round, [cell])["worthwhile"].coded for cell in (first, second)]
    both = world.shown(survey_round, [first, second])["worthwhile"].coded
    whole = world.shown(survey_round)["worthwhile"].coded

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


def test_texts_come_in_pages_of_fifty_that_stay_as_they_are():
    survey_round = world.make_round(1, 1)
    cell = fill_texts(survey_round, 120)
    user = UserFactory(role="coordinator")

    pages = [findings(survey_round, user, pages={"change": page}).results[-1] for page in (1, 2, 3)]

    assert [(len(page.texts), page.more) for page in pages] == [(50, True), (50, True), (20, False)]
    assert len({text for page in pages for text in page.texts}) == 120
    assert findings(survey_round, user, pages={"change": 2}).results[-1].texts == pages[1].texts
    assert world.texts(survey_round, [cell]) == [text for page in pages for text, _name in page.texts]
    assert {name for page in pages for _text, name in page.texts} == {None}
    assert list(pages[0].texts) != sorted(pages[0].texts)


@pytest.mark.parametrize(("texts", "shown"), [(7, 0), (8, 8)])
def test_texts_of_a_cell_appear_from_eight_on_in_no_sum_before(texts, shown):
    survey_round = world.make_round(1, 1)
    fill_texts(survey_round, texts)

    assert len(world.texts(survey_round)) == shown


@pytest.mark.parametrize("size", [9, 70])
def test_results_take_the_same_queries_for_any_number_of_answers(django_assert_num_queries, size):
    survey_round = world.make_round(size, size)
    world.answer(survey_round)
    world.close(survey_round)
    user = User.objects.get(pk=UserFactory(role="coordinator").pk)

    with django_assert_num_queries(8):  # the last is of the one question with texts
        found = findings(survey_round, user)

    assert found.results[0].shown
