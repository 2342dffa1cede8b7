"""What each verb does when it is allowed and in time. Who may and when: test_visit_table.py."""

from datetime import UTC, date, datetime, timedelta

import pytest

from notifications.models import Notice
from people.errors import Conflict, NotAllowed, Refused
from shadowing.models import Answer, SeasonHost, SeasonSite, SeasonState, Visit, VisitEvent, VisitState
from shadowing.visits import actions
from shadowing.visits.rules import Side
from tests.factories import ExecutiveFactory, HostFactory
from tests.shadowing.world import BEFORE, DAY, LATER, ON_THE_DAY, make_world

pytestmark = pytest.mark.django_db
AT = {"now": BEFORE}


@pytest.fixture
def world():
    return make_world()


def told(kind):
    """Who was queued a message of this kind, by name."""
    return sorted(Notice.objects.filter(kind=f"shadowing.{kind}").values_list("recipient__name", flat=True))


def verbs(visit):
    return list(VisitEvent.objects.filter(visit=visit).order_by("pk").values_list("verb", flat=True))


def propose(world, **changes):
    about = {
        "season": world.season,
        "executive": world.executive,
        "host": world.host,
        "date": DAY,
        "by": world.coordinator,
    }
    return actions.propose_visit(**about | changes, **AT)


# --- propose ---


def test_a_proposed_visit_is_recorded_and_nobody_is_told(world):
    visit = propose(world)

    assert (visit.state, visit.site, visit.date) == (VisitState.PROPOSED, world.site, DAY)
    event = visit.events.get()
    assert (event.verb, event.by, event.after["host"]) == ("proposed", world.coordinator, world.host.pk)
    assert not Notice.objects.exists()


def test_the_second_for_a_hosts_day_hears_who_was_first_and_what_is_free(world):
    propose(world)

    with pytest.raises(Conflict) as refusal:
        propose(world, executive=world.stranger)

    assert "Priya Nair was just booked for this day by Cora." in str(refusal.value)
    assert "Next free: Thursday 4 March." in str(refusal.value).replace("\N{NO-BREAK SPACE}", " ")
    assert str(refusal.value).endswith("Nothing was changed.")
    assert Visit.objects.count() == 1


@pytest.mark.parametrize("day", [DAY, LATER])
def test_an_executive_has_one_live_visit_a_season(world, day):
    propose(world)

    with pytest.raises(Conflict, match="Anneke Vos already has a visit"):
        propose(world, host=world.strange_host, date=day)


def test_a_full_day_takes_no_more(world):
    SeasonSite.objects.filter(site=world.site).update(visits_a_day=1)
    propose(world)

    with pytest.raises(Conflict, match="Leeds takes 1 visits a day"):
        propose(world, executive=world.stranger, host=world.strange_host)


def test_ended_visits_leave_their_place(world):
    SeasonSite.objects.filter(site=world.site).update(visits_a_day=1)
    world.visit(VisitState.CANCELLED)
    world.visit(VisitState.DECLINED)

    assert propose(world).state == VisitState.PROPOSED


@pytest.mark.parametrize(("asked", "refused"), [(1, True), (2, False), (None, False)])
def test_a_host_takes_as_many_visits_as_agreed(world, asked, refused):
    if asked:
        SeasonHost.objects.create(season=world.season, host=world.host, max_visits=asked, willing="yes")
    propose(world)

    def again():
        return propose(world, executive=world.stranger, date=LATER)

    if refused:
        with pytest.raises(Conflict, match="all the visits"):
            again()
    else:
        assert again().date == LATER


@pytest.mark.parametrize(
    ("day", "words"), [(date(2027, 2, 26), "starts on Monday 1 March"), (date(2027, 3, 13), "ends on Friday 12 March")]
)
def test_the_day_lies_in_the_season(world, day, words):
    with pytest.raises(Refused) as refusal:
        propose(world, date=day)

    assert words in str(refusal.value).replace("\N{NO-BREAK SPACE}", " ")
    assert refusal.value.field == "date"


def test_the_site_belongs_to_the_season(world):
    SeasonSite.objects.filter(site=world.site).delete()

    with pytest.raises(Refused, match="not a site of this season"):
        propose(world)


def test_nobody_visits_themselves(world):
    both = HostFactory(user=world.executive.user, team=world.team)

    with pytest.raises(Refused, match="cannot visit themselves"):
        propose(world, host=both)


