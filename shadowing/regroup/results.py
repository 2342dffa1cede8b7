"""What groups became: whoever makes something of a group says here how the regroup shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from people.models import User
from shadowing.models import RegroupGroup


class Result(NamedTuple):
    """One issue, as a regroup names it."""

    number: int
    title: str
    url: str
    owner: str
    host: str


Read = Callable[[User, Iterable[RegroupGroup]], dict[int, Result]]
readers: list[Read] = []  # each app above adds its own when it is ready


def results(reader: User, groups: Iterable[RegroupGroup]) -> dict[int, Result]:
    """Group id → what it became, as far as this person may read it."""
    found: dict[int, Result] = {}
    for read in readers:
        found |= read(reader, groups)
    return found
