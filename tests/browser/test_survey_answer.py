"""Answering on a phone: by link, by the code on a slip, by PIN at a shared terminal; in two languages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from notifications.links import make_link
from people.qr import qr
from surveys.models import Answer, Invitation, Response, Round
from surveys.questionnaires.builtin import builtin_version
from surveys.slips import print_slips
from tests.browser.conftest import fits
from tests.factories import NINE, HostingRoundFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 360, "height": 780}
KIOSK = "/surveys/kiosk/"


@pytest.fixture
def survey_round():
    return HostingRoundFactory.create(hosts=4)


@pytest.fixture
def phone(page: Page):
    page.set_viewport_size(PHONE)
    return page


def link_of(survey_round, live_server):
    user = survey_round.invitations.order_by("user_id").first().user
    url = make_link(purpose="surveys.answer", subject=f"round:{survey_round.pk}", user=user, now=timezone.now())
    return live_server.url + url[url.index("/surveys/") :]


@pytest.fixture
def slips(survey_round):
    people = survey_round.invitations.order_by("user_id").values_list("user_id", flat=True)
    site, by = survey_round.season.sites.get(), UserFactory(role="admin")
    return print_slips(round_id=survey_round.pk, site=site, users=people, by=by, now=timezone.now())


def choose(page, question, answer):
    page.get_by_role("group", name=question).get_by_text(answer, exact=True).click()


def drafts(page):
    page.wait_for_load_state()
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('survey:')).length")


def test_page_by_page_with_a_draft_that_stays_in_the_browser(phone, live_server, survey_round, assert_accessible):
    """Given a link; when somebody answers half, leaves and comes back; then their half is there, and gone when sent."""
    link = link_of(survey_round, live_server)
    phone.goto(link)
    expect(phone.get_by_text("Page 1 of 2")).to_be_visible()
    expect(phone.get_by_text("Nobody can see that this was you.")).to_be_visible()
    assert_accessible(phone)
    assert fits(phone)

    phone.get_by_role("button", name="Next").click()
    expect(phone.get_by_text("this question has to be answered").first).to_be_visible()
    assert_accessible(phone)
    choose(phone, "Was hosting worthwhile?", "Yes")
    choose(phone, "How much of the day", "4")
    phone.get_by_role("button", name="Next").click()
    expect(phone.get_by_text("Page 2 of 2")).to_be_visible()
    assert_accessible(phone)
    phone.get_by_role("textbox").fill("More time with callers.")
    assert not Response.objects.exists()

    phone.goto("about:blank")
    phone.goto(link)
    expect(phone.get_by_role("textbox")).to_have_value("More time with callers.")
    phone.get_by_role("button", name="Back").click()
    expect(phone.get_by_role("radio", name="Yes").first).to_be_checked()
    phone.get_by_role("button", name="Next").click()
    phone.get_by_role("button", name="Send for good").click()

    expect(phone.get_by_role("heading", name="Thank you.")).to_be_visible()
    assert drafts(phone) == 0
    assert Answer.objects.get(question__key="change").text == "More time with callers."
    phone.goto(link)
    expect(phone.get_by_role("heading", name="They are final.")).to_be_visible()
    assert_accessible(phone)


def test_in_german_and_across_by_a_click(phone, live_server, survey_round, assert_accessible):
    phone.goto(link_of(survey_round, live_server) + "?lang=de")
    expect(phone.locator("html")).to_have_attribute("lang", "de")
    expect(phone.get_by_text("Niemand kann sehen, dass du das warst.")).to_be_visible()
    expect(phone.get_by_text("Seite 1 von 2")).to_be_visible()
    assert_accessible(phone)
    choose(phone, "Hat sich der Tag als Gastgeber gelohnt?", "Ja")

    phone.get_by_role("link", name="English").click()

    expect(phone.get_by_role("radio", name="Yes").first).to_be_checked()  # the draft speaks both
    phone.get_by_role("link", name="Deutsch").click()
    choose(phone, "Wie viel des Tages", "5")
    phone.get_by_role("button", name="Weiter").click()
    phone.get_by_role("button", name="Endgültig senden").click()
    expect(phone.get_by_role("heading", name="Danke.")).to_be_visible()
    assert_accessible(phone)
    assert Response.objects.count() == 1


def test_without_scripts_it_is_one_page(browser, live_server, survey_round):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE, base_url=live_server.url)
    page = context.new_page()
    page.goto(link_of(survey_round, live_server))
    expect(page.get_by_role("button", name="Next")).to_be_hidden()
    choose(page, "Was hosting worthwhile?", "No")
    page.get_by_role("button", name="Send for good").click()
    expect(page.get_by_text("One thing to put right")).to_be_visible()
    choose(page, "How much of the day", "2")
    page.get_by_role("button", name="Send for good").click()
    expect(page.get_by_role("heading", name="Thank you.")).to_be_visible()
    context.close()
    assert Response.objects.count() == 1


def test_questions_appear_by_earlier_answers_and_sections_are_pages(
    phone, live_server, survey_round, assert_accessible
):
    version = builtin_version("pulse-front-line", now=NINE)
    Round.objects.update(version=version)
    last = version.questions.order_by("-position").first()
    first = version.questions.order_by("position").first()
    last.shown_if, last.required = {"question": first.key, "is": 1}, True
    last.save()

    phone.goto(link_of(survey_round, live_server))
    pages = len({question.section for question in version.questions.all()})
    expect(phone.get_by_text(re.compile(rf"^Page 1 of {pages}$"))).to_be_visible()
    expect(phone.locator(f"[data-question='{last.key}']")).to_have_attribute("hidden", "")
    phone.locator(f"[data-question='{first.key}'] .tile").first.click()
    expect(phone.locator(f"[data-question='{last.key}']")).not_to_have_attribute("hidden", "")
    assert_accessible(phone)


def test_the_code_on_a_slip_leads_to_the_survey(phone, live_server, survey_round, assert_accessible, monkeypatch):
    """Given slips printed by a coordinator; when the address in a code is opened on a phone; then the survey is there,
    until the slip is printed again."""
    addresses = []
    monkeypatch.setattr("surveys.slips.qr", lambda address, label: addresses.append(address) or qr(address, label))
    sign_in(phone, live_server, UserFactory(role="coordinator"))
    phone.goto(f"{live_server.url}/surveys/{survey_round.pk}/slips/")
    assert_accessible(phone)
    phone.get_by_role("checkbox").nth(1).check()
    phone.get_by_role("button", name="Make the slips").click()
    expect(phone.get_by_role("img", name="QR code that opens the survey")).to_be_visible()
    expect(phone.get_by_text(re.compile(r"^\d{3} \d{3} \d{3}$"))).to_be_visible()
    assert_accessible(phone)
    assert fits(phone)

    phone.context.clear_cookies()
    phone.goto(live_server.url + addresses[0][addresses[0].index("/surveys/") :])
    expect(phone.get_by_role("group", name="Was hosting worthwhile?")).to_be_visible()
    people = survey_round.invitations.values_list("user_id", flat=True)
    site, by = survey_round.season.sites.get(), UserFactory(role="admin")
    print_slips(round_id=survey_round.pk, site=site, users=people, by=by, now=timezone.now())
    phone.reload()
    expect(phone.get_by_text("This link no longer works.")).to_be_visible()
    assert_accessible(phone)


def sign_in(page, live_server, user):
    """A session of this person, as after the password."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])


