"""``sweep_reminders [--at ISO8601]``: one sweep, as interface.md says."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from notifications.sweep import sweep


class Command(BaseCommand):
    help = "Queue the reminders that are owed now (or at --at), once each."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at", metavar="ISO8601", help="sweep as if it were that moment; UTC unless it says otherwise"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *, at: str | None, **options: Any) -> None:
        now = timezone.now()
        counts = sweep(now=moment(at) if at else now, queue_at=now)
        self.stdout.write(json.dumps(counts) if options["json"] else "\n".join(told(counts)))


def moment(text: str) -> datetime:
    """The aware instant of an ISO date and time (a date alone: its first minute). Raises CommandError (usage)."""
    try:
        found = parse_datetime(text)
        if found is None and (day := parse_date(text)):
            found = datetime.combine(day, datetime.min.time())
    except ValueError as error:
        raise CommandError(f"--at: {error}", returncode=2) from error
    if found is None:
        raise CommandError("--at takes a moment like 2027-03-01T09:00:00Z", returncode=2)
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def told(counts: dict[str, int]) -> list[str]:
    """The counts in plain sentences."""
    lines = [f"{kind}: {count}" for kind, count in sorted(counts.items()) if count]
    return lines or ["Nothing new is owed to anybody who may be reminded now."]
