"""Small seasons: the planner against every plan there is, and against rules written a second time."""

from datetime import timedelta
from unittest import mock

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shadowing.planner import Executive, Host, Locked, Problem, Rules, Site, Team, Weights, scarce, solve
from tests.shadowing.planner.checks import best_value, broken, value, visits_of
from tests.shadowing.planner.seasons import START, tiny

DAYS = [START + timedelta(offset) for offset in (0, 1, 3, 4)]
UNITS = [("A",), ("A", "B"), ("C",), None]
some_days = st.frozensets(st.sampled_from(DAYS), max_size=2)
some_languages = st.frozensets(st.sampled_from(["en", "pt"]), max_size=2)
some_weight = st.sampled_from([0, 0.5, 1, 2])


@st.composite
def executives(draw, number):
    return Executive(
        f"E{number}",
        unit=draw(st.sampled_from(UNITS)),
        home_site=draw(st.sampled_from(["north", "south", None])),
        languages=draw(some_languages),
        unavailable=draw(some_days),
        preferred=draw(some_days),
        met=draw(st.frozensets(st.sampled_from(["H0", "H1"]), max_size=1)),
    )


@st.composite
def hosts(draw, number):
    site = draw(st.sampled_from(["north", "south"]))
    taken = draw(st.frozensets(st.sampled_from(DAYS), max_size=1))
    return Host(
        f"H{number}",
        site=site,
        team=draw(st.sampled_from([f"{site}-1", None])),
        unit=draw(st.sampled_from(UNITS)),
        hired_on=draw(st.sampled_from([None, START - timedelta(100), START - timedelta(900), START - timedelta(4000)])),
        languages=draw(some_languages),
        unavailable=draw(some_days),
        max_visits=draw(st.integers(1, 3)),
        nominated=draw(st.booleans()),
        visits=tuple(taken),
        season_visits=draw(st.integers(0, len(taken))),
    )


@st.composite
def problems(draw):
    people = tuple(draw(executives(n)) for n in range(draw(st.integers(0, 4))))
    guests = tuple(draw(hosts(n)) for n in range(draw(st.integers(0, 3))))
    places = st.dictionaries(st.sampled_from(DAYS), st.integers(0, 2), max_size=4)
    locked = ()
    if people and guests and draw(st.booleans()):
        locked = (Locked("E0", draw(st.sampled_from(guests)).key, draw(st.sampled_from(DAYS))),)
    return Problem(
        people,
        guests,
        sites=(Site("north", draw(places)), Site("south", draw(places))),
        rules=Rules(
            START, draw(st.sampled_from([0, 6])), draw(st.booleans()), draw(st.booleans()), draw(st.integers(0, 4))
        ),
        teams=(Team("north-1", draw(st.sampled_from([None, 0, 1]))), Team("south-1", 1)),
        weights=Weights(draw(some_weight), draw(some_weight), draw(some_weight), draw(some_weight)),
        locked=locked,
        forbidden=draw(
            st.frozensets(st.tuples(st.sampled_from(["E0", "E1"]), st.sampled_from(["H0", "H1"])), max_size=2)
        ),
    )


def check(problem):
    solution = solve(problem)
    visits = visits_of(problem, solution)

    assert broken(problem, visits) == []
    assert solution.status == "optimal"
    assert round(solution.objective * 1000) == value(problem, visits) == best_value(problem)
    assert solution.bound == solution.objective
    assert {one.executive for one in solution.left_out} == {e.key for e in problem.executives} - {
        visit[0].key for visit in visits
    }


@settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**9).map(tiny))
def test_no_plan_of_a_crowded_season_is_better(problem):
    check(problem)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(problems())
def test_no_plan_of_an_odd_season_is_better(problem):
    check(problem)


def by_columns_only():
    """Small seasons take the way of large ones: no exact program, and no luck by searching first."""
    return mock.patch.multiple(scarce, WHOLE=-1, search=lambda table, draft, *_, **__: draft)


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**9).map(tiny))
def test_column_generation_finds_and_proves_the_best_of_a_crowded_season(problem):
    with by_columns_only():
        check(problem)


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(problems())
def test_column_generation_finds_and_proves_the_best_of_an_odd_season(problem):
    with by_columns_only():
        check(problem)
