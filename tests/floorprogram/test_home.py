"""Homes: who sees what wait, with which next step, and at what price."""

from datetime import UTC, date, datetime, timedelta

import pytest
from freezegun import freeze_time

from floorprogram.home import build
from floorprogram.home.queries import delivered_counts
from floorprogram.reports.figures import issue_counts
from issues.models import Issue, IssueState, TakeAwayWaiver
from shadowing.models import SeasonHost, SeasonState, VisitState, Willing
from surveys.models import Audience, Round
from tests.factories import (
    ExecutiveFactory,
    FloorNoteFactory,
    HostFactory,
    IssueFactory,
    SeasonExecutiveFactory,
    SeasonFactory,
    SeasonHostFactory,
    SiteFactory,
    TeamFactory,
    UserFactory,
    VisitFactory,
)
from tests.surveys.tallied import tallied

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 10, 9, 30, tzinfo=UTC)  # a Wednesday in the second week of the season
TODAY = NOW.date()


@pytest.fixture
def site():
    return SiteFactory(name="Leeds", slug="leeds")


@pytest.fixture
def season(site):
    return SeasonFactory(name="Spring 2027", state=SeasonState.PUBLISHED, sites=[site])


@pytest.fixture
def visit(site, season):
    """Makes a visit in the season; the host's team is at the site unless a host is given."""

    def make(*, day=TODAY, host=None, **more):
        host = host or HostFactory(team=TeamFactory(site=site))
        return VisitFactory(**{"season": season, "host": host, "date": day, **more})

    return make


def titles(user):
    return [task.title for task in build(user, now=NOW).tasks]


def side(home, title):
    return next(found for found in [*home.sides, *home.main] if found.title == title)


# --- coordinator ------------------------------------------------------------------------------------------------------
def test_a_quiet_day_says_so_and_names_the_next_visit_day(visit):
    visit(day=TODAY + timedelta(days=1), confirmed=True)

    home = build(UserFactory(name="Ingrid Halloran", role="coordinator"), now=NOW)

    assert home.heading == "Good morning, Ingrid. Nothing waits for you."
    assert home.nothing == "Next visit day: Leeds, 11\N{NO-BREAK SPACE}Mar."
    assert home.lead.startswith("Wednesday 10\N{NO-BREAK SPACE}March. Spring 2027 runs until 12\N{NO-BREAK SPACE}Mar")


def test_a_declined_day_waits_until_the_executive_has_another(visit):
    declined = visit(day=TODAY + timedelta(days=1), state=VisitState.DECLINED, invited_at=NOW)
    coordinator = UserFactory(role="coordinator")

    assert titles(coordinator) == [
        f"{declined.executive} declined Thursday 11\N{NO-BREAK SPACE}March in Leeds",
    ]

    visit(day=TODAY + timedelta(days=2), executive=declined.executive, confirmed=True)
    assert titles(coordinator) == []


def test_several_declined_days_are_one_thing(visit):
    for days in (1, 2):
        visit(day=TODAY + timedelta(days=days), state=VisitState.DECLINED, invited_at=NOW)

    assert titles(UserFactory(role="coordinator")) == ["2 declined visits have no replacement"]


def test_the_days_sites_and_their_regroup(visit):
    visit(held=True)
    late = visit(confirmed=True)
    FloorNoteFactory(visit=late)
    home = build(UserFactory(role="coordinator"), now=NOW)

    (row,) = home.floor
    assert (row.name, row.arrived, row.expected, row.notes, row.regroup) == ("Leeds", 1, 2, 1, "12:00")
    assert row.coming == str(late.executive)
    assert home.tasks[0].title == "The regroup in Leeds starts at 12:00"
    assert home.tasks[0].detail == "1 floor note so far, from 1 team."


def test_a_regroup_that_is_over_waits_no_more(visit):
    visit(confirmed=True)

    home = build(UserFactory(role="coordinator"), now=NOW.replace(hour=14))

    assert [task.title for task in home.tasks] == []
    assert home.heading.startswith("Good afternoon")


def test_yesterdays_confirmed_visits_need_a_word(visit):
    found = visit(day=TODAY - timedelta(days=1), confirmed=True)
    home = build(UserFactory(role="coordinator"), now=NOW)

    assert home.tasks[0].title == "1 visit has passed without a check-in"
    assert str(found.executive) in home.tasks[0].detail


