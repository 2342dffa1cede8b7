"""Using a plan: what becomes proposed, what stays, what is refused."""

from datetime import timedelta

import pytest

from people.errors import NotAllowed, Refused
from people.models import AuditEvent
from shadowing import plans
from shadowing.models import PlanPair, SeasonState, Visit, VisitEvent, VisitState
from tests.factories import SeasonFactory, UserFactory, VisitFactory
from tests.shadowing.plans.cast import NOW, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def solved(cast, **changes):
    return plans.solve_season(**{"season": cast.season, "seconds": 20, "seed": 0, "by": None, "now": NOW} | changes)


def adopt(plan, by=None):
    return plans.adopt_plan(plan_id=plan.pk, by=by, now=NOW)


def places(rows):
    return set(rows.values_list("executive", "host", "site", "date"))


def live():
    return Visit.objects.live()


def test_every_pair_becomes_a_proposed_visit_and_nobody_is_told(cast, mailoutbox):
    plan, coordinator = solved(cast), cast.coordinator

    adopt(plan, by=coordinator)

    assert places(live()) == places(plan.pairs)
    assert {visit.state for visit in live()} == {VisitState.PROPOSED}
    assert {visit.plan_id for visit in live()} == {plan.pk}
    assert VisitEvent.objects.filter(verb="proposed", by=coordinator, at=NOW).count() == len(cast.executives)
    plan.refresh_from_db()
    cast.season.refresh_from_db()
    assert (plan.adopted_at, plan.adopted_by, cast.season.state) == (NOW, coordinator, SeasonState.PLANNED)
    assert AuditEvent.objects.filter(verb="plan.adopted").get().changes["new"] == len(cast.executives)
    assert mailoutbox == []


def test_using_it_again_changes_nothing(cast):
    plan = solved(cast)
    adopt(plan)
    events = VisitEvent.objects.count()

    adopt(plan)

    assert VisitEvent.objects.count() == events
    assert live().count() == len(cast.executives)


def test_another_plan_turns_the_proposed_visits_and_keeps_their_identity(cast):
    first = solved(cast)
    adopt(first)
    before = {visit.executive_id: visit.uuid for visit in live()}
    pairs = list(first.pairs.order_by("pk"))
    swapped = solved(cast)
    one, other = swapped.pairs.get(executive=pairs[0].executive), swapped.pairs.get(executive=pairs[1].executive)
    one_place, other_place = (one.host_id, one.site_id, one.date), (other.host_id, other.site_id, other.date)
    other.delete()
    PlanPair.objects.filter(pk=one.pk).update(host=other_place[0], site=other_place[1], date=other_place[2])
    PlanPair.objects.create(
        plan=swapped, executive_id=other.executive_id, host_id=one_place[0], site_id=one_place[1], date=one_place[2],
        score=other.score, terms=other.terms,
    )  # fmt: skip

    adopt(swapped)

    assert places(live()) == places(swapped.pairs)
    assert {visit.executive_id: visit.uuid for visit in live()} == before
    assert set(VisitEvent.objects.filter(verb="moved").values_list("visit__executive", flat=True)) == {
        one.executive_id, other.executive_id,
    }  # fmt: skip


def test_locked_visits_stay_as_they_are(cast):
    stays = VisitFactory(season=cast.season, executive=cast.executives[0], host=cast.hosts[3], locked=True)

    adopt(solved(cast))

    stays.refresh_from_db()
    assert (stays.host_id, stays.state, stays.plan_id, stays.version) == (
        cast.hosts[3].pk,
        VisitState.PROPOSED,
        None,
        0,
    )
    assert live().count() == len(cast.executives)


def test_a_proposed_visit_the_plan_has_no_place_for_is_taken_away_with_the_reason(cast):
    plan = solved(cast)
    plan.pairs.filter(executive=cast.executives[0]).delete()
    visit = VisitFactory(season=cast.season, executive=cast.executives[0], host=cast.hosts[0])

    adopt(plan)

    visit.refresh_from_db()
    assert (visit.state, visit.ended_reason) == (VisitState.CANCELLED, "Replaced by plan 1")
    assert visit.events.get().verb == "cancelled"


def test_a_place_taken_meanwhile_stops_the_whole_plan(cast):
    plan = solved(cast)
    pair = plan.pairs.order_by("pk").first()
    VisitFactory(season=SeasonFactory(sites=cast.sites), host=pair.host, date=pair.date)

    with pytest.raises(plans.NoLongerFits):
        adopt(plan)

    assert live().count() == 1
    plan.refresh_from_db()
    assert plan.adopted_at is None


def test_a_day_filled_meanwhile_stops_it_too(cast):
    plan = solved(cast)
    pair = plan.pairs.order_by("pk").first()
    cast.season.season_sites.filter(site=pair.site).update(visits_a_day=0)

    with pytest.raises(plans.NoLongerFits):
        adopt(plan)

    assert live().count() == 0


def test_a_host_who_takes_fewer_visits_now_stops_it(cast):
    plan = solved(cast)
    host = plan.pairs.order_by("pk").first().host
    other = VisitFactory(season=cast.season, host=host, locked=True, date=cast.season.ends_on, site=host.team.site)
    cast.season.hosts.filter(host=host).update(max_visits=1)

    with pytest.raises(plans.NoLongerFits):
        adopt(plan)

    assert list(live()) == [other]


def test_a_visit_locked_elsewhere_meanwhile_stops_it(cast):
    plan = solved(cast)
    pair = plan.pairs.order_by("pk").first()
    host = next(one for one in cast.hosts if one.pk != pair.host_id)
    VisitFactory(season=cast.season, executive=pair.executive, host=host, locked=True, date=pair.date + timedelta(1))

    with pytest.raises(plans.NoLongerFits):
        adopt(plan)


@pytest.mark.parametrize("role", ["coordinator", "sponsor", None])
def test_only_who_coordinates_all_sites_may(cast, role):
    person = UserFactory(role=role, sites=cast.sites[:1]) if role == "coordinator" else UserFactory(role=role)

    with pytest.raises(NotAllowed):
        adopt(solved(cast), by=person)

    assert live().count() == 0


def test_a_plan_without_result_or_of_a_published_season_is_not_used(cast):
    waiting = plans.ask_plan(season=cast.season, seconds=1, seed=0, by=None, now=NOW)
    with pytest.raises(Refused):
        adopt(waiting)
    waiting.delete()
    plan = solved(cast)
    cast.season.state = SeasonState.PUBLISHED
    cast.season.save()

    with pytest.raises(Refused):
        adopt(plan)


def test_the_number_of_queries_does_not_grow_with_the_plan(django_assert_max_num_queries):
    cast = make_cast(executives=40, hosts=40)
    plan = solved(cast)

    with django_assert_max_num_queries(40):
        adopt(plan)
