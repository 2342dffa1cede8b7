"""A request that does not come through: the person is told, the button is free again, and nothing typed is gone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from notifications.links import make_link
from shadowing.models import SeasonState, Visit
from surveys.models import Response
from tests.factories import (
    HostingRoundFactory,
    IssueFactory,
    SeasonExecutiveFactory,
    SeasonFactory,
    SeasonHostFactory,
    SiteFactory,
    TeamFactory,
    UserFactory,
    VisitFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
NO_CONNECTION = "There is no connection to the program."


@pytest.fixture
def enter(page, live_server, settings):
    """``enter(person)``: signed in without the form."""

    def sign_in(person) -> None:
        client = Client()
        client.force_login(person)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])

    return sign_in


@pytest.fixture
def update(page, enter):
    """The page of an owner's issue with an update that is not sent yet."""
    issue = IssueFactory()
    enter(issue.owner.user)
    page.goto(issue.get_absolute_url())
    page.locator("[name=text]").fill("One screen of two is gone.")
    return issue


def new_token(page):
    """What signing in by the form does besides: the token of before is good no more."""
    page.context.clear_cookies(name="csrf")


def post(page):
    page.get_by_role("button", name="Post update").click()


def stays(page):
    expect(page.locator("[name=text]")).to_have_value("One screen of two is gone.")
    expect(page.get_by_role("button", name="Post update")).to_be_enabled()
    expect(page.locator("#request-line")).to_be_hidden()


def test_an_update_without_a_connection_is_kept_and_sent_later(page, update, assert_accessible):
    page.context.set_offline(True)
    post(page)
    expect(page.get_by_role("alert")).to_contain_text(NO_CONNECTION)
    stays(page)
    assert_accessible(page)

    page.context.set_offline(False)
    post(page)
    expect(page.locator("#issue-work")).to_contain_text("One screen of two is gone.")
    expect(page.get_by_text(NO_CONNECTION)).to_have_count(0)
    assert update.updates.get().text == "One screen of two is gone."


def test_an_update_the_program_cannot_answer_is_kept(page, update):
    page.route("**/update/", lambda route: route.fulfill(status=500, body="Out of order"))
    post(page)
    expect(page.get_by_role("alert")).to_contain_text("The program could not answer that.")
    stays(page)
    page.get_by_role("alert").get_by_role("button", name="Close").click()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_an_update_of_somebody_signed_out_meanwhile_is_kept_to_be_copied(page, update, assert_accessible):
    Session.objects.all().delete()
    post(page)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("You are signed out, so nothing was sent.")
    beside = alert.get_by_role("link", name="Sign in in another tab")
    expect(beside).to_have_attribute("href", f"/accounts/login/?next=%2Fissues%2F{update.pk}%2F")
    stays(page)
    assert_accessible(page)


def test_without_any_cookie_it_is_the_same(page, update):
    page.context.clear_cookies()
    post(page)
    expect(page.get_by_role("alert")).to_contain_text("You are signed out, so nothing was sent.")
    stays(page)


def test_an_update_is_sent_from_the_same_page_once_signed_in_beside_it(page, update, enter):
    """The page has the token of before; pressed again it learns the new one, and what was typed goes out with it."""
    Session.objects.all().delete()
    post(page)
    expect(page.get_by_role("alert")).to_contain_text("You are signed out")
    enter(update.owner.user)
    new_token(page)
    post(page)
    expect(page.get_by_role("alert")).to_contain_text("You have signed in again since.")
    stays(page)
    post(page)
    expect(page.locator("#issue-work")).to_contain_text("One screen of two is gone.")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert update.updates.get().text == "One screen of two is gone."


def test_an_update_is_not_sent_for_somebody_else_who_signed_in_beside_it(page, update, enter):
    enter(UserFactory(role="admin"))
    new_token(page)
    post(page)
    expect(page.get_by_role("alert")).to_contain_text("The program could not answer that.")
    stays(page)
    post(page)
    expect(page.get_by_role("alert")).to_contain_text("The program could not answer that.")
    assert not update.updates.exists()


