"""Every state × action × role, against a table written out by hand: what is allowed is done with one event, what is
refused changed nothing.

The cast is set up once; each attempt runs in a savepoint that is rolled back.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from issues import actions, rules
from issues.errors import Conflict, NotAllowed
from issues.models import NEXT, Counterpart, Handover, HandoverState, Issue, IssueState, IssueWatch
from people.models import User
from tests.factories import (
    NINE,
    CategoryFactory,
    ExecutiveFactory,
    HostFactory,
    IssueFactory,
    SiteFactory,
    TeamFactory,
    UserFactory,
    VisitFactory,
)
from tests.issues.conftest import TODAY, in_state

NOW = NINE + timedelta(days=31)  # the first check is due, nothing can be handed back any more but what moved since
S = IssueState
ALL = frozenset(S.values)
WORKING = {S.OPEN, S.IN_PROGRESS}
OPEN = WORKING | {S.ON_HOLD, S.DELIVERED}
CLOSED = {S.CONFIRMED, S.WITHDRAWN, S.MERGED}

OWNER, ASSISTANT = "owner", "owner's assistant"
COORDINATOR, ELSEWHERE, ADMIN, SPONSOR = "coordinator", "coordinator elsewhere", "admin", "sponsor"
THERE, STRANGER, MANAGER = "executive who was there", "another executive", "line manager"
ASKED, ACCEPTED, HELPER = "counterpart who was asked", "counterpart who accepted", "assistant of who was asked"
OFFERED, OFFERED_HELPER, WATCHER = "offered owner", "offered owner's assistant", "watcher"
HOST, TEAM_HOST, LEFT, ANONYMOUS = "host", "another host of the team", "an executive who has left", "anonymous"
ROLES = [
    OWNER, ASSISTANT, COORDINATOR, ELSEWHERE, ADMIN, SPONSOR, THERE, STRANGER, MANAGER, ASKED, ACCEPTED, HELPER, OFFERED,
    OFFERED_HELPER, WATCHER, HOST, TEAM_HOST, LEFT, ANONYMOUS,
]  # fmt: skip
STAFF = {COORDINATOR, ADMIN}
OWNERS = {OWNER, ASSISTANT} | STAFF
SPEAKERS = {HOST} | STAFF
READERS = set(ROLES) - {ELSEWHERE, STRANGER, MANAGER, TEAM_HOST, LEFT, ANONYMOUS}


@dataclass(frozen=True)
class Line:
    """One action: who may, in which states, the state it leads to (None: it stays), what it is given.

    ``lacks``: roles that may, but for whom something else is not the case: a conflict. ``given``: what the issue is put
    into first. ``silent``: writes no event, because nothing about the issue changes."""

    who: set[str]
    states: set[Any]
    leads_to: IssueState | None = None
    words: dict[str, Any] = field(default_factory=dict)
    lacks: frozenset[str] = frozenset()
    given: str = "an open offer"
    silent: bool = False


TABLE: dict[str, Line] = {
    "post_update": Line(OWNERS | {ACCEPTED}, OPEN, words={"text": "The form goes on Friday."}),
    "start": Line(OWNERS, {S.OPEN}, S.IN_PROGRESS),
    "hold": Line(
        OWNERS, WORKING | {S.DELIVERED}, S.ON_HOLD, {"until": TODAY + timedelta(days=90), "reason": "They move."}
    ),
    "resume": Line(OWNERS, {S.ON_HOLD}, S.IN_PROGRESS),
    "deliver": Line(OWNERS, WORKING | {S.ON_HOLD}, S.DELIVERED, {"text": "One screen.", "impact": "Minutes."}),
    "change_details": Line(OWNERS, OPEN, words={"title": "Another title", "obstacle": "", "category": None}),
    "plan_update": Line(STAFF, WORKING, words={"next_update_due": TODAY + timedelta(days=60), "reason": "Frozen."}),
    "remind": Line(STAFF, WORKING | {S.ON_HOLD}, words={"words": "Please."}),
    "set_category": Line(OWNERS, OPEN, words={"category": "category"}),
    "confirm": Line(SPEAKERS, {S.DELIVERED}, S.CONFIRMED),
    "not_yet": Line(SPEAKERS, {S.DELIVERED, S.CONFIRMED}, S.IN_PROGRESS, {"words": "The form is still there."}),
    "host_write": Line(SPEAKERS, OPEN | {S.CONFIRMED}, words={"words": "Eleven by paper yesterday."}),
    "withdraw": Line(STAFF, OPEN, S.WITHDRAWN, {"reason": "The product ends."}),
    "merge": Line(STAFF, OPEN, S.MERGED, {"into": "other"}),
    "ask_withdrawal": Line({OWNER, ASSISTANT}, OPEN, words={"reason": "The product ends."}),
    "refuse_withdrawal": Line(STAFF, OPEN, words={"reason": "It does not end."}, given="a withdrawal asked for"),
    "offer_handover": Line(
        {OWNER} | STAFF, OPEN, words={"to": "new", "reason": "It is their system."}, given="no offer"
    ),
    "accept_handover": Line({OFFERED}, OPEN),
    "decline_handover": Line({OFFERED}, OPEN, words={"reason": "Not my unit."}),
    "take_back_offer": Line({OWNER} | STAFF, OPEN),
    "transfer_issue": Line(
        STAFF, OPEN, words={"to": "new", "reason": "She left."}, given="an owner who handed it back"
    ),
    "hand_back": Line({OWNER}, OPEN, words={"reason": "Not my unit."}, given="a transfer"),
    "ask_counterpart": Line(OWNERS, OPEN, words={"person": "new user", "request": "Open the interface."}),
    "accept_counterpart": Line({ASKED, HELPER, ACCEPTED}, OPEN, lacks=frozenset({ACCEPTED})),
    "decline_counterpart": Line(
        {ASKED, HELPER, ACCEPTED}, OPEN, words={"reason": "No budget."}, lacks=frozenset({ACCEPTED})
    ),
    "leave_counterpart": Line(
        {ASKED, HELPER, ACCEPTED}, OPEN, words={"reason": "New role."}, lacks=frozenset({ASKED, HELPER})
    ),
    "end_counterpart": Line(OWNERS, OPEN, words={"person": "asked user"}),
    "snooze": Line({OWNER, ASSISTANT}, OPEN, words={"until": TODAY + timedelta(days=40), "reason": "On leave."}),
    "answer_check": Line(SPEAKERS, {S.CONFIRMED}, S.IN_PROGRESS, {"holds": False, "words": "Paper is back."}),
    "watch": Line(READERS - {HOST}, set(ALL), lacks=frozenset({WATCHER}), silent=True),
    "unwatch": Line(READERS - {HOST}, set(ALL), lacks=frozenset(READERS - {HOST, WATCHER}), silent=True),
}
VERB_OF = {
    "post_update": "update", "change_details": "change", "set_category": "change", "host_write": "write",
    "offer_handover": "handover", "take_back_offer": "take_back", "transfer_issue": "transfer", "answer_check": "check",
}  # fmt: skip


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker):
    """The cast, set up once for all of this file and thrown away at its end."""
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        try:
            yield build_stage()
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


def build_stage() -> SimpleNamespace:
    site = SiteFactory(name="Leeds")
    team = TeamFactory(site=site)
    owner = ExecutiveFactory(assistant=UserFactory(), line_manager=UserFactory())
    host = HostFactory(team=team)
    visit = VisitFactory(held=True, executive=owner, host=host)
    asked, accepted, watcher = (ExecutiveFactory(assistant=UserFactory()) for _number in range(3))
    offered, gone = ExecutiveFactory(assistant=UserFactory()), ExecutiveFactory(user__is_active=False)
    there = VisitFactory(held=True, host=HostFactory(team=team)).executive
    people = {
        OWNER: owner.user, ASSISTANT: owner.assistant, MANAGER: owner.line_manager,
        COORDINATOR: UserFactory(role="coordinator", sites=[site]), ADMIN: UserFactory(role="admin"),
        ELSEWHERE: UserFactory(role="coordinator", sites=[SiteFactory()]), SPONSOR: UserFactory(role="sponsor"),
        THERE: there.user, STRANGER: ExecutiveFactory().user, ASKED: asked.user, HELPER: asked.assistant,
        ACCEPTED: accepted.user, OFFERED: offered.user, OFFERED_HELPER: offered.assistant, WATCHER: watcher.user,
        HOST: host.user, TEAM_HOST: HostFactory(team=team).user, LEFT: gone.user,
    }  # fmt: skip
    issue = IssueFactory(origin_visit=visit)
    for person, state in ((asked.user, "asked"), (accepted.user, "accepted")):
        Counterpart.objects.create(
            issue=issue, person=person, request="x", state=state, asked_at=NINE, asked_by=owner.user
        )
    IssueWatch.objects.create(issue=issue, user=watcher.user, since=NINE)
    new = ExecutiveFactory()
    given = {"other": IssueFactory(origin_visit=visit), "new": new, "new user": new.user, "asked user": asked.user}
    given["category"] = CategoryFactory(name="supplier")
    return SimpleNamespace(
        issue=issue, owner=owner, offered=offered, people=people, given=given, last=ExecutiveFactory()
    )


def offer(stage, **changes):
    about = {"from_owner": stage.owner, "to_owner": stage.offered, "offered_at": NINE, "reason": "x"}
    return Handover.objects.create(issue=stage.issue, offered_by=stage.owner.user, **(about | changes))


def moved(stage, state, **changes):
    """A coordinator gave it to its present owner, from whoever had it before."""
    about = {"from_owner": stage.last, "to_owner": stage.owner, "transfer": True, "state": state}
    return offer(stage, **(about | {"back_by": TODAY + timedelta(days=40)} | changes))


GIVEN: dict[str, Callable[[SimpleNamespace], Any]] = {
    "no offer": lambda stage: None,
    "an open offer": offer,
    "a withdrawal asked for": lambda stage: Issue.objects.filter(pk=stage.issue.pk).update(withdrawal_reason="x"),
    "a transfer": lambda stage: moved(stage, HandoverState.ACCEPTED),
    "an owner who handed it back": lambda stage: moved(stage, HandoverState.HANDED_BACK),
}


TABLES = [
    model._meta.db_table
    for app, names in {
        "issues": ["IssueEvent", "IssueUpdate", "Handover", "Counterpart", "IssueWatch", "HoldsCheck", "Attachment"],
        "notifications": ["Notice", "Message", "Link"],
    }.items()
    for model in (apps.get_model(app, name) for name in names)
]
READING = ("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")
COUNTS = "SELECT " + ", ".join(f"(SELECT COUNT(*) FROM {table})" for table in TABLES)


def everything() -> list[Any]:
    """What a refused action might have touched: rows that can change as they are, rows that only come by their number."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS)
        counts = cursor.fetchone()
    return [counts, *(list(model.objects.order_by("pk").values_list()) for model in (Issue, Handover, Counterpart))]