def test_owed_take_aways_are_listed_and_become_a_task_after_a_week(visit):
    old, young = visit(day=TODAY - timedelta(days=8), held=True), visit(day=TODAY - timedelta(days=1), held=True)
    taken = visit(day=TODAY - timedelta(days=8), held=True)
    IssueFactory(origin_visit=taken, target_date=date(2027, 6, 1), next_update_due=date(2027, 4, 1))
    waived = visit(day=TODAY - timedelta(days=8), held=True)
    TakeAwayWaiver.objects.create(visit=waived, waived_at=NOW, waived_by=UserFactory(), reason="Fire alarm all day.")
    home = build(UserFactory(role="coordinator"), now=NOW)

    owed = side(home, "Owed take-aways")
    assert [(entry.who, entry.tail, entry.tone) for entry in owed.entries] == [
        (str(old.executive), "8 days", "stop"),
        (str(young.executive), "1 day", "plain"),
    ]
    assert [task.title for task in home.tasks] == ["1 take-away is owed for a week or longer"]


def test_overdue_issues_name_the_clock_that_ran_out_first(visit):
    target = IssueFactory(origin_visit=visit(held=True), target_date=TODAY - timedelta(days=6))
    silent = IssueFactory(
        origin_visit=visit(held=True), delivered=True, word_due=TODAY - timedelta(days=1), target_date=date(2027, 3, 2)
    )
    IssueFactory(origin_visit=visit(held=True))
    home = build(UserFactory(role="coordinator"), now=NOW.replace(hour=20))

    overdue = side(home, "Overdue")
    assert overdue.total == 2
    assert [(entry.lead, entry.tail) for entry in overdue.entries] == [
        (str(target.number), "Target 6 d over"),
        (str(silent.number), "Word 1 d over"),
    ]
    assert [task.title for task in home.tasks] == ["1 host has waited too long for a word"]
    assert home.heading.startswith("Good evening")


def test_unanswered_invitations_name_whose_answer_is_missing(visit):
    ahead = {"day": TODAY + timedelta(days=1), "answer_by": TODAY - timedelta(days=1), "invited": True}
    both, host_only = visit(**ahead), visit(**ahead, executive_answer="yes")
    home = build(UserFactory(role="coordinator"), now=NOW)

    entries = side(home, "Unanswered invitations").entries
    assert [(entry.who, entry.kind) for entry in entries] == [
        (str(both.executive), "executive"),
        (str(host_only.host), "host"),
    ]
    assert [task.title for task in home.tasks] == ["2 invitations are past their answer-by date"]


def test_coordinators_of_some_sites_see_nothing_of_others(visit, site):
    visit(day=TODAY - timedelta(days=9), held=True)
    visit(confirmed=True)
    IssueFactory(origin_visit=visit(held=True), target_date=TODAY - timedelta(days=6))
    stranger = UserFactory(role="coordinator", sites=[SiteFactory()])
    home = build(stranger, now=NOW)

    assert (home.tasks, home.floor) == ([], [])
    assert [found.total for found in home.sides] == [0, 0, 0]
    assert home.figures[0].number == "0"
    assert len(build(UserFactory(role="coordinator", sites=[site]), now=NOW).tasks) == 2


def test_figures_carry_their_parts(visit):
    taken = visit(held=True)
    IssueFactory(origin_visit=taken, confirmed=True)
    visit(held=True)
    visit(invited=True)
    visit(state=VisitState.PROPOSED)
    home = build(UserFactory(role="coordinator"), now=NOW)

    held, took, helped, worth = home.figures
    assert (held.number, held.parts) == ("2", "of 3")
    assert (took.number, took.parts) == ("50\N{NO-BREAK SPACE}%", "1 of 2")
    assert (helped.number, helped.parts) == ("1", "of 1 delivered")
    assert worth.number == "hidden"


