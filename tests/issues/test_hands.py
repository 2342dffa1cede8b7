"""Who carries an issue: what each step does to the issue, its rows and its history, and who is told."""

from datetime import date, timedelta

import pytest
from django.core import mail
from freezegun import freeze_time

from issues import actions
from issues.errors import Conflict, NotAllowed, Refused, Stale, WrongState
from issues.models import (
    Counterpart,
    CounterpartState,
    EventKind,
    Handover,
    HandoverState,
    HoldsCheck,
    Issue,
    IssueState,
    TakeAwayWaiver,
)
from issues.notices import hands as due
from issues.queries import take_aways_owed
from notifications.kinds import register
from notifications.links import make_link
from notifications.models import Notice
from notifications.sending import send_due
from notifications.sweep import sweep
from people.models import User
from tests.factories import (
    NINE,
    BusinessUnitFactory,
    ExecutiveFactory,
    HostFactory,
    IssueFactory,
    UserFactory,
    VisitFactory,
)
from tests.issues.conftest import LATER, TODAY, in_state

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def other(cast):
    """An executive of another unit, with an assistant, who has nothing to do with the issue yet."""
    assistant = UserFactory(name="Aled Assistant")
    return ExecutiveFactory(
        user__name="Ravi Menon", assistant=assistant, business_unit=BusinessUnitFactory(name="Field")
    )


def told(kind):
    """(who, for whom) heard of it."""
    rows = Notice.objects.filter(kind=f"issues.{kind}").order_by("pk")
    return [(one.recipient.name, one.on_behalf_of and one.on_behalf_of.name) for one in rows]


def offered(cast, other, by="owner", now=LATER):
    issue = actions.offer_handover(issue=cast.issue, to=other, reason="It is her system.", by=cast.people[by], now=now)
    cast.issue = issue
    return issue


def last_event(issue):
    return issue.events.order_by("-pk").first()


# --- Handing over ---


def test_an_offer_leaves_the_owner_where_they_are(cast, other):
    issue = offered(cast, other)

    assert issue.owner == cast.executive
    event = last_event(issue)
    assert (event.kind, event.after, event.words) == (EventKind.OFFERED, {"offered_to": other.pk}, "It is her system.")
    assert told("handover_asked") == [("Ravi Menon", None)]
    assert Issue.objects.visible_to(User.objects.get(pk=other.pk)).filter(pk=issue.pk).exists()
    assert Issue.objects.visible_to(User.objects.get(pk=other.assistant_id)).filter(pk=issue.pk).exists()


def test_accepting_moves_owner_unit_and_update_clock(cast, other):
    Issue.objects.filter(pk=cast.issue.pk).update(snoozed_until=TODAY + 9 * DAY, snoozed_target=cast.issue.target_date)
    offered(cast, other)

    issue = actions.accept_handover(issue=cast.issue, by=other.user, now=LATER + 3 * DAY)

    assert (issue.owner, issue.owning_unit, issue.target_date) == (other, other.business_unit, date(2027, 4, 30))
    assert issue.next_update_due == TODAY + 18 * DAY
    assert issue.snoozed_until is None
    event = last_event(issue)
    assert (event.kind, event.before["owner"], event.after["owner"]) == ("handed_over", cast.executive.pk, other.pk)
    assert told("handover_answered") == [("Anneke Vos", None), ("Asha Assistant", "Anneke Vos")]
    assert Handover.objects.get().answered_by == other.user


def test_declining_needs_a_reason_and_keeps_the_owner(cast, other):
    offered(cast, other, by="coordinator")
    with pytest.raises(Refused):
        actions.decline_handover(issue=cast.issue, reason=" ", by=other.user, now=LATER)

    issue = actions.decline_handover(issue=cast.issue, reason="Not my system.", by=other.user, now=LATER)

    assert (issue.owner, Handover.objects.get().answer) == (cast.executive, "Not my system.")
    assert told("handover_answered") == [
        ("Anneke Vos", None),
        ("Asha Assistant", "Anneke Vos"),
        ("Ingrid Halloran", None),
    ]
    assert not Issue.objects.visible_to(User.objects.get(pk=other.pk)).exists()


