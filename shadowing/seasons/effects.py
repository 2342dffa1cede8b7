"""What a season's rules leave of its hosts and pairs, counted before they are saved.

The planner's own rule functions decide; each is asked once per pair of traits (units, languages, months here), and the
answers are spread over everybody with that trait. 1,300 executives and 800 hosts take a few thousand calls.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shadowing.planner import problem as planner
from shadowing.planner import rules
from shadowing.planner.table import Table

Mask = NDArray[np.bool_]
Rule = Callable[[planner.Executive, planner.Host, planner.Rules], rules.Verdict]


@dataclass(frozen=True)
class People:
    """Who would take part, as the planner knows people. ``met``: executive → hosts met, by how many seasons back."""

    executives: Sequence[planner.Executive]
    hosts: Sequence[planner.Host]
    sites: Sequence[planner.Site] = ()
    teams: Sequence[planner.Team] = ()
    met: Sequence[tuple[str, str, int]] = ()


@dataclass(frozen=True)
class Effect:
    """One rule: of ``whole`` hosts or pairs it leaves ``left``; ``unknown`` executives and hosts without the data it needs
    are not excluded. ``on`` is False for a rule that is off: then the counts say what it would leave."""

    on: bool
    left: int
    whole: int
    unknown_executives: int = 0
    unknown_hosts: int = 0


@dataclass(frozen=True)
class Effects:
    """All rules, one by one and together. ``visits``: how many all hosts could take in the window, by their rest days and
    the visits each takes; ``without_host``: executives for whom no host is left."""

    tenure: Effect
    unit: Effect
    language: Effect
    met: Effect
    together: Effect
    visits: int
    without_host: int


class Counting:
    """The pairs of some people under some rules."""

    def __init__(self, people: People, wanted: planner.Rules, *, seasons_back: int) -> None:
        self.people, self.wanted, self.seasons_back = people, wanted, seasons_back
        self.executives = {person.key: row for row, person in enumerate(people.executives)}
        self.hosts = {person.key: column for column, person in enumerate(people.hosts)}

    def effects(self) -> Effects:
        """Everything at once."""
        left = self.together
        return Effects(
            tenure=self.tenure,
            unit=self._pairs("other_business_unit", rules.other_unit, "unit"),
            language=self._pairs("shared_language", rules.shared_language, "languages"),
            met=self._met(),
            together=Effect(on=True, left=int(left.sum()), whole=self.whole),
            visits=self.visits,
            without_host=int((left == 0).sum()),
        )

    @cached_property
    def whole(self) -> int:
        """All pairs of two people."""
        return len(self.executives) * len(self.hosts) - len(self.same)

    @cached_property
    def same(self) -> list[tuple[int, int]]:
        """Executives who are hosts too, met by themselves."""
        return [(row, self.hosts[key]) for key, row in self.executives.items() if key in self.hosts]

    @cached_property
    def tenured(self) -> Mask:
        """Hosts long enough here, or whose first day is not known."""
        return self._tenured(self.wanted)

    def _tenured(self, wanted: planner.Rules) -> Mask:
        return np.array([rules.long_enough_here(host, wanted) is not False for host in self.people.hosts], dtype=bool)

    @property
    def tenure(self) -> Effect:
        unknown = sum(host.hired_on is None for host in self.people.hosts)
        on = bool(self.wanted.host_min_tenure_months)
        return Effect(on, int(self.tenured.sum()), len(self.hosts), unknown_hosts=unknown)

    def _pairs(self, name: str, rule: Rule, trait: str) -> Effect:
        """A rule about one trait of both sides, as it is or, when it is off, as it would be."""
        on, switched_on = bool(getattr(self.wanted, name)), dict[str, Any]({name: True})
        table = Cross(self.people, rule, replace(self.wanted, **switched_on), trait)
        left = int(table.allowed(None).sum()) - sum(table.fits(*pair) for pair in self.same)
        return Effect(
            on, left, self.whole,
            unknown_executives=sum(not getattr(person, trait) for person in self.people.executives),
            unknown_hosts=sum(not getattr(person, trait) for person in self.people.hosts),
        )  # fmt: skip

    def _met(self) -> Effect:
        """Pairs that met lately; ``left`` is what remains. Off, it says what one season back would rule out."""
        barred = self._met_pairs(max(self.seasons_back, 1))
        return Effect(bool(self.seasons_back), self.whole - len(barred), self.whole)

    def _met_pairs(self, seasons_back: int) -> set[tuple[int, int]]:
        return {
            (self.executives[executive], self.hosts[host])
            for executive, host, back in self.people.met
            if back <= seasons_back and executive in self.executives and host in self.hosts and executive != host
        }

    @cached_property
    def together(self) -> NDArray[np.int64]:
        """For each executive how many hosts all rules leave."""
        unit = Cross(self.people, rules.other_unit, self.wanted, "unit")
        language = Cross(self.people, rules.shared_language, self.wanted, "languages")
        left = unit.both(language, self.tenured)
        barred = {*self.same, *(self._met_pairs(self.seasons_back) if self.seasons_back else ())}
        for row, column in barred:
            left[row] -= bool(self.tenured[column] and unit.fits(row, column) and language.fits(row, column))
        return left

    @cached_property
    def visits(self) -> int:
        """How many visits the hosts long enough here could take, were every executive free on every day."""
        hosts = tuple(host for host, fits in zip(self.people.hosts, self.tenured, strict=True) if fits)
        asked = planner.Problem((), hosts, tuple(self.people.sites), self.wanted, tuple(self.people.teams))
        return int(Table(asked).host_limit.sum()) if hosts else 0


class Cross:
    """A rule about one trait, asked once for every two traits that occur. Rows are executives, columns hosts."""

    def __init__(self, people: People, rule: Rule, wanted: planner.Rules, trait: str) -> None:
        self.rows, executives = _numbered(people.executives, trait)
        self.columns, hosts = _numbered(people.hosts, trait)
        cells = [[rule(executive, host, wanted) is not False for host in hosts] for executive in executives]
        self.cells: Mask = np.array(cells, dtype=bool).reshape(len(executives), len(hosts))

    def fits(self, row: int, column: int) -> bool:
        return bool(self.cells[self.rows[row], self.columns[column]])

    def allowed(self, hosts: Mask | None) -> NDArray[np.int64]:
        """For each executive the number of hosts allowed, of those in ``hosts``."""
        columns = self.columns if hosts is None else self.columns[hosts]
        many = np.bincount(columns, minlength=self.cells.shape[1])
        return (self.cells.astype(np.int64) @ many.astype(np.int64))[self.rows]

    def both(self, other: Cross, hosts: Mask) -> NDArray[np.int64]:
        """For each executive the number of ``hosts`` that this rule and the other allow, by kinds of people."""
        kinds, kind_of = np.unique(np.stack([self.rows, other.rows], axis=1), axis=0, return_inverse=True)
        columns = np.stack([self.columns, other.columns], axis=1)[hosts]
        host_kinds, many = np.unique(columns, axis=0, return_counts=True)
        one = self.cells[kinds[:, :1], host_kinds[:, 0][None, :]]
        two = other.cells[kinds[:, 1:], host_kinds[:, 1][None, :]]
        return ((one & two).astype(np.int64) @ many.astype(np.int64))[kind_of.reshape(-1)]


def _numbered(people: Sequence[Any], trait: str) -> tuple[NDArray[np.int64], list[Any]]:
    """The number of each person's trait, and one person for every number."""
    first = {getattr(person, trait): person for person in people}
    numbers = {value: number for number, value in enumerate(first)}
    return np.array([numbers[getattr(person, trait)] for person in people], dtype=np.int64), list(first.values())
