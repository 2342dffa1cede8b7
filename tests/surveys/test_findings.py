"""The page of a round, its file, and the list of rounds."""

import csv
import io
import re
from datetime import date
from html import unescape

import pytest
from openpyxl import load_workbook

from floorprogram.reports.catalogue import CATALOGUE
from floorprogram.reports.figures import Filters
from people.models import User
from shadowing.models import SeasonState
from surveys.exports import SURVEY_COLUMNS, number_in
from surveys.findings import findings
from surveys.models import Answer, Audience, Cell, Question, Response, Round, Signature, Tally
from tests.factories import NINE, ExecutiveFactory, HostFactory, SeasonFactory, SiteFactory, UserFactory
from tests.surveys.tallied import around, tallied

pytestmark = pytest.mark.django_db


@pytest.fixture
def leeds():
    return SiteFactory(name="Leeds")


@pytest.fixture
def pune():
    return SiteFactory(name="Pune")


@pytest.fixture
def season(leeds, pune):
    return SeasonFactory(name="Spring", slug="spring", sites=[leeds, pune], state=SeasonState.CLOSED)


def figures(yes=30, mean=4.0):
    return {
        "worthwhile": {1: yes, 0: 40 - yes},
        "floor-share": around(mean),
        "again": {1: 20, 0: 20},
        "change": {"": 12},
    }


@pytest.fixture
def hosting(season, leeds, pune):
    survey_round = tallied(season, "hosting", Audience.VISIT_HOSTS, {leeds: figures(), pune: figures(36, 3.0)})
    write(survey_round, 12)
    return survey_round


def write(survey_round, count):
    """Released words in every cell."""
    question = Question.objects.get(version=survey_round.version, key="change")
    for cell in survey_round.cells.all():
        for number in range(count):
            response = Response.objects.create(round=survey_round, cell=cell, release=1)
            Answer.objects.create(response=response, question=question, text=f"=Words {number} of {cell.site}")
    Tally.objects.filter(cell__round=survey_round, question=question).update(answers=count)


def reader(user):
    return User.objects.with_identities().get(pk=user.pk)


def page_of(client, survey_round, query=""):
    response = client.get(f"/surveys/{survey_round.pk}/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_mean_favourable_share_distribution_and_parts(client, hosting):
    client.force_login(UserFactory(role="coordinator"))

    page = page_of(client, hosting)

    assert "82\u00a0%" in page  # 66 of 80, exact once settled
    assert "66 of 80" in page
    assert "favourable</span>" not in page
    assert "(4 or 5 of 5)" in page
    assert "hardly any" in page
    assert page.count('scope="row" class="title">Leeds') == 4  # three closed questions answered, one hidden
    assert "style=" not in page


def test_one_cell_by_itself(client, hosting, leeds, pune):
    client.force_login(UserFactory(role="coordinator", sites=[leeds]))
    own, foreign = (Cell.objects.get(round=hosting, site=site) for site in (leeds, pune))

    page = page_of(client, hosting, f"?cell={own.pk}")

    assert "75\u00a0%" not in page  # coarser than the season's
    assert "30 of 40" not in page
    assert "of Pune" not in page
    for cell in (foreign.pk, "x", "0", "%00"):
        assert client.get(f"/surveys/{hosting.pk}/?cell={cell}").status_code == 404


def test_executives_and_hosts_see_the_season_and_no_part_or_file(client, hosting, leeds):
    cell = Cell.objects.get(round=hosting, site=leeds)
    for user in (ExecutiveFactory().user, HostFactory().user):
        client.force_login(user)
        page = page_of(client, hosting)
        assert "66 of 80" in page
        assert 'class="title">Leeds' not in page
        assert "CSV" not in page
        assert client.get(f"/surveys/{hosting.pk}/?cell={cell.pk}").status_code == 404
        assert client.get(f"/surveys/{hosting.pk}.csv").status_code == 404


def test_hidden_figures_say_why(client, season, leeds, pune):
    survey_round = tallied(
        season, "hosting", Audience.VISIT_HOSTS, {leeds: figures(), pune: {"worthwhile": {1: 2, 0: 1}}}
    )
    client.force_login(UserFactory(role="sponsor"))

    page = page_of(client, survey_round)

    assert "hidden: fewer than 5 answers" in page
    assert "The survey is closed, so it stays hidden." in page  # nobody was asked whether anything was staged


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("draft", "Nobody has been asked."),
        ("open", "the first once 30 can be shown at one site and at least 5 stay back"),
        ("closed", "They stay hidden."),
    ],
)
def test_nothing_released_says_why_and_when(client, season, leeds, state, words):
    survey_round = tallied(season, "hosting", Audience.VISIT_HOSTS, {leeds: {}}, state=state, exact=False)
    client.force_login(UserFactory(role="admin"))

    page = page_of(client, survey_round)

    assert words in page
    assert "data-print" not in page


