"""The publish page: warnings by kind, ticked off one by one or together, what blocks, the season as a whole, who is told."""

from datetime import date

import pytest

from people.errors import Conflict, NotAllowed
from shadowing.models import (
    Acknowledgement,
    SeasonExecutive,
    SeasonHost,
    SeasonState,
    UnavailableDay,
    Visit,
    VisitState,
    Willing,
)
from shadowing.notices import previewing
from shadowing.visits import actions, season_doubts, telling
from shadowing.visits.acknowledging import acknowledge_many
from tests.factories import ExecutiveFactory, HostFactory, SeasonExecutiveFactory
from tests.shadowing.world import BEFORE, make_world

pytestmark = pytest.mark.django_db
URL = "/seasons/spring/publish/"
SATURDAY = date(2027, 3, 6)


@pytest.fixture
def world():
    found = make_world()
    type(found.season).objects.update(state=SeasonState.PLANNED)
    found.season.refresh_from_db()
    return found


@pytest.fixture
def saturdays(world):
    """Three proposed visits on a Saturday, one of an executive who is away."""
    visits = [
        world.visit(VisitState.PROPOSED, executive=ExecutiveFactory(), host=HostFactory(team=world.team), date=SATURDAY)
        for _number in range(3)
    ]
    UnavailableDay.objects.create(user=visits[0].executive.user, date=SATURDAY)
    return visits


