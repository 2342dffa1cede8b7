"""What the issue's page asks whom, how its history reads, whom it names, and what happens when two act at once."""

import io
from datetime import timedelta

import pytest
from freezegun import freeze_time

from issues import actions, page
from issues.attachments.actions import attach
from issues.models import EventKind, Issue, IssueUpdate
from issues.timeline import between, events_of, timeline
from issues.timeline.words import LOOKS
from notifications import outbox
from tests.factories import (
    NINE,
    BusinessUnitFactory,
    CategoryFactory,
    ExecutiveFactory,
    FloorNoteFactory,
    HostFactory,
    IssueFactory,
    UserFactory,
)
from tests.issues.conftest import LATER, TODAY, in_state

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}}
    }
    with freeze_time(LATER) as clock:
        yield clock


@pytest.fixture
def get(client, cast):
    def get(user, query=""):
        client.force_login(cast.people.get(user, user) if isinstance(user, str) else user)
        return client.get(cast.issue.get_absolute_url() + query).content.decode()

    return get


@pytest.fixture
def peer(cast):
    unit = BusinessUnitFactory(name="Customer systems")
    return ExecutiveFactory(user__name="Ravi Iyer", business_unit=unit, assistant=UserFactory(name="Amy Aide")).user


def test_the_page_has_what_it_says_of_the_visit_without_asking(cast, django_assert_num_queries):
    user, visit = cast.people["owner"], cast.issue.origin_visit
    issue = page.seen(user).get(pk=cast.issue.pk)
    page.Page(issue, user, TODAY)

    with django_assert_num_queries(0):
        assert (issue.origin_visit.pk, issue.origin_visit.uuid) == (visit.pk, visit.uuid)
        assert issue.origin_visit.date == visit.date
    assert issue.origin_visit.state == visit.state  # what was not looked up is asked for


def lines(cast, role, **kwargs):
    """What a person reads in the history: (who, what), newest first."""
    issue = Issue.objects.for_page().get(pk=cast.issue.pk)
    entries = timeline(issue, cast.people[role], TODAY, events_of(issue), issue.attachments.all())
    return [(entry.who, entry.what) for entry in entries if entry.group != "messages"]


def ask(cast, peer, **fields):
    words = {"person": peer, "request": "Take the paper form out."} | fields
    return actions.ask_counterpart(issue=cast.issue, by=cast.people["owner"], now=NINE, **words)


def offer(cast, peer):
    return actions.offer_handover(
        issue=cast.issue, to=peer.executive, reason="It is his system.", by=cast.people["owner"], now=NINE
    )


# --- The question at the head ---


def test_the_one_who_is_offered_it_is_asked(cast, peer, get):
    offer(cast, peer)
    html = get(peer)
    for words in ("Make this issue yours?", "Anneke Vos offers it to you", "It is his system.", "Accept: it is mine now",
                  "/handover/accept/", "/handover/decline/"):  # fmt: skip
        assert words in html
    assert "Make this issue yours?" not in get("owner")
    assert "Make this issue yours?" not in get(peer.executive.assistant)


def test_a_counterpart_and_their_assistant_are_asked(cast, peer, get):
    ask(cast, peer)
    assert "Anneke Vos asks you" in get(peer)
    assert "Anneke Vos asks Ravi Iyer" in get(peer.executive.assistant)
    html = get("owner")
    assert "Work on this too?" not in html
    assert "no answer yet" in html


def test_the_coordinator_is_asked_who_owns_a_leavers_issue(cast, get):
    cast.people["owner"].is_active = False
    cast.people["owner"].save()
    html = get("coordinator")
    assert "Who is to own it now?" in html
    assert "Anneke Vos has left" in html
    assert "Who is to own it now?" not in get("host")


def test_the_coordinator_is_asked_for_a_withdrawal(cast, get):
    actions.ask_withdrawal(issue=cast.issue, reason="The product ends.", by=cast.people["owner"], now=NINE)
    html = get("coordinator")
    assert "Anneke Vos asks for it" in html
    assert "The product ends." in html
    assert "The product ends." not in get("host")


