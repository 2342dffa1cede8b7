"""What queued messages say now: their notices, those that still hold, and how each reads.

Kinds are asked about many notices at once; when one makes a kind fail, each is asked alone, so that only its own message
waits for somebody to look.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils import translation

from notifications.kinds import Section, register
from notifications.merging import merged
from notifications.models import Message, Notice
from notifications.recipients import Places, zone_of
from notifications.standing_in import for_nobody

logger = logging.getLogger(__name__)
MOST_READ, MOST_SHOWN = 40, 12  # notices of one message
Answer = TypeVar("Answer")


@dataclass
class Letter:
    """A message as it reads now. ``more``: how many notices it has beyond those shown; ``error``: why it cannot be read."""

    message: Message
    notices: list[Notice] = field(default_factory=list)
    sections: list[tuple[Notice, Section]] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    more: int = 0
    error: str = ""

    @property
    def immediate(self) -> bool:
        """Goes out whatever the hour: somebody waits for it, or asked for it again."""
        names = {notice.kind for notice in self.notices}
        return bool(self.message.resend_of_id) or any(name in register and register[name].immediate for name in names)

    @property
    def language(self) -> str:
        return self.message.recipient.language or settings.LANGUAGE_CODE


def open_letters(messages: Sequence[Message]) -> list[Letter]:
    """The messages with their notices, none of them asked yet. One query, another where a message has very many."""
    letters: dict[UUID, list[Notice]] = {message.resend_of_id or message.pk: [] for message in messages}
    place = Window(RowNumber(), partition_by=F("message"), order_by=F("pk").asc())
    first = Notice.objects.filter(message__in=letters).annotate(place=place).filter(place__lte=MOST_READ)
    readers = {message.resend_of_id or message.pk: message.recipient for message in messages}
    for notice in first.select_related("on_behalf_of__executive").order_by("pk"):
        notice.recipient = readers[notice.message_id]
        letters[notice.message_id].append(notice)
    full = [pk for pk, notices in letters.items() if len(notices) == MOST_READ]
    totals = Counter(Notice.objects.filter(message__in=full).values_list("message", flat=True)) if full else Counter()
    return [
        Letter(message, letters[key], more=max(totals[key] - MOST_READ, 0))
        for message in messages
        for key in [message.resend_of_id or message.pk]
    ]


def read(letters: Sequence[Letter], *, now: datetime, known: Places) -> None:
    """Drop what no longer holds and find the words for the rest."""
    gone = for_nobody([notice for letter in letters for notice in letter.notices], now)
    for letter in letters:
        kept = {n.pk for n in letter.notices if not n.not_after or _day(n, now, known) < n.not_after}
        _drop(letter, kept - gone)
    holding = _asked(letters, lambda kind, notices: dict.fromkeys(register[kind].holds(notices), True))
    for letter in letters:
        _drop(letter, holding.keys() | ({n.pk for n in letter.notices} if letter.error else set()))
        letter.more += max(len(letter.notices) - MOST_SHOWN, 0)
        del letter.notices[MOST_SHOWN:]
    find_words(letters)


def find_words(letters: Sequence[Letter]) -> None:
    """How the notices at hand read, each in its recipient's language; what is about one thing is one section."""
    for language in sorted({letter.language for letter in letters}):
        ours = [letter for letter in letters if letter.language == language and not letter.error]
        with translation.override(language):
            words = _asked(ours, lambda kind, notices: register[kind].render(notices))
        for letter in ours:
            letter.sections = merged((notice, words[notice.pk]) for notice in letter.notices if notice.pk in words)


def _day(notice: Notice, now: datetime, known: Places) -> date:
    return now.astimezone(zone_of(notice.site_id, known)).date()


def _drop(letter: Letter, holding: Iterable[int]) -> None:
    kept = set(holding)
    letter.dropped += [notice.pk for notice in letter.notices if notice.pk not in kept]
    letter.notices = [notice for notice in letter.notices if notice.pk in kept]


def _asked(letters: Sequence[Letter], ask: Callable[[str, Sequence[Notice]], dict[int, Answer]]) -> dict[int, Answer]:
    """Answers by notice id, a kind at a time. A letter whose notice makes its kind fail gets an error."""
    by_kind: dict[str, list[tuple[Letter, Notice]]] = defaultdict(list)
    for letter in letters:
        for notice in letter.notices:
            by_kind[notice.kind].append((letter, notice))
    answers: dict[int, Answer] = {}
    for kind, pairs in by_kind.items():
        try:
            answers |= ask(kind, [notice for _, notice in pairs])
        except Exception:
            logger.exception("notice kind %s failed; asking it one by one", kind)
            answers |= _asked_alone(kind, pairs, ask)
    return answers


def _asked_alone(
    kind: str, pairs: list[tuple[Letter, Notice]], ask: Callable[[str, Sequence[Notice]], dict[int, Answer]]
) -> dict[int, Answer]:
    answers: dict[int, Answer] = {}
    for letter, notice in pairs:
        try:
            answers |= ask(kind, [notice])
        except Exception as error:  # noqa: BLE001 - logged above; the words of an error may hold what must not be shown
            letter.error = f"{kind} could not be read ({type(error).__name__})"
    return answers
