"""A plan's way: asked for, claimed by one solver, told about while it runs, stored, or failed.

The database is the queue: asking writes a row, a worker claims it. A worker that dies leaves a plan that tells nothing
any more; after SILENCE it is given up.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from people.errors import Conflict, Refused
from people.models import User
from shadowing import planner
from shadowing.models import Plan, PlanState, Season
from shadowing.planner import Progress
from shadowing.plans import storing, what_if
from shadowing.plans.build import build_problem
from shadowing.plans.errors import StillSolving
from shadowing.seasons import rights, sync_people

logger = logging.getLogger(__name__)

SILENCE = timedelta(minutes=3)  # without a word from a solver, beyond the time it was given
MOST_SECONDS = 600
Told = Callable[[Progress], bool]


@transaction.atomic
def ask_plan(
    *, season: Season, seconds: int, seed: int, by: User | None, now: datetime, assume: Mapping[str, Any] | None = None
) -> Plan:
    """Write down that a plan is wanted, with at most ``seconds`` (1 to 600) of solving. ``assume`` makes it a what-if,
    shaped as assumptions.py says.

    Raises NotAllowed (somebody must coordinate all its sites; None is the operator of a command), Refused (published,
    or no sites) or StillSolving.
    """
    season = Season.objects.select_for_update(no_key=True).get(pk=season.pk)
    rights.require_change(by, season)
    if season.is_published:
        raise Refused(_("This season is published: its visits are changed one by one."))
    if not 1 <= seconds <= MOST_SECONDS:
        raise Refused(_("A solve takes 1 to %(most)d seconds.") % {"most": MOST_SECONDS}, field="seconds")
    give_up_silent(now=now)
    if Plan.objects.filter(season=season).running().exists():
        raise StillSolving(_("A plan of this season is being solved. Stop that one first."))
    last = Plan.objects.filter(season=season).aggregate(last=Max("number"))["last"] or 0
    return Plan.objects.create(
        season=season, number=last + 1, asked_at=now, asked_by=by, limit_seconds=seconds, seed=seed,
        what_if=what_if.asked(season, assume or {}),
    )  # fmt: skip


def stop_plan(*, plan: Plan, by: User, now: datetime) -> Plan:
    """End a solve and keep the best so far; one that has not begun is given up. Raises NotAllowed or Conflict."""
    rights.require_change(by, plan.season)
    waiting = Plan.objects.filter(pk=plan.pk, state=PlanState.WAITING)
    given_up = _("Stopped before it began.")
    if waiting.update(state=PlanState.FAILED, stop_asked=True, finished_at=now, error=given_up):
        return plan
    if not Plan.objects.filter(pk=plan.pk, state=PlanState.SOLVING).update(stop_asked=True):
        raise Conflict(_("This plan is finished. Nothing was changed."))
    return plan


def solve_season(
    *, season: Season, seconds: int, seed: int, by: User | None, now: datetime, progress: Told | None = None
) -> Plan:
    """Ask for a plan and solve it here and now. Raises what ``ask_plan`` raises, or Refused when the solve fails."""
    plan = ask_plan(season=season, seconds=seconds, seed=seed, by=by, now=now)
    run_plan(plan_id=plan.pk, now=now, progress=progress)
    plan.refresh_from_db()
    if plan.state == PlanState.FAILED:
        raise Refused(plan.error)
    return plan


def run_plan(*, plan_id: int, now: datetime, progress: Told | None = None) -> bool:
    """Solve a waiting plan and store the result; True when this caller was the one to claim it.

    ``now`` is when it starts; times written later are counted from there.
    """
    if not Plan.objects.filter(pk=plan_id, state=PlanState.WAITING).update(state=PlanState.SOLVING):
        return False
    plan = Plan.objects.select_related("season").get(pk=plan_id)
    try:
        sync_people(season=plan.season)
        problem = build_problem(plan.season, now=now, what_if=plan.what_if)
        watcher = Watcher(plan, now, progress)
        solution = planner.solve(problem, seconds=plan.limit_seconds, seed=plan.seed, progress=watcher)
        storing.store(plan, problem, solution, now=now)
    except Exception:
        logger.exception("plan %s of season %s failed", plan.number, plan.season_id)
        fail(plan, now=now, error=_("The planner stopped with an error. It is in the server's log."))
    return True


class Watcher:
    """Writes a running plan's progress into its row, about twice a second, and reads whether it is to stop."""

    def __init__(self, plan: Plan, now: datetime, told: Told | None) -> None:
        self.plan, self.now, self.told = plan, now, told

    def __call__(self, step: Progress) -> bool:
        """True to go on."""
        known = {"stage": step.stage, "placed": step.placed, "objective": step.objective, "bound": step.bound}
        rows = Plan.objects.filter(pk=self.plan.pk, state=PlanState.SOLVING)
        going = rows.update(fraction=step.fraction, progress=known)
        stop = not going or rows.filter(stop_asked=True).exists()
        return (self.told is None or self.told(step)) and not stop


def fail(plan: Plan, *, now: datetime, error: str) -> None:
    """Mark a running plan as failed, in words fit to show."""
    running = Plan.objects.filter(pk=plan.pk).running()
    running.update(state=PlanState.FAILED, error=error, finished_at=now)


def give_up_silent(*, now: datetime) -> int:
    """Fail plans whose solver must have died: their time is over and SILENCE more. How many there were."""
    error, given_up = _("The planner was interrupted. Solve again."), 0
    for plan in Plan.objects.filter(state=PlanState.SOLVING):
        if plan.asked_at + timedelta(seconds=plan.limit_seconds) + SILENCE < now:
            fail(plan, now=now, error=error)
            given_up += 1
    return given_up
