"""Looking closer at a plan: the list of pairs, one pair explained, files, spread, two plans compared."""

import csv
import io

import pytest
from openpyxl import load_workbook

from shadowing import plans
from shadowing.models import Plan, PlanPair, PlanState, SeasonExecutive, UnavailableDay
from shadowing.plans import compare, terms
from tests.factories import UserFactory
from tests.shadowing.plans.cast import NOW, make_cast

pytestmark = pytest.mark.django_db
PAGE = "/seasons/spring/plan/"


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def signed_in(client):
    def sign_in(**person):
        client.force_login(UserFactory(**person))
        return client

    return sign_in


def solved(cast, **changes):
    return plans.solve_season(**{"season": cast.season, "seconds": 20, "seed": 0, "by": None, "now": NOW} | changes)


def text(page):
    return " ".join(page.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def lines(page):
    content = b"".join(page.streaming_content).decode().removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(content)))


def sheet(page):
    rows = load_workbook(io.BytesIO(b"".join(page.streaming_content))).active.iter_rows(values_only=True)
    head = next(rows)
    return [dict(zip(head, row, strict=True)) for row in rows]


def keep_busy(cast, person):
    for day in range(1, 13):
        UnavailableDay.objects.create(user=person.user, date=f"2027-03-{day:02}")


# --- the list ---


def test_filters_and_orders_leave_the_pairs_asked_for(cast, signed_in):
    plan, client = solved(cast), signed_in(role="coordinator")
    pair = plan.pairs.select_related("executive__user", "site").first()

    by_name = client.get(PAGE, {"q": pair.executive.user.name}).context["page"]
    by_site = client.get(PAGE, {"site": "leeds"}).context["page"]
    by_unit = client.get(PAGE, {"unit": "Networks"}).context["page"]
    by_day = client.get(PAGE, {"day": pair.date.isoformat(), "sort": "-score"}).context["page"]

    assert [one.executive_id for one in by_name] == [pair.executive_id]
    assert {one.site_slug for one in by_site} == {"leeds"}
    assert {one.unit for one in by_unit} == {"Networks", "Networks / Field"}
    assert {one.date for one in by_day} == {pair.date}
    assert [one.score for one in by_day] == sorted((one.score for one in by_day), reverse=True)


def test_filters_that_match_nothing_say_so_and_nonsense_is_left_out(cast, signed_in):
    solved(cast)
    client = signed_in(role="coordinator")

    assert "No pair matches these filters." in text(client.get(PAGE, {"q": "nobody of that name"}))
    assert len(client.get(PAGE, {"sort": "nonsense", "only": "x", "page": "99"}).context["page"]) == 10


def test_files_hold_the_rows_of_the_list(cast, signed_in):
    plan, client = solved(cast), signed_in(role="coordinator")

    everything = lines(client.get(f"{PAGE}1/pairs.csv"))
    leeds = sheet(client.get(f"{PAGE}1/pairs.xlsx", {"site": "leeds"}))

    assert len(everything) == 10
    assert {row["executive"] for row in everything} == {
        pair.executive.user.name for pair in plan.pairs.select_related("executive__user")
    }
    assert float(everything[0]["score"]) == sum(float(everything[0][name]) for name in ("tenure", "home_site")) + float(
        everything[0]["other_unit_distance"]
    )
    assert {row["site"] for row in leeds} == {"leeds"}
    assert client.get(f"{PAGE}1/pairs.pdf").status_code == 404
    assert client.get(f"{PAGE}9/pairs.csv").status_code == 404


def test_a_file_of_those_left_out(cast, signed_in):
    keep_busy(cast, cast.executives[0])
    solved(cast)

    rows = lines(signed_in(role="coordinator").get(f"{PAGE}1/left-out.csv"))

    assert [(row["executive"], row["reason"]) for row in rows] == [(cast.executives[0].user.name, "No day fits")]


def test_a_coordinator_of_one_site_gets_its_pairs_only(cast, signed_in):
    plan = solved(cast)
    client = signed_in(role="coordinator", sites=cast.sites[:1])
    other = plan.pairs.exclude(site=cast.sites[0]).first()
    own = plan.pairs.filter(site=cast.sites[0]).first()

    rows = lines(client.get(f"{PAGE}1/pairs.csv"))

    assert {row["site"] for row in rows} == {"leeds"}
    assert client.get(f"{PAGE}1/pairs/{other.executive_id}/").status_code == 404
    assert client.get(f"{PAGE}1/pairs/{own.executive_id}/").status_code == 200


# --- spread ---


def test_the_spread_adds_up_to_the_plan(cast, signed_in):
    SeasonExecutive.objects.filter(executive=cast.executives[1]).update(preferred=["2027-03-04"])
    keep_busy(cast, cast.executives[0])
    plan = solved(cast)

    spread = signed_in(role="coordinator").get(PAGE).context["spread"]

    assert sum(row.visits for row in spread.days.rows) == plan.pairs.count() == 9
    assert sum(row.visits for row in spread.sites) == 9
    assert (sum(row.visits for row in spread.executive_units), sum(row.whole for row in spread.executive_units)) == (
        9,
        10,
    )
    assert sum(row.visits for row in spread.host_units) == 9
    assert (spread.preferred.visits, spread.preferred.whole) == (1, 1)
    assert len(spread.days.rows) == 10  # ten working days in two weeks


# --- one pair ---