def test_a_survey_just_closed_does_not_say_that_its_answers_stay_hidden(client, season, leeds):
    """Given a survey that was closed a moment ago; until what waits is released or not, its pages say that this comes."""
    survey_round = tallied(season, "hosting", Audience.VISIT_HOSTS, {leeds: {}}, exact=False)
    Round.objects.update(settled_on=None)
    client.force_login(UserFactory(role="admin"))

    page, setup = page_of(client, survey_round), client.get(f"/surveys/{survey_round.pk}/setup/").content.decode()
    assert "What waits is released together within about ten minutes" in page
    assert "They stay hidden." not in page
    assert "not yet" in setup

    Round.objects.update(settled_on=survey_round.closes_on)
    page, setup = page_of(client, survey_round), client.get(f"/surveys/{survey_round.pk}/setup/").content.decode()
    assert "Nothing was released." in page
    assert "not yet" not in setup
    assert "these counts are the last" in setup


def test_choices_have_their_shares(client, season):
    options = {"yes": 10, "no": 20, "not-sure": 10}
    survey_round = tallied(season, "silos", Audience.EXECUTIVES, {None: {"routing": options}})
    client.force_login(ExecutiveFactory().user)

    page = page_of(client, survey_round)

    assert re.search(r"Not sure</th>.*?30&nbsp;%|Not sure</th>.*?20&nbsp;%", page, re.DOTALL)


def test_against_the_same_survey_of_the_season_before(client, season, hosting, leeds, pune):
    later = SeasonFactory(
        name="Autumn", program=season.program, sites=[leeds, pune], state=SeasonState.CLOSED,
        starts_on=date(2027, 9, 6), ends_on=date(2027, 9, 17),
    )  # fmt: skip
    newer = tallied(later, "hosting", Audience.VISIT_HOSTS, {leeds: figures(20, 4.0), None: figures(20, 3.0)})
    client.force_login(UserFactory(role="admin"))
    cells = {cell.site: cell for cell in newer.cells.all()}

    assert "Spring: 32 lower" in page_of(client, newer)
    at_leeds = page_of(client, newer, f"?cell={cells[leeds].pk}")
    assert re.search("Spring: ([0-9]+ )?lower", at_leeds)  # by the shares as shown, coarser than the season's
    assert "Spring: 32 lower" not in at_leeds
    pooled = page_of(client, newer, f"?cell={cells[None].pk}")
    assert "Compared with" not in pooled  # the pool holds other sites each season
    assert "Compared with" not in page_of(client, hosting)


def test_words_stand_in_pages(client, hosting):
    write(hosting, 60)
    client.force_login(UserFactory(role="admin"))

    first, second = page_of(client, hosting), page_of(client, hosting, "?p-change=2")

    assert (first.count("=Words"), second.count("=Words")) == (50, 50)
    assert "p-change=2" in first
    assert "p-change=1" in second
    assert set(re.findall(r"<li>(=Words.*?)</li>", first)) != set(re.findall(r"<li>(=Words.*?)</li>", second))
    for odd in ("?p-change=x", "?p-change=-1", "?p-change=99999999999", "?p-=2", "?p-change=0", "?p-change=9"):
        assert client.get(f"/surveys/{hosting.pk}/{odd}").status_code == 200


