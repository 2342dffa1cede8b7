"""The questionnaire editor in a browser: written, reordered by keys and by mouse, looked at as on a phone, published."""

import os
import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from notifications.links import make_link
from surveys.models import QuestionnaireVersion
from surveys.questionnaires import editing, lifecycle
from tests.browser.conftest import fits
from tests.factories import NINE, HostingRoundFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 760}
LIST = "/surveys/questionnaires/"


@pytest.fixture
def writer(transactional_db, page, base_url):
    """A coordinator, signed in."""
    user = UserFactory(name="Cora Coordinator", role="coordinator")
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base_url}])
    return user


@pytest.fixture
def draft(writer):
    """Four questions, two before every section and one in each of two sections."""
    version = lifecycle.create(name="Tools", description="", languages=["en", "de"], by=writer, now=NINE)
    act = {"version_id": version.pk, "by": writer, "now": NINE}
    editing.add_section(**act, revision=0, texts={"en": "Phones", "de": "Telefone"})
    editing.add_section(**act, revision=1, texts={"en": "Screens", "de": "Bildschirme"})
    for number, (text, section) in enumerate([("One?", ""), ("Two?", ""), ("Three?", "phones"), ("Four?", "screens")]):
        question = {
            "type": "yesno",
            "section": section,
            "texts": {"en": {"text": text}, "de": {"text": f"{text} (de)"}},
        }
        editing.add_question(**act, revision=2 + number, question=question)
    return version


def keys(version):
    return list(version.questions.order_by("position").values_list("key", "section"))


def accessible_at(page, check, *sizes, name=""):
    for size in sizes:
        page.set_viewport_size(size)
        assert fits(page), f"{name} at {size['width']}"
        if os.environ.get("SHOTS"):
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)
                page.screenshot(path=f"{os.environ['SHOTS']}/{name}-{size['width']}-{theme}.png", full_page=True)
            page.emulate_media(color_scheme="light")
        check(page)
    page.set_viewport_size(DESKTOP)


def test_a_questionnaire_is_written_looked_at_and_published(page, writer, assert_accessible):
    page.goto(LIST)
    accessible_at(page, assert_accessible, DESKTOP, PHONE, name="list")
    page.get_by_role("link", name="Write a questionnaire").click()
    expect(page).to_have_url(re.compile("/new/$"))
    accessible_at(page, assert_accessible, DESKTOP, PHONE, name="new")
    page.get_by_label("Name", exact=True).fill("Tools on the floor")
    page.get_by_label("Deutsch").check()
    page.get_by_role("button", name="Start the draft").click()

    page.get_by_role("link", name="Add a section").click()
    page.get_by_label("Title, English").fill("Phones")
    page.get_by_label("Title, Deutsch").fill("Telefone")
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.get_by_role("link", name="Add a question to “Phones”").click()
    page.get_by_text("one of", exact=True).click()
    expect(page.get_by_label("Low end, English")).to_be_hidden()
    page.get_by_label("Question, English").fill("Which phone do you use?")
    page.get_by_label("Question, Deutsch").fill("Welches Telefon nutzt du?")
    for number, (en, de) in enumerate([("The new one", "Das neue"), ("The old one", "Das alte")], start=1):
        page.get_by_label(f"Option {number}, English").fill(en)
        page.get_by_label(f"Option {number}, Deutsch").fill(de)
    page.get_by_role("button", name="Move option 2 up").click()
    expect(page.get_by_label("Option 1, English")).to_have_value("The old one")
    expect(page.get_by_label("Question, English")).to_have_value("Which phone do you use?")
    accessible_at(page, assert_accessible, DESKTOP, PHONE, name="question")
    page.get_by_role("button", name="Save and write another").click()
    page.get_by_text("scale 1–5", exact=True).click()
    expect(page.get_by_label("Option 1, English")).to_be_hidden()
    page.get_by_label("Question, English").fill("How well does it work?")
    page.get_by_label("Shown only if").select_option(label="The old one")
    page.get_by_label("Section").select_option(label="Phones")
    page.get_by_role("button", name="Save", exact=True).last.click()

    expect(page.get_by_text("only if 1 is “The old one”")).to_be_visible()
    accessible_at(page, assert_accessible, DESKTOP, PHONE, name="draft")
    page.get_by_role("link", name="Question 2: The question in Deutsch is missing.").click()
    page.get_by_label("Question, Deutsch").fill("Wie gut geht es?")
    for label, words in {"Low end": "badly", "High end": "very well"}.items():
        page.get_by_label(f"{label}, English").fill(words)
        page.get_by_label(f"{label}, Deutsch").fill(words)
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("Nothing is missing: this draft can be published.")).to_be_visible()

    page.get_by_role("link", name="Preview").click()
    page.get_by_role("link", name="Deutsch").click()
    page.get_by_text("Das neue").click()
    expect(page.get_by_text("Wie gut geht es?")).to_be_hidden()
    page.get_by_text("Das alte").click()
    expect(page.get_by_text("Wie gut geht es?")).to_be_visible()
    expect(page.locator("[data-send]")).to_be_disabled()
    accessible_at(page, assert_accessible, DESKTOP, PHONE, name="preview")
    page.locator(".q-preview-note a").click()

    page.get_by_role("link", name="Publish this version").click()
    expect(page).to_have_url(re.compile("publish"))
    accessible_at(page, assert_accessible, DESKTOP, PHONE, name="publish")
    page.get_by_role("button", name="Publish this version").click()
    expect(page.get_by_role("button", name="Make a new version")).to_be_visible()
    accessible_at(page, assert_accessible, DESKTOP, PHONE, name="published")
    assert QuestionnaireVersion.objects.get().published_by == writer


