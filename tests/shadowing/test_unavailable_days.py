"""Writing unavailable days down: whose, from which source, and what the command says."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from people.errors import NotAllowed, Refused
from people.models import AuditEvent, User
from shadowing.availability import actions, rules
from shadowing.models import SeasonState, UnavailableDay
from tests.factories import (
    ExecutiveFactory,
    HostFactory,
    SeasonExecutiveFactory,
    SeasonFactory,
    SiteFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)
CALENDARS = Path(__file__).parents[1] / "data" / "calendars"
MARCH = [date(2027, 3, day) for day in range(1, 11)]


def set_days(person, days, source="click", **options):
    actions.set_unavailable_days(
        person=person, source=source, days=days, by=options.pop("by", None), now=NOW, **options
    )


def days_of(person, source=None):
    rows = UnavailableDay.objects.filter(user=person, **({"source": source} if source else {}))
    return sorted(rows.values_list("date", flat=True))


# --- by source --------------------------------------------------------------------------------------------------------


def test_a_source_replaces_its_own_days_only():
    person = UserFactory()
    set_days(person, MARCH[:3], "ics")
    set_days(person, MARCH[2:4], "click")
    set_days(person, [MARCH[1], MARCH[5]], "ics")
    assert days_of(person, "ics") == [MARCH[1], MARCH[5]]
    assert days_of(person, "click") == MARCH[2:4]


def test_a_span_leaves_other_days_of_the_source_alone():
    person = UserFactory()
    set_days(person, MARCH, "ics")
    set_days(person, [MARCH[4]], "ics", first=MARCH[2], last=MARCH[7])
    assert days_of(person) == [*MARCH[:2], MARCH[4], *MARCH[8:]]


def test_every_change_is_on_record_with_counts():
    person, coordinator = ExecutiveFactory().user, UserFactory(role="coordinator")
    set_days(person, MARCH[:3], "csv", by=coordinator)
    event = AuditEvent.objects.get()
    assert (event.verb, event.by, event.subject) == ("availability.set", coordinator, f"user:{person.pk}")
    assert event.changes == {"source": "csv", "added": 3, "removed": 0}


def test_a_day_is_turned_around():
    person = UserFactory()
    assert actions.toggle_day(person=person, day=MARCH[0], by=person, now=NOW) is True
    set_days(person, [MARCH[0]], "ics")
    assert actions.toggle_day(person=person, day=MARCH[0], by=person, now=NOW) is False
    assert days_of(person) == []


@pytest.mark.parametrize("day", [date(2027, 1, 10), date(2031, 1, 1), date(1, 1, 1), date(9999, 12, 31)])
def test_days_that_are_over_or_far_away_are_refused(day):
    person = UserFactory()
    with pytest.raises(Refused):
        actions.toggle_day(person=person, day=day, by=person, now=NOW)
    assert days_of(person) == []


def test_today_is_the_persons_own_today():
    person = UserFactory(time_zone="Pacific/Auckland")
    evening = datetime(2027, 1, 10, 20, tzinfo=UTC)  # the 11th in Auckland
    with pytest.raises(Refused):
        actions.toggle_day(person=person, day=date(2027, 1, 10), by=person, now=evening)


# --- whose ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def cast():
    """One person of each kind, with the host and one coordinator at Leeds and another coordinator at Pune."""
    leeds, pune = SiteFactory(name="Leeds"), SiteFactory(name="Pune")
    assistant = UserFactory(name="Assistant")
    executive = ExecutiveFactory(assistant=assistant)
    return {
        "assistant": assistant,
        "executive": executive.user,
        "other executive": ExecutiveFactory().user,
        "host": HostFactory(team=TeamFactory(site=leeds)).user,
        "leeds": UserFactory(role="coordinator", sites=[leeds]),
        "pune": UserFactory(role="coordinator", sites=[pune]),
        "everywhere": UserFactory(role="coordinator"),
        "admin": UserFactory(role="admin"),
        "sponsor": UserFactory(role="sponsor"),
        "stranger": UserFactory(),
    }


@pytest.mark.parametrize(
    ("who", "whose"),
    [
        ("executive", set()), ("host", set()), ("assistant", {"executive"}), ("sponsor", set()), ("stranger", set()),
        ("leeds", {"executive", "other executive", "host"}), ("pune", {"executive", "other executive"}),
    ],
)  # fmt: skip
def test_whose_days_one_may_set(cast, who, whose):
    allowed = {name for name, person in cast.items() if rules.may_set_days(cast[who], person)}
    assert allowed == whose | {who}


def test_setting_and_listing_agree(cast):
    everybody = User.objects.select_related("executive", "host__team")
    for user in cast.values():
        allowed = {person.pk for person in everybody if rules.may_set_days(user, person)}
        assert set(rules.people_open_to(user).values_list("pk", flat=True)) == allowed


def test_strangers_change_nothing(cast):
    executive = cast["executive"]
    for name in ("stranger", "sponsor", "host", "other executive"):
        with pytest.raises(NotAllowed):
            set_days(executive, MARCH, by=cast[name])
        with pytest.raises(NotAllowed):
            actions.toggle_day(person=executive, day=MARCH[0], by=cast[name], now=NOW)
        with pytest.raises(NotAllowed):
            actions.confirm_days(person=executive, by=cast[name], now=NOW)
    assert (UnavailableDay.objects.count(), AuditEvent.objects.count()) == (0, 0)


# --- the answer -------------------------------------------------------------------------------------------------------


def test_naming_days_answers_open_seasons(cast):
    executive = cast["executive"].executive
    collecting = SeasonExecutiveFactory(season=SeasonFactory(state=SeasonState.COLLECTING), executive=executive)
    closed = SeasonExecutiveFactory(season=SeasonFactory(state=SeasonState.CLOSED), executive=executive)
    actions.confirm_days(person=executive.user, by=cast["assistant"], now=NOW)
    collecting.refresh_from_db()
    closed.refresh_from_db()
    assert (collecting.answered_at, collecting.answered_by) == (NOW, cast["assistant"])
    assert closed.answered_at is None


# --- lists ------------------------------------------------------------------------------------------------------------


def test_a_list_sets_each_person_named(cast):
    cast["executive"].employee_number = "E1"
    cast["executive"].save()
    set_days(cast["executive"], MARCH[8:], "csv")
    content = f"E1,2027-03-01\ne1,2027-03-02\nE1,2027-03-01\n{cast['host'].email},2027-03-03\nE9,2027-03-04\n"
    result = actions.import_day_list(content=content.encode(), by=cast["leeds"], now=NOW)
    assert days_of(cast["executive"]) == MARCH[:2]
    assert days_of(cast["host"]) == [MARCH[2]]
    assert [(note.what, note.reason) for note in result.ignored] == [
        ("line 5", "nobody of yours has this number or address")
    ]


def test_a_list_tells_nothing_about_people_of_other_sites(cast):
    content = f"{cast['host'].email},2027-03-03\nnobody@example.com,2027-03-03\n".encode()
    with pytest.raises(Refused) as refusal:
        actions.import_day_list(content=content, by=cast["pune"], now=NOW)
    first, second = str(refusal.value).split("\n")
    assert first.partition(": ")[2] == second.partition(": ")[2]
    assert not UnavailableDay.objects.exists()


def test_a_list_with_a_span(cast):
    content = f"{cast['host'].email},2027-03-01\n{cast['host'].email},2027-03-05\n".encode()
    set_days(cast["host"], MARCH[8:], "csv")
    result = actions.import_day_list(content=content, by=None, now=NOW, first=MARCH[0], last=MARCH[2])
    assert days_of(cast["host"]) == [MARCH[0], *MARCH[8:]]
    assert [note.reason for note in result.ignored] == ["outside the days asked for"]


# --- the command ------------------------------------------------------------------------------------------------------


def run(capsys, *arguments):
    call_command("import_unavailable", *map(str, arguments), "--json")
    return json.loads(capsys.readouterr().out)


def test_the_command_reads_a_calendar(capsys):
    person = UserFactory(employee_number="E1", time_zone="Europe/Berlin")
    options = ["--person", "e1", "--from", "2027-03-01", "--to", "2027-03-31"]
    report = run(capsys, CALENDARS / "broken_parts.ics", *options)
    assert report["days"] == ["2027-03-02", "2027-03-04"]
    assert {"what": "line 3: No start", "reason": "it has no start"} in report["ignored"]
    assert days_of(person, "ics") == [date(2027, 3, 2), date(2027, 3, 4)]
    assert run(capsys, CALENDARS / "busy_periods.ics", *options, "--busy-minutes", 300)["days"] == ["2027-03-05"]
    assert days_of(person, "ics") == [date(2027, 3, 5)]


def test_the_command_looks_at_eighteen_months_from_today(capsys):
    UserFactory(email="ann@example.com")
    report = run(capsys, CALENDARS / "series.ics", "--person", "ANN@example.com")
    today = timezone.now().date()
    assert date.fromisoformat(report["from"]) == today
    assert 540 < (date.fromisoformat(report["to"]) - today).days < 552


def test_the_command_reads_as_wide_a_span_as_it_clears(capsys):
    """Given days from a calendar, a span of decades finds them again instead of emptying what it did not read."""
    person = UserFactory(employee_number="E1", time_zone="Europe/Berlin")
    narrow = run(capsys, CALENDARS / "broken_parts.ics", "--person", "E1", "--from", "2027-03-01", "--to", "2027-03-31")

    wide = run(capsys, CALENDARS / "broken_parts.ics", "--person", "E1", "--from", "1980-01-01", "--to", "2080-12-31")

    assert set(narrow["days"]) <= set(wide["days"])
    assert [day.isoformat() for day in days_of(person, "ics")] == wide["days"]
    assert (wide["from"], wide["to"]) == ("1980-01-01", "2080-12-31")


def test_the_command_says_where_its_reach_ends(capsys):
    UserFactory(employee_number="E1")
    options = ["--person", "E1", "--from", "0001-01-01", "--to", "9999-12-31"]

    report = run(capsys, CALENDARS / "series.ics", *options)

    assert (report["from"], report["to"]) == ("1900-01-01", "2199-12-31")


def test_the_command_reads_a_list(capsys, tmp_path):
    UserFactory(employee_number="E1")
    file = tmp_path / "days.csv"
    file.write_text("person,date\nE1,2027-03-02\nE1,2027-03-01\nE2,2027-03-01\n")
    report = run(capsys, file)
    assert report["days"] == ["2027-03-01", "2027-03-02"]
    assert report["people"] == {"E1": ["2027-03-01", "2027-03-02"]}
    assert len(report["ignored"]) == 1


def test_the_command_speaks_in_sentences(capsys):
    UserFactory(employee_number="E1")
    file, options = (
        str(CALENDARS / "display_zones.ics"),
        ["--person", "E1", "--from", "2027-03-01", "--to", "2027-03-31"],
    )
    call_command("import_unavailable", file, *options)
    assert "Left out, zone Planet Nine: unknown" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["series.ics"], 2),
        (["series.ics", "--person", "E1", "--from", "2027-03-02", "--to", "2027-03-01"], 2),
        (["series.ics", "--person", "E1", "--to", "2020-03-01"], 2),
        (["series.ics", "--person", "E1", "--busy-minutes", "0"], 2),
        (["series.ics", "--person", "E9"], 1),
        (["series.ics", "--person", "TWO"], 1),
        (["nothing_readable.ics", "--person", "E1"], 1),
        (["missing.ics", "--person", "E1"], 1),
        (["days.csv", "--person", "E1"], 1),
    ],
)
def test_the_command_refuses(arguments, status):
    UserFactory(employee_number="E1")
    for name in ("Ann", "Ben"):
        UserFactory(employee_number="TWO", name=name)
    with pytest.raises(CommandError) as refusal:
        call_command("import_unavailable", str(CALENDARS / arguments[0]), *arguments[1:])
    assert refusal.value.returncode == status
    assert not UnavailableDay.objects.exists()


@pytest.mark.parametrize(("text", "status"), [("E1,2027-03-01\n", 2), ('{"days": []}\n', 1)], ids=["list", "no list"])
def test_a_list_takes_no_person_and_what_is_no_list_is_refused(tmp_path, text, status):
    UserFactory(employee_number="E1")
    file = tmp_path / "days.txt"
    file.write_text(text)

    with pytest.raises(CommandError) as refusal:
        call_command("import_unavailable", str(file), "--person", "E1")

    assert refusal.value.returncode == status
    assert not UnavailableDay.objects.exists()
