"""Asking for a plan, solving it, watching and stopping it, and what is stored."""

from datetime import timedelta

import pytest

from people.errors import Conflict, NotAllowed, Refused
from shadowing import plans, tasks
from shadowing.models import Plan, PlanState, SeasonExecutive, SeasonState, UnavailableDay, Visit
from shadowing.planner import problem as planner
from shadowing.plans import running
from tests.factories import ExecutiveFactory, UserFactory, VisitFactory
from tests.shadowing.plans.cast import NOW, make_cast

pytestmark = pytest.mark.django_db


def solved(cast, **changes):
    return plans.solve_season(**{"season": cast.season, "seconds": 20, "seed": 0, "by": None, "now": NOW} | changes)


def test_a_solved_plan_holds_every_pair_its_terms_and_the_proof():
    cast = make_cast()

    plan = solved(cast)

    assert (plan.number, plan.state, plan.gap, plan.fraction) == (1, PlanState.PROVEN, 0, 1)
    assert plan.objective == plan.bound
    assert plan.pairs.count() == len(cast.executives)
    assert all(pair.score == sum(pair.terms.values()) for pair in plan.pairs.all())
    assert plan.finished_at >= NOW
    assert plan.asked_by is None
    assert Visit.objects.count() == 0


def test_who_is_left_out_stands_on_the_waiting_list_with_the_reason():
    cast = make_cast(executives=3)
    for day in range(20):
        UnavailableDay.objects.create(user=cast.executives[1].user, date=cast.season.starts_on + timedelta(day))

    plan = solved(cast)

    (left_out,) = plan.left_out.all()
    assert (left_out.executive_id, left_out.position, left_out.reason) == (cast.executives[1].pk, 1, "own_days")
    assert left_out.detail["free"] == 0


def test_solving_again_makes_another_plan_and_leaves_the_first_alone():
    cast = make_cast()
    first = solved(cast)
    pairs = set(first.pairs.values_list("executive", "host", "date"))

    second = solved(cast, seed=4)

    assert second.number == 2
    assert set(first.pairs.values_list("executive", "host", "date")) == pairs


def test_the_same_seed_gives_the_same_plan():
    cast = make_cast()

    one, other = solved(cast, seed=3), solved(cast, seed=3)

    assert set(one.pairs.values_list("executive", "host", "date")) == set(
        other.pairs.values_list("executive", "host", "date")
    )


def test_locked_visits_are_in_the_plan_and_marked():
    cast = make_cast()
    stays = VisitFactory(season=cast.season, executive=cast.executives[0], host=cast.hosts[3], locked=True)

    plan = solved(cast)

    assert list(plan.pairs.filter(locked=True).values_list("executive", "host", "date")) == [
        (stays.executive_id, stays.host_id, stays.date)
    ]


def test_the_roster_is_followed_before_a_solve():
    cast = make_cast(executives=1)
    ExecutiveFactory()

    plan = solved(cast)

    assert plan.pairs.count() == SeasonExecutive.objects.count() == 2


def test_what_is_not_known_is_counted():
    cast = make_cast(shared_language=True)

    assert solved(cast).relied_on_unknown["language"] == len(cast.executives)


@pytest.mark.parametrize("role", ["coordinator", "sponsor", None])
def test_only_who_coordinates_all_sites_may_ask(role):
    cast = make_cast()
    person = UserFactory(role=role, sites=cast.sites[:1]) if role == "coordinator" else UserFactory(role=role)

    with pytest.raises(NotAllowed):
        plans.ask_plan(season=cast.season, seconds=10, seed=0, by=person, now=NOW)

    assert Plan.objects.count() == 0


@pytest.mark.parametrize("state", [SeasonState.PUBLISHED, SeasonState.CLOSED])
def test_a_published_season_is_not_planned(state):
    cast = make_cast()
    cast.season.state = state
    cast.season.save()

    with pytest.raises(Refused):
        plans.ask_plan(season=cast.season, seconds=10, seed=0, by=None, now=NOW)


@pytest.mark.parametrize("seconds", [0, 601])
def test_a_solve_takes_one_second_to_ten_minutes(seconds):
    with pytest.raises(Refused):
        plans.ask_plan(season=make_cast().season, seconds=seconds, seed=0, by=None, now=NOW)


def test_one_solve_a_season_at_a_time_until_its_solver_must_have_died():
    cast = make_cast()
    first = plans.ask_plan(season=cast.season, seconds=10, seed=0, by=None, now=NOW)
    Plan.objects.update(state=PlanState.SOLVING)

    with pytest.raises(plans.StillSolving):
        plans.ask_plan(season=cast.season, seconds=10, seed=0, by=None, now=NOW + timedelta(seconds=30))
    plans.ask_plan(season=cast.season, seconds=10, seed=0, by=None, now=NOW + timedelta(minutes=5))

    first.refresh_from_db()
    assert (first.state, bool(first.error)) == (PlanState.FAILED, True)


def test_a_waiting_plan_is_solved_by_one_worker_only(monkeypatch):
    cast = make_cast()
    plan = plans.ask_plan(season=cast.season, seconds=10, seed=0, by=cast.coordinator, now=NOW)

    tasks.solve_plans()

    plan.refresh_from_db()
    assert plan.state == PlanState.PROVEN
    assert not plans.run_plan(plan_id=plan.pk, now=NOW)


def test_progress_is_written_and_a_stop_is_heard():
    cast = make_cast()
    plan = plans.ask_plan(season=cast.season, seconds=10, seed=0, by=cast.coordinator, now=NOW)
    Plan.objects.update(state=PlanState.SOLVING)
    watcher = running.Watcher(plan, NOW, None)

    assert watcher(planner.Progress("days", 0.6, 3, 4.5, 5.5))
    plans.stop_plan(plan=plan, by=cast.coordinator, now=NOW)

    assert not watcher(planner.Progress("days", 0.7, 3, 4.5, 5.5))
    plan.refresh_from_db()
    assert plan.progress == {"stage": "days", "placed": 3, "objective": 4.5, "bound": 5.5}
    assert plan.fraction == 0.7


def test_a_plan_stopped_before_it_began_is_given_up():
    cast = make_cast()
    plan = plans.ask_plan(season=cast.season, seconds=10, seed=0, by=cast.coordinator, now=NOW)

    plans.stop_plan(plan=plan, by=cast.coordinator, now=NOW)

    assert not plans.run_plan(plan_id=plan.pk, now=NOW)
    plan.refresh_from_db()
    assert plan.state == PlanState.FAILED


def test_a_finished_plan_cannot_be_stopped_and_strangers_stop_nothing():
    cast = make_cast()
    plan = solved(cast)

    with pytest.raises(Conflict):
        plans.stop_plan(plan=plan, by=cast.coordinator, now=NOW)
    with pytest.raises(NotAllowed):
        plans.stop_plan(plan=plan, by=UserFactory(role="sponsor"), now=NOW)


def test_a_solve_that_breaks_is_said_so(monkeypatch, caplog):
    cast = make_cast()
    monkeypatch.setattr(running, "build_problem", lambda *args, **kwargs: 1 / 0)

    with pytest.raises(Refused, match="error"):
        solved(cast)

    assert Plan.objects.get().state == PlanState.FAILED
    assert "ZeroDivisionError" in caplog.text
    caplog.clear()


def test_a_given_up_plan_is_not_written_by_its_late_solver():
    cast = make_cast()

    def give_up(step):
        Plan.objects.update(state=PlanState.FAILED, error="Given up.")
        return True

    with pytest.raises(Refused):
        solved(cast, progress=give_up)

    assert Plan.objects.get().pairs.count() == 0
