"""Files of an issue: who adds, reads and takes off which; hostile ones over the page itself; what is kept and how it is
served."""

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from freezegun import freeze_time

from issues import actions
from issues.attachments.actions import MOST_FILES, attach, detach
from issues.attachments.errors import Unfit
from issues.errors import Conflict, NotAllowed, WrongState
from issues.models import Attachment, EventKind, Issue, IssueEvent
from tests.factories import NINE, ExecutiveFactory
from tests.issues.conftest import LATER, in_state
from tests.issues.hostile import HONEST, HOSTILE, pdf, png

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    options = {**settings.STORAGES["default"]["OPTIONS"], "location": str(tmp_path)}
    settings.STORAGES = settings.STORAGES | {"default": {**settings.STORAGES["default"], "OPTIONS": options}}
    with freeze_time(LATER):
        yield tmp_path


def kept(store):
    return [path for path in store.rglob("*") if path.is_file()]


def add(cast, role="owner", data=b"words", name="notes.txt", **fields):
    user = cast.people[role]
    return attach(
        issue=cast.issue, file=io.BytesIO(data), name=name, by=user, now=NINE, **{"host_reads": False} | fields
    )


@pytest.fixture
def send(client, cast):
    def send(role, name="notes.txt", data=b"words", **fields):
        client.force_login(cast.people[role])
        file = SimpleUploadedFile(name, data, content_type="text/html")
        return client.post(f"/issues/{cast.issue.pk}/files/", {"file": file} | fields)

    return send


def status_of(response):
    """Its status, once a file it streams is read and closed."""
    if response.streaming:
        list(response.streaming_content)
    return response.status_code


def url(attachment):
    return f"/issues/{attachment.issue_id}/files/{attachment.pk}/"


# --- Adding ---

CARRY = {"owner", "assistant", "host", "admin", "coordinator"}


def test_who_adds_a_file(send, cast, store):
    for number, role in enumerate(cast.people):
        status = send(role, data=f"words {number}".encode()).status_code
        assert status == (302 if role in CARRY else 404), role
    assert Attachment.objects.count() == len(CARRY) == len(kept(store))


def test_a_counterpart_adds_one_as_long_as_they_are_asked(client, send, cast):
    peer = ExecutiveFactory().user
    cast.people["peer"] = peer
    assert send("peer").status_code == 404
    actions.ask_counterpart(issue=cast.issue, person=peer, request="Look.", by=cast.people["owner"], now=NINE)
    assert send("peer").status_code == 302
    actions.decline_counterpart(issue=cast.issue, reason="No.", by=peer, now=NINE)
    assert send("peer", data=b"more").status_code == 404


def test_it_is_kept_under_no_name_of_theirs_and_on_record(send, cast, store):
    send("assistant", "../../Plan.exe.PDF", pdf(), host_reads="on")

    attachment = Attachment.objects.get()
    assert (attachment.name, attachment.content_type, attachment.size) == (
        "Plan_exe.PDF", "application/pdf", len(pdf()),
    )  # fmt: skip
    (path,) = kept(store)
    assert path.name == str(attachment.pk)
    assert path.stat().st_mode & 0o777 == 0o600
    event = IssueEvent.objects.get()
    assert (event.kind, event.by, event.on_behalf_of) == (
        EventKind.ATTACHED, cast.people["assistant"], cast.people["owner"],
    )  # fmt: skip
    assert event.after == {"attachment": str(attachment.pk)}
    assert Issue.objects.get(pk=cast.issue.pk).version == 0


def test_a_name_without_an_ending_gets_one(cast):
    assert add(cast, data=png(), name="photo").name == "photo.png"


def test_what_the_host_adds_the_host_reads(cast):
    assert add(cast, "host").host_reads
    assert not add(cast, "coordinator", data=b"more").host_reads


@pytest.mark.once
@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files_are_refused_beside_the_field(send, cast, store, what):
    """Given any hostile file; when it is posted; then the page says why, and nothing is kept or on record."""
    name, data = HOSTILE[what]
    response = send("owner", name, data)
    assert response.status_code == 422
    assert "One thing to put right" in response.content.decode()
    assert not kept(store)
    assert not Attachment.objects.exists()
    assert not IssueEvent.objects.exists()


@pytest.mark.parametrize("name", HONEST)
def test_honest_files_come_back_as_they_were(client, send, name):
    data, content_type = HONEST[name]
    assert send("owner", name, data).status_code == 302
    response = client.get(url(Attachment.objects.get()))
    assert b"".join(response.streaming_content) == data
    assert response.headers["Content-Type"].split(";")[0] == content_type


def test_a_form_without_a_file_is_refused(client, cast):
    client.force_login(cast.people["owner"])
    response = client.post(f"/issues/{cast.issue.pk}/files/", {"host_reads": "on"})
    assert response.status_code == 422
    assert "Choose a file." in response.content.decode()
    assert client.post(f"/issues/{cast.issue.pk}/files/", {"file": "words"}).status_code == 422


