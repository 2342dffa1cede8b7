"""A real Chromium beside a live server. Everything in this folder carries the ``browser`` marker."""

import json
import os
import re
from functools import partial, wraps
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.closing_time import ClosingTime
from tests.factories import PASSWORD
from tests.services import binary

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"

# Playwright keeps an event loop in the test's thread, where Django would refuse every query
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# Two browsers beside two databases on two cores: what takes a moment is no fault here, what never comes is
PATIENCE = 60_000  # milliseconds
expect.set_options(timeout=PATIENCE)
# A toast goes after nine seconds, which may be before a slow test has read it or pressed its button
TOASTS_STAY = """{
    const later = window.setTimeout;
    window.setTimeout = (act, wait, ...rest) => later.call(window, act, wait === 9000 ? 60000 : wait, ...rest);
}"""
HOME = re.compile(r"^https?://[^/]+/$")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The system's Chromium by its path; root may only run it without its sandbox."""
    path = os.environ.get("TEST_CHROMIUM") or binary("chromium")
    if not path:
        pytest.fail("Chromium is missing: run `make test`, or set TEST_CHROMIUM to its path.")
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    return browser_type_launch_args | {"executable_path": path, "args": [*sandbox, "--disable-dev-shm-usage"]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    # A part that fades in is judged as it stays, not at a random moment of its 600 ms
    still = {"reduced_motion": "reduce", "locale": "en-GB", "timezone_id": "UTC"}
    return browser_context_args | still | {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def context(context):
    """With time for what a loaded machine does slowly."""
    context.set_default_timeout(PATIENCE)
    context.add_init_script(TOASTS_STAY)
    return context


AT_REST = "() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')"


def between_loads(act):
    """Act as a person does, who waits for what still loads, and who has the next page before them afterwards.

    A part swapped in at that very moment would take the button away under the pointer; and a click returns when the
    next document begins, before it has its scripts.
    """

    @wraps(act)
    def acted(locator: Locator, *words, **named):
        page = locator.page
        page.wait_for_load_state()
        page.wait_for_function(AT_REST)
        done = act(locator, *words, **named)
        page.wait_for_load_state()
        return done

    return acted


for name in ("click", "press", "fill", "check", "uncheck", "select_option", "set_input_files", "drag_to"):
    setattr(Locator, name, between_loads(getattr(Locator, name)))


@pytest.fixture(scope="session")
def base_url(live_server):
    """Lets a test say ``page.goto("/issues/")``."""
    return live_server.url


@pytest.fixture(scope="session")
def closing_time():
    """The watch on the live server's requests."""
    watch = ClosingTime()
    with watch.watched():
        yield watch


@pytest.fixture(autouse=True)
def server_at_rest(request, closing_time):
    """Set up after the database and before the page, so that it ends after the page and before the database."""
    if "live_server" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("demo_program" if "demo_program" in request.fixturenames else "transactional_db")
    closing_time.open()
    yield
    open_contexts = request.getfixturevalue("browser").contexts if "browser" in request.fixturenames else []
    for context in open_contexts:
        context.close()
    closing_time.close()


@pytest.fixture(autouse=True)
def no_page_errors(request, server_at_rest):
    """A script error or a refused resource (CSP) on any page fails its test."""
    if "page" not in request.fixturenames:
        yield
        return
    complaints: list[str] = []
    page = request.getfixturevalue("page")
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if _is_refusal(line) else None)
    yield
    assert complaints == []


@pytest.fixture
def post_office(settings, tmp_path, live_server):
    """Mail goes into files whose links lead to the live server."""
    settings.EMAIL_BACKEND = "notifications.mail.FileBackend"
    settings.EMAIL_FILE_PATH = settings.MAIL_FOLDER = tmp_path / "mail"
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]


def sign_in_by_form(page: Page, person) -> None:
    """Through the sign-in page, whoever was signed in before; at home afterwards."""
    person.set_password(PASSWORD)
    person.save()
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(person.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(HOME)


@pytest.fixture
def sign_in(page):
    """``sign_in(person)`` on the test's own page."""
    return partial(sign_in_by_form, page)


def _is_refusal(line) -> bool:
    return line.type == "error" and "Content Security Policy" in line.text


def fits(page: Page) -> bool:
    """Nothing scrolls sideways. The page is measured when it is there."""
    page.wait_for_load_state()
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def axe_violations(page: Page) -> list[str]:
    """One line per violation axe-core finds on the page as it is now: rule, first element, what to do."""
    page.wait_for_load_state()
    # Through the debugger, not as a <script>: the page's own policy stays in force
    page.evaluate(AXE.read_text() + "; null")
    # Without preload, which only sound that plays by itself would need
    how = "{preload: false, resultTypes: ['violations']}"
    found = page.evaluate(f"async () => (await axe.run(document, {how})).violations")
    return [f"{rule['id']}: {json.dumps(rule['nodes'][0]['target'])}: {rule['help']}" for rule in found]


@pytest.fixture
def assert_accessible():
    """``assert_accessible(page)``: no axe-core violation."""

    def check(page: Page) -> None:
        assert axe_violations(page) == []

    return check
