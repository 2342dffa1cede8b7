"""Reminders over time: whenever sweeps run, each step reaches each person once, by their own clock.

What ought to happen is said a second time here, day by day and without the program's own steps: working days from Monday
to Friday, 08:00 to 18:00 where the person is, the latest step only. Sweeps come at any minute, with gaps, in twelve zones.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from issues.models import Issue, IssueState
from notifications.kinds import register
from notifications.models import Message, Notice
from notifications.sending import send_due
from notifications.sweep import sweep
from people.models import Host, User
from shadowing.models import Visit
from tests.factories import ExecutiveFactory, HostFactory, IssueFactory, SeasonFactory, TeamFactory, VisitFactory

pytestmark = pytest.mark.django_db
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
ZONES = ["UTC", "Europe/Lisbon", "Europe/Berlin", "America/New_York", "America/St_Johns", "America/Sao_Paulo"]
ZONES += [
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Apia",
]
SAMPLED = settings(
    max_examples=4, deadline=None, suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink years of sweeps takes longer than it helps
)  # fmt: skip


# --- What each rule says on a day, told anew ---


def every_week(after):
    """From the day after, a step a week."""
    return lambda day, start: (
        math.ceil((day - start - (after - 1) * DAY) / (7 * DAY)) - 1 if day > start + after * DAY - DAY else None
    )


def on_days(*days):
    """The place of the newest of these days that is reached."""
    return lambda day, start: max(
        (place for place, after in enumerate(days) if day >= start + after * DAY), default=None
    )


def around_target(day, start):
    """A week before the target date (five days after ``start``), on it, and every week."""
    late = (day - start).days - 20
    return late // 7 * 7 if late >= 0 else (-7 if late >= -7 else None)


def later_checks(day, start):
    late = (day - start).days
    if late < 30:
        return None
    check = 90 if late >= 90 else 30
    return check * 10 + (late >= check + 7)


RULES = {
    "issues.update_due": (every_week(1), None),
    "issues.word_due": (every_week(4), None),
    "issues.target": (around_target, 20),
    "issues.take_away_owed": (on_days(1, 3, 7), None),
    "issues.confirm_asked": (on_days(0, 3, 10), None),
    "issues.holds_check": (later_checks, None),
}
GRACE = {
    "issues.take_away_owed": 21,
    "issues.confirm_asked": 24,
    "issues.holds_check": 110,
}  # days after which it is over


def expected(kind, zone, start, moments):
    """(moment, step) in the order of the sweeps, for somebody whose clock and site are in this zone."""
    rule, event = RULES[kind]
    told = {}
    for now in moments:
        local = now.astimezone(zone)
        if local.weekday() > 4 or not time(8) <= local.time() < time(18):
            continue
        day = asked = local.date()
        if (day - start).days > GRACE.get(kind, 10_000):
            continue
        if event and day < start + event * DAY <= next_workday(day):
            asked = start + (event - 1) * DAY
        step = rule(asked, start)
        if step is not None:
            told.setdefault(step, now)
    return sorted((at, step) for step, at in told.items())


def next_workday(day):
    return day + (3 if day.weekday() == 4 else 1) * DAY


# --- The program over the same time ---


@pytest.fixture
def only(monkeypatch):
    """Of all kinds only some, so that a sweep is quick."""
    every = dict(register.kinds)
    return lambda *names: monkeypatch.setattr(register, "kinds", {name: every[name] for name in names})


@pytest.fixture
def world(only):
    """In each zone an executive and a host who live by its clock, and one issue or visit a rule."""
    only(*RULES)
    season = SeasonFactory()
    found = {}
    for name in ZONES:
        team = TeamFactory(site__time_zone=name)
        people = {
            kind: (ExecutiveFactory(user__time_zone=name), HostFactory(team=team, user__time_zone=name))
            for kind in RULES
        }
        for kind, (executive, host) in people.items():
            visit = VisitFactory(held=True, executive=executive, host=host, season=season)
            if kind != "issues.take_away_owed":
                IssueFactory(origin_visit=visit)
            found[name, kind] = visit
    return found


def begin(world, start):
    """Nothing told yet; every clock counts from ``start``, a day at each site."""
    Notice.objects.all().delete()
    Message.objects.all().delete()
    far = start + 4000 * DAY
    for (name, kind), visit in world.items():
        at = datetime.combine(start, time(0), ZoneInfo(name)).astimezone(UTC)
        fields = {"next_update_due": far, "word_due": far, "target_date": far, "taken_away_at": at - 30 * DAY}
        match kind:
            case "issues.take_away_owed":
                Visit.objects.filter(pk=visit.pk).update(date=start)
            case "issues.update_due":
                fields["next_update_due"] = start
            case "issues.word_due":
                fields["word_due"] = start + 3 * DAY
            case "issues.target":
                fields["target_date"] = start + 20 * DAY
            case _:
                fields |= {"state": IssueState.DELIVERED, "delivered_at": at, "delivered_by": visit.executive.user}
        if kind == "issues.holds_check":
            fields |= {"state": IssueState.CONFIRMED, "confirmed_at": at, "confirmed_by": visit.host.user}
        Issue.objects.filter(origin_visit=visit).update(**fields)


def swept(moments):
    for now in moments:
        sweep(now=now)


def told(kind, visit):
    """(moment, step) of what was queued about this visit or its issue."""
    rows = Notice.objects.filter(kind=kind, recipient__in=(visit.executive_id, visit.host_id))
    return sorted((at, step) for at, step in rows.values_list("created_at", "step"))


def compare(world, start, moments):
    for (name, kind), visit in world.items():
        assert told(kind, visit) == expected(kind, ZoneInfo(name), start, moments), (name, kind, start)


starts = st.dates(date(2027, 1, 1), date(2028, 1, 1))
gaps = st.lists(st.integers(1, 3 * 24 * 60), min_size=8, max_size=24)  # minutes from one sweep to the next


@SAMPLED
@given(start=starts, gaps=gaps, first=st.integers(-24 * 60, 100 * 24 * 60))
def test_whenever_sweeps_run_each_step_is_told_once_at_the_right_time(world, start, gaps, first):
    now, moments = datetime.combine(start, time(0), UTC) + first * MINUTE, []
    for gap in gaps:
        now += gap * MINUTE
        moments.append(now)
    begin(world, start)

    swept(moments)

    compare(world, start, moments)


@pytest.mark.once
def test_once_a_day_for_366_days(world):
    """A leap year in thirds, so that each rule runs its course thrice. At 01, 09 and 17 hours of UTC in turn: in each
    zone one of them is within working hours."""
    for third in range(3):
        start = date(2028, 1, 1) + third * 122 * DAY
        moments = [datetime.combine(start + day * DAY, time(1 + day % 3 * 8), UTC) for day in range(122)]
        begin(world, start)

        swept(moments)

        compare(world, start, moments)


@SAMPLED
@given(start=starts, jump=st.integers(1, 26), at=st.integers(6, 30))
def test_a_clock_that_jumps_back_tells_nothing_twice(world, start, jump, at):
    """As when daylight saving ends by the machine's own clock, or somebody sets it right by a day."""
    first = datetime.combine(start + 3 * DAY, time(0), UTC)
    moments = [first + (at + hour) * HOUR for hour in (0, 1, 1 - jump, 2 - jump, 1, 2)]
    begin(world, start)

    swept(moments)

    for (name, kind), visit in world.items():
        steps = [step for _at, step in told(kind, visit)]
        assert len(steps) == len(set(steps))
        assert set(steps) == {step for _at, step in expected(kind, ZoneInfo(name), start, moments)}, (name, kind)


