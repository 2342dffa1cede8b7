"""Two planner processes, several seasons waiting: every season is solved, each by one of them."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from shadowing import plans
from shadowing.models import Plan, PlanState, SeasonState
from shadowing.seasons import sync_people
from tests.factories import SeasonFactory
from tests.shadowing.plans.cast import make_cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_only]
ROOT = Path(__file__).resolve().parents[2]
WORK = "import django; django.setup(); from shadowing.tasks import solve_plans; solve_plans()"


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
