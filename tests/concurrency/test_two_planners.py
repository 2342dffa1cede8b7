"""Several seasons waiting and several planners: every season is solved, each by one of them, and none harms another."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from floorprogram.celery import app
from shadowing import plans
from shadowing.models import Plan, PlanState, SeasonState
from shadowing.seasons import sync_people
from tests.factories import SeasonFactory
from tests.shadowing.plans.cast import make_cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_only]
ROOT = Path(__file__).resolve().parents[2]
WORK = "import tests.clock, django; django.setup(); from shadowing.tasks import solve_plans; solve_plans()"


def start_planner() -> subprocess.Popen[bytes]:
    address = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**settings.DATABASES["default"])
    environment = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "floorprogram.settings"}
    return subprocess.Popen([sys.executable, "-c", WORK], cwd=ROOT, env=environment)


def test_waiting_seasons_are_shared_between_two_planners():
    now = timezone.now() - timedelta(seconds=5)
    cast = make_cast()
    seasons = [cast.season] + [SeasonFactory(sites=cast.sites, state=SeasonState.COLLECTING) for _ in range(3)]
    for season in seasons:
        sync_people(season=season)
        plans.ask_plan(season=season, seconds=60, seed=1, by=None, now=now)

    planners = [start_planner() for _ in range(2)]

    assert [planner.wait() for planner in planners] == [0, 0]
    assert [plan.state for plan in Plan.objects.all()] == [PlanState.PROVEN] * len(seasons)
    assert sorted(plan.season_id for plan in Plan.objects.all()) == sorted(season.pk for season in seasons)
    assert [plan.pairs.count() + plan.left_out.count() for plan in Plan.objects.all()] == [10] * len(seasons)


def pairs_of(plan: Plan) -> list[tuple[object, ...]]:
    return sorted(plan.pairs.values_list("executive", "host", "date", "score"))


def test_two_seasons_solved_at_once_end_as_each_does_alone():
    """Both are held in the middle of their solve until the other is there too."""
    cast, now = make_cast(), timezone.now()
    seasons = [cast.season, SeasonFactory(sites=cast.sites, state=SeasonState.COLLECTING)]
    alone = [plans.solve_season(season=season, seconds=60, seed=1, by=None, now=now) for season in seasons]
    waiting = [plans.ask_plan(season=season, seconds=60, seed=1, by=None, now=now) for season in seasons]
    meeting = threading.Barrier(2)

    def solve(plan: Plan) -> bool:
        met: list[int] = []

        def told(_step: object) -> bool:
            if not met:
                met.append(meeting.wait(timeout=60))
            return True

        try:
            return plans.run_plan(plan_id=plan.pk, now=now, progress=told)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as planners:
        assert list(planners.map(solve, waiting)) == [True, True]

    together = [Plan.objects.get(pk=plan.pk) for plan in waiting]
    assert [plan.state for plan in together] == [PlanState.PROVEN] * 2
    assert [plan.objective for plan in together] == [plan.objective for plan in alone]
    assert [pairs_of(plan) for plan in together] == [pairs_of(plan) for plan in alone]


def test_how_many_are_solved_at_once_is_a_setting():
    assert app.conf.worker_concurrency == settings.CELERY_WORKER_CONCURRENCY == 1
