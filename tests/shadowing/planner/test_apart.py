"""Solver calls in a process beside this one: the same answers, ended when stopped, and harmless when they die."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from shadowing.planner import apart, scarce, solve
from shadowing.planner.apart import Solvers
from shadowing.planner.program import Program
from shadowing.planner.watch import Watch
from tests.shadowing.planner.checks import broken, visits_of
from tests.shadowing.planner.seasons import season

SEASON = season(40, 30, 10, 2, executive_free=0.15, host_free=0.3)
# Two of three things of values 3, 2 and 2, the first of which takes the room of two
CHOICE = Program(np.array([3.0, 2, 2]), sparse.csr_array([[2.0, 1, 1]]), np.array([2.0]), np.ones(3), 3)


@pytest.fixture
def always_apart(monkeypatch):
    monkeypatch.setattr(apart, "SMALL", -1)


def stand_in(monkeypatch, code):
    """Another program in the place of the solving process; the processes that were started."""
    started = []

    def start():
        pipe = subprocess.PIPE
        started.append(subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe))
        return started[-1]

    monkeypatch.setattr(apart, "start", start)
    return started


def test_answers_are_the_same_here_and_apart(monkeypatch):
    with Solvers(Watch(60, None)) as solvers:
        here = solvers.whole(CHOICE), solvers.relaxed(CHOICE)
        monkeypatch.setattr(apart, "SMALL", -1)
        beside = solvers.whole(CHOICE), solvers.relaxed(CHOICE)

    for one, other in zip(here, beside, strict=True):
        assert one.values.tolist() == other.values.tolist()
    assert here[0].bound == beside[0].bound == 4
    assert here[1].prices.tolist() == beside[1].prices.tolist()


@pytest.mark.usefixtures("always_apart")
@pytest.mark.parametrize("whole", [scarce.WHOLE, -1], ids=["exact program", "column generation"])
def test_a_season_solved_apart_is_the_season_solved_here(monkeypatch, whole):
    monkeypatch.setattr(scarce, "WHOLE", whole)
    beside = solve(SEASON)

    monkeypatch.setattr(apart, "SMALL", 10**9)
    here = solve(SEASON)

    assert replace(beside, seconds=0) == replace(here, seconds=0)
    assert here.status == "optimal"


@pytest.mark.usefixtures("always_apart")
def test_one_process_serves_a_whole_solve_and_is_gone_afterwards(monkeypatch):
    started, start = [], apart.start
    monkeypatch.setattr(apart, "start", lambda: started.append(start()) or started[-1])

    solve(SEASON)

    assert len(started) == 1
    assert started[0].poll() is not None


@pytest.mark.usefixtures("always_apart")
def test_a_stop_ends_a_call_that_would_never_answer(monkeypatch):
    started = stand_in(monkeypatch, "import time; time.sleep(3600)")
    told = []

    stopped = solve(SEASON, seconds=3000, progress=lambda step: told.append(step) or len(told) < 9)

    assert stopped.status == "cancelled"
    assert broken(SEASON, visits_of(SEASON, stopped)) == []
    assert len(started) == 1
    assert started[0].poll() is not None


@pytest.mark.usefixtures("always_apart")
def test_a_call_ends_with_its_time(monkeypatch):
    started = stand_in(monkeypatch, "import time; time.sleep(3600)")

    with Solvers(Watch(0.2, None)) as solvers:
        answer = solvers.whole(CHOICE)

    assert (answer.values, answer.finished) == (None, False)
    assert started[0].poll() is not None


@pytest.mark.usefixtures("always_apart")
@pytest.mark.parametrize("code", ["", "import sys; sys.stdin.buffer.read(10); sys.exit(1)"])
def test_a_process_that_dies_costs_its_answers_only(monkeypatch, code):
    stand_in(monkeypatch, code)

    solution = solve(SEASON, seconds=3)

    assert broken(SEASON, visits_of(SEASON, solution)) == []
    assert solution.objective <= solution.bound


def test_two_seasons_are_solved_at_once_in_two_processes():
    alone = [solve(problem).objective for problem in (SEASON, season(30, 20, 10, 2, away=1))]
    code = (
        "import json, sys; from shadowing.planner import apart, scarce, solve;"
        "from tests.shadowing.planner.seasons import season; apart.SMALL = scarce.WHOLE = -1;"
        "found = solve(season(*json.loads(sys.argv[1]), **json.loads(sys.argv[2])));"
        "print(json.dumps([found.objective, found.status]))"
    )
    asked = [([40, 30, 10, 2], {"executive_free": 0.15, "host_free": 0.3}), ([30, 20, 10, 2], {"away": 1})]

    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, *map(json.dumps, each)], cwd=apart.ROOT, stdout=subprocess.PIPE, text=True
        )
        for each in asked
    ]

    assert [json.loads(process.communicate()[0]) for process in running] == [[value, "optimal"] for value in alone]