def test_a_coordinator_offers_on_the_owners_behalf_on_record(cast, other):
    event = last_event(offered(cast, other, by="coordinator"))
    assert (event.by.name, event.on_behalf_of.name) == ("Ingrid Halloran", "Anneke Vos")


def test_the_assistant_neither_offers_nor_accepts(cast, other):
    with pytest.raises(NotAllowed):
        offered(cast, other, by="assistant")
    offered(cast, other)
    with pytest.raises(NotAllowed):
        actions.accept_handover(issue=cast.issue, by=other.assistant, now=LATER)


def test_one_offer_at_a_time(cast, other):
    offered(cast, other)
    with pytest.raises(Conflict, match="offered to somebody already"):
        offered(cast, ExecutiveFactory())

    actions.take_back_offer(issue=cast.issue, by=cast.people["owner"], now=LATER)
    offered(cast, ExecutiveFactory())

    assert list(Handover.objects.order_by("pk").values_list("state", flat=True)) == ["taken_back", "offered"]


def test_who_cannot_own_it(cast):
    host_too = ExecutiveFactory(user=cast.host.user)
    for to in (cast.executive, host_too, ExecutiveFactory(user__is_active=False)):
        with pytest.raises(Refused) as refusal:
            offered(cast, to)
        assert refusal.value.field == "to"


def test_an_offer_ends_with_the_issue(cast, other):
    offered(cast, other)
    actions.withdraw(issue=cast.issue, reason="It ends.", by=cast.people["coordinator"], now=LATER)

    assert Handover.objects.get().state == HandoverState.TAKEN_BACK
    with pytest.raises(WrongState):
        actions.accept_handover(issue=cast.issue, by=other.user, now=LATER)


def test_an_older_page_is_told(cast, other):
    version = cast.issue.version
    offered(cast, other)
    with pytest.raises(Stale):
        actions.take_back_offer(issue=cast.issue, by=cast.people["owner"], now=LATER, version=version)


# --- A leaver's issues ---


def transfer(cast, to, **words):
    about = {"leaver": cast.executive, "to": to, "reason": "She left.", "by": cast.people["coordinator"], "now": LATER}
    return actions.transfer_leavers_issues(**(about | words))


def test_all_issues_of_a_leaver_move_in_one_step(cast, other):
    second = IssueFactory(origin_visit=cast.visit)
    closed = IssueFactory(origin_visit=cast.visit, confirmed=True)
    offered(cast, ExecutiveFactory())

    moved = transfer(cast, other)

    assert [issue.pk for issue in moved] == sorted([cast.issue.pk, second.pk])
    assert {issue.owner for issue in Issue.objects.filter(pk__in=[cast.issue.pk, second.pk])} == {other}
    assert Issue.objects.get(pk=closed.pk).owner == cast.executive
    assert set(Handover.objects.filter(transfer=True).values_list("back_by", flat=True)) == {date(2027, 3, 9)}
    assert Handover.objects.get(transfer=False).state == HandoverState.TAKEN_BACK


def test_or_to_one_each(cast, other):
    second, third = IssueFactory(origin_visit=cast.visit), ExecutiveFactory()
    transfer(cast, {cast.issue.pk: other, second.pk: third})
    assert [Issue.objects.get(pk=one.pk).owner for one in (cast.issue, second)] == [other, third]


def test_none_moves_when_one_cannot(cast, other):
    second = IssueFactory(origin_visit=cast.visit)
    for to in ({cast.issue.pk: other}, {cast.issue.pk: other, second.pk: cast.executive}):
        with pytest.raises(Refused):
            transfer(cast, to)
    with pytest.raises(Stale):
        transfer(cast, other, numbers=[cast.issue.pk])
    assert not Handover.objects.exists()


