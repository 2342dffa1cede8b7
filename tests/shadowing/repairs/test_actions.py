"""Using an option and repairing a season: everything or nothing, and only those it touches are told."""

from datetime import UTC, date, datetime

import pytest

from notifications.models import Notice
from people.errors import Conflict, NotAllowed, Refused
from people.models import AuditEvent
from shadowing.models import (
    PairRule,
    SeasonExecutive,
    SeasonHost,
    SeasonSite,
    SeasonState,
    UnavailableDay,
    Visit,
    VisitEvent,
    VisitState,
)
from shadowing.repairs import actions, offers, proposal
from shadowing.repairs.actions import Change, Placement
from shadowing.repairs.options import OptionMove, alternatives_for
from tests.factories import ExecutiveFactory, HostFactory
from tests.shadowing.repairs.scene import declined, make_scene
from tests.shadowing.world import BEFORE, DAY, LATER

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_scene()


def told(kind):
    return sorted(Notice.objects.filter(kind=f"shadowing.{kind}").values_list("recipient__name", flat=True))


def place(world, *, executive=None, host=None, day=DAY, moves=(), by=None, versions=None, now=BEFORE):
    about = {"executive": executive or world.executive, "host": host or world.host, "date": day}
    shown = {move.visit.pk: move.visit.version for move in moves} if versions is None else versions
    return actions.use_option(
        season=world.season, **about, moves=moves, by=by or world.coordinator, now=now, versions=shown
    )  # fmt: skip


def state():
    """Everything that could have changed."""
    visits = Visit.objects.order_by("pk").values_list("host", "date", "state", "version", "sequence")
    return list(visits), VisitEvent.objects.count(), Notice.objects.count(), AuditEvent.objects.count()


def test_a_place_is_proposed_and_invited_in_one_step(world):
    visit = place(world)

    assert (visit.state, visit.host, visit.date, visit.invited_at) == (VisitState.INVITED, world.host, DAY, BEFORE)
    assert told("invited") == ["Anneke Vos", "Asim Assistant", "Priya Nair"]
    assert list(visit.events.order_by("pk").values_list("verb", flat=True)) == ["proposed", "invited"]


def test_before_publishing_it_is_only_proposed(world):
    type(world.season).objects.update(state=SeasonState.PLANNED)

    assert place(world).state == VisitState.PROPOSED
    assert not Notice.objects.exists()


def test_others_make_room_and_only_the_touched_are_told(world):
    """Given a host whose day is taken; when somebody gets it and the visit there moves to another host; then that visit
    keeps its identity, and the fourth person of the season hears nothing."""
    there = world.visit(VisitState.CONFIRMED, executive=world.stranger)

    visit = place(world, moves=[OptionMove(there, world.strange_host, DAY)])

    there.refresh_from_db()
    assert (there.host, there.sequence, there.state) == (world.strange_host, 1, VisitState.INVITED)
    assert (visit.host, visit.executive) == (world.host, world.executive)
    assert told("invited") == ["Anneke Vos", "Asim Assistant", "Hugo Other", "Priya Nair"]
    assert (told("moved"), told("released")) == (["Sten Stranger"], ["Priya Nair"])
    assert set(Notice.objects.filter(subject=there.subject).values_list("step", flat=True)) == {1}


def test_two_visits_can_swap_their_hosts(world):
    one = world.visit()
    other = world.visit(executive=world.stranger, host=world.strange_host)
    extra = SeasonHost.objects.get(host__user__name="Hana Extra0").host
    place(
        world, executive=make_third(world), host=extra,
        moves=[OptionMove(one, world.strange_host, DAY), OptionMove(other, world.host, DAY)],
    )  # fmt: skip

    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.host, other.host) == (world.strange_host, world.host)


def test_proposed_visits_move_in_silence(world):
    there = world.visit(VisitState.PROPOSED, executive=world.stranger)

    place(world, moves=[OptionMove(there, world.strange_host, LATER)])

    there.refresh_from_db()
    assert (there.state, there.host, there.date, there.sequence) == ("proposed", world.strange_host, LATER, 0)
    assert not Notice.objects.filter(subject=there.subject).exists()


