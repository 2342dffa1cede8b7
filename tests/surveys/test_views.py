"""The pages of surveys: answering by link and signed in, results, closing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.links import make_link
from surveys import releasing
from surveys.models import Answer, Invitation, Response, Round, RoundState
from tests.factories import NINE, HostingRoundFactory, SeasonFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db
GIVEN = {"worthwhile": "1", "floor-share": "4", "staged": "0", "change": "More time with callers."}


@pytest.fixture
def survey_round():
    return HostingRoundFactory.create(hosts=10)


@pytest.fixture
def link(survey_round):
    user = Invitation.objects.filter(round=survey_round).order_by("user_id").first().user
    return _path(survey_round, user)


def _path(survey_round, user, now=None):
    url = make_link(purpose="surveys.answer", subject=f"round:{survey_round.pk}", user=user, now=now or timezone.now())
    return url[url.index("/surveys/") :]


def test_opening_the_link_spends_nothing_and_finishing_does(client, link):
    for _ in range(2):
        page = client.get(link)
        assert page.status_code == 200
        assert "Nobody can see that this was you." in page.content.decode()
    assert not Invitation.objects.filter(used=True).exists()

    assert client.post(link, GIVEN).headers["Location"] == "/surveys/thanks/"

    assert Invitation.objects.filter(used=True).count() == 1
    assert Answer.objects.count() == 4
    again = client.post(link, GIVEN)
    assert again.status_code == 410
    assert "They are final." in again.content.decode()
    assert Response.objects.count() == 1


def test_a_missing_answer_is_named_and_nothing_is_stored(client, link):
    page = client.post(link, {"worthwhile": "1", "change": "kept words"})

    assert page.status_code == 422
    assert "this question has to be answered" in page.content.decode()
    assert "kept words" in page.content.decode()
    assert not Response.objects.exists()


@pytest.mark.parametrize("value", ["7", "yes", "-1", "1e9", "\x00", "4; drop"])
def test_answers_off_the_scale_are_refused(client, link, value):
    assert client.post(link, GIVEN | {"floor-share": value}).status_code == 422
    assert not Answer.objects.exists()


def test_altered_and_expired_links_get_a_friendly_page(client, survey_round, link):
    user = Invitation.objects.order_by("user_id").last().user
    old = _path(survey_round, user, now=timezone.now() - timedelta(days=40))

    for path, status in ((link[:-3] + "x/", 404), (old, 410)):
        page = client.get(path)
        assert page.status_code == status
        assert "no longer works" in page.content.decode()


def test_a_signed_in_host_answers_the_own_survey_and_no_other(client, survey_round):
    host = Invitation.objects.order_by("user_id").first().user
    client.force_login(host)

    assert "Answer the survey" in client.get("/surveys/").content.decode()
    assert client.post(f"/surveys/{survey_round.pk}/answer/", GIVEN).status_code == 302
    client.force_login(UserFactory())
    assert client.get(f"/surveys/{survey_round.pk}/answer/").status_code == 404


def test_results_are_for_those_of_the_season_and_closing_for_coordinators_of_all_its_sites(client, survey_round):
    site = survey_round.season.sites.get()
    seen = {
        UserFactory(role="coordinator", sites=[site]): (200, 302),
        UserFactory(role="admin"): (200, 409),
        UserFactory(role="sponsor"): (200, 404),
        UserFactory(role="coordinator", sites=[SiteFactory()]): (404, 404),
        UserFactory(): (404, 404),
    }
    for user, (reading, closing) in seen.items():
        client.force_login(user)
        assert client.get(f"/surveys/{survey_round.pk}/").status_code == reading
        assert client.post(f"/surveys/{survey_round.pk}/close/").status_code == closing


def test_the_results_page_shows_released_figures_only(client, survey_round):
    for number, invitation in enumerate(Invitation.objects.select_related("user")):
        odd = number % 2
        client.post(_path(survey_round, invitation.user), GIVEN | {"worthwhile": str(odd), "floor-share": str(3 + odd)})
    client.force_login(UserFactory(role="coordinator"))
    before = client.get(f"/surveys/{survey_round.pk}/").content.decode()

    Round.objects.update(state=RoundState.CLOSED)
    releasing.release_rounds(now=NINE)

    assert "Nothing is released yet." in before
    after = client.get(f"/surveys/{survey_round.pk}/").content.decode()
    assert "As released on" in after
    assert "50\u00a0%" in after


@pytest.mark.parametrize("rounds", [1, 3, 50])
def test_the_list_takes_the_same_queries_for_any_number_of_rounds(client, django_assert_num_queries, rounds):
    version = HostingRoundFactory.create(hosts=1).version
    for _ in range(rounds - 1):
        season = SeasonFactory()
        Round.objects.create(season=season, version=version, audience="visit_hosts", opens_on=NINE, closes_on=NINE)
    client.force_login(UserFactory(role="coordinator"))

    with django_assert_num_queries(
        7
    ):  # session, person, roles, rounds, filters, own invitations, the season in the masthead
        page = client.get("/surveys/").content.decode()

    assert page.count("Hosting survey</a>") == rounds
