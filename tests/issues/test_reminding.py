"""Reminding owners by hand: one message for each owner, once a day, in every history, through the outbox."""

from datetime import timedelta

import pytest
from django.core import mail
from freezegun import freeze_time

from issues import actions
from issues.errors import Conflict, NotAllowed
from issues.models import EventKind, Issue, IssueEvent
from notifications.models import Message, MessageState, Notice
from notifications.sending import send_due
from people.models import Absence
from tests.factories import NINE, ExecutiveFactory, HostFactory, IssueFactory, SiteFactory, VisitFactory
from tests.issues.conftest import TODAY, in_state

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def ravi(cast):
    """Another owner with two issues at the same site."""
    ravi = ExecutiveFactory(user__name="Ravi Menon")
    visit = VisitFactory(held=True, executive=ravi, host=cast.host, date=TODAY - 7 * DAY)
    IssueFactory.create_batch(2, origin_visit=visit)
    return ravi


def remind(cast, now=NINE, issues=None, by="coordinator", words=""):
    rows = Issue.objects.order_by("number") if issues is None else issues
    return actions.remind_owners(issues=rows, words=words, by=cast.people[by], now=now)


def sent(now):
    mail.outbox.clear()
    with freeze_time(now):
        send_due(now=now)
    return {letter.to[0].rpartition("<")[2].strip(">"): letter for letter in mail.outbox}


def test_one_message_for_each_owner_about_all_of_theirs(cast, ravi, mailoutbox):
    more = IssueFactory(origin_visit=cast.visit, title="Chairs")

    outcome = remind(cast, words="The board meets on Friday.")

    assert (len(outcome.changed), outcome.people, outcome.refused) == (4, 2, [])
    found = sent(NINE)
    assert found.keys() == {cast.people["owner"].address, cast.people["assistant"].address, ravi.user.address}
    body = " ".join(found[cast.people["owner"].address].body.split())
    assert f"Ingrid Halloran asks where issue {cast.issue.pk}" in body
    assert f"Ingrid Halloran asks where issue {more.pk}" in body
    assert "The board meets on Friday." in body
    assert "It moved. Say what happened" in body


def test_it_stands_in_each_history(cast, ravi):
    remind(cast, words="Friday.")
    events = IssueEvent.objects.filter(kind=EventKind.REMINDED)
    assert set(events.values_list("by", "words")) == {(cast.people["coordinator"].pk, "Friday.")}
    assert set(events.values_list("issue", flat=True)) == set(Issue.objects.values_list("pk", flat=True))


def test_not_twice_a_day_for_whichever_issue_and_by_whomever(cast, ravi):
    remind(cast, issues=[cast.issue])
    other = IssueFactory(origin_visit=cast.visit)

    outcome = remind(cast, now=NINE + HOUR, by="admin")

    assert {issue.owner for issue in outcome.changed} == {ravi}
    assert {left.words for left in outcome.refused} == {
        "Anneke Vos was reminded by hand today already. It can be done again tomorrow."
    }
    assert not IssueEvent.objects.filter(issue=other).exists()
    assert len(remind(cast, now=NINE + DAY).changed) == 4


def test_the_database_holds_one_notice_for_each(cast):
    remind(cast, issues=[cast.issue])
    assert Notice.objects.filter(kind="issues.reminded").count() == 2  # the owner and the assistant
    assert Message.objects.count() == 2


def test_it_waits_for_the_owners_working_hours(cast, mailoutbox):
    evening = NINE + 12 * HOUR
    remind(cast, now=evening, issues=[cast.issue])
    assert sent(evening) == {}
    assert Message.objects.filter(state=MessageState.QUEUED, due_at__gt=evening).count() == 2
    assert cast.people["owner"].address in sent(NINE + DAY)


def test_who_works_at_no_site_gets_one_message_for_all_zones(cast, mailoutbox):
    """Given an owner without a home site whose issues lie in two zones; when they are reminded at an hour at which one of
    the sites has closed; then all of it goes out as one message, at once."""
    far = HostFactory(team__site=SiteFactory(name="Honolulu", time_zone="Pacific/Honolulu", country="US"))
    executive = ExecutiveFactory(user__name="Lena Svensson", user__time_zone="", home_site=None)
    there = VisitFactory(held=True, executive=executive, host=far, date=TODAY - 7 * DAY)
    here = VisitFactory(held=True, executive=executive, host=cast.host, date=TODAY - 9 * DAY)
    both = [IssueFactory(origin_visit=visit) for visit in (there, here)]

    outcome = remind(cast, now=NINE, issues=both, by="admin")

    assert (len(outcome.changed), outcome.people) == (2, 1)
    message = Message.objects.get()
    assert (message.recipient, message.due_at, message.notices.count()) == (executive.user, NINE, 2)


