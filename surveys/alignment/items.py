"""Paired questions and themes, with their gaps, largest first. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from surveys.alignment.values import SCALES, Scale, Value, average, band, gap_between, value_of
from surveys.figures import Shown
from surveys.models import QuestionType


@dataclass(frozen=True)
class Side:
    """What one group was asked and what came of it. ``asked``: the question was put to it; ``shown`` None: hidden."""

    asked: bool = False
    text: str = ""
    shown: Shown | None = None

    @property
    def value(self) -> Value | None:
        return value_of(self.shown.coded) if self.shown and self.shown.coded.value is not None else None

    @property
    def figure(self) -> str:
        """As pages and exports write it; empty while there is none."""
        return self.shown.coded.text if self.shown else ""


@dataclass(frozen=True)
class Item:
    """One alignment key. ``section`` is the key of its theme; ``earlier`` the same item at the moment it is compared with,
    if it was asked then."""

    key: str
    kind: str
    section: str
    theme: str
    executives: Side
    front_line: Side
    position: int = 0
    earlier: Item | None = None

    @property
    def scale(self) -> Scale:
        return SCALES[QuestionType(self.kind)]

    @property
    def text(self) -> str:
        return self.executives.text or self.front_line.text

    @property
    def gap(self) -> Value | None:
        ours, theirs = self.executives.value, self.front_line.value
        return gap_between(ours, theirs) if ours and theirs else None

    @property
    def band(self) -> int:
        return band(self.gap, self.scale) if self.gap else 0


@dataclass(frozen=True)
class Theme:
    """The items of one section that have a gap; ``of``: how many were asked. Averages of what is shown of each item."""

    name: str
    items: Sequence[Item]
    of: int

    @property
    def scale(self) -> Scale:
        return self.items[0].scale

    @property
    def executives(self) -> Value:
        return average([item.executives.value for item in self.items if item.executives.value], self.scale)

    @property
    def front_line(self) -> Value:
        return average([item.front_line.value for item in self.items if item.front_line.value], self.scale)

    @property
    def gap(self) -> Value:
        return gap_between(self.executives, self.front_line)

    @property
    def band(self) -> int:
        return band(self.gap, self.scale)


def by_gap(items: Iterable[Item]) -> list[Item]:
    """Largest gap first, measured by its scale; those without one last; equal ones in the order they were asked."""

    def size(item: Item) -> tuple[bool, float, int]:
        gap = item.gap
        return gap is None, -abs(gap.number) / item.scale.span if gap else 0, item.position

    return sorted(items, key=size)


def themes_of(items: Iterable[Item]) -> list[Theme]:
    """Sections with at least one gap, largest first. Questions of different scales are averaged apart."""
    asked: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in sorted(items, key=lambda item: item.position):
        if item.theme:
            asked[item.theme, item.kind].append(item)
    found = [
        Theme(name, [item for item in group if item.gap], len(group))
        for (name, _kind), group in asked.items()
        if any(item.gap for item in group)
    ]
    return sorted(found, key=lambda theme: -abs(theme.gap.number) / theme.scale.span)
