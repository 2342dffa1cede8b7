"""The panel of a visit: why this pair, warnings, the next best, and who may do what there."""

from datetime import date

import pytest
from django.urls import reverse

from shadowing.models import Acknowledgement, PairRule, SeasonState, UnavailableDay, VisitState
from tests.factories import BusinessUnitFactory, SeasonHostFactory, SiteFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def panel(client, visit, **options):
    return client.get(reverse("shadowing:visit_panel", args=[visit.uuid]), **options)


def test_it_says_why_this_pair(client, coordinator, season, book):
    root = BusinessUnitFactory(name="Company", path="Company")
    ours, theirs = (BusinessUnitFactory(parent=root, name=n, path=f"Company / {n}") for n in ("Networks", "Care"))
    visit = book(executive__business_unit=ours, host__hired_on=date(2023, 3, 1))
    visit.host.team.business_unit = theirs
    visit.host.team.save()
    lines = panel(client, visit).context["panel"]["lines"]
    assert [(line.name, line.points) for line in lines] == [
        ("Tenure", "0.800"), ("Other unit", "1.000"), ("Home site", "0.500"), ("Fair load", "0.000"), ("Score", "2.300"),
    ]  # fmt: skip
    assert lines[0].words == "48 of 60 months"


def test_a_hosts_second_visit_costs_a_quarter(client, coordinator, season, book):
    first = book()
    second = book(day=date(2027, 3, 8), host=first.host)
    assert panel(client, first).context["panel"]["lines"][3].points == "0.000"
    line = panel(client, second).context["panel"]["lines"][3]
    assert line.points == "\N{MINUS SIGN}0.250"
    assert "visit 2 of 2" in line.words


def test_beside_the_board_it_is_a_part_alone_a_page(client, coordinator, season, book):
    visit = book()
    assert "<html" not in panel(client, visit, headers=HTMX).content.decode()
    assert "<h1" in panel(client, visit).content.decode()
    assert "<h2" in client.get(f"/seasons/spring/board/?day=2027-03-02&visit={visit.uuid}").content.decode()


def test_a_visit_of_another_season_or_none_opens_no_panel(client, coordinator, season, board):
    for asked in ("nonsense", "00000000-0000-4000-8000-000000000000"):
        assert "panel" not in board(visit=asked).context


def test_warnings_offer_to_be_acknowledged_and_say_by_whom(client, coordinator, season, book, post):
    visit = book()
    UnavailableDay.objects.create(user=visit.host.user, date=visit.date)
    assert "is away on this day." in panel(client, visit).content.decode()
    assert post("acknowledge", visit, code="host_away").status_code == 200
    assert Acknowledgement.objects.get().by == coordinator
    assert "Acknowledged by Cora Coordinator," in panel(client, visit).content.decode()
    assert post("acknowledge", visit, code="over_capacity").status_code == 422


def test_the_next_best_are_listed_and_used(client, coordinator, season, leeds, book, post):
    visit = book()
    other = SeasonHostFactory(season=season, host__team=TeamFactory(site=leeds), host__user__name="Imogen Clay").host
    found = client.get(reverse("shadowing:visit_options", args=[visit.uuid]), headers=HTMX)
    assert "Imogen Clay" in found.content.decode()
    assert "nobody else moves" in found.content.decode()
    answer = post(
        "board_use", season, executive=visit.executive_id, host=other.pk, day="2027-03-02", version=visit.version
    )
    visit.refresh_from_db()
    assert (answer.status_code, visit.host) == (200, other)
    assert f'id="v-{visit.uuid}"' in answer.content.decode()


def test_a_place_that_is_gone_is_a_conflict(coordinator, season, leeds, book, post):
    visit = book()
    other = book(host__user__name="Ina Else")  # takes the day
    answer = post("board_use", season, executive=visit.executive_id, host=other.host_id, day="2027-03-02", version=0)
    visit.refresh_from_db()
    assert answer.status_code == 409
    assert "Nothing was changed." in answer.content.decode()
    assert visit.host != other.host


def test_only_coordinators_of_the_site_act(client, season, leeds, pune, book, post):
    visit = book()
    client.force_login(UserFactory(role="sponsor"))
    assert "Lock this pair" not in panel(client, visit).content.decode()
    verbs = ("lock", "forbid", "take_off", "acknowledge", "place")
    for stranger in (UserFactory(role="sponsor"), UserFactory(role="coordinator", sites=[pune]), visit.executive.user):
        client.force_login(stranger)
        assert [post(verb, visit).status_code for verb in verbs] == [404] * 5
    visit.refresh_from_db()
    assert (visit.version, PairRule.objects.count()) == (0, 0)


def test_strangers_open_no_panel(client, season, book):
    visit = book(state=VisitState.CONFIRMED)
    strangers = [UserFactory(role="coordinator", sites=[SiteFactory()]), visit.host.user, visit.executive.user]
    for stranger in strangers:
        client.force_login(stranger)
        assert panel(client, visit).status_code == 404


def test_a_closed_season_is_only_read(client, coordinator, season, book, post):
    visit = book()
    season.state = SeasonState.CLOSED
    season.save()
    assert "Lock this pair" not in panel(client, visit).content.decode()
    assert post("forbid", visit).status_code == 422
    assert post("place", visit, date="2027-03-03", version=0).status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_the_panel_takes_the_same_queries_for_any_number(
    client, coordinator, season, book, count, django_assert_num_queries
):
    visits = [book() for _ in range(count)]
    for visit in visits:
        UnavailableDay.objects.create(user=visit.host.user, date=visit.date)
    # session, person, roles, visit, sites, what stands against it, units, ruled out
    with django_assert_num_queries(8):
        assert panel(client, visits[0], headers=HTMX).status_code == 200


def test_places_are_used_by_script_on_the_board_and_by_form_elsewhere(client, coordinator, season, leeds, book):
    visit = book()
    SeasonHostFactory(season=season, host__team=TeamFactory(site=leeds))
    url = reverse("shadowing:visit_options", args=[visit.uuid])
    beside = client.get(
        url, headers=HTMX | {"HX-Current-URL": "http://testserver/seasons/spring/board/?day=2027-03-02"}
    )
    alone = client.get(url, headers=HTMX | {"HX-Current-URL": f"http://testserver/visits/{visit.uuid}/panel/"})
    assert 'hx-post="/seasons/spring/board/use/"' in beside.content.decode()
    assert 'hx-post="/seasons/spring/board/use/"' not in alone.content.decode()