def test_a_closed_season_takes_no_visit(world):
    world.season.state = SeasonState.CLOSED

    with pytest.raises(Refused, match="closed"):
        propose(world)


def test_a_pair_is_locked_and_given_free(world):
    visit = propose(world)

    assert actions.lock_pair(visit=visit, locked=True, by=world.coordinator, **AT).locked
    assert not actions.lock_pair(visit=visit, locked=False, by=world.coordinator, **AT).locked
    assert verbs(visit) == ["proposed", "locked", "unlocked"]


# --- invite and answer ---


def test_a_visit_proposed_later_is_invited_alone(world):
    visit = actions.invite(visit=propose(world), by=world.coordinator, **AT)

    assert (visit.state, visit.invited_at, visit.answer_by) == (VisitState.INVITED, BEFORE, date(2027, 2, 18))
    assert told("invited") == ["Anneke Vos", "Asim Assistant", "Priya Nair"]


def test_before_publishing_nobody_is_invited_alone(world):
    visit = propose(world)
    type(world.season).objects.update(state=SeasonState.PLANNED)

    with pytest.raises(Refused, match="Publish the season first"):
        actions.invite(visit=visit, by=world.coordinator, **AT)


def test_the_answer_is_due_on_the_day_itself_when_that_comes_first(world):
    soon = datetime(2027, 3, 2, 9, tzinfo=UTC)

    visit = actions.invite(visit=propose(world), by=world.coordinator, now=soon)

    assert visit.answer_by == DAY


def test_both_answers_confirm(world):
    visit = world.visit()

    visit = actions.answer_invitation(visit=visit, side=Side.HOST, yes=True, by=world.host.user, **AT)
    assert (visit.state, visit.host_answer) == (VisitState.INVITED, Answer.YES)
    visit = actions.answer_invitation(visit=visit, side=Side.EXECUTIVE, yes=True, by=world.assistant, **AT)

    assert visit.state == VisitState.CONFIRMED
    event = visit.events.order_by("-pk").first()
    assert (event.by, event.on_behalf_of) == (world.assistant, world.executive.user)
    assert event.before == {"executive_answer": "none", "state": "invited"}


def test_the_same_yes_again_changes_nothing(world):
    visit = world.visit(VisitState.CONFIRMED)

    again = actions.answer_invitation(visit=visit, side=Side.HOST, yes=True, by=world.host.user, **AT)

    assert (again.state, again.version, verbs(visit)) == (VisitState.CONFIRMED, 0, [])


@pytest.mark.parametrize("state", [VisitState.INVITED, VisitState.CONFIRMED])
def test_a_hosts_no_needs_and_keeps_no_reason(world, state):
    visit = actions.answer_invitation(
        visit=world.visit(state), side=Side.HOST, yes=False, by=world.host.user, reason="my child is ill", **AT
    )

    assert (visit.state, visit.host_answer, visit.ended_reason, visit.sequence) == (
        VisitState.DECLINED,
        Answer.NO,
        "",
        1,
    )
    assert visit.events.get().words == ""
    assert told("cancelled") == ["Anneke Vos", "Asim Assistant", "Priya Nair"]


def test_an_executives_no_needs_a_reason(world):
    visit = world.visit()
    ask = {"visit": visit, "side": Side.EXECUTIVE, "yes": False, "by": world.executive.user}

    with pytest.raises(Refused) as refusal:
        actions.answer_invitation(**ask, **AT)
    declined = actions.answer_invitation(**ask, reason=" Board meeting. ", **AT)

    assert refusal.value.field == "reason"
    assert (declined.state, declined.ended_reason) == (VisitState.DECLINED, "Board meeting.")
    assert visit.events.get().words == "Board meeting."


def test_a_coordinator_answers_on_record(world):
    visit = actions.answer_invitation(visit=world.visit(), side=Side.HOST, yes=True, by=world.coordinator, **AT)

    event = visit.events.get()
    assert (event.by, event.on_behalf_of) == (world.coordinator, world.host.user)


def test_nobody_answers_after_the_day(world):
    visit = world.visit()

    with pytest.raises(Refused, match="has passed"):
        actions.answer_invitation(
            visit=visit, side=Side.HOST, yes=True, by=world.host.user, now=ON_THE_DAY + timedelta(days=1)
        )


