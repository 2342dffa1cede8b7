"""What is owed to somebody who is away: their substitute hears it for them, or it waits until they are back."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from notifications.kinds import Due, Kind
from notifications.models import Notice
from people.standing_in import away


class Absent:
    """Who is away at a moment, in one query for a whole sweep."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    @functools.cached_property
    def away(self) -> dict[int, int | None]:
        """Who is away, with who stands in."""
        return away(self.now)

    def redirect(self, kind: Kind, owed: Iterable[Due]) -> Iterator[Due]:
        """The same, with what is owed to people who are away given to who stands in for them.

        What is never held back goes out all the same. Left out, to be asked about again once they are back: where nobody
        stands in, what only they can do, digests, anonymous surveys, and what an assistant would have heard for somebody
        else (who hears it too).
        """
        if not self.away or kind.immediate:
            yield from owed
            return
        waits = kind.anonymous or kind.digest
        for due in owed:
            if due.recipient_id not in self.away:
                yield due
            elif not (waits or due.personal or due.on_behalf_of_id) and (substitute := self.away[due.recipient_id]):
                yield due._replace(recipient_id=substitute, on_behalf_of_id=due.recipient_id)


def assists(notice: Notice) -> bool:
    """Is it read by the assistant of the executive it is for?"""
    behalf = notice.on_behalf_of
    return bool(behalf and behalf.is_executive and behalf.executive.assistant_id == notice.recipient_id)


def for_nobody(notices: Sequence[Notice], now: datetime) -> set[int]:
    """Ids of those whose reader has nothing to do any more with the person they were to read it for: no longer the
    assistant, or the person is back. One query where anybody stands in."""
    asked = [notice for notice in notices if notice.on_behalf_of_id and not assists(notice)]
    standing = away(now) if asked else {}
    return {n.pk for n in asked if standing.get(n.on_behalf_of_id or 0) != n.recipient_id}
