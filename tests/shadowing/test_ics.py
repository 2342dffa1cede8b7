"""Calendar files: which days they fill, what is left out, and that nothing in them does harm."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shadowing.availability import bounds, lines, zones
from shadowing.availability.errors import FileTooBig, NotACalendar
from shadowing.availability.ics import busy_days, default_span

CALENDARS = Path(__file__).parents[1] / "data" / "calendars"
BERLIN, LONDON = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/London")


def read(content, *, zone=BERLIN, first=date(2027, 3, 1), last=date(2027, 12, 31), **options):
    """Days as ``MM-DD`` and the notes of a file, a text or the lines of one event."""
    if isinstance(content, str) and content.endswith(".ics"):
        content = (CALENDARS / content).read_bytes()
    elif isinstance(content, str):
        content = calendar(content).encode()
    found = busy_days(content, zone=zone, first=first, last=last, **options)
    return [f"{day:%m-%d}" for day in found.days], found.ignored


def calendar(text, header=""):
    """One VCALENDAR; a text without BEGIN is the inside of one VEVENT."""
    inside = text if "BEGIN:" in text else f"BEGIN:VEVENT\nUID:1\n{text}\nEND:VEVENT"
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{header}\n{inside}\nEND:VCALENDAR\n"


# --- when a day counts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "filled"),
    [
        ("20270301T080000", "20270301T100000", True),
        ("20270301T080000", "20270301T095959", False),
        ("20270301T060000", "20270301T095900", False),  # only what lies after 08:00 counts
        ("20270301T160000", "20270301T230000", True),
        ("20270301T161000", "20270301T230000", False),
        ("20270301T180000", "20270302T080000", False),
    ],
)
def test_two_hours_between_eight_and_six_fill_a_day(start, end, filled):
    days, ignored = read(f"DTSTART:{start}\nDTEND:{end}")
    assert (days, ignored) == (["03-01"] if filled else [], [])


def test_busy_time_is_joined_and_overlaps_count_once():
    event = "BEGIN:VEVENT\nUID:{0}\nDTSTART:202703{1}\nDTEND:202703{2}\nEND:VEVENT\n"
    apart = event.format(1, "01T090000", "01T100000") + event.format(2, "01T150000", "01T160000")
    twice = event.format(3, "02T090000", "02T103000") + event.format(4, "02T091500", "02T104500")
    assert read(apart + twice)[0] == ["03-01"]


def test_the_least_busy_time_can_be_set():
    half_an_hour = "DTSTART:20270301T090000\nDTEND:20270301T093000"
    assert read(half_an_hour)[0] == []
    assert read(half_an_hour, busy_minutes=30)[0] == ["03-01"]
    assert read("DTSTART;VALUE=DATE:20270301", busy_minutes=2000)[0] == ["03-01"]


def test_all_day_events_last_up_to_their_end_and_at_least_one_day():
    assert read("DTSTART;VALUE=DATE:20270301\nDTEND;VALUE=DATE:20270303")[0] == ["03-01", "03-02"]
    assert read("DTSTART;VALUE=DATE:20270301\nDTEND;VALUE=DATE:20270301")[0] == ["03-01"]
    assert read("DTSTART;VALUE=DATE:20270301\nDURATION:P2D")[0] == ["03-01", "03-02"]


def test_long_events_are_cut_to_the_span():
    long = "DTSTART:19990101T000000\nDTEND:99981231T000000"
    days, _ = read(long, first=date(2027, 3, 1), last=date(2027, 3, 3))
    assert days == ["03-01", "03-02", "03-03"]
    assert read("DTSTART;VALUE=DATE:19990101\nDTEND;VALUE=DATE:99981231", last=date(2027, 3, 2))[0] == [
        "03-01",
        "03-02",
    ]


@pytest.mark.parametrize(
    "line",
    ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "status:cancelled", "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
     "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE"],
)  # fmt: skip
def test_what_leaves_a_person_free_does_not_count(line):
    assert read(f"DTSTART:20270301T090000\nDTEND:20270301T170000\n{line}") == ([], [])


@pytest.mark.parametrize(
    "line",
    ["TRANSP:OPAQUE", "STATUS:TENTATIVE", "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE", "X-MICROSOFT-CDO-BUSYSTATUS:OOF"],
)
def test_tentative_and_out_of_office_count(line):
    assert read(f"DTSTART:20270301T090000\nDTEND:20270301T170000\n{line}") == (["03-01"], [])


def test_a_calendar_of_cancellations_fills_nothing():
    text = calendar("DTSTART;VALUE=DATE:20270301", header="METHOD:CANCEL")
    assert read(text.encode()) == ([], [])


# --- zones ------------------------------------------------------------------------------------------------------------


def test_floating_times_are_in_the_persons_zone_and_others_are_converted():
    assert read("DTSTART:20270301T160000\nDTEND:20270301T180000", zone=LONDON)[0] == ["03-01"]
    eastern = "DTSTART;TZID=America/New_York:20270301T110000\nDTEND;TZID=America/New_York:20270301T130000"
    assert read(eastern, zone=LONDON)[0] == ["03-01"]
    assert read(eastern, zone=BERLIN)[0] == []  # 17:00 to 19:00 there


def test_a_zone_changes_the_date():
    late = "DTSTART:20270301T220000Z\nDTEND:20270302T010000Z"
    assert read(late, zone=ZoneInfo("Pacific/Auckland"))[0] == ["03-02"]


def test_the_hours_of_a_floating_series_follow_summer_time():
    series = "DTSTART:20270326T080000\nDTEND:20270326T100000\nRRULE:FREQ=DAILY;COUNT=4"
    assert read(series)[0] == ["03-26", "03-27", "03-28", "03-29"]


def test_zones_defined_in_the_file():
    days, ignored = read("exchange_custom_zone.ics")
    assert days == ["03-01", "03-05", "04-05"]
    assert [note.what for note in ignored] == ["line 48: Quote in the wrong place"]


def test_a_defined_zone_is_forgotten_with_its_file():
    text = (CALENDARS / "exchange_custom_zone.ics").read_text()
    other = text.replace("+0600", "-0300").replace("+0500", "-0400")
    assert read("exchange_custom_zone.ics")[0] == ["03-01", "03-05", "04-05"]
    assert read(other.encode())[0] == ["03-05"]
    assert read("exchange_custom_zone.ics")[0] == ["03-01", "03-05", "04-05"]


def test_zone_names_written_for_people():
    days, ignored = read("display_zones.ics")
    assert days == ["03-01", "03-03", "03-04", "03-05", "03-08"]
    assert [note.what for note in ignored] == ["zone Planet Nine"]


@pytest.mark.parametrize(
    ("tzid", "name"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("GMT Standard Time", "Europe/London"),
        ("/mozilla.example/20050126_1/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("tzone://Microsoft/Utc", "UTC"),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Amsterdam"),
        ("(UTC-08:00) Pacific Time (US & Canada)", "America/Los_Angeles"),
        ("(UTC+00:00) Dublin, Edinburgh, Lisbon, London", "Europe/Dublin"),
    ],
)
def test_known_names_of_zones(tzid, name):
    assert str(zones.Zones([], bounds.Budget()).get(tzid)) == name


@pytest.mark.parametrize(
    ("tzid", "hours"), [("GMT-0500", -5), ("UTC+05:30", 5.5), ("+02:00", 2), ("(UTC+13:00) Somewhere", 13)]
)
def test_offsets_as_zones(tzid, hours):
    zone = zones.Zones([], bounds.Budget()).get(tzid)
    assert zone.utcoffset(None).total_seconds() == hours * 3600


@pytest.mark.parametrize("tzid", ["", "/", "../../etc/passwd", "Mars/Olympus", "GMT+99", "floor-12", "a\x00b"])
def test_unknown_zones(tzid):
    assert zones.Zones([], bounds.Budget()).get(tzid) is None


@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=YEARLY;BYHOUR=1,2,3;BYSECOND=1", "FREQ=DAILY", "nonsense", "FREQ=YEARLY;INTERVAL=0"]
)
def test_a_zone_whose_rules_never_end_is_unknown(rule):
    zone = (
        f"BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0000\n"
        f"TZOFFSETTO:+0100\nRRULE:{rule}\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    event = "BEGIN:VEVENT\nDTSTART;TZID=X:20270301T090000\nDTEND;TZID=X:20270301T120000\nEND:VEVENT"
    days, ignored = read(calendar(zone + event).encode())
    assert (days, [note.what for note in ignored]) == (["03-01"], ["zone X"])


def test_a_defined_zone_with_dates_instead_of_rules():
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Own\nBEGIN:STANDARD\nDTSTART:20261101T020000\nRDATE:20271107T020000\n"
        "TZOFFSETFROM:+0900\nTZOFFSETTO:+0800\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:20270314T020000\n"
        "TZOFFSETFROM:+0800\nTZOFFSETTO:+0900\nEND:DAYLIGHT\nEND:VTIMEZONE\n"
    )
    event = "BEGIN:VEVENT\nUID:{0}\nDTSTART;TZID=Own:2027{0}T150000\nDTEND;TZID=Own:2027{0}T170000\nEND:VEVENT\n"
    text = calendar(zone + event.format("0301") + event.format("0401") + event.format("1201"))
    assert read(text.encode())[0] == ["03-01", "04-01", "12-01"]  # 08:00 to 10:00 in Berlin, exactly


# --- series, overrides, busy periods ----------------------------------------------------------------------------------


def test_series_with_exceptions_overrides_and_periods():
    days, ignored = read("series.ics")
    weekly = ["03-01", "03-17", "04-02", "04-05", "04-12"]
    assert [day for day in days if day < "05"] == sorted([*weekly, "03-11"])
    assert [day for day in days if day.startswith("05")] == ["05-04", "05-05"]
    assert [day for day in days if day > "06"] == ["06-10", "07-10", "08-10", "09-10", "10-10", "11-10"]
    assert ignored == []


def test_every_event_without_a_uid_counts():
    event = "BEGIN:VEVENT\n{0}DTSTART;VALUE=DATE:{1}\nEND:VEVENT\n"
    text = event.format("", "20270301") + event.format("UID:\n", "20270302") + event.format("UID: \n", "20270303")
    assert read(text)[0] == ["03-01", "03-02", "03-03"]


def test_the_newer_version_of_an_event_wins_and_the_older_is_listed():
    event = "BEGIN:VEVENT\nUID:1\nSEQUENCE:{0}\nDTSTART;VALUE=DATE:{1}\nEND:VEVENT\n"
    days, ignored = read(event.format(2, "20270302") + event.format(1, "20270301"))
    assert days == ["03-02"]
    assert [note.what for note in ignored] == ["line 9"]


def test_the_same_event_twice_is_not_worth_a_note():
    event = "BEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20270301\nEND:VEVENT\n"
    assert read(event + event) == (["03-01"], [])


def test_busy_periods_count_except_free_ones():
    days, ignored = read("busy_periods.ics", zone=LONDON)
    assert (days, ignored) == (["03-01", "03-02", "03-05"], [])


def test_a_rule_with_blanks_is_read_and_noted():
    days, ignored = read("DTSTART:20270301T090000\nDURATION:PT3H\nRRULE:FREQ=WEEKLY;COUNT=2;BYDAY=MO, TU")
    assert days == ["03-01", "03-02"]
    assert len(ignored) == 1


# --- what cannot be read ----------------------------------------------------------------------------------------------


def test_broken_components_are_left_out_and_listed_one_by_one():
    days, ignored = read("broken_parts.ics")
    assert days == ["03-02", "03-04"]
    assert [note.what for note in ignored] == [
        "line 3: No start", "line 6: Garbled", "line 38", "line 52: Without an end", "end of the file",
        "line 11: Backwards", "line 17: Never", "line 24: Storm", "line 31: Stands still",
    ]  # fmt: skip
    assert all(note.reason for note in ignored)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00" * 99, b"PK\x03\x04zip", b"<!doctype html><title>Sign in</title>", b'{"days": []}',
     b"BEGIN:VEVENT\nDTSTART;VALUE=DATE:20270301\nEND:VEVENT\n"],
)  # fmt: skip
def test_a_file_without_a_calendar_is_refused(content):
    with pytest.raises(NotACalendar):
        read(content)


def test_a_calendar_cut_off_before_anything_could_be_read_is_refused():
    with pytest.raises(NotACalendar):
        read("nothing_readable.ics")


def test_an_empty_calendar_is_a_calendar():
    assert read(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n") == ([], [])
    assert read("BEGIN:VTODO\nSUMMARY:Pay\nEND:VTODO") == ([], [])


def test_old_line_ends_marks_and_encodings():
    text = calendar("SUMMARY:Müdes Gespräch\nDTSTART;VALUE=DATE:20270301")
    for content in (
        text.replace("\n", "\r").encode(),
        text.encode("utf-16"),
        text.encode("utf-8-sig"),
        text.encode("cp1252"),
    ):
        assert read(content) == (["03-01"], [])


def test_several_calendars_in_one_file():
    assert read("folded_twice.ics") == (["03-01", "03-02", "03-05", "03-08"], [])


def test_limits_are_checked_before_parsing(monkeypatch):
    monkeypatch.setattr(lines, "MAX_BYTES", 100)
    with pytest.raises(FileTooBig):
        read(b"BEGIN:VCALENDAR\n" + b"X" * 100)
    monkeypatch.setattr(lines, "MAX_BYTES", 10_000)
    monkeypatch.setattr(lines, "MAX_BLOCKS", 2)
    with pytest.raises(FileTooBig):
        read(calendar("BEGIN:VEVENT\nEND:VEVENT\n" * 3).encode())


# --- work is bounded --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=1", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTHDAY=31;BYMONTH=4",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=400", "FREQ=DAILY;BYWEEKNO=53;BYMONTH=6",
        "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1", "FREQ=DAILY;BYHOUR=" + "1," * 2000 + "1",
        "FREQ=MONTHLY;BYDAY=6MO", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1",
        "FREQ=NEVER", "FREQ=DAILY;X-OWN=1", "FREQ=WEEKLY;BYDAY=XX", "FREQ=DAILY;INTERVAL=1e9", "",
    ],
)  # fmt: skip
def test_rules_without_end_or_sense_are_left_out(rule):
    days, ignored = read(f"DTSTART:19900101T090000\nDURATION:PT3H\nRRULE:{rule}")
    assert days == []
    assert len(ignored) == 1


@pytest.mark.parametrize(
    "rule",
    ["FREQ=MONTHLY;BYDAY=-1MO,1MO", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,2", "FREQ=YEARLY;BYDAY=9MO",
     "FREQ=YEARLY;BYMONTH=3;BYDAY=1MO", "FREQ=YEARLY;BYYEARDAY=60", "FREQ=YEARLY;BYWEEKNO=9;BYDAY=MO",
     "FREQ=MONTHLY;BYMONTHDAY=-31", "FREQ=WEEKLY;BYDAY=MO;WKST=SU;INTERVAL=400", "FREQ=DAILY;COUNT=1"],
)  # fmt: skip
def test_rules_that_have_a_day_are_followed(rule):
    days, ignored = read(f"DTSTART:20270301T090000\nDURATION:PT3H\nRRULE:{rule}")
    assert (days[0], ignored) == ("03-01", [])


def test_rules_of_old_address_books_are_followed():
    birthday = "DTSTART;VALUE=DATE:16040305\nRRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=5"
    assert read(birthday) == (["03-05"], [])
    hourly = "DTSTART:20270301T080000\nDURATION:PT10M\nRRULE:FREQ=HOURLY;COUNT=20"
    assert read(hourly, busy_minutes=60) == (["03-01"], [])


def test_the_whole_file_has_a_limit_too(monkeypatch):
    monkeypatch.setattr(bounds, "MOST_STEPS", 500)
    event = "BEGIN:VEVENT\nUID:{0}\nDTSTART:20270301T090000\nDURATION:PT3H\nRRULE:FREQ=DAILY;COUNT=2\nEND:VEVENT\n"
    text = calendar("".join(event.format(number) for number in range(5)))
    found = busy_days(text.encode(), zone=BERLIN, first=date(2027, 3, 1), last=date(2027, 6, 1))
    assert found.days == [date(2027, 3, 1), date(2027, 3, 2)]


def test_the_default_span_is_eighteen_months():
    assert default_span(date(2026, 11, 22)) == (date(2026, 11, 22), date(2028, 5, 22))
    assert default_span(date(2026, 8, 31)) == (date(2026, 8, 31), date(2028, 2, 28))