def test_the_file_holds_what_the_page_shows_and_nothing_more(client, hosting):
    client.force_login(UserFactory(role="coordinator"))
    page = page_of(client, hosting)

    body = b"".join(client.get(f"/surveys/{hosting.pk}.csv").streaming_content).decode().removeprefix("\ufeff")

    rows = list(csv.DictReader(io.StringIO(body)))
    words = unescape(re.sub(r"<[^>]+>", "\n", page.replace("&nbsp;", "\u00a0")))
    shown = {line.strip() for line in words.splitlines()}
    figures = {row["figure"] for row in rows if row["measure"] != "text"}
    assert figures - {"hidden"} <= shown
    assert ("hidden" in figures) == ("hidden: fewer than 5 answers" in shown)
    numbers = {line for line in shown if re.fullmatch(r"[≥≤]?\s?\d+(\.\d+)?(\s?%)?", line)}
    answers = {row["answers"] for row in rows} | {row["option"] for row in rows}
    assert numbers <= figures | answers | {"1", "5"}
    texts = {row["figure"].removeprefix("'") for row in rows if row["measure"] == "text"}
    assert texts == set(re.findall(r"<li>(=Words.*?)</li>", page))
    assert all(row["figure"].startswith("'=") for row in rows if row["measure"] == "text")


def test_cells_of_the_workbook_are_typed(client, hosting):
    client.force_login(UserFactory(role="sponsor"))

    body = b"".join(client.get(f"/surveys/{hosting.pk}.xlsx").streaming_content)

    rows = [
        dict(zip(SURVEY_COLUMNS, row, strict=True))
        for row in load_workbook(io.BytesIO(body)).active.iter_rows(min_row=2, values_only=True)
    ]
    mean = next(row for row in rows if row["measure"] == "mean" and row["part"] == "Season")
    assert (mean["figure"], mean["figure_number"]) == ("3.5", 3.5)
    assert (mean["answers"], mean["answers_number"]) == ("80", 80)
    yes = next(row for row in rows if row["measure"] == "yes")
    assert (yes["figure"], yes["figure_number"]) == ("82\u00a0%", 82)
    assert client.get(f"/surveys/{hosting.pk}.pdf").status_code == 404


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3.5", 3.5),
        ("12", 12),
        ("10+", 10),
        ("≥\u00a04.5", 4.5),
        ("60\u00a0%", 60),
        ("≤\u00a05\u00a0%", 5),
        ("hidden", None),
        ("", None),
    ],
)
def test_the_number_in_a_figure(text, value):
    assert number_in(text) == value


def test_every_column_of_the_survey_report_has_one_type(season, hosting, leeds, pune):
    """Words and numbers stand apart, whatever was hidden, coded, compared or written."""
    later = SeasonFactory(
        name="Autumn", program=season.program, sites=[leeds, pune], state=SeasonState.CLOSED,
        starts_on=date(2027, 9, 6), ends_on=date(2027, 9, 17),
    )  # fmt: skip
    few = {"worthwhile": {1: 2, 0: 1}}
    tallied(later, "hosting", Audience.VISIT_HOSTS, {leeds: figures(20, 4.0), None: figures(20, 3.0), pune: few})

    rows = list(CATALOGUE["survey"].rows(UserFactory(role="admin"), Filters(), NINE))

    kinds = {name: {type(row[place]) for row in rows} - {type(None)} for place, name in enumerate(SURVEY_COLUMNS)}
    numbers = {"numerator", "denominator", "answers_number", "figure_number", "figure_then_number"}
    assert {row[SURVEY_COLUMNS.index("figure")] for row in rows} >= {"hidden", "82\u00a0%"}
    for name, found in kinds.items():
        wanted = {int, float} if name in numbers else {date} if name == "released_on" else {str}
        assert found <= wanted, name
    assert all(kinds[name] for name in ("figure_number", "figure_then_number", "answers_number"))