@pytest.mark.parametrize(
    ("made", "note"),
    [
        ([], "It appears when 30 answers of one site were released, or after the survey closed."),
        ([{"state": "draft"}], "It appears when 30 answers of one site were released, or after the survey closed."),
        ([{"state": "open"}], "It appears when 30 answers of one site were released, or after the survey closed."),
        ([{"state": "open", "k": 40}], "It appears when 40 answers of one site were released"),
        ([{"state": "open", "anonymous": False}], "It appears when 1 answer of one site was released"),
        ([{"state": "closed"}], "The survey is closed, and fewer than 8 answers came in"),
        ([{"state": "closed", "k": 12}], "The survey is closed, and fewer than 12 answers came in"),
    ],
    ids=["none yet", "draft", "open", "raised", "with names", "closed", "closed and raised"],
)
def test_a_hidden_share_says_how_many_answers_the_release_rule_takes(site, season, made, note):
    for more in made:
        tallied(season, "hosting", Audience.VISIT_HOSTS, {site: {}}, **more)
    worth = build(UserFactory(role="coordinator"), now=NOW).figures[3]

    assert (worth.number, worth.hidden) == ("hidden", True)
    assert worth.note.startswith(note)


def test_a_closed_survey_that_is_not_settled_yet_says_that_its_last_release_comes(site, season):
    tallied(season, "hosting", Audience.VISIT_HOSTS, {site: {}})
    Round.objects.update(settled_on=None, exact=False)
    worth = build(UserFactory(role="coordinator"), now=NOW).figures[3]

    assert worth.note == "The survey is closed. It appears with the last release, from 8 answers on."


@pytest.mark.parametrize(
    ("state", "title"),
    [
        ("draft", "Autumn 2027 is a draft"),
        ("collecting", "Autumn 2027 collects days"),
        ("planned", "Autumn 2027 is planned, and nobody is invited yet"),
    ],
)
def test_the_next_season_says_its_next_step(state, title, site):
    autumn = {"name": "Autumn 2027", "starts_on": date(2027, 11, 1), "ends_on": date(2027, 11, 12), "state": state}
    SeasonFactory(**autumn, sites=[site, SiteFactory()])

    assert titles(UserFactory(role="coordinator")) == [title]
    assert titles(UserFactory(role="coordinator", sites=[site])) == []


# --- sponsor ----------------------------------------------------------------------------------------------------------
def test_the_sponsor_reads_what_is_stuck_and_with_whom(visit):
    stuck = IssueFactory(origin_visit=visit(held=True), target_date=TODAY - timedelta(days=20))
    IssueFactory(origin_visit=visit(held=True), target_date=TODAY - timedelta(days=2))
    home = build(UserFactory(role="sponsor"), now=NOW)

    found = side(home, "Stuck, and with whom")
    assert (found.total, found.entries[0].who) == (2, str(stuck.owner))
    assert [task.title for task in home.tasks] == ["1 issue is stuck for two weeks or longer"]
    assert home.large
    assert len(home.figures) == 4


# --- executive and assistant ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["coordinator", "sponsor"])
def test_what_is_overdue_is_counted_no_further_than_it_is_shown(role, visit, monkeypatch):
    for _ in range(3):
        silent = {"word_due": TODAY - timedelta(days=15), "target_date": date(2027, 6, 1)}
        IssueFactory(origin_visit=visit(held=True), next_update_due=date(2027, 4, 1), **silent)
    task = {"coordinator": "3 hosts have waited", "sponsor": "3 issues are stuck"}[role]
    user, title = UserFactory(role=role), {"coordinator": "Overdue", "sponsor": "Stuck, and with whom"}[role]

    assert side(build(user, now=NOW), title).total == 3
    assert any(found.startswith(task) for found in titles(user))

    monkeypatch.setattr("floorprogram.home.queries.CAP", 2)
    assert side(build(user, now=NOW), title).total == 2


def test_the_figures_count_what_was_delivered_as_the_reports_do(visit, season):
    for number, state in enumerate(("delivered", "confirmed", "confirmed", "open", "in_progress")):
        changes = {state: True} if state in ("delivered", "confirmed") else {"state": state}
        issue = IssueFactory(origin_visit=visit(held=True), **changes)
        if state == "in_progress":  # delivered once, and reopened
            _set(issue, delivered_at=NOW, delivered_by=issue.owner_id)
        if number == 1:
            _set(issue, confirmed_in_place=True)
    reader = UserFactory(role="sponsor")
    reported = issue_counts(reader, season, today=TODAY)

    counts = delivered_counts(Issue.objects.visible_to(reader).filter(season=season))

    assert counts == {"delivered": 4, "confirmed": 2, "in_place": 1}
    assert counts == {name: getattr(reported, name) for name in counts}


