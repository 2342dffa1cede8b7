"""The page of one issue and the address of each verb: rights, 404, 409, 422, and what the page offers to whom."""

from datetime import timedelta

import pytest
from freezegun import freeze_time

from issues import actions
from issues.models import Issue, IssueEvent, IssueUpdate, TakeAwayWaiver
from notifications import outbox
from shadowing.models import Visit
from tests.factories import NINE, CategoryFactory, FloorNoteFactory, IssueFactory, VisitFactory
from tests.issues.conftest import LATER, TODAY, in_state

pytestmark = pytest.mark.django_db
VERBS = ["update", "start", "hold", "resume", "deliver", "confirm", "not-yet", "write", "change", "withdraw", "merge"]


@pytest.fixture(autouse=True, scope="module")
def frozen():
    with freeze_time(LATER):
        yield


@pytest.fixture
def get(client, cast):
    def get(role, path="", **extra):
        client.force_login(cast.people[role])
        return client.get(f"/issues/{cast.issue.pk}/{path}", **extra)

    return get


@pytest.fixture
def post(client, cast):
    def post(role, path, data=None, **extra):
        client.force_login(cast.people[role])
        return client.post(f"/issues/{cast.issue.pk}/{path}/", data or {}, **extra)

    return post


# --- The page ---


def test_the_page_says_what_was_promised_and_how_the_clocks_stand(get, cast):
    html = get("owner").content.decode()

    for words in ("SIM swap needs three systems", "Promised to Maya Rowntree, Billing Care in Leeds", cast.issue.promise,
                  "59 days left", "13 days left", "20 days left", "What has moved?", "Post update"):  # fmt: skip
        assert words in html


@pytest.mark.parametrize("role", ["coordinator elsewhere", "another executive", "another host", "line manager"])
def test_strangers_are_told_404(get, role):
    assert get(role).status_code == 404


def test_an_unknown_number_and_a_huge_one_are_404(client, cast):
    client.force_login(cast.people["admin"])
    assert client.get("/issues/999999/").status_code == 404
    assert client.get(f"/issues/{'9' * 30}/").status_code == 404


def test_signed_out_people_are_sent_to_sign_in(client, cast):
    assert client.get(cast.issue.get_absolute_url()).status_code == 302


@pytest.mark.parametrize("count", [1, 3, 50])
def test_the_page_costs_the_same_whatever_happened(client, cast, django_assert_max_num_queries, count):
    issue = cast.issue
    for number in range(count):
        issue = actions.post_update(issue=issue, text=f"Update {number}", by=cast.people["owner"], now=NINE)
    outbox.tell(
        kind="issues.not_yet", recipient=cast.people["owner"], subject=issue.subject, anchor=TODAY,
        site_id=cast.site.pk, now=LATER,
    )  # fmt: skip
    client.force_login(cast.people["coordinator"])
    client.get(issue.get_absolute_url())

    # session, person, roles, season in the masthead, issue, events, messages, when it began, floor notes
    with django_assert_max_num_queries(11):
        html = client.get(issue.get_absolute_url()).content.decode()

    assert "the host says not yet, to Anneke Vos" in html
    assert ("Show" in html and "earlier" in html) is (count == 50)


def test_everything_can_be_shown(client, cast):
    issue = cast.issue
    for number in range(30):
        issue = actions.post_update(issue=issue, text=f"Update {number}", by=cast.people["owner"], now=NINE)
    client.force_login(cast.people["owner"])

    assert "Update 0<" not in client.get(issue.get_absolute_url()).content.decode()
    assert "Update 0<" in client.get(issue.get_absolute_url() + "?earlier=1").content.decode()


def test_the_history_can_be_filtered(get, cast):
    actions.post_update(issue=cast.issue, text="In test.", by=cast.people["owner"], now=NINE)
    actions.hold(issue=cast.issue, until=TODAY + timedelta(days=9), reason="Moving.", by=cast.people["owner"], now=NINE)

    assert "In test." in get("owner", "?show=updates").content.decode()
    changes = get("owner", "?show=changes").content.decode()
    assert "In test." not in changes
    assert "put it on hold. State in progress to on hold. Until 10\xa0Mar. “Moving.”" in changes
    assert "In test." in get("owner", "?show=nonsense").content.decode()


