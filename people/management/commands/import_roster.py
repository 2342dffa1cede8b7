"""``import_roster FILE --kind …``: a personnel file into people, as interface.md says."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from people.errors import Refused
from people.roster.columns import choose
from people.roster.importing import Order, dry_run, import_roster
from people.roster.reading import read_table
from people.roster.verdicts import Report
from people.roster.vocabulary import FIELDS


class Command(BaseCommand):
    help = "Import executives or hosts from a CSV or XLSX file, or say what importing would do."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", required=True, choices=list(FIELDS))
        parser.add_argument("--map", nargs="+", action="extend", default=[], metavar="FIELD=COLUMN")
        parser.add_argument(
            "--where",
            nargs="+",
            action="extend",
            default=[],
            metavar="COLUMN=VALUE",
            help="~ instead of = for contains",
        )
        parser.add_argument("--default", nargs="+", action="extend", default=[], metavar="FIELD=VALUE")
        parser.add_argument("--no-header", action="store_true", help="the first line is already a person")
        parser.add_argument("--match", choices=["number", "name"], default="number")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, file: Path, kind: str, **options: Any) -> None:
        mapped, defaults = (pairs(option, options[option]) for option in ("map", "default"))
        try:
            table = read_table(file, header=not options["no_header"])
            columns = choose(table, kind, chosen=mapped, where=options["where"], defaults=defaults)
            order = Order(table, columns, by_name=options["match"] == "name", file_name=file.name)
            if options["dry_run"]:
                report = dry_run(order, today=timezone.localdate())
            else:
                report, _done = import_roster(order, now=timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=1) from refusal
        self.stdout.write(
            json.dumps(report.as_json(), ensure_ascii=False) if options["json"] else "\n".join(told(report))
        )


def pairs(option: str, texts: Iterable[str]) -> dict[str, str]:
    """FIELD=VALUE texts as a dict. Raises CommandError (usage) for one without ``=``."""
    for text in texts:
        if "=" not in text:
            raise CommandError(f"--{option} takes FIELD=VALUE, not {text!r}", returncode=2)
    return {name.strip(): value.strip() for name, _equals, value in (text.partition("=") for text in texts)}


def told(report: Report) -> Iterable[str]:
    """The report in plain sentences."""
    counts = report.counts()
    yield (
        f"{counts['add']} added, {counts['change']} changed, {counts['leave']} unchanged, "
        f"{counts['reject']} rejected, {counts['leavers']} leavers."
    )
    for line in report.as_json()["rejected"]:
        yield f"Line {line['line']} rejected: {line['reason']}."
    for remark in report.warnings:
        yield f"Line {remark.line}{', ' + remark.column if remark.column else ''}: {remark.reason}."
    for _pk, name, key in report.leavers:
        yield f"Not in this file any more: {name} ({key})."
