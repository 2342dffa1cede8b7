"""The reminder policy on its own page: who may change it, when, what it foretells, and that two do not overwrite."""

from __future__ import annotations

import pytest

from people.errors import NotAllowed
from people.models import AuditEvent, Role
from shadowing.models import SeasonState
from shadowing.seasons import change_reminders
from shadowing.seasons.foreseeing import foresights, sent_on
from shadowing.seasons.parts import ChangedMeanwhile
from shadowing.seasons.policy import stamp
from shadowing.seasons.problems import SeasonRefused
from shadowing.seasons.setup.reminders import PolicyForm
from tests.factories import NINE, SeasonFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def season():
    sites = [SiteFactory(name="Leeds"), SiteFactory(name="Porto", country="PT")]
    return SeasonFactory(slug="spring", sites=sites, state=SeasonState.PUBLISHED)


@pytest.fixture
def coordinator(season):
    return UserFactory(role=Role.COORDINATOR, sites=list(season.sites.all()))


def typed(season, **changes):
    form = PolicyForm(season=season, user=UserFactory())
    return {name: form[name].value() for name in form.fields if name != "seen"} | changes


@pytest.mark.parametrize("state", SeasonState.values)
def test_it_is_changed_in_any_state_and_goes_on_record(season, coordinator, state):
    season.state = state
    season.save()

    change_reminders(season=season, reminders={"update_due_every": 5}, by=coordinator, now=NINE)

    season.refresh_from_db()
    assert (season.policy("update_due_every"), season.policy("word_due_every")) == (5, 7)
    event = AuditEvent.objects.get()
    assert (event.verb, event.subject, event.by) == ("season.reminders", f"season:{season.pk}", coordinator)
    assert event.changes["update_due_every"] == [7, 5]


def test_no_difference_is_no_event(season, coordinator):
    change_reminders(season=season, reminders=season.reminders, by=coordinator, now=NINE)
    assert not AuditEvent.objects.exists()


def test_only_who_coordinates_all_its_sites_changes_it(season):
    partly = UserFactory(role=Role.COORDINATOR, sites=[season.sites.first()])
    with pytest.raises(NotAllowed):
        change_reminders(season=season, reminders={}, by=partly, now=NINE)


@pytest.mark.parametrize(
    "policy", [{"update_due_every": 0}, {"target_near": [3]}, {"nothing": 1}, {"holds_after": "soon"}, []]
)
def test_what_makes_no_policy_is_refused(season, coordinator, policy):
    before = season.reminders
    with pytest.raises((SeasonRefused, ValueError)):
        change_reminders(season=season, reminders=policy or {"x": 1}, by=coordinator, now=NINE)
    season.refresh_from_db()
    assert season.reminders == before


def test_two_people_do_not_overwrite_each_other(season, coordinator):
    seen = stamp(season)
    change_reminders(season=season, reminders={"update_due_every": 5}, by=coordinator, now=NINE, seen=seen)
    with pytest.raises(ChangedMeanwhile):
        change_reminders(season=season, reminders={"update_due_every": 9}, by=coordinator, now=NINE, seen=seen)


def test_a_step_is_foretold_once_on_a_working_day(season):
    site = season.sites.get(name="Leeds")
    saturday = NINE.date().replace(day=6)
    found = list(sent_on(site, saturday, saturday.replace(day=20), lambda day: day.day // 7))
    assert [(day.day, step) for day, step in found] == [(8, 1), (15, 2)]


# --- The page ---

URL = "/seasons/spring/reminders/"


def test_the_page_shows_the_policy_and_every_foresight(client, season, coordinator, django_assert_max_num_queries):
    client.force_login(coordinator)
    with django_assert_max_num_queries(12):
        page = client.get(URL).content.decode()
    for foresight in foresights:
        assert str(foresight.event) in page
    assert "Update overdue" in page
    assert 'href="?site=porto#foresight"' in page
    assert client.get(URL, {"site": "porto"}).status_code == 200


def test_saving_leads_back_and_says_so(client, season, coordinator):
    client.force_login(coordinator)
    answer = client.post(URL, typed(season, update_due_every="5", target_near="14, 3", seen=stamp(season)), follow=True)
    assert answer.redirect_chain == [(URL, 302)]
    assert "Saved. The next messages follow it." in answer.content.decode()
    season.refresh_from_db()
    assert (season.policy("update_due_every"), season.policy("target_near")) == (5, [-14, -3])


def test_trying_shows_the_dates_and_saves_nothing(client, season, coordinator):
    client.force_login(coordinator)
    answer = client.post(URL, typed(season, holds_after="") | {"try": "1"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "It is not saved yet." in page
    assert "Nothing goes out." in page
    season.refresh_from_db()
    assert season.policy("holds_after") == [30, 90]
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    ("name", "text"), [("update_due_every", "often"), ("update_due_every", ""), ("take_away_owed", "x")]
)
def test_what_cannot_be_read_is_said_beside_its_field(client, season, coordinator, name, text):
    client.force_login(coordinator)
    for more in ({}, {"try": "1"}):
        answer = client.post(URL, typed(season, **{name: text}) | more)
        assert answer.status_code == 422
    assert f'id="id_{name}"' in answer.content.decode()
    season.refresh_from_db()
    assert season.policy("update_due_every") == 7


def test_a_day_out_of_bounds_is_told_as_it_is_typed(client, season, coordinator):
    client.force_login(coordinator)
    for more in ({}, {"try": "1"}):
        html = client.post(URL, typed(season, days_close="9999, x", update_due_every="0") | more).content.decode()
        assert html.count("Write whole days from 0 to 90, with commas between.") >= 1
        assert "Write one whole number of days, from 1 to 365." in html
        assert "-90" not in html


def test_the_second_of_two_is_told_and_may_save_all_the_same(client, season, coordinator):
    client.force_login(coordinator)
    seen = stamp(season)
    client.post(URL, typed(season, update_due_every="5", seen=seen))

    answer = client.post(URL, typed(season, update_due_every="9", seen=seen))
    assert answer.status_code == 409
    assert "Somebody else has just changed the reminders" in answer.content.decode()

    season.refresh_from_db()
    assert client.post(URL, typed(season, update_due_every="9", seen=stamp(season))).status_code == 302


def test_those_who_may_not_change_it_read_it(client, season):
    for reader in (UserFactory(role=Role.SPONSOR), UserFactory(role=Role.COORDINATOR, sites=[season.sites.first()])):
        client.force_login(reader)
        page = client.get(URL).content.decode()
        assert "every 7 days" in page
        assert "Save the reminders" not in page
        assert client.post(URL, typed(season, update_due_every="5")).status_code == 404
    season.refresh_from_db()
    assert season.policy("update_due_every") == 7
