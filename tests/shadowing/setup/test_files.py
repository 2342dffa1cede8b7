"""A season as a file: written out, applied again, applied elsewhere, copied from another season."""

import copy
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people.errors import Conflict, NotAllowed
from people.models import AuditEvent, Site
from shadowing.models import Season, SeasonState
from shadowing.models.seasons import default_reminders
from shadowing.seasons import apply_season, change_season, delete_draft, start_season
from shadowing.seasons.changes import changed_after, meaning
from shadowing.seasons.exporting import export_season
from shadowing.seasons.parts import ChangedMeanwhile, stamp_of
from shadowing.seasons.problems import SeasonRefused
from shadowing.seasons.spec import comes_before, read_spec
from tests.factories import ExecutiveFactory, HostFactory, SeasonFactory, SiteFactory, TeamFactory, UserFactory

NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)
LEAST = {
    "program": "Back to the Floor", "name": "Spring 2027", "slug": "spring-2027", "starts_on": "2027-03-01",
    "ends_on": "2027-03-12", "sites": [{"slug": "atlanta"}],
}  # fmt: skip
FIRST = date(2027, 3, 1)


def paths(data, **options):
    return [problem.path for problem in read_spec(data, **options)[1]]


# --- new keys ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"questionnaires": ["nonsense"]}, ["questionnaires[0]"]),
        ({"questionnaires": "hosting"}, ["questionnaires"]),
        ({"copy_from": 7}, ["copy_from"]),
        ({"reminders": {"visit_coming": [1]}}, ["reminders.visit_coming[0]"]),
        ({"reminders": {"take_away_owed": [-1]}}, ["reminders.take_away_owed[0]"]),
        ({"questionnaires": []}, []),
        ({"questionnaires": ["hosting", "hosting"], "reminders": {"visit_coming": [0], "survey_open": [0]}}, []),
    ],
)
def test_what_a_file_may_say_of_questionnaires_copies_and_reminders(change, at):
    assert paths(LEAST | change) == at


def test_a_draft_may_wait_for_its_sites():
    assert paths(LEAST | {"sites": []}, unfinished=True) == []
    assert paths(LEAST | {"sites": []}) == ["sites"]


# --- written out ------------------------------------------------------------------------------------------------------

DAYS = [(FIRST + timedelta(days=shift)).isoformat() for shift in range(12)]
OPEN = st.lists(st.sampled_from(DAYS), max_size=3, unique=True).map(sorted)
SITES = [
    {"slug": "atlanta", "name": "Atlanta", "time_zone": "America/New_York", "country": "US", "subdivision": "GA"},
    {"slug": "pune", "name": "Pune", "time_zone": "Asia/Kolkata", "country": "IN", "subdivision": ""},
    {"slug": "x_1", "name": "“X” & Söhne", "time_zone": "UTC", "country": "", "subdivision": ""},
]


@st.composite
def site_lists(draw):
    chosen = draw(st.lists(st.sampled_from(SITES), min_size=1, unique_by=lambda site: site["slug"]))
    return [site | {"visits_a_day": draw(st.integers(1, 1000)), "open_days": draw(OPEN)} for site in chosen]


@st.composite
def agendas(draw):
    parts, free = [], 0
    for kind in draw(st.lists(st.sampled_from(["briefing", "floor", "regroup", "take-away"]), min_size=1, max_size=5)):
        starts, minutes = free + draw(st.integers(0, 60)), draw(st.integers(5, 200))
        parts.append({"kind": kind, "starts": f"{starts // 60:02}:{starts % 60:02}", "minutes": minutes})
        free = starts + minutes
    return parts


def reminder_values(name):
    if name.endswith("_every"):
        return st.integers(1, 365)
    bounds = (-90, 0) if comes_before(default_reminders()[name]) else (0, 365)
    return st.lists(st.integers(*bounds), max_size=4)


