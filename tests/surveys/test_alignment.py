"""The alignment page, its files and the page for the meeting: who sees what, compared with which moment."""

import csv
import io
import re
from datetime import date
from html import unescape

import pytest
from openpyxl import load_workbook

from people.models import User
from shadowing.models import SeasonState
from surveys.alignment.chart import NARROW, WIDE, dumbbells
from surveys.alignment.reading import every_moment, read
from surveys.alignment.rows import COLUMNS, rows_of
from surveys.alignment.scope import Scope, seasons_for
from surveys.models import Audience, Phase, Round, Tally
from tests.factories import ExecutiveFactory, HostFactory, SeasonFactory, SiteFactory, UserFactory
from tests.surveys.tallied import around, tallied

pytestmark = pytest.mark.django_db
PAGE, SUMMARY = "/surveys/alignment/", "/surveys/alignment/summary/"


@pytest.fixture
def leeds():
    return SiteFactory(name="Leeds")


@pytest.fixture
def pune():
    return SiteFactory(name="Pune")


@pytest.fixture
def season(leeds, pune):
    return SeasonFactory(name="Spring", slug="spring", sites=[leeds, pune], state=SeasonState.CLOSED)


def pulse(season, above, below, phase=Phase.BEFORE, **more):
    """Both pulses. ``above``: {key: mean}; ``below``: {site: {key: mean}}; an empty mapping releases nothing."""
    executives = {None: {key: around(mean) for key, mean in above.items()}}
    floor = {site: {key: around(mean) for key, mean in means.items()} for site, means in below.items()}
    return (
        tallied(season, "pulse-executives", Audience.EXECUTIVES, executives, phase=phase, **more),
        tallied(season, "pulse-front-line", Audience.FRONT_LINE, floor, phase=phase, **more),
    )


@pytest.fixture
def rounds(season, leeds, pune):
    above = {"call-reasons": 4.0, "tools-complete": 3.5, "authority-backed": 3.0}
    below = {"call-reasons": 2.5, "tools-complete": 3.0, "authority-backed": 4.0}
    return pulse(season, above, {leeds: below, pune: below | {"call-reasons": 2.0}})


def reader(user):
    """As the middleware hands the person on."""
    return User.objects.with_identities().get(pk=user.pk)


def found(user, season=None, phase="", **more):
    user = reader(user)
    seasons = seasons_for(user)
    return read(user, Scope(season or seasons[0], phase, **more), seasons)


def test_largest_gap_first_with_both_wordings_and_the_finding(client, rounds):
    client.force_login(UserFactory(role="sponsor"))

    page = client.get(PAGE).content.decode()

    assert "Executives see it brighter, most of all on “What customers call about” and “Tools”" in page
    places = [page.rindex(words) for words in ("I can name the five", "An agent who decides", "Agents see all they")]
    assert places == sorted(places)
    assert "executives see it much brighter" in page
    assert page.count("hidden") >= 11  # the other questions: nothing released
    assert "style=" not in page


def test_executives_and_hosts_see_the_total_and_no_site(client, rounds, leeds):
    for user in (ExecutiveFactory().user, HostFactory().user):
        client.force_login(user)
        page = client.get(PAGE)
        assert page.status_code == 200
        assert "Leeds" not in page.content.decode()
        assert client.get(f"{PAGE}?site={leeds.pk}").status_code == 404
        assert client.get("/surveys/alignment.csv").status_code == 404
    client.force_login(UserFactory())
    assert "Nothing to compare yet" in client.get(PAGE).content.decode()


def test_a_coordinator_looks_at_own_sites_beside_all_executives(client, rounds, leeds, pune):
    client.force_login(UserFactory(role="coordinator", sites=[leeds]))

    page = client.get(f"{PAGE}?site={leeds.pk}").content.decode()

    assert "The front line of Leeds beside all executives." in page
    assert "Pune" not in page
    assert client.get(f"{PAGE}?site={pune.pk}").status_code == 404


