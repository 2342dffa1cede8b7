"""What one sweep queues: once per key, in working hours, one message a person, the latest step only."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from notifications.kinds import Due
from notifications.models import Message, MessageState, Notice
from notifications.sending import send_due
from notifications.sweep import sweep, tell_many
from people.models import Absence, User
from tests.factories import ExecutiveFactory, HostFactory, SiteFactory, UserFactory
from tests.notifications.stubs import Stub, kind

pytestmark = pytest.mark.django_db
TUESDAY = datetime(2027, 3, 2, 12, tzinfo=UTC)
DAY = date(2027, 3, 1)


def owed(user, subject="issue:1", step=0, anchor=DAY, **rest):
    return Due(user.pk, subject, anchor, step, **rest)


def test_what_is_owed_is_queued():
    maya, site = UserFactory(), SiteFactory()
    kind(stub=Stub([owed(maya, step=2, site_id=site.pk)]))

    assert sweep(now=TUESDAY) == {"test.reminder": 1}

    notice = Notice.objects.select_related("message").get()
    assert (notice.recipient, notice.kind, notice.subject, notice.anchor) == (maya, "test.reminder", "issue:1", DAY)
    assert (notice.step, notice.site_id, notice.created_at, notice.dropped) == (2, site.pk, TUESDAY, False)
    message = notice.message
    assert (message.recipient, message.state, message.due_at) == (maya, MessageState.QUEUED, TUESDAY)
    assert (message.attempts, message.failures, message.sent_at, message.personal) == (0, 0, None, False)


def test_the_same_sweep_twice_adds_nothing():
    people = UserFactory.create_batch(3)
    kind(stub=Stub([owed(each) for each in people]))

    assert sweep(now=TUESDAY)["test.reminder"] == 3
    assert sweep(now=TUESDAY)["test.reminder"] == 0
    assert sweep(now=TUESDAY + timedelta(minutes=1))["test.reminder"] == 0
    assert Message.objects.count() == 3


def test_several_notices_of_one_person_become_one_message():
    maya, tom = UserFactory.create_batch(2)
    kind(stub=Stub([owed(maya, "issue:1"), owed(tom, "issue:2"), owed(maya, "issue:3")]))
    kind("test.other", stub=Stub([owed(maya, "visit:1")]))

    assert sweep(now=TUESDAY) == {"test.reminder": 3, "test.other": 1}

    assert Message.objects.get(recipient=maya).notices.count() == 3
    assert Message.objects.get(recipient=tom).notices.count() == 1


def test_a_kind_that_stands_alone_gets_messages_of_its_own():
    maya = UserFactory()
    kind(stub=Stub([owed(maya, "issue:1")]))
    kind("test.alone", stub=Stub([owed(maya, "visit:1"), owed(maya, "visit:2")]), alone=True)

    sweep(now=TUESDAY)

    assert sorted(message.notices.count() for message in Message.objects.all()) == [1, 1, 1]


def test_an_anonymous_survey_never_shares_a_message():
    maya = UserFactory()
    kind(stub=Stub([owed(maya, "issue:1")]))
    kind("test.survey", stub=Stub([owed(maya, "round:1")]), anonymous=True)

    sweep(now=TUESDAY)

    assert {m.personal: m.notices.get().kind for m in Message.objects.all()} == {
        True: "test.survey",
        False: "test.reminder",
    }


def test_an_assistant_hears_for_whom():
    assistant, first, second = UserFactory.create_batch(3)
    stub = kind(stub=Stub([owed(assistant, "season:1", on_behalf_of_id=first.pk)]))
    sweep(now=TUESDAY)
    assert Message.objects.get().on_behalf_of == first

    stub.owed = [owed(assistant, "season:2", on_behalf_of_id=each.pk) for each in (first, second)]
    sweep(now=TUESDAY)

    both = Message.objects.exclude(on_behalf_of=first).get()
    assert both.on_behalf_of is None
    assert {notice.on_behalf_of for notice in both.notices.all()} == {first, second}


@pytest.mark.parametrize("fields", [{"email": None}, {"is_active": False}], ids=["no address", "left"])
def test_who_cannot_be_reached_is_passed_over_until_they_can(fields):
    maya = UserFactory(**fields)
    kind(stub=Stub([owed(maya)]))
    assert sweep(now=TUESDAY)["test.reminder"] == 0
    assert not Message.objects.exists()

    maya.email, maya.is_active = "maya@example.com", True
    maya.save()

    assert sweep(now=TUESDAY)["test.reminder"] == 1


def test_a_moved_date_arms_the_reminder_again():
    maya = UserFactory()
    stub = kind(stub=Stub([owed(maya, step=1)]))
    sweep(now=TUESDAY)

    stub.owed = [owed(maya, step=1, anchor=DAY + timedelta(days=14))]

    assert sweep(now=TUESDAY + timedelta(days=14))["test.reminder"] == 1


def test_a_kind_that_fails_does_not_stop_the_others(caplog):
    def breaks(now):
        raise ZeroDivisionError

    kind("test.broken", stub=Stub(breaks))
    kind(stub=Stub([owed(UserFactory())]))

    assert sweep(now=TUESDAY) == {"test.broken": 0, "test.reminder": 1}
    assert "test.broken" in caplog.text
    caplog.clear()


def test_a_sweep_as_if_at_another_moment_queues_for_now():
    kind(stub=Stub([owed(UserFactory())]))

    sweep(now=TUESDAY, queue_at=TUESDAY - timedelta(days=90))

    message = Message.objects.get()
    assert (message.created_at, message.due_at) == (TUESDAY, TUESDAY - timedelta(days=90))


@pytest.mark.parametrize("people", [1, 40])
def test_queries_do_not_grow_with_people(people, django_assert_max_num_queries):
    kind(stub=Stub([owed(each) for each in UserFactory.create_batch(people)]))

    # sites, who is away, people, known notices, begin, messages, notices, what came in (SQLite), commit
    with django_assert_max_num_queries(9):
        sweep(now=TUESDAY)

    assert Message.objects.count() == people


def test_batches_hold_whole_people(monkeypatch):
    monkeypatch.setattr("notifications.sweep.BATCH", 2)
    people = UserFactory.create_batch(5)
    kind(stub=Stub([owed(each, f"issue:{number}") for number in range(3) for each in people]))

    assert sweep(now=TUESDAY)["test.reminder"] == 15
    assert [message.notices.count() for message in Message.objects.all()] == [3] * 5


def test_telling_many_at_once_is_telling_each_once(django_assert_max_num_queries):
    people = [*UserFactory.create_batch(20), UserFactory(email=None)]
    kind("test.invited", immediate=True, alone=True)
    owed_ = [owed(each, f"visit:{number}") for number in range(2) for each in people]
    midnight = datetime(2027, 3, 6, tzinfo=UTC)

    with django_assert_max_num_queries(7):
        assert tell_many(kind="test.invited", owed=owed_, now=midnight) == 40
    assert tell_many(kind="test.invited", owed=owed_, now=midnight) == 0
    assert Message.objects.count() == Notice.objects.count() == 40


# --- Working hours ---

ZONES = ["UTC", "Europe/Lisbon", "America/New_York", "America/Los_Angeles", "Asia/Kolkata", "Australia/Lord_Howe"]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("start", [datetime(2027, 3, 13, 4, tzinfo=UTC), datetime(2027, 10, 30, 4, tzinfo=UTC)])
def test_swept_every_hour_a_reminder_goes_out_once_at_eight_local(zone, start):
    """From early Saturday on, over weekends in which clocks change."""
    maya = UserFactory(time_zone=zone)
    kind(stub=Stub([owed(maya)]))

    sent = [now for hour in range(150) if sweep(now=(now := start + timedelta(hours=hour / 2)))["test.reminder"]]

    assert len(sent) == 1
    local = sent[0].astimezone(ZoneInfo(zone))
    assert (local.weekday(), local.hour) == (0, 8)


def test_immediate_kinds_are_never_held_back():
    kind("test.invited", stub=Stub([owed(UserFactory(), "visit:1")]), immediate=True)

    assert sweep(now=datetime(2027, 3, 6, 3, tzinfo=UTC))["test.invited"] == 1


INDEPENDENCE = datetime(2027, 7, 5, 15, tzinfo=UTC)  # a Monday Atlanta does not work on


@pytest.fixture
def atlanta():
    return SiteFactory(time_zone="America/New_York", country="US", subdivision="GA")


@pytest.fixture
def lisbon():
    return SiteFactory(time_zone="Europe/Lisbon", country="PT")


def test_the_holidays_of_the_recipients_site_count(atlanta, lisbon):
    away = HostFactory(team__site=atlanta).user
    here = HostFactory(team__site=lisbon).user
    chief = ExecutiveFactory(home_site=atlanta).user
    kind(stub=Stub([owed(each, site_id=lisbon.pk) for each in (away, here, chief)]))

    sweep(now=INDEPENDENCE)

    assert set(Message.objects.values_list("recipient", flat=True)) == {here.pk}


def test_without_a_site_those_of_what_it_is_about_count(atlanta, lisbon):
    coordinator = UserFactory(role="coordinator")
    kind(stub=Stub([owed(coordinator, "issue:1", site_id=atlanta.pk), owed(coordinator, "issue:2", site_id=lisbon.pk)]))

    sweep(now=INDEPENDENCE)

    assert [notice.subject for notice in Notice.objects.all()] == ["issue:2"]


def test_who_has_no_clock_of_their_own_lives_by_the_sites(atlanta):
    kind(stub=Stub([owed(HostFactory(user__time_zone="", team__site=atlanta).user)]))

    assert sweep(now=datetime(2027, 3, 2, 12, 59, tzinfo=UTC))["test.reminder"] == 0
    assert sweep(now=datetime(2027, 3, 2, 13, 0, tzinfo=UTC))["test.reminder"] == 1


# --- Before an event ---


def before(user, event, *, days, site=None):
    """A kind that reminds ``days`` before an event, by the clock of UTC."""

    def due(now):
        if event - timedelta(days=days) <= now.date() < event:
            yield owed(user, "visit:1", days, event, not_after=event, site_id=site)

    return kind("test.before", stub=Stub(due), before=True)


def swept_through(first, days, hours=range(24)):
    """The instants at which a sweep every hour queued something."""
    moments = (first + timedelta(days=day, hours=hour) for day in range(days) for hour in hours)
    return [now for now in moments if any(sweep(now=now).values())]


@pytest.mark.parametrize(
    ("event", "days", "expected"),
    [
        (date(2027, 3, 8), 1, datetime(2027, 3, 5, 8, tzinfo=UTC)),  # Monday: told on Friday
        (date(2027, 3, 9), 1, datetime(2027, 3, 8, 8, tzinfo=UTC)),  # Tuesday: on Monday
        (date(2027, 3, 9), 3, datetime(2027, 3, 8, 8, tzinfo=UTC)),  # due on Saturday, Monday is still before
        (date(2027, 3, 12), 7, datetime(2027, 3, 5, 8, tzinfo=UTC)),
        (date(2027, 3, 7), 1, datetime(2027, 3, 5, 8, tzinfo=UTC)),  # an open Sunday
    ],
)
def test_a_reminder_before_a_date_moves_back_to_the_last_free_slot(event, days, expected):
    before(UserFactory(), event, days=days)

    assert swept_through(datetime(2027, 3, 1, tzinfo=UTC), 14) == [expected]


def test_over_a_long_weekend_it_moves_back_for_those_who_are_off(atlanta, lisbon):
    event = date(2027, 7, 6)  # Tuesday after the Monday Atlanta does not work on
    away, here = (HostFactory(team__site=site, user__time_zone="UTC").user for site in (atlanta, lisbon))

    def due(now):
        if event - timedelta(days=1) <= now.date() < event:
            yield from (owed(user, "visit:1", 1, event, not_after=event) for user in (away, here))

    kind("test.before", stub=Stub(due), before=True)
    swept_through(datetime(2027, 6, 28, tzinfo=UTC), 10)

    told = dict(Message.objects.values_list("recipient", "created_at__date"))
    assert told == {away.pk: date(2027, 7, 2), here.pk: date(2027, 7, 5)}


def test_the_step_that_moved_back_replaces_the_earlier_one():
    """Published on the Friday before: the reminder of 7 days before is not sent beside that of the day before."""
    maya, event = UserFactory(), date(2027, 3, 8)

    def due(now):
        steps = [step for step in (7, 1) if event - timedelta(days=step) <= now.date() < event]
        return [owed(maya, "visit:1", min(steps), event, not_after=event)] if steps else []

    kind("test.before", stub=Stub(due), before=True)

    assert swept_through(datetime(2027, 3, 5, tzinfo=UTC), 5) == [datetime(2027, 3, 5, 8, tzinfo=UTC)]
    assert Notice.objects.get().step == 1


def test_nothing_is_sent_on_the_day_of_the_event_or_later():
    maya, event = UserFactory(), date(2027, 3, 3)
    kind("test.before", stub=Stub([owed(maya, "visit:1", 1, event, not_after=event)]), before=True)

    assert swept_through(datetime(2027, 3, 3, tzinfo=UTC), 3) == []


def test_the_events_day_begins_by_the_clock_of_its_site():
    """Noon on Tuesday in New York is Wednesday in Auckland already."""
    site = SiteFactory(time_zone="Pacific/Auckland")
    maya, event = UserFactory(time_zone="America/New_York"), date(2027, 3, 3)
    kind("test.before", stub=Stub([owed(maya, "visit:1", 1, event, not_after=event, site_id=site.pk)]), before=True)

    assert sweep(now=datetime(2027, 3, 2, 17, tzinfo=UTC))["test.before"] == 0
    assert sweep(now=datetime(2027, 3, 1, 15, tzinfo=UTC))["test.before"] == 1


def test_only_kinds_before_a_date_are_asked_about_coming_days():
    asked = []
    kind(stub=Stub(lambda now: asked.append(now) or []))

    sweep(now=datetime(2027, 3, 5, 12, tzinfo=UTC))

    assert asked == [datetime(2027, 3, 5, 12, tzinfo=UTC)]


# --- Downtime ---


def test_after_a_week_of_downtime_everybody_hears_the_latest_once():
    """A reminder every day for a week, nobody swept: one message with the last step, not seven."""
    people, start = UserFactory.create_batch(2), date(2027, 3, 1)

    def due(now):
        return [owed(each, step=(now.date() - start).days) for each in people]

    kind(stub=Stub(due))
    swept_through(datetime(2027, 3, 8, tzinfo=UTC), 1)

    assert Message.objects.count() == 2
    assert set(Notice.objects.values_list("step", flat=True)) == {7}


# --- Away ---


@pytest.fixture
def away():
    """An executive away from the first to the fifth of March, with somebody who stands in."""
    executive = ExecutiveFactory(user__name="Anneke Vos").user
    return Absence.objects.create(
        user=executive, first_day=DAY, last_day=DAY + timedelta(days=4), substitute=UserFactory(name="Ravi Iyer"),
        created_at=TUESDAY, created_by=executive,
    )  # fmt: skip


def told():
    found = Notice.objects.order_by("pk").values_list("recipient__name", "on_behalf_of__name", "step")
    return list(found)


def test_who_stands_in_hears_it_for_who_is_away(away):
    kind(stub=Stub([owed(away.user)]))

    sweep(now=TUESDAY)

    assert told() == [("Ravi Iyer", "Anneke Vos", 0)]
    assert Message.objects.get().on_behalf_of == away.user


def test_once_back_they_hear_the_latest_themselves(away):
    stub = kind(stub=Stub([owed(away.user)]))
    sweep(now=TUESDAY)
    stub.owed = [owed(away.user, step=1)]

    sweep(now=TUESDAY + timedelta(days=6))

    assert told() == [("Ravi Iyer", "Anneke Vos", 0), ("Anneke Vos", None, 1)]


@pytest.mark.parametrize("why", ["nobody", "left", "away too", "no address"])
def test_without_a_substitute_reminders_wait_but_not_those_of_others(away, why):
    if why == "nobody":
        away.substitute = None
        away.save()
    elif why == "left":
        User.objects.filter(pk=away.substitute_id).update(is_active=False)
    elif why == "no address":
        User.objects.filter(pk=away.substitute_id).update(email=None)
    else:
        days = {"first_day": DAY, "last_day": DAY, "created_at": TUESDAY, "created_by": away.user}
        Absence.objects.create(user=away.substitute, **days | {"last_day": DAY + timedelta(days=9)})
    manager = UserFactory(name="Helga Strand")
    kind(stub=Stub([owed(away.user, step=2), owed(manager, step=2)]))

    sweep(now=TUESDAY)
    assert told() == [("Helga Strand", None, 2)]
    sweep(now=TUESDAY + timedelta(days=6))
    assert told() == [("Helga Strand", None, 2), ("Anneke Vos", None, 2)]


@pytest.mark.parametrize("options", [{"anonymous": True}, {"digest": True}])
def test_surveys_and_digests_wait_whoever_stands_in(away, options):
    kind(stub=Stub([owed(away.user, "round:1")]), **options)
    sweep(now=TUESDAY)
    assert told() == []


def test_what_only_they_can_do_waits(away):
    kind(stub=Stub([owed(away.user, personal=True)]))
    sweep(now=TUESDAY)
    assert told() == []


def test_what_is_never_held_back_comes_all_the_same(away):
    kind(stub=Stub([owed(away.user)]), immediate=True)
    sweep(now=TUESDAY)
    assert told() == [("Anneke Vos", None, 0)]


def test_an_assistant_who_stands_in_hears_it_once(away):
    kind(stub=Stub([owed(away.user), owed(away.substitute, on_behalf_of_id=away.user_id)]))
    sweep(now=TUESDAY)
    assert told() == [("Ravi Iyer", "Anneke Vos", 0)]


def test_what_an_absent_assistant_would_hear_for_their_executive_waits(away):
    boss = ExecutiveFactory().user
    kind(stub=Stub([owed(away.user, on_behalf_of_id=boss.pk)]))
    sweep(now=TUESDAY)
    assert told() == []


def test_what_waits_in_the_outbox_is_dropped_when_they_are_back(away, mailoutbox):
    kind(stub=Stub([owed(away.user)]))
    sweep(now=TUESDAY)
    away.delete()

    send_due(now=TUESDAY)

    assert mailoutbox == []
    assert Message.objects.get().state == MessageState.CANCELLED


def test_the_mail_says_for_whom_and_why(away, mailoutbox):
    kind(stub=Stub([owed(away.user)]))
    sweep(now=TUESDAY)

    send_due(now=TUESDAY)

    (mail,) = mailoutbox
    assert "ravi.iyer@example.com" in mail.to[0]
    assert "For Anneke Vos, who is away; you stand in:" in mail.body