def test_the_report_is_the_pages_one_after_the_other(hosting, season):
    sponsor = reader(UserFactory(role="sponsor"))
    tallied(season, "silos", Audience.EXECUTIVES, {None: {}}, state="draft")

    rows = list(CATALOGUE["survey"].rows(sponsor, Filters(season), NINE))

    assert {len(row) for row in rows} == {len(SURVEY_COLUMNS)}
    assert {row[1] for row in rows} == {str(hosting.version)}


@pytest.mark.parametrize("cells", [1, 2])
def test_queries_of_the_page_stay_the_same(client, django_assert_max_num_queries, season, hosting, leeds, pune, cells):
    for year in (2026, 2025):
        earlier = SeasonFactory(
            program=season.program, sites=[leeds, pune], state=SeasonState.CLOSED,
            starts_on=date(year, 3, 1), ends_on=date(year, 3, 12),
        )  # fmt: skip
        tallied(earlier, "hosting", Audience.VISIT_HOSTS, {site: figures() for site in (leeds, pune)[:cells]})
    client.force_login(UserFactory(role="coordinator", sites=[leeds, pune]))

    with django_assert_max_num_queries(12):
        page_of(client, hosting)


def test_the_parts_of_a_round_follow_who_asks(hosting, leeds):
    def parts(user):
        return [part.name for part in findings(hosting, reader(user)).parts]

    assert parts(UserFactory(role="sponsor")) == ["Season", "Leeds", "Pune"]
    assert parts(UserFactory(role="coordinator", sites=[leeds])) == ["Season", "Leeds"]
    assert parts(HostFactory().user) == ["Season"]


@pytest.fixture
def many(season, leeds, pune):
    other = SeasonFactory(name="Winter", slug="winter", sites=[leeds])
    return [
        tallied(season, "hosting", Audience.VISIT_HOSTS, {leeds: figures()}),
        tallied(season, "silos", Audience.EXECUTIVES, {None: {}}, state="open"),
        tallied(other, "hosting", Audience.VISIT_HOSTS, {leeds: {}}, state="draft"),
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 3),
        ("?season=spring", 2),
        ("?questionnaire=hosting", 2),
        ("?audience=executives", 1),
        ("?state=closed", 1),
        ("?state=closed&season=winter", 0),
        ("?state=%00", 3),
        ("?state=nonsense", 0),
        ("?page=2", 0),
        ("?page=x", 3),
    ],
)
def test_the_list_is_filtered_by_its_address(client, django_assert_max_num_queries, many, query, found):
    client.force_login(UserFactory(role="admin"))

    with django_assert_max_num_queries(8):
        page = client.get(f"/surveys/{query}").content.decode()

    assert page.count('data-label="Season"') == found
    assert ("No survey matches these filters" in page) == (found == 0)


def test_without_any_round_the_list_says_what_will_come(client):
    client.force_login(UserFactory(role="admin"))

    page = client.get("/surveys/").content.decode()

    assert "No survey yet" in page
    assert "Who was asked" not in page


def test_in_a_named_round_coordinators_read_who_wrote_what(client, season, leeds):
    survey_round = tallied(season, "hosting", Audience.VISIT_HOSTS, {leeds: figures()}, anonymous=False, exact=False)
    write(survey_round, 1)
    writer = UserFactory(name="Maya Rowntree")
    Signature.objects.create(response=Response.objects.get(), user=writer)
    client.force_login(UserFactory(role="coordinator", sites=[leeds]))

    page = page_of(client, survey_round)
    body = b"".join(client.get(f"/surveys/{survey_round.pk}.csv").streaming_content).decode()

    assert "Maya Rowntree" in page
    assert "30 of 40" in page
    assert "was not anonymous" in page
    assert ",text,Maya Rowntree," in body
    for user in (UserFactory(role="sponsor"), ExecutiveFactory().user, HostFactory().user):
        client.force_login(user)
        assert client.get(f"/surveys/{survey_round.pk}/").status_code == 404
