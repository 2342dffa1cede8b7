"""Write a believable program to look at: three sites, three seasons, issues in every state."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from floorprogram.demo.program import Demo
from floorprogram.demo.words import PASSWORD, SIGN_INS
from people.models import User


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=7, help="decides names and answers")
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there are people already")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("There are people in this database already. `make reset` makes the demo anew.")
        counts = Demo(now=timezone.now(), seed=options["seed"]).make()
        sign_ins = [email for _role, _name, email in SIGN_INS]
        if options["json"]:
            self.stdout.write(json.dumps(counts | {"sign_ins": sign_ins}))
        else:
            self.stdout.write(f"Loaded the demo program. Sign in as {', '.join(sign_ins)}, password {PASSWORD}.")
