"""An attacker with a solver. Knows who is in each release, kept every figure, and may have taken part.

Unknowns are how many people of each release gave each answer. Every figure is turned back into bounds on sums of them;
an integer program then looks for a world in which an answer is another one. It shares no code with the guard.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from surveys.coding import OPEN_FROM, Precision, coded_bar, coded_count, coded_mean, coded_share

ENDS = {"scale5": (1, 5), "scale10": (0, 10), "yesno": (0, 1)}
FAVOURABLE = {"scale5": 4, "scale10": 7}


class Attack:
    """One family of questions of one program: ``sizes`` of the releases, all answers a person can give, the screens."""

    def __init__(self, questions, sizes, possible, screens, k):
        self.questions, self.sizes, self.possible, self.k = questions, sizes, possible, k
        self.place = {
            (batch, given): place
            for place, (batch, given) in enumerate((batch, given) for batch in sizes for given in possible)
        }
        self.rows, self.low, self.high = [], [], []
        for batch, size in sizes.items():
            self.bound({(batch, given): 1 for given in possible}, size, size)
        for batches, precision, figures in screens:
            for position, figure in enumerate(figures):
                self.read(batches, precision, position, figure)

    def bound(self, weights, low, high):
        row = np.zeros(len(self.place))
        for key, weight in weights.items():
            row[self.place[key]] = weight
        self.rows.append(row)
        self.low.append(low)
        self.high.append(high)

    def weights(self, batches, position, worth):
        pairs = ((batch, given) for batch in batches for given in self.possible)
        return {(b, given): worth(given[position]) for b, given in pairs if given[position] is not None}

    def read(self, batches, precision, position, figure):
        """Turn one figure back into bounds. Hidden: fewer than k answers, unless cells were left out of a sum."""
        question, total = self.questions[position], sum(self.sizes[batch] for batch in batches)
        answered = self.weights(batches, position, lambda _: 1)
        cells = {cell for cell, _ in batches}
        always = question.required and not question.shown_if
        if not always and len(cells) > 1:
            return  # which cells a sum counts depends on what they hold: the attacker leaves it
        if figure is None:
            self.bound(answered, 0, self.fewest(precision) - 1)
            return
        counts = [total] if always else [n for n in range(total + 1) if self.says(n, precision, figure)]
        self.bound(answered, counts[0], counts[-1])
        self.shares(batches, precision, position, figure, counts)

    def fewest(self, precision):
        return OPEN_FROM if precision is Precision.OPEN else self.k

    def says(self, n, precision, figure):
        return n >= self.fewest(precision) and coded_count(n, precision) == figure.coded.answers

    def shares(self, batches, precision, position, figure, counts):
        kind = self.questions[position].type
        if kind == "yesno":
            self.range(
                self.weights(batches, position, int), counts, 1, lambda n, x: coded_share(n, x, precision), figure.coded
            )
        if kind in FAVOURABLE:
            low, high = ENDS[kind]
            mean = lambda n, x: coded_mean(n, x, low=low, high=high, precision=precision)  # noqa: E731
            self.range(self.weights(batches, position, int), counts, high, mean, figure.coded)
            glad = self.weights(batches, position, lambda point: int(point >= FAVOURABLE[kind]))
            self.range(glad, counts, 1, lambda n, x: coded_share(n, x, precision), figure.favourable)
        for value, per_cent in figure.bars:
            chosen = self.weights(batches, position, lambda given, value=value: int(given == value))
            self.range(chosen, counts, 1, lambda n, x: coded_bar(n, x, precision), per_cent)

    def range(self, weights, counts, most, code, shown):
        """The sums that would have shown this figure. All codes rise with the sum, so they lie side by side."""
        fitting = [x for n in counts for x in range(n * most + 1) if code(n, x) == shown]
        self.bound(weights, min(fitting), max(fitting))

    def least(self, batch, same, insider=None):
        """The smallest number of the batch who can have answered so, in any world; the world too."""
        goal = np.zeros(len(self.place))
        for given in same:
            goal[self.place[batch, given]] = 1
        lowest = np.zeros(len(self.place))
        if insider:
            lowest[self.place[insider]] = 1
        found = milp(
            goal,
            constraints=LinearConstraint(np.array(self.rows), self.low, self.high),
            integrality=np.ones(len(self.place)),
            bounds=Bounds(lowest, np.inf),
        )
        assert found.success, found.message  # what really happened is a world
        world = np.rint(found.x)
        return round(goal @ world), world

    def certain(self, people, aspect):
        """(batch, insider) whose answers are all known; ``people`` is what really happened."""
        for batch, answers in people.items():
            kinds = {}
            for given, n in answers.items():
                kinds[aspect(given)] = kinds.get(aspect(given), 0) + n
            usual, most = max(kinds.items(), key=lambda item: item[1])
            if most >= self.sizes[batch] - 1:  # else two differ, and nobody can tell which
                same = [given for given in self.possible if aspect(given) == usual]
                yield from self.known(people, batch, same)

    def known(self, people, batch, same):
        size = self.sizes[batch]
        count, world = self.least(batch, same)
        if count == size:
            yield batch, None
        for own in ((other, given) for other, answers in people.items() for given in answers):
            ours = int(own[0] == batch and own[1] in same)
            others = size - int(own[0] == batch)
            if count - ours < others and world[self.place[own]] >= 1:
                continue  # this world is one the insider must hold possible
            if self.least(batch, same, own)[0] - ours == others:
                yield batch, own
