"""Two coordinators at once: one place, one repair, one standby, given once; who lost hears it, and nothing is by halves."""

from __future__ import annotations

from functools import partial

import pytest

from notifications.models import Notice
from shadowing.models import Visit, VisitDay, VisitEvent, VisitState
from shadowing.repairs import actions, proposal, standby
from shadowing.repairs.options import OptionMove
from tests.concurrency.crowd import at_once
from tests.factories import ExecutiveFactory, UserFactory, VisitDayFactory
from tests.shadowing.repairs.scene import make_scene
from tests.shadowing.world import BEFORE, DAY, LATER

pytestmark = pytest.mark.django_db(transaction=True)


def coordinators(number=2):
    return [UserFactory(role="coordinator") for _coordinator in range(number)]


@pytest.mark.parametrize("round_", range(3))
def test_the_same_alternative_is_used_once(round_):
    """Given a place that one other visit makes by moving; when two coordinators use it at the same moment; then one does,
    the other gets a conflict, and the visit that moved has moved once."""
    world = make_scene()
    there = world.visit(VisitState.CONFIRMED, executive=world.stranger)
    use = partial(
        actions.use_option, season=world.season, executive=world.executive, host=world.host, date=DAY,
        moves=[OptionMove(there, world.strange_host, LATER)], versions={there.pk: there.version}, now=BEFORE,
    )  # fmt: skip

    outcome = at_once([partial(use, by=who) for who in coordinators()], threads=2)

    assert outcome == {"done": 1, "Conflict": 1}
    there.refresh_from_db()
    assert (there.sequence, there.date, Visit.objects.live().count()) == (1, LATER, 2)
    assert VisitEvent.objects.filter(verb="moved").count() == 1
    assert (
        Notice.objects.filter(kind="shadowing.invited").count() == 4
    )  # executive, assistant, host; the moved one's new


def test_two_people_are_given_one_place_once():
    world = make_scene(waiting=6, hosts=0)
    people = list(world.season.executives.select_related("executive__user", "executive__assistant"))
    use = partial(actions.use_option, season=world.season, host=world.host, date=DAY, moves=[], versions={}, now=BEFORE)

    outcome = at_once([partial(use, executive=one.executive, by=world.admin) for one in people], threads=8)

    assert outcome == {"done": 1, "Conflict": len(people) - 1}
    assert Visit.objects.count() == 1


def test_visits_that_swap_in_both_directions_do_not_wait_for_each_other():
    """Given two visits; when one coordinator swaps their hosts and another their days at once; then one of them wins."""
    world = make_scene()
    one, other = world.visit(), world.visit(executive=world.stranger, host=world.strange_host, date=LATER)
    third = world.season.executives.create(executive=ExecutiveFactory()).executive
    extra = world.season.hosts.get(host__user__name="Hana Extra0").host
    versions = {one.pk: 0, other.pk: 0}
    about = {"season": world.season, "executive": third, "host": extra, "versions": versions, "now": BEFORE}
    hosts = [OptionMove(one, world.strange_host, DAY), OptionMove(other, world.host, LATER)]
    days = [OptionMove(other, world.strange_host, DAY), OptionMove(one, world.host, LATER)]
    acts = [partial(actions.use_option, **about, date=day, moves=m) for day, m in ((DAY, hosts), (LATER, days))]

    outcome = at_once([partial(act, by=who) for act, who in zip(acts, coordinators(), strict=True)], threads=2)

    assert outcome == {"done": 1, "Conflict": 1}


def test_a_repair_is_done_once():
    world = make_scene(waiting=3)
    form = proposal.propose(world.season, now=BEFORE).form
    repair = partial(proposal.repair_season, season=world.season, form=form, now=BEFORE)

    outcome = at_once([partial(repair, by=who) for who in coordinators()], threads=2)

    assert outcome == {"done": 1, "Conflict": 1}
    assert Visit.objects.live().count() == 5


def test_a_standby_steps_in_once():
    world = make_scene()
    extra = world.season.hosts.get(host__user__name="Hana Extra0").host
    visits = [
        world.visit(VisitState.CONFIRMED),
        world.visit(VisitState.CONFIRMED, executive=world.stranger, host=world.strange_host),
    ]
    VisitDayFactory(site=world.site, date=DAY, standby=extra)

    acts = [partial(standby.step_in, visit=visit, by=world.admin, now=BEFORE) for visit in visits]

    assert at_once(acts, threads=2) == {"done": 1, "Conflict": 1}
    assert Visit.objects.filter(host=extra).count() == 1
    assert VisitDay.objects.get().standby is None
