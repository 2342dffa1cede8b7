"""What deserves a look before people are invited: each warning with and without its cause."""

from __future__ import annotations

from datetime import date

import pytest

from people.errors import Conflict, NotAllowed, Refused
from people.models import BusinessUnit
from shadowing.models import Acknowledgement, SeasonHost, UnavailableDay, VisitState, Willing
from shadowing.visits import warnings
from shadowing.visits.acknowledging import acknowledge
from tests.factories import ExecutiveFactory, HostFactory, SeasonFactory, VisitDayFactory
from tests.shadowing.world import BEFORE, DAY, make_world

pytestmark = pytest.mark.django_db
P = VisitState.PROPOSED


@pytest.fixture
def world():
    return make_world()


def found(world, *visits, now=BEFORE):
    return [(warned.code, warned.text.replace("\N{NO-BREAK SPACE}", " ")) for warned in
            warnings.of_visits(world.season, visits, now=now)]  # fmt: skip


def rule(world, **changes):
    for name, value in changes.items():
        setattr(world.season, name, value)
    world.season.save()


def test_a_plain_visit_has_none(world):
    assert found(world, world.visit(P)) == []
    assert warnings.of_visits(world.season, [], now=BEFORE) == []


@pytest.mark.parametrize(("who", "code"), [("executive", "executive_away"), ("host", "host_away")])
def test_somebody_is_away(world, who, code):
    person = getattr(world, who).user
    UnavailableDay.objects.create(user=person, date=DAY)

    assert found(world, world.visit(P)) == [(code, f"{person.name} is away on this day.")]


@pytest.mark.parametrize("who", ["executive", "host"])
def test_somebody_has_left(world, who):
    visit, person = world.visit(P), getattr(world, who).user
    person.is_active = False
    person.save()

    visit = type(visit).objects.get(pk=visit.pk)
    assert found(world, visit) == [("left", f"No longer here: {person.name}.")]


def test_another_day_away_does_not_matter(world):
    UnavailableDay.objects.create(user=world.host.user, date=date(2027, 3, 4))

    assert found(world, world.visit(P)) == []


def test_a_host_who_said_no(world):
    SeasonHost.objects.create(season=world.season, host=world.host, willing=Willing.NO)

    assert found(world, world.visit(P)) == [("not_willing", "Priya Nair does not want to host this season.")]


@pytest.mark.parametrize(
    ("gap", "wanted", "warned"), [(1, 3, True), (2, 3, True), (2, 2, False), (1, 1, False), (1, 0, False)]
)
def test_rest_between_two_visits(world, gap, wanted, warned):
    rule(world, days_between_host_visits=wanted)
    other = world.visit(P, executive=world.stranger, date=date(2027, 3, 3 + gap))

    words = [("rest_days", f"Priya Nair has another visit {gap} days away. The season asks for {wanted}.")]
    assert found(world, world.visit(P)) == (words if warned else [])
    assert [code for code, _text in found(world, other)] == (["rest_days"] if warned else [])


def test_a_cancelled_visit_needs_no_rest(world):
    rule(world, days_between_host_visits=3)
    world.visit(VisitState.CANCELLED, executive=world.stranger, date=date(2027, 3, 4))

    assert found(world, world.visit(P)) == []


@pytest.mark.parametrize(("limit", "warned"), [(1, True), (2, False), (None, False)])
def test_a_team_misses_no_more_than_it_can(world, limit, warned):
    world.team.away_at_once = limit
    world.team.save()
    visits = [world.visit(P), world.visit(P, executive=world.stranger, host=world.strange_host)]

    words = [("floor_cover", "2 hosts of Billing Care have a visit on this day. The team can miss 1.")] * 2
    assert found(world, *visits) == (words if warned else [])


@pytest.mark.parametrize(
    ("country", "day", "words"),
    [
        ("", date(2027, 3, 6), "Saturday 6 March is a weekend at Leeds."),
        ("US", date(2027, 3, 7), "Sunday 7 March is a weekend at Leeds."),
        ("IE", date(2027, 3, 17), "Wednesday 17 March is a public holiday at Leeds: Saint Patrick's Day."),
    ],
)
def test_days_the_site_does_not_open(world, country, day, words):
    world.site.country = country
    world.site.save()
    rule(world, ends_on=date(2027, 3, 19))

    assert found(world, world.visit(P, date=day)) == [("not_a_visit_day", words)]
    world.season.season_sites.update(open_days=[day.isoformat()])
    assert found(world, world.visit(P, executive=world.stranger, date=day, host=world.strange_host)) == []


def test_a_day_that_has_passed(world):
    assert found(world, world.visit(P, date=date(2027, 2, 12)))[0] == (
        "not_a_visit_day",
        "Friday 12 February has passed.",
    )


@pytest.mark.parametrize(
    ("hired_on", "months", "warned"),
    [(date(2026, 10, 1), 6, True), (date(2026, 9, 1), 6, False), (None, 6, False), (date(2027, 1, 1), 0, False)],
)
def test_tenure_counts_to_the_seasons_start(world, hired_on, months, warned):
    rule(world, host_min_tenure_months=months)
    world.host.hired_on = hired_on
    world.host.save()

    assert [code for code, _text in found(world, world.visit(P))] == (["tenure"] if warned else [])


@pytest.mark.parametrize(
    ("theirs", "ours", "required", "warned"),
    [
        ("A", "A", True, True),
        ("A", "B", True, False),
        (None, "A", True, False),
        ("A", None, True, False),
        ("A", "A", False, False),
    ],
)
def test_another_business_unit(world, theirs, ours, required, warned):
    rule(world, other_business_unit=required)
    units = {name: BusinessUnit.objects.create(name=name, path=name) for name in "AB"} | {None: None}
    world.team.business_unit, world.executive.business_unit = units[theirs], units[ours]
    world.team.save()
    world.executive.save()

    assert [code for code, _text in found(world, world.visit(P))] == (["same_unit"] if warned else [])


