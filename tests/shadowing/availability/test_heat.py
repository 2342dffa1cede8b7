"""How many can on each day: figures, rights, filters, files, and the same queries for any number of people."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from people.models import Executive, Host, User
from shadowing.availability import heat
from shadowing.models import SeasonExecutive, SeasonHost, SeasonSite, SeasonState, UnavailableDay, Willing
from shadowing.seasons import overview
from tests.factories import (
    NINE,
    BusinessUnitFactory,
    ExecutiveFactory,
    HostFactory,
    SeasonExecutiveFactory,
    SeasonFactory,
    SeasonHostFactory,
    SiteFactory,
    TeamFactory,
    UserFactory,
    VisitFactory,
)

pytestmark = pytest.mark.django_db
MONDAY = date(2027, 3, 1)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def leeds():
    return SiteFactory(name="Leeds", slug="leeds", visits_a_day=2)


@pytest.fixture
def pune():
    return SiteFactory(name="Pune", slug="pune", visits_a_day=1)


@pytest.fixture
def season(leeds, pune):
    """Two weeks; three executives, two willing hosts in Leeds and one in Pune, one who said no, one not asked."""
    season = SeasonFactory(slug="spring", sites=[leeds, pune], state=SeasonState.COLLECTING)
    care = BusinessUnitFactory(name="Care", path="Care")
    billing = BusinessUnitFactory(name="Billing", path="Care / Billing", parent=care)
    for unit, answered in ((care, NINE), (billing, None), (None, None)):
        SeasonExecutiveFactory(season=season, executive=ExecutiveFactory(business_unit=unit), answered_at=answered)
    for site, willing in ((leeds, "yes"), (leeds, "yes"), (leeds, "no"), (leeds, "not_asked"), (pune, "yes")):
        host = HostFactory(team=TeamFactory(site=site))
        SeasonHostFactory(season=season, host=host, willing=willing, max_visits=2)
    return season


@pytest.fixture
def coordinator(client, leeds):
    person = UserFactory(role="coordinator", sites=[leeds])
    client.force_login(person)
    return person


def away(person, *days, source="click"):
    UnavailableDay.objects.bulk_create([UnavailableDay(user=person, date=day, source=source) for day in days])


def hosts_at(site, willing="yes"):
    return [row.host.user for row in SeasonHost.objects.filter(host__team__site=site, willing=willing).order_by("pk")]


def figures(season, user=None, **asked):
    user = user or UserFactory(role="coordinator")
    season = overview.with_sites(type(season).objects.filter(pk=season.pk)).get()
    return heat.heat_of(season, overview.places_of(season, user), user, heat.Filters.read(asked))


def cell(found, day=MONDAY, site="leeds"):
    row = next(row for row in found.rows if row.day == day)
    return next(each for each in row.cells if each.place.site.slug == site)


def page(client, name="season_days", *args, **asked):
    return client.get(reverse(f"shadowing:{name}", args=["spring", *args]), asked)


# --- figures ----------------------------------------------------------------------------------------------------------


def test_hosts_who_can_are_set_against_places(season, leeds):
    first, second = hosts_at(leeds)
    away(first, MONDAY, TUESDAY)
    away(first, MONDAY, source="ics")  # two sources, one person
    away(second, TUESDAY)
    away(hosts_at(leeds, "no")[0], MONDAY)  # does not count
    found = figures(season)
    assert (cell(found).hosts_free, cell(found).state, cell(found).missing) == (1, "short", 1)
    assert (cell(found, TUESDAY).hosts_free, cell(found, TUESDAY).state) == (0, "short")
    assert cell(found, date(2027, 3, 3)).state == "tight"
    assert len(found.short) == 2


def test_enough_begins_above_a_fourth_more_than_places(season, leeds):
    SeasonHostFactory(season=season, host=HostFactory(team=TeamFactory(site=leeds)))
    assert cell(figures(season)).state == "enough"


def test_executives_who_can_are_counted_a_day(season):
    executive = SeasonExecutive.objects.first().executive.user
    away(executive, MONDAY)
    found = figures(season)
    assert [row.executives_free for row in found.rows[:2]] == [2, 3]
    assert (found.rows[0].few, found.rows[1].few) == (True, False)
    SeasonExecutive.objects.filter(executive=executive.pk).update(stepped_back_at=NINE, stepped_back_by=executive)
    assert [row.executives_free for row in figures(season).rows[:2]] == [2, 2]


def test_days_without_a_visit_day_are_left_out_and_opened_ones_stand(season, leeds):
    saturday = date(2027, 3, 6)
    assert saturday not in {row.day for row in figures(season).rows}
    SeasonSite.objects.filter(site=leeds).update(open_days=[saturday.isoformat()])
    assert cell(figures(season), saturday).is_open
    assert cell(figures(season), saturday, "pune").state == "closed"


def test_holidays_are_named(season, pune):
    pune.country = "GB"
    pune.save()
    season.starts_on, season.ends_on = date(2027, 3, 22), date(2027, 3, 31)
    season.save()
    assert cell(figures(season), date(2027, 3, 26), "pune").holiday == "Good Friday"


def test_hosts_not_asked_count_where_the_season_says_so(season):
    season.hosts_from = "all"
    season.save()
    assert cell(figures(season)).hosts_free == 3


def test_no_site_fills_more_places_than_its_hosts_take_visits(season):
    found = figures(season)
    assert found.all_places == 30
    assert found.fillable == 6  # three hosts, two visits each


def test_booked_visits_are_counted(season, leeds):
    VisitFactory(season=season, host=SeasonHost.objects.first().host, date=MONDAY)
    VisitFactory(season=season, host=HostFactory(team=TeamFactory(site=leeds)), date=MONDAY, state="cancelled")
    assert cell(figures(season)).booked == 1


@pytest.mark.parametrize(
    ("asked", "executives"), [({}, 3), ({"answered": "yes"}, 1), ({"answered": "no"}, 2), ({"answered": "x"}, 3)]
)
def test_executives_are_filtered_by_answer(season, asked, executives):
    assert figures(season, **asked).executives == executives


def test_a_unit_includes_those_below_it(season):
    units = {unit.path: str(unit.pk) for unit in heat.units_of(season)}
    assert figures(season, unit=units["Care"]).executives == 2
    assert figures(season, unit=units["Care / Billing"]).executives == 1
    assert figures(season, unit="999").executives == 0
    assert figures(season, unit="x").executives == 3


def test_one_site_is_shown_where_it_is_asked_for(season):
    assert [place.site.slug for place in figures(season, site="pune").places] == ["pune"]
    assert len(figures(season, site="moon").places) == 2


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_says_where_it_is_short(client, coordinator, season, leeds):
    away(hosts_at(leeds)[0], MONDAY)
    body = page(client).content.decode()
    assert "Hosts are short on 1 of 10 site days" in body
    assert "short by 1" in body
    assert 'style="' not in body


def test_coordinators_see_their_sites_only(client, coordinator, season, pune):
    body = page(client, site="pune").content.decode()
    assert "Pune" not in body
    assert figures(season, user=coordinator).hosts_asked == 4


def test_who_may_look(client, season, leeds):
    for role in ("sponsor",):
        client.force_login(UserFactory(role=role))
        assert page(client).status_code == 404
    client.force_login(UserFactory(role="coordinator", sites=[SiteFactory()]))
    assert page(client).status_code == 404
    client.force_login(SeasonExecutive.objects.first().executive.user)
    assert page(client).status_code == 404


def test_a_season_without_visit_days_says_so(client, coordinator, season):
    season.starts_on = season.ends_on = date(2027, 3, 6)
    season.save()
    assert "No visit day yet" in page(client).content.decode()


def test_the_files_hold_the_figures_of_the_page(client, coordinator, season, leeds):
    away(hosts_at(leeds)[0], MONDAY)
    found = figures(season, user=coordinator)
    text = b"".join(page(client, "season_days_csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 10
    assert rows[0] == {
        "date": "2027-03-01", "site": "Leeds", "state": "short", "places": "2", "booked": "0", "hosts_asked": "4",
        "hosts_without_answer": "1", "hosts_willing": "2", "hosts_free": str(cell(found).hosts_free), "executives": "3",
        "executives_without_answer": "2", "executives_free": "3",
    }  # fmt: skip
    book = load_workbook(io.BytesIO(b"".join(page(client, "season_days_xlsx").streaming_content)))
    cells = [[value.value for value in row] for row in book.active.iter_rows()]
    assert tuple(cells[0]) == heat.COLUMNS
    assert [str(value) for value in cells[1]][1:] == list(rows[0].values())[1:]


# --- one day ----------------------------------------------------------------------------------------------------------


def test_who_can_on_a_day_and_who_cannot(client, coordinator, season, leeds):
    free, gone = hosts_at(leeds)
    away(gone, MONDAY)
    shown = page(client, "days_on", MONDAY).content.decode()
    assert free.name in shown
    assert gone.name not in shown
    assert gone.name in page(client, "days_on", MONDAY, state="away").content.decode()
    assert free.name in page(client, "days_on", MONDAY, q=free.name[:6].upper()).content.decode()
    assert "No name fits" in page(client, "days_on", MONDAY, q="zzz").content.decode()


def test_executives_of_a_day_show_their_answer_and_visit(client, coordinator, season):
    row = SeasonExecutive.objects.filter(answered_at=None).first()
    VisitFactory(season=season, executive=row.executive, host=SeasonHost.objects.first().host, date=TUESDAY)
    shown = page(client, "days_on", MONDAY, list="executives").content.decode()
    assert "has not answered" in shown
    assert "2\N{NO-BREAK SPACE}Mar" in shown


def test_nobody_sees_who_declined_or_hosts_of_other_sites(client, coordinator, season, leeds, pune):
    for state in ("", "away"):
        shown = page(client, "days_on", MONDAY, state=state).content.decode()
        assert hosts_at(leeds, Willing.NO)[0].name not in shown
        assert hosts_at(pune)[0].name not in shown


@pytest.mark.parametrize("day", ["2027-02-28", "2027-03-13", "9999-12-31"])
def test_days_outside_the_season_are_not_there(client, coordinator, season, day):
    assert page(client, "days_on", day).status_code == 404


# --- size -------------------------------------------------------------------------------------------------------------


def crowd(season, leeds, executives, hosts):
    """People without factories: thousands of them."""
    people = User.objects.bulk_create(
        [User(name=f"Crowd {number:05}", name_key=f"crowd {number:05}") for number in range(executives + hosts)]
    )
    team = TeamFactory(site=leeds)
    Executive.objects.bulk_create([Executive(user=person) for person in people[:executives]])
    Host.objects.bulk_create([Host(user=person, team=team) for person in people[executives:]])
    SeasonExecutive.objects.bulk_create(
        [SeasonExecutive(season=season, executive_id=person.pk) for person in people[:executives]]
    )
    SeasonHost.objects.bulk_create(
        [SeasonHost(season=season, host_id=person.pk, willing="yes") for person in people[executives:]]
    )
    days = [MONDAY + timedelta(days=shift) for shift in range(40)]
    rows = [
        UnavailableDay(user=person, date=days[(number * 7 + part) % 40])
        for number, person in enumerate(people) for part in range(8)
    ]  # fmt: skip
    UnavailableDay.objects.bulk_create(rows, batch_size=2000)


@pytest.mark.parametrize(("executives", "hosts", "weeks"), [(0, 0, 1), (1300, 800, 8)])
def test_the_same_queries_for_any_number(
    client, coordinator, season, leeds, executives, hosts, weeks, django_assert_num_queries
):
    season.ends_on = season.starts_on + timedelta(days=7 * weeks - 1)
    season.save()
    crowd(season, leeds, executives, hosts)
    page(client)
    with django_assert_num_queries(12):
        assert len(page(client).context["heat"].rows) == 5 * weeks
    with django_assert_num_queries(11):
        assert page(client, "days_on", MONDAY).status_code == 200
    with django_assert_num_queries(11):
        assert page(client, "days_on", MONDAY, list="executives").status_code == 200
