"""A held visit that is corrected to a no-show: its people are not asked for answers, until it is held again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from floorprogram.home import build
from notifications.links import make_link
from notifications.models import Link, Notice
from notifications.sweep import sweep
from people.errors import Conflict
from shadowing.models import Visit, VisitState
from shadowing.visits import actions
from surveys import answering, notices, rounds
from surveys.kiosk import NO_SUCH_PIN, enter, new_once
from surveys.models import Audience, Invitation, Release, Response
from surveys.questionnaires.builtin import builtin_version
from surveys.releasing import release_round
from surveys.rounds.counts import cell_counts
from surveys.slips import people_of, print_slips, slip_of
from tests.factories import NINE, HostingRoundFactory, UserFactory, VisitFactory

pytestmark = pytest.mark.django_db
GIVEN = {"worthwhile": 1, "floor-share": 4}
WORDS = "This visit was recorded as not having taken place. Nothing is asked of you."


@pytest.fixture
def survey_round():
    return HostingRoundFactory.create(hosts=3)


@pytest.fixture
def coordinator(survey_round):
    return UserFactory(role="coordinator", sites=[survey_round.season.sites.get()])


@pytest.fixture
def visit(survey_round):
    return survey_round.season.visits.order_by("host_id").first()


@pytest.fixture
def correct(coordinator, visit):
    def to(held):
        fresh = Visit.objects.get(pk=visit.pk)
        actions.correct_attendance(visit=fresh, held=held, by=coordinator, reason="It was so", now=NINE)

    return to


def visitors_round(season):
    """What the season's executives are asked after their visits."""
    plan = rounds.RoundPlan(
        version=builtin_version("visit", now=NINE), audience=Audience.VISIT_EXECUTIVES, opens_on=NINE.date(),
        closes_on=NINE.date() + timedelta(days=14),
    )  # fmt: skip
    by = UserFactory(role="admin")
    planned = rounds.plan_round(season=season, plan=plan, by=by, now=NINE)
    opened = rounds.open_round(round_id=planned.pk, by=by, now=NINE)
    rounds.invite_visitors()
    return opened


def owed():
    return {due.recipient_id for due in notices.due(NINE)}


def titles(user):
    return [task.title for task in build(user, now=NINE).tasks]


def path(survey_round, user, **more):
    url = make_link(purpose="surveys.answer", subject=f"round:{survey_round.pk}", user=user, now=timezone.now())
    return url[url.index("/surveys/") :]


def test_nobody_is_asked_about_a_visit_that_did_not_take_place_until_it_is_held_again(survey_round, visit, correct):
    visitors_round(survey_round.season)
    host, executive = visit.host_id, visit.executive_id
    everybody = owed()
    assert everybody >= {host, executive}

    correct(held=False)
    assert owed() == everybody - {host, executive}

    correct(held=True)
    assert owed() == everybody


def test_what_waits_in_the_outbox_no_longer_holds(visit, correct):
    sweep(now=NINE)
    found = list(Notice.objects.filter(kind="surveys.open"))
    mine = {notice.pk for notice in found if notice.recipient_id == visit.host_id}
    assert mine <= notices.holds(found)

    correct(held=False)

    assert notices.holds(found) == {notice.pk for notice in found} - mine


def test_neither_home_nor_the_list_of_surveys_asks(client, visit, correct):
    user = visit.host.user
    client.force_login(user)
    assert "Was hosting worthwhile?" in titles(user)
    correct(held=False)

    assert "Was hosting worthwhile?" not in titles(user)
    assert "Answer the survey" not in client.get("/surveys/").content.decode()

    correct(held=True)
    assert "Was hosting worthwhile?" in titles(user)


@pytest.mark.parametrize("link", [True, False])
def test_the_page_says_so_and_takes_nothing(client, survey_round, visit, correct, link):
    user = visit.host.user
    client.force_login(user)
    address = path(survey_round, user) if link else f"/surveys/{survey_round.pk}/answer/"
    correct(held=False)

    for page in (client.get(address), client.post(address, GIVEN)):
        assert page.status_code == 410
        assert WORDS in page.content.decode()
    assert not Response.objects.exists()

    correct(held=True)
    assert client.get(address).status_code == 200
    assert client.post(address, GIVEN).status_code == 302