def test_several_transfers_are_one_message(cast, other):
    IssueFactory(origin_visit=cast.visit)
    transfer(cast, other)
    sweep(now=LATER + timedelta(hours=1))

    assert len(told("transferred")) == 4  # two issues, the new owner and the assistant
    assert Notice.objects.filter(kind="issues.transferred").values("message").distinct().count() == 2


def test_the_new_owner_hands_one_back_within_five_working_days(cast, other):
    (issue,) = transfer(cast, other)
    late, in_time = LATER + 8 * DAY, LATER + 7 * DAY
    with pytest.raises(Conflict, match="5 working days"):
        actions.hand_back(issue=issue, reason="Not mine.", by=other.user, now=late)

    issue = actions.hand_back(issue=issue, reason="Not my unit.", by=other.user, now=in_time)

    assert issue.owner == other
    assert list(Issue.objects.handed_back()) == [issue]
    assert told("handed_back") == [("Ingrid Halloran", None)]
    with pytest.raises(Conflict):
        actions.hand_back(issue=issue, reason="Again.", by=other.user, now=in_time)


def test_the_coordinator_then_finds_another(cast, other):
    (issue,) = transfer(cast, other)
    coordinator, third = cast.people["coordinator"], ExecutiveFactory()
    with pytest.raises(Conflict, match="can only be offered"):
        actions.transfer_issue(issue=issue, to=third, reason="x", by=coordinator, now=LATER)
    actions.hand_back(issue=issue, reason="Not my unit.", by=other.user, now=LATER)

    issue = actions.transfer_issue(issue=issue, to=third, reason="Her unit.", by=coordinator, now=LATER + DAY)

    assert (issue.owner, Issue.objects.handed_back().count()) == (third, 0)
    actions.hand_back(issue=issue, reason="Nor mine.", by=third.user, now=LATER + 2 * DAY)
    assert Issue.objects.handed_back().count() == 1


# --- Counterparts ---


def asked(cast, other):
    words = {"person": other.user, "request": "Open the interface.", "by": cast.people["assistant"], "now": LATER}
    cast.issue = actions.ask_counterpart(issue=cast.issue, **words)
    return cast.issue


def test_a_counterpart_is_asked_and_their_unit_is_kept(cast, other):
    event = last_event(asked(cast, other))

    row = Counterpart.objects.get()
    assert (row.unit, row.state) == (other.business_unit, CounterpartState.ASKED)
    assert (event.by.name, event.on_behalf_of.name, event.words) == (
        "Asha Assistant",
        "Anneke Vos",
        "Open the interface.",
    )
    assert told("counterpart_asked") == [("Ravi Menon", None), ("Aled Assistant", "Ravi Menon")]


def test_an_assistant_accepts_for_their_executive(cast, other):
    asked(cast, other)
    issue = actions.accept_counterpart(issue=cast.issue, by=other.assistant, now=LATER)

    event = last_event(issue)
    assert (event.by, event.on_behalf_of, event.after) == (other.assistant, other.user, {"person": other.pk})
    assert Counterpart.objects.get().state == CounterpartState.ACCEPTED
    assert told("counterpart_answered") == [("Anneke Vos", None), ("Asha Assistant", "Anneke Vos")]


