"""Stage 1, pairs without days: executive → host → team → site as a minimum-cost flow, grown until no pair is missing.

Every plan is such a flow, so its value bounds every plan. Only some pairs are in the flow at first; the prices it puts
on hosts say which others could still gain, and when there are none the flow is proven best of all pairs.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from ortools.graph.python import min_cost_flow

from shadowing.planner.scoring import LEFT_OUT
from shadowing.planner.table import Array, Floats, Table

SPREAD = ((0, 15), (300, 15), (1000, 15))  # to begin with: by how many thousandths chance weighs, hosts per executive
RANDOM, GROW = 10, 12  # hosts per executive by chance alone, and to add in one round
INFINITE = np.inf


@dataclass
class Pairing:
    """The pairs of stage 1 as indices, their value and a valid bound on it, both in thousandths."""

    executives: Array
    hosts: Array
    objective: int
    bound: int
    host_price: Floats
    rounds: int
    complete: bool


class Candidates:
    """The pairs in the flow, kept as sorted codes executive × number of hosts + host."""

    def __init__(self, table: Table) -> None:
        self.width = len(table.hosts)
        self.codes = np.empty(0, dtype=np.int64)
        self.waiting: list[Array] = []

    def add(self, executives: Array, hosts: Array) -> None:
        """Note pairs down; ``take_in`` puts them into the flow."""
        self.waiting.append(np.asarray(executives * self.width + hosts).ravel())

    def take_in(self) -> int:
        """Put the noted pairs into the flow; how many of them were new."""
        before = len(self.codes)
        codes = np.sort(np.concatenate([self.codes, *self.waiting]))
        self.codes, self.waiting = codes[np.diff(codes, prepend=-1) > 0], []
        return len(self.codes) - before

    @property
    def pairs(self) -> tuple[Array, Array]:
        """Executives and hosts of all candidates."""
        return np.divmod(self.codes, max(1, self.width))


def first_candidates(table: Table, seed: int) -> tuple[Candidates, int]:
    """Good and random hosts of every executive, and a first bound: everybody with their best host.

    With chance weighing in, executives who like the same hosts do not all get the same candidates, which halves the rounds.
    """
    candidates, bound = Candidates(table), 0
    random = np.random.default_rng(seed)
    for rows, allowed in table.blocks():
        scores = np.where(allowed, table.scores(rows), -1)
        best = scores.max(axis=1, initial=-1)
        bound += int(np.where(best < 0, -LEFT_OUT, best).sum())
        for weight, number in SPREAD:
            chance = random.integers(0, weight + 1, scores.shape, dtype=np.int32)
            blurred = np.where(allowed, scores + chance, -1)
            candidates.add(*best_of_each(blurred, number, np.zeros(len(scores)), rows.start))
        guesses = random.integers(0, max(1, scores.shape[1]), (len(scores), RANDOM if scores.size else 0))
        row, guess = np.nonzero(np.take_along_axis(allowed, guesses, axis=1))
        candidates.add(row + rows.start, guesses[row, guess])
    candidates.take_in()
    return candidates, bound


def best_of_each(values: Array | Floats, groups: int, least: Array | Floats, offset: int) -> tuple[Array, Array]:
    """Hosts dealt into groups, the best of each group where it is worth ``least``: (row + offset, column).

    The best host of all is among them, and the others are spread, which a plain "largest N" would not be.
    """
    rows, width = values.shape
    groups = min(groups, width)
    if not rows or not groups:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    deep = -(-width // groups)
    padded = np.full((rows, deep * groups), np.iinfo(np.int32).min // 2, dtype=values.dtype)
    padded[:, :width] = values
    columns = padded.reshape(rows, deep, groups).argmax(axis=1) * groups + np.arange(groups)
    columns = np.minimum(columns, width - 1)
    row, group = np.nonzero(np.take_along_axis(values, columns, axis=1) >= least[:, None])
    return row + offset, columns[row, group]


class Network:
    """The flow's fixed part: who is left out, and what hosts, teams and sites can take at which cost."""

    def __init__(self, table: Table) -> None:
        executives, hosts, _ = table.shape
        self.tie = executives + 1  # a thousandth outweighs all nominations together
        self.hosts_at, self.teams_at = executives, executives + hosts
        self.sites_at = self.teams_at + len(table.cover)
        self.sink = self.sites_at + len(table.places)
        step = np.arange(table.loads.shape[1])
        host, number = np.nonzero(step[None, :] < table.host_limit[:, None])
        everyone = np.arange(executives)
        teams, sites = np.arange(len(table.cover)), np.arange(len(table.places))
        self.tail = np.concatenate([everyone, self.hosts_at + host, self.teams_at + teams, self.sites_at + sites])
        self.head = np.concatenate(
            [
                np.full(executives, self.sink),
                self.teams_at + table.host_team[host],
                self.sites_at + table.team_site,
                np.full(len(sites), self.sink),
            ]
        )
        self.capacity = np.concatenate(
            [np.ones(executives + len(host), dtype=np.int64), table.team_limit, table.site_limit]
        )
        nothing = np.zeros(len(teams) + len(sites), dtype=np.int64)
        self.cost = np.concatenate([np.full(executives, LEFT_OUT), table.loads[host, number], nothing]) * self.tie
        self.supply = np.zeros(self.sink + 1, dtype=np.int64)
        self.supply[:executives] = 1
        self.supply[self.sink] = -executives