def test_somebody_with_a_visit_keeps_it_and_is_moved(world):
    own = world.visit()

    moved = place(world, host=world.strange_host, day=LATER, versions={own.pk: own.version})

    assert (moved.pk, moved.uuid, moved.host, moved.sequence) == (own.pk, own.uuid, world.strange_host, 1)
    assert Visit.objects.count() == 1


@pytest.mark.parametrize(
    "change", ["version", "ended", "own", "away", "unwilling", "stepped_back", "forbidden", "taken"]
)
def test_what_changed_since_it_was_shown_is_a_conflict_and_nothing_is_done(world, change):
    """Each of the things that may happen between a page and its button; the visit that would move stays."""
    there = world.visit(executive=world.stranger)
    moves = [OptionMove(there, world.strange_host, DAY)]
    about = {"season": world.season, "executive": world.executive}
    if change == "version":
        Visit.objects.filter(pk=there.pk).update(version=5)
    elif change == "ended":
        Visit.objects.filter(pk=there.pk).update(state=VisitState.DECLINED)
    elif change == "own":
        world.visit(host=SeasonHost.objects.get(host__user__name="Hana Extra0").host, date=LATER)
    elif change == "away":
        UnavailableDay.objects.create(user=world.strange_host.user, date=DAY)
    elif change == "unwilling":
        SeasonHost.objects.filter(host=world.host).update(willing="no")
    elif change == "stepped_back":
        SeasonExecutive.objects.filter(**about).update(stepped_back_at=BEFORE, stepped_back_by=world.admin)
    elif change == "forbidden":
        PairRule.objects.create(**about, host=world.host, created_at=BEFORE, created_by=world.admin)
    else:
        world.visit(executive=make_third(world), host=world.strange_host)
    before = state()

    with pytest.raises(Conflict, match="Nothing was changed"):
        place(world, moves=moves)

    assert state() == before


def make_third(world):
    return world.season.executives.create(executive=ExecutiveFactory(user__name="Thea Third")).executive


def test_a_full_day_is_a_conflict(world):
    SeasonSite.objects.update(visits_a_day=1)
    world.visit(executive=world.stranger, host=world.strange_host)

    with pytest.raises(Conflict, match="takes 1 visits a day"):
        place(world)


def test_a_day_that_has_passed_is_refused(world):
    with pytest.raises(Refused, match="has passed"):
        place(world, now=datetime(2027, 3, 4, 9, tzinfo=UTC))


def test_a_closed_season_is_refused(world):
    type(world.season).objects.update(state=SeasonState.CLOSED)

    with pytest.raises(Refused, match="closed"):
        place(world)


@pytest.mark.parametrize("who", ["other_coordinator", "sponsor", "executive", "assistant", "host"])
def test_only_coordinators_of_the_site_use_an_option(world, who):
    with pytest.raises(NotAllowed):
        place(world, by=world.people()[who])
    assert not Visit.objects.exists()


def test_a_coordinator_of_one_of_two_sites_moves_nobody_at_the_other(world):
    SeasonSite.objects.create(season=world.season, site=world.other_site, visits_a_day=3)
    elsewhere = HostFactory(team__site=world.other_site)
    there = world.visit(executive=world.stranger)

    with pytest.raises(NotAllowed):
        place(world, moves=[OptionMove(there, elsewhere, DAY)])
    assert place(world, moves=[OptionMove(there, elsewhere, DAY)], by=world.admin).host == world.host


def test_what_the_planner_finds_can_be_used(world):
    declined(world, by="host")

    option = alternatives_for(season=world.season, executive_id=world.executive.pk, now=BEFORE, day=DAY)[0]
    visit = place(world, host=option.host, day=option.date, moves=option.moves)

    assert (visit.date, visit.state) == (DAY, VisitState.INVITED)
    assert visit.host != world.host


# --- what a button carries ---


