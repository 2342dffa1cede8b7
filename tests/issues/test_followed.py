"""The mark on visits at which an issue began: who sets it, and that it changes nothing of what is owed or counted."""

import random
from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q

from floorprogram.home.queries import visit_counts
from issues import actions
from issues.errors import Conflict
from issues.models import Issue, TakeAwayWaiver
from issues.queries import take_aways_owed, took_issue
from shadowing.models import Visit, VisitDay, VisitState
from tests.factories import NINE, HostFactory, IssueFactory, UserFactory, VisitFactory

pytestmark = pytest.mark.django_db
MARKING = import_module("issues.migrations.0013_mark_followed_visits")
DAY = date(2027, 3, 1)


def take(visit, **changes):
    words = {"title": "One screen", "promise": "By April.", "target_date": DAY + timedelta(days=30)}
    return actions.take_away(visit=visit, by=visit.executive.user, now=NINE, **words | changes)


def followed(visit):
    return Visit.objects.values_list("followed", flat=True).get(pk=visit.pk)


def test_taking_an_issue_away_marks_the_visit(cast):
    owing = VisitFactory(held=True, host=HostFactory(team=cast.host.team))
    assert not followed(owing)

    take(owing)
    take(owing, title="Another screen")

    assert followed(owing)
    assert not take_aways_owed().filter(pk=owing.pk).exists()


def test_a_refused_take_away_marks_nothing(cast):
    coming = VisitFactory(confirmed=True, host=HostFactory(team=cast.host.team))
    with pytest.raises(Conflict):
        take(coming)
    assert not followed(coming)


def test_a_waiver_is_no_issue(cast):
    owing = VisitFactory(held=True, host=HostFactory(team=cast.host.team))
    actions.waive_take_away(visit=owing, reason="Closed.", by=cast.people["coordinator"], now=NINE)
    assert not followed(owing)


@pytest.fixture
def world(request):
    """Visits of every kind: held or not, settled by an issue, by one of the day, by a waiver, or by nothing; and of those
    an issue began at, some marked and some not, as rows written by an older release are."""
    dice, host, by = random.Random(request.param), HostFactory(), UserFactory()
    days = [VisitDay.objects.create(site=host.team.site, date=DAY + timedelta(days=n)) for n in range(3)]
    for _ in range(25):
        day, kind = dice.choice(days), dice.choice(["held", "held", "held", "confirmed", "invited"])
        visit = VisitFactory(**{kind: True}, host=HostFactory(team=host.team), date=day.date)
        if dice.random() < 0.5:
            IssueFactory(origin_visit=visit, origin_day=dice.choice([None, day]))
            Visit.objects.filter(pk=visit.pk).update(followed=dice.random() < 0.5)
        if dice.random() < 0.3:
            about = {"owner": visit.executive, "promised_to": visit.host, "site": visit.site, "season": visit.season}
            IssueFactory(origin_visit=None, origin_day=dice.choice(days), **about)
        if dice.random() < 0.2:
            TakeAwayWaiver.objects.create(visit=visit, reason="Fire alarm.", waived_by=by, waived_at=NINE)


def owed_by_looking():
    """What is owed, without the mark."""
    own = Issue.objects.filter(origin_visit=OuterRef("pk"))
    of_day = {
        "origin_day__site": OuterRef("site"),
        "origin_day__date": OuterRef("date"),
        "owner": OuterRef("executive"),
    }
    shared = Issue.objects.filter(origin_visit=None, **of_day)
    waived = TakeAwayWaiver.objects.filter(visit=OuterRef("pk"))
    return Visit.objects.held().filter(~Exists(own), ~Exists(shared), ~Exists(waived))


@pytest.mark.parametrize("world", range(6), indirect=True)
def test_the_mark_changes_nothing_of_what_is_owed_or_counted(world):
    own = Issue.objects.filter(origin_visit=OuterRef("pk"))
    assert set(take_aways_owed()) == set(owed_by_looking())
    assert set(Visit.objects.filter(took_issue())) == set(Visit.objects.filter(Exists(own)))
    took = Visit.objects.aggregate(took=Count("pk", filter=Q(Exists(own), state=VisitState.HELD)))["took"]
    assert visit_counts(Visit.objects.all())["took"] == took


@pytest.mark.parametrize("world", [0], indirect=True)
@pytest.mark.parametrize("batch", [7, 5000])
def test_the_migration_marks_every_visit_an_issue_began_at_and_no_other(world, batch, monkeypatch):
    monkeypatch.setattr(MARKING, "BATCH", batch)
    MARKING.mark(apps, None)
    assert set(Visit.objects.filter(followed=True)) == set(Visit.objects.filter(issues__isnull=False))


@pytest.mark.postgres_only  # SQLite sorts
def test_what_is_owed_comes_from_the_index_of_the_unmarked():
    VisitFactory(held=True)
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort", "incremental_sort", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    found = take_aways_owed().order_by("date", "pk").values("pk")[:5]
    assert "visit_unfollowed" in found.explain().split()