WORDS = st.text("aé“ß7 .&<", min_size=1, max_size=20).map(lambda text: " ".join(text.split())).filter(bool)
SEASONS = st.fixed_dictionaries(
    {
        "program": WORDS, "name": WORDS, "slug": st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,4})?", fullmatch=True),
        "starts_on": st.just(DAYS[0]), "ends_on": st.just(DAYS[-1]), "sites": site_lists(),
    },
    optional={
        "rules": st.fixed_dictionaries({}, optional={
            "host_min_tenure_months": st.integers(0, 600), "other_business_unit": st.booleans(),
            "shared_language": st.booleans(), "no_repeat_seasons": st.integers(0, 20),
            "days_between_host_visits": st.integers(0, 60)}),
        "weights": st.fixed_dictionaries({}, optional={"tenure": st.floats(0, 1000), "fair_load": st.integers(0, 9)}),
        "agenda": agendas(), "answer_by_days": st.integers(1, 60), "notice_days": st.integers(0, 60),
        "reminders": st.fixed_dictionaries({}, optional={name: reminder_values(name) for name in default_reminders()}),
        "questionnaires": st.sampled_from([[], ["hosting"]]),
        "executives": st.sampled_from(["all", ["E1"], ["E1", "e2@example.com"], []]),
        "hosts": st.sampled_from(["all", "willing", ["H1"], []]),
    },
)  # fmt: skip


@pytest.fixture
def people(db):
    """Executives by number, by e-mail; two who share a number are named by their e-mail."""
    ExecutiveFactory(user__name="Ann", user__employee_number="E1", user__email="ann@example.com")
    ExecutiveFactory(user__name="Ben", user__employee_number=None, user__email="e2@example.com")
    HostFactory(
        user__name="Hana", user__employee_number="H1", team=TeamFactory(site=SiteFactory(name="Leeds", slug="leeds"))
    )


