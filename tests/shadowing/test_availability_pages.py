"""Pages on which people say which days they cannot."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from shadowing.models import SeasonState, UnavailableDay, Willing
from tests.factories import (
    ExecutiveFactory,
    HostFactory,
    SeasonExecutiveFactory,
    SeasonFactory,
    SeasonHostFactory,
    SiteFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
CALENDARS = Path(__file__).parents[1] / "data" / "calendars"


@pytest.fixture
def today():
    return timezone.now().date()


@pytest.fixture
def executive(client):
    person = ExecutiveFactory(assistant=UserFactory(name="Asha Assistant")).user
    client.force_login(person)
    return person


def address(name, *args):
    return reverse(f"shadowing:{name}", args=args)


def turn(client, person, day, **headers):
    return client.post(address("turn_day", person.pk), {"day": f"{day:%Y-%m-%d}"}, headers=headers)


def calendar_of(*days):
    """A calendar file with these days as whole-day events, and one broken event."""
    events = [f"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:{day:%Y%m%d}\r\nEND:VEVENT" for day in days]
    text = "\r\n".join(
        ["BEGIN:VCALENDAR", *events, "BEGIN:VEVENT", "SUMMARY:Broken one", "END:VEVENT", "END:VCALENDAR"]
    )
    return SimpleUploadedFile("my.ics", text.encode(), "text/calendar")


# --- the month --------------------------------------------------------------------------------------------------------


def test_ones_own_month(client, executive, today):
    UnavailableDay.objects.create(user=executive, date=today, source="ics")
    shown = client.get(address("availability"))
    body = shown.content.decode()
    assert body.count('aria-pressed="true"') == 1
    assert "from the calendar file" in body
    assert shown.context["month"].earlier is None


def test_the_month_of_the_next_season_comes_first(client, executive, today):
    start = today + timedelta(days=80)
    season = SeasonFactory(state=SeasonState.COLLECTING, starts_on=start, ends_on=start + timedelta(days=5))
    SeasonExecutiveFactory(season=season, executive=executive.executive)
    shown = client.get(address("availability"))
    assert shown.context["month"].first == start.replace(day=1)
    assert "month-asked" in shown.content.decode()
    assert client.get(address("availability"), {"month": f"{today:%Y-%m}"}).context["month"].first == today.replace(
        day=1
    )


@pytest.mark.parametrize("asked", ["", "nonsense", "0001-01", "2027-13", "9999-12", "2020-01"])
def test_months_are_kept_near(client, executive, today, asked):
    first = client.get(address("availability"), {"month": asked}).context["month"].first
    assert today.replace(day=1) <= first <= today.replace(day=1) + timedelta(days=3 * 366)


@pytest.mark.parametrize("count", [1, 3, 50])
def test_the_month_takes_the_same_queries_for_any_number(client, executive, today, django_assert_num_queries, count):
    for shift in range(count):
        UnavailableDay.objects.create(user=executive, date=today + timedelta(days=shift))
        SeasonExecutiveFactory(season=SeasonFactory(state=SeasonState.COLLECTING), executive=executive.executive)
    with django_assert_num_queries(9):
        assert client.get(address("availability")).status_code == 200


# --- turning days -----------------------------------------------------------------------------------------------------


def test_a_day_is_turned_with_a_plain_form(client, executive, today):
    day = today + timedelta(days=3)
    answer = turn(client, executive, day)
    assert answer.url == f"/availability/?month={day:%Y-%m}"
    assert UnavailableDay.objects.get().date == day


def test_a_day_is_turned_in_place(client, executive, today):
    day = today + timedelta(days=3)
    answer = turn(client, executive, day, **{"HX-Request": "true"}).content.decode()
    assert f'id="day-{day}"' in answer
    assert 'aria-pressed="true"' in answer
    assert "<html" not in answer
    assert 'aria-pressed="false"' in turn(client, executive, day, **{"HX-Request": "true"}).content.decode()
    assert not UnavailableDay.objects.exists()


@pytest.mark.parametrize("day", ["", "soon", "2020-01-01", "9999-01-01"])
def test_days_that_cannot_be_turned(client, executive, day):
    assert client.post(address("turn_day", executive.pk), {"day": day}).status_code == 422
    assert not UnavailableDay.objects.exists()


def test_saying_that_the_other_days_will_do(client, executive):
    entry = SeasonExecutiveFactory(season=SeasonFactory(state=SeasonState.COLLECTING), executive=executive.executive)
    assert client.post(address("confirm_days", executive.pk)).status_code == 302
    entry.refresh_from_db()
    assert entry.answered_by == executive


# --- others -----------------------------------------------------------------------------------------------------------


def test_an_assistant_finds_and_sets_the_executives_days(client, executive, today):
    client.force_login(executive.executive.assistant)
    assert address("person_availability", executive.pk) in client.get(address("availability")).content.decode()
    assert client.get(address("person_availability", executive.pk)).status_code == 200
    assert turn(client, executive, today).url.startswith(f"/availability/{executive.pk}/")
    assert UnavailableDay.objects.get().user == executive


def test_ones_own_number_leads_to_ones_own_page(client, executive):
    assert client.get(address("person_availability", executive.pk)).url == "/availability/"


def test_strangers_see_and_change_nothing(client, executive, today):
    pune = UserFactory(role="coordinator", sites=[SiteFactory()])
    host = HostFactory().user
    for stranger, person in ((host, executive), (ExecutiveFactory().user, executive), (pune, host), (executive, host)):
        client.force_login(stranger)
        assert client.get(address("person_availability", person.pk)).status_code == 404
        assert turn(client, person, today).status_code == 404
        assert client.post(address("confirm_days", person.pk)).status_code == 404
        file = {"file": calendar_of(today)}
        assert client.post(address("upload_calendar", person.pk), file).status_code == 404
    client.force_login(UserFactory(role="sponsor"))
    assert client.get(address("person_availability", executive.pk)).status_code == 404
    assert not UnavailableDay.objects.exists()


# --- hosts ------------------------------------------------------------------------------------------------------------


def test_a_host_is_asked_and_answers(client):
    entry = SeasonHostFactory(
        season=SeasonFactory(state=SeasonState.COLLECTING, name="Spring"), willing=Willing.NOT_ASKED
    )
    client.force_login(entry.host.user)
    shown = client.get(address("availability")).content.decode()
    assert "May an executive spend a day with you in Spring?" in shown
    client.post(address("season_willing", entry.season.slug, entry.host_id), {"willing": "yes"})
    entry.refresh_from_db()
    assert entry.willing == "yes"


# --- calendar files ---------------------------------------------------------------------------------------------------


def test_a_calendar_is_read_and_its_result_shown(client, executive, today):
    days = [today + timedelta(days=shift) for shift in (1, 2)]
    shown = client.post(address("upload_calendar", executive.pk), {"file": calendar_of(*days)})
    body = shown.content.decode()
    assert shown.status_code == 200
    assert "2 days are taken" in body
    assert "Broken one" in body
    assert sorted(UnavailableDay.objects.values_list("date", flat=True)) == days
    client.post(address("upload_calendar", executive.pk), {"file": calendar_of(days[0])})
    assert [row.date for row in UnavailableDay.objects.all()] == days[:1]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"not a calendar", "no calendar"),
        (b"", "empty"),
        ((CALENDARS / "nothing_readable.ics").read_bytes(), "cut off"),
    ],
)
def test_a_file_that_is_no_calendar_changes_nothing(client, executive, today, content, words):
    UnavailableDay.objects.create(user=executive, date=today, source="ics")
    refused = client.post(address("upload_calendar", executive.pk), {"file": SimpleUploadedFile("x.ics", content)})
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert UnavailableDay.objects.count() == 1


def test_without_a_file(client, executive):
    assert client.post(address("upload_calendar", executive.pk)).status_code == 422


def test_hostile_words_in_a_calendar_are_shown_as_words(client, executive):
    text = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:<script>alert(1)</script>\nEND:VEVENT\nEND:VCALENDAR\n"
    shown = client.post(address("upload_calendar", executive.pk), {"file": SimpleUploadedFile("x.ics", text)})
    assert "&lt;script&gt;" in shown.content.decode()
    assert "<script>alert" not in shown.content.decode()


# --- lists ------------------------------------------------------------------------------------------------------------


def test_a_coordinator_pastes_or_uploads_a_list(client):
    site = SiteFactory()
    host = HostFactory(team=TeamFactory(site=site)).user
    client.force_login(UserFactory(role="coordinator", sites=[site]))
    assert client.get(address("day_list")).status_code == 200
    pasted = client.post(address("day_list"), {"text": f"{host.email},2027-03-04\nnobody,2027-03-05"})
    assert "1 day noted" in pasted.content.decode()
    assert "line 2" in pasted.content.decode()
    file = SimpleUploadedFile("days.csv", f"person;date\n{host.email};2027-03-05\n".encode())
    assert client.post(address("day_list"), {"file": file}).status_code == 200
    assert [str(row.date) for row in UnavailableDay.objects.all()] == ["2027-03-05"]


@pytest.mark.parametrize("text", ["", "   ", "nobody,2027-03-05", "just words"])
def test_a_list_without_sense_is_refused(client, text):
    client.force_login(UserFactory(role="coordinator"))
    refused = client.post(address("day_list"), {"text": text})
    assert refused.status_code == 422
    assert "error-summary" in refused.content.decode()


def test_lists_are_for_coordinators(client, executive):
    assert client.get(address("day_list")).status_code == 404
    assert client.post(address("day_list"), {"text": f"{executive.email},2027-03-05"}).status_code == 404
