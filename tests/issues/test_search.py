"""Text search: what it finds, and that PostgreSQL finds it, and the list's orders, by an index."""

from datetime import date

import pytest
from django.db import connection

from issues.filters import ORDERS, Filters
from issues.listing import page_of
from issues.models import OPEN, WORKED_ON, Issue
from tests.factories import IssueFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = date(2027, 3, 9)


def found(words):
    return set(Filters(q=words).apply(Issue.objects.all(), UserFactory.build(), TODAY).values_list("pk", flat=True))


def plan(query):
    """How PostgreSQL would go about it if reading a whole table were forbidden."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    return query.explain()


@pytest.fixture
def issues():
    return {
        "title": IssueFactory(title="Router replaced twice", obstacle="Nothing.", promise="One visit."),
        "obstacle": IssueFactory(title="Wait", obstacle="The ROUTER is missing.", promise="A stock of five."),
        "promise": IssueFactory(title="Delay", obstacle="Nothing.", promise="You get routers the same day."),
        "other": IssueFactory(title="100% of claims_are late", obstacle="Paper.", promise="A form."),
    }


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("router", {"title", "obstacle", "promise"}),
        ("OUTER", {"title", "obstacle", "promise"}),
        ("router replaced", {"title"}),
        ("replaced router", set()),
        ("twice nothing", set()),
        ("100%", {"other"}),
        ("s_a", {"other"}),
        ("%", {"other"}),
        ("five.", {"obstacle"}),
    ],
)
def test_the_words_are_looked_for_in_all_three_texts(issues, words, names):
    assert found(words) == {issues[name].pk for name in names}


def test_a_number_is_an_issue_or_part_of_a_text(issues):
    assert issues["title"].pk in found(str(issues["title"].pk))
    assert issues["other"].pk in found("100")


@pytest.mark.postgres_only  # SQLite reads every row
@pytest.mark.parametrize("words", ["router", "214"])
def test_a_search_uses_its_index(issues, words):
    query = Filters(q=words).apply(Issue.objects.all(), UserFactory.build(), TODAY).values("pk")
    assert "issue_text_parts" in plan(query)


@pytest.mark.postgres_only  # SQLite takes the indexes it has
@pytest.mark.parametrize(
    ("sort", "states", "index"),
    [
        ("update", WORKED_ON, "issue_next_update"),
        ("target", WORKED_ON, "issue_next_target"),
        ("word", OPEN, "issue_next_word"),
        ("clock", None, "issue_by_clock"),
    ],
)
def test_every_order_has_an_index(issues, sort, states, index):
    query = Issue.objects.filter(state__in=states) if states else Issue.objects.all()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_incremental_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    assert index in plan(query.order_by(*ORDERS[sort]).values("title")[:51])


@pytest.mark.postgres_only  # SQLite takes the indexes it has
def test_the_issues_of_a_site_in_a_state_have_an_index(issues):
    query = Issue.objects.filter(site=issues["other"].site, state="open").order_by(*ORDERS["clock"])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_incremental_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    assert "issue_by_site_state" in plan(query.values("title")[:51])


def test_an_address_of_a_menu_keeps_the_other_filters():
    filters = Filters(q="sim swap", state="open", sort="newest", page=3)
    assert filters.addresses("site", ["leeds", "a&b"]) == [
        "/issues/?q=sim+swap&state=open&sort=newest&site=leeds",
        "/issues/?q=sim+swap&state=open&sort=newest&site=a%26b",
    ]
    assert Filters(site="leeds").addresses("site", ["pune"]) == ["/issues/?site=pune"]
    assert filters.address(q="", state="", sort="clock") == "/issues/"


def test_a_row_names_team_and_site():
    issue = IssueFactory()
    row = page_of(Issue.objects.all(), Filters(), count=1, today=TODAY).rows[0]
    assert row["where"] == f"{issue.raised_in.name}, {issue.site.name}"
    assert row["url"] == f"/issues/{issue.pk}/"
