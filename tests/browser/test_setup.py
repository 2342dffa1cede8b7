"""A season set up in one sitting, from an empty program to its review: with the mouse, by keyboard alone, without scripts."""

import os
import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from people.models import Site
from shadowing.models import Season, SeasonState
from tests.browser.conftest import AT_REST, fits, sign_in_by_form
from tests.factories import (
    ExecutiveFactory,
    HostFactory,
    SeasonFactory,
    SiteFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = {"desktop": 1280, "tablet": 820}


@pytest.fixture
def coordinator(db):
    return UserFactory(name="Ines Holm", role="coordinator")


@pytest.fixture
def looks_right(page, assert_accessible):
    """No axe-core violation, no sideways scrolling here and on a phone; a picture when PICTURES names a folder."""

    def check(name):
        size = page.viewport_size
        assert_accessible(page)
        for width in (360, size["width"]):
            page.set_viewport_size({"width": width, "height": 900})
            assert fits(page), f"{name} at {width}"
            if folder := os.environ.get("PICTURES"):
                page.screenshot(path=Path(folder) / f"setup-{name}-{width}.png", full_page=True)

    return check


def on_step(page: Page, heading: str) -> None:
    expect(page.locator("h1")).to_have_text(heading)
    page.wait_for_load_state()


@pytest.mark.parametrize("screen", WIDTHS)
def test_from_an_empty_program_to_the_review(page, coordinator, looks_right, screen):
    page.set_viewport_size({"width": WIDTHS[screen], "height": 900})
    page.emulate_media(color_scheme="dark" if screen == "tablet" else "light")
    sign_in_by_form(page, coordinator)
    page.goto("/seasons/")
    page.get_by_role("link", name="Set up a season").first.click()
    on_step(page, "What it is called and when it runs")
    looks_right(f"window-{screen}")
    page.get_by_label("Name of the season").fill("Spring 2027")
    page.get_by_label("First day").fill("2027-03-22")
    page.get_by_label("Last day").fill("2027-03-01")
    page.get_by_role("button", name="Save and go on").last.click()
    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_label("Last day").fill("2027-04-02")
    page.get_by_role("button", name="Save and go on").last.click()

    on_step(page, "Where visits take place")
    page.get_by_label("Name of the new site").fill("Leeds")
    page.get_by_label("Time zone").fill("Europe/London")
    page.get_by_label("Visits a day").fill("3")
    page.get_by_label("Country, for its public holidays").select_option(label="United Kingdom")
    page.get_by_role("button", name="Add it and stay here").click()
    expect(page.locator("#places strong")).to_have_text("27")  # Good Friday is closed
    page.get_by_text("Open weekend days or holidays").click()
    page.get_by_label("Good Friday").check()
    expect(page.locator("#places strong")).to_have_text("30")
    page.get_by_label("Visits a day Leeds").fill("4")
    expect(page.locator("#places strong")).to_have_text("40")
    looks_right(f"sites-{screen}")
    people_of(Site.objects.get())
    page.get_by_role("button", name="Save and go on").last.click()

    on_step(page, "Who may visit whom")
    expect(page.locator("#effect-host_min_tenure_months")).to_have_text("Off: all 3 hosts may take part.")
    page.get_by_label("Least tenure of a host, in months").fill("6")
    expect(page.locator("#effect-host_min_tenure_months")).to_contain_text("Leaves 2 of 3 hosts.")
    page.get_by_label("Days between two visits of one host").fill("12")
    expect(page.locator("#effect-days_between_host_visits")).to_contain_text("Hosts can take 2 visits in the window.")
    expect(page.locator("#effect-together")).to_contain_text("All rules together leave 6 of 9 pairs.")
    looks_right(f"rules-{screen}")
    page.get_by_role("button", name="Save and go on").last.click()

    on_step(page, "How the day goes")
    page.get_by_role("button", name="Part 2 earlier").click()
    expect(page.locator(".day-parts li").first).to_contain_text("09:00 – 11:00")
    page.get_by_label("From").nth(1).fill("10:30")
    expect(page.locator(".day-parts")).to_contain_text("begins before the one above ends")
    page.get_by_label("From").nth(1).fill("11:00")
    expect(page.locator(".day-parts")).not_to_contain_text("begins before")
    looks_right(f"agenda-{screen}")
    page.get_by_role("button", name="Save and go on").last.click()

    on_step(page, "Reminders and questionnaires")
    page.get_by_label("Take-away owed").fill("2, 5")
    looks_right(f"reminders-{screen}")
    page.get_by_role("button", name="Save and go on").last.click()

    on_step(page, "Spring 2027, as you set it up")
    expect(page.locator("main")).to_contain_text("Take-away owed: 2 and 5 days after.")
    expect(page.locator("main")).to_contain_text("Leeds takes 4 visits a day on 10 days.")
    looks_right(f"review-{screen}")
    page.get_by_role("link", name="Delete this draft").click()
    expect(page.get_by_role("dialog")).to_contain_text("Delete Spring 2027?")
    looks_right(f"delete-{screen}")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("button", name="Ask for days").click()
    expect(page.locator("main")).to_contain_text("asks for days now")
    assert Season.objects.get().state == SeasonState.COLLECTING


def people_of(site):
    """Two hosts of long standing, one new; three executives."""
    team = TeamFactory(site=site)
    for day in (date(2020, 1, 1), date(2021, 1, 1), date(2027, 2, 1)):
        HostFactory(team=team, hired_on=day)
    ExecutiveFactory.create_batch(3)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until something with this accessible name has the focus, which a part swapped in takes when it settles."""
    page.wait_for_function(AT_REST)
    for _ in range(80):
        page.keyboard.press("Tab")
        if re.search(name, page.evaluate(NAME)):
            return
    raise AssertionError(f"Tab never reaches {name}")


NAME = """() => {
  const at = document.activeElement;
  if (at === document.body) return ""; // nothing has it: all the words of the page are no name
  const labels = at.labels ? [...at.labels].map((label) => label.textContent) : [];
  const own = at.tagName === "INPUT" ? "" : at.textContent;
  return [at.getAttribute("aria-label") || "", ...labels, own].join(" ").replace(/\\s+/g, " ");
}"""


@pytest.mark.parametrize("screen", WIDTHS)
def test_by_keyboard_alone(page, coordinator, screen):
    page.set_viewport_size({"width": WIDTHS[screen], "height": 900})
    people_of(SiteFactory(name="Leeds", slug="leeds", visits_a_day=3))
    SeasonFactory(name="Spring 2026", slug="spring-2026", sites=[Site.objects.get()],
                  starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 13))  # fmt: skip
    sign_in_by_form(page, coordinator)
    page.goto("/seasons/new/")
    press(page, "^ ?Spring 2026")
    page.wait_for_url("**/?copy=spring-2026")
    tab_to(page, "Name of the season")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Our own spring")
    page.keyboard.press("Enter")  # Enter in a field saves and goes on

    on_step(page, "Where visits take place")
    tab_to(page, "Visits a day Leeds")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("5")
    expect(page.locator("#places strong")).to_have_text("50")
    press(page, "Save and go on")

    on_step(page, "Who may visit whom")
    tab_to(page, "different business units")
    page.keyboard.press("Space")
    expect(page.locator("#effect-other_business_unit")).to_contain_text("Leaves")
    press(page, "Save and go on")

    on_step(page, "How the day goes")
    press(page, "Add a part")
    expect(page.locator(".setup-part")).to_have_count(6)
    press(page, "Remove ?part 6")
    expect(page.locator(".setup-part")).to_have_count(5)
    press(page, "Save and go on")

    on_step(page, "Reminders and questionnaires")
    tab_to(page, "Hosting survey")
    page.keyboard.press("Space")
    press(page, "Save and go on")

    on_step(page, "Our own spring, as you set it up")
    expect(page.locator("main")).to_contain_text("No questionnaire is asked.")
    press(page, "Ask for days")
    expect(page.locator("main")).to_contain_text("asks for days now")
    season = Season.objects.get(name="Our own spring")
    assert (season.other_business_unit, season.questionnaires, season.season_sites.get().visits_a_day) == (True, [], 5)


def press(page: Page, name: str) -> None:
    tab_to(page, name)
    page.keyboard.press("Enter")


def test_without_scripts(browser, browser_context_args, coordinator):
    """Given a browser that runs no script, every step is saved and counted all the same."""
    SiteFactory(name="Leeds", slug="leeds", visits_a_day=3)
    context = browser.new_context(**browser_context_args | {"java_script_enabled": False})
    page = context.new_page()
    sign_in_by_form(page, coordinator)
    page.goto("/seasons/new/")
    page.get_by_label("Name of the season").fill("Spring 2027")
    page.get_by_label("First day").fill("2027-03-01")
    page.get_by_label("Last day").fill("2027-03-12")
    page.get_by_role("button", name="Save and go on").last.click()
    page.get_by_label("Leeds").first.check()
    page.get_by_role("button", name="Count again").click()
    expect(page.locator("#places strong")).to_have_text("30")
    page.get_by_role("button", name="Save and go on").last.click()
    page.get_by_label("Least tenure of a host, in months").fill("6")
    page.get_by_role("button", name="Count again").click()
    expect(page.locator("#effect-host_min_tenure_months")).to_have_text("Leaves 0 of 0 hosts.")
    page.get_by_role("button", name="Save and go on").last.click()
    page.get_by_role("button", name="Add a part").click()
    expect(page.locator(".setup-part")).to_have_count(6)
    page.get_by_role("button", name="Save and leave").click()
    on_step(page, "Spring 2027")
    page.get_by_role("link", name="Delete this draft").click()
    page.get_by_role("button", name="Delete the draft").click()
    expect(page.locator("main")).to_contain_text("Spring 2027 is deleted.")
    context.close()
