"""Nothing in a calendar file crashes the reader: arbitrary bytes, and real-looking calendars with parts exchanged."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people.errors import Refused
from shadowing.availability.ics import BusyDays, busy_days
from shadowing.availability.lines import parse_line, read_calendars

CALENDARS = [path.read_bytes() for path in sorted((Path(__file__).parents[1] / "data" / "calendars").glob("*.ics"))]
WORDS = [
    b"BEGIN:VCALENDAR", b"END:VCALENDAR", b"BEGIN:VEVENT", b"END:VEVENT", b"BEGIN:VTIMEZONE", b"END:VTIMEZONE",
    b"BEGIN:STANDARD", b"END:STANDARD", b"BEGIN:VFREEBUSY", b"END:VFREEBUSY", b"BEGIN:VALARM", b"UID:1", b"UID:2",
    b"TZID:Own", b"TZOFFSETFROM:+0100", b"TZOFFSETTO:-9999", b"DTSTART:20270301T090000",
    b"DTSTART;VALUE=DATE:20270301", b"DTSTART:00010101T000000Z", b"DTEND:99991231T235959Z",
    b"DTSTART;TZID=Own:20270301T090000", b"DTEND:20270301T170000", b"DURATION:PT9H", b"DURATION:-P1D",
    b"DURATION:P99999999W", b"RRULE:FREQ=DAILY", b"RRULE:FREQ=YEARLY;BYDAY=1SU", b"RRULE:FREQ=HOURLY;BYSETPOS=-1",
    b"RRULE:FREQ=WEEKLY;UNTIL=20270401", b"RRULE:FREQ=MONTHLY;BYDAY=MO,2TU;BYSETPOS=9",
    b"RDATE;VALUE=PERIOD:20270301T090000/PT5H", b"RDATE:20270302,20270303T000000Z", b"EXDATE:20270301T090000",
    b"RECURRENCE-ID:20270301T090000", b"RECURRENCE-ID;RANGE=THISANDFUTURE:20270308T090000Z", b"SEQUENCE:-1",
    b"FREEBUSY:20270301T090000Z/20270301T120000Z", b"FREEBUSY;FBTYPE=FREE:20270301T090000Z/PT", b"STATUS:CANCELLED",
    b"TRANSP:OPAQUE", b"X-WR-TIMEZONE:Asia/Kolkata", b"METHOD:CANCEL", b"SUMMARY", b":", b";", b"=", b"\"", b"\n ",
    b",",
]  # fmt: skip
SLOW = settings(max_examples=150, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])


def read(content):
    """What the reader makes of the bytes; a refusal is an answer too."""
    try:
        return busy_days(content, zone=ZoneInfo("Europe/Berlin"), first=date(2027, 3, 1), last=date(2027, 4, 30))
    except Refused as refusal:
        return str(refusal)


def is_sane(answer):
    if isinstance(answer, str):
        return bool(answer)
    days_in_span = all(date(2027, 3, 1) <= day <= date(2027, 4, 30) for day in answer.days)
    return days_in_span and answer.days == sorted(set(answer.days)) and all(note.what for note in answer.ignored)


@SLOW
@given(st.binary(max_size=400))
def test_arbitrary_bytes(content):
    assert is_sane(read(content))
    assert is_sane(read(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + content + b"\nEND:VEVENT\nEND:VCALENDAR"))


@SLOW
@given(st.lists(st.sampled_from(WORDS), max_size=25))
def test_the_words_of_calendars_in_any_order(words):
    inside = b"\n".join(words)
    assert is_sane(read(inside))
    assert is_sane(read(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + inside + b"\nEND:VEVENT\nEND:VCALENDAR"))


@SLOW
@given(st.sampled_from(CALENDARS), st.data())
def test_calendars_with_changed_bytes(content, data):
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(changed) - 1))
        changed[place : place + data.draw(st.integers(0, 12))] = data.draw(
            st.sampled_from(WORDS) | st.binary(max_size=4)
        )
    assert is_sane(read(bytes(changed)))


@SLOW
@given(st.sampled_from(CALENDARS), st.data())
def test_calendars_with_lines_left_out(content, data):
    lines = content.split(b"\n")
    kept = data.draw(st.lists(st.booleans(), min_size=len(lines), max_size=len(lines)))
    assert is_sane(read(b"\n".join(line for line, keep in zip(lines, kept, strict=True) if keep)))


@settings(database=None, deadline=None)
@given(st.text(max_size=80))
def test_any_line_is_a_line_or_none(text):
    parse_line("DTSTART" + text)


def test_deep_nesting_takes_no_time():
    content = b"BEGIN:VCALENDAR\n" + b"BEGIN:A\n" * 50_000 + b"END:B\n" * 50_000
    assert read_calendars(content)[0].blocks == []


def test_a_calendar_of_many_years_is_read():
    event = b"BEGIN:VEVENT\nUID:%d\nDTSTART;VALUE=DATE:202703%02d\nEND:VEVENT\n"
    content = b"BEGIN:VCALENDAR\n" + b"".join(event % (n, n % 28 + 1) for n in range(5_000)) + b"END:VCALENDAR\n"
    answer = read(content)
    assert isinstance(answer, BusyDays)
    assert len(answer.days) == 28
