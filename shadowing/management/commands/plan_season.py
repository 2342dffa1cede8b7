"""``plan_season SLUG``: solve a season here and now, as interface.md says."""

from __future__ import annotations

import json
from math import ceil, inf
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from people.errors import Refused
from people.models import Site
from shadowing import plans
from shadowing.models import Plan, Season
from shadowing.planner.scoring import SCALE
from shadowing.plans import remedies
from shadowing.plans.load import read_hosts
from shadowing.plans.reading import left_out_of

STATUS = {"proven": "optimal", "feasible": "feasible"}


class Command(BaseCommand):
    help = "Solve a season and keep the plan. Nobody is told."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--seconds", type=float, default=60, help="most seconds of solving (60)")
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--json", action="store_true")

    def handle(self, *, slug: str, seconds: float, seed: int, **options: Any) -> None:
        if not 0 < seconds < inf:
            raise CommandError("--seconds takes a number above 0", returncode=2)
        season = Season.objects.filter(slug=slug).first()
        if season is None:
            raise CommandError(f"There is no season {slug}.", returncode=1)
        try:
            plan = plans.solve_season(season=season, seconds=ceil(seconds), seed=seed, by=None, now=timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=1) from refusal
        report = describe(plan)
        self.stdout.write(json.dumps(report, ensure_ascii=False) if options["json"] else told(report))


def describe(plan: Plan) -> dict[str, Any]:
    """What the command prints about a finished plan; scores in points."""
    pairs = plan.pairs.select_related("executive__user", "host__user", "site").order_by("date", "site__slug", "pk")
    placed = [
        {"executive": pair.executive.user.key, "host": pair.host.user.key, "site": pair.site.slug,
         "date": pair.date.isoformat(), "score": pair.score / SCALE}
        for pair in pairs
    ]  # fmt: skip
    names = dict(Site.objects.values_list("slug", "name"))
    known = remedies.names_of(read_hosts(plan.season), names)
    left_out = remedies.waiting(left_out_of(plan, names), plan, plan.season.slug, known, full=True)
    return {
        "plan": plan.number,
        "status": STATUS[plan.state],
        "placed": len(placed),
        "unplaced": [
            {"executive": one.words.row.executive.user.key, "reason": in_words(one), "code": one.words.row.reason}
            for one in left_out
        ],
        "pairs": placed,
        "objective": (plan.objective or 0) / SCALE,
        "bound": (plan.bound or 0) / SCALE,
        "gap": plan.gap,
        "seconds": plan.seconds,
    }


def in_words(one: remedies.Waiting) -> str:
    """The reason with the nearest remedy, as the plan's page has it."""
    return " ".join(filter(None, (f"{one.words.title}.", one.words.detail, one.nearest)))


def told(report: dict[str, Any]) -> str:
    """The same in plain sentences, without the pairs."""
    everybody = report["placed"] + len(report["unplaced"])
    proven = "proven best" if report["status"] == "optimal" else f"at most {report['gap']:.2%} from the best"
    placed = f"{report['placed']} of {everybody} executives placed, {proven}, in {report['seconds']} seconds."
    reasons = [f"{one['executive']}: {one['reason']}" for one in report["unplaced"]]
    return "\n".join([f"Plan {report['plan']}: {placed}", *reasons])
