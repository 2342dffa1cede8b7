"""The waiting list: its order, why and since when, for whom a place fits, stepping back, and what coordinators hear."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from freezegun import freeze_time

from notifications.models import Notice
from notifications.sending import send_due
from notifications.sweep import sweep
from people.errors import Conflict, NotAllowed, Refused
from people.models import AuditEvent
from shadowing.models import (
    PairRule,
    Plan,
    PlanLeftOut,
    SeasonExecutive,
    SeasonHost,
    SeasonSite,
    SeasonState,
    UnavailableDay,
    Visit,
    VisitDay,
    VisitState,
)
from shadowing.notices import places
from shadowing.repairs import offers, waiting
from shadowing.repairs.situation import read_situation
from shadowing.visits import actions
from shadowing.visits.rules import Side
from tests.factories import ExecutiveFactory, SeasonExecutiveFactory
from tests.shadowing.repairs.scene import declined, make_scene
from tests.shadowing.world import BEFORE, DAY, LATER, ON_THE_DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_scene(waiting=3)


def names(world):
    return [str(one.row.executive) for one in waiting.waiting_list(world.season)]


def entry(world, person):
    return SeasonExecutive.objects.get(season=world.season, executive=person)


def adopted(world, *people):
    plan = Plan.objects.create(
        season=world.season, number=1, state="proven", asked_at=BEFORE, adopted_at=BEFORE, adopted_by=world.admin,
        finished_at=BEFORE, objective=0, bound=0, gap=0, seconds=1,
    )  # fmt: skip
    for position, person in enumerate(people, start=1):
        PlanLeftOut.objects.create(plan=plan, executive=person, position=position, reason="places")
    return plan


# --- the list ---


def test_the_order_is_the_plans_then_who_came_later_then_who_lost_a_visit(world):
    """Given one left out by the plan, one lost visit after another, the rest added later; then in that order, with why."""
    wanda = {str(row.executive): row.executive for row in world.season.executives.all()}
    adopted(world, wanda["Wanda Waits2"], wanda["Wanda Waits0"])
    for person, host, hours in ((world.stranger, world.strange_host, 1), (world.executive, world.host, 2)):
        visit = world.visit(executive=person, host=host)
        later = BEFORE + timedelta(hours=hours)
        actions.answer_invitation(visit=visit, side=Side.EXECUTIVE, yes=False, by=person.user, reason="Ill", now=later)

    found = waiting.waiting_list(world.season)

    assert names(world) == ["Wanda Waits2", "Wanda Waits0", "Wanda Waits1", "Sten Stranger", "Anneke Vos"]
    assert [one.reason.replace("\N{NO-BREAK SPACE}", " ") for one in found][2:] == [
        "Came after the plan", "Declined Wednesday 3 March: Ill", "Declined Wednesday 3 March: Ill",
    ]  # fmt: skip
    assert [one.since for one in found] == [
        BEFORE, BEFORE, None, BEFORE + timedelta(hours=1), BEFORE + timedelta(hours=2),
    ]  # fmt: skip


def test_who_left_does_not_wait(world):
    before = len(waiting.with_stepped_back(world.season)[0])
    world.stranger.user.is_active = False
    world.stranger.user.save()

    rows, gone = waiting.with_stepped_back(world.season)

    assert (len(rows), gone) == (before - 1, [])


def test_who_has_a_visit_or_stepped_back_does_not_wait(world):
    world.visit()
    SeasonExecutive.objects.filter(executive=world.stranger).update(stepped_back_at=BEFORE, stepped_back_by=world.admin)

    assert names(world) == ["Wanda Waits0", "Wanda Waits1", "Wanda Waits2"]
    assert [str(row.executive) for row in waiting.with_stepped_back(world.season)[1]] == ["Sten Stranger"]


def test_who_named_their_days_comes_before_who_did_not(world):
    SeasonExecutive.objects.filter(executive__user__name="Wanda Waits2").update(answered_at=BEFORE)

    assert names(world)[0] == "Wanda Waits2"


@pytest.mark.parametrize(
    ("state", "fields", "words"),
    [
        (VisitState.NO_SHOW, {}, "Nobody came on Wednesday 3 March"),
        (VisitState.DECLINED, {"host_answer": "no"}, "Priya Nair declined Wednesday 3 March"),
        (VisitState.CANCELLED, {"ended_reason": "Fire drill"}, "Wednesday 3 March was called off: Fire drill"),
    ],
)
def test_it_says_how_the_visit_was_lost(world, state, fields, words):
    world.visit(state, **fields)

    assert waiting.waiting_list(world.season)[-1].reason.replace("\N{NO-BREAK SPACE}", " ") == words


def test_a_proposal_nobody_heard_of_is_no_lost_visit(world):
    world.visit(VisitState.CANCELLED)
    Visit.objects.update(invited_at=None)

    assert {one.lost for one in waiting.waiting_list(world.season)} == {None}


@pytest.mark.parametrize("number", [1, 40])
def test_the_list_asks_equally_often_for_any_number(world, number, django_assert_max_num_queries):
    for _n in range(number):
        person = ExecutiveFactory()
        SeasonExecutiveFactory(season=world.season, executive=person)
        world.visit(VisitState.DECLINED, executive=person, host_answer="no")
    adopted(world, world.executive)

    with django_assert_max_num_queries(1):
        assert len(waiting.waiting_list(world.season)) == 5 + number


def test_the_file_neutralises_formulas(world, client):
    type(world.executive.user).objects.filter(pk=world.executive.pk).update(name="=HYPERLINK(1)", name_key="=h")
    client.force_login(world.coordinator)

    answer = client.get("/seasons/spring/waiting.csv")

    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[0] == list(waiting.COLUMNS)
    assert len(rows) == 6
    assert "'=HYPERLINK(1)" in {row[1] for row in rows}


# --- for whom a place fits ---


def freed(world, day=DAY):
    return offers.Freed(world.season, world.host, world.site, day)


def fitting(world):
    """By the facts of the place alone, and the same by the whole season read for a page."""
    place, rows = freed(world), waiting.without_place(world.season)
    found = offers.fits(place, rows, now=BEFORE)
    assert offers.fits_now(place, rows, read_situation(world.season, now=BEFORE)) == found
    return [str(row.executive) for row in found]


def test_a_free_place_fits_in_the_order_of_the_list(world):
    assert fitting(world) == ["Anneke Vos", "Sten Stranger", "Wanda Waits0", "Wanda Waits1", "Wanda Waits2"]


@pytest.mark.parametrize("why", ["away", "forbidden", "declined the day", "turned down by the host"])
def test_it_does_not_fit_everybody(world, why):
    if why == "away":
        UnavailableDay.objects.create(user=world.executive.user, date=DAY)
    elif why == "forbidden":
        about = {"season": world.season, "executive": world.executive, "host": world.host}
        PairRule.objects.create(**about, created_at=BEFORE, created_by=world.admin)
    elif why == "declined the day":
        declined(world, host=world.strange_host)
    else:
        declined(world, by="host", date=LATER)

    assert fitting(world)[0] == "Sten Stranger"


@pytest.mark.parametrize("taken", ["host", "day", "season", "team", "standby"])
def test_a_taken_place_fits_nobody(world, taken):
    if taken == "host":
        world.visit(executive=world.stranger)
    elif taken == "day":
        SeasonSite.objects.update(visits_a_day=1)
        world.visit(executive=world.stranger, host=world.strange_host)
    elif taken == "team":
        world.host.team.away_at_once = 1
        world.host.team.save()
        world.visit(executive=world.stranger, host=world.strange_host)
    elif taken == "standby":
        VisitDay.objects.update_or_create(site=world.site, date=DAY, defaults={"standby": world.host})
    else:
        SeasonHost.objects.filter(host=world.host).update(max_visits=1)
        world.visit(executive=world.stranger, date=LATER)

    assert fitting(world) == []


def test_fitting_asks_equally_often_for_any_number(world, django_assert_max_num_queries):
    for _n in range(30):
        SeasonExecutiveFactory(season=world.season)
    rows = list(waiting.without_place(world.season))

    with django_assert_max_num_queries(6):
        assert len(offers.fits(freed(world), rows, now=BEFORE)) == 35


# --- stepping back ---


@pytest.mark.parametrize("who", ["executive", "assistant", "coordinator", "admin"])
def test_stepping_back_and_coming_back_are_on_record(world, who):
    by = world.people()[who]

    gone = waiting.step_back(entry=entry(world, world.executive), back=True, by=by, now=BEFORE)
    waiting.step_back(entry=gone, back=True, by=by, now=BEFORE)
    assert (gone.stepped_back_at, gone.stepped_back_by) == (BEFORE, by)
    assert "Anneke Vos" not in names(world)

    back = waiting.step_back(entry=gone, back=False, by=by, now=BEFORE)
    assert (back.stepped_back_at, back.stepped_back_by) == (None, None)
    verbs = AuditEvent.objects.order_by("pk").values_list("verb", "by")
    assert list(verbs) == [("executive.stepped_back", by.pk), ("executive.came_back", by.pk)]


@pytest.mark.parametrize("who", ["host", "stranger", "sponsor"])
def test_nobody_else_steps_back_for_them(world, who):
    with pytest.raises(NotAllowed):
        waiting.step_back(entry=entry(world, world.executive), back=True, by=world.people()[who], now=BEFORE)


def test_with_a_visit_one_says_no_to_that_first(world):
    world.visit()

    with pytest.raises(Conflict, match="Say no to it first"):
        waiting.step_back(entry=entry(world, world.executive), back=True, by=world.assistant, now=BEFORE)


def test_nobody_steps_back_from_what_is_over(world):
    type(world.season).objects.update(state=SeasonState.CLOSED)

    with pytest.raises(Refused, match="closed"):
        waiting.step_back(entry=entry(world, world.executive), back=True, by=world.assistant, now=BEFORE)


# --- what coordinators hear ---


def heard(kind, now=BEFORE):
    return {(due.recipient_id, due.subject) for due in kind(now)}


@pytest.mark.parametrize("by", ["executive", "host"])
def test_the_sites_coordinators_hear_of_a_place_given_up(world, by):
    visit = declined(world, by=by)

    assert heard(places.place_freed) == {(world.coordinator.pk, visit.subject)}


def test_nobody_hears_of_what_is_settled_over_or_was_never_told(world):
    declined(world)
    world.visit(host=world.strange_host, date=LATER)
    silent = world.visit(VisitState.CANCELLED, executive=world.stranger)
    Visit.objects.filter(pk=silent.pk).update(invited_at=None)

    assert heard(places.place_freed) == set()


def test_a_no_show_is_heard_of_for_a_week(world):
    visit = world.visit(VisitState.NO_SHOW)

    assert heard(places.place_freed, ON_THE_DAY + timedelta(days=6)) == {(world.coordinator.pk, visit.subject)}
    assert heard(places.place_freed, ON_THE_DAY + timedelta(days=9)) == set()


@pytest.mark.parametrize(("day", "late"), [(18, False), (19, True)])
def test_an_invitation_without_an_answer_is_heard_of_when_its_date_has_passed(world, day, late):
    visit = world.visit()  # to answer by 18 February

    told = heard(places.unanswered, datetime(2027, 2, day, 9, tzinfo=UTC))

    assert told == ({(world.coordinator.pk, visit.subject)} if late else set())


def mails(mailoutbox, now):
    mailoutbox.clear()
    with freeze_time(now):
        sweep(now=now)
        send_due(now=now)
    return {mail.to[0].rpartition("<")[2].strip(">"): mail for mail in mailoutbox}


def test_the_message_names_the_first_for_whom_the_place_fits(world, mailoutbox):
    declined(world)

    mail = mails(mailoutbox, BEFORE)[world.coordinator.email]

    assert "The first of the waiting list for whom it fits: Sten Stranger" in mail.body
    assert "/replace/" in mail.body
    assert Visit.objects.count() == 1  # nobody was invited


def test_a_hosts_no_is_said_as_such_and_offers_their_day_to_nobody(world, mailoutbox):
    declined(world, by="host")

    body = mails(mailoutbox, BEFORE)[world.coordinator.email].body

    assert "Anneke Vos needs another host" in body
    assert "waiting list" not in body


def test_who_did_not_answer_is_named(world, mailoutbox):
    world.visit(host_answer="yes")

    mails(mailoutbox, datetime(2027, 2, 19, 10, tzinfo=UTC))

    (mail,) = [mail for mail in mailoutbox if "Anneke Vos did not answer in time" in mail.body]
    assert world.coordinator.email in mail.to[0]


def test_what_was_settled_meanwhile_is_not_sent(world, mailoutbox):
    declined(world)
    sweep(now=BEFORE)
    world.visit(host=world.strange_host, date=LATER)

    assert world.coordinator.email not in mails(mailoutbox, BEFORE + timedelta(minutes=1))
    assert Notice.objects.filter(kind="shadowing.place_freed", dropped=True).exists()