def test_the_terminal_takes_a_pin_and_forgets(phone, live_server, survey_round, slips, assert_accessible):
    """Given a PIN; when a survey is answered at the terminal; then nothing is kept, and back shows nothing of it."""
    phone.goto(live_server.url + KIOSK)
    assert_accessible(phone)
    phone.get_by_label("PIN of your slip").fill("123 456 789")
    phone.get_by_role("button", name="Open my survey").click()
    expect(phone.get_by_text("This PIN opens no survey.")).to_be_visible()
    assert_accessible(phone)

    phone.get_by_label("PIN of your slip").fill(slips[0].pin)
    phone.get_by_role("button", name="Open my survey").click()
    choose(phone, "Was hosting worthwhile?", "Yes")
    choose(phone, "How much of the day", "4")
    phone.get_by_role("button", name="Deutsch").click()
    expect(phone.get_by_text("Hat sich der Tag als Gastgeber gelohnt?")).to_be_visible()
    expect(phone.get_by_role("radio", name="Ja").first).to_be_checked()
    assert_accessible(phone)
    phone.get_by_role("button", name="Weiter").click()
    phone.get_by_role("button", name="Endgültig senden").click()

    expect(phone.get_by_role("heading", name="Danke.")).to_be_visible()
    assert_accessible(phone)
    assert drafts(phone) == 0
    assert set(phone.evaluate("Object.values(sessionStorage)")) <= {KIOSK + "done/?lang=de", KIOSK + "answer/?lang=de"}
    assert phone.context.cookies() == []
    assert Invitation.objects.get(used=True).user == slips[0].user
    back_to_the_start(phone)


def back_to_the_start(page):
    """However often somebody goes back, or forward again, the PIN is asked for, and nothing of the survey is there."""
    for step in (page.go_back, page.go_back, page.go_forward, page.go_back):
        step()
        expect(page).to_have_url(re.compile(rf"{KIOSK}(\?lang=\w+)?$"))
        expect(page.locator("[data-kiosk-pin] input[name=pin]")).to_have_value("")
        expect(page.get_by_role("radio")).to_have_count(0)


