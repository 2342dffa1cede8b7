"""What a plan was made with stays with it, whatever becomes of its season."""

from datetime import date

import pytest

from shadowing import plans
from shadowing.models import Plan, PlanPair
from shadowing.plans import grounds, terms
from tests.factories import UserFactory
from tests.shadowing.plans.cast import NOW, make_cast

pytestmark = pytest.mark.django_db
PAGE = "/seasons/spring/plan/"


@pytest.fixture
def cast():
    return make_cast(executives=4)


@pytest.fixture
def coordinator(client):
    client.force_login(UserFactory(role="coordinator"))
    return client


def solved(cast, **assume):
    plan = plans.ask_plan(season=cast.season, seconds=20, seed=0, by=None, now=NOW, assume=assume)
    plans.run_plan(plan_id=plan.pk, now=NOW)
    return Plan.objects.select_related("season").get(pk=plan.pk)


def change(cast, **fields):
    for name, value in fields.items():
        setattr(cast.season, name, value)
    cast.season.save(update_fields=fields)


def text(page):
    return " ".join(page.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def test_a_plan_keeps_the_rules_and_weights_of_its_solve(cast):
    plan = solved(cast, rules={"host_min_tenure_months": 3}, weights={"tenure": 2})

    assert plan.made_with == {
        "starts_on": "2027-03-01",
        "rules": {
            "host_min_tenure_months": 3, "other_business_unit": False, "shared_language": False,
            "no_repeat_seasons": 0, "days_between_host_visits": cast.season.days_between_host_visits,
        },
        "weights": {"tenure": 2, "other_unit_distance": 1, "home_site": 1, "fair_load": 1},
    }  # fmt: skip


def test_a_remedys_shorter_rest_is_what_the_plan_was_made_with(cast):
    change(cast, days_between_host_visits=7)

    plan = solved(cast, changes=[{"kind": "rest", "days": 2}])

    assert plan.made_with["rules"]["days_between_host_visits"] == 2


def test_a_pair_is_explained_by_the_weights_of_its_plan(cast, coordinator):
    solved(cast, weights={"tenure": 2})
    change(cast, weights={"tenure": 5, "home_site": 0}, starts_on=date(2027, 3, 8))
    pair = PlanPair.objects.select_related(*terms.WITH_ALL).first()

    found = terms.terms_of(pair)

    assert [term.weight for term in found] == [2, 1, 1]
    assert sum(term.points for term in found) == pytest.approx(pair.points)
    assert not any(term.changed for term in found)
    assert found[0].words == "37 of 60 months"  # of 1 March, when the season began then
    assert "have changed since" not in text(coordinator.get(f"{PAGE}1/pairs/{pair.executive_id}/"))


def test_a_plan_from_before_is_explained_by_its_season(cast):
    plan = solved(cast)
    Plan.objects.update(made_with={})
    change(cast, weights={"tenure": 5})
    plan = Plan.objects.select_related("season").get(pk=plan.pk)

    assert grounds.weights_of(plan)["tenure"] == 5
    assert grounds.starts_on(plan) == cast.season.starts_on
    assert grounds.grounds(plan, cast.season) == []


def test_the_page_shows_what_it_was_made_with_and_what_the_season_says_now(cast, coordinator):
    solved(cast)
    assert "the season says" not in text(coordinator.get(PAGE))

    change(cast, weights={"tenure": 2.5}, shared_language=True)
    page = coordinator.get(PAGE)

    assert "Rules and weights it was made with" in text(page)
    assert [(str(one.name), one.value, one.now) for one in page.context["grounds"] if one.now] == [
        ("Shared language required", "no", "yes"),
        ("Weight of tenure", "1", "2.5"),
    ]
    assert "The season was changed after this plan was asked for." in text(page)


def test_a_what_if_is_not_called_outdated_because_it_differs(cast):
    plan = solved(cast, weights={"tenure": 2})

    assert [one.now for one in grounds.grounds(plan, plan.season) if one.now] == ["1"]
    assert not grounds.changed_since(plan, plan.season)


def test_two_plans_name_the_rules_and_weights_in_which_they_differ(cast, coordinator):
    solved(cast)
    solved(cast, rules={"shared_language": True}, weights={"home_site": 3})

    page = coordinator.get(f"{PAGE}compare/", {"one": 1, "other": 2})

    assert [(str(one.name), one.one, one.other) for one in page.context["grounds"]] == [
        ("Shared language required", "no", "yes"),
        ("Weight of the home site", "1", "3"),
    ]
    assert "Scores under other weights are not on one scale" in text(page)


def test_two_plans_of_one_making_say_so_and_older_ones_cannot_tell(cast, coordinator):
    solved(cast)
    solved(cast)
    assert "Both were made with the same rules and weights." in text(coordinator.get(f"{PAGE}compare/"))

    Plan.objects.filter(number=1).update(made_with={})

    assert "before plans kept their rules" in text(coordinator.get(f"{PAGE}compare/"))


def test_other_rules_alone_leave_the_scores_on_one_scale(cast, coordinator):
    solved(cast)
    solved(cast, rules={"shared_language": True})

    page = text(coordinator.get(f"{PAGE}compare/"))

    assert "Shared language required" in page
    assert "not on one scale" not in page
