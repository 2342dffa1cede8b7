"""What a plan takes for granted is put over the season for this one problem, and nothing is saved."""

from datetime import date, timedelta

import pytest

from shadowing.models import PairRule, UnavailableDay
from shadowing.plans import build_problem
from tests.factories import UserFactory
from tests.shadowing.plans.cast import FIRST, NOW, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast(host_min_tenure_months=6)


def built(cast, **what_if):
    return build_problem(cast.season, now=NOW, what_if=what_if)


def test_nothing_taken_for_granted_changes_nothing(cast):
    assert built(cast) == build_problem(cast.season, now=NOW)


def test_rules_and_weights_are_those_assumed(cast):
    problem = built(cast, rules={"host_min_tenure_months": 0, "shared_language": True}, weights={"tenure": 2})

    assert (problem.rules.host_min_tenure_months, problem.rules.shared_language) == (0, True)
    assert (problem.weights.tenure, problem.weights.home_site) == (2, 1)
    assert cast.season.host_min_tenure_months == 6
    assert cast.season.weights["tenure"] == 1


def test_a_rule_nobody_knows_is_left_aside(cast):
    assert built(cast, rules={"state": "closed", "name": "x"}) == built(cast)


def test_places_on_one_day_or_on_every_open_day(cast):
    before = {site.slug: site.capacity for site in built(cast).sites}

    after = built(
        cast,
        places=[
            {"site": "leeds", "date": FIRST.isoformat(), "more": 2},
            {"site": "leeds", "date": "2027-03-06", "more": 1},
            {"site": "pune", "date": None, "more": -100},
        ],
    )

    capacity = {site.slug: site.capacity for site in after.sites}
    assert capacity["leeds"] == before["leeds"] | {FIRST: before["leeds"][FIRST] + 2, date(2027, 3, 6): 1}
    assert set(capacity["pune"].values()) == {0}


def test_changes_of_remedies_are_taken_as_they_are(cast):
    person, guest = cast.executives[0], cast.hosts[0]
    UnavailableDay.objects.create(user=person.user, date=FIRST)
    UnavailableDay.objects.create(user=guest.user, date=FIRST + timedelta(1))
    PairRule.objects.create(season=cast.season, executive=person, host=guest, created_at=NOW, created_by=UserFactory())
    cast.teams[0].away_at_once = 1
    cast.teams[0].save()
    pair = {"executive": str(person.pk), "host": str(guest.pk)}

    problem = built(
        cast,
        changes=[
            {"kind": "own_days", "executive": pair["executive"], "date": FIRST.isoformat()},
            {"kind": "host_days", "host": pair["host"], "date": (FIRST + timedelta(1)).isoformat()},
            {"kind": "host_visits", "host": pair["host"], "more": 1, "number": 3},
            {"kind": "cover", "team": str(cast.teams[0].pk), "date": FIRST.isoformat(), "more": 1},
            {"kind": "pair_rule", **pair},
            {"kind": "tenure", **pair, "date": FIRST.isoformat(), "months": 2, "rule": 6},
            {"kind": "unheard of"},
        ],
    )

    host = next(one for one in problem.hosts if one.key == pair["host"])
    executive = next(one for one in problem.executives if one.key == pair["executive"])
    assert (host.max_visits, host.unavailable, executive.unavailable) == (3, frozenset(), frozenset())
    assert {team.key: team.away_at_once for team in problem.teams}[str(cast.teams[0].pk)] == 2
    assert problem.forbidden == frozenset()
    assert [(one.executive, one.host, one.date) for one in problem.locked] == [(*pair.values(), FIRST)]
