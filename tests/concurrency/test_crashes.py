"""Real workers and beats on PostgreSQL and Redis, killed with SIGKILL at random moments: nothing is lost.

A mail can be doubled only when a worker dies between "accepted" and "recorded": at most one for each kill, with the same
Message-ID. What beat or the broker do or lose makes no difference at all: the database is the queue.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings

from notifications.models import Message, MessageState, Notice
from people.models import User
from tests import services

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_only, pytest.mark.redis]
ROOT = Path(__file__).resolve().parents[2]
CELERY = [sys.executable, "-m", "celery", "--app", "tests.concurrency.program", "--quiet"]
ALONE = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--concurrency", "1", "--loglevel", "ERROR"]
PATIENCE = 900  # seconds
FULL = {"marks": pytest.mark.soak, "id": "full"}


class Cast:
    """The workers and beats on stage, each the head of a session of its own."""

    def __init__(self, folder: Path, broker: str, rate: float) -> None:
        address = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**settings.DATABASES["default"])
        said = {"DATABASE_URL": address, "CELERY_BROKER_URL": broker, "FOLDER": str(folder)}
        self.environment = os.environ | said | {"RATE": str(rate), "BEGAN": str(time.time()), "C_FORCE_ROOT": "1"}
        self.environment["PAUSE"] = str(max(0.5, User.objects.count() / 2_000))
        self.folder, self.dice, self.kills = folder, random.Random(7), 0
        self.workers: list[subprocess.Popen[bytes]] = []
        self.beats: list[subprocess.Popen[bytes]] = []
        self._number = 0

    def worker(self) -> None:
        self.workers.append(
            self._start(["worker", "--hostname", f"w{self._number}@test", "--queues", "celery,outbox", *ALONE])
        )

    def beat(self) -> None:
        schedule = str(self.folder / f"beat-{self._number}")
        self.beats.append(self._start(["beat", "--schedule", schedule, "--pidfile=", "--loglevel", "ERROR"]))

    def _start(self, words: list[str]) -> subprocess.Popen[bytes]:
        self._number += 1
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                CELERY + words, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill_a_worker(self) -> None:
        """The whole of one, or only the process that does its work; what died is replaced at once."""
        victim = self.dice.choice(self.workers)
        child = child_of(victim.pid)
        time.sleep(self.dice.random() * 0.05)
        self.kills += 1
        if child and self.dice.random() < 0.5:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        else:
            self.workers.remove(victim)
            end(victim)
            self.worker()

    def kill_a_beat(self) -> None:
        end(self.beats.pop(0))
        self.beat()

    def leave(self) -> None:
        for process in [*self.beats, *self.workers]:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL for a process and its children."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def child_of(pid: int) -> int | None:
    """The pool's process of a worker, once there is one."""
    with contextlib.suppress(OSError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return int(children[-1]) if children else None
    return None


@pytest.fixture
def broker() -> Iterator[str]:
    """A Redis of this test alone: it is emptied while others may use theirs."""
    program = services.binary("redis")
    if program is None:
        yield os.environ["TEST_REDIS_URL"].rpartition("/")[0] + "/9"
        return
    with services.redis(program) as address:
        yield address


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not pytest's: that one is cleared when three later runs have begun, and the soak outlives them."""
    with services.folder_for(None) as place:
        yield place


@contextlib.contextmanager
def program(folder: Path, broker: str, *, workers: int, beats: int, rate: float) -> Iterator[Cast]:
    cast = Cast(folder, broker, rate)
    try:
        for _ in range(workers):
            cast.worker()
        for _ in range(beats):
            cast.beat()
        yield cast
    finally:
        cast.leave()


def people(number: int, *names: str) -> None:
    """That many who are owed a reminder each."""
    rows = [(name, f"{name.replace(' ', '-').lower()}@example.com") for name in names]
    rows += [(f"Due {place}", f"due-{place}@example.com") for place in range(number - len(names))]
    User.objects.bulk_create(User(name=name, email=email) for name, email in rows)


def lines(folder: Path, name: str) -> int:
    file = folder / name
    return file.read_bytes().count(b"\n") if file.exists() else 0


def wait(cast: Cast, until) -> None:
    deadline = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < deadline, (cast.folder / "log").read_text()[-3000:]
        time.sleep(0.05)


def all_told(number: int) -> bool:
    waiting = Message.objects.filter(state=MessageState.QUEUED)
    return not waiting.exists() and Notice.objects.count() == number


def copies(folder: Path) -> Counter[str]:
    """How often each Message-ID was accepted; a reader has one Message-ID and no other."""
    pairs = [line.split() for line in (folder / "accepted").read_text().splitlines()]
    assert len({address for _id, address in pairs}) == len({name for name, _address in pairs})
    return Counter(name for name, _address in pairs)


@pytest.mark.parametrize(("reminders", "kills"), [pytest.param(300, 3, id="small"), pytest.param(10_000, 50, **FULL)])
def test_killed_at_random_points_of_a_sweep(folder, broker, capsys, reminders, kills):
    """Two workers, two beats, reminders falling due all the while."""
    people(reminders)
    began = time.monotonic()

    with program(folder, broker, workers=2, beats=2, rate=reminders / (kills * 2)) as cast:
        while cast.kills < kills:
            seen = lines(folder, "accepted") + cast.dice.randint(1, reminders // (kills + 1))
            wait(cast, lambda seen=seen: lines(folder, "accepted") >= seen or all_told(reminders))
            cast.kill_a_worker()
            if cast.kills % 5 == 3:
                cast.kill_a_beat()
        wait(cast, lambda: all_told(reminders))

    times = copies(folder)
    lost = {message.message_id for message in Message.objects.all()} - times.keys()
    doubled = sum(times.values()) - len(times)
    with capsys.disabled():
        seconds, sweeps = time.monotonic() - began, lines(folder, "sweeps")
        print(
            f"\n{reminders} reminders, {kills} kills, {sweeps} sweeps, {seconds:.0f} s: lost {len(lost)}, doubled {doubled}"
        )
    assert lost == set()
    assert doubled <= kills
    assert Message.objects.filter(state=MessageState.SENT).count() == reminders


@pytest.mark.parametrize(("reminders", "sweeps"), [pytest.param(200, 12, id="small"), pytest.param(1_000, 60, **FULL)])
def test_three_beats_an_emptied_broker_and_a_poisoned_row(folder, broker, capsys, reminders, sweeps):
    """Beats that say everything three times, FLUSHALL in mid-sweep, and one reminder that cannot be read."""
    people(reminders, "Due poison")

    with program(folder, broker, workers=1, beats=3, rate=reminders / 5) as cast:
        for share in (0.2, 0.5, 0.8):
            wait(cast, lambda share=share: lines(folder, "accepted") >= reminders * share)
            empty(broker)
        wait(cast, lambda: all_told(reminders) and lines(folder, "sweeps") >= sweeps)

    times = copies(folder)
    with capsys.disabled():
        print(f"\n{reminders} reminders, 3 beats, {lines(folder, 'sweeps')} sweeps, 3 × FLUSHALL: sent {len(times)}")
    assert (len(times), sum(times.values())) == (reminders - 1, reminders - 1)
    assert Message.objects.count() == Notice.objects.count() == reminders
    parked = Message.objects.get(state=MessageState.FAILED)
    assert parked.recipient.name == "Due poison"
    assert parked.failures == 8


def empty(broker: str) -> None:
    """FLUSHALL."""
    with redis.Redis.from_url(broker) as server:
        server.flushall()
