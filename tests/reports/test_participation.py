"""The participation report: what is counted, for whom, and that page and files say the same."""

import csv
import io
import json
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from freezegun import freeze_time
from openpyxl import load_workbook

from floorprogram.reports import figures
from floorprogram.reports.figures import Filters
from shadowing.models import SeasonState, VisitState
from tests.factories import (
    NINE,
    BusinessUnitFactory,
    ExecutiveFactory,
    HostFactory,
    IssueFactory,
    SeasonFactory,
    SiteFactory,
    TeamFactory,
    UserFactory,
    VisitFactory,
)

pytestmark = pytest.mark.django_db
LATER = NINE + timedelta(days=5)


@pytest.fixture
def leeds():
    return SiteFactory(name="Leeds")


@pytest.fixture
def season(leeds):
    return SeasonFactory(name="Spring", slug="spring", sites=[leeds], state=SeasonState.PUBLISHED)


@pytest.fixture
def coordinator():
    return UserFactory(role="coordinator")


def visit(season, **fields):
    site = fields.pop("site", None) or season.sites.first()
    return VisitFactory(season=season, host=HostFactory(team=TeamFactory(site=site)), site=site, **fields)


def ended(season, state, **fields):
    return visit(season, state=state, invited_at=NINE - timedelta(days=20), **fields)


def fetch(client, url):
    return b"".join(client.get(url).streaming_content)


def test_due_is_every_published_visit_whose_day_has_passed(season, coordinator):
    """Given one visit of every fate; when the report is made; then proposed and coming ones are not due."""
    visit(season, held=True)
    ended(season, VisitState.NO_SHOW)
    ended(season, VisitState.DECLINED)
    ended(season, VisitState.CANCELLED)
    visit(season)  # proposed
    visit(season, confirmed=True, date=date(2027, 3, 11))

    row = figures.participation(coordinator, Filters(season), due=figures.over_by(LATER))[0]

    assert (row.group, row.invited, row.due) == ("Leeds", 5, 4)
    assert (row.held, row.no_show, row.declined, row.cancelled, row.open) == (1, 1, 1, 1, 0)


def test_a_declined_visit_that_was_replaced_counts_by_its_replacement(season, coordinator):
    executive = ExecutiveFactory()
    ended(season, VisitState.DECLINED, executive=executive)
    visit(season, held=True, executive=executive, date=date(2027, 3, 2))

    row = figures.participation(coordinator, Filters(season), due=figures.over_by(LATER))[0]

    assert (row.due, row.held, row.declined) == (1, 1, 0)


def test_a_day_has_passed_when_it_has_at_the_site(season, coordinator):
    """Given a visit on 1 March; when it is 2 March in Auckland and still 1 March elsewhere; then only Auckland's is due."""
    auckland = SiteFactory(name="Auckland", time_zone="Pacific/Auckland")
    visit(season, confirmed=True)
    visit(season, confirmed=True, site=auckland)

    rows = figures.participation(coordinator, Filters(season), due=figures.over_by(NINE + timedelta(hours=3)))

    assert [(row.group, row.due) for row in rows] == [("Auckland", 1), ("Leeds", 0)]


def test_took_an_issue_away_counts_held_visits_with_at_least_one(season, coordinator):
    with_two = visit(season, held=True)
    IssueFactory(origin_visit=with_two)
    IssueFactory(origin_visit=with_two, title="Another")
    visit(season, held=True)

    row = figures.participation(coordinator, Filters(season), due=figures.over_by(LATER))[0]

    assert (row.took_away, row.held) == (1, 2)


@pytest.mark.parametrize(
    ("by", "group"), [("unit", "Networks / Field"), ("level", "Director"), ("month", "2027-03"), ("season", "Spring")]
)
def test_it_groups_by_what_is_asked(season, coordinator, by, group):
    unit = BusinessUnitFactory(name="Field", path="Networks / Field")
    visit(season, held=True, executive=ExecutiveFactory(business_unit=unit))

    assert [
        row.group for row in figures.participation(coordinator, Filters(season, by), due=figures.over_by(LATER))
    ] == [group]


def test_coordinators_count_their_sites_only(season, leeds):
    other = SiteFactory(name="Pune")
    visit(season, held=True)
    visit(season, held=True, site=other)

    rows = figures.participation(
        UserFactory(role="coordinator", sites=[leeds]), Filters(season), due=figures.over_by(LATER)
    )

    assert [row.group for row in rows] == ["Leeds"]


