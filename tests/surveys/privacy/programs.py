"""Simulated programs: who answers what, in which cells, and which releases follow. Nothing here touches a database."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

from surveys.families import families_of
from surveys.figures import Thresholds, total_figure
from surveys.histories import NEW, History, told_of
from surveys.models import Question
from surveys.releasing import FIRST, LEAST

K, K_TEXT = 5, 8
OPTIONS = [{"key": key, "texts": {"en": key}} for key in ("routing", "tools", "rules")]


def question(pk, key, kind, *, required=True, shown_if=None):
    options = OPTIONS if kind in ("one", "some") else []
    return Question(
        pk=pk, key=key, type=kind, required=required, texts={}, options=options, shown_if=shown_if or {}, position=pk
    )


QUESTIONS = [
    question(1, "worthwhile", "yesno"),
    question(2, "floor-share", "scale5"),
    question(3, "staged", "yesno", required=False),
    question(4, "again", "yesno"),
    question(5, "why-not", "one", shown_if={"question": "again", "is": 0}),
    question(6, "slows", "one"),
]
FAMILIES = families_of(QUESTIONS)


def person(rng, happy):
    """One host's answers, a tuple for each family."""
    glad = rng.random() < happy
    again = int(rng.random() < (0.95 if glad else 0.3))
    return (
        (int(glad),),
        (rng.choices([1, 2, 3, 4, 5], [3, 7, 20, 40, 30] if glad else [30, 30, 20, 15, 5])[0],),
        (None if rng.random() < 0.05 else int(rng.random() < 0.1),),
        (again, None if again else rng.choice(["routing", "tools", "rules"])),
        (rng.choices(["routing", "tools", "rules"], [60, 30, 10])[0],),
    )


@dataclass
class Program:
    """``batches`` are those released, of (cell, number); ``told`` is everything that was ever shown."""

    batches: dict[tuple[int, int], list[tuple]] = field(default_factory=dict)
    told: list = field(default_factory=list)
    settled: bool = False

    def people(self, family):
        return {batch: Counter(given[family] for given in rows) for batch, rows in self.batches.items()}


def history(batches):
    people = [{b: Counter(given[i] for given in rows) for b, rows in batches.items()} for i in range(len(FAMILIES))]
    return History(FAMILIES, people, [Thresholds(K, K_TEXT)])


def play(seed, *, sizes=None, happy=None):
    """One program, answers that come in one by one, and the end: one to four sites of 9 to 90 people unless given."""
    rng = random.Random(seed)
    drawn = [rng.choice([9, 12, 20, 30, 45, 60, 90]) for _ in range(rng.choice([1, 1, 2, 3, 4]))]
    share = rng.choice([0.94, 0.94, 0.99, 0.8, 0.5])
    program, waiting = Program(), {}
    for cell, size in enumerate(sizes or drawn, 1):
        waiting[cell] = _open(program, cell, [person(rng, happy or share) for _ in range(size)], rng)
    _settle(program, waiting)
    return program


def _open(program, cell, people, rng):
    """Release while the round is open; returns who still waits at its end."""
    waiting, number = [], 0
    for one in people:
        waiting.append(one)
        earlier = {batch: rows for batch, rows in program.batches.items() if batch[0] == cell}
        released, size = sum(map(len, earlier.values())), len(waiting) - K
        if size < max(K, FIRST - released, released / 2):
            continue
        chosen = set(rng.sample(range(len(waiting)), size))
        trial = earlier | {(cell, number + 1): [waiting[place] for place in sorted(chosen)]}
        if not history(trial).revealing(settled=False):
            number += 1
            program.batches = program.batches | trial
            waiting = [given for place, given in enumerate(waiting) if place not in chosen]
    return waiting


def _settle(program, waiting):
    last = dict(program.batches)
    for cell, people in waiting.items():
        known = sum(len(rows) for batch, rows in program.batches.items() if batch[0] == cell)
        if len(people) >= K and len(people) + known >= LEAST:
            last[cell, NEW] = people
    program.settled = bool(last) and not history(last).revealing(settled=True)
    if program.settled:
        program.batches = last
    program.told = told_of(program.batches, settled=program.settled)


def screens(program, family):
    """What somebody wrote down who kept every screen: (batches counted, how finely, figure of each question)."""
    people = program.people(family)
    for told in program.told:
        cells: dict[int, Counter] = {}
        for batch in told.batches:
            cells.setdefault(batch[0], Counter()).update(people[batch])
        figures = [
            total_figure(
                each, [FAMILIES[family].counts(c, place) for c in cells.values()], Thresholds(K, K_TEXT), told.precision
            )
            for place, each in enumerate(FAMILIES[family].questions)
        ]
        yield told.batches, told.precision, figures
