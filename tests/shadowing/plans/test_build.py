"""A season becomes the planner's problem: everything that counts, in the same number of queries for any size."""

from datetime import UTC, date, datetime, timedelta

import pytest

from people.models import User
from shadowing.models import PairRule, SeasonExecutive, SeasonHost, SeasonState, UnavailableDay, Visit, VisitState
from shadowing.plans import build_problem
from tests.factories import ExecutiveFactory, HostFactory, SeasonFactory, TeamFactory, UserFactory, VisitFactory
from tests.shadowing.plans.cast import FIRST, NOW, make_cast

pytestmark = pytest.mark.django_db


def executive(problem, person):
    return next(one for one in problem.executives if one.key == str(person.pk))


def host(problem, person):
    return next(one for one in problem.hosts if one.key == str(person.pk))


def site(problem, slug):
    return next(one for one in problem.sites if one.slug == slug)


def test_people_come_with_all_that_counts():
    cast = make_cast(host_min_tenure_months=6, other_business_unit=True, shared_language=True)
    person, guest = cast.executives[1], cast.hosts[0]
    person.user.languages, guest.user.languages = ["EN", "pt "], ["en"]
    person.user.save()
    guest.user.save()
    SeasonExecutive.objects.filter(executive=person).update(preferred=["2027-03-04"])
    UnavailableDay.objects.create(user=person.user, date=FIRST)
    UnavailableDay.objects.create(user=guest.user, date=FIRST + timedelta(1), source="ics")
    UnavailableDay.objects.create(user=guest.user, date=FIRST + timedelta(1), source="click")

    problem = build_problem(cast.season, now=NOW)

    found = executive(problem, person)
    assert (found.unit, found.home_site) == (("networks", "field"), "pune")
    assert found.languages == {"en", "pt"}
    assert found.unavailable == {FIRST}
    assert found.preferred == {date(2027, 3, 4)}
    found = host(problem, guest)
    assert (found.site, found.unit, found.hired_on, found.max_visits) == ("leeds", ("networks",), date(2024, 1, 15), 2)
    assert found.languages == {"en"}
    assert found.unavailable == {FIRST + timedelta(1)}
    assert problem.rules.host_min_tenure_months == 6
    assert problem.rules.other_business_unit
    assert problem.rules.shared_language
    assert problem.weights.tenure == 1


def test_days_are_those_the_season_opens_with_the_places_a_day():
    cast = make_cast()
    cast.season.season_sites.filter(site=cast.sites[0]).update(open_days=["2027-03-06"], visits_a_day=3)

    problem = build_problem(cast.season, now=NOW)

    assert set(site(problem, "leeds").capacity.values()) == {3}
    assert date(2027, 3, 6) in site(problem, "leeds").capacity
    assert date(2027, 3, 6) not in site(problem, "pune").capacity
    assert len(site(problem, "pune").capacity) == 10


@pytest.mark.parametrize(("now", "first"), [(NOW, FIRST), (datetime(2027, 3, 5, tzinfo=UTC), date(2027, 3, 5)),
                                            (datetime(2027, 8, 1, tzinfo=UTC), FIRST)])  # fmt: skip
def test_days_that_have_passed_are_closed_unless_the_season_is_over(now, first):
    problem = build_problem(make_cast().season, now=now)

    assert min(site(problem, "leeds").capacity) == first


def test_hosts_who_said_no_or_nothing_are_left_out_and_all_but_no_when_all_count():
    cast = make_cast()
    SeasonHost.objects.filter(host=cast.hosts[0]).update(willing="no")
    SeasonHost.objects.filter(host=cast.hosts[1]).update(willing="not_asked")

    asked = {one.key for one in build_problem(cast.season, now=NOW).hosts}
    cast.season.hosts_from = "all"
    cast.season.save()
    everybody = {one.key for one in build_problem(cast.season, now=NOW).hosts}

    assert asked == {str(one.pk) for one in cast.hosts[2:]}
    assert everybody == {str(one.pk) for one in cast.hosts[1:]}


def test_executives_come_in_the_order_in_which_they_named_their_days():
    cast = make_cast(executives=3)
    SeasonExecutive.objects.filter(executive=cast.executives[2]).update(answered_at=NOW)
    SeasonExecutive.objects.filter(executive=cast.executives[1]).update(answered_at=NOW + timedelta(1))

    keys = [one.key for one in build_problem(cast.season, now=NOW).executives]

    assert keys == [str(cast.executives[n].pk) for n in (2, 1, 0)]


def test_locked_visits_stay_and_unlocked_proposed_ones_do_not():
    cast = make_cast()
    stays = VisitFactory(season=cast.season, executive=cast.executives[0], host=cast.hosts[0], locked=True)
    VisitFactory(season=cast.season, executive=cast.executives[1], host=cast.hosts[1])

    locked = build_problem(cast.season, now=NOW).locked

    assert [(one.executive, one.host, one.date) for one in locked] == [
        (str(stays.executive_id), str(stays.host_id), stays.date)
    ]


