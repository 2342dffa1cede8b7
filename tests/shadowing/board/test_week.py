"""The week: cells, chips, severities, filters, and how little it takes to read them."""

from datetime import date

import pytest
from django.utils import timezone

from people.models import Executive
from shadowing.board.week import build_board
from shadowing.models import Acknowledgement, Season, UnavailableDay, Visit, VisitState
from shadowing.seasons import overview
from shadowing.visits import warnings
from tests.factories import BusinessUnitFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db
TUESDAY = date(2027, 3, 2)


def row_of(page, site):
    return next(row for row in page.context["board"].rows if row.place.site == site)


def test_a_week_with_visits_as_links(coordinator, season, book, board):
    shown = book(executive__user__name="Lucia Marchetti", host__user__name="Priya Nair")
    book(day=date(2027, 3, 9))
    book(day=date(2027, 3, 3), state=VisitState.CANCELLED, executive__user__name="Gone Cancelled")
    book(day=date(2027, 3, 3), state=VisitState.DECLINED, executive__user__name="Dan Declined")
    page = board()
    body = page.content.decode()
    assert [head.day.day for head in page.context["board"].heads] == [1, 2, 3, 4, 5]
    assert [head.visits for head in page.context["board"].heads] == [0, 1, 0, 0, 0]
    assert body.count(f'href="/visits/{shown.uuid}/panel/"') == 2  # wide and phone
    assert "Gone Cancelled" not in body
    assert "chip-declined" in body
    assert "?day=2027-03-08" in body


def test_a_declined_visit_stays_until_it_is_replaced(coordinator, season, book, board):
    declined = book(state=VisitState.DECLINED, executive__user__name="Dan Declined")
    Visit.objects.create(
        season=season, executive=declined.executive, host=book().host, site=declined.site, date=date(2027, 3, 9)
    )
    assert "chip-declined" not in board().content.decode()


def test_days_that_are_full_over_and_closed(coordinator, season, leeds, book, board):
    for _ in range(3):
        book(state=VisitState.CONFIRMED)
    book(day=date(2027, 3, 6))
    page = board()
    cell = row_of(page, leeds).on(TUESDAY)
    assert (cell.taken, cell.over, cell.free, cell.load) == (3, 1, 0, "board-load-over")
    assert [chip.blocks for chip in cell.chips] == [False, False, True]
    assert [head.day.day for head in page.context["board"].heads] == [1, 2, 3, 4, 5, 6]


def test_what_blocks_publishing_stands_in_one_banner_with_the_way_out(coordinator, season, book, board):
    book(), book()
    last = book(executive__user__name="Ruben Achterberg")
    body = board().content.decode()
    assert "One thing blocks publishing." in body
    words = "Leeds takes 2 visits a day, and Tuesday 2 March has 3. Ruben Achterberg was added last."
    assert words in body.replace("\N{NO-BREAK SPACE}", " ")
    assert f"visit={last.uuid}" in body
    assert 'href="#blocked"' in body  # what "Publish" does meanwhile
    assert "Leeds takes 2 visits a day" in board(date(2027, 3, 9)).content.decode()  # seen from another week too


def test_publishing_counts_the_whole_season(coordinator, season, book, board):
    book(), book(day=date(2027, 3, 9)), book(day=date(2027, 3, 10), state=VisitState.INVITED)
    body = board().content.decode()
    assert "Publish 2 changes" in body
    assert 'href="/seasons/spring/publish/"' in body
    assert "3 visits, 3 live." in body


def test_what_blocks_is_never_hidden(coordinator, season, leeds, book, board):
    for _ in range(7):
        book()
    cell = row_of(board(), leeds).on(TUESDAY)
    assert [chip.blocks for chip in cell.shown] == [True] * 4
    assert (cell.hidden, cell.placed, cell.over) == (3, 2, 5)


def test_warnings_stand_on_the_chips_until_they_are_acknowledged(coordinator, season, book, board):
    warned = book(state=VisitState.CONFIRMED)
    UnavailableDay.objects.create(user=warned.executive.user, date=warned.date)
    assert "chip-warns" in board().content.decode()
    Acknowledgement.objects.create(
        visit=warned, date=warned.date, host=warned.host, code="executive_away", at=timezone.now(), by=coordinator
    )
    body = board().content.decode()
    assert "chip-warns" not in body
    assert "acknowledged:" in body


def test_the_board_says_of_a_visit_what_the_publish_page_says(season, leeds, book, settings):
    """The board reads its facts in one statement: the rules must come to the same."""
    Season.objects.update(days_between_host_visits=3, shared_language=True, other_business_unit=True)
    season.refresh_from_db()
    unit = BusinessUnitFactory()
    first = book(executive__business_unit=unit, executive__user__languages=["en"], host__user__languages=["de"])
    first.host.team.business_unit, first.host.team.away_at_once = unit, 1
    first.host.team.save()
    second = book(day=date(2027, 3, 3), host=first.host)
    book(host__team=first.host.team), book(host__team=first.host.team)
    UnavailableDay.objects.create(user=second.host.user, date=second.date)
    UnavailableDay.objects.create(user=first.executive.user, date=first.date)
    season.hosts.filter(host=first.host).update(willing="no", max_visits=1)
    visits = list(
        Visit.objects.order_by("date", "pk").select_related("executive__user", "host__user", "host__team", "site")
    )
    season = overview.with_sites(Season.objects.all()).get()

    board = build_board(season, list(season.season_sites.all()), day=TUESDAY, now=timezone.now())

    found = {(chip.visit.pk, doubt.code, doubt.text) for chip in board.chips for doubt in chip.doubts}
    expected = {(one.visit.pk, one.code, one.text) for one in warnings.of_visits(season, visits, now=timezone.now())}
    assert found == expected
    assert {code for _pk, code, _text in found} >= {
        "executive_away", "host_away", "not_willing", "rest_days", "floor_cover", "same_unit", "language",
        "over_capacity", "host_full",
    }  # fmt: skip


