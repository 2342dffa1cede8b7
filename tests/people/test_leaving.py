"""Leaving and coming back: who may say so, what is refused, what follows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from people.actions import mark_left, mark_returned
from people.errors import Conflict, NotAllowed, Refused
from people.models import AuditEvent, Role, User
from tests.factories import NINE, ExecutiveFactory, HostFactory, SiteFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = NINE.date()


@pytest.fixture
def people():
    site = SiteFactory()
    boss = ExecutiveFactory(user__name="Anneke Vos", assistant=UserFactory(name="Asha Assistant"))
    return {
        "executive": boss.user,
        "assistant": boss.assistant,
        "host": HostFactory(team=TeamFactory(site=site), user__name="Maya Rowntree").user,
        "admin": UserFactory(role=Role.ADMIN),
        "coordinator": UserFactory(role=Role.COORDINATOR),
        "site coordinator": UserFactory(role=Role.COORDINATOR, sites=[site]),
        "coordinator elsewhere": UserFactory(role=Role.COORDINATOR, sites=[SiteFactory()]),
        "sponsor": UserFactory(role=Role.SPONSOR, name="Sponsor"),
    }


def enter(client, person):
    client.force_login(person)
    return client


def leave(person, by, left_on=TODAY):
    return mark_left(person=person, left_on=left_on, by=User.objects.get(pk=by.pk), now=NINE)


@pytest.mark.parametrize(
    ("person", "allowed"),
    [
        ("executive", {"admin", "coordinator"}),
        ("host", {"admin", "coordinator", "site coordinator"}),
        ("sponsor", {"admin"}),
        ("admin", set()),
    ],
)
def test_who_may_say_that_somebody_left(people, person, allowed):
    for name, by in people.items():
        if name in allowed:
            leave(people[person], by)
            mark_returned(person=people[person], by=User.objects.get(pk=by.pk), now=NINE)
        else:
            with pytest.raises(NotAllowed):
                leave(people[person], by)

    assert User.objects.get(pk=people[person].pk).is_active


def test_it_is_on_record_and_can_be_taken_back(people):
    leave(people["host"], people["admin"], TODAY - timedelta(days=3))
    gone = User.objects.get(pk=people["host"].pk)
    assert (gone.is_active, gone.left_on) == (False, TODAY - timedelta(days=3))

    mark_returned(person=gone, by=people["admin"], now=NINE)
    back = User.objects.get(pk=gone.pk)
    assert (back.is_active, back.left_on) == (True, None)
    events = AuditEvent.objects.filter(subject=f"user:{gone.pk}").order_by("pk").values_list("verb", "by")
    assert list(events) == [("left", people["admin"].pk), ("returned", people["admin"].pk)]


def test_what_is_refused_changes_nothing(people):
    with pytest.raises(Refused) as refusal:
        leave(people["host"], people["admin"], TODAY + timedelta(days=1))
    assert refusal.value.field == "left_on"
    with pytest.raises(Conflict):
        mark_returned(person=people["host"], by=people["admin"], now=NINE)
    leave(people["host"], people["admin"])
    with pytest.raises(Conflict):
        leave(people["host"], people["admin"])

    assert AuditEvent.objects.filter(subject=f"user:{people['host'].pk}").count() == 1


def test_the_other_admin_may_go_but_not_the_last(people):
    other = UserFactory(role=Role.ADMIN)
    leave(other, people["admin"])
    # a second admin who has left does not count
    with pytest.raises(NotAllowed):
        leave(people["admin"], other)

    assert User.objects.get(pk=people["admin"].pk).is_active


def test_nobody_with_a_last_day_is_still_here(people):
    with pytest.raises(IntegrityError, match="user_left_is_not_active"):
        User.objects.filter(pk=people["host"].pk).update(left_on=TODAY)


def test_a_coordinator_marks_a_host_by_page(client, people):
    host, client = people["host"], enter(client, people["site coordinator"])
    url = f"/people/{host.pk}/left/"
    assert url in client.get(f"/people/{host.pk}/").content.decode()
    assert "Has Maya Rowntree left?" in client.get(url).content.decode()

    assert client.post(url, {"left_on": "soon"}).status_code == 422
    assert client.post(url, {"left_on": "9999-12-31"}).status_code == 422
    answer = client.post(url, {"left_on": "2026-01-15"}, follow=True)

    assert "left on 15 January 2026" in answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert User.objects.get(pk=host.pk).left_on == date(2026, 1, 15)
    assert client.post(url, {"left_on": "2026-01-15"}).status_code == 409
    client.post(f"/people/{host.pk}/returned/")
    assert User.objects.get(pk=host.pk).is_active


def test_who_left_is_signed_out(client, people):
    host = enter(client, people["host"])
    assert host.get("/").status_code == 200

    leave(people["host"], people["admin"])

    assert host.get("/").status_code == 302
    assert host.post(f"/people/{people['host'].pk}/returned/").status_code in (302, 401)
    assert not User.objects.get(pk=people["host"].pk).is_active


@pytest.mark.parametrize("name", ["assistant", "sponsor", "executive"])
def test_others_are_not_offered_it(client, people, name):
    client, host = enter(client, people[name]), people["host"]

    assert "/left/" not in client.get(f"/people/{people[name].pk}/").content.decode()
    assert client.post(f"/people/{host.pk}/left/", {"left_on": str(TODAY)}).status_code in (403, 404)
    assert User.objects.get(pk=host.pk).is_active
