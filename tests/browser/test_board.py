"""The season board in a browser: by mouse, by finger, by keys alone, without scripts, and with two people at once."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from shadowing.models import PairRule, SeasonState, Visit, VisitState
from tests.factories import (
    SeasonExecutiveFactory,
    SeasonFactory,
    SeasonHostFactory,
    SiteFactory,
    TeamFactory,
    UserFactory,
    VisitFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
DESKTOP, TABLET, PHONE = ({"width": w, "height": h} for w, h in [(1280, 900), (820, 1100), (360, 740)])


@pytest.fixture
def monday():
    """Monday of the week after next."""
    today = timezone.localdate()
    return today + timedelta(days=14 - today.weekday())


@pytest.fixture
def leeds(transactional_db):
    return SiteFactory(name="Leeds", slug="leeds", visits_a_day=2)


@pytest.fixture
def season(leeds, monday):
    sites = [leeds, SiteFactory(name="Pune", slug="pune")]
    window = {"starts_on": monday, "ends_on": monday + timedelta(days=11)}
    return SeasonFactory(name="Spring", slug="spring", sites=sites, state=SeasonState.PLANNED, **window)


@pytest.fixture
def book(season, leeds, monday):
    """``book("Lucia Marchetti", "Priya Nair", day=1)``: a visit on that day of the week, 0 for Monday."""

    def make(executive, host, *, day=1, site=leeds, **options):
        people = {"executive__user__name": executive, "host__user__name": host, "host__team": TeamFactory(site=site)}
        visit = VisitFactory(season=season, date=monday + timedelta(days=day), **people | options)
        SeasonExecutiveFactory(season=season, executive=visit.executive)
        SeasonHostFactory(season=season, host=visit.host, max_visits=3)
        return visit

    return make


@pytest.fixture
def enter(base_url):
    """``enter(page)``: a coordinator's session in that browser."""

    def sign_in(page, name="Cora Coordinator"):
        client = Client()
        client.force_login(UserFactory(name=name, role="coordinator"))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base_url}])

    return sign_in


@pytest.fixture
def board(page, enter, season, monday):
    """``board()``: the page, signed in and loaded."""

    def go(size=DESKTOP, query="", window=page, name="Cora Coordinator"):
        enter(window, name)
        window.set_viewport_size(size)
        window.goto(f"/seasons/spring/board/?day={monday}{query}")
        window.locator(".tray, #board-tray .nothing").first.wait_for()
        return window

    return go


def chip(page, visit):
    return page.locator(f"#v-{visit.uuid}")


def cell(page, visit_or_site, day):
    return page.locator(f"td[data-site='{getattr(visit_or_site, 'slug', 'leeds')}'][data-day='{day}']")


def reload(visit):
    return Visit.objects.get(pk=visit.pk)


@pytest.mark.parametrize("size", [DESKTOP, TABLET], ids=["desktop", "tablet"])
def test_a_chip_is_dragged_and_taken_back(board, book, leeds, monday, size):
    visit = book("Lucia Marchetti", "Priya Nair", day=0)
    page, wednesday = board(size), monday + timedelta(days=2)

    chip(page, visit).drag_to(cell(page, leeds, wednesday))

    expect(cell(page, leeds, wednesday).locator(f"#v-{visit.uuid}")).to_be_visible()
    expect(cell(page, leeds, monday).locator(".chip")).to_have_count(0)
    expect(page.locator(".toasts")).to_contain_text("Lucia Marchetti comes on")
    assert reload(visit).date == wednesday
    page.locator(".toasts").get_by_role("button", name="Undo").click()
    expect(cell(page, leeds, monday).locator(f"#v-{visit.uuid}")).to_be_visible()
    assert reload(visit).date == monday


