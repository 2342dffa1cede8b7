"""A season on the real rosters: planned, published, and kept alive through declines, one after the other.

After each decline the repair that the coordinator's page shows is done as it stands; then every rule is looked up in the
database again, by code that shares nothing with the planner.
"""

import random
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from people.models import Executive, Host
from shadowing.models import SeasonHost, SeasonSite, UnavailableDay, Visit, VisitState
from shadowing.plans import adopt_plan, solve_season
from shadowing.repairs.proposal import propose, repair_season
from shadowing.seasons import apply_season
from shadowing.visits.actions import answer_invitation, publish_season
from shadowing.visits.publishing import to_publish
from shadowing.visits.rules import Side
from shadowing.visits.warnings import of_visits
from tests.factories import UserFactory
from tests.people.rosters import bring

pytestmark = pytest.mark.django_db
ROSTERS = Path(__file__).resolve().parents[4] / "shared" / "data" / "rosters"
NOW = datetime(2027, 2, 1, 9, tzinfo=UTC)
FIRST, LAST = date(2027, 3, 1), date(2027, 3, 12)
SENIOR = (
    "uk_dvla_2011-09_senior.csv", "uk_hmrc_2011-03_senior.csv", "uk_natural-england_2011-09_senior.csv",
    "uk_student-loans-co_2015-03_senior.csv",
)  # fmt: skip
COLUMNS = {
    "employee_number": "#4",
    "name": "#7+#8",
    "email": "#15",
    "hired_on": "#12",
    "team": "#28",
    "function": "#11",
}
SITES = {"bothell": "Production", "duluth": "Sales"}  # the department in the roster that works there
REST = 3


def import_people():
    """Senior civil servants as executives; the production and sales people of a manufacturer as hosts at two sites."""
    for name in SENIOR:
        bring(ROSTERS / name)
    for site, department in SITES.items():
        options = {"header": False, "chosen": COLUMNS, "defaults": {"site": site}, "where": [f"#28={department}"]}
        bring(ROSTERS / "adventureworks_DimEmployee.psv", "hosts", **options)


def set_up_season(chance):
    """Two weeks, two sites, three rest days; everybody is away now and then."""
    sites = [
        {"slug": "bothell", "name": "Bothell", "time_zone": "UTC", "visits_a_day": 6},
        {"slug": "duluth", "name": "Duluth", "time_zone": "UTC", "visits_a_day": 3},
    ]
    season = apply_season(
        data={
            "program": "Back to the Floor", "name": "Real", "slug": "real", "starts_on": FIRST.isoformat(),
            "ends_on": LAST.isoformat(), "sites": sites, "executives": "all", "hosts": "all",
            "rules": {"days_between_host_visits": REST, "host_min_tenure_months": 6},
        },
        by=None, now=NOW,
    )  # fmt: skip
    days = [FIRST + timedelta(days=shift) for shift in range((LAST - FIRST).days + 1)]
    people = [*Executive.objects.order_by("pk"), *Host.objects.order_by("pk")]
    UnavailableDay.objects.bulk_create(
        UnavailableDay(user_id=one.pk, date=day, source="csv")
        for one in people
        for day in days
        if chance.random() < 0.3
    )
    return season


def accept_all(season, coordinator):
    for visit in Visit.objects.filter(season=season, state=VisitState.INVITED).order_by("pk"):
        for side in Side:
            visit = answer_invitation(visit=visit, side=side, yes=True, by=coordinator, now=NOW)


def decline_one(season, chance):
    """Somebody falls ill: an executive or a host says no, and cannot come on that day."""
    visit = chance.choice(list(Visit.objects.filter(season=season, state=VisitState.CONFIRMED).order_by("pk")))
    side = chance.choice(list(Side))
    person = visit.executive.user if side is Side.EXECUTIVE else visit.host.user
    answer_invitation(visit=visit, side=side, yes=False, by=person, now=NOW, reason="Ill")
    UnavailableDay.objects.get_or_create(user=person, date=visit.date, source="click")
    return visit


def broken_rules(season):
    """Every rule that a live visit breaks, in words; counted afresh from the tables."""
    live = list(Visit.objects.live().filter(season=season).select_related("host__team", "site"))
    broken = [f"{visit}: {warned.text}" for visit in [live] for warned in of_visits(season, visit, now=NOW)]
    places = dict(SeasonSite.objects.filter(season=season).values_list("site", "visits_a_day"))
    days = Counter((visit.site_id, visit.date) for visit in live)
    broken += [f"{place}: {number} visits" for place, number in days.items() if number > places[place[0]]]
    most = dict(SeasonHost.objects.filter(season=season).values_list("host", "max_visits"))
    dates = defaultdict(list)
    for visit in live:
        dates[visit.host_id].append(visit.date)
    broken += [f"host {host}: {len(found)} visits" for host, found in dates.items() if len(found) > most[host]]
    close = [
        (host, one) for host, found in dates.items() for one, two in pairwise(sorted(found)) if (two - one).days < REST
    ]
    away = set(UnavailableDay.objects.values_list("user", "date"))
    broken += [f"host {host}: no rest after {day}" for host, day in close]
    broken += [
        f"{visit}: away" for visit in live if {(visit.executive_id, visit.date), (visit.host_id, visit.date)} & away
    ]
    broken += [
        f"executive {who}: {number}" for who, number in Counter(v.executive_id for v in live).items() if number > 1
    ]
    return broken


@pytest.mark.parametrize("declines", [6, pytest.param(40, marks=pytest.mark.soak)])
def test_declines_break_no_rule_and_move_hardly_anybody(declines):
    # given: a season of real people, planned, published, and accepted by everybody
    chance = random.Random(28)
    import_people()
    season, coordinator = set_up_season(chance), UserFactory(role="coordinator")
    plan = solve_season(season=season, seconds=20, seed=0, by=coordinator, now=NOW)
    adopt_plan(plan_id=plan.pk, by=coordinator, now=NOW)
    seen = [warned.key for warned in of_visits(season, to_publish(season), now=NOW)]
    published = publish_season(season=season, acknowledged=seen, by=coordinator, now=NOW)
    season.refresh_from_db()
    accept_all(season, coordinator)
    assert len(published) >= 50
    assert broken_rules(season) == []

    # when: people say no, each after a place was found for the last one
    moved, placed = 0, 0
    for _ in range(declines):
        declined = decline_one(season, chance)
        proposal = propose(season, now=NOW)
        moved += sum(one.move.visit.state == VisitState.CONFIRMED for one in proposal.moved)
        placed += declined.executive_id in {one.executive.pk for one in proposal.placed}
        if proposal.form:
            repair_season(season=season, form=proposal.form, by=coordinator, now=NOW)
            accept_all(season, coordinator)

        # then: no rule is broken
        assert broken_rules(season) == []

    # and: they have a place again, and hardly anybody else was asked to move
    print(f"{len(published)} visits published, {declines} declines: {placed} placed again, {moved} others moved")
    assert placed >= declines * 0.9
    assert moved <= declines
