"""Being away: who may say so, what is refused, who stands in on which day, the page."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from notifications.sending import send_due
from notifications.sweep import sweep
from people.actions import end_absence, set_absence
from people.errors import Conflict, NotAllowed, Refused
from people.models import Absence, AuditEvent, Role, User
from people.standing_in import acts_for, away
from tests.factories import NINE, ExecutiveFactory, HostFactory, SiteFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = NINE.date()
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def people():
    site = SiteFactory()
    boss = ExecutiveFactory(user__name="Anneke Vos", assistant=UserFactory(name="Asha Assistant"))
    return {
        "executive": boss.user,
        "assistant": boss.assistant,
        "host": HostFactory(team=TeamFactory(site=site), user__name="Maya Rowntree").user,
        "admin": UserFactory(role=Role.ADMIN),
        "coordinator": UserFactory(role=Role.COORDINATOR, sites=[site]),
        "coordinator elsewhere": UserFactory(role=Role.COORDINATOR, sites=[SiteFactory()]),
        "sponsor": UserFactory(role=Role.SPONSOR),
        "substitute": UserFactory(name="Ravi Iyer"),
    }


def be_away(person, by=None, first=TODAY, last=TODAY + 4 * DAY, substitute=None, now=NINE):
    return set_absence(
        person=person, first_day=first, last_day=last, substitute=substitute, by=by or person, now=now
    )  # fmt: skip


@pytest.mark.parametrize(
    ("person", "allowed"),
    [
        ("executive", {"executive", "assistant", "admin", "coordinator", "coordinator elsewhere"}),
        ("host", {"host", "admin", "coordinator"}),
        ("sponsor", {"sponsor", "admin"}),
    ],
)
def test_who_may_say_that_somebody_is_away(people, person, allowed):
    for name, by in people.items():
        by = User.objects.get(pk=by.pk)
        if name in allowed:
            absence = be_away(people[person], by)
            end_absence(absence_id=absence.pk, by=by, now=NINE)
        else:
            with pytest.raises(NotAllowed):
                be_away(people[person], by)
    assert not Absence.objects.exists()


def test_it_goes_on_record_who_said_it(people):
    absence = be_away(people["executive"], people["assistant"], substitute=people["substitute"])
    event = AuditEvent.objects.get()

    assert (event.verb, event.subject, event.by) == (
        "absence set", f"user:{people['executive'].pk}", people["assistant"],
    )  # fmt: skip
    assert event.changes["substitute"] == people["substitute"].pk
    assert (absence.created_by, absence.created_at) == (people["assistant"], NINE)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"first": TODAY + 5 * DAY}, "last_day"),
        ({"first": TODAY - 9 * DAY, "last": TODAY - DAY}, "last_day"),
        ({"last": TODAY + 400 * DAY}, "last_day"),
        ({"substitute": "executive"}, "substitute"),
        ({"substitute": "left"}, "substitute"),
        ({"substitute": "mute"}, "substitute"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_noted(people, change, field):
    people["left"], people["mute"] = UserFactory(is_active=False), UserFactory(email=None)
    if "substitute" in change:
        change["substitute"] = people[change["substitute"]]

    with pytest.raises(Refused) as refused:
        be_away(people["executive"], **change)

    assert refused.value.field == field
    assert not Absence.objects.exists()
    assert not AuditEvent.objects.exists()


def test_days_that_meet_another_absence_are_a_conflict(people):
    be_away(people["executive"])
    for first, last in ((TODAY + 4 * DAY, TODAY + 9 * DAY), (TODAY, TODAY)):
        with pytest.raises(Conflict):
            be_away(people["executive"], first=first, last=last)
    be_away(people["executive"], first=TODAY + 5 * DAY, last=TODAY + 6 * DAY)


def test_who_is_away_too_does_not_stand_in(people):
    be_away(people["substitute"])
    with pytest.raises(Conflict) as refused:
        be_away(people["executive"], substitute=people["substitute"])
    assert refused.value.field == "substitute"


def test_back_early_ends_it_yesterday_and_one_that_has_not_begun_is_taken_out(people):
    begun = be_away(people["executive"])
    coming = be_away(people["executive"], first=TODAY + 9 * DAY, last=TODAY + 10 * DAY)
    later = NINE + 2 * DAY

    for absence in (begun, coming):
        end_absence(absence_id=absence.pk, by=people["assistant"], now=later)

    assert [(one.first_day, one.last_day) for one in Absence.objects.all()] == [(TODAY, TODAY + DAY)]
    with pytest.raises(Conflict):
        end_absence(absence_id=begun.pk, by=people["assistant"], now=later)
    with pytest.raises(NotAllowed):
        end_absence(absence_id=begun.pk, by=people["host"], now=NINE)


def test_days_are_the_persons_own(people):
    executive, ravi = people["executive"], people["substitute"]
    User.objects.filter(pk=executive.pk).update(time_zone="Pacific/Auckland")
    be_away(executive, first=date(2027, 3, 2), last=date(2027, 3, 2), substitute=ravi)

    for moment, there in (
        (datetime(2027, 3, 1, 10, 59, tzinfo=UTC), False),
        (datetime(2027, 3, 1, 11, tzinfo=UTC), True),
        (datetime(2027, 3, 2, 10, 59, tzinfo=UTC), True),
        (datetime(2027, 3, 2, 11, tzinfo=UTC), False),
    ):
        assert away(moment) == ({executive.pk: ravi.pk} if there else {})


def test_nobody_stands_in_who_has_left_or_is_away_too(people):
    executive, ravi = people["executive"], people["substitute"]
    be_away(executive, substitute=ravi)
    be_away(ravi, first=TODAY + 5 * DAY, last=TODAY + 6 * DAY)
    assert away(NINE) == {executive.pk: ravi.pk}

    Absence.objects.filter(user=ravi).update(first_day=TODAY)
    assert away(NINE) == {executive.pk: None, ravi.pk: None}

    Absence.objects.filter(user=ravi).delete()
    User.objects.filter(pk=ravi.pk).update(is_active=False)
    assert away(NINE) == {executive.pk: None}


def test_a_substitute_counts_as_an_assistant_meanwhile(people):
    ravi = people["substitute"]
    assert "assistant" not in User.objects.get(pk=ravi.pk).identities
    be_away(people["executive"], substitute=ravi)

    known = acts_for(User.objects.get(pk=ravi.pk), NINE)

    assert known.acting_for == {people["executive"].pk}
    assert "assistant" in known.identities
    assert acts_for(User.objects.get(pk=ravi.pk), NINE + 5 * DAY).acting_for == frozenset()


# --- Pages ---


def page(client, people, name="executive", by=None):
    client.force_login(people[by or name])
    return f"/people/{people[name].pk}/away/"


FAR = {"first_day": "2099-03-01", "last_day": "2099-03-05"}


def test_one_says_it_on_ones_own_page_and_takes_it_back(client, people):
    url = page(client, people)
    assert "You are here" in client.get(url).content.decode()

    answer = client.post(url, FAR | {"substitute": "ravi iyer"})

    assert answer.status_code == 302
    absence = Absence.objects.get()
    assert absence.substitute == people["substitute"]
    assert "Ravi Iyer stands in" in client.get(url).content.decode()
    assert "Ravi Iyer stands in" in client.get(f"/people/{people['executive'].pk}/").content.decode()
    assert client.post(f"/people/away/{absence.pk}/back/").status_code == 302
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({}, 422, "Fill this in."),
        (FAR | {"substitute": "Nobody Known"}, 422, "Nobody here has this name"),
        (FAR | {"last_day": "2098-03-05"}, 422, "The last day comes before the first."),
        (FAR | {"substitute": "Anneke Vos"}, 422, "Somebody else stands in"),
    ],
)
def test_what_was_typed_stays_in_a_refused_form(client, people, data, status, words):
    answer = client.post(page(client, people), data)

    assert answer.status_code == status
    assert words in answer.content.decode()
    assert not Absence.objects.exists()


def test_days_already_noted_are_a_conflict(client, people):
    url = page(client, people, by="assistant")
    assert client.post(url, FAR).status_code == 302
    assert client.post(url, FAR).status_code == 409
    assert Absence.objects.count() == 1


@pytest.mark.parametrize("by", ["sponsor", "substitute", "host"])
def test_strangers_find_nothing(client, people, by):
    absence = be_away(people["executive"], first=date(2099, 3, 1), last=date(2099, 3, 2))
    url = page(client, people, by=by)

    assert client.get(url).status_code == client.post(url, FAR).status_code == 404
    assert client.post(f"/people/away/{absence.pk}/back/").status_code == 404
    assert Absence.objects.count() == 1


def test_two_of_one_name_are_told_apart(client, people):
    UserFactory(name="Ravi Iyer", email="other@example.com")
    url = page(client, people)

    assert "several people" in client.post(url, FAR | {"substitute": "Ravi Iyer"}).content.decode()
    assert client.post(url, FAR | {"substitute": "other@example.com"}).status_code == 302


def test_who_stands_in_is_told_once_at_once_and_not_when_it_was_taken_back(people, mailoutbox):
    by = people["executive"]
    absence = be_away(by, substitute=people["substitute"], first=TODAY + 3 * DAY)
    be_away(by, substitute=people["admin"], first=TODAY + 30 * DAY, last=TODAY + 31 * DAY)
    midnight = NINE + 15 * HOUR

    for _again in range(2):
        sweep(now=midnight)
    Absence.objects.filter(substitute=people["admin"]).delete()
    send_due(now=midnight)

    (mail,) = [mail for mail in mailoutbox if "You stand in" in mail.subject]
    assert "ravi.iyer@example.com" in mail.to[0]
    assert "Anneke Vos is away from 4\xa0March\xa02027 to 5\xa0March\xa02027, and you stand in." in mail.body
    assert absence.substitute == people["substitute"]