def test_a_counterpart_posts_updates_about_their_part_and_moves_no_date(cast, other):
    asked(cast, other)
    with pytest.raises(NotAllowed):
        actions.post_update(issue=cast.issue, text="Not yet mine.", by=other.user, now=LATER)
    actions.accept_counterpart(issue=cast.issue, by=other.user, now=LATER)
    due = Issue.objects.get().next_update_due

    issue = actions.post_update(issue=cast.issue, text="It opens Friday.", by=other.assistant, now=LATER, blocked=True)
    issue = actions.post_update(issue=issue, text="Friday it is.", by=other.user, now=LATER)
    with pytest.raises(Refused, match="Only Anneke Vos moves dates"):
        actions.post_update(issue=issue, text="Later.", by=other.user, now=LATER, next_update_due=TODAY + 30 * DAY)

    assert (issue.next_update_due, issue.blocked, issue.last_word_on) == (due, True, LATER.date())
    events = issue.events.filter(kind="updated").order_by("pk").values_list("by", "on_behalf_of")
    assert list(events) == [(other.assistant.pk, other.pk), (other.pk, None)]
    issue = actions.post_update(issue=issue, text="It is open.", by=cast.people["owner"], now=LATER)
    assert not issue.blocked


def test_a_counterparts_page_has_the_form_without_dates(client, cast, other, post):
    asked(cast, other)
    client.force_login(other.user)
    url = f"/issues/{cast.issue.pk}/"
    assert "Post update" not in client.get(url).content.decode()
    actions.accept_counterpart(issue=cast.issue, by=other.user, now=LATER)

    page = client.get(url).content.decode()

    assert "The dates stay with Anneke." in page
    assert page.count("Post update") == 1
    assert "next_update_due" not in page
    assert client.post(f"{url}update/", {"text": "It opens Friday."}).status_code == 302
    assert last_event(cast.issue).by == other.user


def test_declined_handed_back_and_ended(cast, other):
    asked(cast, other)
    actions.decline_counterpart(issue=cast.issue, reason="No budget.", by=other.user, now=LATER)
    asked(cast, other)  # can be asked again
    with pytest.raises(Conflict, match="asked already"):
        asked(cast, other)
    actions.accept_counterpart(issue=cast.issue, by=other.user, now=LATER)
    actions.leave_counterpart(issue=cast.issue, reason="New role.", by=other.user, now=LATER)
    asked(cast, other)
    actions.end_counterpart(issue=cast.issue, person=other.user, by=cast.people["owner"], now=LATER)

    assert list(Counterpart.objects.order_by("pk").values_list("state", "answer")) == [
        ("declined", "No budget."),
        ("handed_back", "New role."),
        ("ended", ""),
    ]


def test_who_becomes_the_owner_is_a_counterpart_no_longer(cast, other):
    asked(cast, other)
    actions.accept_counterpart(issue=cast.issue, by=other.user, now=LATER)
    offered(cast, other)
    actions.accept_handover(issue=cast.issue, by=other.user, now=LATER)
    assert Counterpart.objects.get().state == CounterpartState.ENDED


def test_the_host_hears_once_who_owns_it_now_and_only_while_they_do(cast, other, mailoutbox):
    offered(cast, other)
    issue = actions.accept_handover(issue=cast.issue, by=other.user, now=LATER)
    (again,) = actions.transfer_leavers_issues(
        leaver=other, to=ExecutiveFactory(user__name="Nia New"), reason="He left.", by=cast.people["admin"], now=LATER
    )
    for hour in range(3):
        sweep(now=LATER + timedelta(hours=hour))
    with freeze_time(LATER):
        send_due(now=LATER)

    (letter,) = [one for one in mail.outbox if cast.people["host"].address in one.to[0]]
    assert letter.subject == f"Issue {issue.pk}: Nia New keeps the promise now"
    assert "in place of Ravi Menon" in letter.body
    assert told("new_owner") == [("Maya Rowntree", None)]
    assert again.owner.user.name == "Nia New"


# --- Snooze, withdrawal, merging ---


