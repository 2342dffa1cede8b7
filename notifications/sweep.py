"""Finding out who is owed a reminder now, and queueing it: once per key, in working hours, one message a person.

Two sweeps at once, or one twice, add nothing: the unique key of a notice decides, and a message whose notices another
sweep was faster with is taken back before anybody sees it. Recipients are worked through in ascending order, so two
sweeps wait for each other rather than deadlock.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef

from notifications.bulk import insert_new
from notifications.kinds import Due, Kind, register
from notifications.models import Message, MessageState, Notice
from notifications.recipients import NOWHERE, Places, Reader, places, reachable, slots_of, zone_of
from notifications.slots import LONGEST_CLOSURE
from notifications.standing_in import Absent

logger = logging.getLogger(__name__)
BATCH = 1_000  # recipients a transaction
MESSAGE = ("id", "recipient_id", "on_behalf_of_id", "personal")
NEW: dict[str, Any] = {
    "state": MessageState.QUEUED.value,
    "attempts": 0,
    "failures": 0,
    "last_error": "",
    "subject_line": "",
}
NOTICE = ("recipient_id", "kind", "subject", "anchor", "step", "on_behalf_of_id", "site_id", "not_after", "message_id")


class Owed(NamedTuple):
    """What a kind says is due. ``key`` is the unique key of its notice; ``topic`` is the key without recipient and
    step: only the latest step of a topic is sent. Both are made once, for a sweep compares them again and again."""

    kind: Kind
    due: Due
    key: tuple[Any, ...]
    topic: tuple[Any, ...]

    @classmethod
    def of(cls, kind: Kind, due: Due) -> Owed:
        recipient, subject, anchor, step, behalf, *_rest = due
        key, topic = (recipient, kind.name, subject, anchor, step, behalf), (kind.name, subject, anchor, behalf or 0)
        return cls(kind, due, key, topic)


def sweep(*, now: datetime, queue_at: datetime | None = None) -> dict[str, int]:
    """Queue what is owed at ``now`` and not yet told; the number of new notices by kind.

    Messages are due at ``queue_at`` (default ``now``). People outside their working hours, who have left or have no
    address are passed over; the next sweep asks again, so nothing is lost and nobody hears the same twice.
    """
    round_ = _Round(now, queue_at or now, places())
    counts = Counter({kind.name: 0 for kind in register})
    with _uncollected():
        owed, coming = _by_recipient(_ask_all(round_)), _by_recipient(_coming(round_))
        for ids in _in_batches(sorted(owed.keys() | coming.keys())):
            readers = reachable(ids)
            told = [each for pk, reader in readers.items() for each in round_.pick(reader, owed[pk], coming[pk])]
            counts.update(_store(_unknown(sorted(told, key=_order)), round_))
    return dict(counts)


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Without Python's search for rings of garbage: rows by the hundred thousand, none of them in a ring, would be gone
    through again and again, which is a third of a sweep."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def tell_many(*, kind: str, owed: Sequence[Due], now: datetime, queue_at: datetime | None = None) -> int:
    """What ``outbox.tell`` does, for many at once and inside the caller's transaction; how many notices were new.

    For an action that tells a whole season. Messages are due at ``queue_at`` (default ``now``). Raises KeyError for a
    kind nobody registered.
    """
    readers = reachable({due.recipient_id for due in owed})
    told = [Owed.of(register[kind], due) for due in owed if due.recipient_id in readers]
    return _store(_unknown(sorted(told, key=_order)), _Round(now, queue_at or now, {}))[kind]


class _Round:
    """One sweep: its moment, the sites, and which hours are open."""

    def __init__(self, now: datetime, queue_at: datetime, known: Places) -> None:
        self.now, self.queue_at, self.known = now, queue_at, known
        self.absent = Absent(now)
        self._open: dict[tuple[str, int], bool] = {}

    def pick(self, reader: Reader, owed: Iterable[Owed], coming: Iterable[Owed]) -> Iterable[Owed]:
        """What of it goes out now. A reminder whose last free slot is today replaces an earlier step of its topic."""
        chosen = {each.topic: each for each in owed if self._fits(reader, each)}
        chosen |= {each.topic: each for each in coming if self._fits(reader, each) and self._last_chance(reader, each)}
        return chosen.values()

    def _fits(self, reader: Reader, owed: Owed) -> bool:
        event, site = owed.due.not_after, owed.due.site_id
        if event is not None and self._day_at(site) >= event:
            return False
        return owed.kind.immediate or self._is_open(reader, site)

    def _is_open(self, reader: Reader, site: int | None) -> bool:
        """Are they the reader's working hours? Asked once for each clock and calendar."""
        key = (reader.zone, reader.home or site or 0)
        if key not in self._open:
            self._open[key] = slots_of(reader, site, self.known).open_at(self.now)
        return self._open[key]

    def _day_at(self, site_id: int | None) -> date:
        return self.now.astimezone(zone_of(site_id, self.known)).date()

    def _last_chance(self, reader: Reader, owed: Owed) -> bool:
        slots, event = slots_of(reader, owed.due.site_id, self.known), owed.due.not_after
        return event is not None and slots.last_chance_before(event, self.now, zone_of(owed.due.site_id, self.known))


