"""Who may do what in which state: every action × state × role, against a table written out by hand."""

from datetime import date, timedelta

import pytest

from issues import actions, rules
from issues.errors import NotAllowed, Refused, WrongState
from issues.models import NEXT, Issue, IssueEvent, IssueState, IssueUpdate
from people.models import User
from tests.factories import NINE, ExecutiveFactory, IssueFactory, UserFactory, VisitFactory
from tests.issues.conftest import LATER, TODAY, in_state

OWNERS = {"owner", "assistant", "coordinator", "admin"}
SPEAKERS = {"host", "coordinator", "admin"}
COORDINATORS = {"coordinator", "admin"}
WORKING = {"open", "in_progress"}
UNFINISHED = WORKING | {"on_hold", "delivered"}

# verb: who may, in which states, what it leads to
TABLE = {
    "post_update": (OWNERS, UNFINISHED, None),
    "start": (OWNERS, {"open"}, "in_progress"),
    "hold": (OWNERS, WORKING | {"delivered"}, "on_hold"),
    "resume": (OWNERS, {"on_hold"}, "in_progress"),
    "deliver": (OWNERS, WORKING | {"on_hold"}, "delivered"),
    "change_details": (OWNERS, UNFINISHED, None),
    "confirm": (SPEAKERS, {"delivered"}, "confirmed"),
    "not_yet": (SPEAKERS, {"delivered", "confirmed"}, "in_progress"),
    "host_write": (SPEAKERS, UNFINISHED | {"confirmed"}, None),
    "withdraw": (COORDINATORS, UNFINISHED, "withdrawn"),
    "merge": (COORDINATORS, UNFINISHED, "merged"),
}
WORDS = {
    "post_update": {"text": "The form goes on 18 November."},
    "hold": {"until": TODAY + timedelta(days=40), "reason": "The supplier moves house."},
    "deliver": {"text": "One screen.", "impact": "Minutes saved."},
    "change_details": {"obstacle": "", "category": None},
    "not_yet": {"words": "The form is still there."},
    "host_write": {"words": "We did eleven by paper yesterday."},
    "withdraw": {"reason": "The product ends."},
}
ROLES = ["owner", "assistant", "host", "admin", "coordinator", "coordinator elsewhere", "sponsor", "line manager",
         "executive who was there", "another executive", "another host"]  # fmt: skip


def snapshot():
    return list(Issue.objects.order_by("pk").values()), IssueEvent.objects.count(), IssueUpdate.objects.count()


def attempt(cast, verb, by):
    words = dict(WORDS.get(verb, {}))
    if verb == "change_details":
        words["title"] = f"A title by {by.name}"
    if verb == "merge":
        words["into"] = cast.other
    return getattr(actions, verb)(issue=cast.issue, by=by, now=LATER, **words)


@pytest.mark.parametrize("verb", TABLE)
@pytest.mark.parametrize("state", IssueState.values)
def test_every_action_in_every_state_by_everybody(cast, verb, state, monkeypatch):
    monkeypatch.setattr(rules, "host_may_be_spoken_for", lambda *args, **kwargs: True)  # has a test of its own
    who, states, leads_to = TABLE[verb]
    cast.other = IssueFactory(origin_visit=cast.visit)
    for role in ROLES:
        in_state(cast.issue, state)
        before, person = snapshot(), User.objects.get(pk=cast.people[role].pk)
        if role not in who:
            with pytest.raises(NotAllowed):
                attempt(cast, verb, person)
        elif state not in states:
            with pytest.raises(WrongState):
                attempt(cast, verb, person)
        else:
            issue = attempt(cast, verb, person)
            expected = leads_to or ("in_progress" if (verb, state) == ("post_update", "open") else state)
            assert issue.state == expected, (role, state)
            assert IssueEvent.objects.count() == before[1] + 1
            continue
        assert snapshot() == before, (role, "a refused action changed something")


def test_actions_lead_only_where_the_state_table_allows():
    for verb, (_who, states, leads_to) in TABLE.items():
        for state in states if leads_to else ():
            assert leads_to in NEXT[state], (verb, state)


def test_buttons_agree_with_the_actions(cast):
    names = {"post_update": "update", "change_details": "change", "host_write": "write"}
    for state in IssueState.values:
        in_state(cast.issue, state)
        for role in ROLES:
            for verb, (who, states, _leads_to) in TABLE.items():
                shown = rules.can(cast.people[role], names.get(verb, verb), cast.issue)
                assert shown == (role in who and state in states), (verb, state, role)


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