def test_the_briefing_is_read_once_by_each(world):
    visit = world.visit()
    for _again in range(2):
        actions.acknowledge_briefing(visit=visit, side=Side.HOST, by=world.host.user, **AT)
        visit = actions.acknowledge_briefing(visit=visit, side=Side.EXECUTIVE, by=world.executive.user, **AT)

    assert visit.host_briefed_at == visit.executive_briefed_at == BEFORE
    assert verbs(visit) == ["host_briefed", "executive_briefed"]


# --- move ---


def test_a_move_keeps_the_visit_and_asks_both_again(world):
    visit = world.visit(VisitState.CONFIRMED)

    moved = actions.move_visit(visit=visit, date=LATER, by=world.coordinator, **AT)

    assert (moved.pk, moved.uuid, moved.date, moved.sequence) == (visit.pk, visit.uuid, LATER, 1)
    assert (moved.state, moved.executive_answer, moved.host_answer) == (VisitState.INVITED, Answer.NONE, Answer.NONE)
    assert (moved.answer_by, moved.moves) == (date(2027, 2, 18), 0)
    assert told("moved") == ["Anneke Vos", "Asim Assistant", "Priya Nair"]
    event = moved.events.get()
    assert (event.before["date"], event.after["date"], event.after["sequence"]) == ("2027-03-03", "2027-03-10", 1)


def test_a_proposed_visit_moves_in_silence_also_to_another_host(world):
    visit = world.visit(VisitState.PROPOSED)

    moved = actions.move_visit(visit=visit, date=DAY, host=world.strange_host, by=world.coordinator, **AT)

    assert (moved.host, moved.state, moved.sequence) == (world.strange_host, VisitState.PROPOSED, 0)
    assert not Notice.objects.exists()


def test_an_invited_visit_gets_another_host_and_keeps_its_identity(world):
    visit = world.visit(VisitState.CONFIRMED, host_briefed_at=BEFORE, executive_briefed_at=BEFORE)

    moved = actions.move_visit(visit=visit, date=DAY, host=world.strange_host, by=world.coordinator, **AT)

    assert (moved.uuid, moved.host, moved.sequence, moved.state) == (visit.uuid, world.strange_host, 1, "invited")
    assert (moved.host_answer, moved.host_briefed_at, moved.executive_briefed_at) == (Answer.NONE, None, BEFORE)
    assert told("moved") == ["Anneke Vos", "Asim Assistant"]
    assert (told("invited"), told("released")) == (["Hugo Other"], ["Priya Nair"])
    event = moved.events.get()
    assert (event.before["host"], event.after["host"]) == (world.host.pk, world.strange_host.pk)


@pytest.mark.parametrize("who", ["executive", "assistant", "host"])
def test_only_coordinators_give_a_visit_another_host(world, who):
    with pytest.raises(NotAllowed):
        actions.move_visit(visit=world.visit(), date=LATER, host=world.strange_host, by=world.people()[who], **AT)


def test_a_visit_goes_to_a_host_elsewhere_by_whom_coordinates_both_sites(world):
    visit, elsewhere = world.visit(), HostFactory(team__site=world.other_site)

    with pytest.raises(NotAllowed):
        actions.move_visit(visit=visit, date=DAY, host=elsewhere, by=world.coordinator, **AT)
    moved = actions.move_visit(visit=visit, date=DAY, host=elsewhere, by=world.admin, **AT)

    assert (moved.site, moved.host, moved.date) == (world.other_site, elsewhere, DAY)


def test_a_visit_does_not_stand_in_its_own_way(world):
    SeasonHost.objects.create(season=world.season, host=world.host, max_visits=1, willing="yes")
    SeasonSite.objects.filter(site=world.site).update(visits_a_day=1)

    assert actions.move_visit(visit=world.visit(), date=LATER, by=world.coordinator, **AT).date == LATER


def test_an_executive_moves_twice_with_reasons(world):
    visit = world.visit()
    for day in (LATER, DAY):
        visit = actions.move_visit(visit=visit, date=day, by=world.executive.user, reason="Board meeting", **AT)

    assert (visit.moves, visit.sequence) == (2, 2)
    with pytest.raises(Refused, match="moved twice already"):
        actions.move_visit(visit=visit, date=LATER, by=world.assistant, reason="Again", **AT)
    assert actions.move_visit(visit=visit, date=LATER, by=world.coordinator, **AT).moves == 2


