"""A real worker process that sends until it is killed: ``python -m tests.concurrency.worker``.

ACCEPTED names the file the mail server of this test keeps, LEASE is in seconds.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import timedelta

import django
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage


class AcceptingBackend(BaseEmailBackend):
    """Accepts every mail by writing its Message-ID down, in one write of the operating system."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for email in email_messages:
            line = os.open(os.environ["ACCEPTED"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            os.write(line, f"{email.message()['Message-ID']}\n".encode())
            os.close(line)
        return len(email_messages)


def work() -> None:
    """Send what is due, again and again."""
    from django.conf import settings
    from django.utils import timezone

    from notifications.sending import send_due
    from tests.notifications.stubs import kind

    settings.EMAIL_BACKEND = "tests.concurrency.worker.AcceptingBackend"
    kind("test.reminder", immediate=True)
    while True:
        send_due(now=timezone.now(), lease=timedelta(seconds=float(os.environ["LEASE"])))
        time.sleep(0.1)


if __name__ == "__main__":
    import tests.clock  # noqa: F401 - the moment it is for the test

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "floorprogram.settings")
    django.setup()
    work()
