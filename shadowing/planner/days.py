"""Stage 2, a day for every chosen pair: pair → host's day → team's day → site's day as a minimum-cost flow.

Preferred days are free of cost. Rest days between a host's visits do not fit a flow: visits that break them are moved
by hand (rest.py), and what is then still without a day goes to an exact integer program.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from shadowing.planner.apart import Solvers
from shadowing.planner.pairing import solve_flow
from shadowing.planner.program import Program
from shadowing.planner.rest import Timetable, broken_hosts
from shadowing.planner.table import Array, Floats, Mask, Table

EXACT = 6_000  # pair-days up to which the integer program is asked for the last preferred day
MORE_THAN_DAYS = 10_000  # a placed pair is worth more than preferred days


@dataclass
class Assigned:
    """The day index of each pair, -1 where there is none."""

    days: Array
    preferred: int

    @property
    def complete(self) -> bool:
        """Every pair has its day."""
        return bool((self.days >= 0).all())

    def rank(self) -> tuple[int, int]:
        """More pairs first, then more preferred days."""
        return int((self.days >= 0).sum()), self.preferred


def assign_days(table: Table, executives: Array, hosts: Array, *, solvers: Solvers, share: float) -> Assigned:
    """Days for as many pairs as possible and then as many preferred ones as possible, every rule kept.

    With more than EXACT pair-days the last preferred day is not fought for once every pair has a day. The integer
    program gets that ``share`` of the time that is left.
    """
    fits = table.executive_free[executives] & table.host_days[hosts]
    relaxed = flow_days(table, executives, hosts, fits)
    if not broken_hosts(table, hosts, relaxed.days):
        return relaxed
    spread = Timetable(table, hosts, fits, dislike(table, executives), relaxed.days).spread_out()
    best = Assigned(spread, _wishes_met(table, executives, spread))
    if best.rank() == relaxed.rank() or (best.complete and fits.sum() > EXACT):
        return best
    return exact_days(table, executives, hosts, fits, solvers=solvers, share=share) or best


def dislike(table: Table, executives: Array) -> Array:
    """1 for a day that an executive with preferred days did not name, else 0; one row per pair."""
    wishes = table.preferred[executives]
    choosy = np.asarray(wishes.any(axis=1))
    return (choosy[:, None] & ~wishes).astype(np.int64)


def flow_days(table: Table, executives: Array, hosts: Array, fits: Mask) -> Assigned:
    """The best days when rest days are not looked at."""
    pairs, (teams, days), sites = len(hosts), table.cover.shape, len(table.places)
    pair, day = np.nonzero(fits)
    host_day, at = np.unique(hosts[pair] * days + day, return_inverse=True)
    teams_at = pairs + len(host_day)
    sites_at = teams_at + teams * days
    sink = sites_at + sites * days
    team_days = np.arange(teams * days)
    host_team = table.host_team[host_day // days]
    tail = [
        np.arange(pairs),
        pair,
        pairs + np.arange(len(host_day)),
        teams_at + team_days,
        sites_at + np.arange(sites * days),
    ]
    head = [
        np.full(pairs, sink),
        pairs + at,
        teams_at + host_team * days + host_day % days,
        sites_at + np.repeat(table.team_site, days) * days + team_days % days,
        np.full(sites * days, sink),
    ]
    ones = np.ones(pairs + len(pair) + len(host_day), dtype=np.int64)
    capacity = np.concatenate([ones, np.minimum(table.cover.ravel(), pairs), table.places.ravel()])
    cost = np.zeros(len(capacity), dtype=np.int64)
    cost[:pairs] = MORE_THAN_DAYS
    cost[pairs : pairs + len(pair)] = dislike(table, executives)[pair, day]
    supply = np.zeros(sink + 1, dtype=np.int64)
    supply[:pairs], supply[sink] = 1, -pairs
    flow = solve_flow(np.concatenate(tail), np.concatenate(head), capacity, cost, supply).flow
    return _assigned(table, executives, pair, day, flow[pairs : pairs + len(pair)] > 0)


def _assigned(table: Table, executives: Array, pair: Array, day: Array, taken: Mask) -> Assigned:
    days = np.full(len(executives), -1, dtype=np.int64)
    days[pair[taken]] = day[taken]
    return Assigned(days, _wishes_met(table, executives, days))


def _wishes_met(table: Table, executives: Array, days: Array) -> int:
    placed = days >= 0
    return int(table.preferred[executives[placed], days[placed]].sum())


def exact_days(
    table: Table, executives: Array, hosts: Array, fits: Mask, *, solvers: Solvers, share: float
) -> Assigned | None:
    """The same by an integer program, rest days included; None when the time is not enough."""
    pair, day = np.nonzero(fits)
    if not len(pair):
        return None
    rows: list[Array] = [pair]
    limits: list[Floats] = [np.ones(len(hosts))]
    for row, limit in day_rows(table, hosts[pair], day):
        rows.append(row)
        limits.append(limit)
    matrix = stack(rows, [len(limit) for limit in limits], len(pair))
    gain = MORE_THAN_DAYS - dislike(table, executives)[pair, day].astype(float)
    answer = solvers.whole(
        Program(gain, matrix, np.concatenate(limits), np.ones(len(pair)), len(pair)),
        seconds=solvers.watch.left() * share,
    )
    if answer.values is None:
        return None
    return _assigned(table, executives, pair, day, answer.values > 0.5)


def day_rows(table: Table, host: Array, day: Array) -> list[tuple[Array, Floats]]:
    """Constraint rows over columns (host, day): rest windows, floor cover and places; (row per column, limits).

    A row number of -1 means that the column is in none of these rows. A column lies in several windows, so each
    window that starts at another day has rows of its own.
    """
    days = len(table.dates)
    found: list[tuple[Array, Floats]] = []
    for window in table.windows:
        inside = np.isin(day, window)
        if inside.any():
            number, row = np.unique(host[inside], return_inverse=True)
            rows = np.full(len(host), -1, dtype=np.int64)
            rows[inside] = row
            found.append((rows, np.ones(len(number))))
    team = table.host_team[host]
    covered = table.covered[team]
    found.append((np.where(covered, team * days + day, -1), table.cover.ravel().astype(float)))
    found.append((table.host_site[host] * days + day, table.places.ravel().astype(float)))
    return found


def stack(rows: Sequence[Array], heights: Sequence[int], columns: int) -> sparse.csr_array:
    """One sparse 0/1 matrix from groups of constraints, given the row of each column in each group."""
    offsets = np.concatenate([[0], np.cumsum(heights)])
    row = np.concatenate([group[group >= 0] + offset for group, offset in zip(rows, offsets[:-1], strict=True)])
    column = np.concatenate([np.nonzero(group >= 0)[0] for group in rows])
    return sparse.csr_array((np.ones(len(row)), (row, column)), shape=(int(offsets[-1]), columns))