def test_put_off_once_per_target_date_for_two_weeks_at_most(cast):
    snooze = {"issue": cast.issue, "by": cast.people["owner"], "now": NINE}
    for until in (TODAY, TODAY + 15 * DAY):
        with pytest.raises(Refused):
            actions.snooze(**snooze, until=until, reason="On leave.")

    issue = actions.snooze(**snooze, until=TODAY + 14 * DAY, reason="On leave.")

    assert (issue.snoozed_until, issue.snoozed_target) == (TODAY + 14 * DAY, issue.target_date)
    with pytest.raises(Conflict, match="once for this target date"):
        actions.snooze(**snooze, until=TODAY + DAY, reason="Again.")
    moved = {"text": "Later.", "target_date": date(2027, 6, 1), "reason": "Test data."}
    actions.post_update(issue=issue, by=cast.people["owner"], now=LATER, **moved)
    actions.snooze(**snooze, until=TODAY + DAY, reason="Another date.")


def test_a_withdrawal_is_asked_for_and_agreed_to(cast):
    issue = actions.ask_withdrawal(issue=cast.issue, reason="It ends.", by=cast.people["assistant"], now=LATER)
    assert (issue.state, list(Issue.objects.withdrawal_asked())) == (IssueState.OPEN, [issue])
    assert told("withdrawal_asked") == [("Ingrid Halloran", None)]

    issue = actions.withdraw(issue=issue, reason=issue.withdrawal_reason, by=cast.people["coordinator"], now=LATER)

    assert (issue.state, issue.state_reason, issue.withdrawal_reason) == (IssueState.WITHDRAWN, "It ends.", "")


def test_or_it_goes_on(cast):
    actions.ask_withdrawal(issue=cast.issue, reason="It ends.", by=cast.people["owner"], now=LATER)
    issue = actions.refuse_withdrawal(issue=cast.issue, reason="It does not.", by=cast.people["coordinator"], now=LATER)

    assert (issue.state, issue.withdrawal_reason) == (IssueState.OPEN, "")
    assert told("withdrawal_refused") == [("Anneke Vos", None), ("Asha Assistant", "Anneke Vos")]


def test_a_merged_issue_keeps_its_take_away_settled_and_takes_no_other_in(cast):
    target, third = IssueFactory(origin_visit=VisitFactory(held=True)), IssueFactory(origin_visit=cast.visit)
    merge = {"by": cast.people["admin"], "now": LATER}
    actions.merge(issue=cast.issue, into=target, **merge)
    with pytest.raises(Refused):
        actions.merge(issue=third, into=cast.issue, **merge)
    with pytest.raises(Refused):
        actions.merge(issue=target, into=cast.issue, **merge)

    Issue.objects.filter(pk=third.pk).delete()
    assert not take_aways_owed().filter(pk=cast.visit.pk).exists()
    assert not TakeAwayWaiver.objects.exists()


# --- Does it still hold? ---


@pytest.fixture
def confirmed(cast):
    in_state(cast.issue, IssueState.CONFIRMED)
    return cast


def check(cast, day, role="host", holds=True, words=""):
    by = User.objects.get(pk=cast.people[role].pk)
    return actions.answer_check(issue=cast.issue, holds=holds, words=words, by=by, now=NINE + day * DAY)


def test_it_is_asked_after_30_and_90_days_once_each(confirmed):
    with pytest.raises(Conflict):
        check(confirmed, 29)
    check(confirmed, 30)
    for day in (31, 89):
        with pytest.raises(Conflict):
            check(confirmed, day)
    issue = check(confirmed, 95, words="Better than ever.")

    assert list(HoldsCheck.objects.order_by("days").values_list("days", "holds")) == [(30, True), (90, True)]
    assert (issue.state, last_event(issue).update.text) == (IssueState.CONFIRMED, "Better than ever.")


def test_a_no_needs_words_and_opens_it_again(confirmed):
    with pytest.raises(Refused):
        check(confirmed, 30, holds=False)

    issue = check(confirmed, 30, holds=False, words="Paper is back.")

    assert (issue.state, issue.reopened, issue.confirmed_at) == (IssueState.IN_PROGRESS, True, None)
    assert told("holds_no_more") == [("Anneke Vos", None), ("Asha Assistant", "Anneke Vos")]
    assert last_event(issue).kind == EventKind.HOLDS_NO_MORE


