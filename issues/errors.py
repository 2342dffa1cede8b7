"""What an action on an issue refuses with. Their words are shown to people; nothing was changed."""

from __future__ import annotations

from people.errors import Conflict, NotAllowed, Refused


class Stale(Conflict):
    """The form was made from an older version of the issue."""


class WrongState(Conflict):
    """The issue has moved on to a state in which this cannot be done."""


__all__ = ["Conflict", "NotAllowed", "Refused", "Stale", "WrongState"]
