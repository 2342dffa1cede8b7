"""``make screenshots``: every page of every role at 360 and 1280 px, light and dark, into ``var/screens/``.

Starts the program with the demo on a database of its own, signs in by the demo buttons and names what looks wrong: another
status than 200, a script error, a refused resource, sideways scrolling. Words after the command choose roles.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.services import ROOT, binary, free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SCREENS = ROOT / "var" / "screens"
SIZES = {360: 760, 1280: 900}
EXPECTED = {"link-gone": 404, "survey-gone": 404, "not-found": 404, "wall-gone": 404}


def main(roles: list[str]) -> int:
    """Take the pictures; 1 when a page looked wrong."""
    with demo_program() as (browser, address):
        from tests.browser.tour import ROLES, signed_out, stops

        plan = {role: stops(role) for role in roles or ROLES} | ({} if roles else {"anonymous": signed_out()})
        wrong = [line for role, pages in plan.items() for line in _tour(browser, address, role, pages)]
    print("\n".join(dict.fromkeys(wrong)) or "Nothing looked wrong.")
    print(f"{sum(map(len, plan.values())) * 4} pictures of {sum(map(len, plan.values()))} pages in var/screens/")
    return 1 if wrong else 0


@contextmanager
def demo_program() -> Iterator[tuple[Browser, str]]:
    """The program with its demo on a database of its own: a browser, and the address it is served at."""
    port = free_port()
    os.environ |= _environment(port)
    import django

    django.setup()
    from django.core.management import call_command
    from playwright.sync_api import sync_playwright

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("load_demo", "--if-empty")
    with _server(port), sync_playwright() as playwright:
        yield (
            playwright.chromium.launch(executable_path=binary("chromium"), args=["--no-sandbox"]),
            f"http://127.0.0.1:{port}",
        )


def sign_in(page, role: str) -> None:
    """By the demo's button."""
    page.goto("/accounts/login/")
    page.click(f"button[value='{role}@demo.example']")
    page.wait_for_url("http://*/")


def _environment(port: int) -> dict[str, str]:
    SCREENS.mkdir(parents=True, exist_ok=True)
    return {
        "DJANGO_SETTINGS_MODULE": "floorprogram.settings",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
        "SECRET_KEY": "only-for-screenshots-0123456789-abcdefghijklmnopqrstuvwxyz",
        "DEBUG": "off",
        "DEMO": "on",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": f"sqlite:///{SCREENS / 'db.sqlite3'}",
        "WEB_CONCURRENCY": "1",
    }


@contextmanager
def _server(port: int) -> Iterator[None]:
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "4", "floorprogram.wsgi"]
    server = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1)
                break
            except OSError:
                time.sleep(0.2)
        yield
    finally:
        server.terminate()
        server.wait(10)


def _tour(browser, address: str, role: str, pages) -> list[str]:
    """One role's pages in both sizes and themes; returns what looked wrong."""
    wrong: list[str] = []
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme, locale="en-GB", timezone_id="UTC", base_url=address)
        page = context.new_page()
        _listen(page, role, wrong)
        if role != "anonymous":
            sign_in(page, role)
        for stop in pages:
            wrong += _shoot(page, role, stop, scheme)
        context.close()
    return wrong


def _listen(page, role: str, wrong: list[str]) -> None:
    page.on("pageerror", lambda error: wrong.append(f"{role}: {page.url}: {error}"))
    page.on("console", lambda line: wrong.append(f"{role}: {page.url}: {line.text}") if "Policy" in line.text else None)


def _shoot(page, role: str, stop, scheme: str) -> list[str]:
    wrong = []
    folder = SCREENS / role
    folder.mkdir(exist_ok=True)
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        answer = page.goto(stop.path)
        if answer is None or answer.status != EXPECTED.get(stop.name, 200):
            wrong.append(f"{role}: {stop.path}: status {answer and answer.status}")
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0 and scheme == "light":
            wrong.append(f"{role}: {stop.path}: {over} px too wide at {width}")
        page.screenshot(path=Path(folder) / f"{stop.name}-{width}-{scheme}.png", full_page=True)
    return wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
