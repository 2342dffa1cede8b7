"""A regroup in a browser, on a desk and on a phone: notes grouped by key and by form, one shared issue, two people at once."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from issues.models import Issue
from shadowing.models import RegroupGroup, SeasonState
from tests.browser.conftest import fits
from tests.factories import (
    ExecutiveFactory,
    FloorNoteFactory,
    HostFactory,
    SeasonFactory,
    SiteFactory,
    TeamFactory,
    UserFactory,
    VisitFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 360, "height": 760}


@pytest.fixture(autouse=True)
def _addresses(settings, live_server):
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]


@pytest.fixture
def world():
    """A day with two held visits in two teams, each with a note."""
    today, site = timezone.now().date(), SiteFactory(name="Leeds", slug="leeds", time_zone="UTC")
    season = SeasonFactory(
        sites=[site],
        state=SeasonState.PUBLISHED,
        starts_on=today - timedelta(days=3),
        ends_on=today + timedelta(days=9),
    )
    names = [("Anneke Vos", "Maya Rowntree", "Billing Care"), ("Lena Svensson", "Sofia Leal", "Retail")]
    visits = [
        VisitFactory(
            held=True, season=season, date=today, executive=ExecutiveFactory(user__name=executive),
            host=HostFactory(user__name=host, team=TeamFactory(site=site, name=team)),
        )
        for executive, host, team in names
    ]  # fmt: skip
    for visit in visits:
        FloorNoteFactory(visit=visit, text=f"The address is asked twice in {visit.host.team.name}.")
    coordinator = UserFactory(name="Cora Coordinator", role="coordinator")
    return SimpleNamespace(today=today, visits=visits, coordinator=coordinator, path=f"/visit-days/leeds/{today}/")


@pytest.fixture
def enter(page, live_server, settings):
    """``enter(person)``: signed in without the form."""

    def sign_in(person) -> None:
        client = Client()
        client.force_login(person)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])

    return sign_in


def group_called(page, name):
    return page.locator("article.group").filter(has=page.get_by_role("heading", name=name))


def test_from_notes_to_one_shared_issue(page, enter, world, assert_accessible):
    """Given a note of each team; when the coordinator groups both and makes them Lena's issue; then it settles her visit."""
    enter(world.coordinator)
    page.goto(world.path)
    page.get_by_role("link", name="Open the regroup").click()
    expect(page.get_by_role("heading", name="Regroup in Leeds")).to_be_visible()
    assert_accessible(page)

    page.keyboard.press("g")  # the first note
    expect(page.locator(".note-chip select").first).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    group = group_called(page, "asked twice in Billing Care")
    expect(group).to_contain_text("Seen in 1 of 2 teams")

    page.locator(".note-chip summary").first.click()
    page.locator(".note-chip select").first.select_option(label="The address is asked twice in Billing Care.")
    page.locator(".note-chip").first.get_by_role("button", name="Put it there").click()
    expect(group).to_contain_text("Seen in 2 of 2 teams")
    expect(page.get_by_text("Every note lies in a group.")).to_be_visible()

    group.locator(".group-change summary").click()
    group.get_by_label("Name").fill("The address is asked twice")
    group.get_by_role("button", name="Rename").click()
    group = group_called(page, "The address is asked twice")
    expect(group.get_by_role("heading")).to_be_focused()
    assert_accessible(page)

    make_issue(page, group, world, assert_accessible)


def make_issue(page, group, world, assert_accessible):
    group.get_by_role("link", name="Make it one issue").click()
    expect(page.get_by_role("heading", name="Whose issue is “The address is asked twice”?")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Who makes it their own?").select_option(label="Lena Svensson")
    page.locator("[name=promise]").fill("Sofia, by spring you type it once.")
    page.locator("[name=target_date]").fill((world.today + timedelta(days=60)).isoformat())
    page.get_by_role("button", name="Make it their issue").click()
    expect(page.locator("h1")).to_have_text("The address is asked twice")
    issue = Issue.objects.get()
    assert (issue.owner, issue.origin_visit) == (world.visits[1].executive, world.visits[1])

    page.goto(f"{world.path}regroup/")
    expect(page.get_by_role("link", name=f"Issue {issue.number}")).to_be_visible()


def test_on_a_phone_it_fits_and_works(page, enter, world, assert_accessible):
    """Given a phone; when the executive names a group and puts the note of their own visit in; then others' stay unread."""
    page.set_viewport_size(PHONE)
    enter(world.visits[0].executive.user)
    page.goto(f"{world.path}regroup/")
    page.get_by_label("What do these notes have in common?").fill("Asked twice")
    page.get_by_role("button", name="New group").click()
    group = group_called(page, "Asked twice")
    expect(group).to_be_visible()
    page.locator(".note-chip summary").first.click()
    page.locator(".note-chip").first.get_by_role("button", name="Put it there").click()
    expect(group).to_contain_text("Seen in 1 of 2 teams")
    group.locator(".group-change summary").click()
    expect(group.get_by_label("Name")).to_be_visible()

    assert fits(page)
    assert_accessible(page)
    expect(page.get_by_text("asked twice in Retail")).to_have_count(0)


def test_the_second_of_two_is_told(page, enter, world):
    """Given an open page; when somebody else settles the group meanwhile; then a press on it changes nothing and says so."""
    enter(world.coordinator)
    page.goto(f"{world.path}regroup/")
    page.get_by_label("What do these notes have in common?").fill("Asked twice")
    page.get_by_role("button", name="New group").click()
    group = group_called(page, "Asked twice")
    expect(group).to_contain_text("To be discussed")
    RegroupGroup.objects.update(name="Asked thrice", version=4)

    group.get_by_role("button", name="Discussed, no issue").click()

    expect(page.get_by_role("alert")).to_contain_text("Somebody changed “Asked thrice”")
    expect(group_called(page, "Asked thrice")).to_contain_text("To be discussed")
    assert RegroupGroup.objects.get().outcome == "open"