def _ask_all(round_: _Round) -> Iterator[Owed]:
    for kind in register:
        yield from _ask(kind, round_.now, round_.absent)


def _ask(kind: Kind, now: datetime, absent: Absent) -> list[Owed]:
    """What the kind says is due at ``now``, to whoever stands in for those who are away. A kind that fails is logged and
    left out: the others must not wait for it."""
    try:
        return [Owed.of(kind, due) for due in absent.redirect(kind, kind.due(now) if kind.due else ())]
    except Exception:
        logger.exception("notice kind %s could not say what is due", kind.name)
        return []


def _coming(round_: _Round) -> Iterator[Owed]:
    """Reminders before an event that fall due on the closed days ahead: somebody's last free slot may be today."""
    for days in range(1, _closed_days_ahead(round_) + 1):
        for kind in register:
            if kind.before:
                later = _ask(kind, round_.now + timedelta(days=days), round_.absent)
                yield from (each for each in later if each.due.not_after)


def _closed_days_ahead(round_: _Round) -> int:
    """How many days from tomorrow on are closed in a row, by the calendar where it is most."""
    tomorrow = round_.now.date() + timedelta(days=1)
    calendars = {place.calendar for place in [NOWHERE, *round_.known.values()]}
    for days in range(LONGEST_CLOSURE):
        calendars = {each for each in calendars if not each.works_on(tomorrow + timedelta(days=days))}
        if not calendars:
            return days
    return LONGEST_CLOSURE


def _by_recipient(owed: Iterable[Owed]) -> defaultdict[int, list[Owed]]:
    found: defaultdict[int, list[Owed]] = defaultdict(list)
    for each in owed:
        found[each.due.recipient_id].append(each)
    return found


def _in_batches(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _order(owed: Owed) -> tuple[Any, ...]:
    return owed.key[0], owed.topic, owed.key[4]


def _unknown(owed: list[Owed]) -> list[Owed]:
    """Those that have no notice yet, in one query."""
    if not owed:
        return []
    told = Notice.objects.filter(
        recipient__in={each.due.recipient_id for each in owed},
        kind__in={each.kind.name for each in owed},
        anchor__gte=min(each.due.anchor for each in owed),
    )
    known = set(told.values_list("recipient", "kind", "subject", "anchor", "step", "on_behalf_of"))
    return [each for each in owed if each.key not in known]


def _store(owed: list[Owed], round_: _Round) -> Counter[str]:
    """Messages with their notices, in one transaction; how many notices of each kind were new."""
    letters: defaultdict[tuple[Any, ...], list[Owed]] = defaultdict(list)
    for each in owed:
        letters[_envelope(each)].append(each)
    # As text: the driver would write it out again for every notice. In order: neighbours lie together in the indexes
    ids = sorted(str(uuid.uuid4()) for _letter in letters)
    messages = [
        (pk, who, _behalf(told), apart) for pk, ((who, apart, _topic), told) in zip(ids, letters.items(), strict=True)
    ]
    notices = [(*each.key, each.due.site_id, each.due.not_after, pk)
               for pk, told in zip(ids, letters.values(), strict=True) for each in told]  # fmt: skip
    with transaction.atomic():
        insert_new(Message, MESSAGE, messages, due_at=round_.queue_at, created_at=round_.now, **NEW)
        stored = insert_new(Notice, NOTICE, notices, dropped=False, created_at=round_.now)
        return Counter(each.kind.name for each in owed) if stored == len(owed) else _kept(ids, len(owed))


def _kept(ids: list[str], expected: int) -> Counter[str]:
    """Notices by kind that came in; takes back messages that have none because another sweep was faster."""
    kept = Counter(Notice.objects.filter(message_id__in=ids).values_list("kind", flat=True))
    if kept.total() < expected:
        notices = Notice.objects.filter(message=OuterRef("pk"))
        Message.objects.filter(~Exists(notices), pk__in=ids).delete()
    return kept


def _envelope(owed: Owed) -> tuple[Any, ...]:
    """What goes into one message: all of one person, save notices that stand alone or are of an anonymous survey."""
    return owed.due.recipient_id, owed.kind.anonymous, owed.topic if owed.kind.alone else ()


def _behalf(told: list[Owed]) -> int | None:
    """For whom a message is read: the one all its notices are for."""
    behalves = {each.due.on_behalf_of_id for each in told}
    return behalves.pop() if len(behalves) == 1 else None
