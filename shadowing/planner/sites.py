"""From fractions to a plan: everybody gets a site first, then each site is solved exactly.

Sites share nothing but the executives, and in fractions nearly everybody is at one site already. So sites are fixed where
the fractions agree, the undecided are rounded, the most decided first, with the program solved again in between (a
diving heuristic, as in Sadykov and others, 2019), and what is left falls apart into one small program per site.
"""

from __future__ import annotations

import numpy as np

from shadowing.planner.apart import Solvers
from shadowing.planner.columns import Columns
from shadowing.planner.draft import Draft
from shadowing.planner.generation import Generated
from shadowing.planner.obstacles import fill_in
from shadowing.planner.pricing import Pool, best_of_each, near_best
from shadowing.planner.program import program
from shadowing.planner.reopen import reopened
from shadowing.planner.table import Array, Floats
from shadowing.planner.watch import Watch

SURE, USED = 1 - 1e-6, 1e-7  # parts that count as whole, and that count at all
ONE_IN, AT_LEAST = 3, 8  # how many of the undecided are rounded at once
FEW, MORE = 14, 40  # columns of an executive with a site, and of one without
REACH = 50  # thousandths a column may lose to be in a site's program
NOWHERE = -1


def settled(pool: Pool, found: Generated, draft: Draft, *, seed: int, solvers: Solvers, watch: Watch) -> Draft:
    """A plan from the fractions, or ``draft`` when that is better or the time is over."""
    table = pool.table
    sites = dive(pool, found, seed=seed, solvers=solvers)
    if sites is None:
        return draft
    new, best, near = Draft.empty(table), draft.objective(table), near_best(pool, found.priced, REACH)
    for site in range(len(table.places)):
        people = np.nonzero(sites == site)[0]
        columns = near.only((sites[near.executive] == site) & (table.host_site[near.host] == site))
        new = reopened(pool.rows, new, people, columns, solvers=solvers)
        if not watch.goes_on(len(draft.placed), best, found.bound):
            break
    return max(draft, fill_in(table, new), key=lambda one: one.objective(table))


def dive(pool: Pool, found: Generated, *, seed: int, solvers: Solvers) -> Array | None:
    """A site for everybody, NOWHERE for those left out; None when the time is over."""
    random, table = np.random.default_rng(seed), pool.table
    columns, parts, tight = found.columns, found.parts, near_best(pool, found.priced, 0.5)
    sites = np.full(len(table.executives), NOWHERE, dtype=np.int64)
    while True:
        shares = _shares(pool, columns, parts)
        most = shares.max(axis=1)
        sites = np.where(most >= SURE, shares.argmax(axis=1), sites)
        undecided = np.nonzero((sites == NOWHERE) & (shares.sum(axis=1) > 0.5))[0]
        if not len(undecided):
            return sites
        first = undecided[np.argsort(-most[undecided], kind="stable")][: max(AT_LEAST, len(undecided) // ONE_IN)]
        sites[first] = shares[first].argmax(axis=1)
        used = columns.only(parts > USED)
        columns = _narrowed(pool, Columns.joined(table, [used, _few(tight, sites, random)]), sites)
        answer = solvers.relaxed(program(pool.rows, columns, ties=False))
        if answer.values is None:
            return None
        parts = answer.values[: len(columns)]


def _shares(pool: Pool, columns: Columns, parts: Floats) -> Floats:
    """How much of every executive is at each site."""
    shares = np.zeros((len(pool.table.executives), len(pool.table.places)))
    np.add.at(shares, (columns.executive, pool.table.host_site[columns.host]), parts)
    return shares


def _narrowed(pool: Pool, columns: Columns, sites: Array) -> Columns:
    """Those at their executive's site, where that is decided."""
    at = sites[columns.executive]
    return columns.only((at == NOWHERE) | (at == pool.table.host_site[columns.host]))


def _few(columns: Columns, sites: Array, random: np.random.Generator) -> Columns:
    """Some columns of everybody by chance, more of those who are undecided."""
    chance = random.random(len(columns))
    few = columns.only(best_of_each(columns.executive, chance, FEW))
    open_still = columns.only(best_of_each(columns.executive, chance, MORE))
    open_still = open_still.only(sites[open_still.executive] == NOWHERE)
    return Columns(
        np.concatenate([few.executive, open_still.executive]),
        np.concatenate([few.host, open_still.host]),
        np.concatenate([few.day, open_still.day]),
    )
