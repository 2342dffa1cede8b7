"""Paired choices: two groups' shares of the same options, their gap, and where both are read."""

import csv
import io
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people.models import User
from shadowing.models import SeasonState
from surveys.alignment import words
from surveys.alignment.choices import Choice, Option, by_distance, distance
from surveys.alignment.items import Side
from surveys.alignment.reading import read
from surveys.alignment.scope import Scope, seasons_for
from surveys.coding import Coded, Precision
from surveys.figures import Shown, Thresholds, cell_figure
from surveys.models import Audience, Phase, Question, QuestionnaireVersion, QuestionType, Tally
from tests.factories import ExecutiveFactory, SeasonFactory, SiteFactory, UserFactory
from tests.surveys.tallied import around, tallied

PAGE, SUMMARY = "/surveys/alignment/", "/surveys/alignment/summary/"
KEY = "slows-most"


def option(executives, front_line, label="One"):
    return Option(label, executives, front_line)


def choice(*shares, kind=QuestionType.ONE_OF, earlier=None, **more):
    """A choice with these (executives, front line) shares."""
    side = Side(asked=True, text="Asked?", shown=Shown(Coded("", "40")))
    options = [option(*pair, label=f"Option {place}") for place, pair in enumerate(shares)]
    return Choice("one", kind, "", "", side, side, options, earlier=earlier, **more)


# --- The gap, without a database


@pytest.mark.parametrize(
    ("kind", "shares", "gap"),
    [
        ("one", [(50, 50), (50, 50)], 0),
        ("one", [(100, 0), (0, 100)], 100),
        ("one", [(40, 10), (30, 30), (30, 60)], 30),
        ("one", [(100, 0), (20, 100), (0, 20)], 100),  # rounded shares may add up to more than all
        ("some", [(40, 10), (30, 30), (30, 80)], 50),
        ("some", [], 0),
    ],
)
def test_one_of_by_total_variation_some_of_by_the_largest_difference(kind, shares, gap):
    assert distance(kind, [option(*pair) for pair in shares]) == gap


groups = st.integers(2, 6).flatmap(lambda n: st.tuples(*[st.lists(st.integers(1, 40), min_size=n, max_size=n)] * 2))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(groups)
def test_of_exact_shares_the_gap_is_the_largest_difference_of_any_set_of_options(groups):
    """The second definition of the total variation distance, tried out over all sets."""
    shares = [[100 * n / sum(group) for n in group] for group in groups]
    options = [option(*pair) for pair in zip(*shares, strict=True)]

    sets = range(2 ** len(options))
    largest = max(sum(o.executives - o.front_line for n, o in enumerate(options) if mask >> n & 1) for mask in sets)

    assert distance("one", options) == pytest.approx(largest)
    assert distance("some", options) <= distance("one", options) + 1e-9


@pytest.mark.parametrize(
    ("shares", "band", "said"),
    [
        ([(50, 50), (50, 50)], 0, "much the same on both sides"),
        ([(40, 30), (30, 40), (20, 30), (10, 0)], 0, "much the same on both sides"),  # steps of 10 % can do that
        ([(60, 40), (40, 60)], 1, "apart, most of all on “Option 0”"),
        ([(20, 60), (80, 40)], 2, "far apart, most of all on “Option 0”"),
    ],
)
def test_a_gap_in_words_says_nothing_that_rounding_could(shares, band, said):
    one = choice(*shares)

    assert one.band == band
    assert words.chosen_apart(one) == said


def test_why_there_is_no_gap():
    shown, hidden = Side(True, "", Shown(Coded("", "5+"))), Side(asked=True)  # noqa: FBT003

    def why(executives, front_line, **more):
        return words.missing_choice(Choice("one", "one", "", "", executives, front_line, **more), 5)

    assert why(Side(), shown) == "executives were not asked"
    assert why(shown, Side()) == "the front line was not asked"
    assert why(shown, shown, alike=False) == "the two sides chose from different options"
    assert why(shown, shown) == "hidden: shares need 10 answers on both sides"
    assert why(hidden, shown) == "hidden: fewer than 5 executives’ answers are released"
    assert why(shown, hidden) == "hidden: fewer than 5 answers of the front line are released"
    assert words.missing_choice(choice((50, 50)), 5) == ""


def test_furthest_apart_first_and_hidden_ones_last():
    one = [choice((50, 40), (50, 60)), choice((50, None)), choice((90, 10), (10, 90))]

    assert by_distance(one) == [one[2], one[0], one[1]]


def test_how_the_gap_moved():
    assert words.change(choice((60, 40), (40, 60), earlier=choice((80, 40), (20, 60)))) == "20 smaller"
    assert words.change(choice((60, None), earlier=choice((80, 40)))) == "cannot be told: one of them is hidden"


