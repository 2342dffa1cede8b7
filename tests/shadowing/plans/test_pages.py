"""The page of plans: who sees what, every state of a plan, the buttons, the number of queries."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from shadowing import plans
from shadowing.models import Plan, PlanState, SeasonState, UnavailableDay, Visit
from tests.factories import UserFactory
from tests.shadowing.plans.cast import NOW, make_cast

pytestmark = pytest.mark.django_db
PAGE = "/seasons/spring/plan/"


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def signed_in(client):
    def sign_in(**person):
        client.force_login(UserFactory(**person))
        return client

    return sign_in


def solved(cast, **changes):
    return plans.solve_season(**{"season": cast.season, "seconds": 20, "seed": 0, "by": None, "now": NOW} | changes)


def text(page):
    return " ".join(page.content.decode().split())


def test_before_the_first_plan_there_is_only_the_form(cast, signed_in):
    page = text(signed_in(role="coordinator").get(PAGE))

    assert "No plan yet" in page
    assert 'name="seconds"' in page


def test_asking_writes_a_waiting_plan_and_the_page_shows_how_it_goes(cast, signed_in):
    client = signed_in(role="coordinator")

    page = client.post(f"{PAGE}start/", {"seconds": 30, "seed": 5}, follow=True)

    plan = Plan.objects.get()
    assert (plan.state, plan.limit_seconds, plan.seed, plan.asked_by.role_grants.get().role) == (
        PlanState.WAITING, 30, 5, "coordinator",
    )  # fmt: skip
    assert "Plan 1 is being solved" in text(page)
    assert "Look again" in text(page)


@pytest.mark.parametrize("seconds", ["", "0", "100000"])
def test_a_wrong_time_is_refused_with_the_form(cast, signed_in, seconds):
    page = signed_in(role="coordinator").post(f"{PAGE}start/", {"seconds": seconds})

    assert page.status_code == 422
    assert Plan.objects.count() == 0


def test_a_second_solve_at_once_is_a_conflict(cast, signed_in):
    client = signed_in(role="coordinator")
    client.post(f"{PAGE}start/", {"seconds": 30})

    page = client.post(f"{PAGE}start/", {"seconds": 30})

    assert page.status_code == 409
    assert Plan.objects.count() == 1


def test_progress_is_a_part_of_the_page_until_the_plan_is_done(cast, signed_in):
    client = signed_in(role="coordinator")
    plan = plans.ask_plan(season=cast.season, seconds=9, seed=0, by=None, now=NOW)
    known = {"stage": "days", "placed": 8, "objective": 10.0, "bound": 12.5}
    Plan.objects.update(state=PlanState.SOLVING, fraction=0.6, progress=known)

    running = text(client.get(f"{PAGE}1/progress/", headers={"HX-Request": "true"}))
    client.post(f"{PAGE}1/stop/")
    plan.refresh_from_db()
    Plan.objects.update(state=PlanState.FEASIBLE)
    done = client.get(f"{PAGE}1/progress/", headers={"HX-Request": "true"})

    assert "8 placed, at most 2.5 points from the best." in running
    assert "<html" not in running
    assert plan.stop_asked
    assert done.headers["HX-Refresh"] == "true"


def test_a_proven_plan_shows_its_proof_its_pairs_and_the_load(cast, signed_in):
    plan = solved(cast)

    page = text(signed_in(role="coordinator").get(PAGE))

    assert "This is the best plan there is" in page
    assert "10 of 10 executives have a place." in page
    assert "Everybody has a place." in page
    assert all(pair.executive.user.name in page and pair.host.user.name in page for pair in plan.pairs.all())
    assert page.count("<svg viewBox") == 3  # a strip a site, and the days
    assert "How it is proven" in page
    assert "Seed: the same one gives the same plan" in page
    assert "Use this plan" in page


def test_a_plan_that_is_not_proven_says_how_far_it_may_be_from_the_best(cast, signed_in):
    solved(cast)
    Plan.objects.update(state=PlanState.FEASIBLE, gap=0.00512, stop_asked=True)

    page = text(signed_in(role="coordinator").get(PAGE))

    assert "It is at most 0.6 % from the best there can be. It was stopped before it was proven." in page


def test_a_failed_plan_says_why(cast, signed_in):
    plans.ask_plan(season=cast.season, seconds=9, seed=0, by=None, now=NOW)
    Plan.objects.update(state=PlanState.FAILED, error="Stopped before it began.")

    assert "Stopped before it began." in text(signed_in(role="coordinator").get(PAGE))


def test_who_is_left_out_is_named_with_reason_and_way_out(cast, signed_in):
    person = cast.executives[0]
    for day in range(1, 13):
        UnavailableDay.objects.create(user=person.user, date=f"2027-03-{day:02}")
    solved(cast)

    page = text(signed_in(role="coordinator").get(PAGE))

    assert person.user.name in page
    assert "No day fits" in page
    assert "Not free on any visit day." in page
    assert reverse("shadowing:person_availability", args=[person.pk]) in page


def test_a_second_plan_is_compared_with_the_first(cast, signed_in):
    solved(cast)
    solved(cast)

    client = signed_in(role="coordinator")

    assert "0 pairs changed, 10 as before" in text(client.get(PAGE))
    assert "Plan 1" in text(client.get(f"{PAGE}?plan=1"))
    assert "Plan 2" in text(client.get(f"{PAGE}?plan=nonsense"))


def test_using_a_plan_leads_to_the_board(cast, signed_in):
    solved(cast)

    page = signed_in(role="coordinator").post(f"{PAGE}1/adopt/")

    assert page.headers["Location"] == "/seasons/spring/board/"
    assert Visit.objects.live().count() == 10


def test_a_plan_that_fits_no_more_is_a_conflict_in_words(cast, signed_in):
    solved(cast)
    cast.season.season_sites.update(visits_a_day=0)

    page = signed_in(role="coordinator").post(f"{PAGE}1/adopt/")

    assert page.status_code == 409
    assert "Solve again. Nothing was changed." in text(page)
    assert Visit.objects.count() == 0


def test_a_coordinator_of_one_site_sees_its_pairs_and_changes_nothing(cast, signed_in):
    plan = solved(cast)
    client = signed_in(role="coordinator", sites=cast.sites[:1])

    page = text(client.get(PAGE))

    assert "Use this plan" not in page
    assert 'name="seconds"' not in page
    for pair in plan.pairs.all():
        assert (pair.host.user.name in page) == (pair.site_id == cast.sites[0].pk)
    for address, data in (("start/", {"seconds": 9}), ("1/adopt/", {}), ("1/stop/", {})):
        assert client.post(f"{PAGE}{address}", data).status_code == 404


def test_the_sponsor_reads_everything_and_changes_nothing(cast, signed_in):
    plan = solved(cast)
    client = signed_in(role="sponsor")

    page = text(client.get(PAGE))

    assert all(pair.host.user.name in page for pair in plan.pairs.all())
    assert "Use this plan" not in page
    assert client.post(f"{PAGE}1/adopt/").status_code == 404


@pytest.mark.parametrize("address", ["", "1/progress/"])
def test_others_see_no_plan(cast, client, address):
    solved(cast)

    for person in (cast.executives[0].user, cast.hosts[0].user, UserFactory(role="coordinator", sites=[])):
        client.force_login(person)
        assert client.get(f"{PAGE}{address}").status_code == 404


@pytest.mark.parametrize("executives", [3, 12])
def test_the_page_asks_the_database_equally_often_for_any_number(executives, signed_in, django_assert_max_num_queries):
    cast = make_cast(executives=executives)
    solved(cast)
    solved(cast)
    client = signed_in(role="coordinator")
    client.get(PAGE)

    with django_assert_max_num_queries(12):
        client.get(PAGE)


def test_a_published_season_shows_its_plan_without_buttons(cast, signed_in):
    solved(cast)
    cast.season.state = SeasonState.PUBLISHED
    cast.season.save()

    assert "Use this plan" not in text(signed_in(role="coordinator").get(PAGE))


def test_the_command_prints_the_plan_as_one_object(cast, capsys):
    cast.executives[0].user.employee_number = "E17"
    cast.executives[0].user.save()
    for day in range(1, 13):
        UnavailableDay.objects.create(user=cast.executives[1].user, date=f"2027-03-{day:02}")

    call_command("plan_season", "spring", "--json", "--seconds", "20")

    report = json.loads(capsys.readouterr().out)
    assert (report["plan"], report["status"], report["placed"], report["gap"]) == (1, "optimal", 9, 0)
    assert report["objective"] == report["bound"]
    assert [one["executive"] for one in report["unplaced"]] == [cast.executives[1].user.email]
    pair = next(one for one in report["pairs"] if one["executive"] == "E17")
    assert pair.keys() == {"executive", "host", "site", "date", "score"}
    assert sum(one["score"] for one in report["pairs"]) >= round(report["objective"] + 100, 6)
    assert report["seconds"] >= 0


def test_the_command_says_the_same_in_sentences(cast, capsys):
    call_command("plan_season", "spring")

    assert "10 of 10 executives placed, proven best" in capsys.readouterr().out


@pytest.mark.parametrize("slug", ["nowhere", "spring"])
def test_the_command_refuses_with_status_one(cast, slug):
    cast.season.state = SeasonState.PUBLISHED
    cast.season.save()

    with pytest.raises(CommandError) as refused:
        call_command("plan_season", slug)

    assert refused.value.returncode == 1


@pytest.mark.parametrize("seconds", ["0", "-4", "nan", "inf"])
def test_the_command_takes_no_time_that_is_none(cast, seconds):
    with pytest.raises(CommandError) as misuse:
        call_command("plan_season", "spring", "--seconds", seconds)

    assert misuse.value.returncode == 2


def test_the_command_takes_parts_of_a_second(cast, capsys):
    call_command("plan_season", "spring", "--seconds", "1.5")

    assert "10 of 10 executives placed" in capsys.readouterr().out


def test_the_page_opens_on_the_newest_finished_plan_and_a_what_if_shows_its_own_places(cast, signed_in):
    solved(cast)
    solved(cast)
    site = cast.sites[0]
    what_if = {"places": [{"site": site.slug, "date": None, "more": -1}]}
    Plan.objects.filter(number=2).update(what_if=what_if)
    client = signed_in(role="coordinator")

    opened, fewer = client.get(PAGE).context, client.get(f"{PAGE}?plan=2").context

    assert (opened["plan"].number, fewer["plan"].number) == (1, 2)
    before, after = ({row.name: row.whole for row in page["spread"].sites} for page in (opened, fewer))
    assert after[site.name] < before[site.name]
    assert {name for name in before if before[name] != after[name]} == {site.name}
    assert (fewer["figures"][-1]["number"], fewer["figures"][-1]["parts"]) == ("as many", "placed")


def test_load_counts_the_hosts_the_season_plans_with(cast, signed_in):
    solved(cast)
    client = signed_in(role="coordinator")
    before = client.get(PAGE).context["load_hosts"]
    cast.season.hosts_from = "willing"
    cast.season.save()
    idle = cast.season.hosts.exclude(host__in=Plan.objects.get().pairs.values("host"))
    number = idle.update(willing="not_asked")

    assert number
    assert client.get(PAGE).context["load_hosts"] == before - number