def test_a_signed_change_comes_back_as_it_was(world):
    there = world.visit(executive=world.stranger)
    change = Change(
        [Placement(world.executive, world.host, DAY)], [OptionMove(there, world.strange_host, LATER)], {there.pk: 0}
    )

    read = offers.unsign(offers.sign(change, world.season), world.season)

    assert (read.placements, read.versions) == (change.placements, {there.pk: 0})
    assert [(m.visit, m.host, m.date) for m in read.moves] == [(there, world.strange_host, LATER)]


@pytest.mark.parametrize("text", ["", "rubbish", "altered"])
def test_what_nobody_signed_is_a_conflict(world, text):
    signed = offers.sign(Change([Placement(world.executive, world.host, DAY)]), world.season)

    with pytest.raises(Conflict, match="not what the page shows"):
        offers.use(signed[:-3] + "abc" if text == "altered" else text, world.season, by=world.coordinator, now=BEFORE)


# --- repairing a season ---


def test_a_repair_does_what_it_showed(world):
    declined(world, by="host")
    found = proposal.propose(world.season, now=BEFORE)

    visits = proposal.repair_season(season=world.season, form=found.form, by=world.admin, now=BEFORE)

    assert found.sought == len(found.placed) == len(visits) == 2
    shown = {(one.executive, one.host, one.date) for one in found.placed}
    assert {(visit.executive, visit.host, visit.date) for visit in visits} == shown
    assert {visit.state for visit in visits} == {VisitState.INVITED}
    event = AuditEvent.objects.get(verb="season.repaired")
    assert event.changes == {"placed": [visit.pk for visit in visits], "moved": []}


def test_a_repair_moves_as_few_as_it_must():
    """Given one place a day and a host nobody else can have; when somebody can only come on the taken day; then the visit
    there moves and its price is shown."""
    world = make_scene(visits_a_day=1, hosts=0)
    there = world.visit(VisitState.CONFIRMED, executive=world.stranger)
    for day in range(1, 13):
        if day != DAY.day:
            UnavailableDay.objects.create(user=world.executive.user, date=date(2027, 3, day))

    found = proposal.propose(world.season, now=BEFORE)
    (visit,) = proposal.repair_season(season=world.season, form=found.form, by=world.admin, now=BEFORE)

    there.refresh_from_db()
    (moved,) = found.moved
    assert (moved.move.visit, moved.points > 0) == (there, True)
    assert (visit.executive, visit.date) == (world.executive, DAY)
    assert (there.date, there.sequence) == (moved.move.date, 1)
    assert there.date != DAY


@pytest.mark.parametrize("change", ["placed", "declined", "joined"])
def test_a_repair_that_would_differ_now_is_a_conflict(world, change):
    standing = world.visit(executive=world.stranger, host=world.strange_host)
    found = proposal.propose(world.season, now=BEFORE)
    if change == "placed":
        place(world)
    elif change == "declined":
        Visit.objects.filter(pk=standing.pk).update(state=VisitState.DECLINED)
    else:
        make_third(world)
    before = state()

    with pytest.raises(Conflict, match="changed since"):
        proposal.repair_season(season=world.season, form=found.form, by=world.admin, now=BEFORE)

    assert state() == before


@pytest.mark.parametrize(("form", "error"), [("", Refused), ("rubbish", Conflict)])
def test_a_repair_needs_its_own_form(world, form, error):
    with pytest.raises(error):
        proposal.repair_season(season=world.season, form=form, by=world.admin, now=BEFORE)


def test_only_who_has_all_sites_repairs(world):
    SeasonSite.objects.create(season=world.season, site=world.other_site, visits_a_day=3)
    found = proposal.propose(world.season, now=BEFORE)

    with pytest.raises(NotAllowed):
        proposal.repair_season(season=world.season, form=found.form, by=world.coordinator, now=BEFORE)


def test_with_nobody_waiting_there_is_nothing_to_do(world):
    SeasonExecutive.objects.update(stepped_back_at=BEFORE, stepped_back_by=world.admin)

    assert proposal.propose(world.season, now=BEFORE).form == ""
