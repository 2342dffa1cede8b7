"""The calendar parts of messages and the feeds, read back strictly."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from freezegun import freeze_time
from icalendar import Calendar

from shadowing.calendar import feeds, zones
from shadowing.calendar.parts import invitation
from shadowing.models import CalendarFeed, VisitDay, VisitState
from tests.factories import ExecutiveFactory, HostFactory
from tests.shadowing.world import BEFORE, LATER, make_world

pytestmark = pytest.mark.django_db


def read(content):
    """The calendar and its one event."""
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def part(visit, recipient, method="REQUEST", **more):
    return invitation(visit, recipient, method, now=BEFORE, **more)


def strict(content):
    """RFC 5545, 3.1: CRLF everywhere, lines of at most 75 octets, folded ones begin with a space."""
    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert all(b"\n" not in line and b"\r" not in line for line in lines)
    assert max(map(len, lines)) <= 75
    unfolded = content.replace(b"\r\n ", b"").decode()
    names = [re.match(r"[A-Z-]+(?=[;:])", line) for line in unfolded.split("\r\n")[:-1]]
    assert all(names)
    return unfolded.split("\r\n")


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Europe/London"])
@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_a_part_is_read_back_as_it_was_meant(zone, method):
    world = make_world(time_zone=zone)
    visit = world.visit(sequence=3)

    content = part(visit, world.host.user, method)
    lines = strict(content)
    calendar, event = read(content)

    assert (str(calendar["method"]), str(calendar["version"])) == (method, "2.0")
    assert (str(event["uid"]), event["sequence"]) == (f"visit-{visit.uuid}@floorprogram", 3)
    assert event["dtstamp"].dt == BEFORE
    assert event["dtstart"].dt == datetime(2027, 3, 3, 9, tzinfo=ZoneInfo(zone))
    assert event["dtend"].dt == datetime(2027, 3, 3, 16, 30, tzinfo=ZoneInfo(zone))
    assert str(event["status"]) == ("CANCELLED" if method == "CANCEL" else "TENTATIVE")
    assert [line for line in lines if line.startswith("METHOD")] == [f"METHOD:{method}"]
    assert lines.count("BEGIN:VTIMEZONE") == (zone != "UTC")


def test_each_reader_gets_one_attendee_and_nobodys_address():
    world = make_world()
    unfolded = "\n".join(strict(part(world.visit(), world.host.user)))

    assert world.host.user.email in unfolded
    assert world.executive.user.email not in unfolded
    assert re.search(r'^ORGANIZER;CN="?Floor Program"?:mailto:floor@testserver$', unfolded, re.MULTILINE)


@pytest.mark.parametrize(
    ("state", "status"),
    [("confirmed", "CONFIRMED"), ("held", "CONFIRMED"), ("declined", "CANCELLED"), ("no_show", "CANCELLED")],
)
def test_status_follows_the_state(state, status):
    world = make_world()

    assert str(read(part(world.visit(state), world.host.user))[1]["status"]) == status


def test_the_days_own_agenda_and_room_win():
    world = make_world()
    agenda = [
        {"kind": "floor", "starts": "11:00", "minutes": 90},
        {"kind": "briefing", "starts": "10:30", "minutes": 30},
    ]
    day = VisitDay.objects.create(site=world.site, date=date(2027, 3, 3), room="Room 4; east, 1st floor", agenda=agenda)

    event = read(part(world.visit(), world.host.user, day=day))[1]

    assert (event["dtstart"].dt.hour, event["dtend"].dt.hour, event["dtend"].dt.minute) == (10, 12, 30)
    assert str(event["location"]) == "Leeds, Room 4; east, 1st floor"


def test_hostile_names_stay_text():
    world = make_world()
    user = world.host.user
    user.name = 'Eve "X"\r\nATTENDEE:mailto:x@example.com;CN=\N{SNOWMAN} ' + "long " * 40

    content = part(world.visit(host=world.host), user)

    lines = strict(content)
    assert [line[:8] for line in lines].count("ATTENDEE") == 1, lines
    assert read(content)[1]["attendee"] == f"mailto:{user.email}"


@pytest.mark.parametrize(
    "zone", ["America/New_York", "Europe/London", "Pacific/Auckland", "Africa/Casablanca", "Asia/Kolkata"]
)
def test_zones_hold_for_every_day_of_two_years(zone):
    """Each day's noon in the zone, computed from our VTIMEZONE by the rules of RFC 5545, is the real one."""
    day, info = date(2027, 3, 3), ZoneInfo(zone)
    made = zones.component(info, day, day)
    onsets = sorted(
        (part["dtstart"].dt - part["tzoffsetfrom"].td, part["tzoffsetto"].td) for part in made.subcomponents
    )

    for shift in range(-360, 360):
        noon = datetime(2027, 3, 3, 12) + timedelta(days=shift)  # noqa: DTZ001 - UTC without saying so
        current = [offset for onset, offset in onsets if onset <= noon][-1]
        assert current == noon.replace(tzinfo=UTC).astimezone(info).utcoffset(), noon