@settings(
    max_examples=60, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(data=SEASONS.filter(lambda data: data["slug"] != "new"))
def test_a_season_written_out_and_applied_elsewhere_is_the_same(people, data):
    """Given any season file; when its season is written out; then that changes nothing here and makes the same elsewhere."""
    Season.objects.all().delete()
    Site.objects.exclude(slug="leeds").delete()
    written = export_season(apply_season(data=copy.deepcopy(data), by=None, now=NOW))
    for key, value in data.items():
        if key in ("rules", "weights", "reminders"):
            assert written[key].items() >= value.items()
        elif key != "sites":
            assert written[key] == (
                sorted(value, key=lambda k: k != "E1") if key == "executives" and value != "all" else value
            )
    assert sorted(written["sites"], key=str) == sorted(data["sites"], key=str)
    written = json.loads(json.dumps(written))
    apply_season(data=written, by=None, now=NOW)
    assert AuditEvent.objects.order_by("-pk")[0].changes == {}
    Season.objects.all().delete()
    Site.objects.exclude(slug="leeds").delete()
    again = Season.objects.get(pk=apply_season(data=written, by=None, now=NOW).pk)
    assert export_season(again) == written


def test_two_people_with_one_number_are_named_by_their_addresses(people):
    ExecutiveFactory(user__name="Bea", user__employee_number="E1", user__email="bea@example.com")
    season = apply_season(data=LEAST | {"executives": ["ann@example.com", "bea@example.com"]}, by=None, now=NOW)
    written = export_season(season)
    assert written["executives"] == ["ann@example.com", "bea@example.com"]
    assert apply_season(data=written, by=None, now=NOW).executives.count() == 2


@pytest.mark.parametrize("count", [1, 30])
def test_writing_out_takes_the_same_queries_for_any_number(people, django_assert_max_num_queries, count):
    names = [ExecutiveFactory(user__employee_number=f"N{number}").user.employee_number for number in range(count)]
    season = apply_season(data=LEAST | {"executives": names, "hosts": ["H1"]}, by=None, now=NOW)
    with django_assert_max_num_queries(5):
        assert len(export_season(season)["executives"]) == count


# --- copied -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def source(db):
    site = SiteFactory(name="Atlanta", slug="atlanta")
    season = SeasonFactory(slug="old", sites=[site], notice_days=9, no_repeat_seasons=2, shared_language=True,
                           weights={"tenure": 3}, reminders={"survey_open": [1]}, questionnaires=[])  # fmt: skip
    season.season_sites.update(visits_a_day=8, open_days=["2027-03-06"])
    return season


def test_a_file_may_copy_another_season_and_its_own_words_win(source):
    data = {key: value for key, value in LEAST.items() if key != "sites"}
    data |= {"copy_from": "old", "rules": {"shared_language": False}, "notice_days": 1}
    season = apply_season(data=data, by=None, now=NOW)
    written = export_season(season)
    assert (season.notice_days, season.no_repeat_seasons, season.shared_language) == (1, 2, False)
    assert (written["weights"]["tenure"], written["reminders"], written["questionnaires"]) == (
        3,
        {"survey_open": [1]},
        [],
    )
    assert [(site["slug"], site["visits_a_day"], site["open_days"]) for site in written["sites"]] == [
        ("atlanta", 8, [])
    ]


@pytest.mark.parametrize("slug", ["nowhere", "spring-2027"])
def test_a_season_copies_another_one(source, slug):
    with pytest.raises(SeasonRefused, match="copy_from: no other season"):
        apply_season(data=LEAST | {"copy_from": slug}, by=None, now=NOW)


def test_the_command_copies_too(source, tmp_path, capsys):
    file = tmp_path / "season.json"
    file.write_text(json.dumps({key: value for key, value in LEAST.items() if key != "sites"} | {"copy_from": "old"}))
    call_command("apply_season", file, "--json")
    assert json.loads(capsys.readouterr().out)["sites"] == ["atlanta"]


# --- part by part -----------------------------------------------------------------------------------------------------


def part(**change):
    return {name: value for name, value in LEAST.items() if name != "sites"} | change


def test_a_part_leaves_everything_else_alone(people):
    everywhere = UserFactory(role="coordinator")
    ExecutiveFactory(user__name="Bea", user__employee_number="E1", user__email=None)
    season = start_season(part=part(), by=everywhere, now=NOW)
    Season.objects.update(executives_from="listed", hosts_from="all", notice_days=8)
    change_season(
        season=season, part={"agenda": [{"kind": "floor", "starts": "08:00", "minutes": 60}]}, by=everywhere, now=NOW
    )
    season.refresh_from_db()
    assert (season.executives_from, season.hosts_from, season.notice_days) == ("listed", "all", 8)
    assert len(season.agenda) == 1


def test_a_stamp_that_fits_no_longer_is_a_conflict(db):
    everywhere = UserFactory(role="coordinator")
    season = start_season(part=part(), by=everywhere, now=NOW)
    seen = stamp_of(export_season(season), {"notice_days"})
    change = {"season": season, "part": {"notice_days": 2}, "by": everywhere, "now": NOW, "seen": seen}
    assert change_season(**change).notice_days == 2
    with pytest.raises(ChangedMeanwhile) as conflict:
        change_season(**change | {"part": {"notice_days": 3}})
    assert isinstance(conflict.value, Conflict)
    assert Season.objects.get().notice_days == 2


def test_strangers_change_no_part(db):
    season = start_season(part=part(), by=UserFactory(role="coordinator"), now=NOW)
    for stranger in (UserFactory(role="coordinator", sites=[SiteFactory()]), UserFactory(role="sponsor")):
        with pytest.raises(NotAllowed):
            change_season(season=season, part={"notice_days": 2}, by=stranger, now=NOW)
        with pytest.raises(NotAllowed):
            delete_draft(season=season, by=stranger, now=NOW)
    assert Season.objects.get().notice_days == 5


def test_only_changes_a_plan_depends_on_make_it_old(db):
    everywhere, later = UserFactory(role="coordinator"), NOW + timedelta(hours=1)
    season = start_season(part=part(), by=everywhere, now=NOW)
    change_season(season=season, part={"notice_days": 2}, by=everywhere, now=later)
    assert changed_after(season, NOW) is None
    change_season(season=season, part={"rules": {"shared_language": True}}, by=everywhere, now=later)
    assert changed_after(season, NOW) == later
    assert changed_after(season, later) is None


def test_what_a_change_means(db):
    season = SeasonFactory()
    assert meaning(season) == ""
    season.plans.create(number=1, asked_at=NOW, state="proven")
    season.state = SeasonState.PLANNED
    assert meaning(season).startswith("People have been asked")
    assert meaning(season).endswith("The plan made so far does not know of changes: propose a new one afterwards.")


def test_the_page_of_an_old_plan_says_so(client, db):
    coordinator = UserFactory(role="coordinator")
    client.force_login(coordinator)
    season = SeasonFactory(slug="spring", sites=[SiteFactory()])
    season.plans.create(number=1, asked_at=NOW, state="proven", gap=0, objective=0, bound=0, seconds=1)
    assert "The season was changed" not in client.get("/seasons/spring/plan/").content.decode()
    change_season(
        season=season, part={"rules": {"shared_language": True}}, by=coordinator, now=NOW + timedelta(hours=1)
    )
    assert "The season was changed after this plan" in client.get("/seasons/spring/plan/").content.decode()
