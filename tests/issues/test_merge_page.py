"""Merging: the other issue is looked for, and seen with its owner and state before one decides."""

from datetime import timedelta

import pytest
from freezegun import freeze_time

from issues.models import Issue, IssueEvent
from tests.factories import NINE, IssueFactory, VisitFactory
from tests.issues.conftest import TODAY, in_state

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen():
    with freeze_time(NINE):
        yield


@pytest.fixture
def others(cast):
    """One that is like it, one that is not, one of another site that is."""
    other = VisitFactory(held=True, host=cast.host, executive__user__name="Ravi Menon", date=TODAY - timedelta(days=7))
    return {
        "alike": IssueFactory(origin_visit=other, title="Swap of a SIM needs systems nobody knows"),
        "unlike": IssueFactory(origin_visit=other, title="Chairs"),
        "elsewhere": IssueFactory(title="SIM swap needs four systems"),
    }


def ask(client, cast, role="coordinator", path="", method="get", **data):
    client.force_login(cast.people[role])
    return getattr(client, method)(f"/issues/{cast.issue.pk}/merge/{path}", data)


def offered(response):
    return [issue.title for issue in response.context["choices"]]


def test_the_page_offers_open_issues_like_it_with_owner_and_state(client, cast, others):
    response = ask(client, cast)

    html = response.content.decode()
    assert offered(response) == [others["alike"].title]
    assert "Ravi Menon owns it, promised to Maya Rowntree, Leeds" in html
    assert "Open" in html.split(others["alike"].title)[1]
    assert f'name="into" value="{others["alike"].pk}" required' in html


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("text", "found"), [("chair", "unlike"), ("number", "unlike"), ("swap systems", "alike")])
def test_another_is_found_by_a_word_or_its_number(client, cast, others, method, text, found):
    text = str(others[found].pk) if text == "number" else text
    path = "choices/" if method == "get" else ""
    response = ask(client, cast, path=path, method=method, q=text, do="look")
    assert response.status_code == 200
    assert others[found].title in offered(response)
    assert others["elsewhere"].title not in offered(response)
    assert not IssueEvent.objects.exists()


def test_what_was_chosen_stays_first_while_one_looks_on(client, cast, others):
    response = ask(client, cast, path="choices/", q="swap systems", into=others["unlike"].pk)
    assert offered(response)[0] == "Chairs"
    assert f'value="{others["unlike"].pk}" checked' in response.content.decode()


@pytest.mark.parametrize("text", ["nothing of the kind", "9" * 40, "²", "%"])
def test_what_nothing_fits_is_said(client, cast, others, text):
    response = ask(client, cast, path="choices/", q=text)
    assert offered(response) == []
    assert "No open issue of your sites has" in response.content.decode()


def test_closed_ones_are_not_offered_nor_is_itself(client, cast, others):
    in_state(others["alike"], "withdrawn")
    assert offered(ask(client, cast)) == []
    assert offered(ask(client, cast, path="choices/", q=str(cast.issue.pk))) == []


def test_merging_says_where_it_goes_on(client, cast, others):
    client.force_login(cast.people["coordinator"])
    data = {"into": others["alike"].pk, "version": cast.issue.version}
    response = client.post(f"/issues/{cast.issue.pk}/merge/", data, follow=True)
    assert f"Issue {others['alike'].pk} goes on for both" in response.content.decode()
    assert Issue.objects.get(pk=cast.issue.pk).merged_into == others["alike"]


@pytest.mark.parametrize(
    ("into", "words"), [("", "Choose the issue"), ("x", "whole number"), ("9999", "no issue with")]
)
def test_nothing_or_nonsense_chosen(client, cast, others, into, words):
    response = ask(client, cast, method="post", into=into, q="swap")
    assert response.status_code == 422
    assert words in response.content.decode()
    assert 'value="swap"' in response.content.decode()
    assert not IssueEvent.objects.exists()


def test_one_of_other_coordinators_is_refused(client, cast, others):
    response = ask(client, cast, method="post", into=others["elsewhere"].pk)
    assert response.status_code == 422
    assert "Choose another open issue of your sites." in response.content.decode()
    assert others["elsewhere"].title not in response.content.decode()


@pytest.mark.parametrize("role", ["owner", "host", "sponsor", "coordinator elsewhere"])
@pytest.mark.parametrize("path", ["", "choices/"])
def test_it_is_for_coordinators_of_the_site(client, cast, others, role, path):
    assert ask(client, cast, role, path).status_code == 404


def test_a_closed_issue_cannot_be_merged(client, cast):
    in_state(cast.issue, "confirmed")
    response = ask(client, cast)
    assert response.status_code == 409
    assert "This cannot be done now" in response.content.decode()


@pytest.mark.parametrize("count", [1, 8])
def test_looking_costs_the_same(client, cast, count, django_assert_max_num_queries):
    IssueFactory.create_batch(count, origin_visit=cast.visit, title="SIM swap needs systems")
    client.force_login(cast.people["coordinator"])
    with django_assert_max_num_queries(12):
        client.get(f"/issues/{cast.issue.pk}/merge/choices/", {"q": "swap"})
