"""Who is told of a change to a visit. What they are told is in ``shadowing.notices``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from notifications import outbox, sweep
from notifications.kinds import Due
from people.models import Host, User
from shadowing.models import Visit


class Reader(NamedTuple):
    """Somebody who hears of a visit; ``behalf`` is the executive when it is the assistant."""

    user: User
    behalf: User | None = None


def readers(visit: Visit) -> Iterator[Reader]:
    """The executive, their assistant and the host, those who are still there."""
    executive = visit.executive
    people = [Reader(executive.user), Reader(visit.host.user)]
    if executive.assistant:
        people.insert(1, Reader(executive.assistant, executive.user))
    return (reader for reader in people if reader.user.is_active)


def tell_all(visit: Visit, kind: str, *, now: datetime) -> None:
    """Queue one message of ``kind`` for each of the visit's people, once per SEQUENCE."""
    for reader in readers(visit):
        tell(visit, reader, kind, now=now)


def tell(visit: Visit, reader: Reader, kind: str, *, now: datetime) -> None:
    """Queue one message for one person, once per SEQUENCE."""
    outbox.tell(
        kind=kind, recipient=reader.user, subject=visit.subject, anchor=visit.date, step=visit.sequence,
        on_behalf_of=reader.behalf, site_id=visit.site_id, now=now,
    )  # fmt: skip


def tell_moved(visit: Visit, before: Host, *, now: datetime, kind: str = "shadowing.moved") -> None:
    """Tell a moved visit's people. A host it was taken from gets a cancellation, the new one an invitation (or that
    they step in); the executive's side hears who the host is now."""
    if before.pk == visit.host_id:
        return tell_all(visit, kind, now=now)
    new_host = "shadowing.invited" if kind == "shadowing.moved" else kind
    for reader in readers(visit):
        tell(visit, reader, new_host if reader.user.pk == visit.host_id else "shadowing.moved", now=now)
    return tell(visit, Reader(before.user), "shadowing.released", now=now)


def tell_many(visits: Iterable[Visit], kind: str, *, now: datetime) -> None:
    """The same for a whole season's visits, in a few statements."""
    owed = [
        Due(
            reader.user.pk, visit.subject, visit.date, visit.sequence,
            on_behalf_of_id=reader.behalf.pk if reader.behalf else None, site_id=visit.site_id,
        )
        for visit in visits for reader in readers(visit)
    ]  # fmt: skip
    sweep.tell_many(kind=kind, owed=owed, now=now)
