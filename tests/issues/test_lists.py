"""The list, what I must do, my promises: rights, filters, order, empty states, and a constant number of queries."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from freezegun import freeze_time

from issues import actions, listing
from issues.filters import ORDERS, Filters
from issues.models import Counterpart, Issue
from issues.models.issues import NEVER
from issues.queries import EXPORT_COLUMNS, issue_rows, take_aways_owed
from people.models import BusinessUnit
from shadowing.models import Visit, VisitDay
from tests.factories import NINE, HostFactory, IssueFactory, SiteFactory, TeamFactory, UserFactory, VisitFactory
from tests.issues.conftest import TODAY, in_state

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::ResourceWarning")]


@pytest.fixture(autouse=True, scope="module")
def frozen():
    with freeze_time(NINE):
        yield


def page(client, user, url="/issues/"):
    client.force_login(user)
    return client.get(url)


def numbers(response):
    return [row["number"] for row in response.context["page"].rows]


# --- The first clock ---


@pytest.mark.parametrize(
    ("state", "expected"),
    [("open", date(2027, 3, 15)), ("in_progress", date(2027, 3, 15)), ("on_hold", date(2027, 3, 22)),
     ("delivered", date(2027, 3, 22)), ("confirmed", NEVER), ("withdrawn", NEVER), ("merged", NEVER)],
)  # fmt: skip
def test_the_database_knows_the_first_clock(cast, state, expected):
    in_state(cast.issue, state)
    assert Issue.objects.values_list("first_due", flat=True).get(pk=cast.issue.pk) == expected


def test_overdue_from_the_day_after():
    issue = IssueFactory()
    assert not Issue.objects.overdue(date(2027, 3, 15)).exists()
    assert Issue.objects.overdue(date(2027, 3, 16)).get() == issue


# --- The list ---


def test_the_list_shows_each_row_with_its_people_and_clocks(client, cast):
    html = page(client, cast.people["coordinator"]).content.decode()

    for words in ("SIM swap needs three systems", "Maya Rowntree", "Billing Care, Leeds", "Anneke Vos", "14 d", "21 d"):
        assert words in html
    assert "1 taken away, 1 open" in html


@pytest.mark.parametrize(
    ("role", "sees"),
    [("admin", 2), ("sponsor", 2), ("coordinator", 1), ("owner", 1), ("assistant", 1), ("host", 1),
     ("executive who was there", 1), ("coordinator elsewhere", 0), ("another executive", 0), ("another host", 0)],
)  # fmt: skip
def test_everybody_sees_their_own_part(client, cast, role, sees):
    IssueFactory()
    assert len(numbers(page(client, cast.people[role]))) == sees


@pytest.mark.parametrize("count", [1, 3, 50])
def test_the_list_costs_the_same_whatever_the_number_of_rows(client, django_assert_max_num_queries, count):
    visit = VisitFactory(held=True)
    IssueFactory.create_batch(count, origin_visit=visit)
    coordinator = UserFactory(role="coordinator", sites=[visit.site])
    client.force_login(coordinator)
    client.get("/issues/")

    # session, person, roles, season in the masthead, menus, counts, rows
    with django_assert_max_num_queries(8) as seen:
        response = client.get("/issues/")

    assert len(numbers(response)) == count
    assert len(seen) == 7


def test_the_clock_that_ran_out_first_comes_first(client, cast):
    late = IssueFactory(origin_visit=cast.visit, next_update_due=TODAY - timedelta(days=3))
    closed = IssueFactory(origin_visit=cast.visit, confirmed=True)
    silent = IssueFactory(origin_visit=cast.visit, word_due=TODAY - timedelta(days=6))

    assert numbers(page(client, cast.people["admin"])) == [silent.pk, late.pk, cast.issue.pk, closed.pk]
    assert numbers(page(client, cast.people["admin"], "/issues/?sort=newest"))[0] == silent.pk
    assert numbers(page(client, cast.people["admin"], "/issues/?sort=number"))[0] == cast.issue.pk
    assert closed.pk not in numbers(page(client, cast.people["admin"], "/issues/?sort=target"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=sim+swap", {"plain"}), ("q=two+screens", {"plain", "late", "delivered"}), ("q=zzz", set()),
        ("state=delivered", {"delivered"}), ("state=unsolved", {"plain", "late", "delivered", "elsewhere"}),
        ("state=nonsense", {"plain", "late", "delivered", "closed", "elsewhere"}),
        ("site=leeds", {"plain", "late", "delivered", "closed"}), ("overdue=yes", {"late"}), ("waits=yes", {"delivered"}),
        ("owner=anneke", {"plain", "late", "delivered", "closed"}), ("category=system", {"late"}),
        ("site=leeds&state=open&q=sim", {"plain"}), ("page=7", set()),
    ],
)  # fmt: skip
def test_filters(client, cast, query, found):
    made = {
        "plain": cast.issue,
        "late": IssueFactory(
            origin_visit=cast.visit, next_update_due=TODAY - timedelta(days=3), category__name="system"
        ),
        "delivered": IssueFactory(origin_visit=cast.visit, delivered=True),
        "closed": IssueFactory(origin_visit=cast.visit, confirmed=True, obstacle="Paper."),
        "elsewhere": IssueFactory(obstacle="Noise.", next_update_due=TODAY + timedelta(days=1)),
    }
    assert set(numbers(page(client, cast.people["admin"], f"/issues/?{query}"))) == {made[name].pk for name in found}


def test_a_number_finds_its_issue(client, cast):
    IssueFactory(origin_visit=cast.visit)
    assert numbers(page(client, cast.people["admin"], f"/issues/?q={cast.issue.pk}"))[0] == cast.issue.pk


def test_season_owner_id_and_mine(client, cast):
    IssueFactory()
    owner = cast.people["owner"]
    assert numbers(page(client, owner, f"/issues/?season={cast.visit.season.slug}")) == [cast.issue.pk]
    assert numbers(page(client, cast.people["admin"], f"/issues/?owner={owner.pk}")) == [cast.issue.pk]
    assert numbers(page(client, cast.people["assistant"], "/issues/?mine=yes")) == [cast.issue.pk]
    assert numbers(page(client, cast.people["executive who was there"], "/issues/?mine=yes")) == []


@pytest.mark.parametrize(
    "query",
    ["q=%00", "page=0", "page=-3", "page=99999999999999", "page=x", "sort=drop", "q=" + "9" * 40, "owner=" + "9" * 40,
     "q=%25_%5C", "state=%F0%9F%98%80", "owner=%C2%B2", "site='--", "category=<script>"],
)  # fmt: skip
def test_strange_addresses_are_answered(client, cast, query):
    response = page(client, cast.people["admin"], f"/issues/?{query}")
    assert response.status_code == 200
    assert b"<script>" not in response.content.split(b"</head>")[1]


def test_empty_list_and_empty_filter_say_different_things(client):
    admin = UserFactory(role="admin")
    assert "No issues yet" in page(client, admin).content.decode()

    IssueFactory()
    html = page(client, admin, "/issues/?q=zzz").content.decode()
    assert "No issue matches these filters" in html
    assert "1 are open" in html


def test_pages(client, monkeypatch):
    monkeypatch.setattr(listing, "PAGE", 2)
    visit = VisitFactory(held=True)
    IssueFactory.create_batch(5, origin_visit=visit)
    admin = UserFactory(role="admin")

    pages = [page(client, admin, f"/issues/?q=refund&page={number}") for number in (1, 2, 3)]

    assert [len(numbers(one)) for one in pages] == [2, 2, 1]
    assert "q=refund&amp;page=3" in pages[1].content.decode()
    assert [one.context["page"].has_next for one in pages] == [True, True, False]
    assert "3–4 of 4+" in pages[1].content.decode()
    assert "5–5 of 5<" in pages[2].content.decode()


def test_counting_stops(monkeypatch):
    monkeypatch.setattr(listing, "CAP", 3)
    IssueFactory.create_batch(5, origin_visit=VisitFactory(held=True))

    assert listing.counts(all=Issue.objects.all()) == {"all": 3}


def test_a_chosen_filter_can_be_dropped(client, cast):
    html = page(client, cast.people["admin"], "/issues/?site=leeds&overdue=yes").content.decode()
    assert 'href="/issues/?overdue=yes"' in html
    assert 'href="/issues/?site=leeds"' in html


def test_a_search_keeps_the_filters():
    kept = dict(Filters.read({"q": "sim", "site": "leeds", "sort": "newest"}).kept())
    assert (kept["site"], kept["sort"], "q" in kept) == ("leeds", "newest", False)


def test_a_coordinator_is_offered_only_their_sites(client, cast):
    SiteFactory(name="Pune")
    html = page(client, cast.people["coordinator"]).content.decode()
    assert "?site=leeds" in html
    assert "?site=pune" not in html


# --- What I must do ---


def test_what_i_must_do(client, cast, django_assert_max_num_queries):
    owing = VisitFactory(held=True, executive=cast.executive, date=date(2027, 2, 20))
    client.force_login(cast.people["assistant"])
    client.get("/issues/mine/")

    with django_assert_max_num_queries(8):
        html = client.get("/issues/mine/").content.decode()

    assert f"/issues/take-away/{owing.uuid}/" in html
    assert "SIM swap needs three systems" in html
    assert "1 take-away owed" in html


def test_nothing_to_do(client, cast):
    html = page(client, cast.people["another executive"], "/issues/mine/").content.decode()
    assert "Nothing waits" in html


def test_mine_is_not_for_hosts(client, cast):
    assert page(client, cast.people["host"], "/issues/mine/").status_code == 404


# --- Take-aways owed ---


def test_a_visit_owes_until_it_is_settled_or_waived(cast):
    coordinator = cast.people["coordinator"]
    owing = VisitFactory(held=True, host=HostFactory(team=cast.host.team))
    VisitFactory(confirmed=True)
    assert set(take_aways_owed(Visit.objects.visible_to(coordinator))) == set(
        Visit.objects.held().exclude(pk=cast.visit.pk)
    )
    assert owing in take_aways_owed()

    actions.waive_take_away(visit=owing, reason="Closed.", by=coordinator, now=NINE)
    assert owing not in take_aways_owed()


def test_a_withdrawn_issue_still_settles(cast):
    in_state(cast.issue, "withdrawn")
    assert cast.visit not in take_aways_owed()


def test_a_shared_issue_of_the_day_settles_its_owners_visit_only(cast):
    day = VisitDay.objects.create(site=cast.site, date=TODAY)
    one = VisitFactory(held=True, host=HostFactory(team=cast.host.team))
    other = VisitFactory(held=True, host=HostFactory(team=cast.host.team))
    IssueFactory(
        origin_visit=None, origin_day=day, owner=one.executive, promised_to=one.host, site=cast.site, season=one.season
    )

    owed = set(take_aways_owed())
    assert one not in owed
    assert other in owed


# --- My promises ---


def test_my_promises_wait_first(client, delivered):
    other = IssueFactory(origin_visit=delivered.visit, title="Postcode twice")
    actions.post_update(issue=other, text="Only for colleagues.", host_reads=False, by=other.owner.user, now=NINE)

    html = page(client, delivered.people["host"], "/issues/promises/").content.decode()

    assert "One promise waits for your word" in html
    assert html.index("SIM swap") < html.index("Postcode twice")
    assert "One screen, no paper, since Monday." in html
    assert "Only for colleagues." not in html


def test_no_promises_yet(client, cast):
    assert (
        "Nothing was promised to you yet"
        in page(client, cast.people["another host"], "/issues/promises/").content.decode()
    )


def test_promises_cost_the_same_whatever_their_number(client, cast, django_assert_max_num_queries):
    IssueFactory.create_batch(5, origin_visit=cast.visit)
    client.force_login(cast.people["host"])
    client.get("/issues/promises/")

    with django_assert_max_num_queries(6):
        client.get("/issues/promises/")


# --- Export ---


def test_export_rows_follow_the_filter(cast):
    late = IssueFactory(origin_visit=cast.visit, next_update_due=TODAY - timedelta(days=3))
    found = Filters.read({"overdue": "yes"}).apply(Issue.objects.all(), cast.people["admin"], timezone.localdate())

    rows = list(issue_rows(found))

    assert [dict(zip(EXPORT_COLUMNS, row, strict=True))["number"] for row in rows] == [late.pk]


# --- More filters ---


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("overdue=update", {"late"}), ("overdue=target", {"passed", "held up"}), ("overdue=word", {"silent"}),
        ("overdue=yes", {"late", "passed", "held up", "silent"}), ("team=billing+CARE", {"late", "passed", "plain"}),
        ("stale=10", {"late", "passed", "held up", "silent"}), ("stale=x", None), ("unit=Networks", {"field"}),
        ("unit=networks+%2F+field", {"field"}), ("unit=Net", set()), ("crosses=yes", {"field"}),
        ("asked=yes", {"passed"}), ("back=yes", set()), ("unit=Networks&crosses=yes&site=leeds", {"field"}),
    ],
)  # fmt: skip
def test_more_filters(client, cast, query, found):
    networks, retail = (BusinessUnit.objects.create(name=name, path=name) for name in ("Networks", "Retail"))
    field = BusinessUnit.objects.create(name="Field", path="Networks / Field", parent=networks)
    desk = TeamFactory(site=cast.site, name="Field Desk", business_unit=retail)
    same = TeamFactory(site=cast.site, name="Desk", business_unit=networks)
    about = {"origin_visit": cast.visit}
    old = {"taken_away_at": NINE - timedelta(days=11), "last_update_on": None}
    made = {
        "plain": cast.issue,
        "late": IssueFactory(next_update_due=TODAY - timedelta(days=1), **about, **old),
        "passed": IssueFactory(target_date=TODAY - timedelta(days=1), withdrawal_reason="x", **about, **old),
        "silent": IssueFactory(word_due=TODAY - timedelta(days=1), raised_in=same, owning_unit=field, **about, **old),
        "field": IssueFactory(raised_in=desk, owning_unit=field, last_update_on=TODAY - timedelta(days=9), **about),
        "held up": in_state(IssueFactory(raised_in=same, **about, **old), "on_hold"),
    }
    Issue.objects.filter(pk=made["held up"].pk).update(hold_until=TODAY - timedelta(days=1))
    if "unit=" in query:
        Issue.objects.filter(pk=made["silent"].pk).update(owning_unit=retail)
    expected = set(made) if found is None else found
    assert set(numbers(page(client, cast.people["admin"], f"/issues/?{query}"))) == {made[name].pk for name in expected}


def test_a_counterpart_of_another_unit_crosses_too(client, cast):
    networks, retail = (BusinessUnit.objects.create(name=name, path=name) for name in ("Networks", "Retail"))
    Issue.objects.filter(pk=cast.issue.pk).update(owning_unit=networks)
    helper = cast.people["another executive"]
    given = {"person": helper, "request": "x", "asked_at": NINE, "asked_by": cast.people["owner"], "unit": retail}
    row = Counterpart.objects.create(issue=cast.issue, **given)
    assert numbers(page(client, cast.people["admin"], "/issues/?crosses=yes")) == []

    Counterpart.objects.filter(pk=row.pk).update(state="accepted")
    assert numbers(page(client, cast.people["admin"], "/issues/?crosses=yes")) == [cast.issue.pk]


def test_the_page_of_filters(client, cast, django_assert_max_num_queries):
    client.force_login(cast.people["coordinator"])
    with django_assert_max_num_queries(8):
        html = client.get("/issues/filters/?state=open&team=Billing+Care&unit=Gone").content.decode()
    for words in ('name="state" value="open"', 'value="Billing Care"', '<option value="Gone" selected>'):
        assert words in html


@pytest.mark.parametrize("sort", [f"{turn}{name}" for name in ORDERS for turn in ("", "-")])
def test_every_order_and_its_reverse(client, cast, sort):
    IssueFactory.create_batch(2, origin_visit=cast.visit)
    forth = numbers(page(client, cast.people["admin"], f"/issues/?sort={sort}"))
    back = numbers(
        page(client, cast.people["admin"], f"/issues/?sort={sort.removeprefix('-') if '-' in sort else f'-{sort}'}")
    )
    assert len(forth) == 3
    assert forth == back[::-1]


def test_a_head_sorts_and_turns(client, cast):
    html = page(client, cast.people["admin"], "/issues/?sort=title&state=open").content.decode()
    assert 'aria-sort="ascending"><a href="/issues/?state=open&amp;sort=-title"' in html


def test_a_clocks_order_counts_only_what_it_shows(client, cast):
    IssueFactory(origin_visit=cast.visit, confirmed=True)
    assert "1–1 of 1" in page(client, cast.people["admin"], "/issues/?sort=target").content.decode()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_file_holds_the_same_in_the_same_order(client, cast, ending):
    second = IssueFactory(origin_visit=cast.visit, title="=Z")
    IssueFactory(origin_visit=cast.visit, confirmed=True)
    client.force_login(cast.people["coordinator"])
    response = client.get(f"/issues/issues.{ending}?state=open&sort=-number")
    body = b"".join(response.streaming_content)
    assert f"issues.{ending}" in response["Content-Disposition"]
    if ending == "csv":
        rows = [line.split(",") for line in body.decode("utf-8-sig").splitlines()]
        assert [row[0] for row in rows[1:]] == [str(second.pk), str(cast.issue.pk)]
        assert rows[1][1] == "'=Z"


def test_files_are_csv_or_xlsx_and_not_for_hosts(client, cast):
    client.force_login(cast.people["admin"])
    assert client.get("/issues/issues.pdf").status_code == 404
    assert page(client, cast.people["host"], "/issues/issues.csv").status_code == 404


# --- More of what I must do ---


def test_what_i_am_asked_and_what_i_work_on(client, cast):
    other = cast.people["another executive"]
    given = {"person": other, "request": "x", "asked_at": NINE, "asked_by": cast.people["owner"]}
    Counterpart.objects.create(issue=cast.issue, **given)
    html = page(client, other, "/issues/mine/").content.decode()
    assert "1 question to answer" in html
    assert "Anneke Vos asks for help with it." in html

    Counterpart.objects.update(state="accepted")
    html = page(client, other, "/issues/mine/").content.decode()
    assert "Open issues I own or work on" in html
    assert cast.issue.title in html