def test_a_pair_is_explained_term_by_term(cast, signed_in):
    plan = solved(cast)
    pair = plan.pairs.select_related("executive__user", "host__user").get(executive=cast.executives[1])

    page = text(signed_in(role="coordinator").get(f"{PAGE}1/pairs/{pair.executive_id}/"))

    assert "37 of 60 months" in page  # hired on 15 January 2024, the season starts on 1 March 2027
    assert pair.executive.user.name in page
    assert "The next best host" in page
    assert "have changed since" not in page


def test_terms_add_up_and_say_when_the_data_changed(cast):
    plan = solved(cast)
    pair = PlanPair.objects.select_related(*terms.WITH_ALL).get(plan=plan, executive=cast.executives[1])
    assert sum(term.points for term in terms.terms_of(pair)) == pytest.approx(pair.points)
    assert not any(term.changed for term in terms.terms_of(pair))

    pair.host.hired_on = None

    assert [term.changed for term in terms.terms_of(pair)] == [True, False, False]
    assert terms.terms_of(pair)[0].words == "Hire date not known: counts nothing"


def test_the_runner_up_is_named_with_what_it_would_cost(cast, signed_in):
    plan = solved(cast)
    pair = plan.pairs.get(executive=cast.executives[1])
    other = next(host for host in cast.hosts if host.pk != pair.host_id)
    PlanPair.objects.filter(pk=pair.pk).update(runner_up=other, runner_up_on=pair.date, runner_up_change=-350)

    page = text(signed_in(role="coordinator").get(f"{PAGE}1/pairs/{pair.executive_id}/"))

    assert other.user.name in page
    assert "the plan would lose 0.35 points, nobody else moving." in page


def test_the_page_of_a_pair_asks_few_queries(cast, signed_in, django_assert_max_num_queries):
    pair = solved(cast).pairs.first()
    client = signed_in(role="coordinator")

    with django_assert_max_num_queries(9):
        client.get(f"{PAGE}1/pairs/{pair.executive_id}/")


# --- two plans ---


@pytest.fixture
def two(cast):
    """Plan 1 places everybody; in plan 2 one executive is away and another has another host."""
    first = solved(cast)
    keep_busy(cast, cast.executives[0])
    return first, solved(cast)


def test_two_plans_side_by_side(two, cast, signed_in):
    page = signed_in(role="coordinator").get(f"{PAGE}compare/", {"one": 2, "other": 1})

    figures = {figure.name: (figure.one, figure.other, figure.difference) for figure in page.context["figures"]}
    assert figures["Placed"] == (9, 10, "\N{MINUS SIGN}1")
    assert "Plan 2 against plan 1" in text(page)
    gone = [change for change in page.context["page"] if change.kind == "only_other"]
    assert [change.executive for change in gone] == [cast.executives[0].user.name]
    assert page.context["same"] + page.context["changed"] == 10


def test_changes_are_filtered_and_exported(two, cast, signed_in):
    client, name = signed_in(role="coordinator"), cast.executives[0].user.name

    by_kind = client.get(f"{PAGE}compare/", {"one": 1, "other": 2, "kind": "only_one"}).context["page"]
    by_name = client.get(f"{PAGE}compare/", {"one": 1, "other": 2, "q": name}).context["page"]
    rows = lines(client.get(f"{PAGE}compare.csv", {"one": 1, "other": 2, "kind": "only_one"}))

    assert [change.executive for change in by_kind] == [change.executive for change in by_name] == [name]
    assert [(row["change"], row["executive"], row["second_host"]) for row in rows] == [("only_one", name, "")]


def test_a_place_at_another_site_is_not_told(two, cast, signed_in):
    client = signed_in(role="coordinator", sites=cast.sites[:1])

    page = client.get(f"{PAGE}compare/", {"one": 1, "other": 2})

    shown, leeds = text(page), cast.sites[0].pk
    for change in page.context["page"]:
        assert leeds in [pair.site_id for pair in (change.one, change.other) if pair]
    for pair in PlanPair.objects.exclude(site=leeds).select_related("host__user"):
        assert pair.host.user.name not in shown


@pytest.mark.parametrize("query", [{"one": "x", "other": 1}, {"one": 1}, {"one": 1, "other": 9}])
def test_plans_that_are_not_there_are_not_compared(two, signed_in, query):
    assert signed_in(role="coordinator").get(f"{PAGE}compare/", query).status_code == 404


def test_without_two_finished_plans_there_is_nothing_to_compare(cast, signed_in):
    solved(cast)

    assert signed_in(role="coordinator").get(f"{PAGE}compare/").status_code == 404


def test_a_difference_is_signed_and_empty_when_equal():
    assert compare.Figure("x", 3, 1, 0).difference == "+2"
    assert compare.Figure("x", 1.04, 1.01, 1).difference == ""
    assert compare.Figure("x", 1, 1234.5, 1).difference == "\N{MINUS SIGN}1,233.5"


@pytest.mark.parametrize("executives", [3, 12])
def test_comparing_asks_the_same_for_any_number(executives, signed_in, django_assert_max_num_queries):
    cast = make_cast(executives=executives)
    solved(cast)
    solved(cast)
    client = signed_in(role="coordinator")

    with django_assert_max_num_queries(13):
        client.get(f"{PAGE}compare/")


def test_a_waiting_plan_says_that_it_waits_and_behind_whom(cast, signed_in):
    plans.ask_plan(season=cast.season, seconds=9, seed=0, by=None, now=NOW)

    assert "Waits for a free worker." in text(signed_in(role="coordinator").get(PAGE))
    assert Plan.objects.get().state == PlanState.WAITING
