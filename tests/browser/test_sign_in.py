"""The first page anybody sees."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("colour_scheme", ["light", "dark"])
def test_sign_in_page_is_accessible(page, colour_scheme, assert_accessible):
    page.emulate_media(color_scheme=colour_scheme)

    page.goto("/accounts/login/")

    assert_accessible(page)


def test_signing_in_leads_home(page):
    """Given a person with a password, the form lets her in and forgets the password page."""
    person = UserFactory(name="Ada Okafor", role="coordinator")
    person.set_password(PASSWORD)
    person.save()

    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(person.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")

    expect(page).to_have_url(re.compile(r"^http://[^/]+/$"))


def test_wrong_password_is_refused_in_words(page):
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill("nobody@example.com")
    page.locator("[name=password]").fill("not the password")
    page.locator("[name=password]").press("Enter")

    expect(page.locator("form")).to_contain_text("password")
    expect(page).to_have_url(re.compile(r"/accounts/login/"))