def test_an_assistant_moves_on_record(world):
    visit = actions.move_visit(visit=world.visit(), date=LATER, by=world.assistant, reason="Board meeting", **AT)

    event = visit.events.get()
    assert (event.by, event.on_behalf_of, event.words) == (world.assistant, world.executive.user, "Board meeting")


def test_an_executive_needs_a_reason_and_notice(world):
    visit = world.visit()
    ask = {"visit": visit, "date": LATER, "by": world.executive.user}

    with pytest.raises(Refused, match="why"):
        actions.move_visit(**ask, **AT)
    with pytest.raises(Refused) as late:  # five working days before Wednesday 3 March: Wednesday 24 February
        actions.move_visit(**ask, reason="Board", now=datetime(2027, 2, 25, tzinfo=UTC))
    moved = actions.move_visit(**ask, reason="Board", now=datetime(2027, 2, 24, 23, tzinfo=UTC))

    assert "until Wednesday 24 February" in str(late.value).replace("\N{NO-BREAK SPACE}", " ")
    assert moved.date == LATER


def test_a_host_needs_neither(world):
    late = datetime(2027, 3, 2, tzinfo=UTC)

    assert actions.move_visit(visit=world.visit(), date=LATER, by=world.host.user, now=late).moves == 0


@pytest.mark.parametrize(("day", "words"), [(DAY, "on this day already"), (date(2027, 2, 1), "has passed")])
def test_a_move_goes_somewhere_and_not_into_the_past(world, day, words):
    with pytest.raises(Refused, match=words):
        actions.move_visit(visit=world.visit(), date=day, by=world.coordinator, **AT)


def test_a_move_into_a_taken_place_changes_nothing(world):
    other = world.visit(executive=world.stranger, date=LATER)
    visit = world.visit()

    with pytest.raises(Conflict, match="booked for this day"):
        actions.move_visit(visit=visit, date=other.date, by=world.coordinator, **AT)

    visit.refresh_from_db()
    assert (visit.date, visit.sequence, visit.events.count(), Notice.objects.count()) == (DAY, 0, 0, 0)


@pytest.mark.parametrize(
    ("action", "more"), [(actions.move_visit, {"date": LATER}), (actions.cancel_visit, {"reason": "Site closed"})]
)
def test_what_was_read_too_long_ago_is_not_changed(world, action, more):
    visit = world.visit()
    actions.answer_invitation(visit=visit, side=Side.HOST, yes=True, by=world.host.user, **AT)

    with pytest.raises(Conflict, match="since you opened the page"):
        action(visit=visit, by=world.coordinator, version=0, **more, **AT)

    assert verbs(visit) == ["host_accepted"]


# --- cancel ---


def test_a_cancelled_invitation_tells_its_people(world):
    visit = actions.cancel_visit(visit=world.visit(), by=world.coordinator, reason="Site closed", **AT)

    assert (visit.state, visit.ended_reason, visit.sequence) == (VisitState.CANCELLED, "Site closed", 1)
    assert told("cancelled") == ["Anneke Vos", "Asim Assistant", "Priya Nair"]


def test_a_cancelled_proposal_tells_nobody(world):
    visit = actions.cancel_visit(visit=world.visit(VisitState.PROPOSED), by=world.coordinator, reason="", **AT)

    assert (visit.state, visit.sequence, Notice.objects.count()) == (VisitState.CANCELLED, 0, 0)


def test_a_cancellation_after_the_day_tells_nobody(world):
    late = ON_THE_DAY + timedelta(days=2)

    actions.cancel_visit(visit=world.visit(), by=world.coordinator, reason="Nobody answered", now=late)

    assert not Notice.objects.exists()


def test_people_who_left_are_not_told(world):
    type(world.assistant).objects.filter(pk=world.assistant.pk).update(is_active=False)

    actions.cancel_visit(visit=world.visit(), by=world.coordinator, reason="Site closed", **AT)

    assert told("cancelled") == ["Anneke Vos", "Priya Nair"]


# --- the day ---


@pytest.mark.parametrize(("who", "behalf"), [("coordinator", None), ("executive", None), ("assistant", "executive")])
def test_check_in_holds_the_visit(world, who, behalf):
    people = world.people()

    visit = actions.check_in(visit=world.visit(VisitState.CONFIRMED), by=people[who], now=ON_THE_DAY)

    assert (visit.state, visit.checked_in_at, visit.checked_in_by) == (VisitState.HELD, ON_THE_DAY, people[who])
    assert visit.events.get().on_behalf_of == (people[behalf] if behalf else None)


