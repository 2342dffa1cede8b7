"""Printed slips: for whom, by whom, and what they open."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.links import make_link
from notifications.models import Link
from people.errors import Conflict, NotAllowed, Refused
from people.models import AuditEvent
from surveys import answering
from surveys.models import Invitation, Response, Round, RoundState, Slip
from surveys.slips import pin_hash, print_slips, slip_of
from tests.factories import NINE, HostFactory, HostingRoundFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db
GIVEN = {"worthwhile": 1, "floor-share": 4}
TODAY = NINE.date()


@pytest.fixture
def survey_round():
    return HostingRoundFactory.create(hosts=4)


@pytest.fixture
def site(survey_round):
    return survey_round.season.sites.get()


@pytest.fixture
def coordinator(site):
    return UserFactory(role="coordinator", sites=[site])


def users(survey_round):
    return [invitation.user for invitation in survey_round.invitations.select_related("user").order_by("user_id")]


def printed(survey_round, by, *people, now=NINE):
    site = survey_round.season.sites.get()
    wanted = [user.pk for user in people or users(survey_round)]
    return print_slips(round_id=survey_round.pk, site=site, users=wanted, by=by, now=now)


def test_a_pin_has_nine_digits_is_kept_only_as_a_keyed_hash_and_opens_its_slip(survey_round, coordinator, settings):
    (slip,) = printed(survey_round, coordinator, users(survey_round)[0])

    assert re.fullmatch(r"\d{3} \d{3} \d{3}", slip.pin)
    stored = Slip.objects.get()
    digits = slip.pin.replace(" ", "")
    assert digits not in str(Slip.objects.values().get())
    assert slip_of(slip.pin, today=TODAY) == slip_of(digits, today=TODAY) == stored
    settings.SECRET_KEY = "another secret of at least thirty-two letters"
    assert pin_hash(digits) != stored.pin_hash


def test_printing_again_replaces_pin_and_code_and_leaves_links_of_messages_alone(survey_round, coordinator, client):
    user = users(survey_round)[0]
    by_mail = make_link(purpose="surveys.answer", subject=f"round:{survey_round.pk}", user=user, now=timezone.now())
    (first,) = printed(survey_round, coordinator, user)
    paper = Link.objects.get(private=False)
    (second,) = printed(survey_round, coordinator, user)

    assert slip_of(first.pin, today=TODAY) is None
    assert slip_of(second.pin, today=TODAY) == Slip.objects.get()
    assert not Link.objects.filter(pk=paper.pk).exists()
    assert Link.objects.filter(private=False).count() == 1
    assert client.get(by_mail[by_mail.index("/surveys/") :]).status_code == 200


def test_everybody_chosen_gets_a_slip_whoever_has_answered(survey_round, coordinator):
    answered, *_others = users(survey_round)
    answering.finish(round_id=survey_round.pk, user_id=answered.pk, given=GIVEN)

    assert {slip.user for slip in printed(survey_round, coordinator)} == set(users(survey_round))


@pytest.mark.parametrize("change", ["used", "closed", "gone", "expired"])
def test_a_pin_that_opens_nothing_any_more_is_like_one_that_never_was(survey_round, coordinator, change):
    user = users(survey_round)[0]
    (slip,) = printed(survey_round, coordinator, user)
    if change == "used":
        answering.finish(round_id=survey_round.pk, user_id=user.pk, given=GIVEN)
    elif change == "closed":
        Round.objects.update(state=RoundState.CLOSED)
    elif change == "gone":
        type(user).objects.filter(pk=user.pk).update(is_active=False)
    later = TODAY + timedelta(days=400) if change == "expired" else TODAY

    assert slip_of(slip.pin, today=later) is None
    assert slip_of("000 000 000", today=TODAY) is None
    assert slip_of("", today=TODAY) is None


def test_slips_stay_good_when_the_last_day_moves(survey_round, coordinator):
    (slip,) = printed(survey_round, coordinator, users(survey_round)[0])
    day = survey_round.closes_on + timedelta(days=20)
    Round.objects.update(closes_on=day)

    assert slip_of(slip.pin, today=day) is not None


def test_only_coordinators_of_the_site_print_its_slips(survey_round, site, coordinator):
    for nobody in (UserFactory(role="coordinator", sites=[SiteFactory()]), UserFactory(role="sponsor"), UserFactory()):
        with pytest.raises(NotAllowed):
            printed(survey_round, nobody)
    assert not Slip.objects.exists()


def test_nobody_too_many_strangers_and_closed_rounds_are_refused(survey_round, coordinator):
    stranger = HostFactory(team__site=survey_round.season.sites.get()).user  # works here, was not asked
    with pytest.raises(Refused):
        printed(survey_round, coordinator, stranger)
    Round.objects.update(state=RoundState.CLOSED)
    with pytest.raises(Conflict):
        printed(survey_round, coordinator)
    assert not Slip.objects.exists()


def test_slips_are_for_hosts(survey_round, coordinator):
    Round.objects.update(audience="executives")
    with pytest.raises(Conflict):
        printed(survey_round, UserFactory(role="admin"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": RoundState.CLOSED}, "This survey is closed."),
        ({"state": RoundState.DRAFT, "opened_at": None}, "This survey is not open yet."),
        ({"audience": "executives"}, "Slips are for hosts."),
    ],
)
def test_no_slips_are_offered_where_none_would_be_made(survey_round, client, change, words):
    """Given a survey that is closed, not open yet or not for hosts; then its slips' page says so and offers none."""
    Round.objects.update(**change)
    client.force_login(UserFactory(role="admin"))
    address = f"/surveys/{survey_round.pk}/slips/"

    page = client.get(address)
    sent = client.post(address, {"people": [users(survey_round)[0].pk]})

    assert (page.status_code, sent.status_code) == (200, 409)
    for each in (page, sent):
        assert words in each.content.decode()
        assert "Make the slips" not in each.content.decode()
        assert f'href="/surveys/{survey_round.pk}/setup/"' in each.content.decode()
    assert not Slip.objects.exists()


