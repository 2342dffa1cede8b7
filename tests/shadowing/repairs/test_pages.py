"""Replacements, the waiting list and repairs over HTTP: two clicks, and only for whom they are."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from freezegun import freeze_time

from shadowing.models import SeasonExecutive, SeasonSite, SeasonState, Visit, VisitState
from tests.factories import ExecutiveFactory, HostFactory, SeasonExecutiveFactory, SeasonHostFactory
from tests.shadowing.repairs.scene import declined, make_scene
from tests.shadowing.world import BEFORE, DAY, LATER, ON_THE_DAY

pytestmark = pytest.mark.django_db
ROLES = ["admin", "coordinator", "other_coordinator", "sponsor", "executive", "assistant", "host", "stranger"]


@pytest.fixture(autouse=True, scope="module")
def _clock():
    with freeze_time(BEFORE):
        yield


@pytest.fixture
def world():
    return make_scene()


def text(response):
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def forms(response, field="option"):
    """What the page's buttons carry."""
    return re.findall(rf'name="{field}" value="([^"]+)"', response.content.decode())


def at(name, *args):
    return reverse(f"shadowing:{name}", args=args)


# --- replacements ---


def test_a_hosts_decline_is_planned_anew_in_two_clicks(world, client):
    visit = declined(world, by="host")
    client.force_login(world.coordinator)

    page = client.get(visit.get_absolute_url())
    assert f'href="{at("replace", visit.uuid)}"' in page.content.decode()
    options = client.get(at("replace", visit.uuid))
    done = client.post(at("replace", visit.uuid), {"option": forms(options)[0]}, follow=True)

    assert "Who hosts Anneke Vos instead?" in text(options)
    made = Visit.objects.live().get()
    assert (made.executive, made.date, made.state) == (world.executive, DAY, VisitState.INVITED)
    assert made.host != world.host
    assert "Their messages are on the way." in text(done)


def test_an_executives_decline_offers_the_place_and_another_day(world, client):
    visit = declined(world)
    client.force_login(world.coordinator)

    options = client.get(at("replace", visit.uuid))
    client.post(at("replace", visit.uuid), {"option": forms(options)[0]})

    assert "Priya Nair keeps the day free." in text(options)
    assert options.context["same_day"] == []
    assert {choice.option.date != DAY for choice in options.context["other_days"]} == {True}
    made = Visit.objects.live().get()
    assert (made.executive, made.host, made.date) == (world.stranger, world.host, DAY)


def test_an_invitation_without_an_answer_can_go_to_another_host(world, client):
    visit = world.visit()
    client.force_login(world.coordinator)

    options = client.get(at("replace", visit.uuid))
    client.post(at("replace", visit.uuid), {"option": forms(options)[0]})

    visit.refresh_from_db()
    assert (visit.date, visit.sequence, visit.state) == (DAY, 1, VisitState.INVITED)
    assert visit.host != world.host


def test_who_was_faster_is_said_beside_fresh_places(world, client):
    visit = declined(world, by="host")
    client.force_login(world.coordinator)
    first = forms(client.get(at("replace", visit.uuid)))[0]
    client.post(at("replace", visit.uuid), {"option": first})

    again = client.post(at("replace", visit.uuid), {"option": first})

    assert again.status_code == 409
    assert "Nothing was changed." in text(again)
    assert "has another visit by now" in text(again)
    assert Visit.objects.live().count() == 1


@pytest.mark.parametrize("option", ["", "rubbish"])
def test_a_button_nobody_made_is_a_conflict(world, client, option):
    visit = declined(world, by="host")
    client.force_login(world.coordinator)

    assert client.post(at("replace", visit.uuid), {"option": option}).status_code == 409


@pytest.mark.parametrize("state", [VisitState.HELD, VisitState.NO_SHOW, VisitState.CANCELLED, VisitState.CONFIRMED])
def test_the_page_opens_in_every_state(world, client, state):
    client.force_login(world.coordinator)

    assert client.get(at("replace", world.visit(state).uuid)).status_code == 200


def test_who_stepped_back_gets_no_places(world, client):
    visit = declined(world)
    SeasonExecutive.objects.filter(executive=world.executive).update(
        stepped_back_at=BEFORE, stepped_back_by=world.admin
    )
    client.force_login(world.coordinator)

    assert "Anneke Vos stepped back" in text(client.get(at("replace", visit.uuid)))


@pytest.mark.parametrize("role", ROLES)
def test_replacements_are_for_the_sites_coordinators(world, client, role):
    visit = declined(world)
    client.force_login(world.people()[role])

    status = client.get(at("replace", visit.uuid)).status_code

    assert status == (200 if role in {"admin", "coordinator"} else 404)


