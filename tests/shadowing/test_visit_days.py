"""The list of visit days, the page of one day, and arrivals."""

from __future__ import annotations

import pytest
from django.urls import reverse
from freezegun import freeze_time

from shadowing.models import VisitDay, VisitState
from tests.factories import ExecutiveFactory, FloorNoteFactory, HostFactory
from tests.shadowing.world import BEFORE, ON_THE_DAY, make_world

pytestmark = pytest.mark.django_db
PAGE = "/visit-days/leeds/2027-03-03/"
ROLES = ["admin", "coordinator", "other_coordinator", "sponsor", "executive", "assistant", "host", "stranger"]


@pytest.fixture(autouse=True, scope="module")
def _clock():
    with freeze_time(ON_THE_DAY):
        yield


@pytest.fixture
def world():
    return make_world()


def text(response):
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def crowd(world, number, state=VisitState.CONFIRMED):
    return [
        world.visit(state, executive=ExecutiveFactory(), host=HostFactory(team=world.team)) for _visit in range(number)
    ]


def test_days_are_counted_by_what_became_of_them(client, world):
    world.visit(VisitState.HELD)
    crowd(world, 2, VisitState.INVITED)
    crowd(world, 1, VisitState.CANCELLED)
    client.force_login(world.admin)

    row = client.get("/visit-days/").context["page"].object_list[0]

    assert (row["visits"], row["held"], row["invited"], row["no_show"]) == (3, 1, 2, 0)


def test_coming_and_past_days_lie_apart(client, world):
    world.visit(VisitState.CONFIRMED)
    client.force_login(world.coordinator)

    assert "Wednesday 3 March" in text(client.get("/visit-days/"))
    assert "No visit day has passed yet." in text(client.get("/visit-days/?past=1"))
    with freeze_time("2027-03-04"):
        assert "No visit day is coming." in text(client.get("/visit-days/"))
        assert "Wednesday 3 March" in text(client.get("/visit-days/?past=1"))


def test_days_of_one_site(client, world):
    world.visit(VisitState.CONFIRMED)
    client.force_login(world.admin)

    assert "Wednesday 3 March" in text(client.get("/visit-days/?site=leeds"))
    assert "Wednesday 3 March" not in text(client.get("/visit-days/?site=pune"))
    assert "Wednesday 3 March" in text(client.get("/visit-days/?site=gone"))


@pytest.mark.parametrize("role", ROLES)
def test_a_day_opens_for_its_coordinators_and_readers(client, world, role):
    world.visit(VisitState.CONFIRMED)
    client.force_login(world.people()[role])

    status = client.get(PAGE).status_code

    assert status == (200 if role in {"admin", "coordinator", "sponsor"} else 404)


@pytest.mark.parametrize(
    "url", ["/visit-days/gone/2027-03-03/", "/visit-days/leeds/2027-13-03/", "/visit-days/leeds/today/"]
)
def test_days_that_are_none(client, world, url):
    client.force_login(world.admin)

    assert client.get(url).status_code == 404


def test_the_day_says_who_came_and_who_did_not(client, world):
    VisitDay.objects.create(site=world.site, date="2027-03-03", room="Room 4")
    held = world.visit(VisitState.HELD)
    FloorNoteFactory.create_batch(2, visit=held)
    crowd(world, 1)
    crowd(world, 1, VisitState.NO_SHOW)
    crowd(world, 1, VisitState.INVITED)
    crowd(world, 1, VisitState.DECLINED)
    client.force_login(world.coordinator)

    shown = text(client.get(PAGE))

    assert "1 of 3 arrived, 1 no-show, 1 has not accepted on both sides, 2 floor notes" in shown
    assert "Called off or declined" in shown
    assert "Room 4" in shown
    assert "Floor, now" in shown
    assert shown.count(">Arrived</button>") == 1


def test_a_sponsor_reads_no_notes_and_presses_nothing(client, world):
    FloorNoteFactory(visit=world.visit(VisitState.HELD))
    crowd(world, 1)
    client.force_login(world.sponsor)

    shown = text(client.get(PAGE))

    assert "floor note" not in shown
    assert ">Arrived</button>" not in shown


def test_an_empty_day(client, world):
    client.force_login(world.admin)

    assert "No visit on this day." in text(client.get(PAGE))


def post(client, name, visit, **headers):
    return client.post(reverse(f"shadowing:{name}", args=[visit.uuid]), {"from": "day"}, headers=headers)


def test_arrivals_without_scripts_lead_back_to_the_day(client, world):
    visit = world.visit(VisitState.CONFIRMED)
    client.force_login(world.coordinator)

    answer = post(client, "check_in", visit)

    visit.refresh_from_db()
    assert (answer.status_code, answer.url, visit.state) == (302, PAGE, VisitState.HELD)


def test_arrivals_with_scripts_swap_the_row(client, world):
    visit = world.visit(VisitState.CONFIRMED)
    client.force_login(world.coordinator)

    done = post(client, "check_in", visit, hx_request="true")
    again = post(client, "no_show", visit, hx_request="true")

    assert (done.status_code, again.status_code) == (200, 409)
    assert text(done).strip().startswith(f'<tr id="visit-{visit.pk}">')
    assert "This visit is held now" in text(again)
    visit.refresh_from_db()
    assert visit.state == VisitState.HELD


def test_no_shows_are_marked_by_coordinators_only(client, world):
    visit = world.visit(VisitState.CONFIRMED)
    client.force_login(world.executive.user)
    assert post(client, "no_show", visit).status_code == 404

    client.force_login(world.coordinator)
    post(client, "no_show", visit)

    visit.refresh_from_db()
    assert visit.state == VisitState.NO_SHOW


def test_before_the_day_nobody_arrives(client, world):
    visit = world.visit(VisitState.CONFIRMED)
    client.force_login(world.coordinator)
    with freeze_time(BEFORE):
        shown, early = text(client.get(PAGE)), post(client, "check_in", visit)

    assert ">Arrived</button>" not in shown
    assert early.status_code == 422
    assert "The visit is on Wednesday 3 March." in text(early)


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_query_counts_do_not_grow(client, world, rows, django_assert_max_num_queries):
    for visit in crowd(world, rows, VisitState.HELD):
        FloorNoteFactory(visit=visit)
    client.force_login(world.coordinator)

    with django_assert_max_num_queries(9):
        assert len(client.get(PAGE).context["arrivals"]) == rows
    with django_assert_max_num_queries(7):
        assert client.get("/visit-days/").context["page"].object_list[0]["visits"] == rows