@freeze_time(LATER)
def test_page_csv_xlsx_and_command_say_the_same(client, season, coordinator, capfdbinary):
    visit(season, held=True)
    ended(season, VisitState.NO_SHOW)
    client.force_login(coordinator)

    page = client.get("/reports/participation/?season=spring").content.decode()
    text = fetch(client, "/reports/participation.csv?season=spring").decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(fetch(client, "/reports/participation.xlsx?season=spring"))).active
    call_command("export_report", "participation", "--season", "spring", "--format", "json")
    exported = json.loads(capfdbinary.readouterr().out)

    assert "1 of 2 visits due were held" in page
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][:5] == ["Leeds", "2", "2", "2", "1"]
    assert [cell.value for cell in sheet[2]][:5] == ["Leeds", 2, 2, 2, 1]
    assert exported["columns"] == rows[0]
    assert exported["rows"][0][:5] == ["Leeds", 2, 2, 2, 1]
    assert (exported["report"], exported["filters"]) == ("participation", {"season": "spring", "by": "site"})


def test_the_command_writes_a_file_and_prints_json_beside_it(season, capfdbinary, tmp_path):
    visit(season, held=True)

    call_command("export_report", "participation", "--format", "csv", "--json", "--output", str(tmp_path / "p.csv"))

    printed = json.loads(capfdbinary.readouterr().out)
    written = list(csv.reader(io.StringIO((tmp_path / "p.csv").read_text("utf-8-sig"))))
    assert printed["columns"] == written[0]
    assert [[str(cell) for cell in row][:5] for row in printed["rows"]] == [row[:5] for row in written[1:]]


def test_the_command_says_where_it_cannot_write(season, tmp_path):
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        call_command("export_report", "participation", "--output", str(tmp_path / "nowhere" / "p.csv"))


def test_an_unknown_season_is_refused_on_the_page_and_by_the_command(client, coordinator):
    client.force_login(coordinator)

    assert client.get("/reports/participation/?season=nope").status_code == 422
    assert client.get("/reports/nothing/").status_code == 404
    with pytest.raises(CommandError, match="There is no season nope"):
        call_command("export_report", "participation", "--season", "nope")


@freeze_time(LATER)
@pytest.mark.parametrize("count", [1, 3, 50])
def test_the_page_takes_the_same_queries_for_any_number_of_visits(
    client, django_assert_num_queries, season, coordinator, count
):
    for number in range(count):
        IssueFactory(origin_visit=visit(season, held=True, site=SiteFactory(name=f"Site {number}")))
    client.force_login(coordinator)
    earlier = SeasonFactory(starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 12))

    # session, person, roles, season's choices and check, zones, counts, season before, its counts, worthwhile,
    # issue counts, stuck, the masthead's season
    with django_assert_num_queries(14):
        page = client.get("/reports/participation/?season=spring").content.decode()

    assert str(earlier) in page


@pytest.mark.parametrize("name", ["takeaways", "issues", "survey", "outbox"])
def test_every_report_has_its_page_and_files(client, season, coordinator, name):
    IssueFactory(origin_visit=visit(season, held=True), title="=HYPERLINK(1)")
    client.force_login(coordinator)

    assert client.get(f"/reports/{name}/?season=").status_code == 200
    text = fetch(client, f"/reports/{name}.csv?season=").decode()
    book = fetch(client, f"/reports/{name}.xlsx?season=")

    assert ",=" not in text
    assert book.startswith(b"PK")


def test_take_aways_name_what_is_owed_and_what_was_waived(season, coordinator, django_user_model):
    taken, owed = visit(season, held=True), visit(season, held=True)
    IssueFactory(origin_visit=taken)

    rows = {row[0]: row[6] for row in figures.take_away_rows(coordinator, season)}

    assert rows == {taken.uuid: 1, owed.uuid: 0}


def test_owed_take_aways_can_be_asked_for_alone_and_read_like_a_page(client, season, coordinator):
    taken, owed = visit(season, held=True), visit(season, held=True)
    IssueFactory(origin_visit=taken)
    client.force_login(coordinator)

    page = client.get("/reports/takeaways/?season=&take_away=owed").content.decode()

    assert f"/visits/{owed.uuid}/" in page
    assert str(taken.uuid) not in page
    assert "1\u00a0Mar" in page