def test_places_at_other_sites_have_no_button(world, client):
    SeasonSite.objects.create(season=world.season, site=world.other_site, visits_a_day=3)
    SeasonHostFactory(season=world.season, host=HostFactory(user__name="Pia Pune", team__site=world.other_site))
    visit = declined(world, by="host")
    client.force_login(world.coordinator)

    page = client.get(at("replace", visit.uuid))

    choices = [*page.context["same_day"], *page.context["other_days"]]
    assert {bool(choice.form) for choice in choices if str(choice.option.host) == "Pia Pune"} == {False}
    assert "Not one of your sites" in text(page)


# --- the waiting list ---


def test_the_list_says_why_and_offers_in_one_click(world, client):
    declined(world)
    client.force_login(world.coordinator)

    page = client.get(at("season_waiting", "spring"))
    place = client.get(at("season_place", "spring", world.stranger.pk))
    done = client.post(
        at("season_place", "spring", world.stranger.pk), {"option": forms(page)[0], "from": "list"}, follow=True
    )

    assert "2 executives wait for a place" in text(page)
    assert "Declined Wednesday 3 March: Board meeting" in text(page)
    assert len(forms(place)) > 1
    assert done.redirect_chain == [(at("season_waiting", "spring"), 302)]
    made = Visit.objects.live().get()
    assert (made.executive, made.state) == (world.stranger, VisitState.INVITED)


def test_an_empty_list_and_a_full_season_say_so(world, client):
    SeasonExecutive.objects.update(stepped_back_at=BEFORE, stepped_back_by=world.admin)
    client.force_login(world.admin)

    assert "Nobody waits for a place" in text(client.get(at("season_waiting", "spring")))
    assert "Nothing to repair" in text(client.get(at("season_repair", "spring")))


def test_no_place_at_all_says_what_may_help(world, client):
    SeasonSite.objects.update(visits_a_day=0)
    client.force_login(world.admin)

    assert "No place fits now." in text(client.get(at("season_place", "spring", world.executive.pk)))
    assert "No place fits anybody who waits." in text(client.get(at("season_repair", "spring")))
    assert "None" in text(client.get(at("season_waiting", "spring")))


def test_readers_see_the_list_without_buttons(world, client):
    client.force_login(world.sponsor)

    page = client.get(at("season_waiting", "spring"))

    assert page.status_code == 200
    assert "<form" not in text(page).split("<main")[1]


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_costs_the_same_for_any_number(world, client, number, django_assert_max_num_queries):
    for _n in range(number):
        SeasonExecutiveFactory(season=world.season, executive=ExecutiveFactory())
    client.force_login(world.coordinator)
    client.get(at("season_waiting", "spring"))  # asks a new SQLite once what it can do

    with django_assert_max_num_queries(12):  # the list, the season read once, five best places with their hosts
        client.get(at("season_waiting", "spring"))


def test_stepping_back_from_the_list_and_from_ones_own_page(world, client):
    client.force_login(world.coordinator)
    client.post(at("step_back", "spring", world.stranger.pk), {"back": "yes", "from": "list"})
    client.force_login(world.assistant)
    own = client.get(at("own_places"))
    client.post(at("step_back", "spring", world.executive.pk), {"back": "yes"})
    gone = client.get(at("own_places"))

    assert "On the waiting list." in text(own)
    assert "Stepped back." in text(gone)
    assert SeasonExecutive.objects.filter(stepped_back_at=BEFORE).count() == 2


@pytest.mark.parametrize("role", ROLES)
def test_who_may_step_back_for_an_executive(world, client, role):
    client.force_login(world.people()[role])

    status = client.post(at("step_back", "spring", world.executive.pk), {"back": "yes"}).status_code

    assert status == (302 if role in {"admin", "coordinator", "executive", "assistant"} else 404)


def test_ones_own_page_leads_to_the_visit(world, client):
    visit = world.visit()
    client.force_login(world.executive.user)

    assert visit.get_absolute_url() in text(client.get(at("own_places")))


# --- repairs ---


def test_a_repair_in_two_clicks(world, client):
    declined(world, by="host")
    client.force_login(world.admin)

    page = client.get(at("season_repair", "spring"))
    done = client.post(at("season_repair", "spring"), {"repair": forms(page, "repair")[0]}, follow=True)

    assert "2 of 2 can have a place" in text(page)
    assert "Priya Nair declined Wednesday 3 March" in text(page)
    assert "2 executives have a place again." in text(done)
    assert Visit.objects.live().count() == 2


def test_a_repair_shows_who_moves_from_where_to_where(client):
    world = make_scene(visits_a_day=1, hosts=0)
    there = world.visit(VisitState.CONFIRMED, executive=world.stranger)
    for day in range(1, 13):
        if day != DAY.day:
            world.executive.user.unavailable_days.create(date=DAY.replace(day=day))
    client.force_login(world.admin)

    page = client.get(at("season_repair", "spring"))

    assert "1 other visit moves for it." in text(page)
    assert there.get_absolute_url() in text(page)
    assert "Move for it" in text(page)


def test_a_repair_of_what_has_changed_is_a_conflict(world, client):
    client.force_login(world.admin)
    form = forms(client.get(at("season_repair", "spring")), "repair")[0]
    world.visit(host=world.strange_host, date=LATER)

    answer = client.post(at("season_repair", "spring"), {"repair": form})

    assert answer.status_code == 409
    assert "changed since this repair was worked out" in text(answer)
    assert Visit.objects.count() == 1


