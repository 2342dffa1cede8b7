"""What the season's page foretells is what the sweep then does: the same days, the same kinds, the same people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from issues import actions
from issues.models import Issue
from issues.notices import foresight
from notifications.models import Notice
from notifications.sweep import sweep
from people.models import User
from shadowing.models import Season
from tests.factories import NINE
from tests.issues.conftest import TODAY, in_state

DAY = timedelta(days=1)
KINDS = {
    "issues.update_due": "Update overdue",
    "issues.word_due": "Host waits for word",
    "issues.target": "Target date",
    "issues.take_away_owed": "Take-away owed",
    "issues.confirm_asked": "Host asked whether it helps",
    "issues.holds_check": "Does it still hold",
}
PEOPLE = {
    "Anneke Vos": "owner",
    "Helga Strand": "line manager",
    "Ingrid Halloran": "coordinator",
    "Sam Sponsor": "sponsor",
    "Maya Rowntree": "host",
}
DENSER = {"update_due_every": 3, "word_due_every": 5, "target_near": [-14, -2], "target_passed_every": 4}
LATER = {"take_away_owed": [0, 2, 5], "confirm_asked": [1, 8], "holds_after": [10, 20], "holds_again": [2, 4]}
POLICIES = [
    pytest.param({}, id="default"),
    pytest.param(DENSER, id="denser", marks=pytest.mark.once),
    pytest.param(LATER, id="later", marks=pytest.mark.once),
]


def swept(days, subject):
    """(day, kind, roles) of what sweeps every morning of these days queue about one thing."""
    for number in range(days):
        sweep(now=datetime(2027, 3, 1, 10, tzinfo=UTC) + number * DAY)
    names, found = dict(User.objects.values_list("pk", "name")), {}
    for notice in Notice.objects.filter(subject=subject):
        key = (notice.created_at.date(), KINDS[notice.kind], notice.step)
        found.setdefault(key, set()).add(PEOPLE.get(names[notice.recipient_id], ""))
    return {(day, kind, frozenset(who - {""})) for (day, kind, _step), who in found.items()}


def foretold(rows, until):
    words = {(each.day, str(each.what), str(each.to).lower()) for each in rows if each.day < until}
    shorter = {"target date is near", "target date is here", "target date has passed"}
    return {
        (day, "Target date" if what.lower() in shorter else what, roles(to.replace("executive", "owner")))
        for day, what, to in words
    }


def roles(words):
    return frozenset(role for role in PEOPLE.values() if role in words)


@pytest.fixture(params=POLICIES)
def policy(request, cast):
    Season.objects.filter(pk=cast.visit.season_id).update(reminders=request.param)
    Issue.objects.exclude(pk=cast.issue.pk).delete()
    return Season.objects.get(pk=cast.visit.season_id)


def test_an_issue_nobody_says_a_word_about(cast, policy):
    seen = swept(80, cast.issue.subject)
    assert seen == foretold(foresight.of_issue(policy, cast.site, TODAY), TODAY + 80 * DAY)
    assert {kind for _day, kind, _who in seen} == {"Update overdue", "Host waits for word", "Target date"}


def test_a_held_visit_without_a_take_away(cast, policy):
    Issue.objects.all().delete()
    rows = foresight.of_held_visit(policy, cast.site, TODAY)
    assert swept(20, cast.visit.subject) == foretold(rows, TODAY + 20 * DAY)


def test_a_delivery_the_host_says_nothing_about(delivered, policy):
    Issue.objects.filter(pk=delivered.issue.pk).update(word_due=TODAY + 300 * DAY)
    rows = foresight.of_delivery(policy, delivered.site, TODAY)
    assert swept(20, delivered.issue.subject) == foretold(rows, TODAY + 20 * DAY)


def test_a_confirmed_issue_is_asked_about_later(cast, policy):
    in_state(cast.issue, "confirmed")
    rows = foresight.of_confirmation(policy, cast.site, TODAY)
    assert swept(110, cast.issue.subject) == foretold(rows, TODAY + 110 * DAY)


def test_holidays_of_the_site_count(cast):
    cast.site.country = "GB"
    days = {each.day for each in foresight.of_issue(cast.visit.season, cast.site, TODAY)}
    assert days
    assert not {
        day for day in days if day.weekday() > 4 or day == datetime(2027, 3, 26, tzinfo=UTC).date()
    }  # Good Friday


def test_somebody_asked_hears_it_at_once_even_on_a_sunday(cast):
    sunday = TODAY + 6 * DAY
    found = list(foresight.of_request(cast.visit.season, cast.site, sunday))
    assert [each.day for each in found] == [sunday, sunday + 3 * DAY]
    assert NINE.date() == TODAY


def test_the_one_asked_is_reminded_when_it_was_foretold(cast):
    other = cast.people["another executive"]
    actions.offer_handover(
        issue=cast.issue, to=other.executive, reason="It is yours.", by=cast.people["owner"], now=NINE
    )  # fmt: skip
    for number in range(8):
        sweep(now=NINE + number * DAY)

    days = sorted(
        Notice.objects.filter(kind="issues.handover_asked", recipient=other).values_list("created_at__date", flat=True)
    )
    assert days == [each.day for each in foresight.of_request(cast.visit.season, cast.site, TODAY)]
