"""A season file: everything it may say, everything wrong with it at once, all of it or nothing."""

import copy
import json
from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command

from people.errors import Conflict, NotAllowed
from people.models import AuditEvent, Site
from shadowing.models import Program, Season, SeasonExecutive, SeasonHost, SeasonState, VisitState, Willing
from shadowing.seasons import apply_season
from shadowing.seasons.problems import SeasonRefused
from shadowing.seasons.spec import read_spec
from tests.factories import (
    ExecutiveFactory,
    HostFactory,
    SeasonFactory,
    SiteFactory,
    TeamFactory,
    UserFactory,
    VisitFactory,
)

NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)
LEAST = {
    "program": "Back to the Floor", "name": "Spring 2027", "slug": "spring-2027", "starts_on": "2027-03-01",
    "ends_on": "2027-03-12", "sites": [{"slug": "atlanta"}],
}  # fmt: skip
FULL = LEAST | {
    "sites": [
        {"slug": "atlanta", "name": "Atlanta", "time_zone": "America/New_York", "country": "US", "subdivision": "GA",
         "visits_a_day": 12, "open_days": ["2027-03-06"]}
    ],
    "rules": {"host_min_tenure_months": 6, "other_business_unit": True, "shared_language": True, "no_repeat_seasons": 2,
              "days_between_host_visits": 3},
    "weights": {"tenure": 1, "other_unit_distance": 2, "home_site": 0.5, "fair_load": 0},
    "agenda": [{"kind": "briefing", "starts": "09:00", "minutes": 60},
               {"kind": "take-away", "starts": "16:00", "minutes": 30}],
    "answer_by_days": 4, "notice_days": 6, "reminders": {"take_away_owed": [1, 3, 7], "update_due_every": 7},
    "executives": "all", "hosts": "willing", "preferred": [{"executive": "E17", "dates": ["2027-03-04"]}],
}  # fmt: skip


def apply(data=None, by=None, **options):
    return apply_season(data=copy.deepcopy(data or LEAST), by=by, now=NOW, **options)


def problems(data):
    """Paths of the problems of a season file."""
    return [problem.path for problem in read_spec(data)[1]]


def changed(path, value):
    """The full file with one value changed, at a path like ``sites.0.slug``; DELETE leaves it out."""
    data = copy.deepcopy(FULL)
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place = data
    for part in way:
        place = place[part]
    place[last] = value
    return data


# --- what a file may say ----------------------------------------------------------------------------------------------


def test_the_example_of_the_interface_is_right():
    assert problems(FULL) == []
    assert problems(LEAST) == []


@pytest.mark.parametrize(
    ("path", "value", "at"),
    [
        ("colour", "red", "colour"),
        ("program", "", "program"),
        ("name", 7, "name"),
        ("name", "a\x00b", "name"),
        ("slug", "Spring 2027", "slug"),
        ("slug", None, "slug"),
        ("starts_on", "1 March", "starts_on"),
        ("starts_on", "20270301", "starts_on"),
        ("ends_on", "2027-02-28", "ends_on"),
        ("ends_on", "2029-03-01", "ends_on"),
        ("sites", [], "sites"),
        ("sites", "atlanta", "sites"),
        ("sites", ["atlanta"], "sites[0]"),
        ("sites.0.slug", "At Lanta", "sites[0].slug"),
        ("sites.0.capacity", 3, "sites[0].capacity"),
        ("sites.0.time_zone", "Mars/Olympus", "sites[0].time_zone"),
        ("sites.0.time_zone", ["UTC"], "sites[0].time_zone"),
        ("sites.0.country", "XX", "sites[0].country"),
        ("sites.0.subdivision", "ZZ", "sites[0].subdivision"),
        ("sites.0.visits_a_day", 0, "sites[0].visits_a_day"),
        ("sites.0.visits_a_day", True, "sites[0].visits_a_day"),
        ("sites.0.open_days", ["2027-03-06", "2027-04-06"], "sites[0].open_days[1]"),
        ("sites.0.open_days", "2027-03-06", "sites[0].open_days"),
        ("rules", [], "rules"),
        ("rules.tenure", 6, "rules.tenure"),
        ("rules.host_min_tenure_months", "6", "rules.host_min_tenure_months"),
        ("rules.host_min_tenure_months", 6.0, "rules.host_min_tenure_months"),
        ("rules.shared_language", 1, "rules.shared_language"),
        ("weights.tenure", -1, "weights.tenure"),
        ("weights.tenure", float("nan"), "weights.tenure"),
        ("weights.speed", 1, "weights.speed"),
        ("agenda", [], "agenda"),
        ("agenda.0.kind", "lunch", "agenda[0].kind"),
        ("agenda.0.starts", "9", "agenda[0].starts"),
        ("agenda.0.starts", "24:00", "agenda[0].starts"),
        ("agenda.0.minutes", 0, "agenda[0].minutes"),
        ("agenda.0.minutes", 600, "agenda[1].starts"),
        ("agenda.1.starts", "23:45", "agenda[1].minutes"),
        ("answer_by_days", 0, "answer_by_days"),
        ("notice_days", -1, "notice_days"),
        ("reminders.take_away_owed", 1, "reminders.take_away_owed"),
        ("reminders.take_away_owed", [1, "3"], "reminders.take_away_owed[1]"),
        ("reminders.update_due_every", 0, "reminders.update_due_every"),
        ("reminders.often", 1, "reminders.often"),
        ("executives", "willing", "executives"),
        ("executives", {"all": True}, "executives"),
        ("executives", ["E1", 2], "executives[1]"),
        ("hosts", "some", "hosts"),
        ("preferred.0.executive", "", "preferred[0].executive"),
        ("preferred.0.dates", ["2026-03-04"], "preferred[0].dates[0]"),
        ("preferred.0.days", [], "preferred[0].days"),
    ],
)  # fmt: skip
def test_every_wrong_value_is_named_by_its_path(path, value, at):
    assert problems(changed(path, value)) == [at]