def test_a_page_without_a_chart_has_a_finding_all_the_same():
    assert words.finding([], [], [choice((80, 20), (20, 80))]).endswith("chose apart, most of all on “Asked?”")
    assert words.finding([], [], [choice((50, 50))]) == "Executives and the front line see it much the same"
    assert words.finding([], [], [choice((50, None))]) == "There is no gap to show yet"


OPTIONS = [{"key": key, "texts": {"en": key}} for key in "abc"]
counts = st.lists(st.integers(0, 30), min_size=3, max_size=3)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.tuples(counts, counts), st.tuples(counts, counts))
def test_a_gap_tells_nothing_that_the_shares_do_not(one, other):
    """Two programs whose shares read alike have the same gap, whatever was answered."""

    def read_as(program):
        asked = Question(type="one", options=OPTIONS)
        figures = [
            cell_figure(asked, dict(zip("abc", side, strict=True)), Thresholds(5, 8), Precision.COARSE)
            if sum(side) >= 5
            else None
            for side in program
        ]
        bars = [dict(shown.bars) if shown else {} for shown in figures]
        options = [option(bars[0].get(key), bars[1].get(key)) for key in "abc"]
        return bars, Choice("one", "one", "", "", Side(), Side(), options).gap

    (bars, gap), (other_bars, other_gap) = read_as(one), read_as(other)
    if bars == other_bars:
        assert gap == other_gap


# --- Read from released figures


@pytest.fixture
def leeds():
    return SiteFactory(name="Leeds")


@pytest.fixture
def season(leeds):
    return SeasonFactory(name="Spring", slug="spring", sites=[leeds], state=SeasonState.CLOSED)


ABOVE = {"systems": 4, "knowledge": 24, "rules": 4, "other-teams": 4, "repeats": 4}
BELOW = {"systems": 24, "knowledge": 4, "rules": 4, "other-teams": 4, "repeats": 4}


def pulse(season, above, below, phase=Phase.BEFORE, **more):
    """Both pulses with these counts of the one list, and one sentence on which both agree."""
    alike = {"call-reasons": around(3.0)}
    tallied(season, "pulse-executives", Audience.EXECUTIVES, {None: alike | {KEY: above}}, phase=phase, **more)
    floor = {site: alike | {KEY: given} for site, given in below.items()}
    tallied(season, "pulse-front-line", Audience.FRONT_LINE, floor, phase=phase, **more)


def found(user, phase="", **more):
    user = User.objects.with_identities().get(pk=user.pk)
    seasons = seasons_for(user)
    return read(user, Scope(seasons[0], phase, **more), seasons)


@pytest.mark.django_db
def test_shares_of_both_sides_by_option_as_they_are_shown_elsewhere(season, leeds):
    pulse(season, ABOVE, {leeds: BELOW})

    (one,) = found(UserFactory(role="sponsor")).choices

    assert (one.key, one.theme, one.text) == (KEY, "What slows agents down", "What costs agents most time?")
    assert one.front_line.text == "What costs you most time?"
    assert [(each.executives, each.front_line, each.gap.number) for each in one.options[:3]] == [
        (10, 60, -50), (60, 10, 50), (10, 10, 0),
    ]  # fmt: skip
    assert (one.gap.text, one.band, one.most.label) == ("50", 2, "Too many systems, or slow ones")


@pytest.mark.django_db
def test_page_file_report_and_meeting_tell_the_same(client, season, leeds):
    pulse(season, ABOVE, {leeds: BELOW})
    client.force_login(UserFactory(role="coordinator"))

    page, summary = client.get(PAGE).content.decode(), client.get(SUMMARY).content.decode()
    lines = b"".join(client.get("/surveys/alignment.csv").streaming_content).decode().removeprefix("\ufeff")
    rows = [row for row in csv.DictReader(io.StringIO(lines)) if row["question"] == "What costs agents most time?"]

    for shown in (page, summary):
        assert "far apart, most of all on “Too many systems, or slow ones”" in shown
        titles = re.findall(r'<th scope="row" class="title[^"]*">([^<]*)', shown)
        wanted = [row["option"] for row in rows[1:]]
        assert (
            titles[-5:] == wanted if shown == page else titles == wanted[:3]
        )  # the three most apart are the first here
        assert "style=" not in shown
    assert (rows[0]["gap"], rows[0]["option"], rows[0]["executives"]) == ("50", "", "")
    assert (rows[1]["executives"], rows[1]["front_line"], rows[1]["gap"]) == ("10\u00a0%", "60\u00a0%", "−50")
    numbers = [rows[1][f"{name}_number"] for name in ("executives", "front_line", "gap", "gap_then")]
    assert numbers == ["10", "60", "-50", ""]
    assert summary.count('class="summary-gap"') == 1


