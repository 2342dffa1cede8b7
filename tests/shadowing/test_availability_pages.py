"""Pages on which people say which days they cannot."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from shadowing.models import SeasonState, UnavailableDay, Visit, Willing
from tests.factories import (
    ExecutiveFactory,
    HostFactory,
    SeasonExecutiveFactory,
    SeasonFactory,
    SeasonHostFactory,
    SiteFactory,
    TeamFactory,
    UserFactory,
    VisitFactory,
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


@pytest.fixture
def workday(today):
    """The next Monday: weekends stand on the page only where a season opens them."""
    return today + timedelta(days=7 - today.weekday())


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


def test_ones_own_month(client, executive, workday):
    UnavailableDay.objects.create(user=executive, date=workday, source="ics")
    shown = client.get(address("availability"), {"month": f"{workday:%Y-%m}"})
    body = shown.content.decode()
    assert body.count('aria-pressed="true"') == 1
    assert "from the calendar file" in body
    assert client.get(address("availability")).context["month"].earlier is None


def test_the_month_of_the_next_season_comes_first(client, executive, today):
    start = today + timedelta(days=80)
    season = SeasonFactory(state=SeasonState.COLLECTING, starts_on=start, ends_on=start + timedelta(days=5))
    SeasonExecutiveFactory(season=season, executive=executive.executive)
    shown = client.get(address("availability"))
    assert shown.context["month"].first == start.replace(day=1)
    assert "day-asked" in shown.content.decode()
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
    with django_assert_num_queries(12):
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


@pytest.fixture
def season(executive, workday):
    """Two weeks from the next Monday; the executive and a host of its only site take part."""
    site = SiteFactory(country="GB")
    season = SeasonFactory(
        state=SeasonState.COLLECTING, starts_on=workday, ends_on=workday + timedelta(days=11), sites=[site]
    )
    SeasonExecutiveFactory(season=season, executive=executive.executive)
    SeasonHostFactory(season=season, host=HostFactory(team=TeamFactory(site=site)))
    return season


def wished(executive):
    return executive.executive.seasons.get().preferred


def test_a_press_goes_from_free_to_away_to_preferred_to_free(client, executive, season, workday):
    states = []
    for _press in range(4):
        body = turn(client, executive, workday, **{"HX-Request": "true"}).content.decode()
        states.append(next(word for word in ("away", "preferred", "free") if f" day-{word}" in body))
    assert states == ["away", "preferred", "free", "away"]
    assert wished(executive) == []


def test_only_so_many_days_are_preferred(client, executive, season, workday):
    for shift in range(4):
        for _press in range(2):
            turn(client, executive, workday + timedelta(days=shift))
    assert wished(executive) == [f"{workday + timedelta(days=shift)}" for shift in range(3)]
    assert not UnavailableDay.objects.exists()
    assert "3 of 3 preferred days chosen" in client.get(address("availability")).content.decode()


def test_only_visit_days_are_preferred(client, executive, season, workday):
    outside = workday + timedelta(days=14)
    for _press in range(2):
        turn(client, executive, outside)
    assert wished(executive) == []


def test_hosts_have_no_preferred_days(client, executive, season, workday):
    host = season.hosts.get().host.user
    client.force_login(host)
    turn(client, host, workday)
    assert "free" in turn(client, host, workday, **{"HX-Request": "true"}).content.decode()
    assert "preferred" not in client.get(address("availability")).content.decode()


def test_a_week_is_marked_and_cleared(client, executive, season, workday):
    turn(client, executive, workday)
    turn(client, executive, workday)  # preferred
    days = ",".join(f"{workday + timedelta(days=shift)}" for shift in range(5))
    assert client.post(address("turn_day", executive.pk), {"week": f"away:{days}", "month": "2027-01"}).url.endswith(
        "?month=2027-01"
    )
    assert UnavailableDay.objects.count() == 5
    assert wished(executive) == []
    shown = client.post(
        address("turn_day", executive.pk), {"week": f"free:{days}", "month": f"{workday:%Y-%m}"}, headers={"HX-Request": "true"}
    ).content.decode()  # fmt: skip
    assert 'role="grid"' in shown
    assert f'hx-post="{address("turn_day", executive.pk)}"' in shown
    assert not UnavailableDay.objects.exists()


@pytest.mark.parametrize(
    "week", ["", "away", "gone:2027-03-04", "away:soon", "away:9999-01-01", "away:" + "2027-03-04," * 40]
)
def test_weeks_that_cannot_be_marked(client, executive, week):
    status = client.post(address("turn_day", executive.pk), {"week": week}).status_code
    assert status == (302 if week == "away" else 422)
    assert not UnavailableDay.objects.exists()


def test_the_deadline_and_what_was_named_are_said(client, executive, season, workday):
    season.starts_on += timedelta(days=21)
    season.ends_on += timedelta(days=21)
    season.save()
    assert "name the days by" in client.get(address("availability")).content.decode()
    client.post(address("confirm_days", executive.pk))
    assert "Named on" in client.get(address("availability")).content.decode()


def test_weekends_stand_there_only_where_a_season_opens_one(client, executive, season, workday):
    shown = client.get(address("availability"))
    assert not shown.context["month"].weekends
    saturday = workday + timedelta(days=5)
    season.season_sites.update(open_days=[saturday.isoformat()])
    shown = client.get(address("availability"), {"month": f"{saturday:%Y-%m}"})
    assert shown.context["month"].weekends


def test_holidays_of_the_home_site_are_named(client, executive):
    executive.executive.home_site = SiteFactory(country="GB")
    executive.executive.save()
    year = timezone.now().year + 1
    assert "Christmas Day" in client.get(address("availability"), {"month": f"{year}-12"}).content.decode()


def test_an_own_visit_is_a_link_and_not_turned(client, executive, season, workday):
    visit = VisitFactory(confirmed=True, executive=executive.executive, season=season, date=workday)
    body = client.get(address("availability"), {"month": f"{workday:%Y-%m}"}).content.decode()
    assert f'id="turn-{workday}" href="{visit.get_absolute_url()}"' in body
    assert f"{visit.site}" in body
    Visit.objects.update(invited_at=None, state="proposed")
    assert visit.get_absolute_url() not in client.get(address("availability")).content.decode()


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
        assert client.post(address("take_over", person.pk), {"source": "ics", "days": f"{today}"}).status_code == 404
        assert client.post(address("undo_days", person.pk), {"source": "ics"}).status_code == 404
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
    client.post(address("season_willing", entry.season.slug, entry.host_id), {"willing": "yes", "max_visits": "2"})
    entry.refresh_from_db()
    assert (entry.willing, entry.max_visits) == ("yes", 2)


# --- calendar files ---------------------------------------------------------------------------------------------------


def read(client, person, **given):
    """Upload or paste; returns the answer and what the page would send back."""
    shown = client.post(address("upload_calendar", person.pk), given)
    found = shown.context["found"] if shown.status_code == 200 else None
    return shown, {"source": found.source, "days": found.listed} if found else {}


def test_a_calendar_is_shown_before_it_is_taken_over(client, executive, today):
    days = [today + timedelta(days=shift) for shift in (1, 2)]
    shown, fields = read(client, executive, file=calendar_of(*days))
    body = shown.content.decode()
    assert "2 days would be marked" in body
    assert "Broken one" in body
    assert not UnavailableDay.objects.exists()
    assert client.post(address("take_over", executive.pk), fields).url == "/availability/"
    assert sorted(UnavailableDay.objects.values_list("date", flat=True)) == days
    client.post(address("take_over", executive.pk), read(client, executive, file=calendar_of(days[0]))[1])
    assert [row.date for row in UnavailableDay.objects.all()] == days[:1]


def test_days_are_pasted(client, executive, today):
    day = today + timedelta(days=20)
    shown, fields = read(client, executive, text=f"{day:%A} {day:%-d} {day:%B}\n{day - timedelta(days=1)}")
    assert "2 days would be marked" in shown.content.decode()
    client.post(address("take_over", executive.pk), fields)
    assert set(UnavailableDay.objects.values_list("source", "date")) == {("csv", day), ("csv", day - timedelta(days=1))}


def test_the_text_of_a_calendar_is_pasted(client, executive, today):
    text = calendar_of(today + timedelta(days=1)).read().decode()
    assert read(client, executive, text=text)[1]["source"] == "ics"


def test_a_line_that_is_no_date_is_named_and_kept(client, executive):
    refused, _fields = read(client, executive, text="4 March\nsoon")
    assert refused.status_code == 422
    assert "Line 2: “soon” is no date" in refused.content.decode()
    assert ">\n4 March\nsoon</textarea>" in refused.content.decode()


def test_how_many_of_the_days_a_season_asks_for_is_said(client, executive, workday):
    season = SeasonFactory(
        state=SeasonState.COLLECTING, starts_on=workday, ends_on=workday + timedelta(days=4), sites=[SiteFactory()]
    )
    SeasonExecutiveFactory(season=season, executive=executive.executive)
    shown, _fields = read(client, executive, file=calendar_of(workday, workday + timedelta(days=7)))
    assert "1 of them is a visit day" in shown.content.decode()


def test_days_of_one_source_are_taken_back(client, executive, today):
    for shift, source in ((1, "ics"), (2, "ics"), (2, "click"), (-1, "ics")):
        UnavailableDay.objects.create(user=executive, date=today + timedelta(days=shift), source=source)
    assert "2 days, calendar file" in client.get(address("availability")).content.decode()
    client.post(address("undo_days", executive.pk), {"source": "ics"})
    left = {(str(row.date - today).split(",")[0], row.source) for row in UnavailableDay.objects.all()}
    assert left == {("2 days", "click"), ("-1 day", "ics")}
    assert client.post(address("undo_days", executive.pk), {"source": "moon"}).status_code == 422


@pytest.mark.parametrize(
    "fields",
    [
        {"source": "click", "days": ""}, {"source": "ics", "days": "soon"}, {"source": "ics", "days": "2027-03-04,," * 6000},
        {},
    ],
)  # fmt: skip
def test_what_is_sent_back_altered_is_refused(client, executive, fields):
    assert client.post(address("take_over", executive.pk), fields).status_code == 422
    assert not UnavailableDay.objects.exists()


def test_days_out_of_reach_are_left_out(client, executive, today):
    fields = {"source": "ics", "days": f"2020-01-01,9999-01-01,{today}"}
    client.post(address("take_over", executive.pk), fields)
    assert [row.date for row in UnavailableDay.objects.all()] == [today]


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