@pytest.mark.parametrize("key", ["program", "name", "slug", "starts_on", "ends_on", "sites"])
def test_what_has_no_default_is_needed(key):
    assert problems({name: value for name, value in LEAST.items() if name != key}) == [key]


@pytest.mark.parametrize("data", [None, [], "season", 7, {}])
def test_anything_but_a_season_is_refused_without_a_crash(data):
    assert {"program", "sites"} <= set(problems(data))


def test_all_problems_come_at_once():
    data = changed("weights.tenure", -1) | {"slug": "No Slug", "colour": "red"}
    assert problems(data) == ["colour", "slug", "weights.tenure"]


def test_a_site_twice():
    assert problems(LEAST | {"sites": [{"slug": "atlanta"}, {"slug": "atlanta"}]}) == ["sites[1].slug"]


# --- applying it ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_new_season_with_defaults():
    season = apply()
    season.refresh_from_db()
    assert (season.program.name, season.state, season.hosts_from) == ("Back to the Floor", "draft", "willing")
    assert (season.starts_on, season.host_min_tenure_months, season.days_between_host_visits) == (
        date(2027, 3, 1),
        0,
        1,
    )
    assert season.policy("take_away_owed") == [1, 3, 7]
    place = season.season_sites.select_related("site").get()
    assert (place.site.name, place.site.time_zone, place.visits_a_day) == ("Atlanta", "UTC", 6)
    assert AuditEvent.objects.get().verb == "season.created"


@pytest.mark.django_db
def test_everything_a_file_says_is_kept():
    ExecutiveFactory(user__employee_number="E17")
    season = apply(FULL)
    place = season.season_sites.select_related("site").get()
    assert (place.visits_a_day, place.open_days, place.site.subdivision) == (12, ["2027-03-06"], "GA")
    assert (season.host_min_tenure_months, season.shared_language, season.notice_days) == (6, True, 6)
    assert season.weights == FULL["weights"]
    assert season.agenda == FULL["agenda"]
    assert season.policy("survey_open") == [0, 2, 5]
    assert season.executives.get().preferred == ["2027-03-04"]


@pytest.mark.django_db
def test_applying_a_file_again_changes_nothing():
    ExecutiveFactory(user__employee_number="E17")
    HostFactory(team=TeamFactory(site=SiteFactory(slug="atlanta")))
    first, second = apply(FULL), apply(FULL)
    assert first == second
    assert (Season.objects.count(), SeasonExecutive.objects.count(), SeasonHost.objects.count()) == (1, 1, 1)
    assert AuditEvent.objects.order_by("-pk")[0].changes == {}


@pytest.mark.django_db
def test_a_changed_file_changes_the_season_and_what_it_leaves_out_is_default_again():
    ExecutiveFactory(user__employee_number="E17")
    apply(FULL)
    season = apply(LEAST | {"name": "Spring", "sites": [{"slug": "boston"}]})
    assert (season.name, season.notice_days, season.shared_language) == ("Spring", 5, False)
    assert [place.site.slug for place in season.season_sites.all()] == ["boston"]
    assert season.executives.get().preferred == []
    changes = AuditEvent.objects.order_by("-pk")[0].changes
    assert changes["name"] == ["Spring 2027", "Spring"]
    assert changes["sites"] == [["atlanta"], ["boston"]]


