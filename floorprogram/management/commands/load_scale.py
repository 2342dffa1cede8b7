"""Write a large synthetic program for measurements."""

from __future__ import annotations

import json
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from floorprogram.demo.scale import Scale, Size


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        for name in ("executives", "hosts", "sites", "issues", "responses"):
            parser.add_argument(f"--{name}", type=int, default=0)
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--country", default="KN", help="whose public holidays the sites keep")
        parser.add_argument("--time-zone", default="UTC")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        size = Size(**{name: options[name] for name in vars(Size())})
        if min(vars(size).values()) < 0:
            raise CommandError("Numbers of rows cannot be negative.", returncode=2)
        if (size.hosts or size.issues) and not size.sites:
            raise CommandError("Hosts and issues need at least one site: add --sites 1.", returncode=2)
        if size.issues and not (size.executives and size.hosts):
            raise CommandError("Issues need executives and hosts: add --executives and --hosts.", returncode=2)
        if size.responses and not size.issues:
            raise CommandError("Responses need a season with visits: add --issues.", returncode=2)
        started = perf_counter()
        scale = Scale(size, timezone.localdate(), options["country"], options["time_zone"], options["seed"])
        counts = scale.make() | {"seconds": round(perf_counter() - started, 1)}
        words = ", ".join(f"{name} {count}" for name, count in counts.items())
        self.stdout.write(json.dumps(counts) if options["json"] else f"Loaded: {words}.")