@pytest.fixture
def alone(world, only):
    """Only the rule of overdue updates."""
    only("issues.update_due")
    return world


def every_minute(first, last):
    return [first + number * MINUTE for number in range(int((last - first) / MINUTE))]


def eights(day):
    """Eight o'clock of a day in each zone, and the minute before."""
    found = {datetime.combine(day, time(8), ZoneInfo(name)).astimezone(UTC) for name in ZONES}
    return sorted({eight + number * MINUTE for eight in found for number in (-1, 0)})


CHANGED = [
    date(2027, 3, 15),  # New York went forward on Sunday
    date(2027, 3, 29),  # Europe went forward
    date(2027, 4, 5),  # Lord Howe and Auckland went back
    date(2027, 9, 27),  # Auckland went forward
    date(2027, 10, 4),  # Lord Howe went forward, by half an hour
    date(2027, 11, 1),  # Europe went back
    date(2027, 11, 8),  # New York went back
]


def test_eight_is_eight_on_the_monday_after_the_clocks_changed(alone):
    for monday in CHANGED:
        begin(alone, monday - DAY)
        swept(eights(monday))

        for name in ZONES:
            eight = datetime.combine(monday, time(8), ZoneInfo(name)).astimezone(UTC)
            assert told("issues.update_due", alone[name, "issues.update_due"]) == [(eight, 0)], (name, monday)


