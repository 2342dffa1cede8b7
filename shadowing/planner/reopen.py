"""Better plans where days are scarce: a part of the plan is opened again and solved exactly, the rest stays."""

from dataclasses import replace

import numpy as np

from shadowing.planner.columns import Columns, all_columns, every_window, program
from shadowing.planner.draft import Draft
from shadowing.planner.problem import Locked
from shadowing.planner.table import Floats, Mask, Table

PEOPLE = 150  # executives opened at once
WORSE = 200  # thousandths a column may be worth less than its executive's best
NODES = 60  # of the search tree: a limit in time would not give the same plan twice


def most_regretted(table: Table, draft: Draft, price: Floats, random: np.random.Generator) -> Mask:
    """Executives who are furthest from their best host after prices, with some chance for others."""
    regret = np.full(len(draft.hosts), np.inf)
    placed = draft.placed
    best = np.concatenate([_best(table.scores(rows) - price, allowed) for rows, allowed in table.blocks()])
    regret[placed] = best[placed] - (table.score(placed, draft.hosts[placed]) - price[draft.hosts[placed]])
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


def reopened(table: Table, draft: Draft, price: Floats, opened: Mask, *, seconds: float) -> Draft:
    """A plan at least as good, in which everybody but the ``opened`` keeps host and day."""
    people = np.nonzero(opened)[0]
    part = Table(replace(table.problem, locked=table.problem.locked + _kept(table, draft, opened)))
    columns = _worthwhile(part, Draft(draft.hosts[people], draft.days[people]), price)
    result = program(part, columns, every_window(part)).whole(seconds, nodes=NODES)
    if result.x is None:
        return draft
    taken = columns.only(result.x[: len(columns)] > 0.5)
    found = Draft(np.where(opened, -1, draft.hosts), np.where(opened, -1, draft.days))
    found.hosts[people[taken.executive]] = taken.host
    found.days[people[taken.executive]] = taken.day
    return found if found.objective(table) >= draft.objective(table) else draft


def _kept(table: Table, draft: Draft, opened: Mask) -> tuple[Locked, ...]:
    return tuple(
        Locked(table.executives[one].key, table.hosts[draft.hosts[one]].key, table.dates[draft.days[one]])
        for one in draft.placed[~opened[draft.placed]].tolist()
    )


def _worthwhile(table: Table, draft: Draft, price: Floats) -> Columns:
    """Columns not much worse than their executive's best after prices, and those in use."""
    columns = all_columns(table)
    worth = table.score(columns.executive, columns.host) - price[columns.host]
    best = np.full(len(table.executives), -np.inf)
    np.maximum.at(best, columns.executive, worth)
    in_use = (draft.hosts[columns.executive] == columns.host) & (draft.days[columns.executive] == columns.day)
    return columns.only((worth >= best[columns.executive] - WORSE) | in_use)


def opened_in_turn(number: int, table: Table, draft: Draft, price: Floats, random: np.random.Generator) -> Mask:
    """Whom to open in round ``number``: by turns the most regretted and a site."""
    if number % 2:
        return one_site(table, draft, random)
    return most_regretted(table, draft, price, random)