# --- feeds ---


def test_a_feed_holds_own_visits_only(client):
    world = make_world(time_zone="Europe/London")
    mine = [world.visit(), world.visit(VisitState.HELD, executive=world.stranger, date=LATER)]
    world.visit(VisitState.CANCELLED)
    world.visit(VisitState.PROPOSED, executive=ExecutiveFactory(), host=world.strange_host)

    content = feeds.content(world.host.user, now=BEFORE)
    lines = strict(content)
    events = Calendar.from_ical(content).walk("VEVENT")

    assert {str(event["uid"]) for event in events} == {f"visit-{visit.uuid}@floorprogram" for visit in mine}
    assert lines.count("BEGIN:VTIMEZONE") == 1
    assert not any(line.startswith("ATTENDEE") for line in lines)
    assert len(Calendar.from_ical(feeds.content(world.assistant, now=BEFORE)).walk("VEVENT")) == 1
    assert Calendar.from_ical(feeds.content(world.strange_host.user, now=BEFORE)).walk("VEVENT") == []


@pytest.mark.parametrize("number", [1, 3, 50])
def test_a_feed_asks_two_questions_for_any_number(number, django_assert_num_queries):
    world = make_world()
    for _visit in range(number):
        world.visit(executive=ExecutiveFactory(assistant=world.assistant), host=HostFactory(team=world.team))

    with django_assert_num_queries(2):  # visits with their people and sites, rooms of their days
        assert feeds.content(world.assistant, now=BEFORE).count(b"BEGIN:VEVENT") == number


@freeze_time(BEFORE)
def test_making_replacing_and_ending_an_address(client):
    world = make_world()
    world.visit()
    client.force_login(world.host.user)
    first = client.post("/calendar/").context["address"]
    shown = client.get(first.removeprefix("http://testserver"))
    second = client.post("/calendar/").context["address"]
    client.logout()

    assert shown["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"BEGIN:VEVENT" in shown.content
    assert client.get(first.removeprefix("http://testserver")).status_code == 404
    assert client.get(second.removeprefix("http://testserver")).status_code == 200
    secret = second.rpartition("/")[2].removesuffix(".ics")
    assert secret not in CalendarFeed.objects.get().secret_hash

    client.force_login(world.host.user)
    assert "cannot be shown again" in client.get("/calendar/").content.decode()
    client.post("/calendar/end/")
    assert client.get(second.removeprefix("http://testserver")).status_code == 404


def test_who_left_has_no_feed(client):
    world = make_world()
    secret = feeds.make_feed(by=world.host.user, now=BEFORE)
    type(world.host.user).objects.filter(pk=world.host.user.pk).update(is_active=False)

    assert client.get(reverse("shadowing:calendar_feed", args=[secret])).status_code == 404


def test_another_program_reads_our_calendars(tmp_path):
    """khal, a calendar program of its own making, imports an invitation and shows it in its zone."""
    khal = shutil.which("khal", path=str(Path(__file__).parents[2] / ".venv/bin")) or shutil.which("khal")
    world = make_world(time_zone="America/New_York")
    (tmp_path / "calendar").mkdir()
    (tmp_path / "visit.ics").write_bytes(part(world.visit(), world.host.user))
    (tmp_path / "config").write_text(
        f"[calendars]\n[[ours]]\npath = {tmp_path}/calendar\ntype = calendar\n[locale]\n"
        "local_timezone = UTC\ndefault_timezone = UTC\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\n"
        "longdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        f"[sqlite]\npath = {tmp_path}/khal.db\n"
    )

    def run(*words):
        command = [khal, "-c", str(tmp_path / "config"), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True, cwd=tmp_path).stdout

    run("import", "--batch", "-a", "ours", str(tmp_path / "visit.ics"))

    listed = run("list", "--format", "{start-time} {end-time} {title}", "2027-03-03", "1d")
    assert "14:00 21:30 Back to the floor: Anneke Vos with Priya Nair" in listed
