"""The take-away form: floor notes to choose from, a promise to the host by name, earlier issues, with and without scripts."""

from datetime import date

import pytest
from django.urls import reverse
from freezegun import freeze_time

from issues import actions
from issues.errors import Refused
from issues.models import Issue
from issues.take_away_form import joined
from tests.factories import NINE, FloorNoteFactory, IssueFactory, VisitFactory
from tests.issues.conftest import TODAY

pytestmark = pytest.mark.django_db
TAKE = {"title": "Postcode twice", "promise": "Maya, you type it once by May.", "target_date": "2027-05-01"}


@pytest.fixture(autouse=True, scope="module")
def frozen():
    with freeze_time(NINE):
        yield


@pytest.fixture
def owing(cast):
    return VisitFactory(held=True, executive=cast.executive, host=cast.host, date=date(2027, 2, 20))


@pytest.fixture
def notes(cast, owing):
    about = {"visit": owing}
    return {
        "praise": FloorNoteFactory(text="Great patience.", kind="praise", **about),
        "host's": FloorNoteFactory(text="The queue is blind.", author=cast.people["host"], **about),
        "own": FloorNoteFactory(text="The postcode is asked twice.", **about),
    }


def form(client, user, visit):
    client.force_login(user)
    return client.get(f"/issues/take-away/{visit.uuid}/")


def send(client, user, visit, **data):
    client.force_login(user)
    return client.post(f"/issues/take-away/{visit.uuid}/", data)


def test_it_begins_with_the_executives_own_obstacles(client, cast, owing, notes):
    response = form(client, cast.people["owner"], owing)
    assert response.context["form"]["obstacle"].value() == "The postcode is asked twice."
    assert [note.text for note in response.context["notes"]] == [
        "The postcode is asked twice.", "The queue is blind.", "Great patience.",
    ]  # fmt: skip
    assert response.context["ticked"] == [str(notes["own"].pk)]


def test_without_own_obstacles_it_begins_with_anybodys(client, cast, owing, notes):
    notes["own"].delete()
    assert form(client, cast.people["owner"], owing).context["form"]["obstacle"].value() == "The queue is blind."


def test_other_notes_can_be_chosen_and_typed_words_stay(client, cast, owing, notes):
    ticked = [str(notes["host's"].pk), str(notes["praise"].pk)]
    typed = {
        "obstacle": "The postcode is asked twice.\r\n\r\nMy own words.",
        "title": "Half a ti",
        "promise": "Maya, soon.",
    }

    response = send(client, cast.people["owner"], owing, do="notes", notes=ticked, **typed)

    again = response.context["form"]
    assert response.status_code == 200
    assert again["obstacle"].value() == "My own words.\n\nThe queue is blind.\n\nGreat patience."
    assert (again["title"].value(), again["promise"].value()) == ("Half a ti", "Maya, soon.")
    assert response.context["ticked"] == ticked
    assert not owing.issues.exists()


def test_notes_are_joined_up_to_what_fits(cast, owing):
    note = FloorNoteFactory(visit=owing, text="x" * 2000)
    assert len(joined("y" * 3990, [note], [str(note.pk)])) == 4000


def test_the_promise_is_addressed_to_the_host(client, cast, owing):
    html = form(client, cast.people["owner"], owing).content.decode()
    assert "What do you promise Maya?" in html
    assert "Maya, </textarea>" in html


@pytest.mark.parametrize("words", ["Maya, ", "Maya", " maya ,"[:0]])
def test_a_name_alone_promises_nothing(client, cast, owing, words):
    assert send(client, cast.people["owner"], owing, **TAKE | {"promise": words}).status_code == 422
    assert not owing.issues.exists()


def test_a_promise_is_one_line(client, cast, owing):
    send(client, cast.people["owner"], owing, **TAKE | {"promise": "Maya, you type it\r\n  once."})
    assert owing.issues.get().promise == "Maya, you type it once."


# --- Earlier issues ---


def test_earlier_ones_are_looked_for_without_a_script(client, cast, owing):
    response = send(client, cast.people["owner"], owing, do="similar", title="Systems for a SIM swap", promise="Maya, ")
    html = response.content.decode()
    assert response.status_code == 200
    assert "Taken away once since 2027: 1 still open." in html
    assert "<noscript>" in html
    assert f'hx-get="{reverse("issues:similar")}"' in html
    assert not owing.issues.exists()


def test_the_notes_alone_find_some(client, cast, owing):
    FloorNoteFactory(visit=owing, text="A SIM swap takes three systems.")
    Issue.objects.filter(pk=cast.issue.pk).update(obstacle="")
    assert cast.issue.title in form(client, cast.people["owner"], owing).content.decode()


def test_one_can_be_linked(client, cast, owing):
    send(client, cast.people["owner"], owing, **TAKE, earlier=cast.issue.pk)
    issue = owing.issues.get()
    assert issue.earlier == cast.issue
    assert issue.events.get().after["earlier"] == cast.issue.pk


def test_a_refused_form_keeps_what_was_chosen(client, cast, owing):
    response = send(client, cast.people["owner"], owing, **TAKE | {"target_date": "2027-01-01"}, earlier=cast.issue.pk)
    assert response.status_code == 422
    assert f'value="{cast.issue.pk}" checked' in response.content.decode()


def test_what_somebody_cannot_read_is_not_linked(client, cast, owing):
    elsewhere = IssueFactory()
    assert send(client, cast.people["owner"], owing, **TAKE, earlier=elsewhere.pk).status_code == 422
    with pytest.raises(Refused):
        actions.take_away(
            visit=owing, title="x", promise="y", target_date=TODAY, earlier=elsewhere, by=cast.people["owner"], now=NINE
        )
    assert not owing.issues.exists()


@pytest.mark.parametrize("count", [0, 9])
def test_it_costs_the_same_whatever_there_is(client, cast, owing, count, django_assert_max_num_queries):
    FloorNoteFactory.create_batch(count, visit=owing)
    IssueFactory.create_batch(count, origin_visit=cast.visit, title="Account screens asked twice")
    form(client, cast.people["owner"], owing)
    with django_assert_max_num_queries(12):
        client.get(f"/issues/take-away/{owing.uuid}/")