def test_while_it_is_lifted_cells_say_what_stands_against_them(board, book, leeds, monday):
    visit = book("Lucia Marchetti", "Priya Nair", day=0)
    book("Ada One", "Hana One", day=2), book("Ada Two", "Hana Two", day=2)
    page = board()
    page.mouse.move(0, 0)
    chip(page, visit).hover()
    page.mouse.down()
    cell(page, leeds, monday + timedelta(days=1)).hover()
    expect(cell(page, leeds, monday + timedelta(days=2))).to_have_attribute("data-against", "full")
    cell(page, leeds, monday + timedelta(days=2)).hover(position={"x": 10, "y": 10})  # its head, not one of its chips
    page.mouse.up()
    expect(page.locator("#board-note")).to_contain_text("is full.")
    assert reload(visit).date == monday


def test_an_invited_visit_asks_first_who_is_told(board, book, leeds, monday):
    visit = book("Lucia Marchetti", "Priya Nair", day=0, confirmed=True)
    page = board()
    chip(page, visit).drag_to(cell(page, leeds, monday + timedelta(days=3)))
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("Nobody is told before you confirm.")
    dialog.get_by_role("button", name="Keep it").click()
    assert reload(visit).date == monday
    chip(page, visit).drag_to(cell(page, leeds, monday + timedelta(days=3)))
    dialog.get_by_role("button", name="Move it and tell both").click()
    expect(cell(page, leeds, monday + timedelta(days=3)).locator(f"#v-{visit.uuid}")).to_be_visible()
    expect(dialog).to_have_count(0)
    assert reload(visit).state == VisitState.INVITED


def test_two_chips_are_swapped(board, book, monday):
    one, two = book("Ada One", "Hana One", day=0), book("Bea Two", "Hugo Two", day=2)
    page = board()
    chip(page, one).drag_to(chip(page, two))
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("Swap Ada One and Bea Two?")
    dialog.get_by_role("button", name="Swap them").click()
    expect(page.locator(".toasts")).to_contain_text("Swapped.")
    assert [reload(one).date, reload(two).date] == [monday + timedelta(days=2), monday]


