"""A form sent after the session ended: nothing is sent, and nothing typed is lost."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory

from issues.models import IssueUpdate
from people.typed import LIMIT, typed_in
from tests.factories import IssueFactory, UserFactory

pytestmark = pytest.mark.django_db
WORDS = 'One screen of two is gone.\nBilling says: "<b>good</b>".'
SHOWN = "One screen of two is gone.\nBilling says: &quot;&lt;b&gt;good&lt;/b&gt;&quot;."
HERE = "http://testserver"
OWN = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def issue():
    return IssueFactory()


@pytest.mark.parametrize(
    ("verb", "name"),
    [("update", "text"), ("deliver", "text"), ("deliver", "impact"), ("hold", "reason")],
)
def test_what_was_typed_is_shown_to_be_copied(client, issue, verb, name):
    data = {name: WORDS, "version": "0", "host_reads": "on", "csrfmiddlewaretoken": "the-token"}

    answer = client.post(
        f"/issues/{issue.pk}/{verb}/", data, headers={"referer": f"{HERE}/issues/{issue.pk}/?show=all"}
    )

    page = answer.content.decode()
    assert answer.status_code == 401
    assert "You were signed out. Nothing was sent." in page
    assert page.count("<textarea") == 1
    assert SHOWN in page
    assert "<b>good" not in page
    assert "the-token" not in page
    assert f'href="/accounts/login/?next=/issues/{issue.pk}/%3Fshow%3Dall" target="_blank" rel="noopener"' in page
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/seasons/new/", "/issues/take-away/00000000-0000-4000-8000-000000000000/"])
def test_so_it_is_wherever_one_has_to_be_signed_in(client, address):
    answer = client.post(address, {"name": "Spring 2027", "starts_on": "2027-03-01", "seen": "abc"})
    page = answer.content.decode()
    assert answer.status_code == 401
    assert ("Spring 2027" in page, "2027-03-01" in page, ">abc<" in page) == (True, True, False)


@pytest.mark.parametrize("referer", ["", "https://evil.example/issues/1/", "javascript:alert(1)", "//evil.example/"])
def test_only_a_page_of_ours_is_led_back_to(client, issue, referer):
    page = client.post(f"/issues/{issue.pk}/update/", {"text": "x"}, headers={"referer": referer}).content.decode()
    assert 'href="/accounts/login/?next=/"' in page
    assert "evil" not in page


def test_a_password_is_never_shown(client):
    data = {"oldpassword": "old-secret", "password1": "new-secret", "password2": "new-secret"}
    answer = client.post("/accounts/password/change/", data)
    assert answer.status_code == 401
    assert "secret" not in answer.content.decode()


def test_nothing_of_it_is_kept_or_logged(client, issue, caplog):
    client.post(f"/issues/{issue.pk}/update/", {"text": WORDS})
    assert not IssueUpdate.objects.exists()
    assert "One screen" not in caplog.text
    assert not client.session.keys()


def test_once_signed_in_again_the_same_form_goes_through(issue):
    """Given the page of an issue whose reader is signed out; when they sign in beside it and go back; then it is sent."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(issue.owner.user)
    browser.get(issue.get_absolute_url())
    data = {"text": WORDS, "version": "0", "csrfmiddlewaretoken": browser.cookies["csrf"].value}
    del browser.cookies["session"]
    assert browser.post(f"/issues/{issue.pk}/update/", data).status_code == 401

    browser.force_login(issue.owner.user)
    browser.get(issue.get_absolute_url())
    data["csrfmiddlewaretoken"] = browser.cookies["csrf"].value
    assert browser.post(f"/issues/{issue.pk}/update/", data).status_code == 302
    assert issue.updates.get().text == WORDS


def test_a_form_of_before_the_sign_in_shows_what_was_typed(issue):
    """The token of a page that was open all along belongs to the session before."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(issue.owner.user)
    path, data = f"/issues/{issue.pk}/update/", {"text": WORDS, "csrfmiddlewaretoken": "of-before"}

    answer = browser.post(path, data, headers=OWN)

    assert answer.status_code == 403
    assert "This form was open for too long" in answer.content.decode()
    assert SHOWN in answer.content.decode()
    for forged in ({}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}):
        assert "One screen" not in browser.post(path, data, headers=forged).content.decode()


def test_what_a_survey_asked_is_not_shown_on_its_screen():
    answer = Client(enforce_csrf_checks=True).post("/surveys/kiosk/answer/", {"words": "Too loud."}, headers=OWN)
    assert answer.status_code == 403
    assert "Too loud." not in answer.content.decode()


def test_a_part_of_a_page_leaves_the_page_as_it_is(client, issue):
    """requests.js says so beside the form: the page is not loaded anew, for that would lose what was typed."""
    answer = client.post(f"/issues/{issue.pk}/update/", {"text": WORDS}, headers={"hx-request": "true"})
    assert (answer.status_code, answer.content) == (401, b"")
    assert "HX-Refresh" not in answer.headers


def test_a_page_is_still_led_to_the_sign_in(client, issue):
    assert client.get(f"/issues/{issue.pk}/").headers["Location"] == f"/accounts/login/?next=/issues/{issue.pk}/"
    assert client.get("/", headers={"hx-request": "true"}).headers["HX-Refresh"] == "true"


def test_who_is_signed_in_and_may_not_is_told_as_before(client, issue):
    client.force_login(UserFactory())
    assert client.post(f"/issues/{issue.pk}/update/", {"text": WORDS}).status_code == 404


def test_no_more_is_shown_than_a_form_can_hold():
    typed = typed_in(RequestFactory().post("/", {"a": "x" * LIMIT, "b": "y"}))
    assert [(field.name, len(field.words)) for field in typed] == [("a", LIMIT)]
    assert typed[0].lines == 12


def test_fields_without_a_name_of_ours_are_named_as_they_are_sent():
    posted = {"agenda-0-title": "Arrival", "new_name": "Leeds", "reason": "Away", "choices": ["a", "b"], "empty": " "}
    typed = typed_in(RequestFactory().post("/", posted))
    assert [(str(field.label), field.words) for field in typed] == [
        ("Agenda 0 title", "Arrival"), ("New name", "Leeds"), ("Reason", "Away"), ("Choices", "a\nb"),
    ]  # fmt: skip