def test_after_a_week_of_downtime_one_message_says_the_latest(world):
    """Swept until the second reminder, then not for two weeks: the third is never said, the fourth once."""
    begin(world, date(2027, 3, 1))
    swept([datetime(2027, 3, 9, 12, tzinfo=UTC)])
    before = set(Message.objects.values_list("pk", flat=True))

    swept([datetime(2027, 3, 23, 12, tzinfo=UTC) + hour * HOUR for hour in range(3)])

    owner = world["Europe/Berlin", "issues.update_due"].executive.user
    messages = Message.objects.exclude(pk__in=before).filter(recipient=owner)
    found = [[(notice.kind, notice.step) for notice in message.notices.all()] for message in messages]
    assert found == [[("issues.update_due", 3)]]


def test_a_mail_that_waited_out_the_downtime_says_what_holds_now(world, mailoutbox):
    """Queued before the outage and delivered after it: what was settled meanwhile is not in it."""
    begin(world, date(2027, 3, 1))
    swept([datetime(2027, 3, 9, 12, tzinfo=UTC)])
    visit = world["Europe/Berlin", "issues.update_due"]
    Issue.objects.filter(origin_visit=visit).update(next_update_due=date(2027, 4, 1))

    send_due(now=datetime(2027, 3, 16, 12, tzinfo=UTC))

    assert mailoutbox
    assert not [mail for mail in mailoutbox if visit.executive.user.email in mail.to[0]]


# --- At full size ---


@pytest.mark.soak
def test_every_minute_of_two_days(alone):
    """2,880 sweeps from Sunday midnight on: one notice in each zone, at eight there."""
    begin(alone, date(2027, 3, 6))
    moments = every_minute(datetime(2027, 3, 7, 12, tzinfo=UTC), datetime(2027, 3, 9, 12, tzinfo=UTC))

    swept(moments)

    for name in ZONES:
        monday = datetime(2027, 3, 8, 8, tzinfo=ZoneInfo(name)).astimezone(UTC)
        assert told("issues.update_due", alone[name, "issues.update_due"]) == [(monday, 0)]
    assert Message.objects.count() == len(ZONES)


@pytest.mark.soak
@pytest.mark.parametrize("month", range(12))
def test_every_hour_of_366_days(world, month):
    """A leap year in twelve parts: every rule in every zone, swept hour by hour for a month and a day."""
    start = date(2028, 1, 1) + month * 30 * DAY + timedelta(days=month // 2)
    moments = [datetime.combine(start, time(0), UTC) - 14 * HOUR + number * HOUR for number in range(33 * 24)]
    begin(world, start)

    swept(moments)

    compare(world, start, moments)


def test_the_world_is_as_the_rules_ask(world):
    assert Host.objects.count() == len(ZONES) * len(RULES)
    assert set(User.objects.values_list("time_zone", flat=True)) >= set(ZONES)
