"""Groups of a visit day: made, named, joined, settled, carried on; who may, and what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from people.errors import Conflict, NotAllowed, Refused
from people.models import AuditEvent, User
from shadowing.models import (
    OUTCOMES,
    FloorNote,
    GroupOutcome,
    RegroupGroup,
    RegroupNote,
    Visit,
    VisitDay,
    VisitState,
)
from shadowing.regroup import actions, rules, settling
from tests.factories import ExecutiveFactory, FloorNoteFactory, HostFactory, RegroupGroupFactory, TeamFactory
from tests.shadowing.world import DAY, LATER, ON_THE_DAY, World, make_world

pytestmark = pytest.mark.django_db
ROLES = ["admin", "coordinator", "other_coordinator", "sponsor", "executive", "assistant", "host", "stranger"]
READERS = {"admin", "coordinator", "executive", "assistant", "host"}
SETTLE = {
    GroupOutcome.DISCUSSED: settling.discuss,
    GroupOutcome.OPEN: settling.reopen,
    GroupOutcome.CARRIED: settling.carry,
}


@dataclass
class Scene:
    """A held day with two visits, a note of each, and one open group."""

    world: World
    visit: Visit
    other: Visit
    note: FloorNote
    other_note: FloorNote
    group: RegroupGroup

    @property
    def day(self) -> VisitDay:
        return self.group.day

    def by(self, user: User | None = None) -> dict:
        return {"by": user or self.world.coordinator, "now": ON_THE_DAY}

    def another(self, state=VisitState.INVITED, date=LATER) -> Visit:
        """A visit of two other people at the site."""
        host = HostFactory(team=self.world.team)
        return self.world.visit(state, date=date, executive=ExecutiveFactory(), host=host)


@pytest.fixture
def scene():
    world = make_world()
    visit = world.visit(VisitState.HELD)
    retail = HostFactory(team=TeamFactory(site=world.site, name="Retail"))
    other = world.visit(VisitState.HELD, executive=ExecutiveFactory(), host=retail)
    notes = [FloorNoteFactory(visit=one, text=f"Seen in {one.host.team.name}") for one in (visit, other)]
    return Scene(world, visit, other, *notes, RegroupGroupFactory(day__site=world.site, day__date=DAY))


def person(scene, role):
    return User.objects.with_identities().get(pk=scene.world.people()[role].pk)


def state():
    """Everything a regroup can change."""
    groups = RegroupGroup.objects.order_by("pk")
    return [list(model.values()) for model in (groups, RegroupNote.objects.order_by("pk"), AuditEvent.objects.all())]


def in_state(scene, outcome):
    """The scene's group with that outcome."""
    changes = {} if outcome == "open" else {"settled_at": ON_THE_DAY, "settled_by": scene.world.coordinator}
    RegroupGroup.objects.filter(pk=scene.group.pk).update(outcome=outcome, **changes)
    scene.group.refresh_from_db()
    return scene.group


@pytest.mark.parametrize("role", ROLES)
def test_seeing_and_reading_agree(scene, role):
    user = person(scene, role)
    visits = Visit.objects.on(scene.world.site, DAY).select_related("executive")

    seen = RegroupGroup.objects.visible_to(user).filter(pk=scene.group.pk).exists()

    assert seen == rules.may_read(user, scene.world.site.pk, visits) == (role in READERS)
    assert rules.may_change(user, scene.world.site.pk, visits) == (role in READERS - {"host"})


@pytest.mark.parametrize("visit_state", [VisitState.INVITED, VisitState.CANCELLED, VisitState.NO_SHOW])
def test_whose_visit_does_not_take_place_takes_no_part(scene, visit_state):
    Visit.objects.filter(pk=scene.visit.pk).update(state=visit_state, checked_in_at=None, checked_in_by=None)

    for role in ("executive", "assistant", "host"):
        assert not RegroupGroup.objects.visible_to(person(scene, role)).exists()


def test_a_group_is_made_from_a_note_and_told(scene):
    group = actions.make_group(
        site=scene.world.site, day=DAY, name="  Asked   twice ", note=scene.note, **scene.by()
    )  # fmt: skip

    assert (group.name, group.day, group.outcome) == ("Asked twice", scene.day, "open")
    assert scene.note.place.group == group
    verbs = AuditEvent.objects.filter(subject=f"visit_day:{scene.day.pk}").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["regroup.made", "regroup.note moved"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 161, "taken NAME"])
def test_a_name_is_wanted_short_and_free(scene, name):
    RegroupGroup.objects.filter(pk=scene.group.pk).update(name="Taken name", name_key="taken name")
    before = state()

    with pytest.raises(Refused) as refusal:
        actions.make_group(site=scene.world.site, day=DAY, name=name, **scene.by())

    assert refusal.value.field == "name"
    assert state() == before


