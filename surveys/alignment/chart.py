"""Geometry of the dumbbell chart. Pure; the template draws it as SVG with classes."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from surveys.alignment.items import Item, Theme
from surveys.alignment.values import Scale, Value
from surveys.alignment.words import side_text

LINE, PAD, HEAD = 17, 9, 34  # height of a line of words, space around a row, room for the axis
TOUCHING = 0.02  # shares of the axis under which the two marks are drawn one inside the other


class Layout(NamedTuple):
    """``left``: where the axis begins; ``axis``: how wide it is; ``letters`` a line of words; ``above``: words stand over
    their marks rather than beside them."""

    left: int
    axis: int
    width: int
    letters: int
    above: bool


WIDE = Layout(left=470, axis=480, width=1060, letters=62, above=False)
NARROW = Layout(left=34, axis=232, width=328, letters=44, above=True)


class Mark(NamedTuple):
    """One side of a dumbbell: where, what is written beside it, and on which side of it."""

    x: float
    label: str
    label_x: float
    anchor: str


@dataclass(frozen=True)
class Bell:
    """One row. ``together``: both marks stand on the same spot."""

    lines: Sequence[tuple[int, str]]
    y: int
    rule: int
    gap: str
    strong: bool
    executives: Mark | None = None
    front_line: Mark | None = None
    together: bool = False

    @property
    def corner(self) -> float:
        """Left edge of the executives' square."""
        return self.executives.x - 5 if self.executives else 0


@dataclass(frozen=True)
class Chart:
    layout: Layout
    rows: Sequence[Bell]
    ticks: Sequence[tuple[float, str]]
    height: int

    @property
    def end(self) -> int:
        return self.layout.left + self.layout.axis


def dumbbells(entries: Sequence[Item | Theme], layout: Layout = WIDE) -> Chart:
    """One row an entry, in the order given; all of the same scale."""
    scale = entries[0].scale
    rows, top = [], HEAD
    for entry in entries:
        bell = _bell(entry, scale, layout, top)
        rows.append(bell)
        top = bell.rule
    return Chart(layout, rows, _ticks(scale, layout), top + 4)


def _ticks(scale: Scale, layout: Layout) -> list[tuple[float, str]]:
    step = 1 if scale.span <= 5 else scale.span // 5
    sign = "\N{NO-BREAK SPACE}%" if scale.high == 100 else ""
    return [(_x(value, scale, layout), f"{value}{sign}") for value in range(scale.low, scale.high + 1, step)]


def _x(number: float, scale: Scale, layout: Layout) -> float:
    return round(layout.left + (number - scale.low) / scale.span * layout.axis, 1)


def _bell(entry: Item | Theme, scale: Scale, layout: Layout, top: int) -> Bell:
    words = textwrap.wrap(entry.name if isinstance(entry, Theme) else entry.text, layout.letters) or [""]
    first = top + PAD + LINE - 4
    lines = [(first + LINE * number, line) for number, line in enumerate(words)]
    if layout.above:
        y, rule = first + LINE * len(words) + 4, first + LINE * len(words) + 22
    else:
        y, rule = top + PAD + LINE * len(words) // 2, top + 2 * PAD + LINE * len(words)
    ours, theirs, labels = _values(entry)
    gap = entry.gap.text if entry.gap else "–"
    bell = Bell(lines, y, rule, gap, abs(entry.band) == 2)
    if ours is None or theirs is None:
        return _one_sided(bell, ours, theirs, labels, scale, layout)
    return _two_sided(bell, ours, theirs, labels, scale, layout)


def _values(entry: Item | Theme) -> tuple[Value | None, Value | None, tuple[str, str]]:
    if isinstance(entry, Theme):
        return entry.executives, entry.front_line, (entry.executives.text, entry.front_line.text)
    labels = side_text(entry.executives), side_text(entry.front_line)
    return entry.executives.value, entry.front_line.value, labels


def _mark(value: Value, label: str, scale: Scale, layout: Layout, *, left: bool, off: int = 12) -> Mark:
    x = _x(value.number, scale, layout)
    return Mark(x, label, x - off if left else x + off, "end" if left else "start")


def _two_sided(bell: Bell, ours: Value, theirs: Value, labels: tuple[str, str], scale: Scale, layout: Layout) -> Bell:
    together = abs(ours.number - theirs.number) / scale.span < TOUCHING
    left = ours.number < theirs.number
    off, other = (16 if together else 12), "" if together and labels[0] == labels[1] else labels[1]
    executives = _mark(ours, labels[0], scale, layout, left=left, off=off)
    front_line = _mark(theirs, other, scale, layout, left=not left, off=off)
    return Bell(bell.lines, bell.y, bell.rule, bell.gap, bell.strong, executives, front_line, together)


def _one_sided(
    bell: Bell, ours: Value | None, theirs: Value | None, labels: tuple[str, str], scale: Scale, layout: Layout
) -> Bell:
    executives = _mark(ours, labels[0], scale, layout, left=False) if ours else None
    front_line = _mark(theirs, labels[1], scale, layout, left=False) if theirs else None
    return Bell(bell.lines, bell.y, bell.rule, bell.gap, bell.strong, executives, front_line)
