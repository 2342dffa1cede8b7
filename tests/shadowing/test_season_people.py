"""The people of a season: found, filtered, sorted, reminded, taken in and out, as a file."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from freezegun import freeze_time

from notifications.models import Message, Notice
from people.models import AuditEvent
from shadowing.models import SeasonExecutive, SeasonHost, SeasonState, UnavailableDay, Willing
from tests.factories import (
    NINE,
    BusinessUnitFactory,
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
NOW = datetime(2027, 1, 20, 9, tzinfo=NINE.tzinfo)  # a Wednesday, long before the season


@pytest.fixture(autouse=True, scope="module")
def _clock():
    with freeze_time(NOW):
        yield


@pytest.fixture
def leeds():
    return SiteFactory(name="Leeds", slug="leeds")


@pytest.fixture
def pune():
    return SiteFactory(name="Pune", slug="pune")


@pytest.fixture
def season(leeds, pune):
    return SeasonFactory(slug="spring", sites=[leeds, pune], state=SeasonState.COLLECTING, executives_from="listed",
                         hosts_from="listed")  # fmt: skip


@pytest.fixture
def coordinator(client):
    person = UserFactory(role="coordinator")
    client.force_login(person)
    return person


@pytest.fixture
def executives(season, leeds):
    """Ada answered, Bo did not, Cy stepped back."""
    care = BusinessUnitFactory(name="Care", path="Care")
    billing = BusinessUnitFactory(name="Billing", path="Care / Billing", parent=care)
    found = {}
    for name, unit, home in (("Ada", care, leeds), ("Bo", billing, None), ("Cy", None, None)):
        person = ExecutiveFactory(user__name=name, business_unit=unit, home_site=home)
        found[name] = SeasonExecutiveFactory(season=season, executive=person)
    SeasonExecutive.objects.filter(pk=found["Ada"].pk).update(answered_at=NOW, preferred=["2027-03-02"])
    SeasonExecutive.objects.filter(pk=found["Cy"].pk).update(stepped_back_at=NOW, stepped_back_by=UserFactory())
    return found


@pytest.fixture
def hosts(season, leeds, pune):
    """Hal (Leeds) was not asked, Ina (Leeds) said yes, Jo (Leeds) no, Kim (Pune) was not asked."""
    rows = (("Hal", leeds, "not_asked"), ("Ina", leeds, "yes"), ("Jo", leeds, "no"), ("Kim", pune, "not_asked"))
    return {
        name: SeasonHostFactory(
            season=season, host=HostFactory(user__name=name, team=TeamFactory(site=site)), willing=willing
        )
        for name, site, willing in rows
    }


def address(name, *args):
    return reverse(f"shadowing:{name}", args=["spring", *args])


def names(client, **asked):
    rows = client.get(address("season_people"), asked).context["page"].object_list
    return [str(getattr(row, "executive", None) or row.host) for row in rows]


# --- finding ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["Ada", "Bo", "Cy"]),
        ({"answer": "yes"}, ["Ada"]),
        ({"answer": "waiting"}, ["Bo"]),
        ({"answer": "back"}, ["Cy"]),
        ({"answer": "no"}, ["Ada", "Bo", "Cy"]),  # no answer of executives
        ({"q": " b "}, ["Bo"]),
        ({"site": "leeds"}, ["Ada"]),
        ({"sort": "-name"}, ["Cy", "Bo", "Ada"]),
        ({"sort": "answered"}, ["Ada", "Bo", "Cy"]),
        ({"sort": "-days"}, ["Bo", "Ada", "Cy"]),
        ({"unit": "x"}, ["Ada", "Bo", "Cy"]),
        ({"unit": "99999"}, []),
    ],
)
def test_executives_are_found(client, coordinator, executives, asked, expected):
    UnavailableDay.objects.create(user=executives["Bo"].executive.user, date=date(2027, 3, 2))
    assert names(client, list="executives", **asked) == expected


def test_a_unit_includes_those_below_it(client, coordinator, executives):
    unit = executives["Ada"].executive.business_unit
    assert names(client, list="executives", unit=str(unit.pk)) == ["Ada", "Bo"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["Hal", "Ina", "Jo", "Kim"]),
        ({"answer": "waiting"}, ["Hal", "Kim"]),
        ({"answer": "no"}, ["Jo"]),
        ({"site": "pune"}, ["Kim"]),
        ({"q": "AL"}, ["Hal"]),
    ],
)
def test_hosts_are_found(client, coordinator, hosts, asked, expected):
    assert names(client, **asked) == expected


def test_the_page_counts_who_has_not_answered(client, coordinator, hosts):
    body = client.get(address("season_people")).content.decode()
    assert "4 hosts, 2 have not answered" in body
    assert "Remind all 2 who have not answered" in body


def test_the_file_holds_the_list_as_filtered(client, coordinator, executives, hosts):
    def lines(**asked):
        answer = client.get(address("season_people_csv"), asked)
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    ada = lines(list="executives", answer="yes")
    assert [(row["name"], row["answered_on"], row["preferred"]) for row in ada] == [("Ada", "2027-01-20", "2027-03-02")]
    assert [(row["name"], row["willing"], row["site"]) for row in lines(site="leeds", answer="no")] == [
        ("Jo", "no", "Leeds")
    ]


# --- reminding --------------------------------------------------------------------------------------------------------


def asked():
    return sorted(Notice.objects.values_list("recipient__name", flat=True))


def test_those_ticked_are_reminded(client, coordinator, hosts):
    done = client.post(address("season_remind"), {"list": "hosts", "who": [hosts["Hal"].host_id, "x"], "q": "al"})
    assert done.url == address("season_people") + "?list=hosts&q=al"
    assert asked() == ["Hal"]
    client.post(address("season_remind"), {"list": "hosts", "who": [hosts["Hal"].host_id, hosts["Ina"].host_id]})
    assert asked() == ["Hal"]  # asked today, and answered


def test_all_who_have_not_answered_are_reminded_as_filtered(client, coordinator, hosts):
    client.post(address("season_remind"), {"list": "hosts", "all": "yes", "site": "leeds"})
    assert asked() == ["Hal"]
    client.post(address("season_remind"), {"list": "hosts", "all": "yes"})
    assert asked() == ["Hal", "Kim"]


def test_assistants_hear_it_too(client, coordinator, executives):
    executive = executives["Bo"].executive
    executive.assistant = UserFactory(name="Asha")
    executive.save()
    client.post(address("season_remind"), {"list": "executives", "all": "yes"})
    assert asked() == ["Asha", "Bo"]
    assert Message.objects.count() == 2


def test_coordinators_of_some_sites_remind_their_hosts(client, hosts, leeds):
    client.force_login(UserFactory(role="coordinator", sites=[leeds]))
    ids = [hosts["Hal"].host_id, hosts["Kim"].host_id]
    client.post(address("season_remind"), {"list": "hosts", "who": ids})
    assert asked() == ["Hal"]


def test_nobody_chosen_is_refused(client, coordinator, hosts):
    assert client.post(address("season_remind"), {"list": "hosts"}).status_code == 422


def test_a_season_that_does_not_ask_reminds_nobody(client, coordinator, season, hosts):
    season.state = SeasonState.DRAFT
    season.save()
    assert "Remind" not in client.get(address("season_people")).content.decode()
    assert client.post(address("season_remind"), {"list": "hosts", "all": "yes"}).status_code == 422
    assert not Message.objects.exists()


# --- taking in --------------------------------------------------------------------------------------------------------


def add(client, shown, key, **more):
    return client.post(address("season_add"), {"list": shown, "key": key, **more})


@pytest.mark.parametrize("state", [SeasonState.DRAFT, SeasonState.COLLECTING, SeasonState.PUBLISHED])
def test_an_executive_joins_late(client, coordinator, season, state):
    season.state = state
    season.save()
    late = ExecutiveFactory(user__name="Lee Late")
    assert add(client, "executives", late.user.email.upper()).url.endswith("?list=executives")
    assert SeasonExecutive.objects.get().executive == late
    assert AuditEvent.objects.filter(verb="season.executive_added", by=coordinator).exists()


@pytest.mark.parametrize("key", ["", "nobody@example.com", "hal@example.com"])
def test_a_key_that_fits_no_executive_is_refused_with_words(client, coordinator, hosts, key):
    refused = add(client, "executives", key)
    assert refused.status_code == 422
    assert "error-summary" in refused.content.decode()
    assert f'value="{key}"' in refused.content.decode()


def test_who_takes_part_already_is_a_conflict(client, coordinator, executives, hosts):
    assert add(client, "executives", executives["Ada"].executive.user.email).status_code == 409
    assert add(client, "hosts", hosts["Hal"].host.user.email).status_code == 409


def test_a_closed_season_takes_nobody(client, coordinator, season):
    season.state = SeasonState.CLOSED
    season.save()
    assert add(client, "executives", ExecutiveFactory().user.email).status_code == 422


def test_a_host_joins_with_their_yes(client, coordinator, leeds, season):
    host = HostFactory(team=TeamFactory(site=leeds), max_visits=2)
    add(client, "hosts", host.user.email, willing="on")
    entry = SeasonHost.objects.get()
    assert (entry.willing, entry.max_visits, entry.answered_by) == (Willing.YES, 2, coordinator)


def test_coordinators_of_some_sites_take_in_their_hosts_only(client, season, leeds, pune):
    client.force_login(UserFactory(role="coordinator", sites=[leeds]))
    mine, theirs = HostFactory(team=TeamFactory(site=leeds)), HostFactory(team=TeamFactory(site=pune))
    elsewhere = HostFactory()
    assert add(client, "hosts", mine.user.email).status_code == 302
    refusals = [add(client, "hosts", host.user.email) for host in (theirs, elsewhere)]
    assert [refusal.status_code for refusal in refusals] == [422, 422]
    assert add(client, "executives", ExecutiveFactory().user.email).status_code == 404
    assert [entry.host for entry in SeasonHost.objects.all()] == [mine]


# --- taking out -------------------------------------------------------------------------------------------------------


def remove(client, shown, who):
    return client.post(address("season_remove"), {"list": shown, "who": who})


def test_people_are_taken_out(client, coordinator, executives, hosts):
    assert remove(client, "executives", executives["Bo"].executive_id).status_code == 302
    assert remove(client, "hosts", hosts["Jo"].host_id).status_code == 302
    assert SeasonExecutive.objects.count() == 2
    assert SeasonHost.objects.count() == 3
    assert AuditEvent.objects.filter(verb="season.person_removed").count() == 2


def test_who_has_a_live_visit_stays(client, coordinator, season, executives, hosts):
    VisitFactory(season=season, executive=executives["Ada"].executive, host=hosts["Ina"].host)
    assert remove(client, "executives", executives["Ada"].executive_id).status_code == 422
    assert remove(client, "hosts", hosts["Ina"].host_id).status_code == 422


def test_a_season_that_follows_the_roster_keeps_its_people(client, coordinator, season, executives, hosts):
    season.executives_from, season.hosts_from = "all", "willing"
    season.save()
    refused = remove(client, "executives", executives["Bo"].executive_id)
    assert refused.status_code == 422
    assert "takes all executives" in refused.content.decode()
    assert remove(client, "hosts", hosts["Hal"].host_id).status_code == 422
    season.state = SeasonState.PUBLISHED
    season.save()
    assert remove(client, "executives", executives["Bo"].executive_id).status_code == 302


@pytest.mark.parametrize("who", ["", "x", "999999", "9" * 30])
def test_nobody_to_take_out(client, coordinator, season, who):
    assert remove(client, "hosts", who).status_code == 404


def test_hosts_of_other_sites_are_not_there_to_take_out(client, season, hosts, leeds):
    client.force_login(UserFactory(role="coordinator", sites=[leeds]))
    assert remove(client, "hosts", hosts["Kim"].host_id).status_code == 404
    assert remove(client, "executives", ExecutiveFactory().pk).status_code == 404
    assert remove(client, "hosts", hosts["Hal"].host_id).status_code == 302


# --- a row swapped alone ----------------------------------------------------------------------------------------------


def test_a_row_keeps_its_columns_when_its_answer_changes(client, coordinator, hosts):
    whole = client.get(address("season_people")).content.decode()
    fields = {"willing": "yes", "ticks": "yes", "removes": "yes"}
    row = client.post(
        address("season_willing", hosts["Hal"].host_id), fields, headers={"HX-Request": "true"}
    ).content.decode()
    assert row.count("<td") == whole[whole.index('id="host-') :].split("</tr>")[0].count("<td")


# --- size -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shown", ["hosts", "executives"])
@pytest.mark.parametrize("count", [1, 60])
def test_the_page_takes_the_same_queries(client, coordinator, season, leeds, shown, count, django_assert_num_queries):
    team = TeamFactory(site=leeds)
    for number in range(count):
        host = HostFactory(team=team)
        SeasonHostFactory(season=season, host=host)
        entry = SeasonExecutiveFactory(season=season)
        for person in (host.user, entry.executive.user):
            UnavailableDay.objects.create(user=person, date=date(2027, 3, 1) + timedelta(days=number % 9))
    with django_assert_num_queries(9):
        client.get(address("season_people"), {"list": shown, "sort": "-days"})
