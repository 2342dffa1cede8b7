"""``send_outbox [--limit N]``: deliver what is queued without Celery, as interface.md says."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from notifications.sending import send_due


class Command(BaseCommand):
    help = "Send the messages that are due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, help="at most so many messages")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, limit: int | None, **options: Any) -> None:
        if limit is not None and limit < 1:
            raise CommandError("--limit takes a number from 1 up", returncode=2)
        counts = send_due(now=timezone.now(), limit=limit)
        if options["json"]:
            self.stdout.write(json.dumps(counts))
        else:
            self.stdout.write(
                "{sent} sent, {retried} to be tried again, {failed} failed, {cancelled} cancelled, {held} held back "
                "until working hours.".format(**counts)
            )
