"""Reminders somebody asks for by hand: like the sweep's they keep to the reader's working hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from notifications.kinds import Due
from notifications.recipients import places, reachable, slots_of
from notifications.sweep import tell_many


def remind_many(*, kind: str, owed: Sequence[Due], now: datetime) -> int:
    """Queue these notices, each for now or for its reader's next working hour; how many were new.

    Inside the caller's transaction. Who has left or has no address is passed over. Raises KeyError for a kind nobody
    registered.
    """
    known, readers = places(), reachable({due.recipient_id for due in owed})
    by_opening: defaultdict[datetime, list[Due]] = defaultdict(list)
    for due in owed:
        if reader := readers.get(due.recipient_id):
            by_opening[slots_of(reader, due.site_id, known).next_open(now)].append(due)
    return sum(tell_many(kind=kind, owed=some, now=now, queue_at=opening) for opening, some in by_opening.items())
