"""Reminders: the steps over time, who hears of them, whether they still hold, and how they read."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issues import actions
from issues.models import Issue
from issues.notices import LABELS, due, steps
from notifications import sweep
from notifications.kinds import register
from notifications.models import Message, Notice
from notifications.sending import send_due
from people.models import Role, User
from tests.factories import (
    NINE,
    ExecutiveFactory,
    HostFactory,
    IssueFactory,
    SeasonFactory,
    TeamFactory,
    UserFactory,
    VisitFactory,
)
from tests.issues.conftest import TODAY, in_state

DAY = timedelta(days=1)


# --- Steps ---


@pytest.mark.parametrize(("late", "step"), [(-1, None), (0, None), (1, 0), (2, 0), (3, 1), (6, 1), (7, 2), (400, 2)])
def test_listed(late, step):
    assert steps.listed([1, 3, 7], late) == step


@pytest.mark.parametrize(("late", "step"), [(-5, None), (0, None), (1, 0), (7, 0), (8, 1), (15, 2), (22, 3), (365, 52)])
def test_repeated(late, step):
    assert steps.repeated(7, late) == step


@pytest.mark.parametrize(
    ("late", "step"), [(-8, None), (-7, -7), (-1, -7), (0, 0), (1, 0), (6, 0), (7, 7), (13, 7), (14, 14), (365, 364)]
)
def test_of_target(late, step):
    target = date(2027, 6, 1)
    assert steps.of_target(target=target, taken_away=date(2027, 3, 1), today=target + late * DAY) == step


@pytest.mark.parametrize(("days", "step"), [(7, None), (8, -7)])
def test_a_date_at_short_notice_has_no_reminder_ahead(days, step):
    assert steps.of_target(target=TODAY + days * DAY, taken_away=TODAY, today=TODAY + 2 * DAY) == step


@given(st.integers(1, 60), st.integers(-400, 4000))
def test_a_repeated_step_lasts_its_interval_and_never_goes_back(every, late):
    now, tomorrow = steps.repeated(every, late), steps.repeated(every, late + 1)
    assert (now is None) == (late < 1)
    assert tomorrow in ((0,) if now is None and late == 0 else (now, (now or 0) + 1))
    if now is not None:
        assert now * every < late <= (now + 1) * every


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 200), st.integers(-30, 400))
def test_a_target_step_is_never_ahead_of_its_day(target, notice, late):
    step = steps.of_target(target=target, taken_away=target - notice * DAY, today=target + late * DAY)
    if step is None:
        assert late < 0
    else:
        assert step <= late < step + 7


@given(st.lists(st.integers(0, 60), min_size=1, max_size=6, unique=True), st.integers(-10, 100))
def test_a_listed_step_is_the_newest_reached(days, late):
    step = steps.listed(days, late)
    reached = [day for day in days if day <= late]
    assert step == (len(reached) - 1 if reached else None)


# --- Who hears of what ---


def owed(name, now):
    """(recipient's name, step) of what a kind says is due, and everything else about it checked for shape."""
    found = list(register[f"issues.{name}"].due(now))
    people = dict(User.objects.values_list("pk", "name"))
    keys = [(one.recipient_id, one.subject, one.anchor, one.step) for one in found]
    assert len(keys) == len(set(keys)), "one person is told twice"
    return {(people[one.recipient_id], one.step) for one in found}


def at(days, hour=10):
    """That many days after the first of March, at the factories' sites (UTC)."""
    return datetime(2027, 3, 1, hour, tzinfo=UTC) + days * DAY


OWNER_SIDE = {"Anneke Vos", "Asha Assistant"}


def everybody(names, step):
    return {(name, step) for name in names}


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (14, set()),
        (15, everybody(OWNER_SIDE, 0)),
        (21, everybody(OWNER_SIDE, 0)),
        (22, everybody(OWNER_SIDE, 1)),
        (29, everybody(OWNER_SIDE | {"Helga Strand"}, 2)),
        (36, everybody(OWNER_SIDE | {"Helga Strand", "Ingrid Halloran", "Sam Sponsor"}, 3)),
        (43, everybody(OWNER_SIDE | {"Helga Strand", "Ingrid Halloran", "Sam Sponsor"}, 4)),
    ],
)
def test_update_due(cast, days, expected):
    assert owed("update_due", at(days)) == expected