@pytest.mark.parametrize("role", ROLES)
def test_repairs_are_for_who_has_all_sites(world, client, role):
    client.force_login(world.people()[role])

    status = client.get(at("season_repair", "spring")).status_code

    assert status == (200 if role in {"admin", "coordinator"} else 404)


def test_a_closed_season_is_not_repaired(world, client):
    client.force_login(world.admin)
    form = forms(client.get(at("season_repair", "spring")), "repair")[0]
    type(world.season).objects.update(state=SeasonState.CLOSED)

    answer = client.post(at("season_repair", "spring"), {"repair": form})

    assert answer.status_code == 422
    assert "This season is closed." in text(answer)


@pytest.mark.parametrize("number", [1, 12])
def test_the_pages_of_one_visit_cost_the_same_for_any_number(world, client, number, django_assert_max_num_queries):
    visit = declined(world)
    for _n in range(number):
        SeasonExecutiveFactory(season=world.season, executive=ExecutiveFactory())
        SeasonHostFactory(season=world.season, host=HostFactory(team=world.team))
    client.force_login(world.coordinator)
    client.get(at("season_waiting", "spring"))

    with django_assert_max_num_queries(12):  # as the list, and places on two kinds of days
        page = client.get(at("replace", visit.uuid))
    assert len(forms(page)) > 3
    assert "keeps the day free" in text(page)


def test_a_place_others_move_for_asks_no_more(client, django_assert_max_num_queries):
    """Given the only place of the only day is taken, and visits of people of whom the season knows nothing; then the
    pages offer it by moving the visit there and ask as little as ever."""
    world = make_scene(visits_a_day=1, hosts=0)
    visit = declined(world, by="host")
    world.visit(VisitState.CONFIRMED, executive=world.stranger, host=world.strange_host)
    unknown = ExecutiveFactory(), HostFactory(team=world.team)
    world.visit(VisitState.CONFIRMED, executive=unknown[0], host=unknown[1], date=LATER)
    for day in range(1, 13):
        if day != DAY.day:
            world.executive.user.unavailable_days.create(date=DAY.replace(day=day))
    client.force_login(world.coordinator)
    client.get(at("season_waiting", "spring"))

    for address in (
        at("replace", visit.uuid), at("season_place", "spring", world.executive.pk), at("season_waiting", "spring"),
    ):  # fmt: skip
        with django_assert_max_num_queries(12):
            page = client.get(address)
        assert "Sten Stranger moves to" in text(page)


@pytest.mark.parametrize("number", [1, 12])
def test_places_for_one_executive_ask_few_queries(world, client, number, django_assert_max_num_queries):
    visit = declined(world, by="host")
    for _n in range(number):
        SeasonExecutiveFactory(season=world.season, executive=ExecutiveFactory())
        SeasonHostFactory(season=world.season, host=HostFactory(team=world.team))
    client.force_login(world.coordinator)

    with django_assert_max_num_queries(12):
        client.get(at("replace", visit.uuid))
    with django_assert_max_num_queries(12):
        client.get(at("season_place", "spring", world.executive.pk))


def test_a_visit_of_somebody_who_does_not_take_part_says_so(world, client):
    visit = declined(world)
    SeasonExecutive.objects.filter(executive=visit.executive).delete()
    client.force_login(world.coordinator)

    assert "does not take part in this season any more" in text(client.get(at("replace", visit.uuid)))


def test_one_place_stands_out_also_where_only_other_days_are_left(world, client):
    visit = declined(world)
    SeasonExecutive.objects.filter(executive=world.stranger).delete()  # nobody else waits for the place
    client.force_login(world.coordinator)

    page = client.get(at("replace", visit.uuid))

    assert page.context["same_day"] == page.context["fits"] == []
    assert text(page).count('class="btn btn-primary btn-small"') == 1


def test_a_host_who_falls_ill_on_the_day_can_be_replaced_by_anybody_free(world, client):
    visit = world.visit(VisitState.CONFIRMED)
    with freeze_time(ON_THE_DAY):
        client.force_login(world.coordinator)
        options = client.get(at("replace", visit.uuid))
        client.post(at("replace", visit.uuid), {"option": forms(options)[0]})

    visit.refresh_from_db()
    assert (visit.date, visit.sequence) == (DAY, 1)
    assert visit.host != world.host
    assert all(choice.option.host != world.host or choice.option.date != DAY for choice in options.context["same_day"])


def test_other_days_are_named_even_where_every_host_is_free_on_this_one(world, client):
    visit = declined(world, by="host")
    client.force_login(world.coordinator)

    page = client.get(at("replace", visit.uuid))

    assert {choice.option.date for choice in page.context["same_day"]} == {DAY}
    assert page.context["other_days"]
    assert DAY not in {choice.option.date for choice in page.context["other_days"]}