def test_a_site_has_its_own_gaps(rounds, leeds, pune):
    admin = UserFactory(role="admin")

    def gap(**more):
        return next(item.gap.text for item in found(admin, **more).items if item.key == "call-reasons")

    assert (gap(site=leeds.pk), gap(site=pune.pk)) == ("1.5", "2")


@pytest.mark.parametrize(
    "query",
    ["season=none", "phase=never", "site=x", "site=-1", "site=99999", "season=%00", "site=999999999999999999999999"],
)
def test_what_does_not_exist_is_not_found(client, rounds, query):
    client.force_login(UserFactory(role="admin"))

    assert client.get(f"{PAGE}?{query}").status_code == 404


def test_an_unknown_theme_leaves_nothing_and_says_how_to_see_the_others(client, rounds):
    client.force_login(UserFactory(role="admin"))

    assert "No question of this theme here" in client.get(f"{PAGE}?theme=%00").content.decode()
    page = client.get(f"{PAGE}?theme=tools").content.decode()
    assert "Agents see all they need" in page
    assert "I can name the five" not in page


def test_after_is_compared_with_before_and_before_with_the_season_before(season, rounds, leeds):
    pulse(season, {"call-reasons": 3.5}, {leeds: {"call-reasons": 3.0}}, Phase.AFTER)
    later = SeasonFactory(
        name="Autumn", slug="autumn", program=season.program, sites=[leeds], state=SeasonState.CLOSED,
        starts_on=date(2027, 9, 6), ends_on=date(2027, 9, 17),
    )  # fmt: skip
    pulse(later, {"call-reasons": 4.0}, {leeds: {"call-reasons": 3.5}})
    sponsor = UserFactory(role="sponsor")

    after, next_time = found(sponsor, season), found(sponsor, later)

    assert (after.scope.phase, after.against.phase) == (Phase.AFTER, Phase.BEFORE)
    one = after.items[0]
    assert (one.key, one.gap.text, one.earlier.gap.text) == ("call-reasons", "0.5", "1.8")
    assert (next_time.scope.phase, next_time.against.season) == (Phase.BEFORE, season)
    assert next_time.items[0].earlier.gap.text == "1.8"


def test_the_moment_with_figures_is_shown_first(season, rounds, leeds):
    pulse(season, {}, {leeds: {}}, Phase.AFTER)

    assert found(UserFactory(role="admin"), season).scope.phase == Phase.BEFORE
    assert found(UserFactory(role="admin"), season, Phase.AFTER).items[0].gap is None


def test_named_rounds_are_for_coordinators_alone(season, leeds):
    pulse(season, {"call-reasons": 4.0}, {leeds: {"call-reasons": 2.0}}, anonymous=False, exact=False)

    assert seasons_for(reader(UserFactory(role="sponsor"))) == []
    assert found(UserFactory(role="coordinator"), season).items[0].gap.text == "2"


def test_host_and_executive_after_a_visit_are_paired_too(season, leeds):
    yes = {"worthwhile": {1: 30, 0: 10}, "floor-share": around(4.0)}
    tallied(season, "visit", Audience.VISIT_EXECUTIVES, {leeds: yes})
    tallied(season, "hosting", Audience.VISIT_HOSTS, {leeds: yes | {"worthwhile": {1: 20, 0: 20}}})

    alignment = found(UserFactory(role="sponsor"), season)

    assert alignment.scope.phase == "visits"
    assert [(one.key, one.gap.text if one.gap else None) for one in alignment.items] == [
        ("visit-worthwhile", "25"), ("visit-floor-share", "0"), ("visit-again", None),
    ]  # fmt: skip