SHAPE = """() => [...document.querySelectorAll(".survey :is(legend, label, textarea, .tile, .btn, .form-text)")]
    .filter((each) => each.offsetParent)
    .map((each) => [each.offsetWidth, each.offsetHeight, getComputedStyle(each).fontSize])"""


def test_the_preview_has_the_measures_of_a_phone_on_every_screen(page, draft, live_server):
    """Given a version with every kind of question; when it is looked at on a wide screen, and answered on a phone; then
    every line, tile and button is as wide and as high."""
    survey_round = HostingRoundFactory.create(hosts=1)
    shown = f"{LIST}{survey_round.version.pk}/preview/"
    page.set_viewport_size(DESKTOP)
    page.goto(shown)
    expect(page.get_by_text("Page 1 of")).to_be_visible()
    first = page.evaluate(SHAPE)
    page.get_by_role("radio", name="Yes").first.check(force=True)
    page.get_by_role("radio", name="4").first.check(force=True)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("Page 2 of")).to_be_visible()
    second = page.evaluate(SHAPE)

    user = survey_round.invitations.get().user
    url = make_link(purpose="surveys.answer", subject=f"round:{survey_round.pk}", user=user, now=timezone.now())
    page.set_viewport_size(PHONE)
    page.goto(url[url.index("/surveys/") :])
    expect(page.get_by_text("Page 1 of")).to_be_visible()
    assert first == page.evaluate(SHAPE)
    page.get_by_role("radio", name="Yes").first.check(force=True)
    page.get_by_role("radio", name="4").first.check(force=True)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("Page 2 of")).to_be_visible()
    assert second == page.evaluate(SHAPE)


def test_how_to_reorder_is_said_where_there_is_something_to_reorder(page, draft, writer):
    open_draft(page, draft)
    expect(page.get_by_text("drag a question by its handle")).to_be_visible()
    empty = lifecycle.create(name="Empty", description="", languages=["en"], by=writer, now=NINE)
    open_draft(page, empty)
    expect(page.get_by_text("No question yet.", exact=True)).to_be_visible()
    expect(page.get_by_text("drag a question by its handle")).to_be_hidden()


def open_draft(page, version):
    page.set_viewport_size(DESKTOP)
    page.goto(f"{LIST}{version.pk}/")


def test_questions_are_reordered_by_keys(page, draft):
    open_draft(page, draft)
    handle = page.locator("#handle-one")
    handle.focus()
    page.keyboard.press("m")
    expect(page.locator("#q-live")).to_contain_text("One? is lifted.")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#q-live")).to_have_text("Place 1 of 2, Phones.")
    page.keyboard.press("Enter")

    expect(page.locator("[data-questions]")).to_have_attribute("data-revision", "7")
    expect(handle).to_be_focused()
    assert keys(draft) == [("two", ""), ("one", "phones"), ("three", "phones"), ("four", "screens")]

    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    expect(page.locator("#q-live")).to_have_text("Nothing was moved.")
    assert keys(draft)[1] == ("one", "phones")


def test_a_question_is_dragged_into_another_section(page, draft):
    open_draft(page, draft)
    start, end = page.locator("#handle-two").bounding_box(), page.locator("[data-key=four]").bounding_box()
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(start["x"] + 8, start["y"] + 60, steps=4)
    page.mouse.move(end["x"] + 60, end["y"] + end["height"] - 4, steps=12)
    expect(page.locator(".q-lifted")).to_have_count(1)
    page.mouse.up()

    expect(page.locator("[data-questions]")).to_have_attribute("data-revision", "7")
    assert keys(draft) == [("one", ""), ("three", "phones"), ("four", "screens"), ("two", "screens")]


def test_buttons_move_one_place_and_keep_the_focus(page, draft):
    open_draft(page, draft)
    page.locator("#down-one").focus()
    page.keyboard.press("Enter")

    expect(page.locator("[data-questions]")).to_have_attribute("data-revision", "7")
    expect(page.locator("#down-one")).to_be_focused()
    assert keys(draft)[:2] == [("two", ""), ("one", "")]


def test_whoever_was_slower_sees_the_order_as_it_is(page, draft, writer):
    open_draft(page, draft)
    editing.step_question(
        version_id=draft.pk, revision=6, key="one", down=True, by=UserFactory(role="coordinator", name="Tom Reed"), now=NINE
    )  # fmt: skip

    page.locator("#down-one").click()

    expect(page.get_by_role("alert")).to_contain_text("Tom Reed changed this draft while you wrote.")
    expect(page.locator("[data-questions]")).to_have_attribute("data-revision", "7")
    assert keys(draft)[:2] == [("two", ""), ("one", "")]
