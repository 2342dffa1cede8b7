"""The pages that plan a round, open it and settle what may still change."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from people.models import Site
from shadowing.models import VisitState
from surveys import rounds
from surveys.models import Audience, Release, Round, RoundState
from surveys.questionnaires.builtin import builtin_version
from tests.factories import NINE, ExecutiveFactory, HostingRoundFactory, SiteFactory, UserFactory, VisitFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()


@pytest.fixture
def season():
    return HostingRoundFactory.create(hosts=6).season


@pytest.fixture
def coordinator(season):
    return UserFactory(role="coordinator", sites=list(season.sites.all()))


def filled(season, **more):
    return {
        "season": season.pk, "version": "pulse-executives", "audience": "executives", "phase": "before", "anonymous": "yes",
        "opens_on": TODAY.isoformat(), "closes_on": (TODAY + timedelta(days=9)).isoformat(), "k": 5, "k_text": 8,
    } | more  # fmt: skip


def draft(season, **more):
    plan = {
        "version": builtin_version("pulse-executives", now=NINE),
        "audience": Audience.EXECUTIVES,
        "phase": "before",
    }
    days = {"opens_on": TODAY, "closes_on": TODAY + timedelta(days=9)}
    by = UserFactory(role="admin")
    return rounds.plan_round(season=season, plan=rounds.RoundPlan(**plan | days | more), by=by, now=timezone.now())


def test_a_round_is_planned_in_one_form_and_opened_on_its_page(client, season, coordinator):
    client.force_login(coordinator)
    assert client.get("/surveys/new/").status_code == 200

    answer = client.post("/surveys/new/", filled(season))

    planned = Round.objects.get(state=RoundState.DRAFT)
    assert answer.headers["Location"] == f"/surveys/{planned.pk}/setup/"
    page = client.get(answer.headers["Location"]).content.decode()
    assert "Who would be asked today" in page
    assert "Results appear only for 5 answers or more." in page
    assert client.post(f"/surveys/{planned.pk}/open/").status_code == 302
    planned.refresh_from_db()
    assert (planned.state, planned.opened_by) == (RoundState.OPEN, coordinator)
    assert client.post(f"/surveys/{planned.pk}/open/").status_code == 409


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"closes_on": "2020-01-01"}, "on or after the first"),
        ({"k": 4}, "Write 5 or more."),
        ({"k": 12}, "at least as many people as figures"),
        ({"version": "nothing"}, "Choose again."),
        ({"audience": "front_line", "site": "999"}, "Choose again."),
        ({"anonymous": "perhaps"}, "Choose again."),
        ({"opens_on": "soon"}, "Write a day that exists"),
    ],
)
def test_what_does_not_fit_is_said_beside_the_field_and_kept(client, season, coordinator, wrong, words):
    client.force_login(coordinator)

    page = client.post("/surveys/new/", filled(season, **wrong))

    assert page.status_code == 422
    assert words in page.content.decode()
    assert not Round.objects.filter(state=RoundState.DRAFT).exists()


def test_the_same_round_twice_is_a_conflict_and_keeps_the_form(client, season, coordinator):
    client.force_login(coordinator)
    client.post("/surveys/new/", filled(season))

    page = client.post("/surveys/new/", filled(season))

    assert page.status_code == 409
    assert "this survey for the same people already" in page.content.decode()


def test_other_peoples_seasons_cannot_even_be_chosen(client, season):
    client.force_login(UserFactory(role="coordinator", sites=[SiteFactory()]))
    assert client.post("/surveys/new/", filled(season)).status_code == 422


def test_a_season_that_is_only_partly_theirs_is_not_found(client, season):
    elsewhere = SiteFactory()
    season.season_sites.create(site=elsewhere, visits_a_day=3)
    client.force_login(UserFactory(role="coordinator", sites=[elsewhere]))
    assert client.post("/surveys/new/", filled(season)).status_code == 404


def test_a_draft_is_changed_and_an_open_round_is_not(client, season, coordinator):
    planned = draft(season)
    client.force_login(coordinator)
    assert 'value="before" selected' in client.get(f"/surveys/{planned.pk}/edit/").content.decode()

    changed = {name: value for name, value in filled(season, k=7).items() if name != "season"}
    assert client.post(f"/surveys/{planned.pk}/edit/", changed).status_code == 302
    planned.refresh_from_db()
    assert planned.k == 7
    Round.objects.filter(pk=planned.pk).update(state=RoundState.OPEN)

    page = client.post(f"/surveys/{planned.pk}/edit/", changed | {"k": 8})

    assert page.status_code == 409
    assert "What people were promised stays" in page.content.decode()
    assert client.get(f"/surveys/{planned.pk}/edit/").headers["Location"] == f"/surveys/{planned.pk}/setup/"
    planned.refresh_from_db()
    assert planned.k == 7


def test_a_draft_is_deleted_with_a_word(client, season, coordinator):
    planned = draft(season)
    client.force_login(coordinator)
    assert client.post(f"/surveys/{planned.pk}/delete/").headers["Location"] == "/surveys/"
    assert not Round.objects.filter(pk=planned.pk).exists()


def test_days_and_thresholds_of_an_open_round_only_rise(client, season, coordinator):
    found = Round.objects.get()
    Round.objects.update(opens_on=TODAY, closes_on=TODAY)
    client.force_login(coordinator)
    later = (TODAY + timedelta(days=3)).isoformat()
    for address, given, status in (
        ("extend", {"closes_on": TODAY.isoformat()}, 422),
        ("extend", {"closes_on": ""}, 422),
        ("raise", {"k": 4, "k_text": 8}, 422),
        ("raise", {"k": 6, "k_text": 5}, 422),
    ):
        assert client.post(f"/surveys/{found.pk}/{address}/", given).status_code == status
    found.refresh_from_db()
    assert (found.closes_on, found.k, found.k_text) == (TODAY, 5, 8)

    assert client.post(f"/surveys/{found.pk}/extend/", {"closes_on": later}).status_code == 302
    assert client.post(f"/surveys/{found.pk}/raise/", {"k": 6, "k_text": 9}).status_code == 302

    found.refresh_from_db()
    assert (found.closes_on.isoformat(), found.k, found.k_text) == (later, 6, 9)


def test_a_coordinator_of_one_site_reads_its_cell_and_changes_nothing(client, season):
    elsewhere = SiteFactory(name="Elsewhere")
    season.season_sites.create(site=elsewhere, visits_a_day=3)
    found = Round.objects.get()
    found.cells.create(site=elsewhere).sites.add(elsewhere)
    client.force_login(UserFactory(role="coordinator", sites=[elsewhere]))

    page = client.get(f"/surveys/{found.pk}/setup/").content.decode()

    assert "Elsewhere" in page
    assert Site.objects.exclude(pk=elsewhere.pk).get().name not in page
    assert "What may still change" not in page
    for address in ("edit", "extend", "raise", "open", "close", "delete"):
        assert client.post(f"/surveys/{found.pk}/{address}/", {"k": 9, "k_text": 9}).status_code == 404
    assert client.get(f"/surveys/{found.pk}/slips/").status_code == 200


def test_sponsors_and_respondents_set_nothing_up(client, season):
    found, visit = Round.objects.get(), season.visits.first()
    for user in (UserFactory(role="sponsor"), visit.host.user, visit.executive.user, UserFactory()):
        client.force_login(user)
        assert client.get("/surveys/new/").status_code == 404
        assert client.get(f"/surveys/{found.pk}/setup/").status_code == 404
        assert client.get(f"/surveys/{found.pk}/slips/").status_code == 404


def test_answering_changes_not_a_byte_of_the_set_up(client, season, coordinator):
    """Given the page of an open round; when somebody answers; then the page is the same until the next release."""
    from surveys.answering import finish

    found = Round.objects.get()
    client.force_login(coordinator)
    before = _plain(client.get(f"/surveys/{found.pk}/setup/"))
    user = found.invitations.first().user_id
    finish(round_id=found.pk, user_id=user, given={"worthwhile": 1, "floor-share": 3})
    assert _plain(client.get(f"/surveys/{found.pk}/setup/")) == before

    cell = found.cells.get()
    cell.hidden = False
    cell.save()
    Release.objects.create(cell=cell, number=1, released_on=TODAY, invited=6, answered=5)
    assert "5+" in client.get(f"/surveys/{found.pk}/setup/").content.decode()


def test_a_survey_of_visitors_says_how_many_visits_are_still_to_come(client, season, coordinator):
    """Given held visits and others to come; when the round's pages are opened; then they say who is not asked yet."""
    found, site = Round.objects.get(), season.sites.get()
    client.force_login(coordinator)
    pages = [f"/surveys/{found.pk}/setup/", f"/surveys/{found.pk}/slips/"]
    for page in pages:
        assert "<strong>No visit is still to come</strong>." in client.get(page).content.decode()

    VisitFactory(season=season, site=site, date=found.closes_on)
    VisitFactory(season=season, site=site, date=found.closes_on + timedelta(days=1))
    VisitFactory(season=season, site=site, date=found.closes_on, state=VisitState.CANCELLED)
    elsewhere = SiteFactory()
    season.season_sites.create(site=elsewhere, visits_a_day=3)
    VisitFactory(season=season, site=elsewhere, date=found.closes_on)

    for page in pages:
        words = client.get(page).content.decode()
        assert "<strong>2 visits are still to come</strong>" in words
        assert "1 of them is after the survey’s last day" in words
    client.force_login(UserFactory(role="admin"))
    assert "<strong>3 visits are still to come</strong>" in client.get(pages[0]).content.decode()


@pytest.mark.parametrize("change", [{"state": RoundState.CLOSED}, {"audience": Audience.FRONT_LINE}])
def test_where_nobody_is_asked_by_visit_any_more_no_visits_are_counted(client, season, coordinator, change):
    Round.objects.update(**change)
    client.force_login(coordinator)

    assert "still to come" not in client.get(f"/surveys/{Round.objects.get().pk}/setup/").content.decode()


def _plain(page):
    import re

    return re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]*"', "", page.content.decode())


@pytest.mark.parametrize("sites", [1, 8])
@pytest.mark.parametrize("state", ["draft", "open"])
def test_the_page_takes_few_queries_for_any_number_of_cells(
    client, django_assert_max_num_queries, season, sites, state
):
    for _ in range(5):
        ExecutiveFactory()
    found = Round.objects.get() if state == "open" else draft(season)
    for _ in range(sites):
        site = SiteFactory()
        season.season_sites.create(site=site, visits_a_day=1)
        found.cells.create(site=site).sites.add(site)
    client.force_login(UserFactory(role="coordinator"))

    with django_assert_max_num_queries(12):
        assert client.get(f"/surveys/{found.pk}/setup/").status_code == 200
