"""``import_unavailable FILE``: days on which people cannot, from a calendar or a list, as interface.md says."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from people.errors import Refused
from shadowing.availability.actions import import_day_list, set_unavailable_days
from shadowing.availability.csv import read_days
from shadowing.availability.ics import BUSY_MINUTES, BusyDays, busy_days, default_span, within_reach
from shadowing.availability.lines import MAX_BYTES
from shadowing.availability.parts import Ignored
from shadowing.models import UnavailableSource
from shadowing.seasons.keys import one_user


class Command(BaseCommand):
    help = "Take over unavailable days: a calendar (.ics) of one person, or a list of person,date lines."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--person", metavar="KEY", help="whose calendar it is: employee number or e-mail")
        parser.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DATE", help="default: today")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, metavar="DATE", help="default: in 18 months")
        parser.add_argument("--busy-minutes", type=int, default=BUSY_MINUTES)
        parser.add_argument("--json", action="store_true")

    def handle(self, *, file: Path, first: date | None, last: date | None, **options: Any) -> None:
        if first and last and last < first:
            raise CommandError("--to lies before --from", returncode=2)
        if options["busy_minutes"] < 1:
            raise CommandError("--busy-minutes takes a number from 1", returncode=2)
        try:
            content = read_bytes(file)
            take = take_calendar if is_calendar(file, content) else take_list
            report = take(content, first, last, options, timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=1) from refusal
        self.stdout.write(json.dumps(report, ensure_ascii=False) if options["json"] else told(report))


def read_bytes(file: Path) -> bytes:
    """The file's content, not more than any limit needs. Raises Refused when it cannot be read."""
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}.") from error


def is_calendar(file: Path, content: bytes) -> bool:
    return file.suffix.lower() in (".ics", ".ical", ".ifb", ".vcs") or b"BEGIN:VCALENDAR" in content[:2000].upper()


def take_calendar(
    content: bytes, first: date | None, last: date | None, options: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """Replace the person's days from calendar files within the span by those of this file."""
    if not options["person"]:
        raise CommandError("--person is needed: a calendar does not say whose it is", returncode=2)
    person = one_user(options["person"])
    start, end = default_span(within_reach(first or now.astimezone(person.zone).date()))
    end = within_reach(last or end)
    if end < start:
        raise CommandError("--to lies before today; give --from too", returncode=2)
    found = busy_days(content, zone=person.zone, first=start, last=end, busy_minutes=options["busy_minutes"])
    set_unavailable_days(
        person=person, source=UnavailableSource.ICS, days=found.days, by=None, now=now, first=start, last=end
    )
    return report_of(found) | {"person": person.key, "from": start.isoformat(), "to": end.isoformat()}


def take_list(
    content: bytes, first: date | None, last: date | None, options: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """Replace the days from lists of everybody the file names."""
    if options["person"]:
        read_days(content)  # what is no list either is refused as such
        raise CommandError("--person goes with a calendar; a list names its people itself", returncode=2)
    result = import_day_list(content=content, by=None, now=now, first=first, last=last)
    every_day = sorted({day for days in result.days.values() for day in days})
    people = {person.key: [day.isoformat() for day in days] for person, days in result.days.items()}
    return report_of(BusyDays(every_day, result.ignored)) | {"people": people}


def report_of(found: BusyDays) -> dict[str, Any]:
    return {
        "days": [day.isoformat() for day in found.days],
        "ignored": [{"what": note.what, "reason": note.reason} for note in found.ignored],
    }


def told(report: dict[str, Any]) -> str:
    lines = [f"{len(report['days'])} days: {', '.join(report['days']) or 'none'}."]
    notes = (Ignored(**note) for note in report["ignored"])
    return "\n".join(lines + [f"Left out, {note.what}: {note.reason}." for note in notes])