def test_without_a_line_manager_the_coordinator_hears_it(cast):
    cast.executive.line_manager = None
    cast.executive.save()
    assert owed("update_due", at(29)) == everybody(OWNER_SIDE | {"Ingrid Halloran"}, 2)


def test_without_a_site_coordinator_those_of_all_sites_hear_it(cast):
    UserFactory(name="Alma Allsites", role=Role.COORDINATOR)
    User.objects.filter(pk=cast.people["coordinator"].pk).update(is_active=False)
    assert ("Alma Allsites", 3) in owed("update_due", at(36))


@pytest.mark.parametrize("state", ["on_hold", "delivered", "confirmed", "withdrawn"])
def test_no_update_is_due_where_the_clock_does_not_run(cast, state):
    in_state(cast.issue, state)
    assert owed("update_due", at(15)) == set()


@pytest.mark.parametrize(
    ("days", "expected"),
    [(21, set()), (22, everybody(OWNER_SIDE, 0)), (28, everybody(OWNER_SIDE, 0)), (29, everybody(OWNER_SIDE, 1))],
)
def test_word_due(cast, days, expected):
    assert owed("word_due", at(days)) == expected


def test_silence_counts_while_delivered(delivered):
    assert owed("word_due", at(22)) == everybody(OWNER_SIDE, 0)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (52, set()),
        (53, everybody(OWNER_SIDE, -7)),
        (60, everybody(OWNER_SIDE, 0)),
        (66, everybody(OWNER_SIDE, 0)),
        (67, everybody(OWNER_SIDE | {"Ingrid Halloran"}, 7)),
        (74, everybody(OWNER_SIDE | {"Ingrid Halloran"}, 14)),
    ],
)
def test_target(cast, days, expected):
    assert owed("target", at(days)) == expected


def test_only_the_reminder_ahead_ends_with_its_day(cast):
    ahead, on_the_day = list(due.target(at(53))), list(due.target(at(60)))
    assert {one.not_after for one in ahead} == {cast.issue.target_date}
    assert {one.not_after for one in on_the_day} == {None}


@pytest.mark.parametrize(("days", "step"), [(0, 0), (2, 0), (3, 1), (9, 1), (10, 2), (24, 2), (25, None)])
def test_confirm_asked(delivered, days, step):
    assert owed("confirm_asked", at(days, hour=8) + timedelta(hours=1)) == (
        set() if step is None else {("Maya Rowntree", step)}
    )


def test_intervals_are_the_seasons(cast):
    cast.visit.season.reminders = {"update_due_every": 3}
    cast.visit.season.save()
    other = IssueFactory(origin_visit=VisitFactory(held=True, season=SeasonFactory()))

    found = {(one.subject, one.step) for one in due.update_due(at(18))}

    assert found >= {(cast.issue.subject, 1), (other.subject, 0)}


@pytest.fixture
def owing(cast):
    Issue.objects.all().delete()
    return cast.visit


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, set()),
        (1, everybody(OWNER_SIDE, 0)),
        (3, everybody(OWNER_SIDE | {"Ingrid Halloran"}, 1)),
        (7, everybody(OWNER_SIDE | {"Ingrid Halloran"}, 2)),
        (21, everybody(OWNER_SIDE | {"Ingrid Halloran"}, 2)),
        (22, set()),
    ],
)
def test_take_away_owed(owing, days, expected):
    names = OWNER_SIDE | {"Ingrid Halloran"}
    assert {each for each in owed("take_away_owed", at(days)) if each[0] in names} == expected


def test_a_settled_visit_owes_nothing(cast):
    assert not [one for one in due.take_away_owed(at(3)) if one.subject == cast.visit.subject]


def test_today_is_the_sites_day(db):
    """Given a site far west and one far east, it is the day after the update was due only where it is."""
    west = HostFactory(team=TeamFactory(site__time_zone="Pacific/Honolulu"))
    east = HostFactory(team=TeamFactory(site__time_zone="Pacific/Auckland"))
    hosts = [VisitFactory(held=True, host=host) for host in (west, east)]
    for visit in hosts:
        IssueFactory(origin_visit=visit)

    found = {one.site_id for one in due.update_due(datetime(2027, 3, 15, 20, tzinfo=UTC))}

    assert found == {east.team.site_id}


