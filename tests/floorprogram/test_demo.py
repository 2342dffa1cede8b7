"""The demo program: whole, believable, and signed in to with one press where it is allowed."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from issues.models import Issue, IssueState
from notifications.models import Message
from people.models import User
from shadowing.models import RegroupGroup, Season, SeasonState, VisitState
from surveys.models import Release

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_it_holds_every_state_everybody_can_sign_in_and_it_is_loaded_once(client, demo_program):
    assert demo_program["seasons"] == 3
    assert set(Season.objects.values_list("state", flat=True)) == {
        SeasonState.CLOSED,
        SeasonState.PUBLISHED,
        SeasonState.COLLECTING,
    }
    assert set(Issue.objects.values_list("state", flat=True)) == set(IssueState.values)
    assert {VisitState.HELD, VisitState.NO_SHOW} <= set(Season.objects.first().visits.values_list("state", flat=True))
    assert {"open", "issue"} < set(RegroupGroup.objects.values_list("outcome", flat=True))
    assert Release.objects.exists()
    assert Message.objects.filter(state="sent").exists()
    for email in demo_program["sign_ins"]:
        assert client.post("/accounts/demo/", {"email": email}).status_code == 302
        assert client.get("/").status_code == 200
        assert (
            client.post("/accounts/login/", {"login": email.upper(), "password": "floor-demo"}).headers["Location"]
            == "/"
        )
    assert_it_is_not_loaded_again()


def assert_it_is_not_loaded_again():
    before = User.objects.count()

    call_command("load_demo", "--if-empty")
    with pytest.raises(CommandError, match="already"):
        call_command("load_demo")

    assert User.objects.count() == before


def test_without_demo_nobody_signs_in_by_a_button(client):
    User.objects.create_user(email="admin@demo.example", name="Alex Moreau")

    assert client.post("/accounts/demo/", {"email": "admin@demo.example"}).status_code == 404
    assert "Alex Moreau" not in client.get("/accounts/login/").content.decode()
