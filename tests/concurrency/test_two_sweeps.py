"""Two sweeps at once, on two connections: the rows of one."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from notifications import bulk, kinds
from notifications import sweep as sweeping
from notifications.kinds import Due
from notifications.models import Message, Notice
from tests.factories import UserFactory
from tests.notifications.stubs import Stub, kind

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2027, 3, 2, 12, tzinfo=UTC)
DAY = date(2027, 3, 1)


@pytest.fixture(autouse=True)
def kinds_of_the_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(kinds.register, "kinds", {})
    return


@pytest.fixture
def meeting(monkeypatch: pytest.MonkeyPatch) -> threading.Barrier:
    """Both sweeps have seen that nothing is known before either stores anything."""
    barrier, unknown = threading.Barrier(2, timeout=60), sweeping._unknown

    def both_have_looked(owed):
        found = unknown(owed)
        barrier.wait()
        return found

    monkeypatch.setattr(sweeping, "_unknown", both_have_looked)
    return barrier


def run_twice() -> list[dict[str, int]]:
    def run(_number: int) -> dict[str, int]:
        try:
            return sweeping.sweep(now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, range(2)))


@pytest.mark.usefixtures("meeting")
@pytest.mark.parametrize("batch", [1_000, 7])
@pytest.mark.parametrize("many", [1, 1_000])  # by COPY, undone in one of them, and by arrays
def test_two_sweeps_at_once_leave_the_rows_of_one(monkeypatch, batch, many):
    monkeypatch.setattr(sweeping, "BATCH", batch)
    monkeypatch.setattr(bulk, "MANY", many)
    people = UserFactory.create_batch(28)
    kind(stub=Stub([Due(each.pk, f"issue:{number}", DAY) for number in range(3) for each in people]))

    counts = run_twice()

    assert sum((Counter(count) for count in counts), Counter()) == {"test.reminder": 84}
    assert Notice.objects.count() == 84
    assert Message.objects.count() == 28
    assert not Message.objects.filter(notices__isnull=True).exists()


@pytest.mark.usefixtures("meeting")
def test_one_that_knows_more_adds_only_that(monkeypatch):
    """The second sweep asks when one more notice has fallen due: it comes in a message of its own."""
    monkeypatch.setattr(bulk, "MANY", 1)
    maya, asked = UserFactory(), iter([1, 2])
    lock = threading.Lock()

    def due(now):
        with lock:
            return [Due(maya.pk, f"issue:{number}", DAY) for number in range(next(asked))]

    kind(stub=Stub(due))

    run_twice()

    assert sorted(Notice.objects.values_list("subject", flat=True)) == ["issue:0", "issue:1"]
    assert 1 <= Message.objects.count() <= 2
    assert not Message.objects.filter(notices__isnull=True).exists()


def test_a_sweep_that_dies_half_way_leaves_whole_people(monkeypatch):
    """The second batch breaks: the first stays, and the next sweep adds the rest."""
    monkeypatch.setattr(sweeping, "BATCH", 2)
    people = UserFactory.create_batch(4)
    kind(stub=Stub([Due(each.pk, f"issue:{number}", DAY) for number in range(2) for each in people]))
    insert, calls = sweeping.insert_new, []

    def dies(model, *rest, **same):
        calls.append(model)
        if len(calls) == 4:  # the notices of the second batch
            raise KeyboardInterrupt
        return insert(model, *rest, **same)

    monkeypatch.setattr(sweeping, "insert_new", dies)
    with pytest.raises(KeyboardInterrupt):
        sweeping.sweep(now=NOW)
    assert (Message.objects.count(), Notice.objects.count()) == (2, 4)

    assert sweeping.sweep(now=NOW)["test.reminder"] == 4
    assert (Message.objects.count(), Notice.objects.count()) == (4, 8)
