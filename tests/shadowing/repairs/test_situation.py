"""How a season stands, as the planner is told: who may move at what price, and which days are still open."""

from datetime import UTC, datetime, timedelta

import pytest

from shadowing.models import SeasonExecutive, SeasonHost, VisitState
from shadowing.plans import build_problem
from shadowing.repairs.situation import read_situation
from tests.factories import ExecutiveFactory, HostFactory, UserFactory, VisitFactory
from tests.shadowing.plans.cast import FIRST, NOW, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast(executives=4, hosts=6)


def visit(cast, number=0, **fields):
    defaults = {"executive": cast.executives[number], "host": cast.hosts[number], "date": FIRST + timedelta(2)}
    return VisitFactory(season=cast.season, **defaults | fields)


def prices(situation):
    return {one.executive: one.price for one in situation.standing}


def test_the_price_of_moving_a_visit_grows_with_what_its_people_know(cast):
    states = [VisitState.PROPOSED, VisitState.INVITED, VisitState.CONFIRMED]
    rows = [
        visit(cast, number, state=state, invited_at=None if state == VisitState.PROPOSED else NOW)
        for number, state in enumerate(states)
    ]

    found = prices(read_situation(cast.season, now=NOW))

    assert [found[str(row.executive_id)] for row in rows] == [500, 10_000, 20_000]


@pytest.mark.parametrize("fields", [{"locked": True}, {"held": True}, {"confirmed": True, "date": FIRST}])
def test_locked_held_and_todays_visits_stay(cast, fields):
    row = visit(cast, **fields)
    now = datetime.combine(FIRST, NOW.time(), UTC)

    assert prices(read_situation(cast.season, now=now)) == {str(row.executive_id): None}


def test_standing_visits_are_no_locked_pairs(cast):
    visit(cast, confirmed=True)

    assert read_situation(cast.season, now=NOW).problem.locked == ()
    assert len(build_problem(cast.season, now=NOW).locked) == 1


@pytest.mark.parametrize(("today", "first"), [(False, 1), (True, 0)])
def test_days_up_to_today_are_closed_today_too_unless_asked_for(cast, today, first):
    now = datetime.combine(FIRST + timedelta(1), NOW.time(), UTC)

    problem = read_situation(cast.season, now=now, today=today).problem

    assert {min(site.capacity) for site in problem.sites} == {FIRST + timedelta(1 + first)}


def test_a_season_all_past_has_no_open_day(cast):
    problem = read_situation(cast.season, now=NOW + timedelta(365)).problem

    assert all(not site.capacity for site in problem.sites)


def test_those_without_a_visit_wait_in_order(cast):
    SeasonExecutive.objects.filter(executive=cast.executives[3]).update(answered_at=NOW)
    visit(cast, 0)

    waiting = read_situation(cast.season, now=NOW).waiting

    assert waiting[0] == str(cast.executives[3].pk)
    assert set(waiting) == {str(one.pk) for one in cast.executives[1:]}


def test_who_stepped_back_waits_for_nothing_and_is_not_planned(cast):
    row = SeasonExecutive.objects.filter(executive=cast.executives[1])
    row.update(stepped_back_at=NOW, stepped_back_by=UserFactory())

    assert str(cast.executives[1].pk) not in read_situation(cast.season, now=NOW).waiting
    assert str(cast.executives[1].pk) not in {one.key for one in build_problem(cast.season, now=NOW).executives}


def test_who_stepped_back_keeps_a_visit_that_stays(cast):
    row = SeasonExecutive.objects.filter(executive=cast.executives[1])
    row.update(stepped_back_at=NOW, stepped_back_by=UserFactory())
    visit(cast, 1, confirmed=True)

    assert str(cast.executives[1].pk) in {one.key for one in build_problem(cast.season, now=NOW).executives}
    assert str(cast.executives[1].pk) in {one.key for one in read_situation(cast.season, now=NOW).problem.executives}


def test_people_of_whom_the_season_knows_nothing_come_along_with_their_visit(cast):
    stranger, guest = ExecutiveFactory(user__is_active=False), HostFactory(team=cast.teams[0])
    visit(cast, executive=stranger, host=guest, confirmed=True)

    problem = read_situation(cast.season, now=NOW).problem

    assert str(stranger.pk) in {one.key for one in problem.executives}
    assert {one.key: one.max_visits for one in problem.hosts}[str(guest.pk)] == 0


def test_a_host_with_a_visit_away_from_home_is_there_and_gets_no_more(cast):
    row = visit(cast, host=cast.hosts[0], site=cast.sites[1], confirmed=True)
    assert row.host.team.site == cast.sites[0]

    (host,) = [one for one in read_situation(cast.season, now=NOW).problem.hosts if one.key == str(row.host_id)]

    assert (host.site, host.max_visits) == ("pune", 0)


def test_visits_come_by_their_executive_with_their_people(cast, django_assert_num_queries):
    rows = [visit(cast, number) for number in range(3)]
    situation = read_situation(cast.season, now=NOW)
    keys = [str(row.executive_id) for row in rows[:2]]

    with django_assert_num_queries(1):
        found = situation.visits_of(keys)
        assert {key: (one.executive.user.name, one.host.user.name) for key, one in found.items()} == {
            str(row.executive_id): (row.executive.user.name, row.host.user.name) for row in rows[:2]
        }
    assert set(situation.visits) == {str(row.executive_id) for row in rows}
    assert situation.visits_of([]) == {}


@pytest.mark.parametrize("number", [2, 9])
def test_the_number_of_queries_does_not_grow(number, django_assert_max_num_queries):
    cast = make_cast(executives=number, hosts=number, no_repeat_seasons=2)
    for one in range(number - 1):
        visit(cast, one, confirmed=True, date=FIRST + timedelta(one % 5))
    visit(cast, executive=ExecutiveFactory(), host=HostFactory(team=cast.teams[0]), date=FIRST + timedelta(7))

    with django_assert_max_num_queries(5):
        read_situation(cast.season, now=NOW)
    assert SeasonHost.objects.count() == number
