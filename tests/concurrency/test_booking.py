"""Everybody books at once: places are never given twice, and who lost hears it in words, not as an error."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Count

from shadowing.models import LIVE, SeasonSite, Visit, VisitState
from shadowing.visits import actions
from shadowing.visits.rules import Side
from tests.concurrency.crowd import at_once
from tests.factories import ExecutiveFactory, HostFactory
from tests.shadowing.world import BEFORE, DAY, make_world

pytestmark = pytest.mark.django_db(transaction=True)
POSTGRES = "postgresql" in settings.DATABASES["default"]["ENGINE"]
THREADS = 64 if POSTGRES else 16
CROWD = 40


def propose(world, executive, *, host=None, day=DAY):
    """One request, not yet made."""
    about = {"season": world.season, "executive": executive, "host": host or world.host, "date": day}
    return partial(actions.propose_visit, **about, by=world.admin, now=BEFORE)


def race_for_a_day(attempts):
    """That many executives want the same host on the same day; what became of them. Nothing but the day is scarce."""
    world = make_world(visits_a_day=attempts)
    assert world.host.max_visits == 3
    requests = [propose(world, ExecutiveFactory()) for _attempt in range(attempts)]
    return at_once(requests, threads=THREADS)


@contextmanager
def without(name: str) -> Iterator[None]:
    """The database without one of the visit's constraints."""
    (constraint,) = [each for each in Visit._meta.constraints if each.name == name]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Visit, constraint)
    try:
        yield
    finally:
        with transaction.atomic():
            for table in ("shadowing_visitevent", "shadowing_visit"):
                connection.cursor().execute(f"DELETE FROM {table}")
        with connection.schema_editor() as editor:
            editor.add_constraint(Visit, constraint)


def test_a_hosts_day_is_given_once():
    assert race_for_a_day(CROWD) == {"done": 1, "Conflict": CROWD - 1}
    assert Visit.objects.count() == 1


def test_the_constraint_is_what_decides():
    """Without it the same race gives the day away more than once: the test above rests on it and would fail."""
    with without("one_live_visit_per_host_date"):
        assert race_for_a_day(12)["done"] > 1


def test_not_even_code_that_asks_nobody_gives_a_day_twice():
    world = make_world()
    about = {"season": world.season, "host": world.host, "site": world.site, "date": DAY}
    executives = [ExecutiveFactory() for _attempt in range(12)]

    def insert(executive):
        try:
            Visit.objects.create(executive=executive, **about)
        except IntegrityError:
            return

    at_once([partial(insert, executive) for executive in executives], threads=12)

    assert Visit.objects.count() == 1


def test_a_sites_day_takes_no_more_than_it_can():
    world = make_world(visits_a_day=3)
    hosts = [HostFactory(team=world.team) for _attempt in range(CROWD)]

    outcome = at_once([propose(world, ExecutiveFactory(), host=host) for host in hosts], threads=THREADS)

    assert outcome == {"done": 3, "Conflict": CROWD - 3}
    assert Visit.objects.count() == 3


def test_a_host_takes_no_more_than_was_agreed():
    world = make_world(visits_a_day=CROWD)
    days = [DAY + timedelta(days=attempt % 8) for attempt in range(CROWD)]

    outcome = at_once([propose(world, ExecutiveFactory(), day=day) for day in days], threads=THREADS)

    assert outcome == {"done": 3, "Conflict": CROWD - 3}


def test_an_executive_goes_once_a_season():
    world = make_world(visits_a_day=CROWD)
    hosts = [HostFactory(team=world.team) for _attempt in range(CROWD)]

    outcome = at_once([propose(world, world.executive, host=host) for host in hosts], threads=THREADS)

    assert outcome == {"done": 1, "Conflict": CROWD - 1}


def test_two_answers_at_once_confirm():
    """Each sees the other's answer or is seen by it: nobody waits for an answer that is there."""
    world = make_world()
    for _round in range(3):
        visit = world.visit()
        answer = partial(actions.answer_invitation, visit=visit, yes=True, now=BEFORE)
        host, executive = partial(answer, side=Side.HOST), partial(answer, side=Side.EXECUTIVE)
        at_once([partial(host, by=world.host.user), partial(executive, by=world.assistant)], threads=2)

        visit.refresh_from_db()
        assert visit.state == VisitState.CONFIRMED
        Visit.objects.filter(pk=visit.pk).update(state=VisitState.CANCELLED)


def storm(steps, threads):
    """Book, move, answer, cancel in any order from many threads; returns what was done and refused."""
    world = make_world(visits_a_day=2)
    hosts = [HostFactory(team=world.team, max_visits=2) for _host in range(4)]
    executives = [ExecutiveFactory() for _executive in range(8)]
    dice = random.Random(11)

    def act(seed):
        chance = random.Random(seed)
        day = DAY + timedelta(days=chance.randrange(3))
        visit = Visit.objects.filter(state__in=LIVE).order_by("?").first()
        verb = chance.choice(["propose", "propose", "move", "invite", "answer", "cancel"])
        if verb == "propose" or visit is None:
            propose(world, chance.choice(executives), host=chance.choice(hosts), day=day)()
        elif verb == "move":
            actions.move_visit(visit=visit, date=day, by=world.admin, now=BEFORE)
        elif verb == "invite":
            actions.invite(visit=visit, by=world.admin, now=BEFORE)
        elif verb == "answer":
            answer = {"side": chance.choice(list(Side)), "yes": chance.random() < 0.8, "reason": "x"}
            actions.answer_invitation(visit=visit, by=world.admin, now=BEFORE, **answer)
        else:
            actions.cancel_visit(visit=visit, by=world.admin, now=BEFORE, reason="x")

    return at_once([partial(act, dice.random()) for _step in range(steps)], threads=threads)


def broken_rules():
    """Rules that do not hold, asked of the database."""
    live = Visit.objects.filter(state__in=LIVE)
    capacity = dict(SeasonSite.objects.values_list("site", "visits_a_day"))
    days = live.values("site", "date").annotate(number=Count("pk"))
    found = [day for day in days if day["number"] > capacity[day["site"]]]
    hosts = live.values("host", "season", "host__max_visits").annotate(number=Count("pk"))
    found += [host for host in hosts if host["number"] > host["host__max_visits"]]
    for pair in (("executive", "date"), ("executive", "season"), ("host", "date")):
        found += live.values(*pair).annotate(number=Count("pk")).filter(number__gt=1)
    confirmed = Visit.objects.filter(state=VisitState.CONFIRMED)
    found += confirmed.exclude(executive_answer="yes", host_answer="yes").values("pk")
    return found


def test_a_storm_breaks_no_rule():
    outcome = storm(steps=80, threads=8)

    assert broken_rules() == []
    assert outcome["done"] > 10
    assert set(outcome) <= {"done", "Conflict", "Refused"}


@pytest.mark.soak
@pytest.mark.parametrize("round_", range(20))
def test_two_hundred_for_one_day(round_):
    assert race_for_a_day(200) == {"done": 1, "Conflict": 199}


@pytest.mark.soak
def test_a_long_storm_breaks_no_rule():
    outcome = storm(steps=4000, threads=8)

    assert broken_rules() == []
    assert set(outcome) <= {"done", "Conflict", "Refused"}