def test_a_note_goes_in_moves_and_comes_out(scene):
    other = RegroupGroupFactory(day=scene.day)
    put = {"note": scene.note, **scene.by()}

    actions.put_note(group=scene.group, was=None, **put)
    actions.put_note(group=other, was=scene.group.pk, **put)
    assert RegroupNote.objects.get().group == other
    actions.put_note(group=None, was=other.pk, **put)

    assert not RegroupNote.objects.exists()


def test_who_comes_second_with_a_note_is_told_where_it_lies(scene):
    actions.put_note(note=scene.note, group=scene.group, was=None, **scene.by())
    other, before = RegroupGroupFactory(day=scene.day), state()

    with pytest.raises(Conflict, match=scene.group.name):
        actions.put_note(note=scene.note, group=other, was=None, **scene.by())
    with pytest.raises(Conflict, match=scene.group.name):
        actions.put_note(note=scene.note, group=None, was=scene.group.pk + 99, **scene.by())

    assert state()[1:] == before[1:]


def test_executives_move_their_own_notes_only(scene):
    actions.put_note(note=scene.note, group=scene.group, was=None, **scene.by(person(scene, "executive")))

    for role in ("executive", "assistant", "host", "stranger", "sponsor", "other_coordinator"):
        with pytest.raises(NotAllowed):
            actions.put_note(note=scene.other_note, group=scene.group, was=None, **scene.by(person(scene, role)))
    assert RegroupNote.objects.get().note == scene.note


def test_a_note_of_another_day_stays_out(scene):
    elsewhere = FloorNoteFactory(visit=scene.another(VisitState.HELD))

    with pytest.raises(NotAllowed):
        actions.make_group(site=scene.world.site, day=DAY, name="New", note=elsewhere, **scene.by())
    with pytest.raises(Conflict):
        actions.put_note(note=elsewhere, group=scene.group, was=None, **scene.by())

    assert not RegroupNote.objects.exists()
    assert RegroupGroup.objects.count() == 1