def test_the_host_is_asked_whether_it_still_holds(cast, delivered, get, frozen):
    actions.confirm(issue=delivered.issue, by=cast.people["host"], now=NINE)
    assert "still hold" not in get("host")
    frozen.move_to(NINE + timedelta(days=31))
    html = get("host")
    assert "Does it still hold on your floor?" in html
    assert 'name="holds" value="yes"' in html
    assert "Does it still hold on your floor?" not in get("owner")


def test_a_yes_to_the_check_is_one_press(client, cast, delivered, frozen):
    issue = actions.confirm(issue=delivered.issue, by=cast.people["host"], now=NINE)
    frozen.move_to(NINE + timedelta(days=31))
    client.force_login(cast.people["host"])
    data = {"holds": "yes", "version": issue.version}
    assert client.post(f"/issues/{issue.pk}/check/", data).status_code == 302
    assert "Does it still hold on your floor?" not in client.get(issue.get_absolute_url()).content.decode()


def test_one_filled_button_whoever_is_asked_what(cast, peer, get):
    """Given an assistant of the owner and of a counterpart; then the question is filled, the update form is not."""
    peer.executive.assistant = cast.people["assistant"]
    peer.executive.save()
    ask(cast, peer)
    html = get("assistant")
    assert "Post update" in html
    assert html.count("btn-primary") == 1


# --- How the history reads ---


def test_every_kind_of_event_has_words(cast):
    assert set(LOOKS) == set(EventKind)


def test_handovers_and_counterparts_are_told_with_names(cast, peer):
    ask(cast, peer)
    actions.accept_counterpart(issue=cast.issue, by=peer.executive.assistant, now=NINE + timedelta(minutes=2))
    offer(cast, peer)
    actions.accept_handover(issue=cast.issue, by=peer, now=NINE + timedelta(minutes=4))

    assert lines(cast, "coordinator") == [
        ("Ravi Iyer", "took it over from Anneke Vos"),
        ("Amy Aide for Ravi Iyer", "accepted to work on it too"),
        (
            "Anneke Vos",
            "asked Ravi Iyer to work on it too. “Take the paper form out.”; offered it to Ravi Iyer. “It is his system.”",
        ),
    ]


def test_the_host_reads_who_but_not_the_reasons_among_executives(cast, peer):
    ask(cast, peer)
    actions.decline_counterpart(issue=cast.issue, reason="No time at all.", by=peer, now=LATER)
    assert lines(cast, "host") == [
        ("Ravi Iyer", "declined to work on it"),
        ("Anneke Vos", "asked Ravi Iyer to work on it too"),
    ]


def test_details_are_told_from_and_to(cast):
    old, new = CategoryFactory(name="system"), CategoryFactory(name="policy")
    details = {"title": "SIM swap", "obstacle": "Paper.", "by": cast.people["owner"]}
    actions.change_details(issue=cast.issue, category=old, **details, now=NINE)
    actions.change_details(issue=cast.issue, category=new, **details, now=LATER)

    newest, oldest = lines(cast, "owner")

    assert newest == ("Anneke Vos", "put the details right. Category system to policy")
    assert "Title “SIM swap needs three systems” to “SIM swap”. Category workflow to system" in oldest[1]


def test_a_moved_target_and_a_block_are_told(cast):
    actions.post_update(
        issue=cast.issue, text="Legal.", blocked=True, target_date=TODAY + timedelta(days=90), reason="Test data is late.",
        by=cast.people["assistant"], now=NINE,
    )  # fmt: skip
    (line,) = lines(cast, "host")
    told = "posted an update, Maya can read it. Target 30\xa0Apr to 30\xa0May. State open to in progress. It is stuck. "
    assert line == ("Asha Assistant for Anneke Vos", f"{told}“Test data is late.”")


def test_what_one_person_changed_within_a_minute_is_one_line(cast):
    owner, seconds = cast.people["owner"], timedelta(seconds=1)
    actions.start(issue=cast.issue, by=owner, now=NINE)
    actions.hold(issue=cast.issue, until=TODAY + timedelta(days=9), reason="Moving.", by=owner, now=NINE + seconds)
    actions.resume(issue=cast.issue, by=owner, now=NINE + timedelta(minutes=1))

    assert [what.split(".")[0] for _who, what in lines(cast, "owner")] == ["took it off hold", "began to work on it"]
    assert "; put it on hold" in lines(cast, "owner")[1][1]