@pytest.mark.parametrize(
    ("executive", "host", "required", "warned"),
    [
        (["en"], ["hi"], True, True),
        (["EN", "de"], ["en"], True, False),
        ([], ["hi"], True, False),
        (["en"], [], True, False),
        (["en"], ["hi"], False, False),
    ],
)
def test_a_shared_language(world, executive, host, required, warned):
    rule(world, shared_language=required)
    for person, languages in ((world.executive.user, executive), (world.host.user, host)):
        person.languages = languages
        person.save()

    assert [code for code, _text in found(world, world.visit(P))] == (["language"] if warned else [])


@pytest.mark.parametrize(("state", "warned"), [(VisitState.HELD, True), (VisitState.NO_SHOW, False)])
def test_a_pair_that_met(world, state, warned):
    autumn = SeasonFactory(name="Autumn 2026", slug="autumn", sites=[world.site])
    world.visit(state, season=autumn, date=date(2026, 11, 4))

    assert found(world, world.visit(P)) == ([("met_before", "They met before, in Autumn 2026.")] if warned else [])


def test_a_day_over_capacity_blocks_the_visits_added_last(world):
    first = world.visit(P)
    last = world.visit(P, executive=world.stranger, host=world.strange_host)
    assert found(world, first, last) == []

    world.season.season_sites.filter(site=world.site).update(visits_a_day=1)

    words = "Leeds takes 1 visit a day, and Wednesday 3 March has 2."
    assert found(world, first, last) == [("over_capacity", words)]
    assert found(world, first) == []


def test_a_host_with_more_visits_than_they_take_blocks(world):
    SeasonHost.objects.create(season=world.season, host=world.host, willing=Willing.YES, max_visits=1)
    first = world.visit(P)
    last = world.visit(P, executive=world.stranger, date=date(2027, 3, 10))
    autumn = SeasonFactory(name="Autumn 2026", slug="autumn", sites=[world.site])
    world.visit(P, executive=world.stranger, season=autumn, date=date(2027, 3, 11))

    assert found(world, first, last) == [("host_full", "Priya Nair takes 1 visit this season, and has 2.")]


def test_a_day_or_site_the_season_does_not_have_blocks(world):
    late, elsewhere = world.visit(P, date=date(2027, 3, 15)), world.visit(P, executive=world.stranger)
    assert found(world, late) == [("outside", "Monday 15 March lies outside the season.")]

    world.season.season_sites.filter(site=world.site).delete()

    assert found(world, elsewhere) == [("outside", "Leeds is not a site of this season.")]


def severities(world, visit):
    return [warned.severity for warned in warnings.of_visits(world.season, [visit], now=BEFORE)]


def test_a_warning_is_let_stand_until_the_visit_changes(world):
    UnavailableDay.objects.bulk_create(
        UnavailableDay(user=world.executive.user, date=date(2027, 3, day)) for day in (3, 4)
    )
    visit = world.visit(P)
    assert severities(world, visit) == ["warns"]

    seen = acknowledge(visit=visit, code="executive_away", by=world.coordinator, now=BEFORE)

    assert (seen.by, seen.at, seen.date, seen.host) == (world.coordinator, BEFORE, DAY, world.host)
    assert severities(world, visit) == ["acknowledged"]
    assert acknowledge(visit=visit, code="executive_away", by=world.admin, now=BEFORE) == seen
    visit.date = date(2027, 3, 4)
    assert severities(world, visit) == ["warns"]


def test_what_is_no_warning_is_not_let_stand(world):
    visit = world.visit(P)
    SeasonHost.objects.create(season=world.season, host=world.host, willing=Willing.NO)

    for code, refusal in [("nonsense", Refused), ("over_capacity", Refused), ("tenure", Conflict)]:
        with pytest.raises(refusal):
            acknowledge(visit=visit, code=code, by=world.coordinator, now=BEFORE)
    for person in (world.other_coordinator, world.sponsor, world.executive.user, world.host.user):
        with pytest.raises(NotAllowed):
            acknowledge(visit=visit, code="not_willing", by=person, now=BEFORE)

    assert Acknowledgement.objects.count() == 0


def test_a_standby_with_a_visit_of_their_own_cannot_step_in(world):
    VisitDayFactory(site=world.site, date=date(2027, 3, 3), standby=world.host)

    words = [("stands_by", "Priya Nair stands by on this day. Somebody else has to, then.")]
    assert found(world, world.visit(P)) == words
    assert found(world, world.visit(P, executive=world.stranger, host=world.strange_host)) == []


def test_a_key_changes_with_the_day_and_the_host(world):
    UnavailableDay.objects.bulk_create(
        UnavailableDay(user=world.executive.user, date=date(2027, 3, day)) for day in (3, 4)
    )
    visit = world.visit(P)
    (before,) = (warned.key for warned in warnings.of_visits(world.season, [visit], now=BEFORE))
    visit.date = date(2027, 3, 4)
    (after,) = (warned.key for warned in warnings.of_visits(world.season, [visit], now=BEFORE))

    assert before != after


@pytest.mark.parametrize("number", [1, 3, 50])
def test_warnings_ask_the_same_for_any_number(world, number, django_assert_max_num_queries):
    world.season.season_sites.update(visits_a_day=number)
    pairs = [{"executive": ExecutiveFactory(), "host": HostFactory(team=world.team)} for _visit in range(number)]
    visits = [world.visit(P, date=date(2027, 3, 6), **pair) for pair in pairs]

    with django_assert_max_num_queries(5):
        assert len(found(world, *visits)) == number