def test_several_rounds_of_one_side_are_joined_from_what_is_shown_of_each(season, leeds, pune):
    tallied(season, "pulse-executives", Audience.EXECUTIVES, {None: {"call-reasons": around(4.0)}}, phase=Phase.BEFORE)
    for site, mean in ((leeds, 2.0), (pune, 3.0)):
        figures = {site: {"call-reasons": around(mean)}}
        tallied(season, "pulse-front-line", Audience.FRONT_LINE, figures, phase=Phase.BEFORE, site=site)

    assert found(UserFactory(role="sponsor"), season).items[0].front_line.figure == "2.5"
    coordinator = UserFactory(role="coordinator", sites=[leeds])
    assert found(coordinator, season).items[0].front_line.figure == "2"
    executive = ExecutiveFactory().user
    assert found(executive, season).items[0].gap is None  # a round of one site is no season's total


def test_a_cell_under_k_is_hidden_and_left_out(season, rounds, leeds):
    Tally.objects.filter(question__key="tools-complete", cell__round=rounds[1]).update(answers=1)

    one = next(item for item in found(UserFactory(role="admin"), season).items if item.key == "tools-complete")

    assert one.front_line.value is None


@pytest.mark.parametrize(("page", "most"), [(PAGE, 11), (SUMMARY, 11), ("/surveys/alignment.csv", 11)])
@pytest.mark.parametrize("seasons", [1, 6])
def test_queries_stay_the_same(client, django_assert_max_num_queries, season, rounds, leeds, pune, page, most, seasons):
    for year in range(1, seasons):
        earlier = SeasonFactory(
            program=season.program, sites=[leeds, pune], state=SeasonState.CLOSED,
            starts_on=date(2027 - year, 3, 1), ends_on=date(2027 - year, 3, 12),
        )  # fmt: skip
        pulse(earlier, {"call-reasons": 4.0}, {leeds: {"call-reasons": 2.0}, pune: {"call-reasons": 2.0}})
        pulse(earlier, {"call-reasons": 4.0}, {leeds: {"call-reasons": 2.0}}, Phase.AFTER)
    client.force_login(UserFactory(role="coordinator", sites=[leeds, pune]))

    with django_assert_max_num_queries(most):
        response = client.get(f"{page}?season=spring")
        b"".join(response.streaming_content) if response.streaming else response.content


def test_the_files_hold_what_the_page_shows(client, season, rounds, leeds, pune):
    pulse(season, {"call-reasons": 4.9}, {leeds: {"call-reasons": 3.0}}, Phase.AFTER)
    client.force_login(UserFactory(role="coordinator"))
    query = f"?season=spring&phase=after&site={leeds.pk}"
    page = client.get(PAGE + query).content.decode()

    lines = b"".join(client.get(f"/surveys/alignment.csv{query}").streaming_content).decode().removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(lines)))
    shown = table(page)

    paired = [row for row in rows if row["question"] and not row["option"]]
    assert [row["question"] for row in paired] == [*(line[0] for line in shown), "What costs agents most time?"]
    for row, line in zip(rows, shown, strict=False):
        assert [row["executives"], row["front_line"], row["gap"] or "–", row["meaning"]] == line[1:5]
        assert (row["gap_then"] or "–", row["change"]) == (line[5], line[6])
    assert rows[0]["executives"] == "≥\u00a04.5"


def table(page):
    """The rows of the page's first table: question, executives, front line, gap, words, gap then, since then."""
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    cells = [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    ]
    clean = [
        [re.sub(r"<span class=\"(second|visually-hidden)\">.*?</span>", "", cell) for cell in row] for row in cells
    ]
    return [[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in clean]


def test_numbers_of_the_workbook_are_numbers_only_where_numbers_are_shown(season, rounds, client):
    client.force_login(UserFactory(role="sponsor"))

    body = b"".join(client.get("/surveys/alignment.xlsx").streaming_content)

    rows = load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True)
    assert next(rows) == COLUMNS
    first = dict(zip(COLUMNS, next(rows), strict=True))
    assert (first["executives"], first["front_line"], first["gap"]) == ("4", "2.2", "1.8")
    assert (first["executives_number"], first["front_line_number"], first["gap_number"]) == (4, 2.2, 1.8)
    assert client.get("/surveys/alignment.pdf").status_code == 404


