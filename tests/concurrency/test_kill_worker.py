"""Workers killed with SIGKILL at random moments: nothing lost, and at most one mail doubled for each kill.

The mail server is a file that each worker appends the Message-ID to, in one write, when it "accepts" a mail.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from notifications.models import Message, MessageState, Notice
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_only]
ROOT = Path(__file__).resolve().parents[2]
LEASE = 6  # seconds; a worker that only waits for the processor must not outlast it, or mails double without a kill
PATIENCE = 300  # seconds


def start_worker(accepted: Path) -> subprocess.Popen[bytes]:
    database = settings.DATABASES["default"]
    address = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    environment = os.environ | {"DATABASE_URL": address, "ACCEPTED": str(accepted), "LEASE": str(LEASE)}
    return subprocess.Popen([sys.executable, "-m", "tests.concurrency.worker"], cwd=ROOT, env=environment)


def queue(messages: int) -> None:
    """Messages of one person each with a notice, all due."""
    maya, now = UserFactory(), timezone.now()
    rows = [Message(recipient=maya, created_at=now, due_at=now) for _ in range(messages)]
    Message.objects.bulk_create(rows)
    Notice.objects.bulk_create(
        Notice(
            recipient=maya, kind="test.reminder", subject=f"issue:{number}", anchor=date(2027, 3, 1), message=row,
            created_at=now,
        )
        for number, row in enumerate(rows)
    )  # fmt: skip


def kill_at_random(accepted: Path, workers: int, kills: int, most: int) -> None:
    """Keep so many workers running; kill one each time some more mails have been accepted."""
    running, dice = [start_worker(accepted) for _ in range(workers)], random.Random(7)
    try:
        for _ in range(kills):
            wait_for_lines(accepted, lines(accepted) + dice.randint(1, most))
            victim = running.pop(dice.randrange(len(running)))
            time.sleep(dice.random() * 0.02)
            victim.send_signal(signal.SIGKILL)
            victim.wait()
            running.append(start_worker(accepted))
        wait_until_sent()
    finally:
        for worker in running:
            worker.kill()
            worker.wait()


def lines(accepted: Path) -> int:
    return accepted.read_bytes().count(b"\n") if accepted.exists() else 0


def wait_for_lines(accepted: Path, wanted: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while lines(accepted) < wanted and Message.objects.filter(state=MessageState.QUEUED).exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def wait_until_sent() -> None:
    deadline = time.monotonic() + PATIENCE
    while Message.objects.filter(state=MessageState.QUEUED).exists():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("messages", "kills", "most"),
    [
        pytest.param(400, 5, 60, id="small"),
        pytest.param(10_000, 50, 150, id="full", marks=pytest.mark.soak),
    ],
)
def test_nothing_is_lost_and_at_most_one_doubled_for_each_kill(tmp_path, messages, kills, most):
    queue(messages)
    accepted = tmp_path / "accepted"

    kill_at_random(accepted, workers=2, kills=kills, most=most)

    times = Counter(accepted.read_text().split())
    wanted = {message.message_id for message in Message.objects.all()}
    assert set(times) == wanted, "lost"
    doubled = sum(count - 1 for count in times.values())
    assert doubled <= kills
    assert Message.objects.filter(state=MessageState.SENT).count() == messages
