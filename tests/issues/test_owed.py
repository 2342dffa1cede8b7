"""Owed take-aways: which, for how long, why, for whom; waived ones; the file."""

from datetime import date

import pytest
from freezegun import freeze_time

from issues import actions
from shadowing.models import VisitDay
from tests.factories import NINE, ExecutiveFactory, FloorNoteFactory, HostFactory, IssueFactory, VisitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, scope="module")
def frozen():
    with freeze_time(NINE):
        yield


@pytest.fixture
def owing(cast):
    """A visit of the owner's on 20 February that nothing has settled. The one of "who was there" owes too."""
    host = HostFactory(team=cast.host.team, user__name="Rosa Rao")
    return VisitFactory(held=True, executive=cast.executive, host=host, date=date(2027, 2, 20))


def page(client, user, query=""):
    client.force_login(user)
    return client.get(f"/issues/owed/{query}")


def visits(response):
    return [row["visit"].pk for row in response.context["rows"]]


def test_the_longest_owed_comes_first_with_days_and_reason(client, cast, owing):
    FloorNoteFactory.create_batch(2, visit=owing)
    response = page(client, cast.people["coordinator"])
    html = response.content.decode()

    assert visits(response)[0] == owing.pk
    assert response.context["rows"][0]["days"] == 9
    assert "2 take-aways owed" in html
    assert "No issue yet; 2 floor notes wait" in html
    assert "No issue yet, no floor notes either" in html


@pytest.mark.parametrize(
    ("role", "sees", "take", "waive"),
    [("coordinator", 2, 2, 2), ("admin", 2, 2, 2), ("sponsor", 2, 0, 0), ("owner", 1, 1, 0), ("assistant", 1, 1, 0),
     ("another executive", 0, 0, 0), ("coordinator elsewhere", 0, 0, 0)],
)  # fmt: skip
def test_everybody_sees_what_is_theirs_to_settle(client, cast, owing, role, sees, take, waive):
    response = page(client, cast.people[role])
    rows = response.context["rows"]
    assert (len(rows), sum(row["take"] for row in rows), sum(row["waive"] for row in rows)) == (sees, take, waive)


def test_hosts_owe_nothing(client, cast):
    assert page(client, cast.people["host"]).status_code == 404


def test_a_shared_issue_of_the_day_is_a_reason(client, cast, owing):
    day = VisitDay.objects.create(site=cast.site, date=owing.date)
    other = ExecutiveFactory()
    IssueFactory(
        origin_visit=None, origin_day=day, owner=other, promised_to=cast.host, site=cast.site, season=owing.season
    )
    assert "shared issue is somebody else’s" in page(client, cast.people["coordinator"]).content.decode()


def test_waived_ones_with_their_reason(client, cast, owing):
    actions.waive_take_away(visit=owing, reason="The floor was closed.", by=cast.people["coordinator"], now=NINE)

    response = page(client, cast.people["coordinator"], "?show=waived")

    assert visits(response) == [owing.pk]
    assert "The floor was closed." in response.content.decode()
    assert "Ingrid Halloran" in response.content.decode()
    assert owing.pk not in visits(page(client, cast.people["coordinator"]))


def test_waiving_leads_back_here(client, cast, owing):
    client.force_login(cast.people["coordinator"])
    assert client.post(f"/issues/take-away/{owing.uuid}/waive/", {"reason": "Closed."}).url == "/issues/owed/"


@pytest.mark.parametrize(
    ("query", "found"),
    [("?q=rosa", 1), ("?q=anneke", 1), ("?q=zzz", 0), ("?site=leeds", 2), ("?site=nowhere", 0), ("?season=nowhere", 0),
     ("?q=%00", 2), ("?page=99", 2), ("?show=nonsense", 2)],
)  # fmt: skip
def test_filters(client, cast, owing, query, found):
    assert len(visits(page(client, cast.people["coordinator"], query))) == found


def test_nothing_owed_and_nothing_found_say_different_things(client, cast):
    assert "Nothing is owed" in page(client, cast.people["another executive"]).content.decode()
    assert "No take-away was waived" in page(client, cast.people["admin"], "?show=waived").content.decode()
    assert "No visit matches these filters" in page(client, cast.people["admin"], "?q=zzz").content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_it_costs_the_same_whatever_their_number(client, cast, count, django_assert_max_num_queries):
    for number in range(count):
        VisitFactory(held=True, host=HostFactory(team=cast.host.team), date=date(2027, 1, 1 + number))
    client.force_login(cast.people["coordinator"])
    with django_assert_max_num_queries(8):
        assert len(visits(client.get("/issues/owed/"))) == count + 1


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_file_holds_the_same(client, cast, owing, ending):
    client.force_login(cast.people["coordinator"])
    response = client.get(f"/issues/owed.{ending}?q=rosa")
    body = b"".join(response.streaming_content)
    assert f"take-aways-owed.{ending}" in response["Content-Disposition"]
    if ending == "csv":
        lines = body.decode("utf-8-sig").splitlines()
        assert len(lines) == 2
        assert lines[1].startswith(f"{owing.uuid},2027-02-20,9,Leeds,")
    assert client.get("/issues/owed.pdf").status_code == 404
