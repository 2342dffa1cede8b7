"""What each action writes, and what it refuses."""

from datetime import date, timedelta

import pytest

from issues import actions
from issues.errors import Conflict, NotAllowed, Refused, Stale
from issues.models import EventKind, Issue, IssueEvent, IssueState, IssueUpdate, TakeAwayWaiver
from notifications.models import Notice
from people.models import User
from shadowing.models import VisitEvent
from tests.factories import NINE, CategoryFactory, IssueFactory, UserFactory, VisitFactory
from tests.issues.conftest import LATER, TODAY, in_state

pytestmark = pytest.mark.django_db
WORDS = {"title": "SIM swap", "promise": "One screen by April.", "target_date": date(2027, 4, 30)}


def days(number):
    return timedelta(days=number)


def last_event(issue):
    return IssueEvent.objects.filter(issue=issue).latest("pk")


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("recipient__name", flat=True))


# --- Take-away ---


def test_take_away_makes_an_open_issue_of_the_executive(cast):
    category = CategoryFactory(name="system")

    issue = actions.take_away(visit=cast.visit, by=cast.people["owner"], now=NINE, category=category, **WORDS)

    assert (issue.state, issue.owner, issue.promised_to) == (IssueState.OPEN, cast.executive, cast.host)
    assert (issue.next_update_due, issue.word_due) == (TODAY + days(14), TODAY + days(21))
    assert (issue.site, issue.season, issue.raised_in) == (cast.site, cast.visit.season, cast.host.team)
    event = last_event(issue)
    assert (event.kind, event.by, event.on_behalf_of) == (EventKind.TAKEN_AWAY, cast.people["owner"], None)
    assert event.after["target_date"] == "2027-04-30"


@pytest.mark.parametrize("role", ["assistant", "coordinator", "admin"])
def test_take_away_for_the_executive_is_on_record(cast, role):
    issue = actions.take_away(visit=cast.visit, by=cast.people[role], now=NINE, **WORDS)

    event = last_event(issue)
    assert (event.by, event.on_behalf_of) == (cast.people[role], cast.people["owner"])
    assert issue.owner == cast.executive


def test_a_visit_can_give_several_issues_but_not_one_twice(cast):
    actions.take_away(visit=cast.visit, by=cast.people["owner"], now=NINE, **WORDS)
    actions.take_away(visit=cast.visit, by=cast.people["owner"], now=NINE, **WORDS | {"title": "Another"})

    with pytest.raises(Conflict, match="already"):
        actions.take_away(visit=cast.visit, by=cast.people["owner"], now=NINE, **WORDS)

    assert cast.visit.issues.count() == 3


@pytest.mark.parametrize(
    ("change", "field"),
    [({"title": "  "}, "title"), ({"promise": ""}, "promise"), ({"target_date": date(2027, 2, 28)}, "target_date")],
)
def test_take_away_refuses_and_changes_nothing(cast, change, field):
    with pytest.raises(Refused) as refusal:
        actions.take_away(visit=cast.visit, by=cast.people["owner"], now=NINE, **WORDS | change)

    assert refusal.value.field == field
    assert cast.visit.issues.count() == 1


def test_take_away_only_after_a_held_visit(cast):
    visit = VisitFactory(confirmed=True, executive__assistant=cast.people["assistant"])

    with pytest.raises(Conflict, match="held"):
        actions.take_away(visit=visit, by=visit.executive.user, now=NINE, **WORDS)


def test_take_away_is_not_the_hosts(cast):
    with pytest.raises(NotAllowed):
        actions.take_away(visit=cast.visit, by=cast.people["host"], now=NINE, **WORDS)


def test_numbers_rise_and_are_not_used_twice(cast):
    first = actions.take_away(visit=cast.visit, by=cast.people["owner"], now=NINE, **WORDS)
    number = first.pk
    IssueEvent.objects.filter(issue=first).delete()
    first.delete()

    second = actions.take_away(visit=cast.visit, by=cast.people["owner"], now=NINE, **WORDS)

    assert second.pk > number


# --- Waivers ---


def test_waive_is_on_the_visits_record():
    visit = VisitFactory(held=True)
    coordinator = _coordinator_of(visit)

    waiver = actions.waive_take_away(visit=visit, reason="The floor was closed.", by=coordinator, now=LATER)

    assert (waiver.waived_by, waiver.waived_at) == (coordinator, LATER)
    event = VisitEvent.objects.get(visit=visit)
    assert (event.verb, event.words) == ("take-away waived", "The floor was closed.")


