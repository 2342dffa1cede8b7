"""Good plans where days are scarce: fix which hosts are free on which days, then give those slots out as well as can be.

A set of slots that keeps every rule makes the rest an assignment, which a flow solves exactly. Used slots are kept and
the others drawn again, so a plan never gets worse.
"""

import numpy as np

from shadowing.planner.draft import Draft
from shadowing.planner.pairing import solve_flow
from shadowing.planner.rest import Spare
from shadowing.planner.scoring import LEFT_OUT
from shadowing.planner.table import Array, Floats, Table

CHOICES = 40  # slots an executive may choose from


def improved(table: Table, draft: Draft, host_price: Floats, random: np.random.Generator) -> Draft:
    """A plan at least as good as ``draft``: its slots and as many others as fit, given out again."""
    hosts, days = _slots(table, draft, host_price, random)
    executive, slot = _choices(table, draft, hosts, days, host_price, random)
    return _given_out(table, hosts, days, executive, slot)


def _slots(table: Table, draft: Draft, price: Floats, random: np.random.Generator) -> tuple[Array, Array]:
    """The slots in use and random ones beside them, hosts in demand first, every rule kept."""
    placed = draft.placed
    hosts, days = draft.hosts[placed].tolist(), draft.days[placed].tolist()
    spare = Spare(table, draft.hosts[placed], draft.days[placed])
    room, blocked = table.host_limit.copy(), ~table.host_days
    near = np.abs(table.ordinals[:, None] - table.ordinals[None, :]) < table.rest
    for host, day in zip(hosts, days, strict=True):
        room[host] -= 1
        blocked[host] |= near[day]
    waiting = table.executive_free[draft.hosts < 0].sum(axis=0)
    wish = waiting / max(1, waiting.max(initial=1)) + random.random(table.host_days.shape)
    eager = price + random.random(len(price)) * (price.max(initial=0) / 2 + 1)
    for _ in range(int(room.max(initial=0))):
        for host in np.argsort(-eager, kind="stable").tolist():
            open_days = np.nonzero(~blocked[host] & spare.free(host))[0] if room[host] > 0 else ()
            if len(open_days):
                day = int(open_days[wish[host, open_days].argmax()])
                hosts.append(host)
                days.append(day)
                room[host] -= 1
                blocked[host] |= near[day]
                spare.take(host, day)
    return np.array(hosts, dtype=np.int64), np.array(days, dtype=np.int64)


def _choices(
    table: Table, draft: Draft, hosts: Array, days: Array, price: Floats, random: np.random.Generator
) -> tuple[Array, Array]:
    """The slots each executive may take: their own and the most worthwhile ones."""
    mine = np.full(len(draft.hosts), -1)
    mine[draft.placed] = np.arange(len(draft.placed))
    found = []
    for rows, allowed in table.blocks():
        worth = (table.scores(rows) - price)[:, hosts] + random.random(len(hosts)) * 300
        worth[~(allowed[:, hosts] & table.executive_free[rows][:, days])] = -np.inf
        keep = min(CHOICES, worth.shape[1])
        slot = np.argpartition(worth, worth.shape[1] - keep, axis=1)[:, worth.shape[1] - keep :]
        row, column = np.nonzero(np.isfinite(np.take_along_axis(worth, slot, axis=1)))
        found.append((row + rows.start, slot[row, column]))
    executive, slot = (np.concatenate(part) for part in zip(*found, strict=True))
    own = np.nonzero(mine >= 0)[0]
    codes = np.unique(np.concatenate([executive, own]) * len(hosts) + np.concatenate([slot, mine[own]]))
    return np.divmod(codes, max(1, len(hosts)))


def _given_out(table: Table, hosts: Array, days: Array, executive: Array, slot: Array) -> Draft:
    """The best assignment of executives to slots: executive → slot → host → done."""
    people, width = len(table.executives), len(table.hosts)
    slots_at, hosts_at = people, people + len(hosts)
    sink = hosts_at + width
    step_host, step = np.nonzero(np.arange(table.loads.shape[1])[None, :] < table.host_limit[:, None])
    everyone, number = np.arange(people), np.arange(len(hosts))
    tail = np.concatenate([executive, everyone, slots_at + number, hosts_at + step_host])
    head = np.concatenate([slots_at + slot, np.full(people, sink), hosts_at + hosts, np.full(len(step_host), sink)])
    gain = table.score(executive, hosts[slot])
    cost = np.concatenate([-gain, np.full(people, LEFT_OUT), number * 0, table.loads[step_host, step]])
    supply = np.zeros(sink + 1, dtype=np.int64)
    supply[:people], supply[sink] = 1, -people
    flow = solve_flow(tail, head, np.ones(len(tail), dtype=np.int64), cost, supply).flow
    taken = flow[: len(executive)] > 0
    return Draft.of(table, executive[taken], hosts[slot[taken]], days[slot[taken]])