def test_the_host_reads_only_what_was_written_for_them(get, cast):
    actions.post_update(issue=cast.issue, text="Legal is slow.", host_reads=False, by=cast.people["owner"], now=NINE)

    assert "Legal is slow." in get("owner").content.decode()
    assert "Legal is slow." in get("coordinator").content.decode()
    host = get("host").content.decode()
    assert "Legal is slow." not in host
    assert "posted an update, not for Maya" in host


@pytest.mark.parametrize("role", ["coordinator", "owner", "assistant", "sponsor", "host"])
def test_who_works_on_it_sees_which_messages_went_out_and_the_host_their_own(get, delivered, role):
    outbox.tell(
        kind="issues.not_yet", recipient=delivered.people["owner"], subject=delivered.issue.subject, anchor=TODAY,
        site_id=delivered.site.pk, now=LATER,
    )  # fmt: skip
    html = get(role).content.decode()
    assert "confirmation asked, to Maya Rowntree, waits to be sent" in html
    assert ("the host says not yet" in html) is (role != "host")


def test_others_see_no_messages(get, delivered):
    assert "confirmation asked" not in get("executive who was there").content.decode()


@pytest.mark.parametrize(
    ("role", "state", "offered", "not_offered"),
    [
        ("owner", "open", ["Post update", "Say it is delivered"], ["Yes, it helps", "Withdraw"]),
        ("owner", "on_hold", ["Take it off hold", "Post update"], ["Put on hold"]),
        ("owner", "confirmed", [], ["Post update", "Say it is delivered", "Yes, it helps"]),
        ("host", "delivered", ["Yes, it helps", "Not yet", "Write to Anneke"], ["Post update"]),
        ("host", "open", ["Write to Anneke"], ["Yes, it helps", "Post update"]),
        ("host", "confirmed", ["It does not hold"], ["Yes, it helps"]),
        ("coordinator", "delivered", ["Withdraw it", "Merge", "Confirm in the host’s place"], ["What has moved"]),
        ("sponsor", "open", [], ["Post update", "Withdraw", "Write to"]),
        ("executive who was there", "open", [], ["Post update", "Say it is delivered"]),
    ],
)
def test_each_role_finds_their_own_buttons(get, cast, role, state, offered, not_offered):
    in_state(cast.issue, state)
    html = get(role).content.decode()
    assert [words for words in offered if words not in html] == []
    assert [words for words in not_offered if words in html] == []


@pytest.mark.parametrize("state", ["open", "in_progress", "on_hold", "delivered", "confirmed", "withdrawn", "merged"])
def test_one_filled_button_at_most(get, cast, state):
    in_state(cast.issue, state)
    for role in ("owner", "host", "coordinator", "sponsor"):
        html = get(role).content.decode()
        assert html.count("btn-primary") + html.count("btn-host") <= 1, role


def test_reopened_and_stuck_are_shown(get, delivered):
    issue = actions.not_yet(issue=delivered.issue, words="The form is there.", by=delivered.people["host"], now=NINE)
    actions.post_update(issue=issue, text="Legal.", blocked=True, by=delivered.people["owner"], now=NINE)

    html = get("owner").content.decode()
    assert "Reopened" in html
    assert "Stuck" in html


def test_a_coordinator_who_spoke_for_the_host_is_named(get, delivered):
    delivered.host.user.is_active = False
    delivered.host.user.save()
    actions.confirm(issue=delivered.issue, by=delivered.people["coordinator"], now=NINE)

    html = get("owner").content.decode()
    assert "Confirmed by coordinator" in html
    assert "Ingrid Halloran for Maya Rowntree" in html


# --- Verbs ---


@pytest.mark.parametrize("role", ["coordinator elsewhere", "another executive", "another host", "sponsor"])
def test_no_verb_answers_a_stranger_or_a_reader(get, post, cast, role):
    for verb in VERBS:
        assert get(role, f"{verb}/").status_code == 404, verb
        assert post(role, verb, {"text": "x", "words": "x", "reason": "x"}).status_code == 404, verb
    assert not IssueEvent.objects.exists()


