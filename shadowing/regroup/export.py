"""The groups of a day as lines of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shadowing.regroup.board import Board

COLUMNS = (
    "group", "outcome", "seen in", "teams of the day", "teams", "notes", "carried from", "carried to", "issue", "owner",
)  # fmt: skip


def rows(board: Board) -> Iterator[tuple[Any, ...]]:
    """One tuple a group, in the order of the page, then one for the notes in no group."""
    for card in board.cards:
        group, later, became = card.group, getattr(card.group, "carried_on", None), card.result
        yield (
            group.name, group.outcome, card.seen_in, len(board.teams), ", ".join(card.seen_by), card.count,
            group.carried_from.day.date if group.carried_from else None, later.day.date if later else None,
            became.number if became else None, became.owner if became else "",
        )  # fmt: skip
    teams = [team.name for team, _notes in board.loose]
    yield ("", "not grouped", len(teams), len(board.teams), ", ".join(teams), board.not_grouped, None, None, None, "")
