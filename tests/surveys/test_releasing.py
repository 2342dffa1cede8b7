"""Results appear only by release."""

import uuid

import pytest

from surveys import answering, releasing
from surveys.models import Answer, Invitation, Release, Response, Round, RoundState, Signature
from tests.factories import NINE, HostingRoundFactory
from tests.surveys.privacy import world

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

    assert not any(world.shown(survey_round).values())


def test_thirty_are_released_and_at_least_k_stay():
    survey_round = HostingRoundFactory.create(hosts=36)
    answer_all(survey_round, 34)
    assert releasing.release_rounds(now=NINE) == 0
    answer_all(survey_round, 1)

    assert releasing.release_rounds(now=NINE) == 1

    assert Response.objects.filter(release=1).count() == 30
    assert Response.objects.filter(release=None).count() == 5
    assert Release.objects.get().answered == 30


@pytest.mark.parametrize(
    ("released", "waiting", "taken"), [(0, 34, 0), (0, 35, 30), (30, 19, 0), (30, 20, 15), (100, 30, 0)]
)
def test_a_later_release_adds_half_as_many_again(released, waiting, taken):
    survey_round = HostingRoundFactory.create(hosts=1)
    cell = survey_round.cells.get()
    cell.hidden = False
    Response.objects.bulk_create(Response(round=survey_round, cell=cell, release=1) for _ in range(released))
    Response.objects.bulk_create(Response(round=survey_round, cell=cell) for _ in range(waiting))

    chosen = releasing._choose(cell)

    assert len(chosen) == taken
    assert chosen == releasing._choose(cell)  # one draw for each set of waiting responses


def test_closing_releases_what_waits():
    survey_round = HostingRoundFactory.create(hosts=14)
    answer_all(survey_round, 9)
    Round.objects.update(state=RoundState.CLOSED)

    assert releasing.release_rounds(now=NINE) == 1

    assert Response.objects.filter(release=1).count() == 9
    survey_round.refresh_from_db()
    assert survey_round.settled_on
    assert survey_round.exact


def test_under_k_answers_stay_hidden_when_a_round_closes():
    survey_round = HostingRoundFactory.create(hosts=14)
    answer_all(survey_round, 4)
    Round.objects.update(state=RoundState.CLOSED)

    assert releasing.release_rounds(now=NINE) == 0

    assert not Response.objects.exclude(release=None).exists()


def test_a_release_that_would_make_answers_certain_waits():
    survey_round = HostingRoundFactory.create(hosts=9)
    answer_all(survey_round, 9, given=lambda n: {"worthwhile": n % 2, "floor-share": 4})
    Round.objects.update(state=RoundState.CLOSED)

    assert releasing.release_rounds(now=NINE) == 1  # nine times four points: "3.5" to "4.5" is all that can be read

    survey_round = HostingRoundFactory.create(hosts=12)
    answer_all(survey_round, 12, given=lambda n: {"worthwhile": n % 2, "floor-share": 4})
    Round.objects.update(state=RoundState.CLOSED)

    assert releasing.release_rounds(now=NINE) == 0  # a distribution says that all of them gave four
    survey_round.refresh_from_db()
    assert survey_round.settled_on
    assert not survey_round.exact
    assert not Response.objects.filter(round=survey_round).exclude(release=None).exists()


def test_released_rows_have_new_keys_and_lead_to_nobody():
    survey_round = HostingRoundFactory.create(hosts=12)
    answer_all(survey_round, 12)
    before = set(Response.objects.values_list("pk", flat=True)) | set(Answer.objects.values_list("pk", flat=True))
    invitations = set(Invitation.objects.values_list("pk", flat=True))

    Round.objects.update(state=RoundState.CLOSED)
    releasing.release_rounds(now=NINE)

    released = Response.objects.filter(release=1)
    after = set(released.values_list("pk", flat=True))
    assert not after & before
    assert not set(Answer.objects.filter(response__in=released).values_list("pk", flat=True)) & before
    assert not set(Invitation.objects.values_list("pk", flat=True)) & invitations
    assert Invitation.objects.filter(used=True).count() == 12


def test_a_response_holds_round_cell_and_release_and_nothing_else():
    own = {field.name for field in Response._meta.get_fields() if field.concrete}
    pointing_here = {field.name for field in Response._meta.get_fields() if not field.concrete}
    assert own == {"id", "round", "cell", "release"}
    assert pointing_here == {"answers", "signature"}  # a signature only in named rounds: the next test
    assert {field.name for field in Answer._meta.get_fields()} == {
        "id", "response", "question", "number", "choice", "text",
    }  # fmt: skip
    assert isinstance(Response._meta.pk.default(), uuid.UUID)


def test_only_named_rounds_keep_whose_a_response_is():
    anonymous, named = HostingRoundFactory.create(hosts=10), HostingRoundFactory.create(hosts=3)
    Round.objects.filter(pk=named.pk).update(anonymous=False)
    for survey_round, count in ((anonymous, 10), (named, 3)):
        answer_all(survey_round, count)
    Round.objects.filter(pk=anonymous.pk).update(state=RoundState.CLOSED)

    assert releasing.release_rounds(now=NINE) == 2

    assert not Signature.objects.filter(response__round=anonymous).exists()
    signed = Signature.objects.filter(response__round=named, response__release=1)
    assert {*signed.values_list("user_id", flat=True)} == {
        *Invitation.objects.filter(round=named).values_list("user_id", flat=True)
    }
    named.refresh_from_db()
    share = world.shown(named)["worthwhile"].coded
    assert (share.numerator, share.denominator) == (2, 3)


def test_hidden_cells_are_never_released():
    survey_round = HostingRoundFactory.create(hosts=12)
    survey_round.cells.update(hidden=True)
    answer_all(survey_round, 12)
    Round.objects.update(state=RoundState.CLOSED)

    assert releasing.release_rounds(now=NINE) == 0
