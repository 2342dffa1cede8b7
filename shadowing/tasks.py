"""What Celery wakes shadowing for: plans that wait to be solved. The queue is "planner", the database holds the plans."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from shadowing import plans
from shadowing.models import Plan, PlanState


@shared_task
def solve_plans() -> None:
    """Beat, every few seconds: solve what waits. Runs may overlap; each plan is claimed by one of them."""
    plans.give_up_silent(now=timezone.now())
    waiting = Plan.objects.filter(state=PlanState.WAITING).order_by("asked_at", "pk")
    for plan_id in list(waiting.values_list("pk", flat=True)):
        plans.run_plan(plan_id=plan_id, now=timezone.now())
