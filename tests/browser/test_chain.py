"""The whole chain in a browser, on a real roster: coordinator, executive, assistant and host, their mails and links."""

import email
import email.policy
import re
from datetime import timedelta

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from issues.models import Issue
from people.models import Executive, RosterUpload, User
from shadowing.models import Visit, VisitState
from shadowing.tasks import solve_plans
from surveys.models import Response
from tests.factories import UserFactory
from tests.people.rosters import FOLDER

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("post_office")]
ROSTER = FOLDER / "adventureworks_DimEmployee_head.psv"


@pytest.fixture(autouse=True)
def uploads(tmp_path, monkeypatch):
    """Uploads stay in the test's folder."""
    monkeypatch.setattr(RosterUpload._meta.get_field("file"), "storage", FileSystemStorage(tmp_path))


@pytest.fixture
def mails(settings):
    """``mails(person)``: what reached them, oldest first."""

    def read(person):
        files = sorted(settings.EMAIL_FILE_PATH.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        found = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]
        return [mail for mail in found if person.address in str(mail["To"])]

    return read


def links(mail):
    """The one-click links of a mail, in order."""
    text = mail.get_body(("plain",)).get_content()
    return re.findall(r"http://\S+/(?:act|surveys/answer)/\S+", text)


def send(at=None):
    """One sweep as if it were that moment, then the outbox."""
    call_command("sweep_reminders", *(["--at", at.isoformat()] if at else []))
    call_command("send_outbox")


def working_day(days):
    """Eleven o'clock so many days on, or on the Monday after."""
    day = timezone.now().replace(hour=11) + timedelta(days=days)
    return day + timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)


def test_the_whole_chain(page, sign_in, mails):
    coordinator = UserFactory(name="Ingrid Halloran", role="coordinator")
    assistant = UserFactory(name="Pim de Wit")
    sign_in(coordinator)
    import_roster(page, "Executives", condition=("11", "Manager"))
    import_roster(page, "Hosts", condition=("11", "Technician"), site="Bothell")
    executive = name_assistant(assistant)

    set_up_season(page, executive)
    plan_and_publish(page)
    call_command("send_outbox")

    visit = accept_by_links(page, executive, assistant, mails)
    hold_and_take_away(page, sign_in, visit)
    issue = Issue.objects.get()

    update_by_assistants_link(page, issue, assistant, mails)
    deliver_signed_in(page, sign_in, issue)
    confirm_by_link(page, issue, mails)
    answer_survey(page, visit, mails)
    read_report(page, sign_in, coordinator)


def import_roster(page, kind, *, condition, site=""):
    page.goto("/people/import/")
    page.get_by_label(kind).check()
    page.locator("[name=file]").set_input_files(ROSTER)
    page.get_by_label("The file has no header").check()
    page.get_by_role("button", name="Read the file").click()
    for name, column in {"employee_number": "#4", "name": "#7", "name_and": "#8", "email": "#15"}.items():
        page.locator(f"[name={name}]").select_option(column)
    if site:
        page.locator("[name=team]").select_option("#28")
        page.locator("[name=site_for_all]").fill(site)
    page.locator("[name=where_column_1]").select_option(f"#{condition[0]}")
    page.locator("[name=where_operator_1]").select_option("~")
    page.locator("[name=where_value_1]").fill(condition[1])
    page.get_by_role("button", name="Show what would change").click()
    expect(page.locator("h1")).to_have_text("What the import would do")
    assert not Executive.objects.exists() or kind == "Hosts"
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("h1")).to_contain_text("added, 0 changed")


def name_assistant(assistant):
    """The roster names no assistants; give the first executive one. Returns that executive's user."""
    executive = Executive.objects.select_related("user").order_by("user__name_key")[0]
    Executive.objects.filter(pk=executive.pk).update(assistant=assistant)
    return executive.user


def set_up_season(page, executive):
    """A season from today on, today opened even on a weekend and preferred by the executive."""
    today = timezone.localdate()
    page.goto("/seasons/new/")
    page.get_by_label("Program").fill("Back to the Floor")
    page.get_by_label("Name of the season").fill("Chain")
    page.get_by_label("First day").fill(today.isoformat())
    page.get_by_label("Last day").fill((today + timedelta(days=11)).isoformat())
    go_on(page)
    page.get_by_label("Bothell", exact=True).check()
    opened = page.locator(f"input[type=checkbox][value='{today.isoformat()}']")
    if opened.count():
        page.get_by_text("Open weekend days").click()
        opened.check()
    go_on(page)
    page.locator("[name=executives][value=all]").check()
    page.locator("[name=hosts][value=all]").check()
    page.get_by_text("Days executives prefer").click()
    page.get_by_label("Preferred days").fill(f"{executive.employee_number} {today.isoformat()}")
    for _step in ("rules", "agenda", "reminders"):
        go_on(page)
    expect(page.locator("h1")).to_have_text("Chain, as you set it up")


def go_on(page):
    page.get_by_role("button", name="Save and go on").last.click()
    page.wait_for_load_state()


