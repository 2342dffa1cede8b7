"""Every page of every role of the demo program: axe-core finds no violation, nothing scrolls sideways, nothing is refused."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from notifications.models import MessageState, Webhook, WebhookDelivery
from people.models import User
from tests.browser.conftest import HOME, axe_violations, fits
from tests.browser.screenshots import EXPECTED
from tests.browser.tour import ROLES, signed_out, stops

pytestmark = pytest.mark.django_db(transaction=True)
MENUS = """[...document.querySelectorAll("main details.menu:not([open])")].filter((menu) => {
    menu.open = true;
    const box = menu.querySelector(".menu-panel").getBoundingClientRect();
    menu.open = false;
    return box.width && (box.left < 0 || box.right > innerWidth);
}).map((menu) => menu.querySelector("summary").innerText)"""

# Whose content is looked at for both where it is the same: the frame around it is, for each role, on its other pages
ALIKE = {"admin": "coordinator", "sponsor": "coordinator", "assistant": "executive", "host": "executive"}
CHANGES_ANYWAY = re.compile(rb'(csrfmiddlewaretoken" value=|nonce=|X-CSRFToken[^:]*:\s*)"?[^"]*"')


@pytest.fixture
def demo(demo_program):
    webhook_with_a_log()


def webhook_with_a_log():
    """The demo has no webhook, for it would send to somebody: one that leads nowhere, with an event of each state."""
    now, by = timezone.now(), User.objects.get(email="admin@demo.example")
    moments = {"created_at": now, "hears_from": now, "heard_until": now}
    webhook = Webhook.objects.create(
        name="#floor-visits", url="https://chat.example.com/services/one", secret="kept", created_by=by, **moments
    )
    for number, state in enumerate(MessageState.values):
        WebhookDelivery.objects.create(
            webhook=webhook, kind="issues.target", subject="issue:1", key=str(number), state=state, failures=number,
            last_error="answered 503 Service Unavailable" if state == "failed" else "", created_at=now, due_at=now,
        )  # fmt: skip


def looked_at_in(role):
    """The pages of a role but those whose content the tour of the role it is like looks at."""
    like = ALIKE.get(role)
    shared = {stop.path for stop in stops(like)} if like else set()
    return [stop for stop in stops(role) if stop.path not in shared or content(role, stop) != content(like, stop)]


def content(role, stop):
    """The status of a page, and what is in its frame."""
    client = Client()
    client.force_login(User.objects.get(email=f"{role}@demo.example"))
    answer = client.get(stop.path)
    inner = re.search(b"<main.*</main>", answer.content, re.DOTALL)
    return answer.status_code, CHANGES_ANYWAY.sub(b"", inner[0] if inner else answer.content)


@pytest.mark.parametrize("role", [*ROLES, "anonymous"])
def test_pages_are_accessible_and_fit(page, demo, role):
    page.goto("/accounts/login/")
    if role != "anonymous":
        page.click(f"button[value='{role}@demo.example']")
        page.wait_for_url(HOME)
    wrong = []
    for number, stop in enumerate(looked_at_in(role) if role != "anonymous" else signed_out()):
        page.emulate_media(color_scheme=("light", "dark")[number % 2])
        status = page.goto(stop.path).status
        if status != EXPECTED.get(stop.name, 200):
            wrong.append(f"{stop.path}: {status}")
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            if not fits(page):
                wrong.append(f"{stop.path}: scrolls sideways at {width}")
            wrong += [f"{stop.path}: the menu {name} leaves the page at {width}" for name in page.evaluate(MENUS)]
        if page.locator("h1").count() != 1:
            wrong.append(f"{stop.path}: {page.locator('h1').count()} h1")
        wrong += [f"{stop.path}: {line}" for line in axe_violations(page)]
    assert wrong == []
