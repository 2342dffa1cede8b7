"""Two people sort one regroup at the same moment: one wins, the other is told, no note lies in two groups."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import pytest

from issues.actions import raise_from_group
from issues.models import Issue
from people.models import AuditEvent
from shadowing.models import GroupOutcome, RegroupGroup, RegroupNote
from shadowing.regroup import actions, settling
from tests.concurrency.crowd import at_once
from tests.factories import (
    NINE,
    ExecutiveFactory,
    FloorNoteFactory,
    HostFactory,
    RegroupGroupFactory,
    TeamFactory,
    UserFactory,
    VisitFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


@pytest.fixture
def scene():
    team = TeamFactory()
    visits = [
        VisitFactory(held=True, executive=ExecutiveFactory(), host=HostFactory(team=team)) for _number in range(2)
    ]
    note = FloorNoteFactory(visit=visits[0])
    groups = [RegroupGroupFactory(day__site=team.site, day__date=visits[0].date) for _number in range(2)]
    people = [UserFactory(role="coordinator") for _number in range(2)]
    return SimpleNamespace(site=team.site, day=visits[0].date, visits=visits, note=note, groups=groups, people=people)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_one_note_into_two_groups(scene, _round):
    acts = [
        partial(actions.put_note, note=scene.note, group=group, was=None, by=by, now=NINE)
        for group, by in zip(scene.groups, scene.people, strict=True)
    ]

    assert at_once(acts, threads=2) == {"done": 1, "Conflict": 1}
    assert RegroupNote.objects.count() == AuditEvent.objects.count() == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_one_group_discussed_and_made_an_issue(scene, _round):
    group, (one, two) = scene.groups[0], scene.people
    words = {"title": "Asked twice", "promise": "Once, by May.", "target_date": scene.day}
    acts = [
        partial(settling.discuss, group=group, version=0, by=one, now=NINE),
        partial(raise_from_group, group=group, version=0, owner=scene.visits[0], by=two, now=NINE, **words),
    ]

    assert at_once(acts, threads=2) == {"done": 1, "Conflict": 1}
    became = RegroupGroup.objects.get(pk=group.pk).outcome
    assert became in (GroupOutcome.DISCUSSED, GroupOutcome.ISSUE)
    assert Issue.objects.exists() == (became == GroupOutcome.ISSUE)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_groups_of_one_name(scene, _round):
    acts = [
        partial(actions.make_group, site=scene.site, day=scene.day, name=name, by=by, now=NINE)
        for name, by in zip(("Refunds", "REFUNDS"), scene.people, strict=True)
    ]

    assert at_once(acts, threads=2) == {"done": 1, "Refused": 1}
    assert RegroupGroup.objects.filter(name_key="refunds").count() == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_groups_joined_crosswise(scene, _round):
    """Each goes into the other: one of them is there afterwards, with the note."""
    first, second = scene.groups
    RegroupNote.objects.create(note=scene.note, group=first, put_at=NINE, put_by=scene.people[0])
    acts = [
        partial(actions.merge_groups, group=group, into=into, version=0, by=by, now=NINE)
        for group, into, by in ((first, second, scene.people[0]), (second, first, scene.people[1]))
    ]

    assert at_once(acts, threads=2) == {"done": 1, "Conflict": 1}
    assert RegroupNote.objects.get().group == RegroupGroup.objects.get()
