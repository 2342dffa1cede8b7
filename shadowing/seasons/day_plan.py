"""The day's timetable while it is being set up: rows that may still be wrong, moved about, drawn as a bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from shadowing.agenda import WORDS

Row = dict[str, Any]  # kind, starts, minutes: as typed
WIDTH = 720  # units of the drawing


def minute_of(starts: str) -> int:
    """Minutes after midnight of "09:30"."""
    hours, minutes = starts.split(":")
    return int(hours) * 60 + int(minutes)


def clock(minute: int) -> str:
    """ "16:30"; midnight at the day's end is "24:00"."""
    return f"{minute // 60:02}:{minute % 60:02}"


@dataclass(frozen=True)
class Block:
    """One part of the day. ``left`` and ``width`` place it in a drawing; ``overlaps`` the one before it; ``gap`` is the time
    free between the two, in minutes."""

    kind: str
    starts: int
    minutes: int
    left: float
    width: float
    overlaps: bool
    gap: int

    @property
    def word(self) -> str | Promise:
        return WORDS.get(self.kind, self.kind)

    @property
    def span(self) -> tuple[str, str]:
        return clock(self.starts), clock(self.starts + self.minutes)


def blocks(rows: Sequence[Mapping[str, Any]]) -> list[Block]:
    """The rows that can be read, in their order, placed between the day's first and last minute."""
    parts = [(row["kind"], minute_of(row["starts"]), int(row["minutes"])) for row in rows if is_whole(row)]
    if not parts:
        return []
    first = min(starts for _kind, starts, _minutes in parts)
    scale = WIDTH / max(1, max(starts + minutes for _kind, starts, minutes in parts) - first)
    found, free = [], first
    for kind, starts, minutes in parts:
        left, width = (starts - first) * scale, minutes * scale
        found.append(
            Block(kind, starts, minutes, round(left, 1), round(width, 1), starts < free, max(starts - free, 0))
        )
        free = max(free, starts + minutes)
    return found


def is_whole(row: Mapping[str, Any]) -> bool:
    """Whether a row can be drawn: a time and a length."""
    starts, minutes = str(row.get("starts", "")), str(row.get("minutes", ""))
    hours, colon, rest = starts.partition(":")
    fits = colon and hours.isdecimal() and rest.isdecimal() and int(hours) < 24 and int(rest) < 60
    return bool(fits and minutes.isdecimal() and 0 < int(minutes) <= 24 * 60)


def add(rows: Sequence[Row]) -> list[Row]:
    """One more part, after the last."""
    last = rows[-1] if rows else None
    after = minute_of(last["starts"]) + int(last["minutes"]) if last and is_whole(last) else 9 * 60
    return [*rows, {"kind": "floor", "starts": clock(min(after, 23 * 60)), "minutes": 60}]


def remove(rows: Sequence[Row], place: int) -> list[Row]:
    return [row for number, row in enumerate(rows) if number != place]


def move(rows: Sequence[Row], place: int, step: int) -> list[Row]:
    """Exchange a part with its neighbour. Their times are laid anew, so that the two still fill the same hours."""
    first, second = sorted((place, place + step))
    if first < 0 or second >= len(rows):
        return list(rows)
    moved = list(rows)
    moved[first], moved[second] = _exchanged(rows[first], rows[second])
    return moved


def _exchanged(one: Row, two: Row) -> tuple[Row, Row]:
    if not (is_whole(one) and is_whole(two)):
        return two, one
    begins = minute_of(one["starts"])
    gap = max(minute_of(two["starts"]) - begins - int(one["minutes"]), 0)
    then = min(begins + int(two["minutes"]) + gap, 24 * 60 - 1)
    return {**two, "starts": clock(begins)}, {**one, "starts": clock(then)}