@pytest.mark.django_db
def test_a_site_the_roster_made_gets_what_the_file_knows_about_it():
    SiteFactory(name="atlanta", slug="atlanta", visits_a_day=4)
    apply(LEAST | {"sites": [{"slug": "atlanta", "name": "Atlanta", "time_zone": "America/New_York"}]})
    site = Site.objects.get()
    assert (site.name, site.time_zone, site.visits_a_day) == ("Atlanta", "America/New_York", 4)
    assert site.season_sites.get().visits_a_day == 4


@pytest.mark.django_db
def test_a_name_another_site_has_is_refused():
    SiteFactory(name="Atlanta", slug="atl")
    with pytest.raises(SeasonRefused, match=r"sites\[0\].slug: Atlanta has the short name atl"):
        apply()
    assert (Season.objects.count(), Site.objects.count(), Program.objects.count()) == (0, 1, 0)


@pytest.mark.django_db
def test_unknown_people_are_named_and_nothing_is_written():
    ExecutiveFactory(user__employee_number="E1")
    UserFactory(name="Not an executive", employee_number="E2")
    for name in ("Ann Twin", "Ben Twin"):
        HostFactory(user__employee_number="H1", user__name=name, user__email=f"{name[:3]}@example.com")
    data = LEAST | {
        "executives": ["e1", "E2", "E3"], "hosts": ["H1", "ann@example.com"],
        "preferred": [{"executive": "E9", "dates": []}],
    }  # fmt: skip
    with pytest.raises(SeasonRefused) as refusal:
        apply(data)
    paths = [problem.path for problem in refusal.value.problems]
    assert paths == ["executives[1]", "executives[2]", "hosts[0]", "preferred[0].executive"]
    assert not Season.objects.exists()


@pytest.mark.django_db
def test_a_wish_of_somebody_not_named():
    ExecutiveFactory(user__employee_number="E1")
    ExecutiveFactory(user__employee_number="E2")
    data = LEAST | {"executives": ["E1"], "preferred": [{"executive": "E2", "dates": ["2027-03-04"]}]}
    with pytest.raises(SeasonRefused, match=r"preferred\[0\].executive"):
        apply(data)


# --- who takes part ---------------------------------------------------------------------------------------------------


@pytest.fixture
def people(db):
    """Two executives, one of them gone; hosts in Atlanta (one gone) and in Boston."""
    atlanta, boston = SiteFactory(name="Atlanta", slug="atlanta"), SiteFactory(name="Boston", slug="boston")
    ExecutiveFactory(user__employee_number="E1")
    ExecutiveFactory(user__employee_number="E2", user__is_active=False)
    team = TeamFactory(site=atlanta)
    HostFactory(user__employee_number="H1", team=team, max_visits=2)
    HostFactory(user__employee_number="H2", team=team, user__is_active=False)
    HostFactory(user__employee_number="H3", team=TeamFactory(site=boston))
    return {"atlanta": atlanta, "boston": boston, "team": team}


def members(season):
    executives = season.executives.values_list("executive__user__employee_number", flat=True)
    hosts = season.hosts.values_list("host__user__employee_number", flat=True)
    willing = season.hosts.willing().values_list("host__user__employee_number", flat=True)
    return sorted(executives), sorted(hosts), sorted(willing)


@pytest.mark.parametrize(
    ("hosts", "there", "willing"),
    [("willing", ["H1"], []), ("all", ["H1"], ["H1"]), (["H3"], ["H3"], ["H3"]), ([], [], [])],
)
def test_hosts_of_the_season(people, hosts, there, willing):
    assert members(apply(LEAST | {"hosts": hosts})) == (["E1"], there, willing)


def test_named_executives(people):
    assert members(apply(LEAST | {"executives": ["E2"]}))[0] == ["E2"]


def test_hosts_bring_their_visits_and_answers_survive(people):
    season = apply()
    entry = season.hosts.get()
    assert entry.max_visits == 2
    SeasonHost.objects.filter(pk=entry.pk).update(willing=Willing.NO, max_visits=1)
    HostFactory(user__employee_number="H4", team=people["team"])
    assert members(apply(LEAST | {"hosts": "all"})) == (["E1"], ["H1", "H4"], ["H4"])
    assert season.hosts.get(pk=entry.pk).max_visits == 1


