"""The import on screen: file, columns, dry run, import; refusals, privacy, and what a coordinator of some sites may do."""

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile

from people.models import ColumnMapping, Executive, Host, RoleGrant, RosterImport, RosterUpload, User
from people.roster import uploads
from tests.factories import ExecutiveFactory, HostFactory, SiteFactory, TeamFactory, UserFactory
from tests.people.rosters import FOLDER, bring, counts, csv, rejected, remarks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private(monkeypatch, tmp_path):
    """Uploads lie in the test's own folder."""
    monkeypatch.setattr(RosterUpload._meta.get_field("file"), "storage", FileSystemStorage(tmp_path))
    return tmp_path


@pytest.fixture
def coordinator(client):
    user = UserFactory(name="Cora Dinator", role="coordinator")
    client.force_login(user)
    return user


def send(client, raw, kind="executives", **more):
    file = SimpleUploadedFile("people.csv", raw)
    return client.post("/people/import/", {"kind": kind, "file": file, **more})


def upload(client, raw, kind="executives", **more):
    answer = send(client, raw, kind, **more)
    assert answer.status_code == 302, answer.content.decode()
    return answer.url.removesuffix("columns/")


def fill(client, path, **changes):
    """The columns form as it stands, with changes."""
    form = client.get(path + "columns/").context["form"]
    data = {name: form[name].value() or "" for name in form.fields if form[name].value() not in (None, False)}
    return client.post(path + "columns/", data | changes)


def test_a_file_goes_through_four_steps(client, coordinator):
    raw = (FOLDER / "uk_passport-service_2011-09_senior.csv").read_bytes()
    path = upload(client, raw)
    page = client.get(path + "columns/").content.decode()
    assert "never read" in page
    assert "Salary Cost of Reports" in page

    assert fill(client, path).url == path + "dry-run/"
    assert not User.objects.exclude(pk=coordinator.pk).exists()
    page = client.get(path + "dry-run/").content.decode()
    assert "Sarah Rapson" in page
    assert "nobody in this post" in page
    page = client.get(path + "dry-run/?show=reject")
    assert len(page.context["page"].object_list) == 11

    done = client.post(path + "run/")
    assert Executive.objects.count() == 3
    page = client.get(done.url).content.decode()
    assert "3 added, 0 changed" in page
    assert not RosterUpload.objects.exists()


def test_the_file_is_deleted_when_done(client, coordinator, private, django_capture_on_commit_callbacks):
    path = upload(client, csv("Emp No,Name", "1,Ann Lee"))
    assert len([file for file in private.rglob("*") if file.is_file()]) == 1
    fill(client, path)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(path + "run/")

    assert not [file for file in private.rglob("*") if file.is_file()]


def test_the_mapping_is_kept_for_the_next_file_with_this_header(client, coordinator):
    raw = csv("Nr,Wer,Wo", "1,Ann Lee,Porto")
    path = upload(client, raw, kind="hosts")
    fill(
        client,
        path,
        employee_number="#1",
        name="#2",
        site="#3",
        where_column_1="#3",
        where_operator_1="~",
        where_value_1="por",
    )
    client.post(path + "run/")
    assert Host.objects.count() == ColumnMapping.objects.count() == 1

    again = upload(client, raw, kind="hosts")
    form = client.get(again + "columns/").context["form"]
    kept = {
        name: form[name].value()
        for name in ("employee_number", "name", "site", "where_column_1", "where_operator_1", "where_value_1")
    }
    assert list(kept.values()) == ["#1", "#2", "#3", "#3", "~", "por"]


def test_a_file_without_header_and_two_part_names(client, coordinator):
    path = upload(client, b"7|Ann|Lee\n8|Bo|Ray\n", kind="hosts", no_header="on")

    assert fill(client, path, employee_number="#1", name="#2", name_and="#3", site_for_all="porto").status_code == 302
    client.post(path + "run/")
    assert set(User.objects.filter(host__isnull=False).values_list("name", flat=True)) == {"Ann Lee", "Bo Ray"}


@pytest.mark.parametrize(
    ("raw", "words"), [(b"", "empty"), (b"%PDF-1.4", "PDF"), (b"\x00\x01\x02" * 99, "not text"), (b"a,b\n", "no rows")]
)
def test_files_that_cannot_be_read_are_told_so(client, coordinator, raw, words):
    answer = send(client, raw)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not RosterUpload.objects.exists()