def test_answers_sent_from_a_page_that_was_open_are_refused(survey_round, visit, correct):
    correct(held=False)
    with pytest.raises(answering.NotVisited, match="not having taken place"):
        answering.finish(round_id=survey_round.pk, user_id=visit.host_id, given=GIVEN)
    assert issubclass(answering.NotVisited, Conflict)
    assert not Invitation.objects.filter(used=True).exists()


def test_the_page_says_so_in_german(client, survey_round, visit, correct):
    correct(held=False)
    page = client.get(path(survey_round, visit.host.user) + "?lang=de").content.decode()
    assert WORDS not in page
    with translation.override("de"):
        assert str(answering.NOT_VISITED) in page


def test_no_slip_is_printed_and_a_printed_one_opens_nothing(survey_round, visit, coordinator, correct):
    site = visit.site
    (slip,) = print_slips(round_id=survey_round.pk, site=site, users=[visit.host_id], by=coordinator, now=NINE)
    correct(held=False)

    assert visit.host.user not in people_of(survey_round, site)
    assert slip_of(slip.pin, today=NINE.date()) is None
    with pytest.raises(Exception, match=str(NO_SUCH_PIN)):
        enter(slip.pin, once=new_once(), address="192.0.2.1", now=NINE)

    correct(held=True)
    assert slip_of(slip.pin, today=NINE.date())


def test_a_shared_link_does_not_tell_whether_its_person_had_answered(client, survey_round):
    hosts = [visit.host for visit in survey_round.season.visits.order_by("host_id")[:2]]
    answering.finish(round_id=survey_round.pk, user_id=hosts[0].pk, given=GIVEN)
    Visit.objects.update(state=VisitState.NO_SHOW)
    paths = [path(survey_round, host.user) for host in hosts]

    own = [client.get(each).content.decode() for each in paths]
    assert ["They are final." in page for page in own] == [True, False]
    Link.objects.update(private=False)
    pages = [client.get(each) for each in paths]
    assert {page.status_code for page in pages} == {410}
    assert all(WORDS in page.content.decode() for page in pages)


def test_another_held_visit_of_the_season_is_asked_about(visit, correct):
    VisitFactory(held=True, season=visit.season, site=visit.site, host=visit.host, date=visit.date + timedelta(days=1))
    correct(held=False)
    assert visit.host_id in owed()


def test_an_answer_given_stays_and_no_count_tells_whose_it_is(survey_round, coordinator):
    """Given one host who answered and one who did not; when either visit is corrected; then both count alike."""
    hosts = [visit.host_id for visit in survey_round.season.visits.order_by("host_id")]
    answering.finish(round_id=survey_round.pk, user_id=hosts[0], given=GIVEN)
    stand = []
    for host in hosts[:2]:
        Visit.objects.filter(host=host).update(state=VisitState.NO_SHOW)
        stand.append(survey_round.invitations.standing().count())
        Visit.objects.filter(host=host).update(state=VisitState.HELD)

    assert stand == [2, 2]
    assert Response.objects.count() == 1


def test_a_release_that_was_made_stays_and_the_next_counts_whom_it_asks(survey_round, visit, correct):
    named = visitors_round(survey_round.season)
    type(named).objects.filter(pk=named.pk).update(anonymous=False)
    named.refresh_from_db()
    executives = list(named.invitations.order_by("user_id").values_list("user_id", flat=True))
    given = {question.key: "words" if question.type == "text" else 1 for question in answering.questions_of(named)}

    answering.finish(round_id=named.pk, user_id=visit.executive_id, given=given)
    release_round(round_id=named.pk, now=NINE)
    first = Release.objects.values().get()
    correct(held=False)
    assert Release.objects.values().get() == first

    others = [user for user in executives if user != visit.executive_id]
    for user in others:
        answering.finish(round_id=named.pk, user_id=user, given=given)
    release_round(round_id=named.pk, now=NINE)

    last = Release.objects.order_by("-number").first()
    assert (first["invited"], last.invited, last.answered) == (3, 2, 3)
    (count,) = cell_counts(named, UserFactory(role="admin"))
    assert (count.invited, count.answered) == ("3", "3")