def test_people_with_a_live_visit_stay(people):
    season = apply()
    host = season.hosts.get().host
    VisitFactory(season=season, host=host, executive=season.executives.get().executive, site=people["atlanta"])
    host.user.is_active = False
    host.user.save()
    assert members(apply())[1] == ["H1"]


# --- when it may not be done ------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("state", [SeasonState.PUBLISHED, SeasonState.CLOSED])
def test_a_published_season_is_not_changed(state):
    SeasonFactory(slug="spring-2027", state=state, name="As it was")
    with pytest.raises(SeasonRefused, match="slug: As it was is published"):
        apply()
    assert Season.objects.get().name == "As it was"


@pytest.mark.django_db
def test_visits_on_the_board_stay_inside_the_season():
    site = SiteFactory(slug="atlanta", name="Atlanta")
    season = SeasonFactory(slug="spring-2027", sites=[site])
    VisitFactory(season=season, site=site, date=date(2027, 3, 10))
    with pytest.raises(SeasonRefused) as refusal:
        apply(LEAST | {"ends_on": "2027-03-09", "sites": [{"slug": "boston"}]})
    assert [problem.path for problem in refusal.value.problems] == ["ends_on", "sites"]
    season.visits.update(state=VisitState.CANCELLED)
    assert apply(LEAST | {"ends_on": "2027-03-09"}).ends_on == date(2027, 3, 9)


@pytest.mark.django_db
def test_only_somebody_with_all_its_sites_may_change_a_season():
    atlanta, boston = SiteFactory(slug="atlanta", name="Atlanta"), SiteFactory(slug="boston", name="Boston")
    apply(LEAST | {"sites": [{"slug": "atlanta"}, {"slug": "boston"}]})
    one, both = (UserFactory(role="coordinator", sites=sites) for sites in ([atlanta], [atlanta, boston]))
    for stranger in (one, UserFactory(role="sponsor"), UserFactory()):
        with pytest.raises(NotAllowed):
            apply(by=stranger)
    assert Season.objects.get().season_sites.count() == 2
    assert apply(by=both).season_sites.count() == 1
    assert apply(LEAST | {"slug": "own", "name": "Own"}, by=one).slug == "own"


@pytest.mark.django_db
def test_only_who_coordinates_everywhere_makes_new_sites():
    with pytest.raises(NotAllowed):
        apply(by=UserFactory(role="coordinator", sites=[SiteFactory()]))
    assert apply(by=UserFactory(role="coordinator")).slug == "spring-2027"


@pytest.mark.django_db
def test_a_form_neither_overwrites_another_season_nor_takes_its_short_name():
    other, mine = SeasonFactory(slug="spring-2027"), SeasonFactory(slug="mine", sites=[SiteFactory()])
    for options in ({"create_only": True}, {"season": mine}):
        with pytest.raises(SeasonRefused, match="slug: another season"):
            apply(**options)
    other.delete()
    assert apply(season=mine).pk == mine.pk


@pytest.mark.django_db
def test_a_lost_race_is_a_conflict(monkeypatch):
    SeasonFactory(slug="spring-2027")
    monkeypatch.setattr("shadowing.seasons.apply._current", lambda spec, season: None)
    monkeypatch.setattr("shadowing.seasons.apply._state_problems", lambda *args: [])
    with pytest.raises(Conflict):
        apply()


# --- the command ------------------------------------------------------------------------------------------------------


def run(tmp_path, text, *options):
    file = tmp_path / "season.json"
    file.write_text(text)
    return call_command("apply_season", file, *options)


@pytest.mark.django_db
def test_the_command(tmp_path, capsys):
    run(tmp_path, json.dumps(LEAST), "--json")
    assert json.loads(capsys.readouterr().out) == {
        "season": "spring-2027", "state": "draft", "sites": ["atlanta"], "executives": 0, "hosts": 0, "willing": 0,
    }  # fmt: skip
    run(tmp_path, "\ufeff" + json.dumps(LEAST))
    assert capsys.readouterr().out.startswith("Season spring-2027 is draft, at atlanta")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is not JSON"),
        ('{"slug": 1, "slug": 2}', "stands twice"),
        ("[" * 100_000, "is not JSON"),
        ("{}", "program: "),
    ],
)
def test_the_command_refuses(tmp_path, text, words):
    with pytest.raises(CommandError, match=words) as refusal:
        run(tmp_path, text)
    assert refusal.value.returncode == 1
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("apply_season", tmp_path / "nothing.json")