@pytest.mark.django_db
def test_after_is_compared_with_before(season, leeds):
    pulse(season, ABOVE, {leeds: BELOW})
    pulse(season, BELOW, {leeds: BELOW}, Phase.AFTER)

    after = found(UserFactory(role="sponsor"))

    (one,) = after.choices
    assert (after.scope.phase, one.gap.text, one.earlier.gap.text) == (Phase.AFTER, "0", "50")
    assert words.change(one) == "50 smaller"


@pytest.mark.django_db
def test_a_site_is_shown_only_to_who_may_see_its_cells(client, leeds):
    pune = SiteFactory(name="Pune")
    season = SeasonFactory(sites=[leeds, pune], state=SeasonState.CLOSED)
    pulse(season, ABOVE, {leeds: BELOW, pune: ABOVE})

    (one,) = found(UserFactory(role="coordinator", sites=[leeds]), site=leeds.pk).choices
    assert [each.front_line for each in one.options[:2]] == [60, 0]  # of one cell among several: steps of 20 %
    assert one.options[0].executives == 10
    client.force_login(ExecutiveFactory().user)
    assert client.get(f"{PAGE}?site={leeds.pk}").status_code == 404
    (total,) = found(ExecutiveFactory().user).choices
    assert [each.front_line for each in total.options[:2]] == [30, 30]  # made of what is shown of both sites


@pytest.mark.django_db
def test_few_answers_are_hidden_on_their_side_alone(client, season, leeds):
    pulse(season, ABOVE, {leeds: {"systems": 3}})
    client.force_login(UserFactory(role="admin"))

    (one,) = found(UserFactory(role="admin")).choices
    page = client.get(PAGE).content.decode()

    assert (one.gap, one.options[0].executives, one.options[0].front_line) == (None, 10, None)
    assert "hidden: fewer than 5 answers of the front line are released" in page
    Tally.objects.filter(choice="systems", answers=3).update(answers=7)
    assert "hidden: shares need 10 answers on both sides" in client.get(PAGE).content.decode()


@pytest.mark.django_db
def test_lists_with_other_options_are_not_set_side_by_side(client, season, leeds):
    pulse(season, ABOVE, {leeds: BELOW})
    other = Question.objects.get(key=KEY, version__questionnaire__slug="pulse-front-line")
    other.options = [*other.options[1:], {"key": "weather", "texts": {"en": "The weather"}}]
    other.save()
    client.force_login(UserFactory(role="admin"))

    page = client.get(PAGE).content.decode()

    assert "the two sides chose from different options" in page
    assert "The weather" not in page


@pytest.mark.django_db
def test_the_front_lines_words_for_an_option_stand_beside_executives(client, season, leeds):
    pulse(season, ABOVE, {leeds: BELOW})
    other = Question.objects.get(key=KEY, version__questionnaire__slug="pulse-front-line")
    other.options = [{"key": each["key"], "texts": {"en": f"My {each['key']}"}} for each in reversed(other.options)]
    other.save()
    client.force_login(UserFactory(role="admin"))

    page = client.get(PAGE).content.decode()

    assert page.index("Too many systems, or slow ones") < page.index("● My systems") < page.index("● My knowledge")


@pytest.mark.django_db
def test_several_answers_add_up_to_more_than_all_and_say_so(client, season, leeds):
    pulse(season, {}, {leeds: {}})
    Question.objects.filter(key=KEY).update(type=QuestionType.SOME_OF)
    for version in QuestionnaireVersion.objects.all():
        asked = version.questions.get(key=KEY)
        many = {"": 40, "systems": 30 if "exec" in version.questionnaire.slug else 10, "rules": 20}
        cell = version.rounds.get().cells.get()
        Tally.objects.bulk_create(Tally(cell=cell, question=asked, choice=k, answers=n) for k, n in many.items())
    client.force_login(UserFactory(role="admin"))

    (one,) = found(UserFactory(role="admin")).choices

    assert [(each.executives, each.front_line) for each in one.options[:2]] == [(80, 20), (0, 0)]
    assert one.gap.text == "60"
    assert "Several answers were possible" in client.get(PAGE).content.decode()


@pytest.mark.django_db
def test_a_theme_with_nothing_but_a_list_has_a_page(client, season, leeds):
    pulse(season, ABOVE, {leeds: BELOW})
    Question.objects.filter(section="obstacles").exclude(key=KEY).update(alignment_key="")
    client.force_login(UserFactory(role="admin"))

    page = client.get(f"{PAGE}?theme=obstacles").content.decode()

    assert "Chosen from one list" in page
    assert "The same as a table" not in page
    summary = client.get(f"{SUMMARY}?theme=obstacles").content.decode()
    assert "chose apart, most of all on “What costs agents most time?”" in summary