def test_confirmed_again_it_is_asked_anew(confirmed):
    issue = check(confirmed, 30, holds=False, words="Paper is back.")
    words = {"text": "Gone again.", "impact": "Minutes."}
    actions.deliver(issue=issue, by=confirmed.people["owner"], now=NINE + 40 * DAY, **words)
    actions.confirm(issue=issue, by=confirmed.people["host"], now=NINE + 41 * DAY)
    check(confirmed, 71)
    assert HoldsCheck.objects.count() == 2


def test_a_coordinator_says_yes_only_for_a_host_who_cannot(confirmed):
    with pytest.raises(Refused, match="last word"):
        check(confirmed, 30, role="coordinator")
    User.objects.filter(pk=confirmed.host.pk).update(is_active=False)
    event = last_event(check(confirmed, 30, role="coordinator"))
    assert (event.by.name, event.on_behalf_of.name) == ("Ingrid Halloran", "Maya Rowntree")


def test_the_team_answers_when_the_host_has_gone(confirmed):
    with pytest.raises(NotAllowed):
        check(confirmed, 30, role="another host")
    User.objects.filter(pk=confirmed.host.pk).update(is_active=False)
    with pytest.raises(NotAllowed):
        actions.answer_check(issue=confirmed.issue, holds=True, by=HostFactory().user, now=NINE + 30 * DAY)

    event = last_event(check(confirmed, 30, role="another host"))
    assert (event.by, event.on_behalf_of) == (confirmed.people["another host"], None)


# --- What is owed to be said ---


def owed(kind, now):
    return [(one.recipient_id, one.anchor) for one in register[f"issues.{kind}"].due(now)]


def test_the_check_goes_to_the_host_again_after_a_week_then_to_nobody(confirmed):
    host, asked_on = confirmed.host.pk, [day for day in range(120) if owed("holds_check", NINE + day * DAY)]
    sweeps = [sweep(now=NINE + day * DAY)["issues.holds_check"] for day in (29, 30, 31, 37, 38, 90, 91, 98, 99)]

    assert (min(asked_on), owed("holds_check", NINE + 30 * DAY)) == (30, [(host, TODAY)])
    assert sweeps == [0, 1, 0, 1, 0, 0, 1, 1, 0]  # the 90th day is a Sunday: it waits for Monday


def test_who_is_asked_when_the_host_has_gone(confirmed):
    User.objects.filter(pk=confirmed.host.pk).update(is_active=False)
    team = set(confirmed.host.team.hosts.filter(user__is_active=True).values_list("pk", flat=True))
    assert {recipient for recipient, _anchor in owed("holds_check", NINE + 30 * DAY)} == team


def test_an_answered_check_is_not_asked_again(confirmed):
    sweep(now=NINE + 30 * DAY)
    check(confirmed, 30)
    assert owed("holds_check", NINE + 37 * DAY) == []
    assert due.still_to_check(Notice.objects.filter(kind="issues.holds_check")) == set()


def test_an_offer_is_asked_about_once_more_after_three_days(cast, other):
    offered(cast, other)
    assert [sweep(now=LATER + day * DAY)["issues.handover_asked"] for day in (0, 2, 3, 6)] == [0, 0, 1, 0]
    assert len(due.still_offered(Notice.objects.filter(kind="issues.handover_asked"))) == 2

    actions.take_back_offer(issue=cast.issue, by=cast.people["owner"], now=LATER)
    assert due.still_offered(Notice.objects.filter(kind="issues.handover_asked")) == set()


def test_an_offer_made_again_the_same_day_is_asked_again(cast, other):
    offered(cast, other)
    actions.take_back_offer(issue=cast.issue, by=cast.people["owner"], now=LATER)
    offered(cast, other)
    assert len(told("handover_asked")) == 2


