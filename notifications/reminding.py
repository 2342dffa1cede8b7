"""Reminders somebody asks for by hand: like the sweep's they keep to the reader's working hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from notifications.kinds import Due
from notifications.recipients import Places, Reader, places, reachable, slots_of
from notifications.sweep import tell_many


def remind_many(*, kind: str, owed: Sequence[Due], now: datetime) -> int:
    """Queue these notices, each reader's in one message for now or for their next working hour; how many were new.

    Inside the caller's transaction. Who has left or has no address is passed over. Raises KeyError for a kind nobody
    registered.
    """
    readers = reachable({due.recipient_id for due in owed})
    by_reader: defaultdict[Reader, list[Due]] = defaultdict(list)
    for due in owed:
        if reader := readers.get(due.recipient_id):
            by_reader[reader].append(due)
    known = places()
    by_opening: defaultdict[datetime, list[Due]] = defaultdict(list)
    for reader, theirs in by_reader.items():
        by_opening[_opening(reader, theirs, known, now)] += theirs
    return sum(tell_many(kind=kind, owed=some, now=now, queue_at=opening) for opening, some in by_opening.items())


def _opening(reader: Reader, owed: Sequence[Due], known: Places, now: datetime) -> datetime:
    """Their next working hour. Who works at no site has the hours of each site it is about; the first that opens counts
    for all, or they would hear of one request in several messages."""
    return min(slots_of(reader, site, known).next_open(now) for site in {due.site_id for due in owed})
