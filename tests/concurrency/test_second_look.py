"""A row is locked and read together with the people it names. Who waited for the lock finds it as it is then, with the
people it names then, also when whoever held it gave it other ones."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from issues.actions import record
from issues.actions.take_away import lock_visit as lock_owed_visit
from issues.models import Issue
from shadowing.models import Visit
from shadowing.visits.record import lock_visit
from tests.factories import ExecutiveFactory, HostFactory, IssueFactory, VisitFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_only]


def who_waits(lock: Callable[[], object], change: Callable[[], object]):
    """What ``lock`` returns to somebody who waited for it while another, who held it, made the change."""
    held, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            lock()
            change()
            held.set()
            assert go_on.wait(timeout=60)
        connections.close_all()

    def wait() -> object:
        with transaction.atomic():
            found = lock()
        connections.close_all()
        return found

    with ThreadPoolExecutor(max_workers=2) as pool:
        first = pool.submit(hold)
        assert held.wait(timeout=60)
        second = pool.submit(wait)
        with pytest.raises(TimeoutError):
            second.result(timeout=0.5)
        go_on.set()
        first.result(timeout=60)
        return second.result(timeout=60)


@pytest.mark.parametrize("lock", [lock_owed_visit, lock_visit])
def test_a_visit_that_got_another_host_meanwhile(lock):
    visit = VisitFactory(held=True)
    other = HostFactory(team=visit.host.team)

    found = who_waits(lambda: lock(visit), lambda: Visit.objects.filter(pk=visit.pk).update(host=other))

    assert found.host.user == other.user


def test_an_issue_that_got_another_owner_meanwhile():
    issue, other = IssueFactory(), ExecutiveFactory()

    found = who_waits(lambda: record.lock(issue), lambda: Issue.objects.filter(pk=issue.pk).update(owner=other))

    assert found.owner.user == other.user
