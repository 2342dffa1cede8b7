"""Better plans where days are scarce: a part of the plan is opened again and solved exactly, the rest stays.

A large neighbourhood search (Shaw 1998) whose neighbourhoods are, by turns, whoever stands around somebody left out,
whoever is furthest from their best host after prices, and whoever is at one site.
"""

import numpy as np

from shadowing.planner.apart import Solvers
from shadowing.planner.columns import Columns, columns_in, columns_of, columns_taken
from shadowing.planner.draft import Draft
from shadowing.planner.program import Rows, program
from shadowing.planner.table import Array, Floats, Mask, Table

PEOPLE = 150  # executives opened at once
RING = 12  # people to begin with, and hosts of each, that are looked at around who is left out
WORSE = 200  # thousandths a column may be worth less than its executive's best
NODES = 60  # of the search tree: a limit in time would not give the same plan twice


def columns_in_turn(
    number: int, table: Table, draft: Draft, slots: Floats, random: np.random.Generator
) -> tuple[Array, Columns]:
    """Whom to open in round ``number``, and which columns they may have: by turns those around who is left out, with
    all their columns, and with the worthwhile ones the most regretted and a site."""
    if number % 3 == 0 and (opened := around_left_out(table, draft, random)).any():
        people = np.nonzero(opened)[0]
        return people, columns_of(table, people)
    opened = most_regretted(table, draft, slots, random) if number % 3 == 1 else one_site(table, draft, random)
    people = np.nonzero(opened)[0]
    return people, worthwhile(table, draft, slots, people)


def around_left_out(table: Table, draft: Draft, random: np.random.Generator) -> Mask:
    """Some who are left out, whoever visits hosts they could visit, whoever visits hosts those could visit, and so on."""
    waiting = [one for one in random.permutation(np.nonzero(draft.hosts < 0)[0]) if _could_visit(table, one).any()]
    opened = np.zeros(len(draft.hosts), dtype=bool)
    ring = np.array(waiting[:RING], dtype=np.int64)
    while len(ring):
        opened[ring] = True
        hosts = np.zeros(len(table.hosts), dtype=bool)
        for one in ring.tolist():
            hosts[random.permutation(np.nonzero(_could_visit(table, one))[0])[:RING]] = True
        ring = random.permutation(np.nonzero((draft.hosts >= 0) & hosts[draft.hosts] & ~opened)[0])
        ring = ring[: max(0, PEOPLE - int(opened.sum()))]
    return opened


def _could_visit(table: Table, executive: int) -> Mask:
    """Hosts an executive may meet, if those had no other visits."""
    return next(allowed[executive - rows.start] for rows, allowed in table.blocks() if executive < rows.stop)


def most_regretted(table: Table, draft: Draft, slots: Floats, random: np.random.Generator) -> Mask:
    """Executives who are furthest from their best host after prices, with some chance for others."""
    regret, placed, price = np.full(len(draft.hosts), np.inf), draft.placed, slots.min(axis=1)
    best = np.concatenate([_best(table.scores(rows) - price, allowed) for rows, allowed in table.blocks()])
    hosts, days = draft.hosts[placed], draft.days[placed]
    regret[placed] = best[placed] - (table.score(placed, hosts) - slots[hosts, days])
    wish = np.minimum(regret, 500) + random.random(len(regret)) * 150
    opened = np.zeros(len(regret), dtype=bool)
    opened[np.argsort(-wish, kind="stable")[:PEOPLE]] = True
    return opened


def _best(worth: Floats, allowed: Mask) -> Floats:
    return np.asarray(np.where(allowed, worth, -np.inf).max(axis=1, initial=-np.inf))


def one_site(table: Table, draft: Draft, random: np.random.Generator) -> Mask:
    """Everybody at a random site, as far as there is room, and those left out."""
    site = random.integers(len(table.places))
    here = (draft.hosts >= 0) & (table.host_site[draft.hosts] == site)
    opened = np.zeros(len(draft.hosts), dtype=bool)
    opened[random.permutation(np.nonzero(here)[0])[:PEOPLE]] = True
    return opened | (draft.hosts < 0)


def worthwhile(table: Table, draft: Draft, slots: Floats, people: Array) -> Columns:
    """Columns of some executives: not much worse than their best at these prices, and those in use."""
    columns = columns_of(table, people)
    worth = table.score(columns.executive, columns.host) - slots[columns.host, columns.day]
    best = np.full(len(table.executives), -np.inf)
    np.maximum.at(best, columns.executive, worth)
    in_use = (draft.hosts[columns.executive] == columns.host) & (draft.days[columns.executive] == columns.day)
    return columns.only((worth >= best[columns.executive] - WORSE) | in_use)


def reopened(
    rows: Rows, draft: Draft, people: Array, columns: Columns, *, solvers: Solvers, nodes: int | None = None
) -> Draft:
    """A plan at least as good, in which ``people`` may have any of the columns and everybody else keeps host and day."""
    table = rows.table
    rest = Draft(draft.hosts.copy(), draft.days.copy())
    rest.hosts[people] = rest.days[people] = -1
    kept = columns_in(rest)
    columns = rows.fitting(columns, kept)
    if not len(columns):
        return draft
    answer = solvers.whole(program(rows, columns, kept=kept), nodes=nodes)
    if answer.values is None:
        return draft
    taken = columns_taken(columns, answer.values)
    rest.hosts[taken.executive], rest.days[taken.executive] = taken.host, taken.day
    return rest if rest.objective(table) >= draft.objective(table) else draft