def wrote(asked: CaptureQueriesContext) -> bool:
    """Whether any statement was more than reading: without one, nothing can have changed."""
    return not all(query["sql"].lstrip("( ").startswith(READING) for query in asked)


def person(stage, role) -> Any:
    """As a request brings them: read anew, so that nothing is remembered from another state."""
    if role == ANONYMOUS:
        return AnonymousUser()
    return User.objects.with_identities().get(pk=stage.people[role].pk)


def act(stage, action, by) -> Issue:
    words = {
        name: stage.given.get(value, value) if isinstance(value, str) else value
        for name, value in TABLE[action].words.items()
    }
    return getattr(actions, action)(issue=stage.issue, by=by, now=NOW, **words)


def outcome(stage, action, by) -> tuple[str, Issue | None]:
    try:
        return "done", act(stage, action, by)
    except NotAllowed:
        return "not theirs", None
    except Conflict:
        return "conflict", None


def expected(line: Line, state: str, role: str) -> str:
    if role not in line.who:
        return "not theirs"
    return "conflict" if state not in line.states or role in line.lacks else "done"


@contextmanager
def rolled_back():
    """A savepoint whose end undoes everything in it."""
    savepoint = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(savepoint)


@contextmanager
def scene(stage, state, given):
    """The issue in a state, with what the action needs; undone afterwards."""
    with rolled_back():
        in_state(stage.issue, state)
        GIVEN[given](stage)
        yield


