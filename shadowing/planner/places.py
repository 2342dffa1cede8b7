"""All places for one executive while everybody else's visit stands, or moves as little as possible."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import numpy as np

from shadowing.planner.chains import Best, Kind, Way, after_one_move, after_two_moves, by_host, by_place, direct, worth
from shadowing.planner.problem import Alternative, Problem, Standing
from shadowing.planner.scene import Scene
from shadowing.planner.scoring import LEFT_OUT
from shadowing.planner.table import Mask


def alternatives(
    problem: Problem,
    standing: Collection[Standing],
    *,
    executive: str,
    day: date | None = None,
    host: str | None = None,
    limit: int = 5,
) -> tuple[Alternative, ...]:
    """The best other places for an executive, the openings first, then those that one other visit makes by moving, and
    where there is none at all those that two make.

    Their own visit is lifted first: ``change`` is against keeping it, or against being left out. Each host is named once,
    on the best day; with a ``day`` or ``host`` asked for, each place. Every rule is kept, also by those who move; locked
    visits and those without a price stay, so somebody with such a visit has no alternatives.
    """
    mine = next((visit for visit in standing if visit.executive == executive), None)
    if (mine and mine.price is None) or executive in {pair.executive for pair in problem.locked}:
        return ()
    scene = Scene(problem, standing, lifted={executive})
    if executive not in scene.row or not all(scene.table.shape):
        return ()
    return _offered(scene, executive, _wanted(scene, executive, day, host), by_place if day or host else by_host, limit)


def fitting(problem: Problem, standing: Collection[Standing], *, host: str, day: date) -> frozenset[str]:
    """Executives without a visit to whom one place could be given by every rule, nobody else moving; nobody while it is
    taken."""
    scene = Scene(problem, standing)
    table, room = scene.table, scene.openings
    if host not in table.host_index or day not in table.date_index:
        return frozenset()
    at, on = table.host_index[host], table.date_index[day]
    if not room.open[at, on]:
        return frozenset()
    waiting = np.nonzero((scene.draft.hosts < 0) & table.executive_free[:, on])[0].tolist()
    return frozenset(table.executives[row].key for row in waiting if scene.allowed(row)[at])


def _wanted(scene: Scene, executive: str, day: date | None, host: str | None) -> Mask:
    """Cells that suit the executive and the filter, without the place of their own visit."""
    table, row = scene.table, scene.row[executive]
    cells = scene.grid(row)
    if (mine := scene.was.get(executive)) and mine.date in table.date_index:
        cells[table.host_index[mine.host], table.date_index[mine.date]] = False
    if day is not None:
        cells &= (table.ordinals == day.toordinal())[None, :]
    if host is not None:
        cells &= (np.arange(len(table.hosts)) == table.host_index.get(host, -1))[:, None]
    return cells


def _offered(scene: Scene, executive: str, cells: Mask, kind: Kind, limit: int) -> tuple[Alternative, ...]:
    """Openings, then ways with one move, then with two as far as there are fewer than wanted."""
    row, found = scene.row[executive], list[Way]()
    for search in (direct, after_one_move, after_two_moves):
        if len(found) >= limit or (search is after_two_moves and found):
            break
        best = Best(limit + len(found), kind)
        search(scene, row, cells, best)
        known = {kind(way) for way in found}
        found += [way for way in best.ways if kind(way) not in known]
    now = _now(scene, executive)
    return tuple(_alternative(scene, row, way, now) for way in found[:limit])


def _now(scene: Scene, executive: str) -> int:
    """What the executive's own visit is worth; what being left out costs where there is none."""
    mine = scene.was.get(executive)
    if mine is None:
        return -LEFT_OUT
    return int(worth(scene, scene.row[executive])[scene.table.host_index[mine.host]])


def _alternative(scene: Scene, row: int, way: Way, now: int) -> Alternative:
    host = scene.table.hosts[way.host]
    return Alternative(
        host.key,
        host.site,
        scene.table.dates[way.day],
        int(scene.scores(row)[way.host]),
        way.value,
        way.value - now,
        tuple(scene.as_move(*step) for step in way.moves),
    )
