"""A roster from file to people, in a browser, with the pages about people looked at on the way."""

import os
import re
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from playwright.sync_api import expect

from people.models import RosterUpload
from tests.browser.conftest import fits
from tests.factories import UserFactory
from tests.people.rosters import FOLDER

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def private(monkeypatch, tmp_path):
    monkeypatch.setattr(RosterUpload._meta.get_field("file"), "storage", FileSystemStorage(tmp_path))


@pytest.fixture
def admin(sign_in):
    person = UserFactory(name="Ada Okafor", role="admin")
    sign_in(person)
    return person


@pytest.fixture
def looks_right(page, assert_accessible):
    """No axe-core violation, no sideways scrolling; a picture when PICTURES names a folder."""

    def check(name):
        assert_accessible(page)
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert fits(page), f"{name} at {width}"
            if folder := os.environ.get("PICTURES"):
                page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)

    return check


@pytest.mark.parametrize("colour_scheme", ["light", "dark"])
def test_from_file_to_people(page, admin, looks_right, colour_scheme):
    page.emulate_media(color_scheme=colour_scheme)
    page.goto("/people/")
    page.get_by_role("link", name="Import a roster").first.click()
    expect(page).to_have_url(re.compile("/people/import/$"))
    looks_right(f"import-file-{colour_scheme}")

    page.get_by_label("Executives").check()
    page.locator("[name=file]").set_input_files(FOLDER / "uk_passport-service_2011-09_senior.csv")
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator("h1")).to_have_text("What the columns hold")
    looks_right(f"import-columns-{colour_scheme}")

    page.get_by_role("button", name="Show what would change").click()
    expect(page.locator("h1")).to_have_text("What the import would do")
    looks_right(f"import-dry-run-{colour_scheme}")
    page.get_by_role("link", name="Rejected").first.click()
    expect(page.locator("tbody tr")).to_have_count(11)

    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("h1")).to_have_text("3 added, 0 changed")
    looks_right(f"import-done-{colour_scheme}")

    page.get_by_role("link", name="See them").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    looks_right(f"people-{colour_scheme}")
    page.get_by_role("link", name="Sarah Rapson").click()
    expect(page.locator("h1")).to_contain_text("Sarah Rapson")
    looks_right(f"person-{colour_scheme}")
    page.goto("/people/roles/")
    looks_right(f"roles-{colour_scheme}")
