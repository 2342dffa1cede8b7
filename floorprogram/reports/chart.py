"""Geometry of the participation chart. Pure; the template draws it as SVG with classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from floorprogram.reports.figures import Row

SEGMENTS = (
    ("held", "held"),
    ("cancelled", "cancelled"),
    ("declined", "declined"),
    ("no_show", "no-show"),
    ("open", "open"),
)
LEFT, WIDTH, BAR, STEP, GAP = 170, 560, 32, 52, 1.5  # user units of the drawing


@dataclass(frozen=True)
class Segment:
    css: str
    x: float
    width: float


@dataclass(frozen=True)
class Bar:
    row: Row
    y: int
    segments: Sequence[Segment]
    end: float


@dataclass(frozen=True)
class Chart:
    bars: Sequence[Bar]
    ticks: Sequence[tuple[float, int]]
    width: int
    height: int


def segmented_bars(rows: Sequence[Row]) -> Chart:
    """One bar a row: what became of the visits that were due; the axis starts at 0."""
    most = max((row.due for row in rows), default=0)
    step = _tick_step(most)
    top = max(step, -(-most // step) * step)
    scale = WIDTH / top
    bars = [_bar(row, 8 + STEP * number, scale) for number, row in enumerate(rows)]
    ticks = [(LEFT + value * scale, value) for value in range(0, top + 1, step)]
    return Chart(bars, ticks, LEFT + WIDTH + 70, 8 + STEP * len(rows) + 28)


def _tick_step(most: int) -> int:
    """1, 2 or 5 times a power of ten, so that at most five ticks cover ``most``."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            if most <= 5 * factor * power:
                return factor * power
        power *= 10


def _bar(row: Row, y: int, scale: float) -> Bar:
    x, segments = float(LEFT), []
    for name, css in SEGMENTS:
        width = getattr(row, name) * scale
        if width:
            segments.append(Segment(css, round(x, 1), round(max(width - GAP, 0.5), 1)))
        x += width
    return Bar(row, y, segments, round(x + 8, 1))