def test_a_public_holiday_says_its_name(coordinator, season, board):
    Season.objects.update(starts_on=date(2027, 1, 18), ends_on=date(2027, 1, 29))
    assert "Republic Day" in board("2027-01-27").content.decode()


def test_a_week_is_named_by_the_days_it_shows_also_where_a_weekend_is_opened(coordinator, season, leeds, board):
    def words():
        return [week.word.replace("\N{NO-BREAK SPACE}", " ") for week in board().context["weeks"]]

    assert words() == ["1 \N{EN DASH} 5 Mar", "8 \N{EN DASH} 12 Mar"]

    season.season_sites.filter(site=leeds).update(open_days=["2027-03-06"])

    assert words() == ["1 \N{EN DASH} 6 Mar", "8 \N{EN DASH} 12 Mar"]


def test_a_weekend_day_that_was_asked_for_is_shown(coordinator, season, board):
    assert [head.day.day for head in board("2027-03-07").context["board"].heads] == [1, 2, 3, 4, 5, 7]


@pytest.mark.parametrize(
    ("asked", "shown"), [("2020-01-01", 1), ("2031-01-01", 12), ("nonsense", 1), ("2027-03-10", 10)]
)
def test_the_day_asked_for_is_moved_into_the_season(coordinator, season, board, asked, shown):
    assert board(asked).context["board"].day == date(2027, 3, shown)


def test_more_than_fits_is_counted_and_opens(coordinator, season, book, board):
    site = SiteFactory(visits_a_day=9)
    season.season_sites.create(site=site, visits_a_day=9)
    for _ in range(7):
        book(site=site)
    assert "and 3 more, 2 free" in board().content.decode()
    opened = board(all=f"{site.pk}-2027-03-02")
    assert "and 3 more" not in opened.content.decode()
    assert len(row_of(opened, site).on(TUESDAY).shown) == 7


# --- filters ----------------------------------------------------------------------------------------------------------


def names(page):
    return {chip.visit.executive.name for cell in page.context["board"].cells for chip in cell.chips}


def test_pills_count_the_week_and_filter_it(coordinator, season, book, board):
    book(executive__user__name="Lea Locked", locked=True)
    book(executive__user__name="Ivo Invited", state=VisitState.INVITED)
    away = book(day=date(2027, 3, 3), executive__user__name="Ada Away")
    UnavailableDay.objects.create(user=away.executive.user, date=away.date)
    page = board()
    assert {pill.word: pill.number for pill in page.context["pills"]} == {
        "Warns": 1, "Blocks": 0, "Locked": 1, "Unanswered": 1,
    }  # fmt: skip
    assert names(board(only="locked")) == {"Lea Locked"}
    assert names(board(only="unanswered")) == {"Ivo Invited"}
    assert names(board(only="warns")) == {"Ada Away"}
    assert names(board(only="nonsense")) == {"Lea Locked", "Ivo Invited", "Ada Away"}


def test_sites_and_units_filter_the_week(coordinator, season, leeds, pune, book, board):
    unit = BusinessUnitFactory(name="Networks", path="Networks")
    book(executive__user__name="Nora Networks", executive__business_unit=unit)
    book(executive__user__name="Paul Pune", site=pune)
    assert names(board(site="pune")) == {"Paul Pune"}
    assert names(board(unit=str(unit.pk))) == {"Nora Networks"}
    assert [row.place.site for row in board(site="pune").context["board"].rows] == [pune]
    assert row_of(board(unit=str(unit.pk)), pune).on(TUESDAY).taken == 1  # the head stays true


def test_the_week_as_a_file(client, coordinator, season, book):
    book(executive__user__name="=Formula"), book(day=date(2027, 3, 9), executive__user__name="Next Week")
    answer = client.get("/seasons/spring/board/week.csv?day=2027-03-02")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[0].startswith("Date,Site,Executive")
    assert "'=Formula" in text
    assert "Next Week" not in text
    xlsx = client.get("/seasons/spring/board/week.xlsx?day=2027-03-02")
    assert b"".join(xlsx.streaming_content)[:2] == b"PK"
    assert client.get("/seasons/spring/board/week.doc").status_code == 404


# --- who, and how fast ------------------------------------------------------------------------------------------------


def test_who_sees_the_board(client, season, leeds, pune, book, board):
    book(executive__user__name="Lena Leeds"), book(site=pune, executive__user__name="Pia Pune")
    client.force_login(UserFactory(role="coordinator", sites=[leeds]))
    assert names(board()) == {"Lena Leeds"}
    client.force_login(UserFactory(role="sponsor"))
    page = board()
    assert names(page) == {"Lena Leeds", "Pia Pune"}
    assert not page.context["works"]
    for stranger in (UserFactory(role="coordinator", sites=[SiteFactory()]), Executive.objects.first().user):
        client.force_login(stranger)
        assert board().status_code == 404


@pytest.mark.parametrize("count", [1, 3, 50])
def test_the_board_takes_eight_queries_for_any_number(
    coordinator, season, book, board, django_assert_num_queries, count
):
    site = SiteFactory()
    season.season_sites.create(site=site, visits_a_day=20)
    for number in range(count):
        book(site=site, day=date(2027, 3, 1 + number % 5), state=VisitState.CONFIRMED)
    # session, person, roles, season, its sites, visits, what stands against them with all counts, season in the masthead
    with django_assert_num_queries(8):
        assert board().status_code == 200