def test_every_mail_can_be_read(cast, other, mailoutbox):
    """Each kind reads as a mail with a subject of its own, the promise, and no name of a field in it."""
    at = LATER
    offered(cast, other, now=at)
    actions.decline_handover(issue=cast.issue, reason="Not my system.", by=other.user, now=at)
    asked(cast, other)
    with freeze_time(at):
        send_due(now=at)
    actions.accept_counterpart(issue=cast.issue, by=other.user, now=at)
    actions.ask_withdrawal(issue=cast.issue, reason="It ends.", by=cast.people["owner"], now=at)
    actions.refuse_withdrawal(issue=cast.issue, reason="It does not.", by=cast.people["coordinator"], now=at)
    (issue,) = transfer(cast, ExecutiveFactory(user__name="Nia New"))
    sweep(now=at)
    with freeze_time(at):
        send_due(now=at)
    actions.hand_back(issue=issue, reason="Not my unit.", by=issue.owner.user, now=at)
    with freeze_time(at):
        send_due(now=at)

    subjects = " ".join(one.subject for one in mail.outbox)
    for words in ("declined", "asks for your help", "accepted", "is yours now", "needs another owner", "goes on"):
        assert words in subjects, words
    assert all("%(" not in one.body for one in mail.outbox)


# --- Links ---


@pytest.fixture
def link(cast):
    def make(purpose, user, behalf=None):
        address = make_link(purpose=purpose, subject=cast.issue.subject, user=user, now=LATER, on_behalf_of=behalf)
        return address.removeprefix("http://testserver")

    with freeze_time(LATER):
        yield make


def test_a_link_accepts_a_handover_and_only_by_post(client, cast, other, link):
    offered(cast, other)
    address = link("issues.handover", other.user)
    page = client.get(address).content.decode()
    assert "It is her system." in page
    assert Issue.objects.get(pk=cast.issue.pk).owner == cast.executive

    assert "It is yours now" in client.post(f"{address}?answer=yes", follow=True).content.decode()

    assert Issue.objects.get(pk=cast.issue.pk).owner == other
    assert "Nothing is left" in client.get(address).content.decode()


def test_a_link_declines_with_words(client, cast, other, link):
    offered(cast, other)
    address = link("issues.handover", other.user)
    assert client.post(f"{address}?answer=no", {}).status_code == 422
    client.post(f"{address}?answer=no", {"reason": "Not my system."})
    assert Handover.objects.get().state == HandoverState.DECLINED


def test_a_link_to_a_shared_address_hands_nothing_over(client, cast, other, link):
    offered(cast, other)
    User.objects.filter(pk=other.pk).update(contact_email="office@example.com")
    address = link("issues.handover", User.objects.get(pk=other.pk))
    assert client.post(f"{address}?answer=yes").status_code == 410
    assert Issue.objects.get(pk=cast.issue.pk).owner == cast.executive


def test_an_assistants_link_answers_for_the_counterpart(client, cast, other, link):
    asked(cast, other)
    address = link("issues.counterpart", other.assistant, behalf=other.user)
    client.post(f"{address}?answer=yes")
    assert last_event(cast.issue).on_behalf_of == other.user


def test_the_host_answers_the_check_by_a_link(client, confirmed, link):
    with freeze_time(NINE + 30 * DAY):
        address = make_link(
            purpose="issues.check", subject=confirmed.issue.subject, user=confirmed.host.user, now=NINE + 30 * DAY
        ).removeprefix("http://testserver")
        assert client.post(f"{address}?answer=no", {}).status_code == 422
        client.post(f"{address}?answer=no", {"words": "Paper is back."})
    assert Issue.objects.get(pk=confirmed.issue.pk).state == IssueState.IN_PROGRESS


# --- Pages ---


@pytest.fixture
def post(client, cast):
    def post(user, path, data=None):
        client.force_login(user)
        return client.post(f"/issues/{cast.issue.pk}/{path}/", data or {})

    with freeze_time(LATER):
        yield post