@pytest.mark.parametrize("what", ["updated", "delivered", "handed over"])
def test_nothing_is_sent_that_no_longer_holds(cast, mailoutbox, what):
    evening = NINE + 12 * HOUR
    remind(cast, now=evening, issues=[cast.issue])
    about = {"issue": cast.issue, "by": cast.people["owner"], "now": evening + HOUR}
    if what == "updated":
        actions.post_update(text="In test.", **about)
    elif what == "delivered":
        actions.deliver(text="One screen.", impact="Minutes.", **about)
    else:
        Issue.objects.filter(pk=cast.issue.pk).update(owner=ExecutiveFactory())
    assert cast.people["owner"].address not in sent(NINE + DAY)


def test_who_stands_in_hears_it_too(cast, mailoutbox):
    other = ExecutiveFactory(user__name="Ravi Menon").user
    days = {"first_day": TODAY, "last_day": TODAY + 9 * DAY, "substitute": other}
    owner = cast.people["owner"]
    Absence.objects.create(user=owner, created_at=NINE, created_by=owner, **days)
    remind(cast, issues=[cast.issue])
    assert (other, owner) in [(one.recipient, one.on_behalf_of) for one in Notice.objects.all()]


def test_what_cannot_be_asked_is_left_with_its_reason(cast, ravi):
    in_state(cast.issue, "delivered")
    ravi.user.is_active = False
    ravi.user.save()
    outcome = remind(cast)
    assert sorted(left.why for left in outcome.refused) == [
        "Nobody can be written to: its owner has left or has no address.",
        "Nobody can be written to: its owner has left or has no address.",
        "Their state does not allow it: delivered.",
    ]
    assert not Notice.objects.exists()
    assert not IssueEvent.objects.exists()


def test_of_other_coordinators_none_is_reminded(cast, ravi):
    outcome = remind(cast, by="coordinator elsewhere")
    assert (outcome.changed, len(outcome.refused)) == ([], 3)
    with pytest.raises(NotAllowed):
        actions.remind(issue=cast.issue, by=cast.people["sponsor"], now=NINE)


def test_one_issue_by_itself_is_refused_alike(cast):
    actions.remind(issue=cast.issue, by=cast.people["coordinator"], now=NINE)
    with pytest.raises(Conflict, match="today already"):
        actions.remind(issue=cast.issue, by=cast.people["admin"], now=NINE + HOUR)
    Issue.objects.filter(pk=cast.issue.pk).update(owner=ExecutiveFactory())
    with pytest.raises(Conflict, match="changed hands"):
        actions.remind(issue=cast.issue, by=cast.people["admin"], now=NINE + HOUR)


# --- On the pages ---


@pytest.fixture
def frozen():
    with freeze_time(NINE):
        yield


def test_from_the_list(client, cast, ravi, frozen):
    client.force_login(cast.people["coordinator"])
    page = client.get("/issues/bulk/remind/?all=yes&back=")
    assert "Nobody twice a day" in page.content.decode().replace("\n", " ")

    response = client.post("/issues/bulk/remind/", {"numbers": page.context["numbers"]}, follow=True)
    assert "2 owners reminded of 3 issues" in response.content.decode()

    again = client.post("/issues/bulk/remind/", {"numbers": page.context["numbers"]})
    assert again.status_code == 409
    assert "was reminded by hand today already" in again.content.decode()
    assert IssueEvent.objects.count() == 3


def test_from_the_issue(client, cast, frozen):
    client.force_login(cast.people["coordinator"])
    address = f"/issues/{cast.issue.pk}/remind/"
    assert address in client.get(f"/issues/{cast.issue.pk}/").content.decode()
    assert "Ask Anneke where it stands?" in client.get(address).content.decode()
    assert client.post(address, {"words": "", "version": cast.issue.version}).status_code == 302
    html = client.get(f"/issues/{cast.issue.pk}/").content.decode()
    assert "reminded Anneke Vos" in html
    client.force_login(cast.people["owner"])
    assert client.get(address).status_code == 404