def text(page):
    return " ".join(page.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def get(client, world):
    client.force_login(world.admin)
    return client.get(URL)


def test_warnings_are_grouped_by_kind_with_counts(client, world, saturdays):
    page = get(client, world)

    groups = [(group.code, len(group.found), group.open) for group in page.context["groups"]]
    assert groups == [("executive_away", 1, 1), ("not_a_visit_day", 3, 3)]
    assert "Acknowledge all 3 of this kind" in text(page)
    assert "I have seen the 4 warnings that are left" in text(page)


def test_one_is_ticked_off_and_the_page_says_by_whom(client, world, saturdays):
    key = get(client, world).context["groups"][0].found[0].key

    page = client.post(f"{URL}acknowledge/", {"key": key}, follow=True)

    assert (Acknowledgement.objects.get().by, Acknowledgement.objects.get().code) == (world.admin, "executive_away")
    assert "1 warning acknowledged." in text(page)
    assert "Ada Admin" in text(page)
    assert page.context["open"] == 3


def test_a_whole_kind_is_ticked_off_and_publishing_needs_no_more(client, world, saturdays):
    get(client, world)
    for kind in ("not_a_visit_day", "executive_away"):
        client.post(f"{URL}acknowledge/", {"kind": kind})

    page = get(client, world)
    done = client.post(URL, {"seen": page.context["seen"]})

    assert (page.context["open"], page.context["warned"], done.status_code) == (0, 4, 302)
    assert set(Visit.objects.values_list("state", flat=True)) == {VisitState.INVITED}


def test_what_is_let_stand_while_publishing_is_written_down(client, world, saturdays):
    page = get(client, world)

    client.post(URL, {"seen": page.context["seen"], "acknowledged": "on"})

    assert Acknowledgement.objects.filter(by=world.admin).count() == 4


def test_a_visit_that_moved_is_looked_at_again(world, saturdays):
    acknowledge_many(season=world.season, code="not_a_visit_day", by=world.admin, now=BEFORE)
    actions.move_visit(visit=saturdays[2], date=date(2027, 3, 7), by=world.admin, now=BEFORE)
    keys = [f"{saturdays[0].uuid}:{SATURDAY}:{saturdays[0].host_id}:executive_away"]

    with pytest.raises(Conflict, match="1 warning is not acknowledged"):
        actions.publish_season(season=world.season, acknowledged=keys, by=world.admin, now=BEFORE)


def test_strangers_tick_off_nothing(client, world, saturdays):
    for person in (world.coordinator, world.sponsor, world.executive.user):
        client.force_login(person)
        assert client.post(f"{URL}acknowledge/", {"kind": "not_a_visit_day"}).status_code == 404
        with pytest.raises(NotAllowed):
            acknowledge_many(season=world.season, code="not_a_visit_day", by=person, now=BEFORE)

    assert not Acknowledgement.objects.exists()


def test_what_breaks_a_must_stops_publishing(client, world):
    for _number in range(2):
        world.visit(VisitState.PROPOSED, executive=ExecutiveFactory(), host=HostFactory(team=world.team))
    world.season.season_sites.update(visits_a_day=1)

    page = get(client, world)
    refused = client.post(URL, {"acknowledged": "on", "seen": page.context["groups"][0].found[0].key})

    assert page.context["blocking"] == 1
    assert "One visit cannot stay as it is." in text(page)
    assert "/seasons/spring/board/?day=2027-03-03" in text(page)
    assert refused.status_code == 409
    assert "Leeds takes 1 visit a day, and Wednesday 3 March has 2." in text(refused)
    assert set(Visit.objects.values_list("state", flat=True)) == {VisitState.PROPOSED}
    with pytest.raises(Conflict):  # the command's operator neither
        actions.publish_season(season=world.season, acknowledged=(), by=None, now=BEFORE)
    assert acknowledge_many(season=world.season, code="over_capacity", by=world.admin, now=BEFORE) == 0


# --- the season as a whole ---


def doubts(world, *visits, willing=()):
    counts = season_doubts.counts_of(world.season)
    return {doubt.code: doubt.text for doubt in season_doubts.of_season(world.season, visits, counts, willing)}


def test_nobody_named_their_days(world):
    SeasonExecutiveFactory(season=world.season, executive=world.executive)
    SeasonExecutiveFactory(season=world.season, executive=world.stranger)
    assert "Nobody named their days: all 2 executives" in doubts(world)["nobody_named_days"]

    SeasonExecutive.objects.filter(executive=world.executive).update(answered_at=BEFORE)

    assert doubts(world)["days_not_named"].startswith("1 executive has not named their days")


def test_hosts_not_asked_and_executives_without_a_place(world):
    for executive in (world.executive, world.stranger):
        SeasonExecutiveFactory(season=world.season, executive=executive, answered_at=BEFORE)
    visit = world.visit(VisitState.PROPOSED)

    found = doubts(world, visit)

    assert found["hosts_not_asked"].startswith("1 host with a visit has not said that they are willing.")
    assert found["no_place"] == "1 executive has no place."
    assert "hosts_not_asked" not in doubts(world, visit, willing={world.host.pk})
    SeasonExecutive.objects.filter(executive=world.stranger).update(stepped_back_at=BEFORE, stepped_back_by=world.admin)
    assert "no_place" not in doubts(world, visit)


def test_people_no_message_reaches_are_named(world):
    world.host.user.email = None
    world.host.user.contact_email = ""
    world.host.user.save()
    visit = world.visit(VisitState.PROPOSED)
    assert any(reader.user == world.host.user for reader in telling.readers(visit))

    assert doubts(world, visit)["unreachable"] == "Without an address: Priya Nair."


def test_the_page_says_it_with_the_way_there(client, world):
    SeasonExecutiveFactory(season=world.season, executive=world.stranger)
    SeasonHost.objects.create(season=world.season, host=world.host, willing=Willing.YES)
    world.visit(VisitState.PROPOSED)

    page = text(get(client, world))

    assert "1 executive has no place." in page
    assert "/seasons/spring/waiting/" in page
    assert "hosts with a visit have not said" not in page


# --- who is told, and what ---


def test_the_invitation_can_be_read_before_anybody_gets_it(client, world, mailoutbox):
    visit = world.visit(VisitState.PROPOSED)

    (executive, to_executive), (host, to_host) = previewing.invitations(visit, now=BEFORE)
    page = text(get(client, world))

    assert (executive, host) == ("Anneke Vos", "Priya Nair")
    for message in (to_host, to_executive):
        assert message.subject_line.replace("\N{NO-BREAK SPACE}", " ") in page
    assert dict(to_host.facts)["Answer by"].replace("\N{NO-BREAK SPACE}", " ") == "Thursday 18 February 2027"
    visit.refresh_from_db()
    assert (visit.state, visit.answer_by, mailoutbox) == (VisitState.PROPOSED, None, [])


def test_publishing_again_tells_of_the_changes_only(client, world):
    type(world.season).objects.update(state=SeasonState.PUBLISHED)
    SeasonExecutiveFactory(season=world.season, executive=world.executive)
    world.visit(VisitState.CONFIRMED)
    world.visit(VisitState.PROPOSED, executive=world.stranger, host=world.strange_host)

    page = text(get(client, world))

    assert "One change is ready to be published" in page
    assert "One visit is published already: nobody hears of it again." in page


def test_hosts_who_said_yes_are_no_doubt_on_the_page_and_links_are_filtered(client, world, saturdays):
    SeasonExecutiveFactory(season=world.season)
    for visit in saturdays:
        SeasonHost.objects.update_or_create(season=world.season, host=visit.host, defaults={"willing": Willing.YES})

    agreed = {doubt.code: doubt.url for doubt in get(client, world).context["doubts"]}
    SeasonHost.objects.update(willing=Willing.NOT_ASKED)
    unasked = {doubt.code: doubt.url for doubt in get(client, world).context["doubts"]}

    assert "hosts_not_asked" not in agreed
    assert unasked["hosts_not_asked"] == "/seasons/spring/people/?list=hosts&answer=waiting"
    assert "/seasons/spring/people/?list=executives&answer=waiting" in unasked.values()
