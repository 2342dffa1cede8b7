"""The next best places for one executive, ready to show."""

from datetime import timedelta

import pytest

from people.models import Host
from shadowing.models import SeasonHost, SeasonSite, UnavailableDay
from shadowing.repairs.options import Option, OptionMove, alternatives_for
from tests.factories import VisitFactory
from tests.shadowing.plans.cast import FIRST, NOW, make_cast

pytestmark = pytest.mark.django_db
DAY = FIRST + timedelta(3)


def crowded():
    """One place a day at one site, two days: both taken, one of the visits could go to the other host's day."""
    cast = make_cast(executives=3, hosts=2)
    SeasonSite.objects.filter(season=cast.season).update(visits_a_day=1)
    SeasonSite.objects.filter(season=cast.season, site=cast.sites[1]).delete()
    return cast


def test_options_bring_hosts_sites_days_and_what_they_change():
    cast = make_cast()

    found = alternatives_for(season=cast.season, executive_id=cast.executives[0].pk, now=NOW)

    assert len(found) == 5
    assert [one.change for one in found] == sorted((one.change for one in found), reverse=True)
    assert len({one.host for one in found}) == 5
    for one in found:
        assert one.host in cast.hosts
        assert one.site == one.host.team.site
        assert one.who_moves == "nobody else moves"
        assert one.change > 100_000  # they had no place


def test_a_place_is_worth_less_with_a_host_who_has_a_visit_already_and_stands_lower():
    cast = make_cast()
    before = alternatives_for(season=cast.season, executive_id=cast.executives[0].pk, now=NOW, limit=50)
    VisitFactory(
        season=cast.season, executive=cast.executives[1], host=before[0].host, date=FIRST + timedelta(9), confirmed=True
    )

    found = alternatives_for(season=cast.season, executive_id=cast.executives[0].pk, now=NOW, limit=50)

    worth = {one.host: one.worth for one in found}
    assert worth[before[0].host] == before[0].worth - 250  # of the second visit, at weight 1
    assert list(worth.values()) == sorted(worth.values(), reverse=True)


def test_only_one_day_when_one_is_asked_for():
    cast = make_cast()

    found = alternatives_for(season=cast.season, executive_id=cast.executives[0].pk, now=NOW, day=DAY, limit=50)

    assert {one.date for one in found} == {DAY}
    assert {one.host for one in found} == set(cast.hosts)


def test_their_own_visit_counts_as_lifted():
    cast = make_cast()
    visit = VisitFactory(season=cast.season, executive=cast.executives[0], host=cast.hosts[0], date=DAY, confirmed=True)

    found = alternatives_for(season=cast.season, executive_id=visit.executive_id, now=NOW, limit=50)

    assert (visit.host, DAY) not in {(one.host, one.date) for one in found}
    assert all(abs(one.change) < 3_000 for one in found)


def test_a_visit_moves_where_there_is_no_opening_and_words_say_so():
    cast = crowded()
    person, other = cast.executives[0], cast.executives[1]
    other.user.name = "Joana Brandt"
    other.user.save()
    only = Host.objects.get(pk=cast.hosts[0].pk)
    SeasonHost.objects.exclude(host=only).delete()
    UnavailableDay.objects.bulk_create(
        UnavailableDay(user=person.user, date=FIRST + timedelta(n)) for n in range(14) if n != 3
    )
    UnavailableDay.objects.bulk_create(
        UnavailableDay(user=other.user, date=FIRST + timedelta(n)) for n in range(14) if n not in (3, 4)
    )
    visit = VisitFactory(season=cast.season, executive=other, host=only, date=DAY, confirmed=True)

    (found,) = alternatives_for(season=cast.season, executive_id=person.pk, now=NOW)

    assert (found.host, found.date) == (only, DAY)
    assert [(move.visit, move.host, move.date) for move in found.moves] == [(visit, only, DAY + timedelta(1))]
    assert found.who_moves.replace("\N{NO-BREAK SPACE}", " ") == "Joana Brandt moves to Friday 5 March"


@pytest.mark.parametrize(("same_host", "same_day", "words"), [
    (True, False, "moves to Friday 5 March"), (False, True, "goes with"), (False, False, "moves to Friday 5 March with"),
])  # fmt: skip
def test_moves_in_words(same_host, same_day, words):
    cast = make_cast(executives=1, hosts=2)
    visit = VisitFactory(season=cast.season, executive=cast.executives[0], host=cast.hosts[0], date=DAY)
    host = visit.host if same_host else cast.hosts[1]
    move = OptionMove(visit, host, DAY if same_day else DAY + timedelta(1))

    option = Option(host, host.team.site, DAY, 0, 0, [move, move])

    assert words in str(move).replace("\N{NO-BREAK SPACE}", " ")
    assert option.who_moves.count(";") == 1


def test_nobody_unknown_or_locked_has_options():
    cast = make_cast()
    visit = VisitFactory(season=cast.season, executive=cast.executives[0], host=cast.hosts[0], locked=True)

    assert alternatives_for(season=cast.season, executive_id=visit.executive_id, now=NOW) == []
    assert alternatives_for(season=cast.season, executive_id=0, now=NOW) == []


@pytest.mark.parametrize("number", [3, 9])
def test_the_number_of_queries_does_not_grow(number, django_assert_max_num_queries):
    cast = make_cast(executives=number + 1, hosts=number)
    for one in range(number):
        VisitFactory(
            season=cast.season, executive=cast.executives[one], host=cast.hosts[one],
            date=FIRST + timedelta(one % 5), confirmed=True,
        )  # fmt: skip

    with django_assert_max_num_queries(6):
        found = alternatives_for(season=cast.season, executive_id=cast.executives[-1].pk, now=NOW)
        assert [str(one.host.user.name) + str(one.site) for one in found]
