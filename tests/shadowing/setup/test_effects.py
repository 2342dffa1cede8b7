"""What rules leave, counted over kinds of people: equal to asking the planner's rules for every pair one by one."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowing.models import Willing
from shadowing.planner import problem as planner
from shadowing.planner import rules
from shadowing.seasons.counting import count_effects
from shadowing.seasons.effect_words import lines
from shadowing.seasons.effects import Counting, People
from tests.factories import (
    BusinessUnitFactory,
    ExecutiveFactory,
    HostFactory,
    SeasonExecutiveFactory,
    SeasonFactory,
    SeasonHostFactory,
    SiteFactory,
    TeamFactory,
    VisitFactory,
)

START = date(2027, 3, 1)
UNITS = [None, ("a",), ("a", "b"), ("c",)]
LANGUAGES = [frozenset(), frozenset({"en"}), frozenset({"en", "de"}), frozenset({"pt"})]
DAYS = [START + timedelta(days=shift) for shift in range(12)]
SITE = planner.Site("leeds", dict.fromkeys(DAYS, 3))
HIRED = [None, date(2020, 1, 1), date(2026, 10, 2), date(2027, 2, 1)]


@st.composite
def seasons(draw):
    executives = [
        planner.Executive(str(number), unit=draw(st.sampled_from(UNITS)), languages=draw(st.sampled_from(LANGUAGES)))
        for number in range(draw(st.integers(0, 6)))
    ]
    hosts = [
        planner.Host(
            str(number + draw(st.sampled_from([3, 100]))), "leeds", unit=draw(st.sampled_from(UNITS)),
            languages=draw(st.sampled_from(LANGUAGES)), hired_on=draw(st.sampled_from(HIRED)),
            max_visits=draw(st.integers(1, 3)),
        )
        for number in range(draw(st.integers(0, 6)))
    ]  # fmt: skip
    hosts = list({host.key: host for host in hosts}.values())
    keys = st.sampled_from([person.key for person in [*executives, *hosts]] or ["0"])
    met = draw(st.lists(st.tuples(keys, keys, st.integers(1, 3)), max_size=6))
    wanted = planner.Rules(
        START, draw(st.sampled_from([0, 3, 60])), draw(st.booleans()), draw(st.booleans()), draw(st.integers(0, 5))
    )
    return People(executives, hosts, [SITE], (), met), wanted, draw(st.integers(0, 3))


@settings(max_examples=200, deadline=None, database=None)
@given(seasons())
def test_counting_kinds_equals_asking_for_every_pair(season):
    people, wanted, back = season
    found = Counting(people, wanted, seasons_back=back).effects()
    pairs = [(e, h) for e in people.executives for h in people.hosts if rules.two_people(e, h)]
    met = {(executive, host) for executive, host, number in people.met if number <= max(back, 1)}

    def allowed(executive, host, asked):
        return rules.other_unit(executive, host, asked) is not False

    unit_on, language_on = replace(wanted, other_business_unit=True), replace(wanted, shared_language=True)
    speaking = [pair for pair in pairs if rules.shared_language(*pair, language_on) is not False]
    left = [
        (e, h)
        for e, h in pairs
        if allowed(e, h, wanted)
        and rules.shared_language(e, h, wanted) is not False
        and rules.long_enough_here(h, wanted) is not False
        and not (back and (e.key, h.key) in met)
    ]
    tenured = [host for host in people.hosts if rules.long_enough_here(host, wanted) is not False]
    assert found.tenure.left == len(tenured)
    assert (found.unit.left, found.unit.whole) == (sum(allowed(*pair, unit_on) for pair in pairs), len(pairs))
    assert found.language.left == len(speaking)
    assert found.met.left == len(pairs) - sum((e.key, h.key) in met for e, h in pairs)
    assert found.together.left == len(left)
    assert found.without_host == len(people.executives) - len({e.key for e, _h in left})
    assert found.visits == sum(min(host.max_visits, spaced(wanted.days_between_host_visits)) for host in tenured)


def spaced(rest):
    """Most dates of the window that keep the rest days, taken from the first on."""
    return len(DAYS[:: max(rest, 1)])


def test_a_year_of_1300_visits_is_counted_by_kinds_of_people():
    executives = [
        planner.Executive(f"e{n}", unit=("co", f"u{n % 60}"), languages=LANGUAGES[1 + n % 3]) for n in range(1300)
    ]
    hosts = [
        planner.Host(f"h{n}", "leeds", unit=("co", f"u{n % 50}"), languages=LANGUAGES[n % 4], hired_on=HIRED[n % 4])
        for n in range(800)
    ]
    met = [(f"e{n}", f"h{n % 800}", 1) for n in range(1300)]
    found = Counting(People(executives, hosts, [SITE], (), met), RULES, seasons_back=2).effects()
    assert found.together.whole == 1300 * 800


RULES = planner.Rules(START, 6, other_business_unit=True, shared_language=True, days_between_host_visits=3)


# --- from the database ------------------------------------------------------------------------------------------------


@pytest.fixture
def season(db):
    """Two executives and three hosts in Leeds; one host is new, one has no hire date, one met an executive last time."""
    site = SiteFactory(name="Leeds", slug="leeds")
    field, sales = BusinessUnitFactory(name="Field"), BusinessUnitFactory(name="Sales")
    earlier = SeasonFactory(name="Autumn 2026", starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 9), sites=[site])
    season = SeasonFactory(name="Spring", slug="spring", sites=[site])
    team = TeamFactory(site=site, business_unit=field)
    executives = [ExecutiveFactory(business_unit=unit) for unit in (field, sales)]
    hosts = [HostFactory(team=team, hired_on=day) for day in (date(2020, 1, 1), date(2027, 1, 15), None)]
    HostFactory(team=TeamFactory())  # elsewhere
    ExecutiveFactory(user__is_active=False)
    for executive in executives:
        SeasonExecutiveFactory(season=season, executive=executive)
    SeasonHostFactory(season=season, host=hosts[0], willing=Willing.YES, max_visits=3)
    VisitFactory(season=earlier, site=site, executive=executives[1], host=hosts[0], date=date(2026, 10, 1), held=True)
    return season


def told(season, **wanted):
    counted = count_effects(season, rules=wanted)
    return {name: f"{line.text} {line.note}".strip() for name, line in lines(counted).items()}


def test_every_rule_says_what_it_leaves(season):
    words = told(
        season, host_min_tenure_months=6, other_business_unit=True, shared_language=True, no_repeat_seasons=2,
        days_between_host_visits=3,
    )  # fmt: skip
    assert words == {
        "host_min_tenure_months": "Leaves 2 of 3 hosts. 1 host without a hire date is not excluded.",
        "other_business_unit": "Leaves 3 of 6 pairs.",
        "shared_language": "Leaves 6 of 6 pairs. 2 executives and 3 hosts without a language are not excluded.",
        "no_repeat_seasons": "Rules out 1 pair.",
        "days_between_host_visits": "Hosts can take 4 visits in the window.",
        "together": "All rules together leave 1 of 6 pairs. 1 executive is left without a host.",
        "hosts": "3 hosts, 1 said yes so far.",
    }


def test_rules_that_are_off_say_what_they_would_leave(season):
    words = told(season)
    assert words["host_min_tenure_months"] == "Off: all 3 hosts may take part."
    assert words["other_business_unit"] == "Off. It would leave 3 of 6 pairs."
    assert words["no_repeat_seasons"] == "Off. For the last season it would rule out 1 pair."


def test_people_may_be_named(season):
    host = season.hosts.get().host_id
    counted = count_effects(season, rules={}, executives=[], hosts=[host])
    assert (counted.executives, counted.hosts, counted.effects.visits) == (0, 1, 3)


def test_too_few_visits_are_a_warning(season):
    ExecutiveFactory.create_batch(9)
    line = lines(count_effects(season, rules={}))["days_between_host_visits"]
    assert line.warns
    assert line.note == "11 executives want one."


@pytest.mark.parametrize("count", [1, 30])
def test_counting_takes_the_same_queries_for_any_number(season, django_assert_num_queries, count):
    ExecutiveFactory.create_batch(count)
    HostFactory.create_batch(count, team=season.hosts.get().host.team)
    with django_assert_num_queries(7):  # answers, sites and their rows, executives, hosts, earlier seasons, meetings
        count_effects(season, rules={"no_repeat_seasons": 2})
