"""``apply_season FILE.json``: create or change a season that is not yet published, as interface.md says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from people.errors import Refused
from shadowing.models import Season
from shadowing.seasons import apply_season

MAX_BYTES = 20 * 1024 * 1024


class Command(BaseCommand):
    help = "Create or change a season from a JSON file. All of it is taken, or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true")

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            season = apply_season(data=read_json(file), by=None, now=timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=1) from refusal
        report = describe(season)
        self.stdout.write(json.dumps(report, ensure_ascii=False) if options["json"] else told(report))


def read_json(file: Path) -> object:
    """The parsed file. Raises Refused when there is none, or it is not JSON; one key twice is refused too."""
    try:
        if file.stat().st_size > MAX_BYTES:
            raise Refused(f"{file} is too large for a season.")
        return json.loads(file.read_text("utf-8-sig"), object_pairs_hook=once_each)
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise Refused(f"{file} is not JSON: {error}.") from error


def once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose keys stand there once each; the last of two would win without a word."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f'the key "{twice}" stands twice in one object')
    return found


def describe(season: Season) -> dict[str, Any]:
    """What the command prints about a season."""
    return {
        "season": season.slug,
        "state": str(season.state),
        "sites": sorted(season.sites.values_list("slug", flat=True)),
        "executives": season.executives.count(),
        "hosts": season.hosts.count(),
        "willing": season.hosts.willing().count(),
    }


def told(report: dict[str, Any]) -> str:
    sites = ", ".join(report["sites"])
    return (
        f"Season {report['season']} is {report['state']}, at {sites}: {report['executives']} executives, "
        f"{report['hosts']} hosts, {report['willing']} of them to plan with."
    )