def test_news_of_several_updates_is_one_notice(cast):
    for text in ("First.", "Second."):
        cast.issue = actions.post_update(issue=cast.issue, text=text, by=cast.people["owner"], now=NINE)
    actions.post_update(issue=cast.issue, text="Secret.", host_reads=False, by=cast.people["owner"], now=NINE)

    (news,) = due.moved(at(0))

    assert news.recipient_id == cast.host.pk
    assert news.step == cast.issue.updates.get(text="Second.").pk
    assert list(due.moved(at(8))) == []


# --- Through the outbox ---


def swept(now):
    sweep.sweep(now=now)
    return Notice.objects.order_by("pk")


def test_a_sweep_twice_adds_nothing(cast):
    first = swept(at(15)).count()
    assert first > 0
    assert swept(at(15)).count() == first
    assert swept(at(18)).count() == first


def test_two_issues_of_one_owner_are_one_message(cast):
    IssueFactory(origin_visit=cast.visit)
    swept(at(15))

    message = Message.objects.get(recipient=cast.people["owner"])
    assert message.notices.filter(kind="issues.update_due").count() == 2


def test_a_week_without_sweeps_gives_the_latest_state_once(cast):
    swept(at(30))
    assert set(Notice.objects.filter(kind="issues.update_due").values_list("step", flat=True)) == {2}


# --- Whether it still holds ---


def held(name):
    kind = register[f"issues.{name}"]
    return kind.holds(list(Notice.objects.filter(kind=kind.name)))


def test_an_update_ends_the_reminder(cast, django_assert_num_queries):
    IssueFactory.create_batch(3, origin_visit=cast.visit)
    swept(at(15))
    before = held("update_due")

    actions.post_update(issue=cast.issue, text="In test.", by=cast.people["owner"], now=at(15))

    with django_assert_num_queries(2):  # the notices themselves, the issues
        after = held("update_due")
    gone = set(Notice.objects.filter(subject=cast.issue.subject, kind="issues.update_due").values_list("pk", flat=True))
    assert before - after == gone


def test_word_target_and_confirm_end_with_what_they_ask_for(cast):
    swept(at(22))
    swept(at(53))
    assert held("word_due")
    assert held("target")
    issue = actions.deliver(issue=cast.issue, text="Done.", impact="Yes.", by=cast.people["owner"], now=at(54))
    assert not held("word_due")
    assert not held("target")
    assert held("confirm_asked")
    actions.confirm(issue=issue, by=cast.people["host"], now=at(55))
    assert not held("confirm_asked")


def test_a_moved_target_drops_the_old_reminder(cast):
    swept(at(53))
    assert held("target")
    move = {"text": "It slips.", "target_date": date(2027, 6, 1), "reason": "Late data."}
    actions.post_update(issue=cast.issue, by=cast.people["owner"], now=at(53), **move)
    assert not held("target")


def test_a_take_away_ends_its_reminder(owing, cast):
    swept(at(1))
    before = held("take_away_owed")
    actions.take_away(
        visit=owing, title="x", promise="y", target_date=date(2027, 5, 1), by=cast.people["owner"], now=at(1)
    )
    gone = set(Notice.objects.filter(subject=owing.subject).values_list("pk", flat=True))
    assert before - held("take_away_owed") == gone


def test_only_the_latest_news_holds(cast):
    issue = actions.post_update(issue=cast.issue, text="First.", by=cast.people["owner"], now=at(0))
    swept(at(0))
    assert held("moved")
    actions.post_update(issue=issue, text="Second.", by=cast.people["owner"], now=at(0, 11))
    assert not held("moved")


def test_the_hosts_words_always_hold(delivered):
    issue = actions.not_yet(issue=delivered.issue, words="No.", by=delivered.people["host"], now=at(1))
    actions.host_write(issue=issue, words="Still no.", by=delivered.people["host"], now=at(1))
    assert held("not_yet")
    assert held("host_wrote")


# --- How it reads ---


def section(name, recipient):
    kind = register[f"issues.{name}"]
    notices = list(Notice.objects.filter(kind=kind.name, recipient=recipient).order_by("-step"))
    return kind.render(notices)[notices[0].pk]