@pytest.mark.parametrize("detour", ["nothing", "a wrong PIN", "a missing answer"])
def test_going_back_after_sending_at_the_terminal(page, live_server, slips, detour):
    """Given answers sent at the terminal, whatever was refused on the way; when the next person goes back; then it is
    the start page, not the browser's own about a form to be sent again."""
    page.goto(live_server.url + KIOSK)
    if detour == "a wrong PIN":
        type_pin(page, "123 456 789")
        expect(page.get_by_text("This PIN opens no survey.")).to_be_visible()
    type_pin(page, slips[0].pin)
    if detour == "a missing answer":
        page.locator("form.survey").evaluate("form => HTMLFormElement.prototype.submit.call(form)")
        expect(page.get_by_text("Choose an answer: this question has to be answered.").first).to_be_visible()
    fill_and_send(page)
    expect(page.get_by_role("heading", name="Thank you.")).to_be_visible()

    back_to_the_start(page)
    assert Response.objects.count() == 1


@pytest.mark.parametrize("detour", ["nothing", "a wrong PIN", "a missing answer", "another language"])
def test_going_back_at_the_terminal_without_scripts(browser, live_server, slips, detour):
    """Given no scripts, and whatever was refused or asked again on the way; when answers are sent and the next person goes
    back; then every page of before is the PIN page, and no word of the answers is there."""
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto(KIOSK)
    if detour == "a wrong PIN":
        type_pin(page, "123 456 789")
        expect(page.get_by_text("This PIN opens no survey.")).to_be_visible()
    type_pin(page, slips[0].pin)
    expect(page.get_by_role("button", name="Send for good")).to_be_visible()
    page.reload()
    type_pin(page, slips[0].pin)
    choose(page, "Was hosting worthwhile?", "Yes")
    steps = 1 + detour_without_scripts(page, detour)
    choose(page, "How much of the day", "4")
    page.get_by_role("button", name="Send for good").click()
    expect(page.get_by_role("heading", name="Thank you.")).to_be_visible()

    for _step in range(steps):
        page.go_back()
        expect(page).to_have_url(re.compile(rf"{KIOSK}(\?lang=\w+)?$"))
        expect(page.get_by_label("PIN of your slip")).to_have_value("")
        expect(page.get_by_role("radio")).to_have_count(0)
        expect(page.get_by_text("More time with callers.")).to_have_count(0)
    assert {cookie["name"] for cookie in context.cookies()} <= {"csrf"}
    context.close()
    assert Response.objects.count() == 1


def detour_without_scripts(page, detour):
    """Pages more than there would have been."""
    if detour == "a missing answer":
        page.get_by_role("textbox").fill("More time with callers.")
        page.get_by_role("button", name="Send for good").click()
        expect(page.get_by_text("Choose an answer: this question has to be answered.").first).to_be_visible()
    elif detour == "another language":
        page.get_by_role("textbox").fill("More time with callers.")
        page.get_by_role("button", name="Deutsch").click()
        expect(page.get_by_text("Hat sich der Tag als Gastgeber gelohnt?")).to_be_visible()
        page.get_by_role("button", name="English").click()
        expect(page.get_by_text("Was hosting worthwhile?")).to_be_visible()
    else:
        return 0
    expect(page.get_by_role("textbox")).to_have_value("More time with callers.")
    expect(page.get_by_role("radio", name="Yes").first).to_be_checked()
    return 1


def type_pin(page, pin):
    page.get_by_label("PIN of your slip").fill(pin)
    page.get_by_role("button", name="Open my survey").click()


def fill_and_send(page):
    choose(page, "Was hosting worthwhile?", "Yes")
    choose(page, "How much of the day", "4")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Send for good").click()


def test_the_terminal_forgets_after_a_minute_without_a_touch(page, live_server, slips, assert_accessible):
    """Given a survey left in the middle; when a minute passes; then the PIN page is there, and going back opens nothing."""
    at(page, 0)
    page.goto(live_server.url + KIOSK)
    page.get_by_label("PIN of your slip").fill(slips[1].pin)
    page.get_by_role("button", name="Open my survey").click()
    choose(page, "Was hosting worthwhile?", "No")

    at(page, 35)
    expect(page.get_by_text("Everything here is forgotten in 25 seconds")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="I am still here").click()
    expect(page.get_by_role("button", name="I am still here")).to_be_hidden()
    at(page, 75)
    expect(page.get_by_text("Everything here is forgotten in 20 seconds")).to_be_visible()
    expect(page.get_by_role("radio", name="No").first).to_be_checked()
    at(page, 100)

    expect(page.get_by_label("PIN of your slip")).to_be_visible()
    expect(page.get_by_label("PIN of your slip")).to_have_value("")
    page.go_back()
    expect(page.get_by_role("radio")).to_have_count(0)
    assert not Response.objects.exists()
    assert not Invitation.objects.filter(used=True).exists()


def at(page, seconds):
    """So many seconds past nine for the page, and it stays so however long the test takes."""
    page.clock.set_fixed_time(NINE + timedelta(seconds=seconds))


def test_stopping_at_the_terminal_forgets_at_once(page, live_server, slips):
    page.goto(live_server.url + KIOSK)
    page.get_by_label("PIN of your slip").fill(slips[2].pin)
    page.get_by_role("button", name="Open my survey").click()
    page.get_by_role("link", name="Stop and forget").click()
    expect(page.get_by_label("PIN of your slip")).to_be_visible()
