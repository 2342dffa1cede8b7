"""A published season in March 2027 with people to repair it with: the world of visits, its hosts willing, all executives
taking part."""

from __future__ import annotations

from shadowing.models import SeasonSite, VisitState
from tests.factories import ExecutiveFactory, HostFactory, SeasonExecutiveFactory, SeasonHostFactory
from tests.shadowing.world import World, make_world


def make_scene(*, visits_a_day: int = 6, hosts: int = 1, waiting: int = 0) -> World:
    """The executive, the stranger and ``waiting`` more take part; the two hosts of Leeds and ``hosts`` more are willing.
    Only Leeds is open."""
    world = make_world(visits_a_day=visits_a_day)
    SeasonSite.objects.filter(site=world.other_site).delete()
    more = [HostFactory(user__name=f"Hana Extra{n}", team=world.team) for n in range(hosts)]
    for host in (world.host, world.strange_host, *more):
        SeasonHostFactory(season=world.season, host=host, max_visits=2)
    names = [f"Wanda Waits{n}" for n in range(waiting)]
    for executive in (world.executive, world.stranger, *(ExecutiveFactory(user__name=name) for name in names)):
        SeasonExecutiveFactory(season=world.season, executive=executive)
    return world


def declined(world: World, *, by: str = "executive", **fields):
    """A visit one side said no to."""
    answers = {f"{by}_answer": "no", "executive_answer" if by == "host" else "host_answer": "yes"}
    reason = {"ended_reason": "Board meeting"} if by == "executive" else {}
    return world.visit(VisitState.DECLINED, **answers, **reason, **fields)
