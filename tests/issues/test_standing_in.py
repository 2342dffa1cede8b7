"""Who stands in for an owner who is away acts for them, on record, like an assistant, and only meanwhile."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from issues import actions, rules
from issues.errors import NotAllowed
from issues.models import Issue
from notifications.models import Notice
from notifications.sending import send_due
from notifications.sweep import sweep
from people.models import Absence, User
from people.standing_in import acts_for
from shadowing.models import Visit
from tests.factories import NINE, UserFactory
from tests.issues.conftest import TODAY

DAY = timedelta(days=1)
LATE = datetime(2027, 3, 16, 10, tzinfo=UTC)  # the first update is due the day before


@pytest.fixture
def ravi(cast):
    """Stands in for the owner, who has no assistant, around the day of the first reminder."""
    cast.executive.assistant = None
    cast.executive.save()
    person = UserFactory(name="Ravi Iyer")
    Absence.objects.create(
        user=cast.people["owner"], first_day=TODAY + 10 * DAY, last_day=TODAY + 20 * DAY, substitute=person,
        created_at=NINE, created_by=cast.people["owner"],
    )  # fmt: skip
    return person


def at(person, now):
    return acts_for(User.objects.get(pk=person.pk), now)


def test_they_see_and_may_do_what_an_assistant_may(cast, ravi):
    issue = Issue.objects.for_page().get(pk=cast.issue.pk)
    may = {verb for verb in rules.MAY if rules.can(at(ravi, LATE), verb, issue)}

    assert {"update", "start", "hold", "deliver", "change", "snooze", "ask_counterpart"} <= may
    assert not may & {"handover", "confirm", "not_yet", "withdraw", "transfer", "check"}
    for now, seen in ((LATE, True), (LATE + 20 * DAY, False), (NINE, False)):
        person = at(ravi, now)
        assert rules.can_view(person, issue) is seen
        assert Issue.objects.visible_to(person).filter(pk=issue.pk).exists() is seen
        assert Visit.objects.visible_to(person).filter(pk=cast.visit.pk).exists() is (
            seen and bool(cast.visit.invited_at)
        )


def test_what_they_do_is_on_record_as_done_for_the_owner(cast, ravi):
    actions.post_update(issue=cast.issue, text="In test.", by=at(ravi, LATE), now=LATE)

    event = cast.issue.events.order_by("-pk").first()
    assert (event.by, event.on_behalf_of) == (ravi, cast.people["owner"])


def test_once_the_owner_is_back_they_may_not(cast, ravi):
    back = LATE + 20 * DAY
    with pytest.raises(NotAllowed):
        actions.post_update(issue=cast.issue, text="In test.", by=at(ravi, back), now=back)
    assert not cast.issue.updates.exists()


def test_their_link_acts_for_the_owner_and_ends_with_the_absence(cast, ravi, client, mailoutbox, monkeypatch):
    sweep(now=LATE)
    assert set(Notice.objects.filter(kind="issues.update_due").values_list("recipient__name", flat=True)) == {ravi.name}
    send_due(now=LATE)
    mail = next(mail for mail in mailoutbox if "ravi" in mail.to[0])
    assert "For Anneke Vos, who is away; you stand in:" in mail.body
    path = re.search(r"http://testserver(/act/[^?\s]+)\?answer=moved", mail.body)[1]

    monkeypatch.setattr("django.utils.timezone.now", lambda: LATE + DAY)
    assert client.get(path).status_code == 200
    assert client.post(f"{path}?answer=moved", {"text": "The supplier has signed."}).status_code == 302
    event = cast.issue.events.order_by("-pk").first()
    assert (event.by, event.on_behalf_of) == (ravi, cast.people["owner"])

    monkeypatch.setattr("django.utils.timezone.now", lambda: LATE + 8 * DAY)
    assert client.get(path).status_code == 410


def test_signed_in_they_find_the_issue_among_their_own(cast, ravi, client, monkeypatch):
    client.force_login(ravi)
    url = cast.issue.get_absolute_url()
    assert client.get(url).status_code == 404

    Absence.objects.update(first_day="2020-01-01", last_day="2099-01-01")

    assert client.get(url).status_code == 200
    assert cast.issue.title in client.get("/issues/mine/").content.decode()


def test_those_above_hear_it_while_the_owner_is_away(cast, ravi):
    Absence.objects.update(substitute=None, last_day=TODAY + 90 * DAY)
    sweep(now=NINE + 29 * DAY)

    found = Notice.objects.filter(kind="issues.update_due")
    assert set(found.values_list("recipient__name", flat=True)) == {"Helga Strand"}


def test_the_hosts_not_yet_reaches_who_stands_in_at_once(delivered, ravi):
    actions.not_yet(issue=delivered.issue, words="No.", by=delivered.people["host"], now=LATE)

    found = Notice.objects.filter(kind="issues.not_yet").values_list("recipient__name", "on_behalf_of__name")
    assert set(found) == {("Anneke Vos", None), ("Ravi Iyer", "Anneke Vos")}
