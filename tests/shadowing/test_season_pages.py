"""Pages of seasons: who sees them, what they say, how many queries they take."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from shadowing.models import Season, SeasonHost, SeasonState, UnavailableDay, VisitState, Willing
from tests.factories import (
    ExecutiveFactory,
    HostFactory,
    SeasonExecutiveFactory,
    SeasonFactory,
    SeasonHostFactory,
    SiteFactory,
    TeamFactory,
    UserFactory,
    VisitFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 2, 1, 9, tzinfo=UTC)


@pytest.fixture
def leeds():
    return SiteFactory(name="Leeds", slug="leeds", visits_a_day=2)


@pytest.fixture
def pune():
    return SiteFactory(name="Pune", slug="pune", country="IN")


@pytest.fixture
def season(leeds, pune):
    return SeasonFactory(name="Spring", slug="spring", sites=[leeds, pune], state=SeasonState.COLLECTING)


@pytest.fixture
def coordinator(client):
    user = UserFactory(role="coordinator")
    client.force_login(user)
    return user


def as_user(client, **options):
    user = UserFactory(**options)
    client.force_login(user)
    return user


def visit(season, site, day=2, **options):
    return VisitFactory(
        season=season, site=site, date=date(2027, 3, day), invited_at=NOW, host__team=TeamFactory(site=site), **options
    )


def page(client, name, *args, **data):
    return client.get(reverse(f"shadowing:{name}", args=args), data)


# --- who sees what ----------------------------------------------------------------------------------------------------

READ = ["season", "season_board"]
CHANGE = ["season_open", "season_draft", "season_close", "season_roster"]


@pytest.mark.parametrize("name", READ)
def test_readers_see_a_season(client, season, leeds, name):
    for options in ({"role": "admin"}, {"role": "sponsor"}, {"role": "coordinator", "sites": [leeds]}):
        as_user(client, **options)
        assert page(client, name, "spring").status_code == 200


@pytest.mark.parametrize("name", [*READ, "season_people", "season_edit"])
def test_strangers_see_nothing(client, season, name):
    strangers = [UserFactory(role="coordinator", sites=[SiteFactory()]), UserFactory(), HostFactory().user]
    for stranger in [*strangers, ExecutiveFactory().user]:
        client.force_login(stranger)
        assert page(client, name, "spring").status_code == 404


def test_the_public_is_sent_to_sign_in(client, season):
    assert page(client, "season", "spring").status_code == 302


def test_sponsors_read_but_see_no_answers_and_change_nothing(client, season):
    as_user(client, role="sponsor")
    assert "/edit/" not in page(client, "season", "spring").content.decode()
    assert page(client, "season_people", "spring").status_code == 404
    assert page(client, "season_edit", "spring").status_code == 404


@pytest.mark.parametrize("name", CHANGE)
def test_a_coordinator_of_some_sites_does_not_change_the_season(client, season, leeds, name):
    as_user(client, role="coordinator", sites=[leeds])
    assert client.post(reverse(f"shadowing:{name}", args=["spring"])).status_code == 404
    season.refresh_from_db()
    assert season.state == SeasonState.COLLECTING


def test_a_coordinator_of_some_sites_sees_their_part(client, season, leeds, pune):
    visit(season, leeds, host__user__name="Lena Leeds")
    visit(season, pune, host__user__name="Pia Pune")
    SeasonHostFactory(season=season, host__user__name="Lena Willing", host__team__site=leeds)
    SeasonHostFactory(season=season, host__user__name="Pia Willing", host__team__site=pune)
    as_user(client, role="coordinator", sites=[leeds])
    board = page(client, "season_board", "spring", day="2027-03-02").content.decode()
    assert "Lena Leeds" in board
    assert "Pia Pune" not in board
    people = page(client, "season_people", "spring").content.decode()
    assert "Lena Willing" in people
    assert "Pia Willing" not in people
    shown = page(client, "season", "spring").context
    assert [row.place.site for row in shown["rows"]] == [leeds]
    assert shown["step"] is None


# --- the list and one season ------------------------------------------------------------------------------------------


def test_the_list_without_a_season(client, coordinator):
    assert "No season yet" in page(client, "seasons").content.decode()


@pytest.mark.parametrize("count", [1, 3, 50])
def test_the_list_takes_the_same_queries_for_any_number(client, coordinator, leeds, django_assert_num_queries, count):
    for _ in range(count):
        season = SeasonFactory(sites=[leeds])
        visit(season, leeds)
    with django_assert_num_queries(6):  # session, person, roles, seasons, their sites, today's season in the masthead
        shown = page(client, "seasons").content.decode()
    assert shown.count("<tr>") == count + 1


@pytest.mark.parametrize("count", [1, 3, 50])
def test_one_season_takes_the_same_queries_for_any_number(client, coordinator, django_assert_num_queries, count):
    site = SiteFactory(visits_a_day=50)
    season = SeasonFactory(slug="spring", sites=[site, *SiteFactory.create_batch(count)])
    for _ in range(count):
        SeasonHostFactory(season=season)
        visit(season, site)
    with django_assert_num_queries(10):
        assert page(client, "season", "spring").status_code == 200


def test_one_season_says_where_it_stands(client, coordinator, season, leeds):
    SeasonExecutiveFactory(season=season, answered_at=NOW)
    SeasonExecutiveFactory(season=season)
    SeasonHostFactory(season=season, willing=Willing.NO)
    SeasonHostFactory(season=season)
    visit(season, leeds, state=VisitState.CONFIRMED)
    shown = page(client, "season", "spring")
    figures = [(figure["number"], str(figure["note"])) for figure in shown.context["figures"]]
    assert figures[0] == (2, "1 named their days")
    assert figures[1] == (2, "1 said yes, 1 no")
    assert figures[2] == (10 * 2 + 9 * 6, "on 10 days")  # one day is a holiday in Pune
    assert figures[3] == (1, "1 confirmed, 0 held, 0 declined")


@pytest.mark.parametrize(
    ("state", "word", "leads_to"),
    [
        ("draft", "Ask for days", "/seasons/spring/open/"),
        ("collecting", "Propose a plan", "/seasons/spring/plan/"),
        ("planned", "Publish", "/seasons/spring/publish/"),
        ("published", "Close the season", "/seasons/spring/close/"),
    ],
)
def test_the_one_primary_action_by_state(client, coordinator, season, state, word, leads_to):
    Season.objects.update(state=state)
    shown = page(client, "season", "spring")
    step = shown.context["step"]
    assert (str(step.word), step.url) == (word, leads_to)
    html, _dialogs, asked = shown.content.decode().partition('id="season-step"')
    assert html.count("btn-primary") == 1
    assert bool(asked) == (state in ("draft", "published"))  # what cannot be taken back is asked first


def test_while_visits_are_open_the_board_comes_next(client, coordinator, season, leeds):
    visit(season, leeds, state=VisitState.CONFIRMED)
    Season.objects.update(state="published")
    assert page(client, "season", "spring").context["step"].url == "/seasons/spring/board/"
    refused = client.post(reverse("shadowing:season_close", args=["spring"]))
    assert refused.status_code == 422
    assert "1 visit is still to come" in refused.content.decode()


def test_a_closed_season_waits_for_nothing(client, coordinator, season):
    Season.objects.update(state="closed")
    assert page(client, "season", "spring").context["step"] is None


def test_states_are_changed_by_buttons(client, coordinator, season):
    for name, state in (("season_draft", "draft"), ("season_open", "collecting")):
        assert client.post(reverse(f"shadowing:{name}", args=["spring"])).status_code == 302
        season.refresh_from_db()
        assert season.state == state
    assert client.post(reverse("shadowing:season_open", args=["spring"])).status_code == 409
    assert page(client, "season_open", "spring").status_code == 405


# --- people -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shown", ["hosts", "executives"])
@pytest.mark.parametrize("count", [1, 3, 50])
def test_people_take_the_same_queries_for_any_number(
    client, coordinator, season, django_assert_num_queries, shown, count
):
    for _ in range(count):
        entry = SeasonHostFactory(season=season)
        UnavailableDay.objects.create(user=entry.host.user, date=date(2027, 3, 3))
        SeasonExecutiveFactory(season=season)
    with django_assert_num_queries(9):
        body = page(client, "season_people", "spring", list=shown).content.decode()
    assert body.count('class="title"') == count


def test_people_are_found_and_filtered(client, coordinator, season):
    SeasonHostFactory(season=season, host__user__name="Maya Rowntree", willing=Willing.NO)
    SeasonHostFactory(season=season, host__user__name="Tom Ashdown")
    SeasonExecutiveFactory(season=season, executive__user__name="Lucia Marchetti")
    assert "Tom Ashdown" not in page(client, "season_people", "spring", answer="no").content.decode()
    assert "Tom Ashdown" in page(client, "season_people", "spring", q="ASHD", answer="never").content.decode()
    assert "Lucia" in page(client, "season_people", "spring", list="executives", q="lucia", page="99").content.decode()
    assert "Nobody here" in page(client, "season_people", "spring", q="zzz").content.decode()


def test_a_coordinator_records_an_answer(client, coordinator, season):
    entry = SeasonHostFactory(season=season, willing=Willing.NOT_ASKED)
    address = reverse("shadowing:season_willing", args=["spring", entry.host_id])
    assert client.post(address, {"willing": "yes", "max_visits": "2"}).status_code == 302
    swapped = client.post(address, {"willing": "no"}, headers={"HX-Request": "true"})
    assert f'id="host-{entry.host_id}"' in swapped.content.decode()
    entry.refresh_from_db()
    assert (entry.willing, entry.max_visits, entry.answered_by) == ("no", 2, coordinator)
    assert client.post(address, {"willing": "perhaps"}).status_code == 422


def test_hosts_answer_for_themselves_only(client, season):
    mine, other = SeasonHostFactory(season=season), SeasonHostFactory(season=season)
    client.force_login(mine.host.user)
    assert (
        client.post(reverse("shadowing:season_willing", args=["spring", mine.host_id]), {"willing": "no"}).url
        == "/availability/"
    )
    assert (
        client.post(reverse("shadowing:season_willing", args=["spring", other.host_id]), {"willing": "no"}).status_code
        == 404
    )
    assert list(SeasonHost.objects.order_by("pk").values_list("willing", flat=True)) == ["no", "yes"]


def test_following_the_roster(client, coordinator, season, leeds):
    HostFactory(team=TeamFactory(site=leeds))
    assert client.post(reverse("shadowing:season_roster", args=["spring"])).status_code == 302
    assert season.hosts.count() == 1