def test_a_verbs_page_says_what_follows_and_changes_nothing(get, cast):
    for verb in ("deliver", "hold", "withdraw", "merge", "change", "update"):
        response = get("coordinator", f"{verb}/")
        assert response.status_code == 200, verb
        assert cast.issue.promise in response.content.decode()
    assert not IssueEvent.objects.exists()


def test_a_verb_that_no_longer_fits_is_a_conflict(get, post, cast):
    in_state(cast.issue, "confirmed")
    assert get("owner", "deliver/").status_code == 409
    response = post("owner", "deliver", {"text": "One screen.", "impact": "Minutes."})
    assert response.status_code == 409
    assert "One screen." in response.content.decode()


def test_the_way_of_an_issue_through_its_pages(post, cast):
    steps = [
        ("owner", "start", {}, "in_progress"),
        ("assistant", "hold", {"until": "2027-03-20", "reason": "The supplier moves."}, "on_hold"),
        ("owner", "resume", {}, "in_progress"),
        ("owner", "deliver", {"text": "One screen.", "impact": "Minutes."}, "delivered"),
        ("host", "not-yet", {"words": "The form is there."}, "in_progress"),
        ("host", "write", {"words": "Eleven by paper."}, "in_progress"),
        ("owner", "change", {"title": "SIM swap", "obstacle": "Paper."}, "in_progress"),
        ("coordinator", "deliver", {"text": "Now.", "impact": "Minutes."}, "delivered"),
        ("host", "confirm", {}, "confirmed"),
    ]
    for role, verb, data, state in steps:
        response = post(role, verb, data)
        assert (response.status_code, response.url) == (302, cast.issue.get_absolute_url()), verb
        cast.issue.refresh_from_db()
        assert cast.issue.state == state, verb


@pytest.mark.parametrize(
    ("role", "verb", "data", "words"),
    [
        ("owner", "deliver", {"text": "", "impact": ""}, "2 things to put right"),
        ("owner", "hold", {"until": "2027-03-02", "reason": "x"}, "Choose a day after today"),
        ("owner", "hold", {"until": "never", "reason": "x"}, "One thing to put right"),
        ("coordinator", "merge", {"into": "999"}, "no issue with this number"),
        ("coordinator", "merge", {"into": "1"}, ""),
        ("coordinator", "withdraw", {"reason": " "}, "One thing to put right"),
        ("host", "write", {}, "One thing to put right"),
        ("owner", "change", {"title": "x" * 161}, "One thing to put right"),
    ],
)
def test_a_refused_form_is_422_and_changes_nothing(post, cast, role, verb, data, words):
    response = post(role, verb, data)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not IssueEvent.objects.exists()


def test_a_coordinator_who_is_too_early_is_told_so(post, delivered):
    response = post("coordinator", "confirm")
    assert response.status_code == 422
    assert "The host has the last word" in response.content.decode()


def test_withdraw_and_merge(post, cast):
    other = IssueFactory(origin_visit=cast.visit)
    assert post("coordinator", "merge", {"into": other.pk}).status_code == 302
    cast.issue = other
    assert post("coordinator", "withdraw", {"reason": "The product ends."}).status_code == 302
    assert set(Issue.objects.values_list("state", flat=True)) == {"merged", "withdrawn"}


def test_other_methods_are_refused(client, cast):
    client.force_login(cast.people["owner"])
    assert client.put(f"/issues/{cast.issue.pk}/deliver/").status_code == 405


# --- Updates ---

UPDATE = {"text": "In test with two colleagues.", "host_reads": "on", "version": "0"}


def test_an_update_without_javascript(post, cast):
    response = post("owner", "update", UPDATE, follow=True)

    html = response.content.decode()
    assert "Update posted" in html
    assert "In test with two colleagues." in html
    assert "What has moved since" in html