def test_handing_over_by_pages(client, cast, other, post):
    owner = cast.people["owner"]
    assert post(owner, "handover", {"to": "nobody at all", "reason": "x"}).status_code == 422
    assert post(owner, "handover", {"to": "ravi menon", "reason": "It is her system."}).status_code == 302
    assert post(owner, "handover", {"to": "ravi menon", "reason": "Again."}).status_code == 409
    assert post(cast.people["assistant"], "handover/take-back").status_code == 404
    assert post(other.user, "handover/accept").status_code == 302
    assert post(owner, "handover/take-back").status_code == 409
    assert Issue.objects.get(pk=cast.issue.pk).owner == other


def test_declining_leads_home_when_the_issue_is_out_of_sight(cast, other, post):
    offered(cast, other)
    assert post(other.user, "handover/decline", {"reason": "Not mine."}).url == "/"
    assert post(other.user, "handover/accept").status_code == 409  # told that it is settled, not that it is unknown


def test_a_name_that_fits_several_is_asked_back(cast, post):
    ExecutiveFactory(user__name="Sam Lee", user__employee_number="11")
    ExecutiveFactory(user__name="Sam Leeds", user__employee_number="12")
    answer = post(cast.people["owner"], "handover", {"to": "sam l", "reason": "x"})
    assert "Sam Lee (11); Sam Leeds (12)" in answer.content.decode()
    assert post(cast.people["owner"], "handover", {"to": "12", "reason": "x"}).status_code == 302


@freeze_time(LATER)
def test_the_page_that_moves_a_leavers_issues(client, cast, other, django_assert_max_num_queries):
    second = IssueFactory(origin_visit=cast.visit)
    client.force_login(cast.people["coordinator"])
    url = f"/issues/transfer/{cast.executive.pk}/"
    with django_assert_max_num_queries(12):
        page = client.get(url).content.decode()
    assert "2 open issues move in one step" in page
    numbers = f"{cast.issue.pk} {second.pk}"
    assert client.post(url, {"reason": "She left.", "numbers": numbers}).status_code == 422
    odd = client.post(url, {"to": "Ravi Menon", "reason": "She left.", "numbers": "² " + "9" * 5000})
    assert odd.status_code == 409
    stale = client.post(url, {"to": "Ravi Menon", "reason": "She left.", "numbers": str(cast.issue.pk)})
    assert stale.status_code == 409
    assert client.post(url, {"to": "Ravi Menon", "reason": "She left.", "numbers": numbers}).status_code == 302
    assert set(Issue.objects.values_list("owner", flat=True)) == {other.pk}
    assert "owns no open issue" in client.get(url).content.decode()


def test_following(client, cast, post):
    there = cast.people["executive who was there"]
    assert post(there, "watch").status_code == 302
    assert post(there, "watch").status_code == 409
    assert post(cast.people["host"], "watch").status_code == 404
    assert post(there, "unwatch").status_code == 302
    assert not cast.issue.watches.exists()


# --- Home ---


@freeze_time(LATER)
def test_home_leads_to_what_waits_for_an_answer(client, cast, other):
    offered(cast, other)
    asked(cast, ExecutiveFactory(user__name="Nia New"))
    second = IssueFactory(origin_visit=cast.visit)
    actions.ask_withdrawal(issue=second, reason="It ends.", by=cast.people["owner"], now=LATER)

    def home(user):
        client.force_login(user)
        return client.get("/").content.decode()

    assert f"Anneke Vos asks you to own issue {cast.issue.pk}" in home(other.user)
    assert "asks you to own" not in home(other.assistant)
    assert f"Anneke Vos asks for help on {cast.issue.pk}" in home(User.objects.get(name="Nia New"))
    assert "1 owner asks to withdraw an issue" in home(cast.people["coordinator"])
    (issue, *_rest) = transfer(cast, other)
    actions.hand_back(issue=issue, reason="Not mine.", by=other.user, now=LATER)
    assert "1 issue was handed back to you" in home(cast.people["coordinator"])
