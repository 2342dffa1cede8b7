"""Monday's digest: to whom, when, of which sites, and that it says nothing where nothing waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from floorprogram import digest
from issues.models import Issue
from notifications.kinds import register
from notifications.models import DigestOptOut, Message, MessageState, Notice
from notifications.sending import send_due
from notifications.sweep import sweep
from people.models import Role
from tests.factories import (
    ExecutiveFactory,
    HostFactory,
    IssueFactory,
    SiteFactory,
    TeamFactory,
    UserFactory,
    VisitFactory,
)

pytestmark = pytest.mark.django_db
MONDAY = datetime(2027, 5, 17, 10, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
def world():
    """Leeds: an overdue issue, one delivered, a visit that owes its take-away, an invitation nobody answered. Porto: an
    overdue issue."""
    leeds, porto = SiteFactory(name="Leeds"), SiteFactory(name="Porto")
    host = HostFactory(team=TeamFactory(site=leeds))
    owner = ExecutiveFactory(user__name="Anneke Vos")
    late = IssueFactory(origin_visit=VisitFactory(held=True, host=host, executive=owner), title="SIM swap")
    done = IssueFactory(origin_visit=VisitFactory(held=True, host=HostFactory(team=host.team)))
    Issue.objects.filter(pk=late.pk).update(target_date=MONDAY.date() - timedelta(days=40))
    ahead = {"word_due": MONDAY.date() + WEEK, "delivered_at": MONDAY, "delivered_by": owner.user}
    Issue.objects.filter(pk=done.pk).update(state="delivered", **ahead)
    VisitFactory(held=True, host=HostFactory(team=host.team))
    VisitFactory(
        state="invited", host=HostFactory(team=host.team), date=MONDAY.date() + WEEK, invited_at=MONDAY - WEEK,
        answer_by=MONDAY.date() - timedelta(days=1),
    )  # fmt: skip
    IssueFactory(origin_visit=VisitFactory(held=True, host=HostFactory(team=TeamFactory(site=porto))))
    return {
        "leeds": UserFactory(name="Lea Leeds", role=Role.COORDINATOR, sites=[leeds]),
        "porto": UserFactory(name="Pia Porto", role=Role.COORDINATOR, sites=[porto]),
        "everywhere": UserFactory(name="Alma Allsites", role=Role.COORDINATOR),
        "sponsor": UserFactory(name="Sam Sponsor", role=Role.SPONSOR),
        "admin": UserFactory(role=Role.ADMIN),
    }


def digests():
    return Notice.objects.filter(kind=digest.NAME)


def facts(notice):
    return [value for _name, value, *_late in register[digest.NAME].render([notice])[notice.pk].facts]


@pytest.mark.parametrize("hours", [(7, 8, 9, 20), pytest.param(range(24), marks=pytest.mark.soak)])
def test_coordinators_and_sponsors_get_it_once_a_week(world, hours):
    for day, hour in product(range(15), hours):
        sweep(now=datetime(2027, 5, 17, tzinfo=UTC) + timedelta(days=day, hours=hour))

    found = digests().order_by("pk").values_list("recipient__name", "created_at")
    moments = {}
    for name, at in found:
        moments.setdefault(name, []).append(at)
    mornings = [datetime(2027, 5, day, 8, tzinfo=UTC) for day in (17, 24, 31)]
    assert set(moments) == {"Lea Leeds", "Pia Porto", "Alma Allsites", "Sam Sponsor"}
    assert all(found == mornings for found in moments.values())


def test_each_reads_of_their_own_sites(world):
    sweep(now=MONDAY)
    said = {notice.recipient.name: facts(notice) for notice in digests()}

    assert said == {
        "Lea Leeds": ["1", "1", "1", "1"],
        "Pia Porto": ["0", "1", "0", "0"],
        "Alma Allsites": ["1", "2", "1", "1"],
        "Sam Sponsor": ["1", "2", "1", "1"],
    }


def test_the_mail_names_what_is_longest_overdue_and_how_to_leave_it(world, mailoutbox):
    sweep(now=MONDAY)
    Notice.objects.exclude(kind=digest.NAME).delete()
    send_due(now=MONDAY)

    mail = next(mail for mail in mailoutbox if "lea" in mail.to[0])
    assert mail.subject == "Your week: 4 things wait in Leeds"
    assert "“SIM swap”, with Anneke Vos, " in mail.body
    assert "The next comes on 24 May." in mail.body
    assert "/issues/owed/" in mail.alternatives[0][0]
    assert "List-Unsubscribe" in mail.message()


def test_where_nothing_waits_nothing_is_sent(world, mailoutbox):
    Issue.objects.filter(site__name="Porto").update(state="withdrawn")
    sweep(now=MONDAY)
    Notice.objects.exclude(kind=digest.NAME).delete()
    send_due(now=MONDAY)

    assert not [mail for mail in mailoutbox if "pia" in mail.to[0]]
    assert Message.objects.get(recipient=world["porto"], notices__kind=digest.NAME).state == MessageState.CANCELLED


def test_who_left_it_gets_none_also_where_one_is_queued(world, mailoutbox):
    sweep(now=MONDAY)
    DigestOptOut.objects.create(user=world["leeds"], kind=digest.NAME, at=MONDAY)
    send_due(now=MONDAY)

    assert not [mail for mail in mailoutbox if "Your week" in mail.subject and "lea" in mail.to[0]]
    assert world["leeds"].pk not in {due.recipient_id for due in digest.due(MONDAY + WEEK)}


def test_who_lost_the_role_gets_none(world):
    sweep(now=MONDAY)
    world["leeds"].role_grants.all().delete()
    notices = list(digests())

    held = register[digest.NAME].holds(notices)

    assert {notice.recipient.name for notice in notices if notice.pk not in held} == {"Lea Leeds"}


def test_monday_is_the_readers_own(world):
    world["leeds"].time_zone = "Pacific/Auckland"
    world["leeds"].save()
    sunday_evening = datetime(2027, 5, 16, 20, tzinfo=UTC)  # 08:00 on Monday in Auckland

    sweep(now=sunday_evening)

    assert list(digests().values_list("recipient__name", flat=True)) == ["Lea Leeds"]


@pytest.mark.parametrize("readers", [1, 12])
def test_queries_do_not_grow_with_readers(world, readers, django_assert_num_queries):
    for _reader in range(readers):
        UserFactory(role=Role.SPONSOR)
    sweep(now=MONDAY)
    notices = list(digests())

    with django_assert_num_queries(8):  # whose sites; time zones, four counts and the longest; how many sites there are
        assert len(register[digest.NAME].render(notices)) == readers + 4


@pytest.mark.parametrize(
    ("names", "words"), [(1, "in A"), (2, "in A and B"), (5, "at your 5 sites"), (0, "at all 7 sites")]
)
def test_where_is_said_in_words(names, words):
    scope = digest.Scope(frozenset(range(names)), list("ABCDE")[:names]) if names else digest.Scope(None)
    assert digest.where(scope, 7) == words
