"""Two people act on one issue at the same moment: one wins, the other is told, nothing is lost and nothing is by halves."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import pytest
from django.db import connections, transaction

from issues import actions
from issues.actions import record
from issues.models import Counterpart, Handover, HandoverState, Issue, IssueState, IssueUpdate
from notifications.models import Notice
from people.errors import Refused
from tests.concurrency.crowd import at_once
from tests.factories import NINE, ExecutiveFactory, HostFactory, IssueFactory, TeamFactory, UserFactory, VisitFactory

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6
NOW = NINE + timedelta(days=12)
DONE = {"text": "One screen, no paper.", "impact": "Minutes saved."}


@pytest.fixture
def scene():
    owner, other = ExecutiveFactory(), ExecutiveFactory()
    visit = VisitFactory(held=True, executive=owner, host=HostFactory(team=TeamFactory()))
    coordinators = [UserFactory(role="coordinator") for _number in range(2)]
    return SimpleNamespace(visit=visit, owner=owner, other=other, host=visit.host, coordinators=coordinators)


def new_issue(scene, **changes) -> Issue:
    return IssueFactory(origin_visit=scene.visit, **changes)


def race(*acts: Callable[[], object]) -> Counter[str]:
    return at_once(acts, threads=len(acts))


def one_wins(outcome: Counter[str]) -> bool:
    """One was done and the other got a conflict in words."""
    return outcome["done"] == 1 and sum(outcome[name] for name in ("Conflict", "Stale", "WrongState")) == 1


def whole(issue: Issue) -> Issue:
    """The issue as it is, once its history says the same: one event a change, one open offer at most."""
    issue = Issue.objects.get(pk=issue.pk)
    assert issue.events.count() == issue.version
    last = issue.events.filter(after__has_key="state").order_by("-at", "-pk").first()
    assert last is None or last.after["state"] == issue.state
    assert issue.handovers.filter(state=HandoverState.OFFERED).count() <= 1
    return issue


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_accepted_or_taken_back(scene, _round):
    """Given an open offer; when the other accepts while the owner takes it back; then it is either theirs or was never."""
    issue = new_issue(scene)
    actions.offer_handover(issue=issue, to=scene.other, reason="Their system.", by=scene.owner.user, now=NOW)

    outcome = race(
        partial(actions.accept_handover, issue=issue, by=scene.other.user, now=NOW),
        partial(actions.take_back_offer, issue=issue, by=scene.owner.user, now=NOW),
    )

    issue, offer = whole(issue), Handover.objects.get()
    assert outcome == {"done": 1, "Conflict": 1}
    accepted = offer.state == HandoverState.ACCEPTED
    assert (issue.owner_id == scene.other.pk) == accepted
    assert issue.version == 2


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_an_update_and_a_delivery_from_the_same_page(scene, _round):
    """Both were typed on the same page: the second is told that the issue moved on, and only one set of words stands."""
    issue = new_issue(scene)

    outcome = race(
        partial(actions.post_update, issue=issue, text="Nearly there.", by=scene.owner.user, now=NOW, version=0),
        partial(actions.deliver, issue=issue, **DONE, by=scene.coordinators[0], now=NOW, version=0),
    )

    assert one_wins(outcome), outcome
    issue = whole(issue)
    assert IssueUpdate.objects.count() == issue.version == 1
    assert Notice.objects.filter(kind="issues.confirm_asked").exists() == (issue.state == IssueState.DELIVERED)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_it_helps_and_not_yet(scene, _round):
    """The host on two devices, or the host and a coordinator in their place: one word counts."""
    issue = new_issue(scene, delivered=True)

    outcome = race(
        partial(actions.confirm, issue=issue, by=scene.host.user, now=NOW, version=0),
        partial(actions.not_yet, issue=issue, words="Paper is back.", by=scene.coordinators[0], now=NOW, version=0),
    )

    assert one_wins(outcome), outcome
    assert whole(issue).state in (IssueState.CONFIRMED, IssueState.IN_PROGRESS)
    assert issue.events.count() == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_coordinators_move_a_leavers_issues(scene, _round):
    """All of them go to one new owner, or all to the other: never some to each, and the second is told."""
    issues = [new_issue(scene) for _number in range(4)]
    others = [scene.other, ExecutiveFactory()]
    acts = [
        partial(actions.transfer_leavers_issues, leaver=scene.owner, to=to, reason="She left.", by=by, now=NOW)
        for to, by in zip(others, scene.coordinators, strict=True)
    ]

    assert race(*acts) == {"done": 1, "Conflict": 1}
    assert len({whole(issue).owner_id for issue in issues}) == 1
    assert Handover.objects.count() == len(issues)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_people_are_offered_it_at_once(scene, _round):
    issue, others = new_issue(scene), [scene.other, ExecutiveFactory()]
    people = [scene.owner.user, scene.coordinators[0]]
    offers = [
        partial(actions.offer_handover, issue=issue, to=to, reason="x", by=by, now=NOW)
        for to, by in zip(others, people, strict=True)
    ]

    assert race(*offers) == {"done": 1, "Conflict": 1}
    assert Handover.objects.filter(state=HandoverState.OFFERED).count() == whole(issue).version == 1


def test_a_counterpart_is_asked_once(scene):
    issue = new_issue(scene)
    ask = partial(actions.ask_counterpart, issue=issue, person=scene.other.user, request="Open it.", now=NOW)

    assert race(partial(ask, by=scene.owner.user), partial(ask, by=scene.coordinators[0])) == {"done": 1, "Conflict": 1}
    assert Counterpart.objects.count() == whole(issue).version == 1


def test_an_executive_and_the_assistant_answer_at_once(scene):
    issue, assistant = new_issue(scene), UserFactory()
    person = ExecutiveFactory(assistant=assistant)
    actions.ask_counterpart(issue=issue, person=person.user, request="Open it.", by=scene.owner.user, now=NOW)

    outcome = race(
        partial(actions.accept_counterpart, issue=issue, by=person.user, now=NOW),
        partial(actions.decline_counterpart, issue=issue, reason="No budget.", by=assistant, now=NOW),
    )

    assert outcome == {"done": 1, "Conflict": 1}
    assert whole(issue).version == 2


def test_two_issues_merged_into_each_other(scene):
    """Both locks are taken in the same order, so neither waits for the other for good, and no loop comes of it."""
    for _round in range(ROUNDS):
        one, other = new_issue(scene), new_issue(scene)
        merge = partial(actions.merge, by=scene.coordinators[0], now=NOW)

        outcome = race(partial(merge, issue=one, into=other), partial(merge, issue=other, into=one))

        assert outcome["done"] == 1, outcome
        assert {whole(one).state, whole(other).state} == {IssueState.OPEN, IssueState.MERGED}


def test_two_answers_to_one_check(scene):
    issue = new_issue(scene, confirmed=True)
    later = NOW + timedelta(days=40)
    check = partial(actions.answer_check, issue=issue, now=later)

    outcome = race(
        partial(check, holds=True, by=scene.host.user),
        partial(check, holds=False, words="Paper is back.", by=scene.coordinators[0]),
    )

    assert one_wins(outcome), outcome
    assert issue.checks.count() == whole(issue).version == 1


@pytest.mark.postgres_only
def test_who_comes_second_waits_and_is_told(scene, monkeypatch):
    """Given that the owner's delivery has locked the issue; when a coordinator withdraws it from the same page; then
    that waits for the delivery, and is refused because of it."""
    issue = new_issue(scene)
    lock, locked, go_on = record.lock, threading.Event(), threading.Event()

    def slow(wanted: Issue, *people: Sequence[str]) -> Issue:
        found = lock(wanted, *people)
        if not locked.is_set():
            locked.set()
            assert go_on.wait(timeout=60)
        return found

    monkeypatch.setattr(record, "lock", slow)

    def run(act: Callable[[], object]) -> str:
        try:
            act()
        except Refused as refusal:
            return type(refusal).__name__
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(max_workers=2) as pool:
        first = pool.submit(run, partial(actions.deliver, issue=issue, **DONE, by=scene.owner.user, now=NOW, version=0))
        assert locked.wait(timeout=60)
        withdraw = partial(
            actions.withdraw, issue=issue, reason="It ends.", by=scene.coordinators[0], now=NOW, version=0
        )
        second = pool.submit(run, withdraw)
        with pytest.raises(TimeoutError):
            second.result(timeout=0.5)
        go_on.set()
        assert (first.result(timeout=60), second.result(timeout=60)) == ("done", "Stale")

    assert whole(issue).state == IssueState.DELIVERED


def test_what_fails_half_way_leaves_nothing(scene):
    """Given three issues of a leaver; when the last cannot be moved; then none is."""
    issues = [new_issue(scene) for _number in range(3)]
    owners = dict.fromkeys((issue.pk for issue in issues), scene.other) | {issues[2].pk: scene.owner}

    with pytest.raises(Refused), transaction.atomic():
        actions.transfer_leavers_issues(leaver=scene.owner, to=owners, reason="x", by=scene.coordinators[0], now=NOW)

    assert {whole(issue).owner_id for issue in issues} == {scene.owner.pk}
    assert not Handover.objects.exists()
