"""One survey from its questionnaire to the meeting: copied, planned, answered in two languages, closed, read, compared."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from notifications.links import make_link
from shadowing.models import SeasonState
from surveys import answering, releasing, rounds
from surveys.models import Audience, Phase, Response, Round
from surveys.questionnaires.builtin import PULSE_EXECUTIVES, builtin_version
from surveys.questionnaires.builtin.pulse import PAIRS, SLOW, SLOWEST
from tests.browser.conftest import fits
from tests.factories import ExecutiveFactory, HostFactory, SeasonFactory, SiteFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 780}
PEOPLE = 12


@pytest.fixture
def season():
    today = timezone.localdate()
    site = SiteFactory(name="Leeds")
    team = TeamFactory(site=site)
    for _ in range(PEOPLE):
        HostFactory(team=team)
        ExecutiveFactory()
    return SeasonFactory(
        name="Spring", sites=[site], state=SeasonState.PUBLISHED,
        starts_on=today + timedelta(days=20), ends_on=today + timedelta(days=31),
    )  # fmt: skip


@pytest.fixture
def executives_pulse(season):
    """What executives say to the same sentences; closed, not released yet."""
    now, by = timezone.now(), UserFactory(role="admin")
    days = now.date(), now.date() + timedelta(days=9)
    plan = rounds.RoundPlan(builtin_version(PULSE_EXECUTIVES, now=now), Audience.EXECUTIVES, *days, phase=Phase.BEFORE)
    survey_round = rounds.plan_round(season=season, plan=plan, by=by, now=now)
    rounds.open_round(round_id=survey_round.pk, by=by, now=now)
    for number, user in enumerate(waiting(survey_round)):
        answering.finish(round_id=survey_round.pk, user_id=user.pk, given=agreeing(3 + number % 3))
    return rounds.close_round(round_id=survey_round.pk, by=by, now=now)


def test_from_the_questionnaire_to_the_meeting(page, sign_in, season, executives_pulse, assert_accessible):
    coordinator = UserFactory(name="Ingrid Halloran", role="coordinator")
    sign_in(coordinator)
    name = copy_and_publish(page)
    survey_round = plan_and_open(page, name)

    answer_on_a_phone(page, survey_round, "", ("Next", "Send for good"), "Thank you.", assert_accessible)
    answer_on_a_phone(page, survey_round, "?lang=de", ("Weiter", "Endgültig senden"), "Danke.", assert_accessible)
    assert Response.objects.filter(round=survey_round).count() == 2
    for number, user in enumerate(waiting(survey_round)):
        answering.finish(round_id=survey_round.pk, user_id=user.pk, given=agreeing(1 + number % 3))

    sign_in(coordinator)
    close(page, survey_round)
    releasing.release_rounds(now=timezone.now())
    read_results(page, survey_round, assert_accessible)
    compare(page, assert_accessible)
    prepare_the_meeting(page, assert_accessible)


def waiting(survey_round):
    invitations = survey_round.invitations.filter(used=False).select_related("user").order_by("user_id")
    return [invitation.user for invitation in invitations]


def agreeing(points):
    """The same points everywhere, but for the first sentence, on which both sides agree; and another cause for each point."""
    agreed = {pair.key: points if place else 2 + points % 3 for place, pair in enumerate(PAIRS)}
    return agreed | {SLOWEST.key: SLOW[points - 1]["key"]}


def copy_and_publish(page):
    page.goto("/surveys/questionnaires/")
    page.get_by_role("button", name="Open Alignment pulse, front line").click()
    page.get_by_role("button", name="Make a copy").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Copy of Alignment pulse, front line")
    page.get_by_role("link", name="Publish this version").click()
    page.get_by_role("button", name="Publish this version").click()
    expect(page.get_by_role("link", name="Publish this version")).to_be_hidden()
    return "Copy of Alignment pulse, front line"


def plan_and_open(page, name):
    page.goto("/surveys/new/")
    page.get_by_label("Season").select_option(label="Spring")
    page.get_by_label("Questionnaire").select_option(label=name)
    page.get_by_label("Who is asked").select_option(Audience.FRONT_LINE)
    page.get_by_label("Before or after").select_option(Phase.BEFORE)
    page.get_by_label("Opens on").fill(timezone.localdate().isoformat())
    page.get_by_label("Last day").fill((timezone.localdate() + timedelta(days=9)).isoformat())
    page.get_by_role("button", name="Plan this survey").click()
    page.get_by_text("Open it today").click()
    page.get_by_role("button", name="Open and ask").click()
    expect(page.get_by_text("Close early")).to_be_visible()
    return Round.objects.get(audience=Audience.FRONT_LINE)


def answer_on_a_phone(page, survey_round, query, buttons, thanks, check):
    """By the link of a message, section by section; nobody is signed in."""
    page.context.clear_cookies()
    page.set_viewport_size(PHONE)
    user = waiting(survey_round)[0]
    url = make_link(purpose="surveys.answer", subject=f"round:{survey_round.pk}", user=user, now=timezone.now())
    page.goto(url[url.index("/surveys/") :] + query)
    check(page)
    forward, send = buttons
    for _section in range(6):
        for group in page.locator("fieldset.question").all():
            if group.is_visible():
                group.locator(".tile").nth(2).click()
        last = page.get_by_role("button", name=send)
        if last.is_visible():
            last.click()
            break
        page.get_by_role("button", name=forward).click()
    expect(page.get_by_role("heading", name=thanks)).to_be_visible()
    page.set_viewport_size(DESKTOP)


def close(page, survey_round):
    page.goto(f"/surveys/{survey_round.pk}/")
    expect(page.get_by_text("No results yet")).to_be_visible()
    page.get_by_role("link", name="Settings and counts").click()
    page.get_by_text("Close early").click()
    page.get_by_role("button", name="Close it for good").click()
    expect(page.get_by_text("Close early")).to_have_count(0)


def read_results(page, survey_round, check):
    page.goto("/surveys/")
    page.get_by_role("link", name="Closed").click()
    page.get_by_role("link", name="Copy of Alignment pulse, front line").first.click()
    expect(page.get_by_text("Closed. As released on")).to_be_visible()
    first = page.locator("section.result").first
    expect(first.get_by_text("10+ answers")).to_be_visible()
    expect(first.get_by_text("favourable")).to_be_visible()
    expect(page.get_by_text("Hidden: fewer than 8 people wrote something.")).to_be_visible()
    at_both_widths(page, check)
    expect(page).to_have_url(re.compile(rf"/surveys/{survey_round.pk}/"))


def compare(page, check):
    page.goto("/surveys/")
    page.get_by_role("link", name="Alignment", exact=True).click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("Executives see it brighter")
    rows = page.locator(".alignment-table tbody tr")
    expect(rows).to_have_count(len(PAIRS))
    expect(rows.last).to_contain_text("I can name the five most frequent reasons")
    expect(rows.last).to_contain_text("much the same on both sides")
    chosen = page.get_by_role("table", name="What costs agents most time?")
    expect(chosen.get_by_role("row")).to_have_count(1 + len(SLOW))
    expect(page.get_by_text("far apart, most of all on")).to_be_visible()
    at_both_widths(page, check)
    with page.expect_download() as download:
        page.get_by_text("CSV or XLSX").click()
        page.get_by_role("link", name="CSV", exact=True).click()
    written = download.value.path().read_text()
    assert "executives see it" in written
    assert "far apart, most of all on" in written


def prepare_the_meeting(page, check):
    page.get_by_role("link", name="One page for the meeting").click()
    expect(page.locator(".summary-gap")).to_have_count(3)
    expect(page.get_by_role("table", name="What costs agents most time?").get_by_role("row")).to_have_count(4)
    at_both_widths(page, check)
    printed = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


def at_both_widths(page, check):
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        assert fits(page)
        check(page)
