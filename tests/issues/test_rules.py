"""Who sees an issue, who settles a visit, when a coordinator speaks for a host. Every action by everybody: test_table."""

from datetime import date, timedelta

import pytest

from issues import actions, rules
from issues.errors import NotAllowed, Refused
from issues.models import Issue, IssueState
from people.models import User
from tests.factories import NINE, ExecutiveFactory, IssueFactory, UserFactory, VisitFactory
from tests.issues.conftest import LATER, TODAY

ROLES = ["owner", "assistant", "host", "admin", "coordinator", "coordinator elsewhere", "sponsor", "line manager",
         "executive who was there", "another executive", "another host"]  # fmt: skip


def test_seeing_and_listing_agree(cast):
    IssueFactory.create_batch(2)
    IssueFactory(site=cast.site, origin_visit=VisitFactory(held=True))
    for user in [User.objects.get(pk=person.pk) for person in cast.people.values()]:
        allowed = {issue.pk for issue in Issue.objects.for_page() if rules.can_view(user, issue)}
        assert set(Issue.objects.visible_to(user).values_list("pk", flat=True)) == allowed, user


@pytest.mark.parametrize(
    ("role", "sees"),
    [("owner", True), ("assistant", True), ("host", True), ("admin", True), ("coordinator", True), ("sponsor", True),
     ("executive who was there", True), ("coordinator elsewhere", False), ("line manager", False),
     ("another executive", False), ("another host", False)],
)  # fmt: skip
def test_who_sees_an_issue(cast, role, sees):
    assert Issue.objects.visible_to(cast.people[role]).filter(pk=cast.issue.pk).exists() is sees


def test_an_owner_who_coordinates_cannot_give_the_hosts_word(cast):
    owner = ExecutiveFactory(user=UserFactory(role="coordinator"))
    issue = IssueFactory(delivered=True, origin_visit=VisitFactory(held=True, executive=owner))

    with pytest.raises(NotAllowed):
        actions.confirm(issue=issue, by=owner.user, now=LATER)


def test_somebody_who_left_may_do_nothing(cast):
    User.objects.filter(pk=cast.people["owner"].pk).update(is_active=False)

    with pytest.raises(NotAllowed):
        actions.start(issue=cast.issue, by=User.objects.get(pk=cast.people["owner"].pk), now=LATER)


@pytest.mark.parametrize(
    ("days", "requests", "active", "address", "may"),
    [
        (13, 2, True, "maya@example.com", False),
        (14, 1, True, "maya@example.com", False),
        (14, 2, True, "maya@example.com", True),
        (60, 3, True, "maya@example.com", True),
        (0, 0, False, "maya@example.com", True),
        (0, 0, True, None, True),
    ],
)
def test_when_a_coordinator_may_speak_for_the_host(delivered, days, requests, active, address, may):
    issue = delivered.issue
    issue.promised_to.user.is_active, issue.promised_to.user.email = active, address
    today = TODAY + timedelta(days=days)

    assert rules.host_may_be_spoken_for(issue, requests=requests, today=today) is may


def test_a_coordinator_waits_for_two_requests(delivered):
    with pytest.raises(Refused, match="last word"):
        actions.confirm(issue=delivered.issue, by=delivered.people["coordinator"], now=NINE + timedelta(days=20))

    assert Issue.objects.get().state == IssueState.DELIVERED


def test_take_away_is_for_the_visits_own_people(cast):
    allowed = {role for role in ROLES if rules.may_take_away(cast.people[role], cast.visit)}
    assert allowed == {"owner", "assistant", "coordinator", "admin"}


@pytest.mark.parametrize("state", ["proposed", "invited", "confirmed", "no_show", "cancelled", "declined"])
def test_only_a_held_visit_owes_a_take_away(state):
    visit = VisitFactory.build(state=state, date=date(2027, 3, 1), site=None, season=None, executive=None, host=None)
    assert not rules.owes_take_away(visit)
