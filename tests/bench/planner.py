"""The planner on the seasons of quality.md beside greedy and plain assignment, its plans and bounds checked from outside.

Every solve, baseline and linear program runs in a process of its own. ``python -m tests.bench.planner CASE SECONDS``
solves one season and prints it as JSON.
"""

from __future__ import annotations

import importlib.util
import json
import os
import resource
import sys

from tests.bench.planner_cases import Case, case, wanted
from tests.bench.processes import Finished
from tests.bench.processes import run as run_process
from tests.bench.table import Row, Table

PATIENCE = 10  # × a budget of seconds, then the best plan so far counts
EARLY, ENOUGH = 5, 99  # seconds after which a scarce season is to have so many per cent
ROUNDING = 0.002  # points


def run(table: Table) -> None:
    for each in wanted():
        with table.guarded("planner", str(each), each.name):
            measure(each, table)
    if importlib.util.find_spec("tests.bench.repairs"):
        importlib.import_module("tests.bench.repairs").run(table)


def measure(each: Case, table: Table) -> None:
    """All rows of one season."""
    done = beside("planner", each.name, str(each.seconds * (1 if each.scarce else PATIENCE)))
    found = done.json
    table.add(solved_row(each, done))
    if each.scarce:
        table.add(early_row(each, found, beside("planner", each.name, str(EARLY)).json))
    for way in ("greedy", "assignment"):
        with table.guarded("planner", f"  against {way}", each.name):
            table.add(against_row(each, way, found, beside("baselines", way, each.name).json))
    if each.relaxation:
        with table.guarded("planner", "  bound, linear program", each.name):
            value = beside("relaxation", each.relaxation, each.name).json["value"]
            table.add(bound_row(each, found, value))


def beside(module: str, *arguments: str) -> Finished:
    return run_process([sys.executable, "-m", f"tests.bench.{module}", *arguments], dict(os.environ))


def solved_row(each: Case, done: Finished) -> Row:
    """Seconds to the proof, or what is left of the gap."""
    found = done.json
    doubts = [f"{found['broken']} rules broken"] if found["broken"] else []
    if found["gap"]:
        doubts.append(f"gap {100 * found['gap']:.4f} %")
    if found["counted"] != found["objective"]:
        doubts.append(f"counted again it is worth {found['counted']:,.3f}")
    if each.megabytes and done.megabytes > each.megabytes:
        doubts.append(f"{done.megabytes:.0f} MB, {each.megabytes} allowed")
    note = f"{found['status']} {found['objective']:,.3f}, bound {found['bound']:,.3f}, {found['placed']:,} placed"
    note += f", {found['processor']:.1f} s of processor"
    return Row(
        "planner", str(each), each.name, found["seconds"], "s", limit=each.seconds, doubts=tuple(doubts),
        note=f"{note}, {done.megabytes:.0f} MB, rules kept" if not found["broken"] else note,
    )  # fmt: skip


def early_row(each: Case, found: dict, early: dict) -> Row:
    """How good the plan is after a few seconds, in per cent of the best bound that is known."""
    bound = min(found["bound"], early["bound"])
    note = f"{early['objective']:,.3f} of {bound:,.3f} in {early['seconds']:.1f} s"
    doubts = (f"{early['broken']} rules broken",) if early["broken"] else ()
    share = per_cent(early["objective"], bound, found["scores"])
    return Row(
        "planner", f"  after {EARLY} s", each.name, share, "%", limit=ENOUGH, least=True, doubts=doubts, note=note
    )


def against_row(each: Case, way: str, ours: dict, other: dict) -> Row:
    """Both in per cent of the bound: what is missing to it, measured by the sum of our plan's scores."""
    note = (
        f"objective {ours['objective']:,.1f} / {other['objective']:,.1f}, "
        f"placed {ours['placed']:,} / {other['placed']:,}, {other['seconds']:.1f} s"
    )
    doubts = (f"{other['broken']} rules broken by {way}",) if other["broken"] else ()
    shares = [per_cent(one["objective"], ours["bound"], ours["scores"]) for one in (ours, other)]
    return Row(
        "planner", f"  of the bound, against {way}", each.name, shares[0], "%", shares[1], note=note, doubts=doubts
    )


def bound_row(each: Case, ours: dict, value: float) -> Row:
    """Our bound must hold for the best of the linear program, which no plan beats, and our plan must be under both."""
    doubts = []
    if ours["objective"] > value + ROUNDING:
        doubts.append("our plan is better than the linear program allows")
    if ours["bound"] < value - 0.001 - ROUNDING:
        doubts.append("the linear program does not confirm our bound")
    note = "" if doubts else f"confirmed: no plan can be better than {value:,.3f}"
    return Row(
        "planner", f"  bound, linear program over {each.relaxation}", each.name, ours["bound"], "", value,
        doubts=tuple(doubts), note=note,
    )  # fmt: skip


def per_cent(objective: float, bound: float, scores: float) -> float:
    return 100 * (1 - (bound - objective) / scores)


def solve_one(name: str, seconds: float) -> dict[str, object]:
    """Solve a season and check the plan by the rules written for the tests."""
    from shadowing.planner import solve
    from tests.shadowing.planner import checks

    problem = case(name).problem()
    before = processor()
    found = solve(problem, seconds=seconds)
    used = processor() - before
    visits = checks.visits_of(problem, found)
    names = ("status", "objective", "bound", "gap", "seconds")
    return {name: getattr(found, name) for name in names} | {
        "processor": used,
        "placed": len(found.pairs),
        "scores": sum(pair.score for pair in found.pairs) / 1000,
        "broken": len(checks.broken(problem, visits)),
        "counted": checks.value(problem, visits) / 1000,
    }


def processor() -> float:
    """Seconds of processor so far, of this process and of those it has ended."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    print(json.dumps(solve_one(sys.argv[1], float(sys.argv[2]))))