@pytest.mark.parametrize("role", ["host", "sponsor", "stranger", "other_coordinator"])
def test_others_change_nothing(scene, role):
    by, before = scene.by(person(scene, role)), state()
    act = {"group": scene.group, "version": 0, **by}

    for attempt in (
        lambda: actions.make_group(site=scene.world.site, day=DAY, name="New", **by),
        lambda: actions.rename_group(name="New", **act),
        lambda: actions.merge_groups(into=scene.group, **act),
        lambda: actions.move_up(**act),
        lambda: actions.remove_group(**act),
        *(lambda settle=settle: settle(**act) for settle in SETTLE.values()),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert state() == before


def test_who_read_an_older_group_is_told(scene):
    actions.rename_group(group=scene.group, name="Newer", version=0, **scene.by())
    before = state()

    for act in (settling.discuss, settling.carry, actions.remove_group, actions.move_up):
        with pytest.raises(Conflict, match="Newer"):
            act(group=scene.group, version=0, **scene.by())
    assert state() == before


@pytest.mark.parametrize("before", GroupOutcome.values)
@pytest.mark.parametrize("after", list(SETTLE))
def test_every_outcome_follows_only_those_of_the_table(scene, before, after):
    scene.another()
    group = in_state(scene, before)
    was = state()

    if after in OUTCOMES[before]:
        assert SETTLE[after](group=group, version=0, **scene.by()).outcome == after
    else:
        with pytest.raises(Conflict):
            SETTLE[after](group=group, version=0, **scene.by())
        assert state() == was


def test_a_group_is_carried_to_the_next_visit_day_of_the_site(scene):
    scene.another(VisitState.PROPOSED, DAY + timedelta(days=1))  # nobody is invited yet
    scene.another()
    actions.put_note(note=scene.note, group=scene.group, was=None, **scene.by())

    group = settling.carry(group=scene.group, version=0, **scene.by())

    later = RegroupGroup.objects.get(carried_from=group)
    assert (later.day.date, later.name, later.outcome) == (LATER, group.name, "open")
    assert (group.outcome, group.settled_by) == ("carried", scene.world.coordinator)
    assert scene.note.place.group == group


def test_without_a_later_day_nothing_is_carried(scene):
    with pytest.raises(Refused, match="No later visit day is planned in Leeds"):
        settling.carry(group=scene.group, version=0, **scene.by())


def test_carrying_into_a_day_with_that_name_is_refused(scene):
    scene.another()
    RegroupGroupFactory(day__site=scene.world.site, day__date=LATER, name=scene.group.name.upper())

    with pytest.raises(Conflict, match="10"):
        settling.carry(group=scene.group, version=0, **scene.by())
    assert RegroupGroup.objects.get(pk=scene.group.pk).outcome == "open"


def test_what_was_carried_comes_back_while_nobody_worked_on_it(scene):
    visit = scene.another(VisitState.CONFIRMED)
    settling.carry(group=scene.group, version=0, **scene.by())

    settling.reopen(group=scene.group, version=1, **scene.by())
    assert not RegroupGroup.objects.filter(day__date=LATER).exists()

    settling.carry(group=scene.group, version=2, **scene.by())
    later = RegroupGroup.objects.get(day__date=LATER)
    RegroupNote.objects.create(
        note=FloorNoteFactory(visit=visit), group=later, put_at=ON_THE_DAY, put_by=scene.world.admin
    )  # fmt: skip
    with pytest.raises(Conflict, match="10"):
        settling.reopen(group=scene.group, version=3, **scene.by())


def test_joined_groups_keep_their_notes_and_where_they_come_from(scene):
    earlier = RegroupGroupFactory(day__site=scene.world.site, day__date=DAY - timedelta(days=2))
    RegroupGroup.objects.filter(pk=scene.group.pk).update(carried_from=earlier)
    actions.put_note(note=scene.note, group=scene.group, was=None, **scene.by())
    target = RegroupGroupFactory(day=scene.day)

    joined = actions.merge_groups(group=scene.group, into=target, version=0, **scene.by())

    assert RegroupNote.objects.get().group == joined == target
    assert joined.carried_from == earlier
    assert not RegroupGroup.objects.filter(pk=scene.group.pk).exists()
    with pytest.raises(Conflict, match="joined with another"):
        settling.discuss(group=scene.group, version=0, **scene.by())


@pytest.mark.parametrize("outcome", ["issue", "carried"])
def test_what_goes_on_elsewhere_is_neither_joined_nor_removed(scene, outcome):
    group, target = in_state(scene, outcome), RegroupGroupFactory(day=scene.day)

    with pytest.raises(Conflict):
        actions.merge_groups(group=group, into=target, version=0, **scene.by())
    with pytest.raises(Conflict):
        actions.remove_group(group=group, version=0, **scene.by())


@pytest.mark.parametrize("which", ["itself", "another day's", "none"])
def test_a_group_is_joined_with_another_of_its_day(scene, which):
    into = {"itself": scene.group, "another day's": RegroupGroupFactory(), "none": RegroupGroup(pk=0)}[which]

    with pytest.raises(Refused):
        actions.merge_groups(group=scene.group, into=into, version=0, **scene.by())


def test_two_carried_groups_are_not_joined(scene):
    for group in (scene.group, target := RegroupGroupFactory(day=scene.day)):
        RegroupGroup.objects.filter(pk=group.pk).update(carried_from=RegroupGroupFactory())

    with pytest.raises(Conflict):
        actions.merge_groups(group=scene.group, into=target, version=0, **scene.by())


def test_a_removed_group_leaves_its_notes(scene):
    actions.put_note(note=scene.note, group=scene.group, was=None, **scene.by())

    actions.remove_group(group=scene.group, version=0, **scene.by())

    assert FloorNote.objects.filter(pk=scene.note.pk, place=None).exists()


def test_a_carried_group_is_not_just_removed(scene):
    RegroupGroup.objects.filter(pk=scene.group.pk).update(carried_from=RegroupGroupFactory())

    with pytest.raises(Conflict):
        actions.remove_group(group=scene.group, version=0, **scene.by())


def test_a_group_moves_up_until_it_is_the_first(scene):
    second = RegroupGroupFactory(day=scene.day)

    moved = actions.move_up(group=second, version=0, **scene.by())
    again = actions.move_up(group=second, version=moved.version, **scene.by())

    assert list(scene.day.groups.order_by("position")) == [second, scene.group]
    assert again.version == moved.version


def test_a_day_has_a_bounded_number_of_groups(scene, monkeypatch):
    monkeypatch.setattr(actions, "MOST", 1)

    with pytest.raises(Refused):
        actions.make_group(site=scene.world.site, day=DAY, name="One too many", **scene.by())


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "forgotten"},
        {"outcome": "discussed"},
        {"settled_at": ON_THE_DAY},
        {"name": ""},
        {"name_key": "the other"},
        {"carried_from": "itself"},
    ],
)
def test_the_database_refuses_what_cannot_be(scene, changes):
    RegroupGroupFactory(day=scene.day, name="The other")
    changes = {name: scene.group if value == "itself" else value for name, value in changes.items()}

    with pytest.raises(IntegrityError), transaction.atomic():
        RegroupGroup.objects.filter(pk=scene.group.pk).update(**changes)


def test_a_note_lies_in_one_group_at_most_and_a_group_goes_on_once(scene):
    row = {"note": scene.note, "put_at": ON_THE_DAY, "put_by": scene.world.admin}
    RegroupNote.objects.create(group=scene.group, **row)
    RegroupGroupFactory(carried_from=scene.group)

    with pytest.raises(IntegrityError), transaction.atomic():
        RegroupNote.objects.bulk_create([RegroupNote(group=RegroupGroupFactory(), **row)])
    with pytest.raises(IntegrityError), transaction.atomic():
        RegroupGroupFactory(carried_from=scene.group)