def plan_and_publish(page):
    page.goto("/seasons/chain/plan/")
    page.get_by_role("button", name="Propose plan").click()
    solve_plans()
    page.goto("/seasons/chain/plan/")
    expect(page.locator("main")).to_contain_text("This is the best plan there is")
    page.get_by_role("button", name="Use this plan").click()
    page.goto("/seasons/chain/publish/")
    if page.locator("[name=acknowledged]").count():
        page.locator("[name=acknowledged]").check()
    page.get_by_role("button", name="Publish and invite").click()
    page.wait_for_load_state()
    assert Visit.objects.filter(state=VisitState.INVITED).exists()


def accept_by_links(page, executive, assistant, mails):
    """The assistant accepts for the executive by a link of their own, the host by the host's. Opening acts not."""
    visit = Visit.objects.select_related("host__user", "site").get(executive=executive.pk)
    assert visit.date == timezone.localdate()
    for person in (assistant, visit.host.user):
        mail = mails(person)[-1]
        part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
        assert "METHOD:REQUEST" in part.get_content().replace("\r\n", "\n")
        page.context.clear_cookies()
        page.goto(links(mail)[0])
        visit.refresh_from_db()
        assert visit.state == VisitState.INVITED
        page.get_by_role("button", name=re.compile("Accept for|Yes")).click()
        page.wait_for_load_state()
    visit.refresh_from_db()
    assert visit.state == VisitState.CONFIRMED
    event = visit.events.get(verb="executive_accepted")
    assert (event.by, event.on_behalf_of) == (assistant, executive)
    return visit


def hold_and_take_away(page, sign_in, visit):
    sign_in(visit.executive.user)
    page.goto(f"/visits/{visit.uuid}/")
    page.get_by_role("button", name=re.compile("here|arrived|Check", re.IGNORECASE)).first.click()
    page.wait_for_load_state()
    visit.refresh_from_db()
    assert visit.state == VisitState.HELD
    page.goto(f"/visits/{visit.uuid}/floor/")
    page.locator("[name=text]").fill("The account number is typed into three screens.")
    page.get_by_role("button", name="Keep this note").click()
    expect(page.locator("main")).to_contain_text("three screens")
    page.goto(f"/issues/take-away/{visit.uuid}/")
    page.locator("[name=title]").fill("Three screens for one account number")
    page.locator("[name=promise]").fill("You type it once.")
    page.locator("[name=target_date]").fill((visit.date + timedelta(days=60)).isoformat())
    page.get_by_role("button", name="Take it away").click()
    expect(page.locator("h1")).to_have_text("Three screens for one account number")


def update_by_assistants_link(page, issue, assistant, mails):
    """Two weeks on the update is due: owner and assistant are reminded, the assistant answers for the owner."""
    send(at=working_day(16))
    mail = mails(assistant)[-1]
    assert "Message-ID" in mail
    page.context.clear_cookies()
    page.goto(next(link for link in links(mail) if "answer=moved" in link))
    issue.refresh_from_db()
    assert issue.state == "open"
    page.locator("[name=text]").fill("One of the three screens is gone.")
    page.get_by_role("button", name="Post").click()
    page.wait_for_load_state()
    issue.refresh_from_db()
    assert issue.state == "in_progress"
    event = issue.events.get(kind="updated")
    assert (event.by, event.on_behalf_of) == (assistant, issue.owner.user)


def deliver_signed_in(page, sign_in, issue):
    sign_in(issue.owner.user)
    page.goto(f"/issues/{issue.number}/deliver/")
    page.locator("[name=text]").fill("One screen since Monday.")
    page.locator("[name=impact]").fill("A minute on every call.")
    page.locator("main form button.btn-primary").click()
    page.wait_for_load_state()
    issue.refresh_from_db()
    assert issue.state == "delivered"


def confirm_by_link(page, issue, mails):
    call_command("send_outbox")
    page.context.clear_cookies()
    page.goto(links(mails(issue.promised_to.user)[-1])[0])
    page.get_by_role("button", name="Yes, it helps").click()
    page.wait_for_load_state()
    issue.refresh_from_db()
    assert issue.state == "confirmed"
    assert issue.confirmed_by == issue.promised_to.user


def answer_survey(page, visit, mails):
    send(at=working_day(1))
    mail = next(mail for mail in mails(visit.host.user) if any("/surveys/answer/" in link for link in links(mail)))
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(links(mail)[0])
    expect(page.locator("main")).to_contain_text("Nobody can see that this was you.")
    page.locator("label.tile", has_text="Yes").first.click()
    page.locator("label.tile", has_text="4").click()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Send for good").click()
    expect(page.locator("h1")).to_contain_text("Your answers are in")
    assert Response.objects.count() == 1
    page.goto(links(mail)[0])
    expect(page.locator("h1")).to_contain_text("They are final")
    page.set_viewport_size({"width": 1280, "height": 900})


def read_report(page, sign_in, coordinator):
    sign_in(User.objects.get(pk=coordinator.pk))
    page.goto("/reports/participation/?season=chain")
    expect(page.locator("h1")).to_have_text("1 of 1 visits due were held")
    expect(page.locator("main")).to_contain_text("1 of 1")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "participation-chain.csv"
