"""The result of a solve, written once and never changed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from people.models import Site
from shadowing.models import Plan, PlanLeftOut, PlanPair, PlanState
from shadowing.planner import Alternative, Problem, Solution
from shadowing.planner.scoring import SCALE
from shadowing.plans.grounds import made_with

BATCH = 500


@transaction.atomic
def store(plan: Plan, problem: Problem, solution: Solution, *, now: datetime) -> None:
    """Write pairs, those left out, the proof and what it was made with into a plan that is being solved; nothing if it was
    given up.

    ``now`` is when the solve began; the plan's season is the one read then.
    """
    proven = solution.status == "optimal"
    written = Plan.objects.filter(pk=plan.pk, state=PlanState.SOLVING).update(
        state=PlanState.PROVEN if proven else PlanState.FEASIBLE,
        finished_at=now + timedelta(seconds=solution.seconds),
        fraction=1,
        objective=round(solution.objective * SCALE),
        bound=round(solution.bound * SCALE),
        gap=solution.gap,
        seconds=solution.seconds,
        made_with=made_with(plan.season, plan.what_if, problem),
        relied_on_unknown=solution.relied_on_unknown,
    )
    if written:
        PlanPair.objects.bulk_create(pairs_of(plan, problem, solution), batch_size=BATCH)
        PlanLeftOut.objects.bulk_create(left_out_of(plan, solution), batch_size=BATCH)


def pairs_of(plan: Plan, problem: Problem, solution: Solution) -> list[PlanPair]:
    """The placed pairs as rows, each with the next best host the plan leaves room for."""
    from shadowing.planner.runner_ups import runner_ups

    sites = dict(Site.objects.filter(slug__in={pair.site for pair in solution.pairs}).values_list("slug", "pk"))
    locked = {pair.executive for pair in problem.locked}
    others = runner_ups(problem, solution.pairs)
    return [
        PlanPair(
            plan=plan, executive_id=int(pair.executive), host_id=int(pair.host), site_id=sites[pair.site],
            date=pair.date, score=pair.score, terms=pair.terms, locked=pair.executive in locked,
            **runner_up(others.get(pair.executive)),
        )
        for pair in solution.pairs
    ]  # fmt: skip


def runner_up(other: Alternative | None) -> dict[str, Any]:
    """A pair's runner-up as columns."""
    if other is None:
        return {}
    return {"runner_up_id": int(other.host), "runner_up_on": other.date, "runner_up_change": other.change}


def left_out_of(plan: Plan, solution: Solution) -> list[PlanLeftOut]:
    """Those left out as rows, in the order of the waiting list."""
    return [
        PlanLeftOut(
            plan=plan, executive_id=int(one.executive), position=position, reason=one.reason.code,
            detail=one.reason.data,
        )
        for position, one in enumerate(solution.left_out, start=1)
    ]  # fmt: skip