def test_the_owner_reads_who_waits_and_gets_four_buttons(cast):
    swept(at(17))
    words = section("update_due", cast.people["owner"])

    assert words.subject_line == f"Issue {cast.issue.pk}: Maya waits for an update, 3 days"
    assert words.lead.startswith("Maya Rowntree has waited 3 days for the next update")
    assert words.quote == cast.issue.promise
    assert words.quote_caption == "What you promised Maya on 1 March"
    assert [button.data for button in words.buttons] == ["moved", "delivered", "stuck", "date"]
    assert [link.path for link in words.links] == [f"/issues/{cast.issue.pk}/snooze/", f"/issues/{cast.issue.pk}/"]
    assert [button.primary for button in words.buttons].count(True) == 1
    assert words.facts[0] == ("Target date", "30 April", False)
    assert "first reminder" in words.why


@pytest.mark.parametrize(
    ("days", "name", "words"),
    [
        (15, "update_due", "The next would come on 23\xa0March\xa02027."),  # a Tuesday
        (24, "word_due", "The next would come on 30\xa0March\xa02027."),
        (53, "target", "The next would come on 30\xa0April\xa02027."),
        (60, "target", "The next would come on 7\xa0May\xa02027."),
    ],
)
def test_a_reminder_says_when_the_next_would_come(cast, days, name, words):
    swept(at(days))
    assert words in section(name, cast.people["owner"]).why


def test_the_last_of_a_list_says_so(delivered):
    for days, words in (
        (0, "The next would come on 4\xa0March\xa02027."),
        (3, "11\xa0March"),
        (10, "This is the last one."),
    ):
        swept(at(days))
        assert words in section("confirm_asked", delivered.people["host"]).why


def test_those_above_read_that_the_owner_put_it_off(cast):
    put_off(cast, days=40)
    swept(at(36))
    assert (
        "Anneke Vos has put their own reminders off until 10 April."
        in section("update_due", cast.people["sponsor"]).why
    )


def test_an_issue_is_put_off_from_the_mail_once(cast):
    put_off(cast, days=10)
    swept(at(15))
    assert [link.path for link in section("update_due", cast.people["owner"]).links] == [cast.issue.get_absolute_url()]


def test_several_clocks_of_one_issue_are_one_section(cast, mailoutbox):
    swept(at(60))
    send_due(now=at(60))

    mail = next(mail for mail in mailoutbox if "anneke" in mail.to[0])
    assert mail.subject.startswith(f"Issue {cast.issue.pk}: Maya waits for an update, ")
    assert "more" not in mail.subject
    assert mail.body.count("What you promised Maya") == mail.body.count("Where does it stand?") == 1
    assert "It is promised for today." in mail.body
    assert "Maya Rowntree has read nothing about it for 60 days." in mail.body


def test_a_closed_issue_is_silent_at_once_also_where_messages_are_queued(cast, mailoutbox):
    swept(at(29))
    issue = actions.deliver(issue=cast.issue, text="Done.", impact="Yes.", by=cast.people["owner"], now=at(29))
    actions.confirm(issue=issue, by=cast.people["host"], now=at(29))
    Issue.objects.exclude(pk=issue.pk).delete()

    send_due(now=at(29))

    assert [mail for mail in mailoutbox if f"Issue {issue.pk}" in mail.subject] == []
    assert not Message.objects.filter(state="queued").exists()


def test_the_assistant_gets_the_same_buttons_and_the_manager_a_page(cast):
    swept(at(29))
    assert len(section("update_due", cast.people["assistant"]).buttons) == 4
    manager = section("update_due", cast.people["line manager"])
    assert [button.purpose for button in manager.buttons] == ["issues.read"]
    assert manager.lead.startswith("Anneke Vos owes Maya Rowntree an update")
    assert "Helga Strand" in manager.why


def test_every_kind_can_be_read_by_everybody_it_reaches(cast, django_assert_max_num_queries):
    for days in (1, 15, 29, 36, 53, 60, 67):
        swept(at(days))
    issue = actions.post_update(issue=cast.issue, text="In test.", by=cast.people["owner"], now=at(67))
    swept(at(67, 11))
    issue = actions.deliver(issue=issue, text="One screen.", impact="Yes.", by=cast.people["owner"], now=at(68))
    swept(at(71))
    issue = actions.not_yet(issue=issue, words="No.", by=cast.people["host"], now=at(71))
    actions.host_write(issue=issue, words="Really.", by=cast.people["host"], now=at(71))
    kinds = {f"issues.{name}": list(Notice.objects.filter(kind=f"issues.{name}")) for name in LABELS}

    for name, notices in kinds.items():
        assert notices, name
        with django_assert_max_num_queries(4):  # issues, their sites, their seasons; the words quoted
            sections = register[name].render(notices)
        for words in sections.values():
            assert words.subject_line
            assert words.lead
            assert re.search("The next|the last one", words.why), words.why
            assert words.buttons
            assert "%(" not in repr(words)


