"""The program as Celery runs it, in a hurry: ``celery --app tests.concurrency.program worker`` or ``beat``.

Its only kind owes one reminder to everybody called "Due …"; they fall due one after the other, so that sweeping and
sending go on side by side. FOLDER holds what the mail server accepted and how often was swept; leases are short.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import django

import tests.clock  # noqa: F401 - the moment it is for the test

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "floorprogram.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.mail.backends.base import BaseEmailBackend  # noqa: E402
from django.core.mail.message import EmailMessage  # noqa: E402

from floorprogram.celery import app  # noqa: E402
from notifications import sending, tasks  # noqa: E402
from notifications.kinds import Due, Section, register  # noqa: E402
from notifications.models import Notice  # noqa: E402
from people.models import User  # noqa: E402
from tests.notifications.stubs import Stub, kind  # noqa: E402

FOLDER = Path(os.environ.get("FOLDER", "/tmp"))
LEASE = timedelta(seconds=6)  # a worker that only waits for the processor must not outlast it
ANCHOR = date(2027, 3, 1)
POISON = "issue:poison"
RATE = float(os.environ.get("RATE", "1000"))  # people who fall due in a second
BEGAN = float(os.environ.get("BEGAN", "0"))
PAUSE = float(os.environ.get("PAUSE", "0.5"))  # seconds between sweeps: they must leave the workers time to send


def note(name: str, line: str) -> None:
    """One line at the end of a file, in one write of the operating system: what was accepted stays accepted."""
    file = os.open(FOLDER / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, f"{line}\n".encode())
    os.close(file)


class AcceptingBackend(BaseEmailBackend):
    """A mail server that takes a moment for each mail, and then has it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for email in email_messages:
            time.sleep(0.001)
            note("accepted", f"{email.message()['Message-ID']} {email.to[0].split('<')[-1].rstrip('>')}")
        return len(email_messages)


def due(now: datetime) -> Iterable[Due]:
    people = User.objects.filter(name__startswith="Due ").order_by("pk").values_list("pk", "name")
    for pk, name in people[: int(RATE * (time.time() - BEGAN))]:
        yield Due(pk, POISON if name == "Due poison" else f"issue:{pk}", ANCHOR)


def section(notice: Notice) -> Section:
    if notice.subject == POISON:
        raise ValueError("this one cannot be read")
    return Section(subject_line=f"About {notice.subject}", lead="It waits.")


def sweep(*, now: datetime) -> dict[str, int]:
    counts = tasks_sweep(now=now)
    note("sweeps", str(counts))
    return counts


settings.EMAIL_BACKEND = f"{__name__}.AcceptingBackend"
sending.PAUSE = timedelta(milliseconds=5)
tasks_sweep, tasks.sweep = tasks.sweep, sweep
tasks.send_due = partial(sending.send_due, lease=LEASE)
register.kinds.clear()
kind("test.reminder", Stub(due, section=section), immediate=True)
app.conf.beat_schedule = {
    "sweep": {"task": "notifications.tasks.sweep_reminders", "schedule": PAUSE, "options": {"expires": 4 * PAUSE}},
    "send": {"task": "notifications.tasks.send_outbox", "schedule": 0.5, "options": {"expires": 10}},
}
