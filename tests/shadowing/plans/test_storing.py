"""What a stored plan remembers of each pair beside the pair itself."""

import pytest

from shadowing.models import PlanPair, SeasonSite
from shadowing.plans import solve_season
from tests.shadowing.plans.cast import NOW, make_cast

pytestmark = pytest.mark.django_db


def solved(cast):
    return solve_season(season=cast.season, seconds=5, seed=1, by=None, now=NOW)


def test_every_pair_names_the_next_best_host_and_what_it_would_cost():
    cast = make_cast(executives=3)

    pairs = list(PlanPair.objects.filter(plan=solved(cast)).select_related("runner_up"))

    assert len(pairs) == 3
    for pair in pairs:
        assert pair.runner_up != pair.host
        assert cast.season.starts_on <= pair.runner_up_on <= cast.season.ends_on
        assert pair.runner_up_change <= 0


def test_where_no_other_host_has_room_there_is_no_runner_up():
    (pair,) = PlanPair.objects.filter(plan=solved(make_cast(executives=1, hosts=1)))

    assert (pair.runner_up, pair.runner_up_on, pair.runner_up_change) == (None, None, None)


def test_those_left_out_keep_the_remedies_with_their_reason():
    cast = make_cast(executives=2, hosts=2)
    SeasonSite.objects.filter(season=cast.season).update(visits_a_day=0)

    left_out = solved(cast).left_out.first()

    assert left_out.detail["remedies"][0]["changes"][0] | {"site": "", "date": ""} == {
        "kind": "places", "site": "", "date": "", "more": 1,
    }  # fmt: skip