# What an action writes is asked of both databases in test_actions.py, who may when in Python: SQLite needs one of a kind
ON_BOTH = {"deliver", "merge", "transfer_issue", "accept_counterpart", "watch"}
ROWS = [each if each in ON_BOTH else pytest.param(each, marks=pytest.mark.once) for each in TABLE]


@pytest.mark.django_db
@pytest.mark.parametrize("action", ROWS)
def test_every_state_and_role(stage, action, monkeypatch):
    """Given the issue in each state; when each role tries; then the table decides, and a refusal changed nothing."""
    monkeypatch.setattr(rules, "host_may_be_spoken_for", lambda *args, **kwargs: True)  # has a test of its own
    wrong = []
    for state in S.values:
        with scene(stage, state, TABLE[action].given):
            world = everything()
            wrong += [found for role in ROLES if (found := what_is_wrong(stage, action, state, role, world))]
    assert wrong == []


def what_is_wrong(stage, action, state, role, world) -> str:
    """One attempt; what is wrong about it in words, or nothing."""
    by, line = person(stage, role), TABLE[action]
    with rolled_back():
        with CaptureQueriesContext(connection) as asked:
            got, issue = outcome(stage, action, by)
        if got != expected(line, state, role):
            return f"{action} of {state} by {role}: {got}, not {expected(line, state, role)}"
        if issue is not None:
            return done_wrong(stage, line, state, role, issue)
        changed = wrote(asked) and everything() != world
        return f"{action} of {state} by {role} was refused and changed something" if changed else ""


