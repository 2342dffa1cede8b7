"""Floor notes: written once, by those who were there, and without customers' data."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse
from freezegun import freeze_time

from people.errors import Conflict, NotAllowed, Refused
from shadowing.models import FloorNote, NoteKind, VisitState
from shadowing.visits import notes
from tests.shadowing.world import BEFORE, ON_THE_DAY, make_world

pytestmark = pytest.mark.django_db
ID = uuid.UUID("6f6f7c1e-58a1-4b6c-9b2b-1d7e1a2b3c4d")


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def visit(world):
    return world.visit(VisitState.HELD)


def write(visit, by, **changes):
    about = {"note_id": ID, "text": "Refund asks twice", "kind": "obstacle", "other_teams": False, "now": ON_THE_DAY}
    return notes.write_note(visit=visit, by=by, **about | changes)


def text(response):
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("role", ["executive", "host", "coordinator", "admin"])
def test_those_who_were_there_write(world, visit, role):
    note = write(visit, world.people()[role], text="  Refund asks twice ", other_teams=True)

    assert (note.pk, note.text, note.author, note.other_teams) == (ID, "Refund asks twice", world.people()[role], True)
    assert note.written_at == ON_THE_DAY


@pytest.mark.parametrize("role", ["assistant", "sponsor", "other_coordinator", "stranger", "strange_host"])
def test_nobody_else_writes_or_reads(world, visit, role):
    write(visit, world.host.user)
    person = world.people()[role]

    with pytest.raises(NotAllowed):
        write(visit, person, note_id=uuid.uuid4())
    assert notes.notes_of(visit, person) == []
    assert FloorNote.objects.count() == 1


def test_a_resend_adds_and_changes_nothing(world, visit):
    write(visit, world.host.user)
    again = write(visit, world.host.user, text="Another text")

    assert again.text == "Refund asks twice"
    assert FloorNote.objects.count() == 1


def test_an_id_belongs_to_its_writer(world, visit):
    write(visit, world.host.user)

    with pytest.raises(Conflict):
        write(visit, world.executive.user)


@pytest.mark.parametrize("changes", [{"text": " "}, {"kind": "rating"}])
def test_a_note_says_something(world, visit, changes):
    with pytest.raises(Refused, match="what you saw"):
        write(visit, world.host.user, **changes)


def test_notes_begin_on_the_day(world):
    visit = world.visit(VisitState.CONFIRMED)

    with pytest.raises(Refused, match="from the day of the visit on"):
        write(visit, world.host.user, now=BEFORE)
    assert write(visit, world.host.user)


@pytest.mark.parametrize("state", [VisitState.INVITED, VisitState.CANCELLED, VisitState.NO_SHOW])
def test_a_visit_that_did_not_happen_has_no_notes(world, state):
    with pytest.raises(Conflict):
        write(world.visit(state), world.host.user)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Her card is 4111 1111 1111 1111.", "card"),
        ("5500-0000-0000-0004 was refused", "card"),
        ("mail jane.doe@example.com about it", "e-mail"),
        ("call +44 20 7946 0958", "phone"),
        ("call 020 7946 0958", "phone"),
        ("account 12345678 twice", "account number"),
        ("IBAN DE89 3704 0044 0532 0130 00", "account number"),
        ("4111 1111 1111 1112 fails the check digit", "account number"),
        ("She waited 45 minutes, 3 transfers, 1,300 callers", ""),
        ("Ticket 214 from 2027-03-03 and 3.3.2027, at 10:31", ""),
        ("€40 refunds need a supervisor @ noon", ""),
    ],
)
def test_what_looks_like_a_customers(words, kind):
    assert notes.customer_data(words) == kind


def test_customer_data_is_asked_about_before_it_is_kept(world, visit):
    with pytest.raises(notes.LooksLikeCustomerData, match="This looks like a card number"):
        write(visit, world.host.user, text="Card 4111 1111 1111 1111")
    assert not FloorNote.objects.exists()

    assert write(visit, world.host.user, text="Order 12345678 is a test", checked=True)


@freeze_time(ON_THE_DAY)
def test_the_phone_page(client, world, visit):
    url = reverse("shadowing:floor", args=[visit.uuid])
    client.force_login(world.executive.user)
    shown = client.get(url)
    sent = {"note_id": ID, "text": "Card 4111 1111 1111 1111", "kind": "customer", "other_teams": "on"}

    asked = client.post(url, sent)
    kept = client.post(url, sent | {"checked": "on"}, follow=True)
    empty = client.post(url, sent | {"text": ""})

    assert '<li aria-current="time">' in text(shown)
    assert all(f'value="{kind}"' in text(shown) for kind in NoteKind.values)
    assert "Take away an issue" in text(shown)
    assert (asked.status_code, empty.status_code, kept.status_code) == (422, 422, 200)
    assert "Leave it out: the obstacle is enough." in text(asked)
    assert 'name="checked"' in text(asked)
    assert "sent 10:00" in text(kept)
    note = FloorNote.objects.get()
    assert (note.pk, note.kind, note.other_teams) == (ID, "customer", True)


@freeze_time(ON_THE_DAY)
def test_own_notes_only(client, world, visit):
    write(visit, world.host.user)
    client.force_login(world.executive.user)

    assert "Refund asks twice" not in text(client.get(reverse("shadowing:floor", args=[visit.uuid])))


@freeze_time(BEFORE)
def test_before_the_day_the_page_says_when(client, world):
    visit = world.visit()
    client.force_login(world.host.user)

    shown = text(client.get(reverse("shadowing:floor", args=[visit.uuid])))

    assert "from Wednesday 3 March on" in shown
    assert "Keep this note" not in shown
