"""Results appear only by release."""

import uuid

import pytest

from surveys import answering, releasing, results
from surveys.models import Answer, Invitation, Release, Response, Round, RoundState
from tests.factories import NINE, HostingRoundFactory, UserFactory

pytestmark = pytest.mark.django_db


def answers(number, **more):
    """A host's answers; every third one is unhappy."""
    return {"worthwhile": 0 if number % 3 == 0 else 1, "floor-share": 2 + number % 3, **more}


def answer_all(survey_round, count, given=answers):
    for number, user in enumerate(waiting_users(survey_round)[:count]):
        answering.finish(round_id=survey_round.pk, user_id=user, given=given(number))


def waiting_users(survey_round):
    waiting = Invitation.objects.filter(round=survey_round, used=False)
    return list(waiting.order_by("user_id").values_list("user_id", flat=True))


def test_nothing_shows_until_twice_k_wait():
    survey_round = HostingRoundFactory.create(hosts=12)
    answer_all(survey_round, 9)

    assert releasing.release_rounds(now=NINE) == 0

    figures = results.figures(survey_round, survey_round.cells.all())
    assert all(figure.hidden for figure in figures)


def test_at_least_k_are_released_and_at_least_k_stay():
    survey_round = HostingRoundFactory.create(hosts=14)
    answer_all(survey_round, 13)

    assert releasing.release_rounds(now=NINE) == 1

    assert Response.objects.filter(release=1).count() == 8
    assert Response.objects.filter(release=None).count() == 5
    assert Release.objects.get().answered == 8


def test_closing_releases_what_waits_unless_that_is_under_k():
    survey_round = HostingRoundFactory.create(hosts=14)
    answer_all(survey_round, 4)
    Round.objects.update(state=RoundState.CLOSED)

    assert releasing.release_rounds(now=NINE) == 0
    Round.objects.update(state=RoundState.OPEN)
    answer_all(survey_round, 3)
    Round.objects.update(state=RoundState.CLOSED)

    assert releasing.release_rounds(now=NINE) == 1
    assert Response.objects.filter(release=1).count() == 7


def test_a_release_that_would_make_answers_certain_waits_for_more():
    survey_round = HostingRoundFactory.create(hosts=30)
    answer_all(survey_round, 10, given=lambda n: {"worthwhile": 1, "floor-share": 1 + n % 5})

    assert releasing.release_rounds(now=NINE) == 0
    answer_all(survey_round, 10, given=lambda n: {"worthwhile": n % 2, "floor-share": 1 + n % 5})

    assert releasing.release_rounds(now=NINE) == 1


def test_released_rows_have_new_keys_and_lead_to_nobody():
    survey_round = HostingRoundFactory.create(hosts=12)
    answer_all(survey_round, 12)
    before = set(Response.objects.values_list("pk", flat=True)) | set(Answer.objects.values_list("pk", flat=True))
    invitations = set(Invitation.objects.values_list("pk", flat=True))

    releasing.release_rounds(now=NINE)

    released = Response.objects.filter(release=1)
    after = set(released.values_list("pk", flat=True))
    assert not after & before
    assert not set(Answer.objects.filter(response__in=released).values_list("pk", flat=True)) & before
    assert not set(Invitation.objects.values_list("pk", flat=True)) & invitations
    assert Invitation.objects.filter(used=True).count() == 12


def test_a_response_holds_round_cell_and_release_and_nothing_else():
    assert {field.name for field in Response._meta.get_fields()} == {"id", "round", "cell", "release", "answers"}
    assert {field.name for field in Answer._meta.get_fields()} == {
        "id", "response", "question", "number", "choice", "text",
    }  # fmt: skip
    assert isinstance(Response._meta.pk.default(), uuid.UUID)


def test_hidden_cells_are_never_released():
    survey_round = HostingRoundFactory.create(hosts=12)
    survey_round.cells.update(hidden=True)
    answer_all(survey_round, 12)

    assert releasing.release_rounds(now=NINE) == 0


def test_two_hosts_answers_swapped_inside_one_release_change_nothing_anyone_sees():
    """Given a release of all answers; when two hosts had said each other's words; then every figure is the same."""
    figures = []
    for swap in (False, True):
        survey_round = HostingRoundFactory.create(hosts=10)
        given = [answers(n, change=f"Longer on the floor, {n}") for n in range(10)]
        if swap:
            given[1], given[3] = given[3], given[1]
        answer_all(survey_round, 10, given=lambda n, given=given: given[n])
        Round.objects.filter(pk=survey_round.pk).update(state=RoundState.CLOSED)
        releasing.release_rounds(now=NINE)
        shown = results.figures(survey_round, survey_round.cells.all())
        figures.append([(figure.text, figure.coded, figure.bars, sorted(figure.quotes)) for figure in shown])

    assert figures[0] == figures[1]
    assert figures[0][-1][3]


def test_exports_hold_what_the_page_shows():
    survey_round = HostingRoundFactory.create(hosts=10)
    answer_all(survey_round, 10)
    Round.objects.update(state=RoundState.CLOSED)
    releasing.release_rounds(now=NINE)

    rows = list(results.survey_rows(survey_round, UserFactory(role="coordinator")))

    assert rows[0] == ("Season", "Was hosting worthwhile?", "10+", "60\u00a0%")
    assert rows[2][3] == "hidden"
