"""The planner: pairs first, then days, then the scarce rest, with a bound that holds for every plan there could be.

A plan gives executives a host and a day. It maximises the scores of its pairs less what hosts' further visits cost less 100
points for everybody left out; every rule is hard. The general problem is NP-hard (host totals and site days cross), so
the bound is always shown.

1. ``pairing``: pairs without days are a minimum-cost flow (Ahuja, Magnanti and Orlin 1993), over candidates priced in until
   none is missing: its value bounds every plan, because forgetting the days only allows more.
2. ``days``, ``rest``: days for those pairs by a second flow, rest days by moving visits about or by a small program. Where
   every pair gets its day the plan reaches the bound and is proven best: seasons with days to spare end here.
3. ``scarce``: else a search gives out slots of host and day again and again (``slots``, ``reopen``), and the program over
   executive × host × day (``program``) says what is possible: all of it in whole numbers when it is small, else in
   fractions by column generation (``generation``, ``pricing``), which proves a tighter bound; from the fractions a site for
   everybody, then each site exactly (``sites``); what then remains of the gap over the few columns that matter (``closing``).

Long calls of HiGHS run in a process beside this one (``apart``), so that a stop is heard at once. What the sources are
stands in the docstring of each module, the figures in docs/planner.md.
"""

from datetime import date

import numpy as np

from shadowing.planner import rules, scarce, scoring
from shadowing.planner.apart import Solvers
from shadowing.planner.days import assign_days
from shadowing.planner.draft import Draft
from shadowing.planner.obstacles import fill_in
from shadowing.planner.pairing import best_pairs
from shadowing.planner.problem import CANCELLED, FEASIBLE, OPTIMAL, Placed, Problem, Report, Solution
from shadowing.planner.reasons import reasons
from shadowing.planner.scoring import LEFT_OUT, SCALE
from shadowing.planner.table import Table
from shadowing.planner.watch import Watch

DAYS_SHARE = 0.3  # of the time that is left, for the exact form of stage 2


def solve(problem: Problem, *, seconds: float = 60, seed: int = 0, progress: Report | None = None) -> Solution:
    """The best plan found within ``seconds`` and a proven bound.

    The same problem and seed give the same plan unless time cuts the search short. ``progress`` is called now and
    then; when it returns False the best plan so far comes back as "cancelled".
    """
    watch = Watch(seconds, progress)
    table = Table(problem)
    with Solvers(watch) as solvers:
        draft, bound = _search(table, seed, solvers, watch)
    return _answer(table, draft, bound, watch)


def _search(table: Table, seed: int, solvers: Solvers, watch: Watch) -> tuple[Draft, int]:
    """A plan for those who are not locked, and a bound on it."""
    if not all(table.shape):
        return Draft.empty(table), -LEFT_OUT * len(table.executives)

    def keep_going(number: int, objective: int, bound: int) -> bool:
        watch.tell("pairs", min(0.1 * number, 0.5), objective=None, bound=bound)
        return not watch.over

    pairing = best_pairs(table, seed=seed, keep_going=keep_going)
    assigned = assign_days(table, pairing.executives, pairing.hosts, solvers=solvers, share=DAYS_SHARE)
    draft = Draft.of(table, pairing.executives, pairing.hosts, assigned.days)
    return _finished(table, draft, pairing.bound, pairing.host_price, seed, solvers, watch)


def _finished(
    table: Table, draft: Draft, bound: int, price: np.ndarray, seed: int, solvers: Solvers, watch: Watch
) -> tuple[Draft, int]:
    """The draft, improved while it is not proven best and there is time, on the best days for its pairs."""
    objective = draft.objective(table)
    watch.tell("days", 0.6, placed=len(draft.placed), objective=objective, bound=bound)
    if objective >= bound:
        return draft, bound
    if watch.over:
        return fill_in(table, draft), bound
    draft, bound = scarce.improve(table, draft, bound, price, seed=seed, solvers=solvers, watch=watch)
    placed = draft.placed
    wished = assign_days(table, placed, draft.hosts[placed], solvers=solvers, share=DAYS_SHARE)
    if wished.complete and wished.preferred > table.preferred[placed, draft.days[placed]].sum():
        draft = Draft.of(table, placed, draft.hosts[placed], wished.days)
    return draft, bound


def _answer(table: Table, draft: Draft, bound: int, watch: Watch) -> Solution:
    """The plan in the problem's own terms, locked pairs included."""
    problem = table.problem
    executives = {executive.key: executive for executive in problem.executives}
    hosts = {host.key: host for host in problem.hosts}
    places = [(pair.executive, pair.host, pair.date) for pair in problem.locked]
    locked = _value(table, places)
    places += [
        (table.executives[one].key, table.hosts[draft.hosts[one]].key, table.dates[draft.days[one]])
        for one in draft.placed.tolist()
    ]
    left_out = reasons(table, draft)
    placed = tuple(sorted((_placed(table, *place) for place in places), key=lambda one: (one.date, one.site, one.host)))
    objective = _value(table, places) - LEFT_OUT * len(left_out)
    bound = max(bound + locked, objective)
    scores = sum(pair.score for pair in placed)
    watch.tell("done", 1, placed=len(placed), objective=objective, bound=bound)
    return Solution(
        status=OPTIMAL if bound == objective else CANCELLED if watch.stopped else FEASIBLE,
        pairs=placed,
        left_out=left_out,
        objective=objective / SCALE,
        bound=bound / SCALE,
        gap=(bound - objective) / max(scores, 1),
        seconds=round(watch.spent(), 3),
        relied_on_unknown=rules.relied_on_unknown(
            [(executives[pair.executive], hosts[pair.host]) for pair in placed], problem.rules
        ),
    )


def _placed(table: Table, executive: str, host: str, day: date) -> Placed:
    problem = table.problem
    one, other = table.executive_of[executive], table.hosts[table.host_index[host]]
    terms = scoring.terms(
        one, other, starts_on=problem.rules.starts_on, furthest=table.furthest, weights=problem.weights
    )
    return Placed(executive, host, other.site, day, sum(terms.values()), terms)


def _value(table: Table, places: list) -> int:
    """Scores less load of some pairs, in thousandths, counted afresh from the people."""
    visits: dict[str, int] = {}
    value = 0
    for executive, host, day in places:
        number = visits.get(host, table.hosts[table.host_index[host]].season_visits) + 1
        visits[host] = number
        value += _placed(table, executive, host, day).score - scoring.load(number, table.problem.weights)
    return value