def done_wrong(stage, line, state, role, issue) -> str:
    """The state it leads to, one event, who did it for whom."""
    first_update = state == S.OPEN and line is TABLE["post_update"]
    after = line.leads_to or (S.IN_PROGRESS if first_update else state)
    if issue.state != after:
        return f"{state} by {role} led to {issue.state}"
    events = list(issue.events.values_list("by", "on_behalf_of"))
    if line.silent:
        return "an event for nothing" if events else ""
    behalf = {ASSISTANT: stage.people[OWNER].pk, HELPER: stage.people[ASKED].pk}.get(role)
    as_told = len(events) == 1 and events[0][0] == stage.people[role].pk and (behalf is None or events[0][1] == behalf)
    return "" if as_told else f"{state} by {role}: events say {events}"


@pytest.mark.django_db
@pytest.mark.parametrize("state", S.values)
def test_buttons_agree_with_the_actions(stage, state):
    """The page offers exactly what would be done."""
    today, wrong = TODAY + timedelta(days=31), []
    people = {role: person(stage, role) for role in ROLES}
    for given in GIVEN:
        with scene(stage, state, given):
            issue = Issue.objects.for_page().get(pk=stage.issue.pk)
            for action in [name for name, line in TABLE.items() if line.given == given]:
                for role, user in people.items():
                    shown = rules.can(user, VERB_OF.get(action, action), issue, today=today)
                    if shown != (expected(TABLE[action], state, role) == "done"):
                        wrong.append((action, role, shown))
    assert wrong == []


def test_every_verb_is_in_the_table():
    verbs = {VERB_OF.get(action, action) for action in TABLE}
    assert verbs == set(rules.MAY) == set(rules.STATES)


def test_actions_lead_only_where_the_state_table_allows():
    for action, line in TABLE.items():
        for state in line.states if line.leads_to else ():
            assert line.leads_to in NEXT[state], (action, state)


@pytest.mark.django_db
@pytest.mark.parametrize("state", S.values)
def test_seeing_and_listing_agree(stage, state):
    """Who can view it in hand finds it in the list, and the other way round, in every state and role."""
    with scene(stage, state, "an open offer"):
        for role in [role for role in ROLES if role != ANONYMOUS]:
            user, issue = person(stage, role), Issue.objects.for_page().get(pk=stage.issue.pk)
            listed = Issue.objects.visible_to(user).filter(pk=issue.pk).exists()
            assert listed == rules.can_view(user, issue) == (role in READERS), role


@pytest.mark.django_db
def test_the_teams_hosts_see_it_only_while_they_are_asked(stage):
    """Given that the host has left; then a host of the team reads what was confirmed, and says whether it holds."""
    with rolled_back():
        User.objects.filter(pk=stage.people[HOST].pk).update(is_active=False)
        for state in S.values:
            with scene(stage, state, "no offer"):
                user, issue = person(stage, TEAM_HOST), Issue.objects.for_page().get(pk=stage.issue.pk)
                listed = Issue.objects.visible_to(user).filter(pk=issue.pk).exists()
                assert listed == rules.can_view(user, issue) == (state == S.CONFIRMED), state
                assert rules.can(user, "check", issue, today=NOW.date()) == (state == S.CONFIRMED)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "moves"),
    [(ADMIN, True), (COORDINATOR, True), *((role, False) for role in ROLES if role not in STAFF | {ELSEWHERE})],
)
def test_who_moves_a_leavers_issues(stage, role, moves):
    """Coordinators only; one of other sites finds none of theirs."""
    with rolled_back():
        world, by = everything(), person(stage, role)
        move = partial(
            actions.transfer_leavers_issues,
            leaver=stage.owner,
            to=stage.given["new"],
            reason="She left.",
            by=by,
            now=NOW,
        )
        if moves:
            assert {issue.owner for issue in move()} == {stage.given["new"]}
            return
        with pytest.raises(NotAllowed):
            move()
        assert everything() == world


@pytest.mark.django_db
def test_a_coordinator_of_other_sites_moves_none(stage):
    with rolled_back(), pytest.raises(Conflict):
        actions.transfer_leavers_issues(
            leaver=stage.owner, to=stage.given["new"], reason="x", by=person(stage, ELSEWHERE), now=NOW
        )
