"""Every state × verb × role: allowed ones work, all others are refused and change nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from notifications.models import Notice
from people.errors import Conflict, NotAllowed
from shadowing.models import NEXT, Visit, VisitEvent, VisitState
from shadowing.visits import actions, rules
from shadowing.visits.rules import Side
from tests.shadowing.world import LATER, ON_THE_DAY, make_world

pytestmark = pytest.mark.django_db

STAFF = {"admin", "coordinator"}
GUIDES = {"executive", "assistant"}
SOON = ON_THE_DAY - timedelta(days=10)  # notice has not run out
P, I, C = VisitState.PROPOSED, VisitState.INVITED, VisitState.CONFIRMED  # noqa: E741
HELD, NO_SHOW = VisitState.HELD, VisitState.NO_SHOW

# verb: what is called, when, in which states it works, by whom
TABLE = {
    "accept for the executive": (
        lambda visit, by: answer(visit, by, Side.EXECUTIVE, yes=True), {I, C}, STAFF | GUIDES,
    ),
    "decline for the executive": (
        lambda visit, by: answer(visit, by, Side.EXECUTIVE, yes=False), {I, C}, STAFF | GUIDES,
    ),
    "accept for the host": (lambda visit, by: answer(visit, by, Side.HOST, yes=True), {I, C}, STAFF | {"host"}),
    "decline for the host": (lambda visit, by: answer(visit, by, Side.HOST, yes=False), {I, C}, STAFF | {"host"}),
    "move": (
        lambda visit, by: actions.move_visit(visit=visit, date=LATER, by=by, now=SOON, reason="why"),
        {P, I, C}, STAFF | GUIDES | {"host"},
    ),
    "cancel": (lambda visit, by: actions.cancel_visit(visit=visit, by=by, now=SOON, reason="why"), {P, I, C}, STAFF),
    "check in": (lambda visit, by: actions.check_in(visit=visit, by=by, now=ON_THE_DAY), {C}, STAFF | GUIDES),
    "no-show": (lambda visit, by: actions.mark_no_show(visit=visit, by=by, now=ON_THE_DAY), {C}, STAFF),
    "correct to held": (lambda visit, by: correct(visit, by, held=True), {NO_SHOW}, STAFF),
    "correct to no-show": (lambda visit, by: correct(visit, by, held=False), {HELD}, STAFF),
    "brief the executive": (lambda visit, by: brief(visit, by, Side.EXECUTIVE), {I, C}, GUIDES),
    "brief the host": (lambda visit, by: brief(visit, by, Side.HOST), {I, C}, {"host"}),
    "lock": (lambda visit, by: actions.lock_pair(visit=visit, locked=True, by=by, now=SOON), {P, I, C}, STAFF),
    "invite": (lambda visit, by: actions.invite(visit=visit, by=by, now=SOON), {P}, STAFF),
}  # fmt: skip


def answer(visit, by, side, *, yes):
    return actions.answer_invitation(visit=visit, side=side, yes=yes, by=by, now=SOON, reason="why")


def correct(visit, by, *, held):
    return actions.correct_attendance(visit=visit, held=held, by=by, now=ON_THE_DAY, reason="why")


def brief(visit, by, side):
    return actions.acknowledge_briefing(visit=visit, side=side, by=by, now=SOON)


class Undo(Exception):
    """Takes back what a case did."""


def row(visit):
    return Visit.objects.filter(pk=visit.pk).values().get(), VisitEvent.objects.count(), Notice.objects.count()


def expected(verb, state, role):
    """The error this case must raise, None when it must work. Until somebody is invited a visit is not theirs."""
    _call, states, roles = TABLE[verb]
    if role not in (STAFF & roles if state == P else roles):
        return NotAllowed
    return None if state in states else Conflict


@pytest.mark.parametrize("verb", TABLE)
def test_states_and_roles(verb):
    world = make_world()
    for state in VisitState:
        visit = world.visit(state)
        for role, person in world.people().items():
            check(verb, visit, state, role, person)
        visit.delete()


def check(verb, visit, state, role, person):
    case, before, wanted = f"{verb}, {state}, {role}", row(visit), expected(verb, state, role)
    try:
        with transaction.atomic():
            TABLE[verb][0](visit, person)
            after = row(visit)
            raise Undo
    except Undo:
        refused = None
        assert after != before or already(verb, state), f"{case} did nothing"
        assert after[0]["state"] == state or after[0]["state"] in NEXT[state], case
    except (NotAllowed, Conflict) as refusal:
        refused = refusal
    assert type(refused) is (wanted or type(None)), f"{case}: {refused!r}"
    assert row(visit) == before, f"{case} was not undone or changed something"


def already(verb, state):
    """A "yes" to what was accepted before is no change."""
    return verb.startswith("accept") and state == C


def test_seeing_and_listing_agree():
    world = make_world()
    visits = [world.visit(state) for state in (VisitState.CANCELLED, VisitState.DECLINED)]
    visits += [world.visit(VisitState.PROPOSED), world.visit(VisitState.HELD, executive=world.stranger, date=LATER)]

    for role, person in world.people().items():
        allowed = {visit.pk for visit in Visit.objects.for_list() if rules.can_view(person, visit)}
        assert set(Visit.objects.visible_to(person).values_list("pk", flat=True)) == allowed, role


def test_every_next_state_has_a_verb():
    reachable = {(state, following) for state in NEXT for following in NEXT[state]}

    assert reachable == {
        (P, I), (P, VisitState.CANCELLED),
        (I, C), (I, VisitState.CANCELLED), (I, VisitState.DECLINED),
        (C, I), (C, HELD), (C, VisitState.CANCELLED), (C, VisitState.DECLINED), (C, NO_SHOW),
        (HELD, NO_SHOW), (NO_SHOW, HELD),
    }  # fmt: skip


def test_only_who_coordinates_all_sites_publishes():
    world = make_world()
    visit = world.visit(VisitState.PROPOSED)
    publish = {"season": world.season, "acknowledged": (), "now": SOON}
    people = world.people()
    admin = people.pop("admin")

    for person in people.values():
        with pytest.raises(NotAllowed):
            actions.publish_season(**publish, by=person)
    assert row(visit)[0]["state"] == P

    assert len(actions.publish_season(**publish, by=admin)) == 1
