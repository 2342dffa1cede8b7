"""How far ahead a clock may be put: what is refused names the field and the last day, and changes nothing."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from freezegun import freeze_time

from issues import actions, rules
from issues.errors import TooFar
from issues.models import Issue, IssueEvent
from notifications.links import make_link
from tests.factories import NINE, IssueFactory
from tests.issues.conftest import TODAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATEST = {  # days ahead, by field and by who names the day
    ("next_update_due", "owner"): 56,
    ("next_update_due", "assistant"): 56,
    ("next_update_due", "coordinator"): 182,
    ("until", "owner"): 90,
    ("until", "coordinator"): 365,
    ("until", "admin"): 365,
    ("target_date", "owner"): 730,
    ("target_date", "coordinator"): 730,
}


def act(cast, field, role, day):
    about = {"issue": cast.issue, "by": cast.people[role], "now": NINE}
    if field == "until":
        return actions.hold(until=day, reason="The line is frozen.", **about)
    return actions.post_update(text="It moves.", reason="Test data is late.", **about, **{field: day})


@pytest.mark.parametrize(("field", "role"), LATEST)
def test_the_last_day_is_taken_and_the_next_refused(cast, field, role):
    latest = TODAY + LATEST[field, role] * DAY

    with pytest.raises(TooFar) as refusal:
        act(cast, field, role, latest + DAY)

    assert (refusal.value.field, refusal.value.latest, refusal.value.status) == (field, latest, 422)
    assert f"{latest:%B}" in str(refusal.value)
    assert str(latest.year) in str(refusal.value)
    assert not IssueEvent.objects.exists()
    issue = act(cast, field, role, latest)
    assert {issue.next_update_due, issue.hold_until, issue.target_date} & {latest}


def test_a_season_that_reminds_rarely_lets_updates_come_rarely(cast):
    season = cast.issue.season
    season.reminders = {"update_due_every": 30}
    season.save()
    issue = Issue.objects.get(pk=cast.issue.pk)
    assert rules.latest_update(cast.people["owner"], issue, TODAY) == TODAY + 120 * DAY

    season.reminders = {"update_due_every": 365}
    season.save()
    issue = Issue.objects.get(pk=cast.issue.pk)
    assert rules.latest_update(cast.people["owner"], issue, TODAY) == TODAY + 182 * DAY


def test_a_coordinator_who_acts_for_the_owner_has_an_owners_days(cast):
    cast.executive.assistant = cast.people["coordinator"]
    cast.executive.save()
    issue = Issue.objects.select_related("owner").get(pk=cast.issue.pk)
    assert rules.latest_hold(cast.people["coordinator"], issue, TODAY) == TODAY + 90 * DAY


def test_what_is_taken_away_is_promised_for_two_years_at_most(cast):
    about = {"visit": cast.visit, "title": "New", "promise": "A line.", "by": cast.people["owner"], "now": NINE}
    with pytest.raises(TooFar, match="28\xa0February\xa02029"):
        actions.take_away(target_date=TODAY + 731 * DAY, **about)
    assert actions.take_away(target_date=TODAY + 730 * DAY, **about).pk


def test_a_day_set_before_there_was_a_limit_stays(cast):
    Issue.objects.filter(pk=cast.issue.pk).update(target_date=TODAY + 3000 * DAY)
    issue = actions.post_update(
        issue=cast.issue, text="In test.", target_date=TODAY + 3000 * DAY, by=cast.people["owner"], now=NINE
    )
    assert issue.target_date == TODAY + 3000 * DAY


# --- On the pages ---


@pytest.fixture
def frozen():
    with freeze_time(NINE):
        yield


@pytest.mark.parametrize(
    ("verb", "data", "day"),
    [
        ("update", {"text": "It moves.", "next_update_due": TODAY + 57 * DAY}, "26\xa0April\xa02027"),
        ("update", {"text": "x", "target_date": "2031-01-01", "reason": "x"}, "28\xa0February\xa02029"),
        ("hold", {"until": TODAY + 91 * DAY, "reason": "Frozen."}, "30\xa0May\xa02027"),
    ],
)
def test_the_page_says_the_last_day_beside_the_field(client, cast, frozen, verb, data, day):
    client.force_login(cast.people["owner"])

    response = client.post(f"/issues/{cast.issue.pk}/{verb}/", data | {"version": cast.issue.version})

    assert response.status_code == 422
    assert f"Choose a day up to {day}" in response.content.decode()
    assert not IssueEvent.objects.exists()


@pytest.mark.parametrize("field", ["next_update_due", "target_date"])
def test_so_does_the_form_behind_a_link(client, cast, frozen, field):
    link = make_link(purpose="issues.update", subject=cast.issue.subject, user=cast.people["owner"], now=NINE, days=14)
    data = {"answer": "moved", "text": "It moves.", field: "2031-01-01"}

    response = client.post(urlsplit(link).path, data)

    assert response.status_code == 422
    assert "Choose a day up to" in response.content.decode()
    assert not IssueEvent.objects.exists()


def test_in_bulk_it_stands_beside_the_field_once(client, cast, frozen):
    other = IssueFactory(origin_visit=cast.visit)
    client.force_login(cast.people["coordinator"])
    data = {"number": [cast.issue.pk, other.pk], "next_update_due": TODAY + 183 * DAY, "reason": "Frozen."}

    response = client.post("/issues/bulk/next-update/", data)

    assert response.status_code == 422
    html = response.content.decode()
    assert "Choose a day up to 30\xa0August\xa02027" in html
    assert len(response.context["form"].errors["next_update_due"]) == 1
    assert not IssueEvent.objects.exists()