def test_files_too_large_for_a_page_are_refused(client, coordinator, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_ROWS", 1)
    assert "import_roster" in send(client, csv("Emp No,Name", "1,A B", "2,C D")).content.decode()


def test_posts_are_refused_at_the_columns(client, coordinator):
    path = upload(client, (FOLDER / "uk_dvla_2011-09_junior.csv").read_bytes())
    answer = fill(client, path, name="#8", employee_number="#4")

    assert answer.status_code == 422
    assert "not a people file" in answer.content.decode()


def test_changed_numbers_point_to_matching_by_name(client, coordinator):
    bring(csv("Emp No,Name", *(f"{n},Person Number{n}" for n in range(20))))
    path = upload(client, csv("Emp No,Name", *(f"{n + 100},Person Number{n}" for n in range(20))))

    answer = fill(client, path)
    assert answer.status_code == 422
    assert "by_name" in answer.context["form"].errors
    assert fill(client, path, by_name="on").status_code == 302


def test_nobody_imports_before_the_dry_run_and_nobody_elses_file(client, coordinator):
    path = upload(client, csv("Emp No,Name", "1,Ann Lee"))
    assert client.get(path + "dry-run/").url == path + "columns/"
    assert client.post(path + "run/").status_code == 409

    client.force_login(UserFactory(role="admin"))
    for method, page in (("get", "columns/"), ("get", "dry-run/"), ("post", "run/"), ("post", "cancel/")):
        assert getattr(client, method)(path + page).status_code == 404
    assert not Executive.objects.exists()


def test_a_file_can_be_forgotten(client, coordinator):
    path = upload(client, csv("Emp No,Name", "1,Ann Lee"))
    assert "people.csv" in client.get("/people/import/").content.decode()

    client.post(path + "cancel/")

    assert not RosterUpload.objects.exists()


def test_uploads_nobody_finished_are_forgotten_in_time(client, coordinator):
    path = upload(client, csv("Emp No,Name", "1,Ann Lee"))
    found = RosterUpload.objects.get()
    RosterUpload.objects.update(uploaded_at=found.uploaded_at - uploads.KEPT * 2)
    upload(client, csv("Emp No,Name", "1,Ann Lee"))

    assert client.get(path + "columns/").status_code == 404


def test_leavers_are_named_when_done(client, coordinator):
    bring(csv("Emp No,Name", "1,Ann Lee", "2,Bo Ray"))
    path = upload(client, csv("Emp No,Name", "1,Ann Lee"))
    fill(client, path)
    assert "Bo Ray" in client.get(path + "dry-run/?show=leaver").content.decode()

    assert "Bo Ray" in client.get(client.post(path + "run/").url).content.decode()


def test_hostile_cells_are_shown_as_text(client, coordinator):
    path = upload(client, csv("Emp No,Name,Site", "1,<script>alert(1)</script> Lee,=cmd|x"), kind="hosts")
    fill(client, path)

    page = client.get(path + "dry-run/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_coordinator_of_some_sites_imports_only_those():
    porto = SiteFactory(name="Porto")
    theirs = TeamFactory(site=SiteFactory(name="Leeds"))
    HostFactory(user__name="Bo Ray", user__employee_number="2", team=theirs)
    coordinator = UserFactory(role="coordinator", sites=[porto])
    raw = csv("Emp No,Name,Site", "1,Ann Lee,Porto", "2,Bo Ray,Porto", "3,Cy Dee,Leeds", "4,Di Fo,Nowhere")

    report = bring(raw, "hosts", by=coordinator)

    assert counts(report)[:4] == (1, 0, 0, 3)
    assert [reason for _line, _column, reason in rejected(report)] == [
        "Bo Ray belongs to a site that is not yours",
        "Leeds is not one of your sites",
        "Nowhere is not one of your sites",
    ]
    assert report.created["sites"] == []


def test_an_import_by_a_coordinator_does_not_change_what_signs_an_admin_in():
    boss = ExecutiveFactory(user__name="Ann Lee", user__employee_number="1", user__email="ann@x.example").user
    RoleGrant.objects.create(user=boss, role="admin")
    coordinator = UserFactory(role="coordinator")

    report = bring(csv("Emp No,Name,Email", "1,Ann Lee,mine@evil.example"), by=coordinator)

    boss.refresh_from_db()
    assert boss.email == "ann@x.example"
    assert remarks(report, "only an admin") == [(2, "Email")]


def test_imports_of_others_stay_theirs(client, coordinator):
    bring(csv("Emp No,Name", "1,Ann Lee"), by=UserFactory(role="coordinator"))

    assert client.get(f"/people/import/done/{RosterImport.objects.get().pk}/").status_code == 404
