"""Paired choices: what two groups chose from one list, side by side. Pure; made of shares as shown and nothing finer."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from surveys.alignment.items import Side
from surveys.alignment.values import Scale, Value, band
from surveys.models import QuestionType

CHOICES = (QuestionType.ONE_OF, QuestionType.SOME_OF)
PER_CENT = Scale(0, 100, 0)
ROUNDED = 20  # per cent: under this a difference of one option may be rounding (surveys.coding: steps of 10 or 20 %)


@dataclass(frozen=True)
class Option:
    """One option with each side's share in whole per cent as shown; None where it is hidden or was not offered. ``other``:
    the front line's words for it where they differ."""

    label: str
    executives: int | None = None
    front_line: int | None = None
    other: str = ""

    @property
    def gap(self) -> Value | None:
        """Executives' share less the front line's."""
        if self.executives is None or self.front_line is None:
            return None
        return Value(self.executives - self.front_line)

    @property
    def size(self) -> float:
        return abs(self.gap.number) if self.gap else 0


def distance(kind: str, options: Sequence[Option]) -> float:
    """How far apart two groups chose, 0 to 100.

    "One of": the total variation distance, half the sum of all differences of shares. It is the least part of one group
    that would have to choose otherwise for both to look alike, and the largest difference of any set of options
    (D. A. Levin, Y. Peres, Markov Chains and Mixing Times, 2nd ed. 2017, propositions 4.2 and 4.7).
    "Some of": shares overlap, and how options go together is not told. So it is the largest difference of one option: the
    total variation distance is that or more."""
    if kind == QuestionType.SOME_OF:
        return max((option.size for option in options), default=0)
    return min(sum(option.size for option in options) / 2, 100)


@dataclass(frozen=True)
class Choice:
    """One alignment key of a choice. ``alike``: both sides chose from the same options; ``earlier``: the same at the moment
    it is compared with."""

    key: str
    kind: str
    section: str
    theme: str
    executives: Side
    front_line: Side
    options: Sequence[Option] = ()
    alike: bool = True
    position: int = 0
    earlier: Choice | None = None

    @property
    def text(self) -> str:
        return self.executives.text or self.front_line.text

    @property
    def gap(self) -> Value | None:
        """Without a sign: no side of a list is the brighter one."""
        if not self.options or any(option.gap is None for option in self.options):
            return None
        return Value(distance(self.kind, self.options))

    @property
    def told(self) -> Sequence[Option]:
        """The options, if anything of them is shown."""
        shown = any(option.executives is not None or option.front_line is not None for option in self.options)
        return self.options if shown else ()

    @property
    def most(self) -> Option | None:
        """The option on which they are most apart, where that is more than rounding."""
        largest = max(self.options, key=lambda option: option.size, default=None)
        return largest if largest and largest.size >= ROUNDED else None

    @property
    def furthest(self) -> list[Option]:
        """The three options on which they are most apart."""
        return sorted(self.options, key=lambda option: -option.size)[:3]

    @property
    def band(self) -> int:
        """0: much the same, as far as rounded shares tell; 1: apart; 2: far apart."""
        return band(self.gap, PER_CENT) if self.gap and self.most else 0


def options_of(
    words: Mapping[Hashable, str], others: Mapping[Hashable, str], executives: Side, front_line: Side
) -> list[Option]:
    """The options in executives' order and words, with what is shown of each side. ``others``: the front line's words."""
    above, below = _shares(executives), _shares(front_line)
    return [
        Option(label, above.get(key), below.get(key), others[key] if others.get(key, label) != label else "")
        for key, label in words.items()
    ]


def _shares(side: Side) -> dict[Hashable, int]:
    return dict(side.shown.bars) if side.shown else {}


def by_distance(choices: Iterable[Choice]) -> list[Choice]:
    """Furthest apart first; those without a gap last; equal ones in the order they were asked."""
    return sorted(choices, key=lambda one: (one.gap is None, -one.gap.number if one.gap else 0, one.position))