def _coordinator_of(visit):
    return UserFactory(role="coordinator", sites=[visit.site])


def test_waive_refuses_without_reason_twice_and_after_an_issue(cast):
    owing = VisitFactory(held=True)
    coordinator = _coordinator_of(owing)
    with pytest.raises(Refused):
        actions.waive_take_away(visit=owing, reason=" ", by=coordinator, now=LATER)
    actions.waive_take_away(visit=owing, reason="Closed.", by=coordinator, now=LATER)
    with pytest.raises(Conflict):
        actions.waive_take_away(visit=owing, reason="Closed.", by=coordinator, now=LATER)
    with pytest.raises(Conflict):
        actions.waive_take_away(visit=cast.visit, reason="Closed.", by=cast.people["coordinator"], now=LATER)
    with pytest.raises(NotAllowed):
        actions.waive_take_away(visit=cast.visit, reason="Closed.", by=cast.people["owner"], now=LATER)

    assert TakeAwayWaiver.objects.count() == 1


def test_waive_refuses_a_reason_that_does_not_fit():
    visit = VisitFactory(held=True)
    with pytest.raises(Refused):
        actions.waive_take_away(visit=visit, reason="x" * 301, by=_coordinator_of(visit), now=LATER)


def test_waive_only_a_held_visit():
    visit = VisitFactory(confirmed=True)
    with pytest.raises(Conflict):
        actions.waive_take_away(visit=visit, reason="Closed.", by=_coordinator_of(visit), now=LATER)


# --- Updates ---


def test_the_first_update_starts_the_issue(cast):
    issue = actions.post_update(issue=cast.issue, text=" In test. ", by=cast.people["owner"], now=LATER)

    assert issue.state == IssueState.IN_PROGRESS
    assert (issue.last_update_on, issue.next_update_due) == (TODAY + days(1), TODAY + days(15))
    assert (issue.last_word_on, issue.word_due) == (TODAY + days(1), TODAY + days(22))
    event = last_event(issue)
    assert (event.kind, event.update.text) == (EventKind.UPDATED, "In test.")
    assert (event.before["state"], event.after["state"]) == ("open", "in_progress")


def test_an_update_the_host_cannot_read_leaves_the_third_clock(cast):
    issue = actions.post_update(
        issue=cast.issue, text="Legal asks.", host_reads=False, by=cast.people["owner"], now=LATER
    )

    assert (issue.last_word_on, issue.word_due) == (TODAY, TODAY + days(21))
    assert issue.last_update_on == TODAY + days(1)


def test_an_update_can_say_that_it_is_stuck(cast):
    issue = actions.post_update(
        issue=cast.issue, text="Legal is away.", blocked=True, by=cast.people["owner"], now=LATER
    )
    assert issue.blocked
    assert IssueUpdate.objects.get().blocked

    issue = actions.post_update(issue=issue, text="Legal is back.", by=cast.people["owner"], now=LATER)
    assert not issue.blocked


def test_the_assistant_writes_for_the_owner_on_record(cast):
    issue = actions.post_update(issue=cast.issue, text="In test.", by=cast.people["assistant"], now=LATER)

    event = last_event(issue)
    assert (event.by, event.on_behalf_of) == (cast.people["assistant"], cast.people["owner"])
    assert (event.update.by, event.update.on_behalf_of) == (event.by, event.on_behalf_of)


def test_moving_the_target_needs_a_reason(cast):
    move = {"text": "It slipped.", "target_date": date(2027, 5, 30), "by": cast.people["owner"], "now": LATER}
    with pytest.raises(Refused) as refusal:
        actions.post_update(issue=cast.issue, **move)
    assert refusal.value.field == "reason"

    issue = actions.post_update(issue=cast.issue, reason="Test data is late.", **move)

    assert issue.target_date == date(2027, 5, 30)
    event = last_event(issue)
    assert (event.before["target_date"], event.words) == ("2027-04-30", "Test data is late.")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": ""}, "text"),
        ({"next_update_due": TODAY + days(1)}, "next_update_due"),
        ({"target_date": TODAY, "reason": "x"}, "target_date"),
    ],
)
def test_a_refused_update_changes_nothing(cast, change, field):
    before = Issue.objects.values().get(pk=cast.issue.pk)

    with pytest.raises(Refused) as refusal:
        actions.post_update(issue=cast.issue, **{"text": "x", "by": cast.people["owner"], "now": LATER} | change)

    assert refusal.value.field == field
    assert Issue.objects.values().get(pk=cast.issue.pk) == before
    assert not IssueUpdate.objects.exists()