def test_an_update_with_htmx_swaps_only_what_changed(post, cast):
    response = post("owner", "update", UPDATE, headers={"HX-Request": "true"})

    html = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in html
    assert "In test with two colleagues." in html
    assert "14 days left" in html
    assert '<div id="issue-lead" hx-swap-oob="true">' in html
    assert "In progress" in html.split("issue-lead")[1]


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_refused_update_keeps_what_was_typed(post, cast, headers):
    response = post("owner", "update", UPDATE | {"target_date": "2027-06-01"}, headers=headers)

    html = response.content.decode()
    assert response.status_code == 422
    assert "Say why the target date moves" in html
    assert UPDATE["text"] in html
    assert not IssueUpdate.objects.exists()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_an_update_from_an_older_page_is_a_conflict(post, cast, headers):
    actions.post_update(issue=cast.issue, text="First.", by=cast.people["assistant"], now=NINE)

    response = post("owner", "update", UPDATE, headers=headers)

    html = response.content.decode()
    assert response.status_code == 409
    assert "Somebody was faster" in html
    assert UPDATE["text"] in html
    assert IssueUpdate.objects.count() == 1


def test_what_people_write_is_escaped(post, get, cast):
    post("owner", "update", UPDATE | {"text": "<script>alert(1)</script>"})
    assert b"<script>alert" not in get("owner").content


# --- Take-away ---


@pytest.fixture
def owing(cast):
    return VisitFactory(held=True, executive=cast.executive, host=cast.host, date=TODAY - timedelta(days=7))


TAKE = {
    "title": "Postcode twice",
    "promise": "Asked once by May.",
    "target_date": "2027-05-01",
    "obstacle": "Two screens.",
}


def test_the_form_knows_the_floor_notes(client, cast, owing):
    FloorNoteFactory(visit=owing, text="The postcode is asked twice.")
    FloorNoteFactory(visit=owing, text="Great patience.", kind="praise")
    client.force_login(cast.people["owner"])

    html = client.get(f"/issues/take-away/{owing.uuid}/").content.decode()

    assert html.count("The postcode is asked twice.") == 2
    assert html.count("Great patience.") == 1


@pytest.mark.parametrize("role", ["owner", "assistant", "coordinator", "admin"])
def test_taking_away(client, cast, owing, role):
    client.force_login(cast.people[role])
    data = TAKE | {"category": CategoryFactory(name="call script").pk}

    response = client.post(f"/issues/take-away/{owing.uuid}/", data)

    issue = owing.issues.get()
    assert response.url == issue.get_absolute_url()
    assert (issue.title, issue.category.name) == ("Postcode twice", "call script")


@pytest.mark.parametrize("role", ["host", "sponsor", "another executive", "coordinator elsewhere"])
def test_taking_away_is_not_for_others(client, cast, owing, role):
    client.force_login(cast.people[role])
    assert client.get(f"/issues/take-away/{owing.uuid}/").status_code == 404
    assert client.post(f"/issues/take-away/{owing.uuid}/", TAKE).status_code == 404
    assert not owing.issues.exists()


def test_a_refused_take_away_keeps_what_was_typed(client, cast, owing):
    client.force_login(cast.people["owner"])
    response = client.post(f"/issues/take-away/{owing.uuid}/", TAKE | {"target_date": "2027-01-01"})
    assert response.status_code == 422
    assert "Asked once by May." in response.content.decode()


def test_nothing_is_taken_away_from_a_visit_that_was_not_held(client, cast):
    visit = VisitFactory(confirmed=True, executive=cast.executive, date=TODAY + timedelta(days=3))
    client.force_login(cast.people["owner"])
    assert client.get(f"/issues/take-away/{visit.uuid}/").status_code == 409


def test_pressing_twice_takes_away_once(client, cast, owing):
    client.force_login(cast.people["owner"])
    answers = [client.post(f"/issues/take-away/{owing.uuid}/", TAKE).status_code for _ in range(2)]
    assert answers == [302, 409]
    assert owing.issues.count() == 1


def test_waiving(client, cast, owing):
    client.force_login(cast.people["coordinator"])
    address = f"/issues/take-away/{owing.uuid}/waive/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "The floor was closed."}).status_code == 302
    assert client.post(address, {"reason": "Again."}).status_code == 409
    assert TakeAwayWaiver.objects.get().visit == Visit.objects.get(pk=owing.pk)


def test_waiving_is_not_the_executives(client, cast, owing):
    client.force_login(cast.people["owner"])
    assert client.post(f"/issues/take-away/{owing.uuid}/waive/", {"reason": "x"}).status_code == 404