def test_an_executive_is_asked_to_answer_then_to_read_then_to_go(visit):
    ahead = visit(day=TODAY + timedelta(days=2), invited=True, answer_by=TODAY)
    executive = ahead.executive.user

    assert titles(executive) == [f"Friday 12\N{NO-BREAK SPACE}March in Leeds, beside {ahead.host}?"]
    _set(ahead, state=VisitState.CONFIRMED, executive_answer="yes")
    assert titles(executive) == ["Friday 12\N{NO-BREAK SPACE}March in Leeds: the briefing is unread"]
    _set(ahead, executive_briefed_at=NOW)
    assert titles(executive) == []
    _set(ahead, date=TODAY)
    assert titles(executive) == [f"Today in Leeds, beside {ahead.host}"]


def test_a_held_visit_asks_for_its_take_away_until_it_has_one(visit):
    held = visit(day=TODAY - timedelta(days=3), held=True)

    assert titles(held.executive.user) == [f"What do you take away from {held.host}'s day?"]
    IssueFactory(origin_visit=held, next_update_due=date(2027, 4, 1))
    assert titles(held.executive.user) == []


def test_an_assistant_sees_the_same_in_the_executives_name(visit):
    assistant = UserFactory()
    held = visit(day=TODAY - timedelta(days=3), held=True, executive=ExecutiveFactory(assistant=assistant))

    assert titles(assistant) == [f"For {held.executive}: What do you take away from {held.host}'s day?"]


def test_on_the_day_everybody_is_led_to_a_page_they_may_open(visit, client):
    """The floor page belongs to who is on the floor: an assistant is shown the visit instead."""
    today = visit(confirmed=True, executive=ExecutiveFactory(assistant=UserFactory()))
    floor, page = f"/visits/{today.uuid}/floor/", f"/visits/{today.uuid}/"

    for person, url in [(today.executive.user, floor), (today.host.user, floor), (today.executive.assistant, page)]:
        (task,) = [task for task in build(person, now=NOW).tasks if str(today.uuid) in task.url]
        client.force_login(person)
        assert (task.url, client.get(task.url).status_code) == (url, 200)


def test_an_issue_waits_from_the_day_a_clock_ends(visit):
    held = visit(day=TODAY - timedelta(days=3), held=True)
    issue = IssueFactory(origin_visit=held, next_update_due=TODAY)

    assert titles(held.executive.user) == [f"{held.host} waits for an update on issue {issue.number}"]
    _set(issue, next_update_due=TODAY + timedelta(days=1))
    assert titles(held.executive.user) == []
    home = build(held.executive.user, now=NOW)
    assert [entry.lead for entry in side(home, "Issues you own").entries] == [str(issue.number)]


def test_an_assistant_reads_whose_issue_it_is(visit):
    assistant = UserFactory()
    held = visit(day=TODAY - timedelta(days=3), held=True, executive=ExecutiveFactory(assistant=assistant))
    issue = IssueFactory(origin_visit=held, next_update_due=TODAY)

    assert titles(assistant) == [f"For {held.executive}: {held.host} waits for an update on issue {issue.number}"]


def test_an_executive_is_asked_for_days_until_they_are_named(site):
    autumn = {"name": "Autumn 2027", "starts_on": date(2027, 11, 1), "ends_on": date(2027, 11, 12)}
    season = SeasonFactory(**autumn, state=SeasonState.COLLECTING, sites=[site])
    asked = SeasonExecutiveFactory(season=season, executive=ExecutiveFactory(assistant=UserFactory()))

    assert titles(asked.executive.user) == ["Which days cannot be in Autumn 2027?"]
    assert titles(asked.executive.assistant) == [f"For {asked.executive}: Which days cannot be in Autumn 2027?"]
    _set(asked, answered_at=NOW, answered_by=asked.executive.assistant)
    assert titles(asked.executive.user) == []


def test_executives_do_not_see_visits_they_were_not_invited_to(visit):
    proposed = visit(day=TODAY + timedelta(days=1))
    home = build(proposed.executive.user, now=NOW)

    assert (home.tasks, side(home, "Visits ahead").entries) == ([], [])


