"""Repairs of a season of 1,300: one decline after the other, and the next best places for one visit.

``python -m tests.bench.repairs declines`` measures on the planner alone, ``… database`` from a published season in a
PostgreSQL of its own; both print JSON and run in a process of their own.
"""

from __future__ import annotations

import gc
import json
import os
import random
import statistics
import sys
import time
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise

from tests.bench.processes import run as run_process
from tests.bench.table import Row, Table

SIZE = (1300, 800, 40, 12)
DECLINES, ASKED, SEED = 40, 20, 7
CASES = {"": {}, ", scarce days": {"executive_free": 0.15, "host_free": 0.3}, ", few places": {"spare": 1.02}}
CONFIRMED = 20_000


def run(table: Table) -> None:
    """Rows of the planner's part."""
    for name, changes in CASES.items():
        with table.guarded("planner", f"repair of one decline{name}", "1,300"):
            measure_declines(name, changes, table)
    with table.guarded("planner", "alternatives for one visit", "1,300"):
        measure_alternatives(table)


def measure_declines(name: str, changes: dict[str, float], table: Table) -> None:
    found = _beside("declines", json.dumps(changes))
    doubts = [f"{found['broken']} rules broken"] if found["broken"] else []
    note = f"slowest {found['slowest']:.2f} s, {found['left_out']} of {DECLINES} found no place"
    table.add(
        Row("planner", f"repair of one decline{name}", "1,300", found["median"], "s", limit=1,
            doubts=tuple(doubts), note=note)
    )  # fmt: skip
    table.add(Row("planner", f"others moved by it{name}", "1,300", found["moved"], "", limit=1))


def measure_alternatives(table: Table) -> None:
    """From the database where there is one, else from the planner's own problem."""
    where = "database" if os.environ.get("TEST_DATABASE_URL") else "pure"
    found = _beside(where)
    note = (
        f"{where}, slowest {found['slowest']:.2f} s ({found['worked']:.2f} s of processor at most), "
        f"{found['build']:.2f} s to read the season"
    )
    table.add(Row("planner", "alternatives for one visit", "1,300", found["median"], "s", limit=1, note=note))


def _beside(*arguments: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.repairs", *arguments]
    return dict(run_process(command, dict(os.environ)).json)


def planned(**changes: float):
    """A seeded season and its plan."""
    from shadowing.planner import solve
    from tests.shadowing.planner.seasons import season

    problem = season(*SIZE, **changes)
    return problem, solve(problem, seconds=10)


def standing_of(solution):
    """The plan's visits, all of them confirmed."""
    from shadowing.planner import Standing

    return [Standing(pair.executive, pair.host, pair.date, CONFIRMED) for pair in solution.pairs]


def declines(**changes: float) -> dict[str, float]:
    """Executives say no to their host one after the other, and get another; the season is checked by the tests' rules."""
    from shadowing.planner import Standing, repair

    problem, solution = planned(**changes)
    chance, standing, repairs = random.Random(SEED), standing_of(solution), []
    for _turn in range(DECLINES):
        gone = standing.pop(chance.randrange(len(standing)))
        problem = replace(problem, forbidden=problem.forbidden | {(gone.executive, gone.host)})
        found = repair(problem, standing, seeking=[gone.executive])
        moved = {
            move.executive: Standing(move.executive, move.new_host, move.new_date, CONFIRMED) for move in found.moves
        }
        standing = [moved.get(visit.executive, visit) for visit in standing]
        standing += [Standing(one.executive, one.host, one.date, CONFIRMED) for one in found.placed]
        repairs.append(found)
    return {
        "median": statistics.median(found.seconds for found in repairs),
        "slowest": max(found.seconds for found in repairs),
        "moved": statistics.mean(len(found.moves) for found in repairs),
        "left_out": sum(len(found.left_out) for found in repairs),
        "broken": broken_rules(problem, standing),
    }


def broken_rules(problem, standing) -> int:
    """How many rules the standing visits break, counted by the words of the rules and without the planner."""
    from tests.shadowing.planner.checks import may_meet

    executives, hosts = ({one.key: one for one in people} for people in (problem.executives, problem.hosts))
    capacity = {site.slug: site.capacity for site in problem.sites}
    limits = {team.key: team.away_at_once for team in problem.teams if team.away_at_once is not None}
    wrong, days, places, cover = 0, defaultdict(list), Counter(), Counter()
    for visit in standing:
        executive, host = executives[visit.executive], hosts[visit.host]
        free = visit.date not in executive.unavailable | host.unavailable
        wrong += not (free and may_meet(problem, executive, host))
        days[host.key].append(visit.date)
        places[host.site, visit.date] += 1
        cover[host.team, visit.date] += 1
    for key, taken in days.items():
        gap = max(1, problem.rules.days_between_host_visits)
        wrong += len(taken) > hosts[key].max_visits
        wrong += any((later - sooner).days < gap for sooner, later in pairwise(sorted(taken)))
    wrong += sum(number > capacity[site].get(day, 0) for (site, day), number in places.items())
    wrong += sum(number > limits[team] for (team, _day), number in cover.items() if team in limits)
    return wrong + len(standing) - len({visit.executive for visit in standing})


def pure() -> dict[str, float]:
    """Places for some executives by the planner alone."""
    from shadowing.planner import alternatives

    problem, solution = planned()
    standing = standing_of(solution)
    asked = random.Random(SEED).sample([visit.executive for visit in standing], ASKED)
    return _timed([lambda key=key: alternatives(problem, standing, executive=key) for key in asked], 0.0)


def from_database() -> dict[str, float]:
    """Places for some executives as a page asks for them: the season read, the places found, the people fetched."""
    from tests.bench.setting import database, program

    problem, solution = planned()
    with database() as url, program(url):
        from django.db import connection

        from shadowing.models import Visit
        from shadowing.repairs.options import alternatives_for
        from shadowing.repairs.situation import read_situation
        from tests.bench.planned_season import store

        season = store(problem, solution)
        gc.collect()
        gc.freeze()  # as a web process does with the program (floorprogram/gunicorn.py)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        now = Visit.objects.order_by("pk")[0].invited_at
        keys = Visit.objects.filter(date__gt=season.starts_on).order_by("pk").values_list("executive", flat=True)
        asked = random.Random(SEED).sample(list(keys), ASKED)
        reads = _timed([lambda: read_situation(season, now=now)] * 5, 0.0)["median"]
        return _timed(
            [lambda key=key: alternatives_for(season=season, executive_id=key, now=now) for key in asked], reads
        )


def _timed(calls, build: float) -> dict[str, float]:
    seconds, worked = [], []
    for call in calls:
        started, working = time.perf_counter(), time.process_time()
        call()
        seconds.append(time.perf_counter() - started)
        worked.append(time.process_time() - working)
    return {"median": statistics.median(seconds), "slowest": max(seconds), "build": build, "worked": max(worked)}


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    chosen = {"declines": declines, "pure": pure, "database": from_database}[what]
    print(json.dumps(chosen(**json.loads(rest[0])) if rest else chosen()))
