"""Filter bars: the address is the state, every choice a link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Choice:
    """One entry of a menu or a row of pills."""

    word: str
    url: str
    chosen: bool = False


@dataclass(frozen=True)
class Menu:
    """One filter, under ``key`` of the address. ``drop``: the address without it, empty when something is always chosen."""

    key: str
    name: str
    choices: list[Choice]
    drop: str = ""

    @property
    def chosen(self) -> Choice | None:
        return next((choice for choice in self.choices if choice.chosen), None)


def menu(
    key: str, name: str, options: Iterable[tuple[str, str]], given: Mapping[str, str], *, droppable: bool = True
) -> Menu:
    """A filter under ``key`` of the address. ``options`` are (value, word); all other filters stay, the page begins anew."""
    kept = {other: value for other, value in given.items() if value and other not in (key, "page")}
    choices = [
        Choice(str(word), f"?{urlencode({**kept, key: value})}", given.get(key) == value) for value, word in options
    ]
    return Menu(key, name, choices, f"?{urlencode(kept)}" if droppable else "")