@pytest.mark.parametrize("size", [DESKTOP, TABLET], ids=["desktop", "tablet"])
def test_everything_goes_by_keys_alone(board, book, leeds, monday, size):
    first = book("Ada One", "Hana One", day=0)
    second = book("Bea Two", "Hugo Two", day=1)
    page = board(size)
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('chip')"):
            break
    expect(chip(page, first)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(chip(page, second)).to_be_focused()

    page.keyboard.press("l")
    expect(chip(page, second).locator(".chip-marks")).to_contain_text("locked")
    expect(chip(page, second)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#board-panel h2")).to_have_text("Bea Two with Hugo Two")
    expect(page.locator("#board-panel h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(chip(page, second)).to_be_focused()

    page.keyboard.press("m")
    expect(page.locator("#board-live")).to_contain_text("Moving Bea Two, Hugo Two.")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#board-live")).to_contain_text("Leeds, Wed")
    page.keyboard.press("Escape")
    assert reload(second).date == monday + timedelta(days=1)
    page.keyboard.press("m")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(cell(page, leeds, monday + timedelta(days=3)).locator(f"#v-{second.uuid}")).to_be_focused()
    page.keyboard.press("u")
    expect(cell(page, leeds, monday + timedelta(days=1)).locator(f"#v-{second.uuid}")).to_be_focused()
    assert reload(second).locked


def test_a_finger_that_rests_lifts_a_chip(board, book, leeds, monday, browser, base_url):
    visit = book("Lucia Marchetti", "Priya Nair", day=0)
    context = browser.new_context(base_url=base_url, has_touch=True, viewport=TABLET)
    page = board(TABLET, window=context.new_page())
    start, end = chip(page, visit).bounding_box(), cell(page, leeds, monday + timedelta(days=2)).bounding_box()
    finger = context.new_cdp_session(page)

    def touch(kind, box):
        points = [{"x": box["x"] + 20, "y": box["y"] + 12}] if box else []
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", start)
    expect(chip(page, visit)).to_have_class("chip chip-lifted")
    touch("touchMove", end)
    touch("touchEnd", None)
    expect(cell(page, leeds, monday + timedelta(days=2)).locator(f"#v-{visit.uuid}")).to_be_visible()
    assert reload(visit).date == monday + timedelta(days=2)
    context.close()


@pytest.mark.parametrize("size", [DESKTOP, TABLET], ids=["desktop", "tablet"])
def test_the_panel_locks_rules_out_and_lists_the_next_best(board, book, season, leeds, size, assert_accessible):
    visit = book("Lucia Marchetti", "Priya Nair")
    SeasonHostFactory(season=season, host__team=TeamFactory(site=leeds), host__user__name="Imogen Clay")
    page = board(size)
    chip(page, visit).click()
    panel = page.locator("#board-panel")
    expect(panel.locator(".options")).to_contain_text("Imogen Clay")
    expect(page).to_have_url(re.compile(f"visit={visit.uuid}"))
    assert_accessible(page)
    panel.get_by_role("button", name="Use Imogen Clay").click()
    expect(panel.locator("h2")).to_have_text("Lucia Marchetti with Imogen Clay")
    expect(chip(page, visit)).to_contain_text("Imogen Clay")
    panel.get_by_role("button", name="Lock this pair").click()
    expect(panel.get_by_role("button", name="Give this pair free")).to_be_visible()
    panel.get_by_role("button", name="Never pair these two").click()
    expect(chip(page, visit)).to_have_count(0)
    expect(page.locator("#board-tray")).to_contain_text("Lucia Marchetti")
    assert PairRule.objects.count() == 1
    page.locator(".toasts").get_by_role("button", name="Undo").last.click()
    expect(page.locator(".board .chip")).to_have_count(1)
    assert PairRule.objects.count() == 0


def test_the_panel_is_there_when_the_address_names_it(board, book):
    visit = book("Lucia Marchetti", "Priya Nair")
    page = board(query=f"&visit={visit.uuid}")
    expect(page.locator("#board-panel h2")).to_have_text("Lucia Marchetti with Priya Nair")
    page.get_by_role("link", name="Close").click()
    expect(page.locator("#board-panel")).to_be_hidden()
    expect(page).not_to_have_url(re.compile("visit="))


def test_somebody_from_the_tray_is_proposed(board, season, leeds, monday):
    executive = SeasonExecutiveFactory(season=season, executive__user__name="Nina Waits").executive
    SeasonHostFactory(season=season, host__team=TeamFactory(site=leeds), host__user__name="Imogen Clay")
    page = board()
    page.locator(".tray-chip").drag_to(cell(page, leeds, monday + timedelta(days=1)))
    dialog = page.locator("dialog[open]")
    expect(dialog.get_by_label("Day")).to_have_value(str(monday + timedelta(days=1)))
    dialog.get_by_label("Host in Leeds").select_option(index=1)
    dialog.get_by_role("button", name="Propose this visit").click()
    expect(cell(page, leeds, monday + timedelta(days=1)).locator(".chip")).to_contain_text("Nina Waits")
    expect(page.locator("#board-tray")).to_contain_text("Everybody of this season has a visit.")
    assert Visit.objects.get().executive == executive


def hold(page, address):
    """Requests to that address, which wait until they are told to continue."""
    waiting = []

    def keep(route):
        waiting.append(route)

    page.route(address, keep)
    return waiting


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_places_that_arrive_late_move_no_button(board, season, leeds, size):
    SeasonExecutiveFactory(season=season, executive__user__name="Nina Waits")
    SeasonHostFactory(season=season, host__team=TeamFactory(site=leeds), host__user__name="Imogen Clay")
    page = board(size)
    places = hold(page, "**/board/best/**")
    page.locator(".tray-chip").click()
    dialog = page.locator("dialog[open]")
    button = dialog.get_by_role("button", name="Propose this visit")
    before = button.bounding_box()
    places[0].continue_()
    expect(dialog.locator(".options")).to_be_visible()
    assert button.bounding_box() == before


def test_a_button_waits_for_its_own_request(board, book):
    visit = book("Lucia Marchetti", "Priya Nair")
    page = board()
    places, locks = hold(page, "**/options/**"), hold(page, "**/lock/**")
    chip(page, visit).click()
    panel = page.locator("#board-panel")
    expect(panel.locator(".panel-options.htmx-request")).to_be_visible()  # htmx has its buttons in hand
    panel.get_by_role("button", name="Lock this pair").dispatch_event("click")
    expect(panel.locator("button[data-waits]")).to_be_disabled()
    places[0].continue_()
    expect(panel.locator(".options, .panel-row + .muted").first).to_be_visible()
    expect(panel.locator("button[data-waits]")).to_be_disabled()
    locks[0].continue_()
    expect(panel.get_by_role("button", name="Give this pair free")).to_be_enabled()


def test_it_works_without_scripts(browser, base_url, enter, book, monday):
    visit = book("Lucia Marchetti", "Priya Nair")
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    page = context.new_page()
    enter(page)
    page.goto(f"/seasons/spring/board/?day={monday}")
    chip(page, visit).click()
    page.get_by_role("button", name="Lock this pair").click()
    assert reload(visit).locked
    chip(page, visit).click()
    page.get_by_role("link", name="Move", exact=True).click()
    page.get_by_label("Day").fill(str(monday + timedelta(days=3)))
    page.get_by_role("button", name="Move it").click()
    assert reload(visit).date == monday + timedelta(days=3)
    page.get_by_role("button", name="Take my last change back").click()
    assert reload(visit).date == monday + timedelta(days=1)
    context.close()


def test_two_coordinators_do_not_overwrite_each_other(board, book, leeds, monday, browser, base_url):
    visit = book("Lucia Marchetti", "Priya Nair", day=0)
    context = browser.new_context(base_url=base_url, viewport=DESKTOP)
    mine, theirs = board(), board(window=context.new_page(), name="Tom Second")
    chip(mine, visit).drag_to(cell(mine, leeds, monday + timedelta(days=1)))
    expect(cell(mine, leeds, monday + timedelta(days=1)).locator(".chip")).to_have_count(1)

    chip(theirs, visit).drag_to(cell(theirs, leeds, monday + timedelta(days=2)))

    expect(theirs.locator("#board-note")).to_contain_text("Nothing was changed.")
    expect(cell(theirs, leeds, monday + timedelta(days=1)).locator(f"#v-{visit.uuid}")).to_be_visible()
    assert reload(visit).date == monday + timedelta(days=1)
    context.close()


def test_the_day_asked_for_is_in_sight_where_the_week_is_wider_than_the_screen(board, book, monday):
    book("Lucia Marchetti", "Priya Nair", day=4)
    friday = f"{monday + timedelta(days=4):%Y-%m-%d}"

    page = board({"width": 700, "height": 900}, query=f"&day={friday}")

    expect(page.locator(f'.board td[data-day="{friday}"]').first).to_be_in_viewport(ratio=0.95)


def test_all_seven_days_of_a_week_fit_on_a_phone(board, book, season, monday):
    season.season_sites.update(open_days=[f"{monday + timedelta(days=day):%Y-%m-%d}" for day in (5, 6)])
    book("Lucia Marchetti", "Priya Nair", day=6)

    page = board({"width": 360, "height": 780}, query=f"&day={monday + timedelta(days=6):%Y-%m-%d}")

    expect(page.locator(".day-strip a")).to_have_count(7)
    expect(page.locator(".day-strip a[aria-current]")).to_be_in_viewport(ratio=0.95)


def test_publishing_leads_to_what_blocks_it(board, book):
    for number in range(3):
        book(f"Ada {number}", f"Hana {number}")
    page = board()
    page.get_by_role("link", name="Publish 3 changes").click()
    expect(page.locator("#blocked")).to_be_focused()
    page.locator("#blocked").get_by_role("link").click()
    expect(page.locator("#board-panel h2")).to_have_text("Ada 2 with Hana 2")
