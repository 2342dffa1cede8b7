"""``publish_season SLUG``: adopt a plan unless visits are proposed already, then invite, as interface.md says."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from people.errors import Refused
from shadowing.models import Plan, PlanState, Season, VisitState
from shadowing.plans import adopt_plan
from shadowing.visits import warnings
from shadowing.visits.actions import publish_season
from shadowing.visits.publishing import to_publish


class Command(BaseCommand):
    help = "Invite both people of every proposed visit; without any, the newest plan is used first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--plan", type=int, help="number of the plan to use (default: the newest)")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, slug: str, plan: int | None, **options: Any) -> None:
        season = Season.objects.filter(slug=slug).first()
        if season is None:
            raise CommandError(f"There is no season {slug}.", returncode=1)
        try:
            report = publish(season, plan, timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=1) from refusal
        self.stdout.write(json.dumps(report, ensure_ascii=False) if options["json"] else told(report))


@transaction.atomic
def publish(season: Season, number: int | None, now: datetime) -> dict[str, Any]:
    """Use the plan and invite, or nothing at all. The operator sees every warning in the report."""
    used = None
    if number is not None or not season.visits.filter(state=VisitState.PROPOSED).exists():
        used = adopt_plan(plan_id=find_plan(season, number).pk, by=None, now=now)
    found = warnings.of_visits(season, to_publish(season), now=now)
    visits = publish_season(season=season, acknowledged={warned.key for warned in found}, by=None, now=now)
    return {
        "season": season.slug,
        "plan": used.number if used else None,
        "invited": len(visits),
        "warnings": [f"{warned.visit}: {warned.text}" for warned in found],
    }


def find_plan(season: Season, number: int | None) -> Plan:
    """The plan of that number, else the newest finished one."""
    finished = season.plans.filter(state__in=[PlanState.PROVEN, PlanState.FEASIBLE])
    plan = finished.filter(number=number).first() if number is not None else finished.order_by("-number").first()
    if plan is None:
        words = f"There is no finished plan {number}" if number is not None else "There is no finished plan"
        raise Refused(f"{words} of {season.slug}. Run plan_season first.")
    return plan


def told(report: dict[str, Any]) -> str:
    """The report in plain sentences."""
    lines = [f"Plan {report['plan']} is used."] if report["plan"] else []
    lines.append(f"{report['invited']} visits of {report['season']} are published; their people are invited.")
    return "\n".join([*lines, *(f"Warning: {warning}." for warning in report["warnings"])])