# --- host -------------------------------------------------------------------------------------------------------------
def test_a_host_is_asked_never_told(visit, site):
    host = HostFactory(team=TeamFactory(site=site))
    autumn = {"name": "Autumn 2027", "starts_on": date(2027, 11, 1), "ends_on": date(2027, 11, 12)}
    asked = SeasonHostFactory(host=host, willing=Willing.NOT_ASKED, season=SeasonFactory(**autumn, state="collecting"))

    assert titles(host.user) == ["Would you have a visitor in Autumn 2027?"]
    SeasonHost.objects.filter(pk=asked.pk).update(willing=Willing.NO)
    ahead = visit(day=TODAY + timedelta(days=2), host=host, invited=True)
    assert titles(host.user) == [f"May {ahead.executive} sit beside you on Friday 12\N{NO-BREAK SPACE}March?"]
    _set(ahead, state=VisitState.CONFIRMED, host_answer="yes")
    assert titles(host.user) == [f"{ahead.executive} comes on Friday 12\N{NO-BREAK SPACE}March"]
    _set(ahead, date=TODAY)
    assert titles(host.user) == [f"{ahead.executive} is beside you today"]


def test_a_delivered_issue_waits_for_the_hosts_word_in_the_hosts_voice(visit):
    held = visit(day=TODAY - timedelta(days=3), held=True)
    issue = IssueFactory(origin_visit=held, delivered=True, delivered_at=NOW - timedelta(days=1))
    home = build(held.host.user, now=NOW)

    assert [(task.title, task.filled) for task in home.tasks] == [
        (f"Does it help on your floor? {issue.title}", "btn-host")
    ]
    assert side(home, "Promised to you").entries[0].status == ("issue", "delivered")


def test_a_reopened_promise_says_so(visit):
    held = visit(day=TODAY - timedelta(days=3), held=True)
    IssueFactory(origin_visit=held, state=IssueState.IN_PROGRESS, reopened=True)

    assert side(build(held.host.user, now=NOW), "Promised to you").entries[0].status == ("issue", "reopened")


def test_a_season_that_is_not_published_is_nobody_elses_business(site):
    SeasonFactory(name="Secret 2027", sites=[site])
    host = HostFactory()

    assert "Secret" not in build(host.user, now=NOW).lead
    assert "Secret" in build(UserFactory(role="sponsor"), now=NOW).lead


def _set(row, **values):
    type(row).objects.filter(pk=row.pk).update(**values)
    row.refresh_from_db()


# --- the price --------------------------------------------------------------------------------------------------------
QUERIES = {  # of these: the session, the person, the roles
    "coordinator": 20,
    "admin": 22,
    "sponsor": 9,
    "executive": 14,
    "assistant": 13,
    "host": 9,
}


def _person(role, site):
    """Somebody of this role, and what their own visits have in common."""
    if role == "executive":
        executive = ExecutiveFactory()
        return executive.user, {"executive": executive}
    if role == "assistant":
        executive = ExecutiveFactory(assistant=UserFactory())
        return executive.assistant, {"executive": executive}
    if role == "host":
        host = HostFactory(team=TeamFactory(site=site))
        return host.user, {"host": host}
    return UserFactory(role=role), {}


def _fill(visit, count, own):
    """``count`` rows of everything. An executive has one live visit a season, so theirs lie in seasons of their own."""
    for number in range(count):
        for_one = {**own, "season": SeasonFactory(state=SeasonState.CLOSED)} if "executive" in own else own
        visit(day=TODAY - timedelta(days=10 + number), held=True, **for_one)
        taken = visit(day=TODAY - timedelta(days=100 + number), held=True, host=own.get("host"))
        IssueFactory(origin_visit=taken, owner=own.get("executive", taken.executive), target_date=TODAY)
        visit(day=TODAY, confirmed=True)
        visit(day=TODAY + timedelta(days=1), invited=True, answer_by=TODAY - timedelta(days=1))
        visit(day=TODAY + timedelta(days=1), state=VisitState.DECLINED, invited_at=NOW)


@pytest.mark.parametrize("count", [1, 3, pytest.param(50, marks=pytest.mark.once)])
@pytest.mark.parametrize("role", QUERIES)
def test_a_home_costs_the_same_however_much_waits(role, count, client, visit, site, django_assert_num_queries):
    user, own = _person(role, site)
    _fill(visit, count, own)
    with freeze_time(NOW):
        client.force_login(user)
        with django_assert_num_queries(QUERIES[role]):
            answer = client.get("/")

    assert answer.status_code == 200
    assert user.first_name in answer.content.decode()