def test_the_host_is_asked_with_the_owners_words(delivered):
    words = section("confirm_asked", delivered.people["host"])
    assert list(words.paragraphs) == ["One screen, no paper, since Monday."]
    assert [(button.label, button.data) for button in words.buttons] == [
        ("Yes, it helps", "yes"),
        ("Not yet", "not_yet"),
    ]


def test_the_host_never_reads_what_was_not_for_them(cast):
    issue = actions.post_update(issue=cast.issue, text="For Maya.", by=cast.people["owner"], now=at(0))
    actions.post_update(issue=issue, text="Legal is slow.", host_reads=False, by=cast.people["owner"], now=at(0))
    swept(at(0, 11))
    assert list(section("moved", cast.people["host"]).paragraphs) == ["For Maya."]


def test_what_is_gone_is_not_rendered(cast):
    swept(at(15))
    notices = list(Notice.objects.filter(kind="issues.update_due"))
    ExecutiveFactory()
    Issue.objects.all().delete()
    assert register["issues.update_due"].render(notices) == {}
    assert register["issues.update_due"].holds(notices) == set()


# --- Put off ---


def put_off(cast, *, days, target=None):
    target = target or cast.issue.target_date
    Issue.objects.filter(pk=cast.issue.pk).update(snoozed_until=TODAY + days * DAY, snoozed_target=target)


@pytest.mark.parametrize("name", ["update_due", "word_due"])
def test_the_owner_hears_nothing_until_the_day_it_was_put_off_to(cast, name):
    put_off(cast, days=26)
    assert owed(name, at(25)) == set()
    assert owed(name, at(26)) == everybody(OWNER_SIDE, 1 if name == "update_due" else 0)


def test_those_above_hear_it_all_the_same(cast):
    put_off(cast, days=40)
    assert owed("update_due", at(36)) == everybody({"Helga Strand", "Ingrid Halloran", "Sam Sponsor"}, 3)


def test_a_moved_date_arms_the_reminders_again(cast):
    put_off(cast, days=60, target=cast.issue.target_date - DAY)
    assert owed("update_due", at(15)) == everybody(OWNER_SIDE, 0)


def test_a_passed_target_reaches_the_coordinator_of_an_issue_put_off(cast):
    put_off(cast, days=70)
    assert owed("target", at(60)) == set()
    assert owed("target", at(67)) == {("Ingrid Halloran", 7)}


def test_what_is_queued_is_dropped_when_it_is_put_off(cast):
    swept(at(29))
    put_off(cast, days=35)

    left = Notice.objects.filter(pk__in=held("update_due"))

    assert {notice.recipient.name for notice in left} == {"Helga Strand"}


# --- The season's intervals ---


def test_a_season_decides_when_a_target_date_is_near_and_how_often_it_is_said(cast):
    cast.visit.season.reminders = {"target_near": [-14, -3], "target_passed_every": 3}
    cast.visit.season.save()

    found = {days: owed("target", at(days)) for days in (45, 46, 57, 60, 63, 66)}

    assert found[45] == set()
    assert [next(iter(found[days]))[1] for days in (46, 57, 60, 63, 66)] == [-14, -3, 0, 3, 6]


@pytest.mark.parametrize("name", ["take_away_owed", "confirm_asked"])
def test_an_empty_list_of_days_is_never(delivered, name):
    delivered.visit.season.reminders = {name: []}
    delivered.visit.season.save()
    Issue.objects.exclude(pk=delivered.issue.pk).delete()
    names = {recipient for recipient, _step in owed(name, at(3))}
    assert not names & {"Anneke Vos", "Maya Rowntree"}


@pytest.mark.parametrize(
    ("late", "check"),
    [(29, None), (30, (30, 0)), (36, (30, 0)), (37, (30, 1)), (89, (30, 1)), (90, (90, 0)), (97, (90, 1))],
)
def test_of_check(late, check):
    assert steps.of_check(confirmed=TODAY, today=TODAY + late * DAY, after=[30, 90], again=[7]) == check
