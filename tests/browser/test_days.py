"""Naming days in a browser, on a phone and on a desk: tap, keyboard, paste, file, the link of a message, no scripts."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from notifications.links import make_link
from shadowing.models import SeasonExecutive, SeasonHost, SeasonState, UnavailableDay, Willing
from tests.browser.conftest import fits
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

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, DESK = {"width": 360, "height": 760}, {"width": 1280, "height": 900}


@pytest.fixture(autouse=True)
def _addresses(settings, live_server):
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]


@pytest.fixture
def world():
    """A season whose first day is the Monday of the second week of a month in autumn or spring, far enough ahead."""
    first = (timezone.now().date().replace(day=1) + timedelta(days=75)).replace(day=8)
    monday = first + timedelta(days=-first.weekday() % 7)
    leeds, pune = SiteFactory(name="Leeds", visits_a_day=2), SiteFactory(name="Pune", visits_a_day=1)
    season = SeasonFactory(
        slug="spring", name="Spring", sites=[leeds, pune], state=SeasonState.COLLECTING, starts_on=monday,
        ends_on=monday + timedelta(days=11),
    )  # fmt: skip
    executive = ExecutiveFactory(user__name="Anneke Vos", home_site=leeds)
    SeasonExecutiveFactory(season=season, executive=executive)
    host = HostFactory(user__name="Priya Nair", team=TeamFactory(site=leeds))
    SeasonHostFactory(season=season, host=host, willing="not_asked")
    coordinator = UserFactory(name="Cora Coordinator", role="coordinator")
    return SimpleNamespace(season=season, monday=monday, executive=executive, host=host, coordinator=coordinator)


@pytest.fixture
def enter(page, live_server, settings):
    """``enter(person)``: signed in without the form."""

    def sign_in(person):
        client = Client()
        client.force_login(person)
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    return sign_in


def cell(page, day):
    return page.locator(f"#turn-{day}")


def days_of(person):
    return sorted(UnavailableDay.objects.filter(user=person).values_list("date", flat=True))


def small_targets(page):
    """Controls of the month smaller than a fingertip."""
    sizes = page.locator("[data-days] :is(button, a)").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(box => [box.width, box.height])"
    )
    return [size for size in sizes if min(size) < 44]


def test_days_are_tapped_on_a_phone(page, world, enter, assert_accessible):
    enter(world.executive.user)
    page.set_viewport_size(PHONE)
    page.goto("/availability/")
    assert fits(page)
    assert small_targets(page) == []
    tapped = cell(page, world.monday)
    tapped.click()
    expect(cell(page, world.monday)).to_have_attribute("aria-pressed", "true")
    assert days_of(world.executive.user) == [world.monday]
    cell(page, world.monday).click()
    expect(page.locator(f"#day-{world.monday}")).to_have_class(re.compile("day-preferred"))
    expect(page.locator("#days-said")).to_contain_text("1 of 3")
    for shift in (1, 2, 3):  # quickly, one after the other
        cell(page, world.monday + timedelta(days=shift)).click()
    for shift in (1, 2, 3):
        expect(cell(page, world.monday + timedelta(days=shift))).to_have_attribute("aria-pressed", "true")
    assert len(days_of(world.executive.user)) == 3
    assert_accessible(page)


def test_a_week_is_marked_and_cleared(page, world, enter):
    enter(world.executive.user)
    page.set_viewport_size(PHONE)
    page.goto("/availability/")
    week = page.locator(f"#turn-week-{world.monday}")
    week.click()
    expect(week).to_contain_text("Clear")
    assert len(days_of(world.executive.user)) == 5
    expect(week).to_be_focused()
    week.click()
    expect(week).to_contain_text("Week")
    assert days_of(world.executive.user) == []


def test_the_keyboard_walks_the_month(page, world, enter):
    enter(world.executive.user)
    page.goto("/availability/")
    cell(page, world.monday).focus()
    page.keyboard.press("ArrowRight")
    expect(cell(page, world.monday + timedelta(days=1))).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(cell(page, world.monday + timedelta(days=8))).to_be_focused()
    page.keyboard.press("Space")
    expect(cell(page, world.monday + timedelta(days=8))).to_have_attribute("aria-pressed", "true")
    expect(cell(page, world.monday + timedelta(days=8))).to_be_focused()
    page.keyboard.press("Home")
    expect(cell(page, world.monday + timedelta(days=7))).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator(f"#turn-week-{world.monday + timedelta(days=7)}")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    expect(cell(page, world.monday + timedelta(days=4))).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Every other day will do")).to_be_focused()
    expect(page.locator("[data-days] [tabindex='0']")).to_have_count(1)


def test_pasted_days_are_shown_before_they_are_marked(page, world, enter):
    enter(world.executive.user)
    page.goto("/availability/")
    page.get_by_label("Or paste days").fill(f"{world.monday:%-d %B}\nsoon")
    page.get_by_role("button", name="Show what it marks").click()
    expect(page.locator("main")).to_contain_text("Line 2: “soon” is no date")
    page.get_by_label("Or paste days").fill(f"{world.monday:%-d %B} – {world.monday + timedelta(days=2):%-d %B}")
    page.get_by_role("button", name="Show what it marks").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3 days would be marked")
    expect(page.locator("main")).to_contain_text("3 of them are visit days")
    assert days_of(world.executive.user) == []
    page.get_by_role("button", name="Mark these days").click()
    expect(cell(page, world.monday)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Take back").click()
    expect(cell(page, world.monday)).to_have_attribute("aria-pressed", "false")


def test_a_calendar_file_is_taken_over(page, world, enter):
    enter(world.executive.user)
    page.set_viewport_size(PHONE)
    page.goto("/availability/")
    event = f"BEGIN:VEVENT\r\nSUMMARY:Board\r\nDTSTART;VALUE=DATE:{world.monday:%Y%m%d}\r\nEND:VEVENT"
    text = f"BEGIN:VCALENDAR\r\n{event}\r\nEND:VCALENDAR\r\n"
    page.get_by_label("Calendar file").set_input_files(
        {"name": "my.ics", "mimeType": "text/calendar", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Show what it marks").click()
    page.get_by_role("button", name="Mark these days").click()
    expect(cell(page, world.monday)).to_contain_text("from the calendar file")
    assert fits(page)


def test_an_executive_names_days_from_a_message(page, world, assert_accessible):
    url = make_link(
        purpose="shadowing.days", subject=f"season:{world.season.pk}", user=world.executive.user, now=timezone.now()
    )
    page.set_viewport_size(PHONE)
    page.goto(url)
    assert fits(page)
    assert small_targets(page) == []
    assert_accessible(page)
    cell(page, world.monday).click()
    expect(cell(page, world.monday)).to_have_attribute("aria-pressed", "true")
    page.locator(f"#turn-week-{world.monday + timedelta(days=7)}").click()
    expect(cell(page, world.monday + timedelta(days=8))).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Every other day will do").click()
    expect(page.locator("main")).to_contain_text("Named on")
    assert len(days_of(world.executive.user)) == 6
    assert SeasonExecutive.objects.get().answered_by == world.executive.user


def test_a_host_says_yes_and_names_days_from_a_message(page, world, assert_accessible):
    url = make_link(
        purpose="shadowing.host", subject=f"season:{world.season.pk}", user=world.host.user, now=timezone.now()
    )
    page.set_viewport_size(PHONE)
    page.goto(url)
    page.get_by_label("Visits you can take").select_option("2")
    page.get_by_role("button", name="Yes, I would").click()
    expect(page.locator("main")).to_contain_text("at most 2 visits")
    cell(page, world.monday).click()
    expect(cell(page, world.monday)).to_have_attribute("aria-pressed", "true")
    assert SeasonHost.objects.get().willing == Willing.YES
    assert_accessible(page)
    assert fits(page)


def test_without_scripts_every_day_is_a_button(browser, world, live_server, base_url):
    url = make_link(
        purpose="shadowing.days", subject=f"season:{world.season.pk}", user=world.executive.user, now=timezone.now()
    )
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(url)
    cell(page, world.monday).click()
    expect(cell(page, world.monday)).to_have_attribute("aria-pressed", "true")
    page.locator(f"#turn-week-{world.monday}").click()
    expect(page.locator(f"#turn-week-{world.monday}")).to_contain_text("Clear")
    context.close()
    assert len(days_of(world.executive.user)) == 5


def test_an_own_visit_is_a_link(page, world, enter):
    visit = VisitFactory(
        confirmed=True, executive=world.executive, host=world.host, season=world.season, date=world.monday
    )
    enter(world.executive.user)
    page.goto("/availability/")
    cell(page, world.monday).click()
    expect(page).to_have_url(re.compile(visit.get_absolute_url()))


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_coordinator_sees_where_it_is_short_and_who_can(page, world, enter, assert_accessible, size):
    enter(world.coordinator)
    page.set_viewport_size(size)
    page.goto("/seasons/spring/days/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hosts are short on 20 of 20 site days")
    assert fits(page)
    assert_accessible(page)
    expect(page.get_by_role("columnheader", name="Pune")).to_have_count(int(size == DESK))
    page.get_by_role("link", name="Pune").first.click()
    expect(page.get_by_role("columnheader", name="Pune")).to_be_visible()
    page.locator(".heat-day").first.click()
    page.get_by_role("link", name="Executives who can 1").click()
    expect(page.locator("table")).to_contain_text("Anneke Vos")
    assert fits(page)
    assert_accessible(page)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_coordinator_reminds_and_takes_people_in(page, world, enter, assert_accessible, size):
    enter(world.coordinator)
    late = ExecutiveFactory(user__name="Lee Late").user
    page.set_viewport_size(size)
    page.goto("/seasons/spring/people/?list=executives")
    assert_accessible(page)
    assert fits(page)
    page.get_by_label("Number or e-mail").fill(late.email)
    page.get_by_role("button", name="Take them in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 executives, 2 have not answered")
    page.get_by_label("Remind Anneke Vos").check()
    page.get_by_role("button", name="Remind those ticked").click()
    expect(page.get_by_text("1 person is asked again")).to_be_visible()
    page.get_by_role("button", name="Remind all 2").click()
    expect(page.get_by_text("1 is left out")).to_be_visible()