def test_a_form_from_an_older_page_is_refused(cast):
    version = cast.issue.version
    actions.post_update(issue=cast.issue, text="First.", by=cast.people["owner"], now=LATER, version=version)

    with pytest.raises(Stale):
        actions.post_update(issue=cast.issue, text="Second.", by=cast.people["assistant"], now=LATER, version=version)

    assert IssueUpdate.objects.count() == 1


# --- Hold ---


@pytest.mark.parametrize("state", ["open", "in_progress", "delivered"])
def test_hold_and_back_to_where_it_was(cast, state):
    in_state(cast.issue, state)
    held = actions.hold(issue=cast.issue, until=TODAY + days(9), reason="Move.", by=cast.people["owner"], now=LATER)
    assert (held.state, held.hold_until, held.state_reason) == (IssueState.ON_HOLD, TODAY + days(9), "Move.")

    back = actions.resume(issue=held, by=cast.people["owner"], now=LATER)

    assert (back.state, back.hold_until, back.state_reason) == (state, None, "")
    assert back.next_update_due == cast.issue.next_update_due


def test_an_update_clock_that_ran_out_on_hold_starts_anew(cast):
    held = actions.hold(issue=cast.issue, until=TODAY + days(30), reason="Move.", by=cast.people["owner"], now=LATER)

    back = actions.resume(issue=held, by=cast.people["owner"], now=NINE + days(30))

    assert back.next_update_due == TODAY + days(44)
    assert back.target_date == cast.issue.target_date


def test_hold_wants_a_day_ahead_and_a_reason(cast):
    for until, reason, field in [(TODAY + days(1), "Move.", "until"), (TODAY + days(9), " ", "reason")]:
        with pytest.raises(Refused) as refusal:
            actions.hold(issue=cast.issue, until=until, reason=reason, by=cast.people["owner"], now=LATER)
        assert refusal.value.field == field


def test_one_put_on_hold_past_the_actions_resumes_in_progress(cast):
    in_state(cast.issue, "on_hold")
    assert actions.resume(issue=cast.issue, by=cast.people["owner"], now=LATER).state == IssueState.IN_PROGRESS


# --- Delivery and the host's word ---


def test_deliver_asks_for_impact_and_asks_the_host_at_once(delivered):
    issue = delivered.issue

    assert (issue.state, issue.delivered_by) == (IssueState.DELIVERED, delivered.people["owner"])
    assert issue.impact == "Nineteen minutes saved on every swap."
    assert told("issues.confirm_asked") == {"Maya Rowntree"}
    assert last_event(issue).update.text == "One screen, no paper, since Monday."


@pytest.mark.parametrize(("text", "impact", "field"), [("", "x", "text"), ("x", " ", "impact")])
def test_deliver_refuses_without_words(cast, text, impact, field):
    with pytest.raises(Refused) as refusal:
        actions.deliver(issue=cast.issue, text=text, impact=impact, by=cast.people["owner"], now=LATER)
    assert refusal.value.field == field
    assert not Notice.objects.exists()


def test_the_host_confirms(delivered):
    issue = actions.confirm(issue=delivered.issue, by=delivered.people["host"], now=LATER)

    assert (issue.state, issue.confirmed_by, issue.confirmed_in_place) == ("confirmed", delivered.people["host"], False)
    assert last_event(issue).on_behalf_of is None


def test_a_coordinator_confirms_for_a_host_who_left(delivered):
    User.objects.filter(pk=delivered.host.pk).update(is_active=False)

    issue = actions.confirm(issue=delivered.issue, by=delivered.people["coordinator"], now=LATER)

    assert issue.confirmed_in_place
    event = last_event(issue)
    assert (event.by, event.on_behalf_of) == (delivered.people["coordinator"], delivered.people["host"])


