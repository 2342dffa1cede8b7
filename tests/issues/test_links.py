"""One-click links: for exactly this issue and person, until they expire; a GET never acts."""

from datetime import timedelta

import pytest
from django.test import Client
from freezegun import freeze_time

from issues import actions
from issues.models import Issue, IssueEvent, IssueState
from notifications.links import make_link
from people.models import Executive
from tests.factories import NINE, ExecutiveFactory, IssueFactory
from tests.issues.conftest import LATER, in_state

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen():
    with freeze_time(LATER) as clock:
        yield clock


def link(cast, role, purpose="issues.update", issue=None):
    behalf = cast.people["owner"] if role == "assistant" else None
    subject = (issue or cast.issue).subject
    address = make_link(purpose=purpose, subject=subject, user=cast.people[role], now=LATER, on_behalf_of=behalf)
    return address.removeprefix("http://testserver")


@pytest.fixture
def strict():
    """A browser that is signed in nowhere, with the check against forged posts on."""
    return Client(enforce_csrf_checks=True)


ANSWERS = {
    "moved": ({"text": "In test.", "host_reads": "on"}, IssueState.IN_PROGRESS),
    "stuck": ({"text": "Legal is away. A deputy would help."}, IssueState.IN_PROGRESS),
    "date": ({"answer": "moved", "target_date": "2027-06-01", "text": "Test data is late."}, IssueState.IN_PROGRESS),
    "delivered": ({"text": "One screen.", "impact": "Minutes."}, IssueState.DELIVERED),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_get_shows_the_answer_filled_in_and_changes_nothing(client, cast, answer):
    address = link(cast, "owner")
    for _ in range(2):
        response = client.get(f"{address}?answer={answer}")

    html = response.content.decode()
    assert response.status_code == 200
    assert cast.issue.promise in html
    chosen = "moved" if answer == "date" else answer
    assert f'value="{chosen}" checked' in html
    assert ('<details class="update-more" open>' in html) is (answer == "date")
    assert Issue.objects.get(pk=cast.issue.pk).version == 0
    assert not IssueEvent.objects.exists()


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("role", ["owner", "assistant"])
def test_a_post_acts_for_the_person_of_the_link(client, cast, answer, role):
    data, state = ANSWERS[answer]

    response = client.post(f"{link(cast, role)}?answer={answer}", data, follow=True)

    assert response.status_code == 200
    issue = Issue.objects.get(pk=cast.issue.pk)
    assert issue.state == state
    assert issue.blocked is (answer == "stuck")
    event = IssueEvent.objects.get()
    assert event.by == cast.people[role]
    assert event.on_behalf_of == (cast.people["owner"] if role == "assistant" else None)


def test_the_date_answer_moves_the_target(client, cast):
    client.post(f"{link(cast, 'owner')}?answer=date", ANSWERS["date"][0])

    issue = Issue.objects.get(pk=cast.issue.pk)
    assert str(issue.target_date) == "2027-06-01"
    assert issue.updates.get().text == "Test data is late."


def test_the_form_names_who_answers_for_whom(client, cast):
    assert "You answer as Anneke Vos." in client.get(link(cast, "owner")).content.decode()
    html = client.get(link(cast, "assistant")).content.decode()
    assert "You answer as Asha Assistant for Anneke Vos." in html


def test_the_next_date_and_what_the_host_reads_are_kept(client, cast):
    data = {"answer": "stuck", "text": "Legal is away.", "next_update_due": "2027-03-05"}
    client.post(link(cast, "owner"), data)

    issue = Issue.objects.get(pk=cast.issue.pk)
    assert (issue.blocked, str(issue.next_update_due), issue.updates.get().host_reads) == (True, "2027-03-05", False)


def test_done_says_what_it_changes_and_asks_the_host(client, cast):
    data = {"answer": "delivered", "text": "One screen.", "impact": "Minutes.", "next_update_due": "2027-03-05"}
    response = client.post(link(cast, "owner"), data, follow=True)

    assert "Maya has been asked" in response.content.decode()
    issue = Issue.objects.get(pk=cast.issue.pk)
    assert (issue.state, issue.impact) == ("delivered", "Minutes.")


def test_a_link_can_be_used_again_until_it_expires(client, cast):
    address = link(cast, "owner")
    assert client.post(address, {"answer": "moved", "text": "In test."}).status_code == 302
    assert client.post(address, {"answer": "stuck", "text": "Legal."}).status_code == 302
    assert Issue.objects.get(pk=cast.issue.pk).updates.count() == 2


def test_who_was_slower_is_told_what_happened_and_can_send_it_again(client, cast):
    """Given the form open at the assistant's; when the owner posts first; then nothing is lost on either side."""
    address = link(cast, "assistant")
    actions.post_update(issue=cast.issue, text="The form is gone.", by=cast.people["owner"], now=NINE)

    response = client.post(address, {"answer": "moved", "text": "In test.", "version": "0"})

    html = response.content.decode()
    assert response.status_code == 409
    assert "Anneke Vos</b> posted an update" in html
    assert "The form is gone." in html
    assert "In test." in html
    assert 'name="version" value="1"' in html
    assert client.post(address, {"answer": "moved", "text": "In test.", "version": "1"}).status_code == 302


def test_a_link_to_a_shared_address_may_update(client, cast):
    owner = cast.people["owner"]
    owner.email, owner.contact_email = None, "office@example.com"
    owner.save()

    assert client.post(f"{link(cast, 'owner')}?answer=moved", ANSWERS["moved"][0]).status_code == 302
    assert IssueEvent.objects.exists()


@pytest.mark.parametrize(
    ("answer", "data", "status"),
    [
        ("moved", {"text": " "}, 422),
        ("date", {"answer": "moved", "target_date": "2027-06-01", "text": ""}, 422),
        ("date", {"answer": "moved", "target_date": "2026-06-01", "text": "x"}, 422),
        ("moved", {"text": "x", "next_update_due": "2027-03-02"}, 422),
        ("delivered", {"text": "x"}, 422),
        ("moved", {"text": "x", "version": "7"}, 409),
        ("nonsense", {}, 422),
    ],
)
def test_a_refused_answer_keeps_the_page_and_changes_nothing(client, cast, answer, data, status):
    response = client.post(f"{link(cast, 'owner')}?answer={answer}", data)

    assert response.status_code == status
    assert cast.issue.promise in response.content.decode()
    assert not IssueEvent.objects.exists()


def test_an_expired_link_is_gone(client, cast, frozen):
    address = link(cast, "owner")
    frozen.tick(timedelta(days=14, seconds=1))

    assert client.get(address).status_code == 410
    assert client.post(f"{address}?answer=moved", ANSWERS["moved"][0]).status_code == 410
    assert not IssueEvent.objects.exists()


def test_an_altered_link_is_gone(client, cast):
    address = link(cast, "owner")
    altered = "b" if address[-2] == "a" else "a"
    assert client.get(f"{address[:-2]}{altered}/").status_code in (404, 410)


def test_a_link_ends_when_the_issue_changes_hands(client, cast):
    address = link(cast, "owner")
    Issue.objects.filter(pk=cast.issue.pk).update(owner=ExecutiveFactory())

    assert client.get(address).status_code == 410
    assert client.post(f"{address}?answer=moved", ANSWERS["moved"][0]).status_code == 410


def test_a_link_ends_with_the_assistants_job(client, cast):
    address = link(cast, "assistant")
    Executive.objects.update(assistant=None)
    assert client.get(address).status_code == 410


def test_a_link_is_for_one_issue(client, cast):
    other = IssueFactory(origin_visit=cast.visit)
    client.post(f"{link(cast, 'owner', issue=other)}?answer=moved", ANSWERS["moved"][0])
    assert Issue.objects.get(pk=cast.issue.pk).version == 0


@pytest.mark.parametrize("subject", ["issue:999999", "issue:x", "visit:1"])
def test_a_link_to_nothing_is_gone(client, cast, subject):
    address = make_link(purpose="issues.update", subject=subject, user=cast.people["owner"], now=LATER)
    assert client.get(address.removeprefix("http://testserver")).status_code == 410


def test_a_closed_issue_leaves_nothing_to_do(client, cast):
    address = link(cast, "owner")
    in_state(cast.issue, "withdrawn")
    response = client.post(f"{address}?answer=moved", ANSWERS["moved"][0])
    assert response.status_code == 409
    assert "Nothing is left to do here" in response.content.decode()
    assert "In test." in response.content.decode(), "what was typed is not lost"
    assert not IssueEvent.objects.exists()


def test_the_link_of_a_merged_issue_says_where_it_goes_on(client, cast):
    merged = in_state(cast.issue, "merged")
    html = client.get(link(cast, "owner")).content.decode()
    assert f"It goes on as issue {merged.merged_into_id}." in html


def test_a_delivered_issue_offers_no_second_delivery(client, delivered):
    html = client.get(link(delivered, "owner")).content.decode()
    assert 'value="moved"' in html
    assert 'value="delivered"' not in html


def test_forged_posts_are_refused(strict, cast):
    address = link(cast, "owner")
    assert strict.post(f"{address}?answer=moved", ANSWERS["moved"][0]).status_code == 403
    token = strict.get(address).context["csrf_token"]
    assert (
        strict.post(f"{address}?answer=moved", ANSWERS["moved"][0] | {"csrfmiddlewaretoken": token}).status_code == 302
    )


# --- The host's word ---


def test_the_hosts_page_asks_one_question(client, delivered):
    html = client.get(link(delivered, "host", "issues.confirm")).content.decode()

    for words in ("Does it help on your floor?", "One screen, no paper, since Monday.", "Yes, it helps", "Not yet"):
        assert words in html
    assert Issue.objects.get(pk=delivered.issue.pk).state == IssueState.DELIVERED


def test_yes(client, delivered):
    response = client.post(link(delivered, "host", "issues.confirm"), {"answer": "yes"}, follow=True)

    assert "It is solved, because you say so" in response.content.decode()
    issue = Issue.objects.get(pk=delivered.issue.pk)
    assert (issue.state, issue.confirmed_by, issue.confirmed_in_place) == ("confirmed", delivered.people["host"], False)


def test_not_yet_asks_for_words_first(client, delivered):
    address = link(delivered, "host", "issues.confirm")
    assert "What is missing?" in client.get(f"{address}?answer=not_yet").content.decode()
    assert client.post(f"{address}?answer=not_yet", {"answer": "not_yet", "words": ""}).status_code == 422
    assert Issue.objects.get(pk=delivered.issue.pk).state == IssueState.DELIVERED

    response = client.post(
        f"{address}?answer=not_yet", {"answer": "not_yet", "words": "The form is there."}, follow=True
    )

    assert "Anneke reads it now" in response.content.decode()
    assert Issue.objects.get(pk=delivered.issue.pk).reopened


def test_who_cannot_say_writes_to_the_owner(client, delivered):
    address = link(delivered, "host", "issues.confirm")
    assert "A colleague of mine can." in client.get(f"{address}?answer=cannot_say").content.decode()

    data = {"answer": "cannot_say", "words": "Ask Hana, she works nights."}
    assert "Anneke reads it now" in client.post(address, data, follow=True).content.decode()
    issue = Issue.objects.get(pk=delivered.issue.pk)
    assert issue.state == IssueState.DELIVERED
    assert issue.updates.filter(by=delivered.people["host"]).get().text == "Ask Hana, she works nights."


def test_a_shared_address_cannot_give_the_hosts_word(client, delivered):
    host = delivered.people["host"]
    host.contact_email = "floor-desk@example.com"
    host.save()

    assert client.post(link(delivered, "host", "issues.confirm"), {"answer": "yes"}).status_code == 410
    assert Issue.objects.get(pk=delivered.issue.pk).state == IssueState.DELIVERED


def test_an_update_link_cannot_confirm(client, delivered):
    client.post(link(delivered, "owner"), {"answer": "yes"})
    assert Issue.objects.get(pk=delivered.issue.pk).state == IssueState.DELIVERED


@pytest.mark.parametrize("role", ["owner", "another host"])
def test_only_the_host_it_was_promised_to(client, delivered, role):
    assert client.post(link(delivered, role, "issues.confirm"), {"answer": "yes"}).status_code == 410


def test_an_answered_question_is_not_asked_again(client, delivered):
    address = link(delivered, "host", "issues.confirm")
    actions.confirm(issue=delivered.issue, by=delivered.people["host"], now=NINE)
    assert "Nothing is left to do here" in client.get(address).content.decode()
    late = client.post(address, {"answer": "not_yet", "words": "Not on Sundays."})
    assert late.status_code == 409
    assert "Not on Sundays." in late.content.decode()
    assert Issue.objects.get(pk=delivered.issue.pk).state == IssueState.CONFIRMED


def test_a_line_manager_reads_the_issue_without_a_sign_in_and_cannot_act(cast, client):
    actions.post_update(issue=cast.issue, text="The supplier has signed.", by=cast.people["owner"], now=LATER)
    path = link(cast, "line manager", "issues.read")

    page = client.get(path)
    assert page.status_code == 200
    assert "The supplier has signed." in page.content.decode()
    assert "<form" not in page.content.decode()
    assert client.post(path, {"text": "x"}).status_code == 200
    assert cast.issue.updates.count() == 1

    cast.executive.line_manager = None
    cast.executive.save()
    assert client.get(path).status_code == 410
