"""``make guide-pictures``: the pictures in docs/guides/, one screen each, from the demo program."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.browser.screenshots import SIZES, demo_program, sign_in
from tests.services import ROOT

FOLDER = ROOT / "docs" / "guides" / "pictures"
# Role → stops of its tour, and how wide each is shown: what is done on the floor as on a phone
PICTURES = {
    "admin": {"roles": 1280, "outbox": 1280},
    "coordinator": {"home": 1280, "board-panel": 1280, "issues": 1280, "alignment": 1280},
    "executive": {"home": 1280, "issue-in_progress": 1280, "availability": 360},
    "host": {"home": 360, "promises": 360, "survey": 360},
    "sponsor": {"home": 1280},
}


def main() -> int:
    """Take them all; 1 when the demo program has no such page for that role."""
    FOLDER.mkdir(exist_ok=True)
    with demo_program() as (browser, address):
        missing = [line for role, wanted in PICTURES.items() for line in _take(browser, address, role, wanted)]
    print("\n".join(missing) or f"{len(list(FOLDER.glob('*.png')))} pictures in docs/guides/pictures/")
    return 1 if missing else 0


def _take(browser, address: str, role: str, wanted: dict[str, int]) -> list[str]:
    from tests.browser.tour import stops

    found = {stop.name: stop.path for stop in stops(role)}
    context = browser.new_context(
        color_scheme="light", reduced_motion="reduce", locale="en-GB", timezone_id="UTC", base_url=address
    )
    page = context.new_page()
    sign_in(page, role)
    for name in wanted.keys() & found.keys():
        page.set_viewport_size({"width": wanted[name], "height": SIZES[wanted[name]]})
        page.goto(found[name])
        page.screenshot(path=Path(FOLDER) / f"{role}-{name}.png")
    context.close()
    return [f"{role}: no page {name}" for name in wanted.keys() - found.keys()]


if __name__ == "__main__":
    sys.exit(main())