def test_messages_say_to_whom_and_whether_they_went_out(cast, get):
    for role in ("owner", "line manager"):
        outbox.tell(
            kind="issues.update_due", recipient=cast.people[role], subject=cast.issue.subject, anchor=TODAY,
            site_id=cast.site.pk, now=NINE,
        )  # fmt: skip
    html = get("owner", "?show=messages")
    assert "update due, to " in html
    assert "Helga Strand" in html.split("update due, to ")[1][:60]
    assert html.count("event-mark") == 1


def test_marks_are_shown_and_nothing_else(cast, get):
    words = "**Done**: [plan](https://floor.example/)\n\n- one\n- <img src=x>"
    actions.post_update(issue=cast.issue, text=words, by=cast.people["owner"], now=NINE)
    html = get("host")
    assert '<strong>Done</strong>: <a href="https://floor.example/" rel="nofollow noopener">plan</a>' in html
    assert "<li>&lt;img src=x&gt;</li>" in html


# --- Who has to do with it, where it comes from ---


def test_people_are_named_with_their_part(cast, peer, get):
    ask(cast, peer)
    offered = ExecutiveFactory(user__name="Omar Lindgren").user
    offer(cast, offered)
    actions.watch(issue=cast.issue, by=cast.people["sponsor"], now=NINE)

    html = get("owner")
    for words in ("Ravi Iyer", "Customer systems", "Omar Lindgren", "Helga Strand", "Asha Assistant", "Offered to"):
        assert words in html
    host = get("host")
    assert "Ravi Iyer" in host
    assert "Omar Lindgren" not in host.split("What happened")[0] + host.split("What stands in the way")[1]
    assert "Helga Strand" not in host


def test_following_is_one_press_and_counted(client, cast, get):
    html = get("sponsor")
    assert "Follow it" in html
    assert "<span>nobody</span>" in html
    client.post(f"/issues/{cast.issue.pk}/watch/")
    html = get("sponsor")
    assert "Follow it no longer" in html
    assert "1 person" in html
    assert "Follow it" not in get("host")


def test_it_says_which_silos_it_crosses_and_what_came_before(cast, get):
    cast.issue.raised_in.business_unit = BusinessUnitFactory(name="Retail")
    cast.issue.raised_in.save()
    earlier = IssueFactory(origin_visit=cast.visit, title="SIM swap by fax")
    Issue.objects.filter(pk=cast.issue.pk).update(
        earlier=earlier, owning_unit=BusinessUnitFactory(name="IT"), category=CategoryFactory(name="system")
    )
    FloorNoteFactory(visit=cast.visit)

    html = get("owner")

    assert "System, crosses Retail and IT." in html
    assert f'<a href="{earlier.get_absolute_url()}">{earlier.pk} SIM swap by fax</a>' in html
    assert "Floor notes</dt><dd>1</dd>" in html


# --- Two at once ---


def test_who_was_slower_is_told_who_did_what_and_can_send_it_again(client, cast):
    """Given the owner's page; when the assistant posts and the host writes first; then the owner reads both, and what
    was typed goes out with the second press."""
    typed = {"text": "In test with two colleagues.", "host_reads": "on", "version": "0"}
    actions.post_update(issue=cast.issue, text="The **form** is gone.", by=cast.people["assistant"], now=NINE)
    actions.host_write(issue=cast.issue, words="Eleven by paper.", by=cast.people["host"], now=LATER)
    client.force_login(cast.people["owner"])

    response = client.post(f"/issues/{cast.issue.pk}/update/", typed)

    html = response.content.decode()
    assert response.status_code == 409
    between_words = html.split("In the meantime:")[1].split("What you typed")[0]
    assert "Asha Assistant for Anneke Vos</b> posted an update" in between_words
    assert "The form is gone." in between_words
    assert between_words.index("Eleven by paper.") < between_words.index("The form is gone.")
    assert typed["text"] in html
    assert client.post(f"/issues/{cast.issue.pk}/update/", typed | {"version": "2"}).status_code == 302
    assert IssueUpdate.objects.count() == 3


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
@pytest.mark.parametrize("state", ["merged", "withdrawn"])
def test_an_update_of_an_issue_closed_meanwhile_is_shown_to_who_typed_it(client, cast, state, headers):
    version = cast.issue.version
    in_state(cast.issue, state)
    client.force_login(cast.people["owner"])
    typed = {"text": "Legal signed on Friday.", "host_reads": "on", "version": version}
    response = client.post(f"/issues/{cast.issue.pk}/update/", typed, headers=headers)

    html = response.content.decode()
    assert response.status_code == 409
    assert "This came too late, and nothing was posted." in html
    assert "Legal signed on Friday." in html