def test_not_yet_reopens_and_tells_the_owner_and_the_assistant(delivered):
    issue = actions.not_yet(issue=delivered.issue, words="The form is there.", by=delivered.people["host"], now=LATER)

    assert (issue.state, issue.reopened, issue.delivered_at) == (IssueState.IN_PROGRESS, True, None)
    assert last_event(issue).update.by == delivered.people["host"]
    assert told("issues.not_yet") == {"Anneke Vos", "Asha Assistant"}
    assert Notice.objects.get(kind="issues.not_yet", on_behalf_of__isnull=False).recipient.name == "Asha Assistant"


def test_delivered_again_it_is_no_longer_reopened(delivered):
    issue = actions.not_yet(issue=delivered.issue, words="No.", by=delivered.people["host"], now=LATER)
    issue = actions.deliver(issue=issue, text="Now.", impact="Yes.", by=delivered.people["owner"], now=NINE + days(3))

    assert not issue.reopened
    assert Notice.objects.filter(kind="issues.confirm_asked").count() == 2


def test_not_yet_needs_words(delivered):
    with pytest.raises(Refused) as refusal:
        actions.not_yet(issue=delivered.issue, words="", by=delivered.people["host"], now=LATER)
    assert refusal.value.field == "words"


def test_a_confirmed_issue_can_turn_out_not_to_hold(delivered):
    confirmed = actions.confirm(issue=delivered.issue, by=delivered.people["host"], now=LATER)

    issue = actions.not_yet(issue=confirmed, words="It is back.", by=delivered.people["host"], now=NINE + days(30))

    assert (issue.state, issue.confirmed_at, issue.confirmed_by) == (IssueState.IN_PROGRESS, None, None)
    assert issue.next_update_due == TODAY + days(44)


def test_the_host_writes_and_no_clock_moves(cast):
    issue = actions.host_write(issue=cast.issue, words="Eleven by paper yesterday.", by=cast.people["host"], now=LATER)

    assert (issue.state, issue.word_due) == (IssueState.OPEN, cast.issue.word_due)
    assert told("issues.host_wrote") == {"Anneke Vos", "Asha Assistant"}


# --- Withdraw, merge, details ---


def test_withdraw_keeps_the_reason(cast):
    issue = actions.withdraw(issue=cast.issue, reason="The product ends.", by=cast.people["coordinator"], now=LATER)

    assert (issue.state, issue.state_reason) == (IssueState.WITHDRAWN, "The product ends.")


def test_merge_into_another_open_issue(cast):
    other = IssueFactory(origin_visit=cast.visit)

    issue = actions.merge(issue=cast.issue, into=other, by=cast.people["coordinator"], now=LATER)

    assert (issue.state, issue.merged_into) == (IssueState.MERGED, other)
    assert last_event(issue).after["merged_into"] == other.pk


@pytest.mark.parametrize("which", ["itself", "closed", "elsewhere"])
def test_merge_refuses(cast, which):
    into = {"itself": cast.issue, "closed": IssueFactory(origin_visit=cast.visit), "elsewhere": IssueFactory()}[which]
    if which == "closed":
        in_state(into, "withdrawn")

    with pytest.raises(Refused):
        actions.merge(issue=cast.issue, into=into, by=cast.people["coordinator"], now=LATER)

    assert Issue.objects.get(pk=cast.issue.pk).state == IssueState.OPEN


def test_details_are_put_right_and_the_promise_stays(cast):
    words = {"title": "SIM swap, really", "obstacle": cast.issue.obstacle, "category": None}

    issue = actions.change_details(issue=cast.issue, by=cast.people["owner"], now=LATER, **words)

    event = last_event(issue)
    assert set(event.after) == {"title", "category"}
    assert issue.promise == cast.issue.promise


def test_details_without_a_difference_write_nothing(cast):
    same = {"title": cast.issue.title, "obstacle": cast.issue.obstacle, "category": cast.issue.category}

    issue = actions.change_details(issue=cast.issue, by=cast.people["owner"], now=LATER, **same)

    assert issue.version == 0
    assert not IssueEvent.objects.exists()


def test_every_change_raises_the_version_by_one(cast):
    issue = actions.start(issue=cast.issue, by=cast.people["owner"], now=LATER)
    issue = actions.post_update(issue=issue, text="x", by=cast.people["owner"], now=LATER)
    issue = actions.deliver(issue=issue, text="x", impact="x", by=cast.people["owner"], now=LATER)

    assert Issue.objects.get(pk=issue.pk).version == 3 == IssueEvent.objects.filter(issue=issue).count()