def test_a_whole_form_of_somebody_signed_out_meanwhile_shows_the_words_and_goes_through_later(
    page, update, enter, assert_accessible
):
    page.goto(f"{update.get_absolute_url()}deliver/")
    page.locator("[name=text]").fill("One screen of two is gone.")
    page.locator("[name=impact]").fill("Minutes.")
    Session.objects.all().delete()
    page.locator("main form button.btn-primary").click()
    expect(page.get_by_role("heading", name="You were signed out. Nothing was sent.")).to_be_visible()
    expect(page.get_by_label("What you wrote")).to_have_value("One screen of two is gone.")
    expect(page.get_by_label("What it changes")).to_have_value("Minutes.")
    assert_accessible(page)

    enter(update.owner.user)
    new_token(page)
    page.go_back()
    expect(page.get_by_role("heading", name="You were signed out. Nothing was sent.")).to_have_count(0)
    page.locator("[name=text]").fill("One screen of two is gone.")
    page.locator("[name=impact]").fill("Minutes.")
    page.locator("main form button.btn-primary").click()
    expect(page).to_have_url(re.compile(rf"/issues/{update.pk}/$"))
    update.refresh_from_db()
    assert update.state == "delivered"


@pytest.fixture
def board(page, enter):
    """A season's week with one visit and somebody without one."""
    today = timezone.localdate()
    monday = today + timedelta(days=14 - today.weekday())
    leeds = SiteFactory(name="Leeds", slug="leeds", visits_a_day=2)
    window = {"starts_on": monday, "ends_on": monday + timedelta(days=11)}
    season = SeasonFactory(name="Spring", slug="spring", sites=[leeds], state=SeasonState.PLANNED, **window)
    visit = VisitFactory(season=season, site=leeds, date=monday)
    SeasonExecutiveFactory(season=season, executive=visit.executive)
    SeasonExecutiveFactory(season=season, executive__user__name="Nina Waits")
    SeasonHostFactory(season=season, host__team=TeamFactory(site=leeds), host__user__name="Imogen Clay")
    enter(UserFactory(role="coordinator"))
    page.goto(f"/seasons/spring/board/?day={monday}")
    page.locator(".tray-chip").wait_for()
    return visit


def test_the_board_without_a_connection_says_so_and_goes_on_later(page, board):
    panel, chip = page.locator("#board-panel"), page.locator(f"#v-{board.uuid}")
    page.context.set_offline(True)
    chip.click()
    expect(page.get_by_role("alert")).to_contain_text(NO_CONNECTION)
    expect(panel).to_be_hidden()

    page.context.set_offline(False)
    chip.click()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.context.set_offline(True)
    panel.get_by_role("button", name="Lock this pair").click()
    expect(page.get_by_role("alert")).to_contain_text(NO_CONNECTION)
    assert not Visit.objects.get().locked

    page.context.set_offline(False)
    panel.get_by_role("button", name="Lock this pair").click()
    expect(panel.get_by_role("button", name="Give this pair free")).to_be_enabled()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_dialog_says_inside_of_it_what_did_not_come_through(page, board):
    page.locator(".tray-chip").click()
    dialog = page.locator("dialog[open]")
    expect(dialog.locator(".panel-row")).to_be_visible()
    dialog.get_by_label("Host in Leeds").select_option(index=1)
    page.context.set_offline(True)
    dialog.get_by_role("button", name="Propose this visit").click()
    expect(dialog.get_by_role("alert")).to_contain_text(NO_CONNECTION)
    expect(dialog.get_by_role("button", name="Propose this visit")).to_be_focused()


def test_a_survey_without_a_connection_is_kept_and_sent_later(page, live_server):
    """A form of a whole page: the browser's own page of a lost connection never comes."""
    survey_round = HostingRoundFactory.create(hosts=4)
    user = survey_round.invitations.order_by("user_id").first().user
    url = make_link(purpose="surveys.answer", subject=f"round:{survey_round.pk}", user=user, now=timezone.now())
    page.goto(live_server.url + url[url.index("/surveys/") :])
    for group in page.locator("[data-page]").nth(0).locator("fieldset").all():
        group.locator("label").last.click()
    page.get_by_role("button", name="Next").click()
    page.locator("[data-page]:visible textarea").first.fill("Fewer screens.")
    page.context.set_offline(True)
    page.locator("[data-send]").click()
    expect(page.get_by_role("alert")).to_contain_text(NO_CONNECTION)
    expect(page.locator("[data-page]:visible textarea").first).to_have_value("Fewer screens.")

    page.context.set_offline(False)
    page.locator("[data-send]").click()
    expect(page.locator("[data-finished]")).to_be_attached()
    assert Response.objects.count() == 1