def test_a_verbs_own_page_says_it_too(client, cast):
    actions.start(issue=cast.issue, by=cast.people["assistant"], now=NINE)
    client.force_login(cast.people["owner"])
    data = {"text": "One screen.", "impact": "Minutes.", "version": "0"}

    response = client.post(f"/issues/{cast.issue.pk}/deliver/", data)

    html = response.content.decode()
    assert response.status_code == 409
    assert "Asha Assistant for Anneke Vos</b> began to work on it" in html
    assert "One screen." in html
    assert client.post(f"/issues/{cast.issue.pk}/deliver/", data | {"version": "1"}).status_code == 302


def test_a_file_in_between_is_no_conflict(client, cast):
    attach(issue=cast.issue, file=io.BytesIO(b"x"), name="x.txt", host_reads=True, by=cast.people["host"], now=NINE)
    client.force_login(cast.people["owner"])
    data = {"text": "In test.", "host_reads": "on", "version": "0"}
    assert client.post(f"/issues/{cast.issue.pk}/update/", data).status_code == 302


@pytest.mark.parametrize("version", ["9" * 5000, "²", "-1", ""])
def test_a_version_nobody_sent_honestly_is_refused_like_a_wrong_one(client, cast, version):
    client.force_login(cast.people["owner"])
    data = {"text": "In test.", "version": version}
    assert client.post(f"/issues/{cast.issue.pk}/deliver/", data).status_code == 422  # without what it changes
    assert client.post(f"/issues/{cast.issue.pk}/hold/", data).status_code == 422


@pytest.mark.parametrize("version", [None, 0, -3, 99])
def test_without_a_version_of_before_nothing_was_missed(cast, version):
    assert between(cast.issue, version, cast.people["owner"], TODAY) == []


def test_a_coordinators_menu_says_in_whose_place_they_speak(get, cast, delivered):
    html = get("coordinator")
    for words in ("Confirm in the host’s place", "Say “not yet” in the host’s place", "Write in the host’s place",
                  "Put the details right"):  # fmt: skip
        assert words in html


# --- What it costs ---


def test_the_fullest_page_takes_twelve_queries(client, cast, delivered, peer, frozen, django_assert_max_num_queries):
    """Given a confirmed issue with everything on it, due for its check; when its coordinator looks; then twelve."""
    attach(issue=cast.issue, file=io.BytesIO(b"x"), name="x.txt", host_reads=True, by=cast.people["owner"], now=NINE)
    actions.watch(issue=cast.issue, by=cast.people["coordinator"], now=NINE)
    other = HostFactory(team=cast.host.team)
    ask(cast, peer)
    ask(cast, other.user)
    offer(cast, peer)
    actions.decline_handover(issue=cast.issue, reason="Not mine.", by=peer, now=NINE)
    actions.confirm(issue=delivered.issue, by=cast.people["host"], now=NINE)
    frozen.move_to(NINE + timedelta(days=31))
    for role in ("coordinator", "owner", "host", "executive who was there"):
        client.force_login(cast.people[role])
        client.get(cast.issue.get_absolute_url())
        with django_assert_max_num_queries(12):
            html = client.get(cast.issue.get_absolute_url()).content.decode()
        assert "x.txt" in html
