"""What an action on an issue refuses with. Their words are shown to people; nothing was changed."""

from __future__ import annotations

from datetime import date

from people.errors import Conflict, NotAllowed, Refused


class Stale(Conflict):
    """The form was made from an older version of the issue."""


class WrongState(Conflict):
    """The issue has moved on to a state in which this cannot be done."""


class TooFar(Refused):
    """A day that lies too far ahead. ``latest`` is the last one allowed, and the words name it."""

    def __init__(self, message: str, *, field: str, latest: date) -> None:
        super().__init__(message, field=field)
        self.latest = latest


__all__ = ["Conflict", "NotAllowed", "Refused", "Stale", "TooFar", "WrongState"]
