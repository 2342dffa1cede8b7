"""A coordinator works on many issues in a browser: merges one into another, selects all that are found, reminds owners."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from issues.models import Issue, IssueEvent
from notifications.models import Message
from people.models import Role
from tests.browser.conftest import fits
from tests.factories import ExecutiveFactory, IssueFactory, SiteFactory, TeamFactory, UserFactory, VisitFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("post_office")]
PHONE = {"width": 360, "height": 800}


@pytest.fixture
def scene(sign_in):
    """Sixty issues of two owners at one site, more than a page; its coordinator is signed in."""
    site = SiteFactory(name="Leeds")
    team, day = TeamFactory(site=site, name="Billing Care"), timezone.localdate()
    for place, name in enumerate(("Anneke Vos", "Ravi Menon")):
        owner = ExecutiveFactory(user__name=name)
        visit = VisitFactory(held=True, executive=owner, host__team=team, date=day - timedelta(days=7 + place))
        IssueFactory.create_batch(30, origin_visit=visit)
    first, second = Issue.objects.order_by("number")[0], Issue.objects.order_by("number")[45]
    Issue.objects.filter(pk=first.pk).update(title="Swap of a SIM needs three systems")
    Issue.objects.filter(pk=second.pk).update(title="Headsets crackle")
    sign_in(UserFactory(name="Ingrid Halloran", role=Role.COORDINATOR, sites=[site]))
    return first, second


@pytest.mark.parametrize("size", [{"width": 1280, "height": 900}, PHONE])
def test_the_other_issue_is_found_while_one_types_and_seen_before_one_merges(page, scene, assert_accessible, size):
    first, second = scene
    page.set_viewport_size(size)
    page.goto(f"/issues/{first.pk}/merge/")
    other = page.get_by_role("radio", name=re.compile("Headsets crackle"))
    expect(other).to_have_count(0)

    page.get_by_label("Look for the other issue").fill("crackle")  # in one go: whoever pauses asks twice

    expect(other).to_be_visible()
    expect(page.locator("#merge-choices")).to_contain_text("Ravi Menon owns it")
    expect(page.locator("#merge-choices")).to_contain_text("Open")
    assert_accessible(page)
    assert fits(page)
    other.check()
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page).to_have_url(re.compile(rf"/issues/{first.pk}/$"))
    expect(page.get_by_text(f"Issue {second.pk} goes on for both")).to_be_visible()
    assert Issue.objects.get(pk=first.pk).merged_into == second


def test_enter_looks_and_merges_nothing(page, scene):
    first, second = scene
    page.goto(f"/issues/{first.pk}/merge/")
    page.get_by_label("Look for the other issue").fill(str(second.pk))
    page.get_by_label("Look for the other issue").press("Enter")
    expect(page.get_by_role("radio", name=re.compile("Headsets crackle"))).to_be_visible()
    expect(page.get_by_role("heading", name=f"Merge issue {first.pk} into another?")).to_be_visible()
    assert not IssueEvent.objects.exists()


@pytest.mark.parametrize("size", [{"width": 1280, "height": 900}, PHONE])
def test_all_that_are_found_are_selected_and_their_owners_reminded(page, scene, assert_accessible, size):
    page.set_viewport_size(size)
    page.goto("/issues/?state=open")
    page.get_by_role("link", name="Select all 60").click()
    expect(page).to_have_url(re.compile("tick=all"))
    expect(page.get_by_text("All 60 selected")).to_be_visible()
    assert_accessible(page)
    assert fits(page)

    page.get_by_role("button", name="Remind owners").click()
    expect(page.get_by_role("heading", name="Ask the owners where they stand?")).to_be_visible()
    expect(page.get_by_text("60 issues selected")).to_be_visible()
    assert_accessible(page)
    assert fits(page)
    page.get_by_label("A line from you").fill("The board meets on Friday.")
    page.get_by_role("button", name="Remind them").click()

    expect(page).to_have_url(re.compile(r"/issues/\?state=open$"))
    expect(page.get_by_text("2 owners reminded of 60 issues")).to_be_visible()
    assert Message.objects.count() == 2
    assert IssueEvent.objects.filter(kind="reminded", words="The board meets on Friday.").count() == 60


def test_a_few_are_ticked_by_hand(page, scene):
    page.goto("/issues/?sort=number")
    page.get_by_role("checkbox").nth(0).check()
    page.get_by_role("checkbox").nth(1).check()
    expect(page.get_by_text("2 selected")).to_be_visible()
    page.locator("#bulk summary").click()
    page.get_by_role("button", name="Put into a category").click()
    expect(page.get_by_role("heading", name="Which category are they?")).to_be_visible()
    expect(page.get_by_text("2 issues selected")).to_be_visible()
