"""Write a report as CSV, XLSX or JSON."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from floorprogram.reports.catalogue import CATALOGUE, Report
from floorprogram.reports.figures import GROUPS, Filters
from people import exports
from people.system import system_reader
from shadowing.models import Season

NOT_YET = ("impact",)  # a report of a later issue


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=[*CATALOGUE, *NOT_YET])
        parser.add_argument("--season", help="short name of a season; without it all seasons")
        parser.add_argument("--by", choices=list(GROUPS), default="site", help="grouping of the participation report")
        parser.add_argument("--format", choices=["csv", "xlsx", "json"], help="csv; json with --json")
        parser.add_argument("--output", default="-", help="a file; - or nothing: standard output")
        parser.add_argument("--json", action="store_true", help="print the report as JSON, whatever goes into a file")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["name"] in NOT_YET:
            raise CommandError(f"The {options['name']} report is not part of this version.")
        filters = Filters(season=_season(options["season"]), by=options["by"])
        report, now = CATALOGUE[options["name"]], timezone.now()
        if options["output"] != "-":
            form = options["format"] or ("json" if options["json"] else "csv")
            _write(Path(options["output"]), _content(report, filters, form, now))
        if options["output"] == "-" or options["json"]:
            form = "json" if options["json"] else options["format"] or "csv"
            sys.stdout.buffer.write(_content(report, filters, form, now))


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise CommandError(f"{file} cannot be written: {error.strerror}.") from error


def _season(slug: str | None) -> Season | None:
    if slug is None:
        return None
    if season := Season.objects.filter(slug=slug).first():
        return season
    known = ", ".join(Season.objects.order_by("starts_on").values_list("slug", flat=True)) or "none"
    raise CommandError(f"There is no season {slug}. Seasons: {known}.")


def _content(report: Report, filters: Filters, form: str, now: datetime) -> bytes:
    rows = report.rows(system_reader(), filters, now)
    if form == "xlsx":
        with exports.write_xlsx(report.columns, rows, report.name) as file:
            return file.read()
    if form == "json":
        given = filters.as_dict() if report.name == "participation" else {"season": filters.as_dict()["season"]}
        return (exports.as_json(report.name, given, report.columns, rows, now) + "\n").encode()
    return "".join(exports.csv_lines(report.columns, rows)).encode()
