"""Reminders: only to those who have not answered, as often as the season says, and to nobody beside them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from notifications.models import Message, Notice
from notifications.sweep import sweep
from people.models import Absence
from surveys import answering, notices, rounds
from surveys.models import Audience, Invitation, Round, RoundState
from surveys.questionnaires.builtin import builtin_version
from tests.factories import NINE, ExecutiveFactory, HostingRoundFactory, UserFactory

pytestmark = pytest.mark.django_db
GIVEN = {"worthwhile": 1, "floor-share": 4}


@pytest.fixture
def survey_round():
    return HostingRoundFactory.create(hosts=3)


def owed(now, **more):
    return {(due.recipient_id, due.step) for due in notices.due(now, **more)}


def people(survey_round):
    return list(survey_round.invitations.order_by("user_id").values_list("user_id", flat=True))


def executives_round(**more):
    season = HostingRoundFactory.create(hosts=1).season
    season.questionnaires = []
    season.save()
    plan = rounds.RoundPlan(
        version=builtin_version("pulse-executives", now=NINE), audience=Audience.EXECUTIVES, opens_on=NINE.date(),
        closes_on=NINE.date() + timedelta(days=14), **more,
    )  # fmt: skip
    by = UserFactory(role="admin")
    planned = rounds.plan_round(season=season, plan=plan, by=by, now=NINE)
    return rounds.open_round(round_id=planned.pk, by=by, now=NINE)


@pytest.mark.parametrize(("days", "step"), [(0, 0), (1, 0), (2, 2), (4, 2), (5, 5), (9, 5)])
def test_each_is_asked_at_once_and_twice_again(survey_round, days, step):
    assert owed(NINE + timedelta(days=days)) == {(user, step) for user in people(survey_round)}


def test_whoever_answered_hears_no_more_and_closing_ends_it_for_all(survey_round):
    first, *others = people(survey_round)
    answering.finish(round_id=survey_round.pk, user_id=first, given=GIVEN)
    assert {user for user, _step in owed(NINE)} == set(others)

    Round.objects.update(state=RoundState.CLOSED)
    assert owed(NINE) == set()


def test_after_the_last_day_nobody_is_asked_even_before_the_round_is_closed(survey_round):
    last = survey_round.closes_on
    Invitation.objects.update(due_from=last)
    midnight = NINE.replace(year=last.year, month=last.month, day=last.day)
    assert owed(midnight)
    assert owed(midnight + timedelta(days=2)) == set()


def test_the_seasons_policy_caps_how_often(survey_round):
    survey_round.season.reminders = {"survey_open": [1]}
    survey_round.season.save()

    assert owed(NINE) == set()
    assert {step for _user, step in owed(NINE + timedelta(days=30))} <= {1}
    survey_round.season.reminders = {"survey_open": []}
    survey_round.season.save()
    assert owed(NINE + timedelta(days=3)) == set()


def test_people_who_left_are_not_asked(survey_round):
    invitation = survey_round.invitations.select_related("user").first()
    invitation.user.is_active = False
    invitation.user.save()

    assert invitation.user_id not in {user for user, _step in owed(NINE)}


def test_executives_are_asked_themselves_and_never_their_assistant_or_substitute():
    assistant, substitute = UserFactory(), UserFactory()
    executive = ExecutiveFactory(assistant=assistant)
    away = {"first_day": NINE.date(), "last_day": NINE.date() + timedelta(days=30)}
    Absence.objects.create(user=executive.user, substitute=substitute, created_at=NINE, created_by=assistant, **away)
    survey_round = executives_round()
    assert executive.pk in people(survey_round)

    sweep(now=NINE)

    told = set(Notice.objects.filter(kind__startswith="surveys.").values_list("recipient_id", flat=True))
    assert not told & {assistant.pk, substitute.pk, executive.pk}  # away: it waits until they are back
    assert told


@pytest.mark.parametrize(("anonymous", "kind"), [(True, "surveys.open"), (False, "surveys.open_named")])
def test_named_rounds_have_a_kind_of_their_own_that_is_listed(anonymous, kind):
    executives_round(anonymous=anonymous)
    sweep(now=NINE)

    kinds = set(Notice.objects.filter(subject__startswith="round:").values_list("kind", flat=True))
    assert kind in kinds
    assert notices.register[kind].anonymous is anonymous


def test_a_second_sweep_adds_nothing(survey_round):
    sweep(now=NINE)
    count = Message.objects.count()
    sweep(now=NINE)
    assert Message.objects.count() == count >= 3


def test_a_notice_no_longer_holds_once_its_person_answered(survey_round):
    sweep(now=NINE)
    found = list(Notice.objects.filter(kind="surveys.open"))
    answering.finish(round_id=survey_round.pk, user_id=found[0].recipient_id, given=GIVEN)

    assert notices.holds(found) == {notice.pk for notice in found[1:]}
    Round.objects.update(state=RoundState.CLOSED)
    assert notices.holds(found) == set()


@pytest.mark.parametrize(
    ("audience", "lead"),
    [
        (Audience.VISIT_HOSTS, "You had somebody beside you"),
        (Audience.VISIT_EXECUTIVES, "You spent a day on the floor"),
        (Audience.FRONT_LINE, "You hear the customers"),
        (Audience.EXECUTIVES, "Every executive is asked"),
    ],
)
@pytest.mark.parametrize("anonymous", [True, False])
def test_each_audience_has_words_of_its_own(survey_round, audience, lead, anonymous):
    Round.objects.update(audience=audience, anonymous=anonymous)
    notice = Notice(pk=1, kind="surveys.open", subject=f"round:{survey_round.pk}", step=0)

    section = notices.render([notice])[1]

    assert lead in section.lead
    assert ("nobody sees that it was you" in section.subject_line) is anonymous
    assert ("not anonymous" in section.paragraphs[0]) is not anonymous
    assert "We ask again only if no answer has come." in section.why


def test_the_last_time_is_said_by_the_seasons_policy(survey_round):
    def why(step):
        notice = Notice(pk=1, kind="surveys.open", subject=f"round:{survey_round.pk}", step=step)
        return notices.render([notice])[1].why

    assert "the last time" in why(5)
    assert "the last time" not in why(2)
    survey_round.season.reminders = {"survey_open": [0, 2]}
    survey_round.season.save()
    assert "the last time" in why(2)


def test_words_for_many_take_one_query(survey_round, django_assert_num_queries):
    many = [Notice(pk=n, kind="surveys.open", subject=f"round:{survey_round.pk}", step=0) for n in range(1, 30)]
    with django_assert_num_queries(1):
        assert len(notices.render(many)) == 29


def test_the_days_ahead_name_whom_the_seasons_questionnaires_ask(survey_round):
    season, site = survey_round.season, survey_round.season.sites.get()
    assert {str(coming.to) for coming in notices.foretell(season, site, NINE.date())} == {"Host, until answered"}
    season.questionnaires = ["hosting", "visit"]
    assert len({str(coming.to) for coming in notices.foretell(season, site, NINE.date())}) == 2
    season.questionnaires = []
    assert not list(notices.foretell(season, site, NINE.date()))
