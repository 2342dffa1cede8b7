"""One-click links: one purpose, one person, until they expire; a GET shows, a POST does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.utils import timezone, translation

from floorprogram.logs import HideSecrets
from notifications.links import LinkGone, LinkUnknown, Purpose, make_link, open_link, register_purpose, spend_link
from notifications.models import Link
from tests.factories import NINE, ExecutiveFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def done():
    """What was done through links: a POST adds to the list."""
    done = []

    def view(request, link):
        if request.method == "POST":
            done.append(link.subject)
        return HttpResponse(f"{link.user.name} {link.subject} {translation.get_language()}")

    register_purpose(Purpose("test.update", view))
    register_purpose(Purpose("test.confirm", view, private=True))
    return done


def make(user=None, purpose="test.update", now=None, **rest):
    """The path of a new link and its token."""
    address = make_link(
        purpose=purpose, subject="issue:1", user=user or UserFactory(), now=now or timezone.now(), **rest
    )
    path = address.removeprefix("http://testserver")
    return path, path.split("/")[2]


def test_the_address_holds_what_the_database_does_not():
    path, token = make()

    assert path == f"/act/{token}/"
    assert len(token) >= 43
    assert token not in str(Link.objects.values())


def test_a_get_shows_and_changes_nothing(client, done):
    path, _token = make(UserFactory(name="Maya"))
    before = list(Link.objects.values())

    response = client.get(path)

    assert (response.status_code, response.content) == (200, b"Maya issue:1 en")
    assert done == []
    assert list(Link.objects.values()) == before


def test_looking_ahead_shows_nothing_at_all(client, done):
    path, _token = make()

    response = client.head(path)

    assert (response.status_code, response.content, done) == (200, b"", [])


def test_a_post_acts(client, done):
    path, _token = make()

    assert client.post(path).status_code == 200
    assert done == ["issue:1"]


def test_a_form_from_elsewhere_is_refused(done):
    from django.test import Client

    path, _token = make()

    assert Client(enforce_csrf_checks=True).post(path).status_code == 403
    assert done == []


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_nothing_else_is_known(client, method):
    assert getattr(client, method)(make()[0]).status_code == 405


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_an_expired_link_is_gone(client, done, method):
    path, _token = make(now=timezone.now() - timedelta(days=14, seconds=1))

    assert getattr(client, method)(path).status_code == 410
    assert done == []


@pytest.mark.parametrize(
    "change", [lambda token: token[:-1], lambda token: token[::-1], lambda token: "x", str.swapcase]
)
def test_an_altered_link_is_unknown(client, done, change):
    _path, token = make()

    response = client.post(f"/act/{change(token)}/")

    assert response.status_code == 404
    assert "This link is closed" in response.content.decode()
    assert done == []


def test_one_of_a_person_who_left_is_gone(client):
    user = UserFactory()
    path, _token = make(user)
    user.is_active = False
    user.save()

    assert client.get(path).status_code == 410


def test_an_assistants_link_ends_with_the_role(client):
    executive, assistant = ExecutiveFactory(), UserFactory()
    executive.assistant = assistant
    executive.save()
    path, _token = make(assistant, on_behalf_of=executive.user)
    assert client.get(path).status_code == 200

    executive.assistant = None
    executive.save()

    assert client.get(path).status_code == 410


def test_what_only_one_person_may_do_needs_an_address_of_their_own(client):
    alone = UserFactory(email="maya@example.com")
    shared = UserFactory(email="tom@example.com", contact_email="office@example.com")

    assert client.get(make(alone, "test.confirm")[0]).status_code == 200
    assert client.get(make(shared, "test.confirm")[0]).status_code == 410
    assert client.get(make(shared, "test.update")[0]).status_code == 200


def test_a_spent_link_opens_nothing():
    _path, token = make(now=NINE)
    link = open_link(token, now=NINE)
    other = open_link(token, now=NINE)

    spend_link(link, now=NINE)

    with pytest.raises(LinkGone):
        spend_link(other, now=NINE)
    with pytest.raises(LinkGone):
        open_link(token, now=NINE)


def test_a_purpose_nobody_registered_is_unknown():
    Link.objects.create(
        token_hash="0" * 64, purpose="test.old", subject="x:1", user=UserFactory(), private=True, created_at=NINE,
        expires_at=NINE + timedelta(days=1),
    )  # fmt: skip

    with pytest.raises(LinkUnknown):
        open_link("x", now=NINE)


def test_a_purpose_that_finds_its_subject_gone_says_so(client):
    def view(request, link):
        raise LinkGone("The issue has changed hands.")

    register_purpose(Purpose("test.gone", view))

    response = client.get(make(purpose="test.gone")[0])

    assert response.status_code == 410
    assert "The issue has changed hands." in response.content.decode()


@pytest.mark.parametrize("lost", [False, True])
def test_headers_keep_the_address_to_ourselves(client, lost):
    response = client.get("/act/nothing/" if lost else make()[0])

    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cache-Control"] == "no-store"
    assert "noindex" in response["X-Robots-Tag"]


def test_the_page_speaks_the_persons_language(client):
    assert client.get(make(UserFactory(name="Maya", language="de"))[0]).content == b"Maya issue:1 de"


def test_no_token_reaches_the_log(client, caplog):
    path, token = make(now=timezone.now() - timedelta(days=15))

    client.get(path)

    assert caplog.records
    for record in caplog.records:  # what the handler of settings.LOGGING does before it writes
        assert HideSecrets().filter(record)
        assert token not in record.getMessage()