@pytest.mark.parametrize("action", [actions.check_in, actions.mark_no_show])
def test_the_day_is_the_sites(action):
    world = make_world(time_zone="Pacific/Auckland")  # 13 hours ahead in March
    visit = world.visit(VisitState.CONFIRMED)

    with pytest.raises(Refused, match="The visit is on"):
        action(visit=visit, by=world.coordinator, now=datetime(2027, 3, 2, 10, 59, tzinfo=UTC))

    assert action(visit=visit, by=world.coordinator, now=datetime(2027, 3, 2, 11, 1, tzinfo=UTC)).state != visit.state


def test_a_no_show_is_put_right_and_back_on_record(world):
    visit = actions.mark_no_show(visit=world.visit(VisitState.CONFIRMED), by=world.coordinator, now=ON_THE_DAY)
    for held in (True, False):
        fix = {"visit": visit, "held": held, "by": world.coordinator, "now": ON_THE_DAY}
        with pytest.raises(Refused, match="what was wrong"):
            actions.correct_attendance(**fix, reason=" ")
        visit = actions.correct_attendance(**fix, reason="Came by the back door")
        assert (visit.state == VisitState.HELD, visit.checked_in_by is not None) == (held, held)

    assert verbs(visit) == ["no_show", "corrected", "corrected"]
    assert visit.events.order_by("-pk").first().before["checked_in_by"] == world.coordinator.pk


def test_a_no_show_whose_executive_was_placed_again_stays_one(world):
    missed = world.visit(VisitState.NO_SHOW)
    world.visit(VisitState.CONFIRMED, date=LATER)

    with pytest.raises(Conflict, match="already has a visit"):
        actions.correct_attendance(visit=missed, held=True, by=world.coordinator, reason="He came", now=ON_THE_DAY)


# --- publish ---


def publish(world, by, acknowledged=(), now=BEFORE):
    return actions.publish_season(season=world.season, acknowledged=acknowledged, by=by, now=now)


def test_publishing_invites_every_proposed_visit(world):
    type(world.season).objects.update(state=SeasonState.PLANNED)
    visits = [world.visit(VisitState.PROPOSED)]
    visits += [
        world.visit(VisitState.PROPOSED, executive=ExecutiveFactory(), host=HostFactory(team=world.team))
        for _n in range(2)
    ]

    published = publish(world, world.admin)

    world.season.refresh_from_db()
    assert {visit.pk for visit in published} == {visit.pk for visit in visits}
    assert (world.season.state, world.season.published_at, world.season.published_by) == (
        "published",
        BEFORE,
        world.admin,
    )
    assert set(Visit.objects.values_list("state", "answer_by")) == {("invited", date(2027, 2, 18))}
    assert verbs(visits[0]) == ["invited"]
    assert Notice.objects.filter(kind="shadowing.invited").count() == 7  # one of the executives has an assistant


def test_publishing_again_invites_the_new_ones_only(world):
    world.visit(VisitState.CONFIRMED)
    late = world.visit(VisitState.PROPOSED, executive=world.stranger, host=world.strange_host)

    assert [visit.pk for visit in publish(world, None)] == [late.pk]


def test_nothing_to_publish_is_said(world):
    with pytest.raises(Refused, match="No visit is proposed"):
        publish(world, world.admin)


def test_every_warning_is_acknowledged_first(world):
    from shadowing.visits import warnings

    world.visit(VisitState.PROPOSED, date=date(2027, 3, 6))  # a Saturday

    with pytest.raises(Conflict, match="1 warning is not acknowledged"):
        publish(world, world.admin)
    assert not Visit.objects.exclude(state=VisitState.PROPOSED).exists()

    visits = list(Visit.objects.for_list())
    keys = {warned.key for warned in warnings.of_visits(world.season, visits, now=BEFORE)}
    assert len(publish(world, world.admin, keys)) == 1


@pytest.mark.parametrize("number", [1, 3, 50])
def test_publishing_asks_the_same_for_any_number(world, number, django_assert_max_num_queries):
    world.season.season_sites.update(visits_a_day=number)
    for _visit in range(number):
        world.visit(VisitState.PROPOSED, executive=ExecutiveFactory(), host=HostFactory(team=world.team))

    with django_assert_max_num_queries(30):
        assert len(publish(world, world.admin)) == number
    assert Notice.objects.filter(kind="shadowing.invited").count() == 2 * number
