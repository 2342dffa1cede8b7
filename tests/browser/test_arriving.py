"""What arrives by itself, or while one types, moves no button away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from shadowing.models import Plan, PlanState, SeasonState
from tests.factories import (
    FloorNoteFactory,
    IssueFactory,
    RegroupGroupFactory,
    SeasonFactory,
    SiteFactory,
    UserFactory,
    VisitFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


# As it does by itself every quarter of a minute
ASK = """() => {
    const news = document.getElementById("regroup-news");
    return htmx.ajax("GET", news.getAttribute("hx-get"), { target: news, swap: "outerHTML" });
}"""


@pytest.fixture
def open_page(page, live_server, settings):
    """``open_page(person, address, size)``: signed in without the form."""

    def go(person, address, size=DESKTOP):
        client = Client()
        client.force_login(person)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        page.set_viewport_size(size)
        page.goto(address)
        return page

    return go


def place(page, locator):
    """Where it stands in the page, however far that is scrolled."""
    page.wait_for_load_state()
    return locator.evaluate("each => [each.getBoundingClientRect().x, each.getBoundingClientRect().y + scrollY]")


@pytest.fixture
def visit():
    """A held visit of today, whose take-away is owed."""
    today, site = timezone.now().date(), SiteFactory(name="Leeds", slug="leeds", time_zone="UTC")
    window = {"starts_on": today - timedelta(days=3), "ends_on": today + timedelta(days=9)}
    season = SeasonFactory(sites=[site], state=SeasonState.PUBLISHED, **window)
    return VisitFactory(held=True, season=season, site=site, date=today, host__team__site=site)


@SIZES
def test_earlier_issues_found_while_one_types_move_nothing_of_the_form(open_page, visit, size, assert_accessible):
    IssueFactory(title="Refunds need two screens")
    page = open_page(UserFactory(role="coordinator"), f"/issues/take-away/{visit.uuid}/", size)
    button, promise = page.get_by_role("button", name="Take it away"), page.locator("[name=promise]")
    before = place(page, button), place(page, promise)
    page.locator("[name=title]").fill("Refunds on two screens")
    hint = page.get_by_role("link", name="1 earlier issue is like it")
    expect(hint).to_be_visible()
    expect(page.locator("#similar")).to_contain_text("Refunds need two screens")
    assert (place(page, button), place(page, promise)) == before
    assert_accessible(page)
    hint.click()
    expect(page.get_by_role("radio", name="Refunds need two screens")).to_be_in_viewport()


@SIZES
def test_news_of_a_regroup_moves_nothing(open_page, visit, size, assert_accessible):
    RegroupGroupFactory(day__site=visit.site, day__date=visit.date, name="Asked twice")
    page = open_page(UserFactory(role="coordinator"), f"/visit-days/leeds/{visit.date}/regroup/", size)
    button = page.get_by_role("button", name="Discussed, no issue")
    before = place(page, button)
    FloorNoteFactory(visit=visit)
    page.evaluate(ASK)
    expect(page.get_by_role("link", name="Show it as it is now")).to_be_visible()
    assert place(page, button) == before
    assert_accessible(page)


def test_the_button_that_stops_a_solve_stays_while_its_figures_change(open_page):
    """A press that lands between two looks would meet a button that is no more."""
    season = SeasonFactory(slug="spring", state=SeasonState.COLLECTING)
    plan = Plan.objects.create(season=season, number=1, state=PlanState.SOLVING, asked_at=timezone.now())
    page = open_page(UserFactory(role="coordinator"), "/seasons/spring/plan/")
    stop = page.get_by_role("button", name="Stop and keep the best so far")
    stop.focus()
    stop.evaluate("each => { window.stop = each }")
    before = place(page, stop)
    Plan.objects.filter(pk=plan.pk).update(
        fraction=0.5, progress={"stage": "days", "placed": 8, "objective": 10.0, "bound": 12.5}
    )
    expect(page.locator(".progress-moves")).to_contain_text("8 placed")
    assert page.evaluate("window.stop.isConnected")
    expect(stop).to_be_focused()
    assert place(page, stop) == before
