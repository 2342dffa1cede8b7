"""The visit list, the page of a visit and its verbs, over HTTP."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from freezegun import freeze_time

from shadowing.models import Visit, VisitState
from tests.factories import ExecutiveFactory, HostFactory, SeasonFactory, UserFactory
from tests.shadowing.world import BEFORE, DAY, LATER, ON_THE_DAY, make_world

pytestmark = pytest.mark.django_db
ROLES = [
    "admin",
    "coordinator",
    "other_coordinator",
    "sponsor",
    "executive",
    "assistant",
    "host",
    "stranger",
    "strange_host",
]
READERS = {"admin", "coordinator", "sponsor", "executive", "assistant", "host"}


@pytest.fixture(autouse=True, scope="module")
def _clock():
    with freeze_time(BEFORE):
        yield


@pytest.fixture
def world():
    return make_world()


def page(client, user, url, **data):
    client.force_login(user)
    return client.get(url, data)


def text(response):
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def at(name, visit, side=""):
    return reverse(f"shadowing:{name}", args=[visit.uuid]) + (f"?side={side}" if side else "")


# --- the list ---


@pytest.mark.parametrize("role", ROLES)
def test_everybody_lists_what_is_theirs(client, world, role):
    world.visit()

    answer = page(client, world.people()[role], "/visits/")

    assert answer.status_code == 200
    assert ("Anneke Vos" in text(answer)) is (role in READERS)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, 3),
        ({"q": "anneke"}, 1),
        ({"q": "PRIYA"}, 1),
        ({"q": "nobody"}, 0),
        ({"state": "held"}, 1),
        ({"state": "rubbish"}, 3),
        ({"date": "2027-03-10"}, 1),
        ({"date": "the tenth"}, 3),
        ({"season": "autumn"}, 1),
        ({"season": "gone"}, 3),
        ({"site": "leeds"}, 2),
        ({"site": "leeds", "q": "anneke", "state": "invited"}, 1),
        ({"page": "99"}, 3),
        ({"sort": "rubbish"}, 3),
    ],
)
def test_filters_stand_in_the_address(client, world, filters, found):
    autumn = SeasonFactory(name="Autumn", slug="autumn", sites=[world.other_site])
    world.visit()
    world.visit(VisitState.HELD, executive=world.stranger, host=world.strange_host, date=LATER)
    elsewhere = world.visit(executive=ExecutiveFactory(), host=HostFactory(), season=autumn)
    Visit.objects.filter(pk=elsewhere.pk).update(site=world.other_site)

    answer = page(client, world.admin, "/visits/", **filters)

    assert text(answer).count('<td class="title">') == found


@pytest.mark.parametrize("sort", ["date", "-date", "executive", "host", "site", "state"])
def test_every_sort_shows_all_rows_and_marks_its_head(client, world, sort):
    world.visit()
    world.visit(executive=world.stranger, host=world.strange_host, date=LATER)

    shown = text(page(client, world.admin, "/visits/", sort=sort))

    assert shown.count('<td class="title">') == 2
    assert ("aria-sort" in shown) is (sort != "host")


def test_dates_sort_both_ways(client, world):
    world.visit()
    world.visit(executive=world.stranger, host=world.strange_host, date=LATER)

    up, down = (text(page(client, world.admin, "/visits/", sort=sort)) for sort in ("date", "-date"))

    assert up.index("Anneke") < up.index("Sten")
    assert down.index("Sten") < down.index("Anneke")


def test_an_empty_list_says_what_will_be_here(client, world):
    assert "No visits yet." in text(page(client, world.admin, "/visits/"))
    assert "No visit matches" in text(page(client, world.admin, "/visits/", q="nobody"))


@pytest.mark.parametrize("rows", [1, 3, 50])
@pytest.mark.parametrize(("role", "most"), [("admin", 8), ("coordinator", 8), ("executive", 8)])
def test_the_list_asks_the_same_questions_for_any_number(
    client, world, rows, role, most, django_assert_max_num_queries
):
    visits = [world.visit()]
    for _row in range(rows - 1):
        own = {"executive": ExecutiveFactory(assistant=world.executive.user)} if role == "executive" else {}
        visits.append(world.visit(host=HostFactory(team=world.team), **({"executive": ExecutiveFactory()} | own)))
    client.force_login(world.people()[role])

    with django_assert_max_num_queries(most):
        answer = client.get("/visits/", {"q": "e", "site": "leeds"})

    assert text(answer).count('<td class="title">') == rows


# --- the page ---


@pytest.mark.parametrize("state", VisitState)
@pytest.mark.parametrize("role", ROLES)
def test_the_page_opens_for_its_readers_only(client, world, state, role):
    visit = world.visit(state)
    seen = READERS & {"admin", "coordinator", "sponsor"} if state == VisitState.PROPOSED else READERS

    answer = page(client, world.people()[role], visit.get_absolute_url())

    assert answer.status_code == (200 if role in seen else 404)
    if role in seen:
        assert "Anneke Vos" in text(answer)
        assert "Nobody comes to catch a mistake." in text(answer)


def test_strangers_get_the_same_404_for_every_verb(client, world):
    visit = world.visit()
    client.force_login(world.stranger.user)

    for name in ("accept", "decline", "invite", "move", "cancel", "brief", "check_in", "no_show", "correct", "floor"):
        assert client.post(at(name, visit), {"reason": "x"}).status_code == 404, name


def test_nobody_anonymous(client, world):
    assert client.get(world.visit().get_absolute_url()).status_code == 302


def test_times_are_the_sites_and_the_readers_where_they_differ(client):
    world = make_world(time_zone="Asia/Kolkata")
    visit = world.visit()
    here = UserFactory(role="admin", time_zone="Asia/Kolkata")

    abroad, at_home = page(client, world.admin, visit.get_absolute_url()), page(client, here, visit.get_absolute_url())

    assert "09:00" in text(abroad)
    assert "03:30 for you" in text(abroad)
    assert "for you" not in text(at_home)


def test_the_page_asks_a_bounded_number_of_questions(client, world, django_assert_max_num_queries):
    visit = world.visit()
    for _again in range(3):
        client.force_login(world.coordinator)
        client.post(at("move", visit), {"date": LATER, "version": visit.version})
        client.post(at("move", visit), {"date": DAY})

    with django_assert_max_num_queries(12):
        assert client.get(visit.get_absolute_url()).status_code == 200


def test_one_button_is_filled(client, world):
    for role in ("coordinator", "executive", "host"):
        shown = text(page(client, world.people()[role], world.visit().get_absolute_url()))
        Visit.objects.all().delete()
        assert shown.count("btn btn-primary") + shown.count("btn btn-host") == 1, role


def test_an_executive_is_not_told_that_the_host_declined(client, world):
    visit = world.visit()
    client.force_login(world.host.user)
    client.post(at("decline", visit), follow=True)

    for role, told in (("executive", False), ("assistant", False), ("host", True), ("coordinator", True)):
        shown = text(page(client, world.people()[role], visit.get_absolute_url()))
        assert ("Declined" in shown or "declined" in shown) is told, role
        listed = text(page(client, world.people()[role], "/visits/"))
        assert ('class="status tone-stop"' in listed) is told, role


# --- verbs ---


def test_accepting_in_two_clicks(client, world):
    visit = world.visit()
    client.force_login(world.executive.user)

    answer = client.post(at("accept", visit, "executive"), follow=True)

    visit.refresh_from_db()
    assert visit.executive_answer == "yes"
    assert "The other side is still asked." in text(answer)


@pytest.mark.parametrize("side", ["", "?side=nobody"])
def test_a_side_is_one_of_two(client, world, side):
    visit = world.visit()
    client.force_login(world.host.user)

    answer = client.post(at("accept", visit) + side)

    assert answer.status_code == (404 if side else 302)


def test_a_host_declines_without_words(client, world):
    visit = world.visit()

    assert "You need no reason. Nobody is told why." in text(page(client, world.host.user, at("decline", visit)))
    client.post(at("decline", visit))

    visit.refresh_from_db()
    assert visit.state == VisitState.DECLINED


def test_an_executives_refusal_keeps_what_was_typed(client, world):
    visit = world.visit()
    client.force_login(world.executive.user)

    empty = client.post(at("decline", visit), {"reason": " "})
    done = client.post(at("decline", visit), {"reason": "Board meeting"}, follow=True)

    assert empty.status_code == 422
    assert "Say in a few words why" in text(empty)
    assert "Board meeting" in text(done)


def test_moving_offers_free_days_and_says_what_was_wrong(client, world):
    visit = world.visit()
    shown = text(page(client, world.executive.user, at("move", visit)))
    late = client.post(at("move", visit), {"date": "2027-04-01", "reason": "Board", "version": 0})
    bad = client.post(at("move", visit), {"date": "soon", "reason": "Board <script>"})
    done = client.post(at("move", visit), {"date": LATER, "reason": "Board", "version": 0})

    assert '<option value="2027-03-10">' in shown
    assert '<option value="2027-03-06">' not in shown  # a Saturday
    assert (late.status_code, bad.status_code, done.status_code) == (422, 422, 302)
    assert "The season ends on Friday 12 March." in text(late)
    assert "Board &lt;script&gt;" in text(bad)
    visit.refresh_from_db()
    assert (visit.date, visit.moves) == (LATER, 1)


def test_an_edit_of_what_has_changed_is_a_conflict(client, world):
    visit = world.visit()
    client.force_login(world.coordinator)
    client.post(at("accept", visit, "host"))

    answer = client.post(at("cancel", visit), {"reason": "Closed", "version": 0})

    assert answer.status_code == 409
    assert "since you opened the page" in text(answer)
    assert "Closed" in text(answer)


def test_a_host_cannot_open_the_coordinators_forms(client, world):
    visit = world.visit()
    client.force_login(world.host.user)

    assert [client.get(at(name, visit)).status_code for name in ("cancel", "correct")] == [404, 404]


def test_calling_off_and_correcting_from_their_pages(client, world):
    visit = world.visit()
    assert page(client, world.coordinator, at("cancel", visit)).status_code == 200
    client.post(at("cancel", visit), {"reason": "Site closed", "version": 0})
    missed = world.visit(VisitState.NO_SHOW)
    assert page(client, world.coordinator, at("correct", missed)).status_code == 200

    wrong = client.post(at("correct", missed), {"held": "maybe", "reason": "x"})
    done = client.post(at("correct", missed), {"held": "yes", "reason": "He came by the back door"})

    visit.refresh_from_db()
    missed.refresh_from_db()
    assert (visit.state, missed.state) == (VisitState.CANCELLED, VisitState.HELD)
    assert (wrong.status_code, done.status_code) == (422, 302)


def test_inviting_and_reading_the_briefing(client, world):
    visit = world.visit(VisitState.PROPOSED)
    client.force_login(world.coordinator)
    assert "Invite both" in text(client.get(visit.get_absolute_url()))
    client.post(at("invite", visit))
    client.force_login(world.host.user)
    client.post(at("brief", visit, "host"))

    visit.refresh_from_db()
    assert (visit.state, visit.host_briefed_at) == (VisitState.INVITED, BEFORE)


@pytest.mark.parametrize("name", ["accept", "invite", "brief", "check_in", "no_show"])
def test_what_acts_at_once_is_never_a_get(client, world, name):
    assert page(client, world.admin, at(name, world.visit())).status_code == 405


def test_a_lost_race_over_a_button_says_so(client, world):
    visit = world.visit(VisitState.CANCELLED)
    client.force_login(world.executive.user)

    answer = client.post(at("accept", visit))

    assert answer.status_code == 409
    assert "This visit is cancelled now" in text(answer)


def test_check_in_from_the_visits_page(client, world):
    visit = world.visit(VisitState.CONFIRMED)
    with freeze_time(ON_THE_DAY):
        shown = text(page(client, world.executive.user, visit.get_absolute_url()))
        done = client.post(at("check_in", visit), follow=True)

    assert "Check in" in shown
    assert "Take away an issue" in text(done)


# --- publish ---


def proposed(world, **fields):
    return world.visit(VisitState.PROPOSED, **fields)


def test_publishing_lists_every_warning_first(client, world):
    proposed(world, date=date(2027, 3, 6))
    url = "/seasons/spring/publish/"

    shown = page(client, world.admin, url)
    unseen = client.post(url, {"seen": shown.context["seen"]})
    done = client.post(url, {"seen": shown.context["seen"], "acknowledged": "on"})

    assert "Saturday 6 March is a weekend at Leeds." in text(shown)
    assert (unseen.status_code, done.status_code) == (409, 302)
    assert "1 warning is not acknowledged" in text(unseen)
    assert Visit.objects.get().state == VisitState.INVITED


def test_nothing_to_publish(client, world):
    shown = page(client, world.admin, "/seasons/spring/publish/")
    refused = client.post("/seasons/spring/publish/")

    assert "Nothing to publish." in text(shown)
    assert refused.status_code == 422


@pytest.mark.parametrize("role", ROLES)
def test_only_who_has_all_sites_publishes(client, world, role):
    proposed(world)

    answer = page(client, world.people()[role], "/seasons/spring/publish/")

    assert answer.status_code == (200 if role == "admin" else 404)


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_publish_page_query_count(client, world, rows, django_assert_max_num_queries):
    for _row in range(rows):
        proposed(world, executive=ExecutiveFactory(), host=HostFactory(team=world.team))
    client.force_login(world.admin)

    with django_assert_max_num_queries(12):
        assert len(client.get("/seasons/spring/publish/").context["visits"]) == rows


@pytest.mark.parametrize("name", ["decline", "cancel"])
def test_a_reason_that_is_too_long_is_refused_and_kept(client, world, name):
    visit = world.visit(VisitState.INVITED)
    client.force_login(world.admin if name == "cancel" else world.executive.user)

    page = client.post(at(name, visit), {"reason": "r" * 301, "version": visit.version})

    visit.refresh_from_db()
    assert (page.status_code, visit.state) == (422, VisitState.INVITED)
    assert "300" in text(page)
    assert "r" * 301 in text(page)
