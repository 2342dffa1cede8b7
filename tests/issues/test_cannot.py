"""What cannot be done as the issue is now: said plainly, with what can be, and nobody is blamed for being faster."""

from datetime import timedelta

import pytest
from freezegun import freeze_time

from issues import actions
from issues.models import IssueEvent
from tests.factories import NINE, ExecutiveFactory
from tests.issues.conftest import LATER, TODAY, in_state

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen():
    with freeze_time(LATER):
        yield


def get(client, user, address):
    client.force_login(user)
    return client.get(address)


def test_what_the_state_does_not_allow_is_said_with_what_can_be_done(client, delivered):
    address = f"/issues/{delivered.issue.pk}/deliver/"

    response = get(client, delivered.people["owner"], address)

    html = response.content.decode()
    assert response.status_code == 409
    assert "This cannot be done now" in html
    assert "is delivered now" in html
    assert "Somebody was faster" not in html
    assert f"/issues/{delivered.issue.pk}/hold/" in html.split("What can be done instead")[1]
    assert "/confirm/" not in html


def test_nobody_was_faster_while_nothing_changed_since_the_page(client, delivered):
    address = f"/issues/{delivered.issue.pk}/deliver/?seen={delivered.issue.version}"
    assert "Somebody was faster" not in get(client, delivered.people["owner"], address).content.decode()


@pytest.mark.parametrize("seen", ["x", "99", "-1", "", "9" * 30])
def test_strange_versions_are_as_none(client, delivered, seen):
    response = get(client, delivered.people["owner"], f"/issues/{delivered.issue.pk}/deliver/?seen={seen}")
    assert (response.status_code, b"Somebody was faster" in response.content) == (409, False)


def test_somebody_was_faster_when_it_changed_since_the_page(client, cast):
    seen = cast.issue.version
    words = {"text": "One screen.", "impact": "Minutes."}
    actions.deliver(issue=cast.issue, by=cast.people["assistant"], now=NINE + timedelta(hours=1), **words)

    html = get(client, cast.people["owner"], f"/issues/{cast.issue.pk}/deliver/?seen={seen}").content.decode()

    assert "Somebody was faster" in html
    assert "Asha Assistant for Anneke Vos" in html.split("Since you saw it")[1]
    assert "What can be done instead" in html


def test_the_pages_links_say_what_they_showed(client, cast):
    html = get(client, cast.people["coordinator"], f"/issues/{cast.issue.pk}/").content.decode()
    assert f"/issues/{cast.issue.pk}/merge/?seen={cast.issue.version}" in html


def test_a_closed_issue_leaves_the_owner_its_page(client, cast):
    in_state(cast.issue, "withdrawn")
    html = get(client, cast.people["owner"], f"/issues/{cast.issue.pk}/hold/").content.decode()
    assert "This cannot be done now" in html
    assert "What can be done instead" not in html
    assert f"Open issue {cast.issue.pk}" in html


def test_who_can_read_it_no_more_is_told_and_led_home(client, cast):
    other, about = ExecutiveFactory(), {"issue": cast.issue, "now": NINE}
    actions.offer_handover(to=other, reason="Yours.", by=cast.people["owner"], **about)
    actions.take_back_offer(by=cast.people["owner"], **about)

    response = get(client, other.user, f"/issues/{cast.issue.pk}/handover/accept/")

    assert response.status_code == 409
    assert "Go to my day" in response.content.decode()
    assert "What can be done instead" not in response.content.decode()


def test_a_form_that_came_too_late_still_says_so(client, cast):
    client.force_login(cast.people["owner"])
    actions.post_update(issue=cast.issue, text="First.", by=cast.people["assistant"], now=NINE)
    data = {"until": TODAY + timedelta(days=20), "reason": "Frozen.", "version": cast.issue.version}
    response = client.post(f"/issues/{cast.issue.pk}/hold/", data)
    assert response.status_code == 409
    assert "Somebody was faster" in response.content.decode()
    assert IssueEvent.objects.count() == 1