def test_the_same_file_twice_and_a_twenty_first_are_refused(cast, store):
    first = add(cast)
    with pytest.raises(Unfit, match="here already"):
        add(cast, "host")
    for number in range(MOST_FILES - 1):
        add(cast, data=f"file {number}".encode())
    with pytest.raises(Unfit, match="20 files"):
        add(cast, data=b"one more")
    detach(attachment=first, by=cast.people["owner"], now=NINE)
    add(cast, data=b"one more")
    assert len(kept(store)) == MOST_FILES + 1


@pytest.mark.parametrize("state", ["withdrawn", "merged"])
def test_a_closed_issue_takes_no_more(send, cast, store, state):
    in_state(cast.issue, state)
    with pytest.raises(WrongState):
        add(cast)
    assert send("owner").status_code == 409
    assert not kept(store)


def test_a_stranger_cannot_even_try(cast, store):
    with pytest.raises(NotAllowed):
        add(cast, "another executive")
    assert not kept(store)


def test_a_record_that_fails_leaves_no_file(cast, store, monkeypatch):
    monkeypatch.setattr(IssueEvent.objects, "create", lambda **fields: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        add(cast)
    assert not kept(store)
    assert not Attachment.objects.exists()


# --- Reading ---


@pytest.mark.parametrize(
    ("role", "for_host", "inside"),
    [("owner", 200, 200), ("assistant", 200, 200), ("coordinator", 200, 200), ("sponsor", 200, 200), ("host", 200, 404),
     ("executive who was there", 200, 200), ("another host", 404, 404), ("coordinator elsewhere", 404, 404),
     ("another executive", 404, 404)],
)  # fmt: skip
def test_who_reads_which(client, cast, role, for_host, inside):
    files = [add(cast, host_reads=True), add(cast, data=b"inside only", name="inside.txt")]
    client.force_login(cast.people[role])
    statuses = [status_of(client.get(url(one))) for one in files]
    assert statuses == [for_host, inside]
    page = client.get(cast.issue.get_absolute_url())
    if page.status_code == 200:
        assert ("inside.txt" in page.content.decode()) is (inside == 200)


def test_signed_out_people_are_sent_to_sign_in(client, cast):
    assert client.get(url(add(cast, host_reads=True))).status_code == 302


def test_no_browser_shows_it_guesses_at_it_or_keeps_it(client, cast):
    attachment = add(cast, data=png(), name='Größe "2".png', host_reads=True)
    client.force_login(cast.people["host"])
    response = client.get(url(attachment))
    headers = response.headers

    assert status_of(response) == 200
    assert headers["Content-Disposition"] == "attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe%202.png"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_another_issues_number_opens_nothing(client, cast):
    attachment = add(cast)
    client.force_login(cast.people["admin"])
    assert client.get(f"/issues/{cast.issue.pk + 1}/files/{attachment.pk}/").status_code == 404


def test_a_file_that_is_lost_is_404(client, cast, store, caplog):
    attachment = add(cast)
    kept(store)[0].unlink()
    client.force_login(cast.people["owner"])
    assert client.get(url(attachment)).status_code == 404
    assert "is not in the store" in caplog.text


def test_no_address_of_static_files_leads_to_it(client, cast, settings, store):
    add(cast)
    place = kept(store)[0].relative_to(store)
    for prefix in ("/static/", "/media/", "/private/", "/"):
        assert client.get(f"{prefix}{place}").status_code == 404
    assert not Path(settings.STATIC_ROOT).is_relative_to(store)
    assert settings.MEDIA_URL in ("", "/")


# --- Taking off ---


def test_who_takes_off_which(client, cast):
    for role, status in [("another host", 404), ("sponsor", 404), ("executive who was there", 404), ("host", 404),
                         ("owner", 302)]:  # fmt: skip
        attachment = Attachment.objects.first() or add(cast, host_reads=True)
        client.force_login(cast.people[role])
        assert client.post(f"{url(attachment)}take-off/").status_code == status, role
    own = add(cast, "host", data=b"mine")
    client.force_login(cast.people["host"])
    assert client.post(f"{url(own)}take-off/").status_code == 302


def test_what_was_taken_off_stays_on_record_and_is_read_no_more(client, cast, store):
    attachment = add(cast, name="plan.txt")
    client.force_login(cast.people["owner"])
    assert client.get(f"{url(attachment)}take-off/").status_code == 405

    detach(attachment=attachment, by=cast.people["coordinator"], now=LATER)

    attachment.refresh_from_db()
    assert (attachment.removed_at, attachment.removed_by) == (LATER, cast.people["coordinator"])
    assert client.get(url(attachment)).status_code == 404
    html = client.get(cast.issue.get_absolute_url()).content.decode()
    assert "removed a file, plan.txt" in html
    assert url(attachment) not in html
    assert len(kept(store)) == 1
    with pytest.raises(Conflict):
        detach(attachment=attachment, by=cast.people["owner"], now=LATER)
    assert client.post(f"{url(attachment)}take-off/").status_code == 404


def test_the_history_mentions_to_hosts_only_files_they_read(client, cast):
    add(cast, host_reads=True, name="for maya.txt")
    add(cast, data=b"inside", name="inside.txt")
    client.force_login(cast.people["host"])
    html = client.get(cast.issue.get_absolute_url()).content.decode()
    assert html.count("added a file") == 1
    assert "for maya.txt" in html
    assert "inside.txt" not in html