def test_nobody_who_left_is_planned():
    cast = make_cast()
    gone = (cast.executives[0].user, cast.hosts[0].user)
    User.objects.filter(pk__in=[person.pk for person in gone]).update(is_active=False)

    problem = build_problem(cast.season, now=NOW)

    assert str(cast.executives[0].pk) not in {one.key for one in problem.executives}
    assert str(cast.hosts[0].pk) not in {one.key for one in problem.hosts}
    assert len(problem.executives) == len(cast.executives) - 1


def test_a_locked_visit_brings_people_of_whom_the_season_knows_nothing():
    cast = make_cast()
    guest = HostFactory(team=cast.teams[0])
    visit = VisitFactory(season=cast.season, executive=ExecutiveFactory(user__is_active=False), host=guest, locked=True)

    problem = build_problem(cast.season, now=NOW)

    assert host(problem, guest).max_visits == 0
    assert executive(problem, visit.executive)


def test_visits_of_other_seasons_take_days_places_and_cover():
    cast = make_cast()
    other = SeasonFactory(sites=cast.sites, state=SeasonState.PUBLISHED)
    VisitFactory(season=other, executive=cast.executives[0], host=cast.hosts[0], invited=True)
    stranger = HostFactory(team=cast.teams[0])
    VisitFactory(season=other, host=stranger, invited=True, date=FIRST)

    problem = build_problem(cast.season, now=NOW)

    assert executive(problem, cast.executives[0]).unavailable == {FIRST}
    assert host(problem, cast.hosts[0]).visits == (FIRST,)
    assert (host(problem, stranger).visits, host(problem, stranger).max_visits) == ((FIRST,), 0)
    assert site(problem, "leeds").capacity[FIRST] == 4
    assert site(problem, "leeds").capacity[FIRST + timedelta(1)] == 6


@pytest.mark.parametrize(("seasons", "expected"), [(0, set()), (1, {"last"}), (2, {"last", "first"})])
def test_who_met_in_the_last_seasons_counts_as_many_seasons_back_as_the_rule_says(seasons, expected):
    cast = make_cast(no_repeat_seasons=seasons)
    hosts = {"first": cast.hosts[0], "last": cast.hosts[1], "cancelled": cast.hosts[2]}
    person = cast.executives[0]
    for name, starts in (("first", date(2025, 3, 1)), ("last", date(2026, 3, 1))):
        season = SeasonFactory(starts_on=starts, ends_on=starts + timedelta(9), state=SeasonState.CLOSED)
        VisitFactory(season=season, executive=person, host=hosts[name], held=True, date=starts)
        never = VisitFactory(season=season, executive=person, host=hosts["cancelled"], date=starts + timedelta(1),
                             state=VisitState.CANCELLED)  # fmt: skip
        assert never.state == "cancelled"

    met = executive(build_problem(cast.season, now=NOW), person).met

    assert met == {str(hosts[name].pk) for name in expected}


def test_forbidden_pairs_and_floor_cover_come_along():
    cast = make_cast()
    cast.teams[0].away_at_once = 2
    cast.teams[0].save()
    PairRule.objects.create(
        season=cast.season, executive=cast.executives[0], host=cast.hosts[0], created_at=NOW, created_by=UserFactory()
    )

    problem = build_problem(cast.season, now=NOW)

    assert problem.forbidden == {(str(cast.executives[0].pk), str(cast.hosts[0].pk))}
    assert {team.key: team.away_at_once for team in problem.teams} == {
        str(cast.teams[0].pk): 2, str(cast.teams[1].pk): None,
    }  # fmt: skip


@pytest.mark.parametrize("people", [2, 9])
def test_the_number_of_queries_does_not_grow(people, django_assert_num_queries):
    cast = make_cast(executives=people, hosts=people, no_repeat_seasons=2)
    other = SeasonFactory(sites=cast.sites, state=SeasonState.PUBLISHED)
    for one, guest in zip(cast.executives, cast.hosts, strict=True):
        VisitFactory(season=other, executive=one, host=guest, invited=True)
        UnavailableDay.objects.create(user=one.user, date=FIRST)
    assert Visit.objects.count() == people

    with django_assert_num_queries(5):  # visits, days and pairs kept apart, hosts, executives, sites
        build_problem(cast.season, now=NOW)


def test_a_team_is_named_once():
    cast = make_cast()
    TeamFactory(site=cast.sites[0])

    assert len(build_problem(cast.season, now=NOW).teams) == 2


@pytest.mark.parametrize(("answers", "away"), [(("no", "none"), "executive"), (("yes", "no"), "host")])
def test_nobody_is_asked_twice_for_a_day_they_said_no_to(answers, away):
    cast = make_cast()
    person, guest = cast.executives[0], cast.hosts[0]
    VisitFactory(
        season=cast.season, executive=person, host=guest, date=FIRST, state="declined", invited_at=NOW,
        executive_answer=answers[0], host_answer=answers[1],
    )  # fmt: skip

    problem = build_problem(cast.season, now=NOW)

    found = {"executive": executive(problem, person).unavailable, "host": host(problem, guest).unavailable}
    assert found.pop(away) == {FIRST}
    assert found.popitem()[1] == frozenset()
