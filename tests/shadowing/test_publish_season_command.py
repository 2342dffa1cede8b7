"""``publish_season``: uses a plan unless visits are proposed, then invites."""

import io
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from shadowing.models import Plan, PlanPair, SeasonState, Visit, VisitState
from tests.factories import NINE, SeasonExecutiveFactory, SeasonFactory, SeasonHostFactory, VisitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def season():
    host = SeasonHostFactory().host
    season = SeasonFactory(slug="spring", sites=[host.team.site], state=SeasonState.COLLECTING)
    SeasonHostFactory(season=season, host=host)
    return season


@pytest.fixture
def plan(season):
    entry = SeasonExecutiveFactory(season=season)
    host = season.hosts.get().host
    plan = Plan.objects.create(season=season, number=1, state="proven", asked_at=NINE, finished_at=timezone.now())
    PlanPair.objects.create(
        plan=plan, executive=entry.executive, host=host, site=host.team.site, date=season.starts_on, score=900
    )
    return plan


def publish(*args):
    out = io.StringIO()
    call_command("publish_season", *args, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_it_uses_the_newest_plan_and_invites(season, plan):
    report = publish("spring")

    assert (report["plan"], report["invited"]) == (1, 1)
    assert Visit.objects.get().state == VisitState.INVITED
    season.refresh_from_db()
    assert season.state == SeasonState.PUBLISHED


def test_visits_proposed_already_are_kept_and_no_plan_is_used(season, plan):
    kept = VisitFactory(season=season, host=season.hosts.get().host)

    report = publish("spring")

    assert (report["plan"], report["invited"]) == (None, 1)
    kept.refresh_from_db()
    assert kept.state == VisitState.INVITED


@pytest.mark.parametrize(
    ("args", "words"),
    [(("nope",), "no season nope"), (("spring",), "no finished plan of spring"), (("spring", "--plan", "7"), "plan 7")],
)
def test_what_is_not_there_is_refused_with_status_1(season, args, words):
    with pytest.raises(CommandError, match=words) as refused:
        publish(*args)

    assert refused.value.returncode == 1
    assert not Visit.objects.exists()
