"""An issue changes hands while somebody types: they are told so far as they may know, and their words are not lost."""

from __future__ import annotations

import pytest
from django.test import Client
from freezegun import freeze_time

from issues import actions
from issues.models import IssueUpdate
from notifications.links import make_link
from shadowing.models import Visit
from tests.factories import ExecutiveFactory, IssueFactory, UserFactory
from tests.issues.conftest import LATER

pytestmark = pytest.mark.django_db
WORDS = "The supplier <b>signed</b>.\nTwo weeks left."
SHOWN = "The supplier &lt;b&gt;signed&lt;/b&gt;.\nTwo weeks left."
DATA = {"text": WORDS, "version": "0", "host_reads": "on"}
HTMX = {"hx-request": "true"}


@pytest.fixture(autouse=True)
def frozen():
    with freeze_time(LATER) as clock:
        yield clock


@pytest.fixture
def other(db):
    return ExecutiveFactory(user__name="Ravi Menon", assistant=UserFactory(name="Aled Assistant"))


@pytest.fixture
def handed(cast, other):
    """The issue is Ravi's now; Anneke, whose it was, never held a visit at its site but the one it came from."""
    actions.offer_handover(issue=cast.issue, to=other, reason="His system.", by=cast.people["owner"], now=LATER)
    actions.accept_handover(issue=cast.issue, by=other.user, now=LATER)
    return cast


def send(user, issue, verb="update", headers=None, **data):
    client = Client()
    client.force_login(user)
    return client.post(f"/issues/{issue.pk}/{verb}/", data or DATA, headers=headers or {})


@pytest.mark.parametrize("role", ["owner", "assistant"])
@pytest.mark.parametrize("verb", ["update", "deliver", "hold", "ask-withdrawal"])
def test_whose_it_was_is_told_whose_it_is_and_keeps_the_words(handed, role, verb):
    answer = send(handed.people[role], handed.issue, verb)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This issue is now with Ravi Menon." in page
    assert SHOWN in page
    assert "<b>signed" not in page
    assert page.count("<textarea") == 1
    assert not IssueUpdate.objects.exists()


def test_in_the_place_of_the_form_with_htmx(handed):
    answer = send(handed.people["owner"], handed.issue, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert page.lstrip().startswith('<div class="note')
    assert SHOWN in page


@pytest.mark.parametrize(("role", "name"), [("owner", True), ("assistant", False)])
def test_who_may_know_no_more_hears_only_that_it_is_no_longer_theirs(handed, other, role, name):
    """Given an issue that went on to a third owner, of which the first has no part; who saw the floor still may read it."""
    third = ExecutiveFactory(user__name="Nia New")
    actions.offer_handover(issue=handed.issue, to=third, reason="Hers.", by=other.user, now=LATER)
    actions.accept_handover(issue=handed.issue, by=third.user, now=LATER)
    if not name:
        Visit.objects.filter(pk=handed.visit.pk).update(executive=ExecutiveFactory())

    page = send(handed.people[role], handed.issue).content.decode()

    assert ("Nia New" in page) is name
    assert ("This issue is no longer yours." in page) is not name
    assert (f"Open issue {handed.issue.pk}" in page) is name
    assert SHOWN in page


def test_a_leavers_assistant_hears_it_too(cast, other):
    actions.transfer_leavers_issues(
        leaver=cast.executive, to=other, reason="She left.", by=cast.people["admin"], now=LATER
    )
    answer = send(cast.people["assistant"], cast.issue)
    assert answer.status_code == 409
    assert "This issue is now with Ravi Menon." in answer.content.decode()


def test_a_counterpart_who_is_one_no_more_keeps_the_words(cast, other):
    actions.ask_counterpart(issue=cast.issue, person=other.user, request="Look.", by=cast.people["owner"], now=LATER)
    actions.accept_counterpart(issue=cast.issue, by=other.user, now=LATER)
    actions.end_counterpart(issue=cast.issue, person=other.user, by=cast.people["owner"], now=LATER)

    answer = send(other.user, cast.issue)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This issue is no longer yours." in page
    assert "Anneke Vos" not in page
    assert SHOWN in page


@pytest.mark.parametrize(
    "role", ["host", "another host", "another executive", "sponsor", "coordinator elsewhere", "line manager"]
)
def test_a_stranger_is_told_nothing(handed, role):
    for headers in ({}, HTMX):
        answer = send(handed.people[role], handed.issue, headers=headers)
        assert answer.status_code == 404
        assert "Ravi Menon" not in answer.content.decode()


def test_who_was_only_offered_it_is_a_stranger(cast, other):
    actions.offer_handover(issue=cast.issue, to=other, reason="His.", by=cast.people["owner"], now=LATER)
    actions.decline_handover(issue=cast.issue, reason="Not mine.", by=other.user, now=LATER)
    assert send(other.user, cast.issue).status_code == 404


def test_whose_it_was_cannot_open_its_forms_any_more(handed):
    client = Client()
    client.force_login(handed.people["owner"])
    assert client.get(f"/issues/{handed.issue.pk}/deliver/").status_code == 404
    assert send(handed.people["owner"], IssueFactory()).status_code == 404


def test_an_admin_who_owned_it_once_goes_on(cast, other):
    admin = ExecutiveFactory(user=cast.people["admin"])
    for giver, taker in ((cast.executive, admin), (admin, other)):
        actions.offer_handover(issue=cast.issue, to=taker, reason="His system.", by=giver.user, now=LATER)
        actions.accept_handover(issue=cast.issue, by=taker.user, now=LATER)

    assert send(admin.user, cast.issue, text=WORDS, host_reads="on").status_code == 302


def test_the_link_of_whose_it_was_shows_the_words(client, handed):
    person = handed.people["owner"]
    path = make_link(purpose="issues.update", subject=handed.issue.subject, user=person, now=LATER)
    path = path.removeprefix("http://testserver")

    answer = client.post(path, {"answer": "moved", "text": WORDS})

    page = answer.content.decode()
    assert answer.status_code == 410
    assert "the issue has changed hands" in page
    assert SHOWN in page
    assert page.count("<textarea") == 1
    assert "<textarea" not in client.get(path).content.decode()
