"""The frame of pages: gallery, sign-in, error pages, and what strict CSP forbids in templates."""

import re

import pytest
from django.template.loader import render_to_string

from floorprogram.gallery import sample
from tests.architecture import source
from tests.factories import UserFactory


@pytest.mark.django_db
@pytest.mark.parametrize(("demo", "status"), [(True, 200), (False, 404)])
def test_the_gallery_is_for_admins_of_a_demo(client, settings, demo, status):
    settings.DEMO = demo
    client.force_login(UserFactory(role="admin"))

    assert client.get("/look/").status_code == status


def test_a_refused_form_names_each_field_links_to_it_and_describes_it():
    page = render_to_string("components/gallery.html", sample())

    assert '<a href="#id_last_day">Last day of the season</a>' in page
    assert 'aria-describedby="id_last_day_error"' in page
    assert 'id="id_last_day_error"' in page
    assert '<span class="optional">optional</span>' in page
    assert "asteriskField" not in page


@pytest.mark.django_db
def test_signing_in_has_its_two_fields_and_no_navigation(client):
    page = client.get("/accounts/login/").content.decode()

    assert re.search(r'<input[^>]*name="login"', page)
    assert re.search(r'<input[^>]*name="password"', page)
    assert "masthead-nav" not in page


@pytest.mark.django_db
def test_a_wrong_password_keeps_the_address_and_takes_the_focus_to_what_is_wrong(client):
    page = client.post("/accounts/login/", {"login": "a@example.com", "password": "wrong-password"}).content.decode()

    assert 'value="a@example.com"' in page
    assert "error-summary" in page


@pytest.mark.parametrize("code", ["400", "403", "404", "409", "422", "403_csrf"])
def test_error_pages_lead_back(code):
    page = render_to_string(f"{code}.html")

    assert 'href="/"' in page


@pytest.mark.parametrize("code", ["409", "422"])
def test_a_refusal_shows_its_own_words_escaped(code):
    assert "&lt;b&gt; was just booked" in render_to_string(f"{code}.html", {"message": "<b> was just booked"})


def test_the_page_for_our_own_faults_needs_no_context():
    assert "it is our fault" in render_to_string("500.html")


def test_no_template_holds_what_the_content_security_policy_forbids():
    """Mails are no pages: they have no style sheet to point to."""
    forbidden = re.compile(r"""\sstyle=["']|<style|\son[a-z]+=["']|hx-on|<script(?![^>]*\ssrc=)|\|safe\b|javascript:""")
    pages = (path for path in source.templates() if path.suffix == ".html" and "email" not in path.parts)
    assert [source.name_of(path) for path in pages if forbidden.search(path.read_text())] == []


def test_every_class_of_the_look_is_styled_somewhere():
    """Names in docs/look.md exist in the style sheets, so that nobody builds on a word that does nothing."""
    sheets = "".join(path.read_text() for path in (source.ROOT / "static" / "css").glob("*.css"))
    named = set(re.findall(r"`([a-z]+(?:-[a-z0-9]+)+)`", (source.ROOT / "docs" / "look.md").read_text()))
    attributes = {"aria-current", "csrf-token"} | {name for name in named if name.startswith("data-")}
    assert sorted(name for name in named - attributes if f".{name}" not in sheets) == []