def test_a_survey_closed_while_slips_were_chosen_is_said_on_the_same_page(survey_round, coordinator, client):
    client.force_login(coordinator)
    address = f"/surveys/{survey_round.pk}/slips/"
    assert "Make the slips" in client.get(address).content.decode()
    Round.objects.update(state=RoundState.CLOSED)

    page = client.post(address, {"people": [users(survey_round)[0].pk]})

    assert page.status_code == 409
    assert "those handed out open nothing any more" in page.content.decode()


def test_the_record_says_how_many_and_names_nobody(survey_round, coordinator):
    printed(survey_round, coordinator)

    event = AuditEvent.objects.get(verb="round.slips")
    assert event.changes == {"site": survey_round.season.sites.get().pk, "slips": 4}


def test_the_code_on_a_slip_opens_the_survey_once(survey_round, coordinator, client):
    user = users(survey_round)[0]
    client.force_login(coordinator)
    page = client.post(f"/surveys/{survey_round.pk}/slips/", {"people": [user.pk]})
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert '<svg class="qr"' in page.content.decode()
    assert user.name in page.content.decode()


def test_those_without_an_address_come_first_and_are_chosen(survey_round, coordinator, client):
    user = users(survey_round)[-1]
    type(user).objects.filter(pk=user.pk).update(email=None, email_key=None, contact_email="")
    client.force_login(coordinator)

    page = client.get(f"/surveys/{survey_round.pk}/slips/").content.decode()

    assert page.count(" checked") == 1
    assert f'value="{user.pk}" checked' in page
    assert page.index(user.name) < min(page.index(other.name + "<") for other in users(survey_round)[:-1])


def test_the_choice_shows_the_same_whoever_has_answered(survey_round, coordinator, client):
    client.force_login(coordinator)
    address = f"/surveys/{survey_round.pk}/slips/"
    before = _without_token(client.get(address))
    answering.finish(round_id=survey_round.pk, user_id=users(survey_round)[0].pk, given=GIVEN)

    assert _without_token(client.get(address)) == before


def _without_token(page):
    return re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]*"', "", page.content.decode())


@pytest.mark.parametrize("people", [[], ["x"], ["9" * 30], ["-1"], ["999999"]])
def test_a_choice_of_nobody_is_refused(survey_round, coordinator, client, people):
    client.force_login(coordinator)
    page = client.post(f"/surveys/{survey_round.pk}/slips/", {"people": people})
    assert page.status_code == 422
    assert "Choose at least one person" in page.content.decode()
    assert "Make the slips" in page.content.decode()


def test_slips_of_another_site_are_not_found(survey_round, coordinator, client):
    other = SiteFactory()
    client.force_login(coordinator)
    assert client.get(f"/surveys/{survey_round.pk}/slips/?site={other.slug}").status_code == 404


@pytest.mark.parametrize("hosts", [1, 30])
def test_the_choice_takes_the_same_queries_for_any_number(client, django_assert_max_num_queries, hosts):
    survey_round = HostingRoundFactory.create(hosts=hosts)
    client.force_login(UserFactory(role="coordinator"))
    with django_assert_max_num_queries(9):
        assert client.get(f"/surveys/{survey_round.pk}/slips/").status_code == 200
    assert Response.objects.count() == Invitation.objects.filter(used=True).count() == 0