def test_every_column_of_the_report_has_one_type(season, rounds, leeds, pune):
    """Words and numbers stand apart, whatever was hidden, coded, not asked or compared."""
    from tests.surveys import test_choices as lists

    pulse(season, {"call-reasons": 4.9, "tools-complete": 3.0}, {leeds: {"call-reasons": 3.0}, pune: {}}, Phase.AFTER)
    earlier = SeasonFactory(
        name="Autumn", program=season.program, sites=[leeds, pune], state=SeasonState.CLOSED,
        starts_on=date(2026, 9, 7), ends_on=date(2026, 9, 18),
    )  # fmt: skip
    lists.pulse(earlier, lists.ABOVE, {leeds: lists.BELOW, pune: lists.BELOW})
    rows = [row for one in every_moment(reader(UserFactory(role="admin")), None) for row in rows_of(one)]

    kinds = {name: {type(row[place]) for row in rows} - {type(None)} for place, name in enumerate(COLUMNS)}
    shown = {name: {row[COLUMNS.index(name)] for row in rows} for name in COLUMNS}
    assert shown["executives"] >= {"hidden", "≥\u00a04.5", "10\u00a0%"}
    assert shown["gap_number"] >= {-1, -50}
    assert {"hidden", ""} < shown["gap_then"]
    for name, found in kinds.items():
        assert found <= ({int, float} if name.endswith("_number") else {str}), name
        assert found, name


def test_the_report_has_every_moment_of_the_season(season, rounds, leeds):
    from floorprogram.reports.catalogue import CATALOGUE
    from floorprogram.reports.figures import Filters
    from tests.factories import NINE

    pulse(season, {"call-reasons": 3.5}, {leeds: {"call-reasons": 3.0}}, Phase.AFTER)
    sponsor = reader(UserFactory(role="sponsor"))
    report = CATALOGUE["alignment"]

    rows = list(report.rows(sponsor, Filters(season), NINE))

    assert list(dict.fromkeys(row[1] for row in rows)) == ["after the season", "before the season"]
    assert rows[0] == next(rows_of(found(sponsor, season)))
    assert {len(row) for row in rows} == {len(report.columns)}
    assert list(report.rows(sponsor, Filters(None), NINE)) == rows


def test_the_page_for_the_meeting_has_three_gaps_three_questions_and_room(client, season, rounds):
    client.force_login(ExecutiveFactory().user)

    page = client.get(SUMMARY).content.decode()

    assert page.count('class="summary-gap"') == 3
    assert page.count('class="note-lines"') == 3
    assert "Our executives know the five most frequent reasons" in page  # the front line's wording beside executives'
    assert "What happens on the floor that executives do not see?" in page


def test_without_figures_the_meeting_waits(client, season, leeds):
    pulse(season, {}, {leeds: {}})
    client.force_login(UserFactory(role="admin"))

    assert "Nothing to talk over yet" in client.get(SUMMARY).content.decode()
    assert "Nothing is released yet." in client.get(PAGE).content.decode()


@pytest.mark.parametrize("layout", [WIDE, NARROW])
def test_marks_stay_on_the_axis_and_rows_do_not_overlap(rounds, layout):
    items = found(UserFactory(role="admin")).items

    chart = dumbbells(items, layout)

    marks = [mark for row in chart.rows for mark in (row.executives, row.front_line) if mark]
    assert all(layout.left <= mark.x <= chart.end for mark in marks)
    rules = [row.rule for row in chart.rows]
    assert rules == sorted(rules)
    assert chart.height > rules[-1]
    assert [word for _x, word in chart.ticks] == ["1", "2", "3", "4", "5"]


def test_drafts_and_foreign_seasons_are_not_offered(season, rounds, leeds):
    Round.objects.update(state="draft", settled_on=None, exact=False)

    assert seasons_for(reader(UserFactory(role="admin"))) == []