@dataclass
class Flow:
    """A solved flow with all its arcs, the last ones being the candidate pairs."""

    tail: Array
    head: Array
    capacity: Array
    cost: Array
    flow: Array
    nodes: int


def solve_flow(tail: Array, head: Array, capacity: Array, cost: Array, supply: Array) -> Flow:
    """A minimum-cost flow that sends all supply; the caller makes sure that there is one."""
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(tail, head, capacity, cost)
    solver.set_nodes_supplies(np.arange(len(supply)), supply)
    if solver.solve() != solver.OPTIMAL:
        raise ArithmeticError("the planner's flow has no solution")
    return Flow(tail, head, capacity, cost, solver.flows(arcs), len(supply))


def potentials(flow: Flow, sink: int) -> Floats:
    """The cheapest way from each node to the sink in the residual graph (Bellman and Ford, all arcs at once)."""
    forward, backward = flow.flow < flow.capacity, flow.flow > 0
    start = np.concatenate([flow.tail[forward], flow.head[backward]])
    end = np.concatenate([flow.head[forward], flow.tail[backward]])
    cost = np.concatenate([flow.cost[forward], -flow.cost[backward]]).astype(np.float64)
    order = np.argsort(start, kind="stable")
    start, end, cost = start[order], end[order], cost[order]
    nodes, first = np.unique(start, return_index=True)
    distance = np.full(flow.nodes, INFINITE)
    distance[sink] = 0
    while True:
        shorter = np.minimum(distance[nodes], np.minimum.reduceat(cost + distance[end], first))
        if np.array_equal(shorter, distance[nodes]):
            return distance
        distance[nodes] = shorter


def best_pairs(table: Table, *, seed: int, keep_going: Callable[[int, int, int], bool]) -> Pairing:
    """The pairs of highest value whatever the days, and the proof.

    ``keep_going(round, objective, bound)`` is asked after every round; False ends the growing early, which leaves the
    bound as good as known so far and ``complete`` False.
    """
    candidates, bound = first_candidates(table, seed)
    network = Network(table)
    rounds = 0
    while True:
        rounds += 1
        executives, hosts = candidates.pairs
        flow = _solved(table, network, executives, hosts)
        price = potentials(flow, network.sink)
        proven, missing = price_out(table, network, price, candidates)
        bound = min(bound, proven)
        chosen = flow.flow[len(network.tail) :] > 0
        objective = -int((flow.cost * flow.flow).sum() // network.tie) if missing else bound
        done = not missing or not keep_going(rounds, objective, bound)
        if done:
            host_price = price[network.hosts_at : network.teams_at] / network.tie
            return Pairing(executives[chosen], hosts[chosen], objective, bound, host_price, rounds, not missing)


def _solved(table: Table, network: Network, executives: Array, hosts: Array) -> Flow:
    gain = table.score(executives, hosts) * network.tie + table.nominated[hosts]
    return solve_flow(
        np.concatenate([network.tail, executives]),
        np.concatenate([network.head, network.hosts_at + hosts]),
        np.concatenate([network.capacity, np.ones(len(hosts), dtype=np.int64)]),
        np.concatenate([network.cost, -gain]),
        network.supply,
    )


def price_out(table: Table, network: Network, price: Floats, candidates: Candidates) -> tuple[int, int]:
    """The bound these prices prove, and how many pairs were added that they call a gain.

    Any prices give a valid bound: everybody at their best margin, plus what hosts, teams and sites earn from theirs.
    """
    finite = np.where(np.isfinite(price), price, 0)
    host = finite[network.hosts_at : network.teams_at]
    current = -np.minimum(price[: network.hosts_at], LEFT_OUT * network.tie)
    bound = _earned(network, finite)
    for rows, allowed in table.blocks():
        margin = table.scores(rows) * float(network.tie) + table.nominated - host
        margin[~allowed] = -INFINITE
        best = margin.max(axis=1, initial=-LEFT_OUT * network.tie)
        bound += float(best.sum())
        wanting = np.nonzero(best > current[rows])[0]
        least = np.nextafter(current[rows][wanting], INFINITE)
        row, column = best_of_each(margin[wanting].astype(np.float64), GROW, least, 0)
        candidates.add(wanting[row] + rows.start, column)
    return int(np.floor(bound / network.tie)), candidates.take_in()


def _earned(network: Network, price: Floats) -> float:
    """What the capacities of hosts, teams and sites are worth at these prices."""
    rent = np.maximum(price[network.tail] - price[network.head] - network.cost, 0) * network.capacity
    return float(rent[network.hosts_at :].sum())
