"""The outbox as rows for reports: a row a message, never a text, a link or an anonymous survey's recipient."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from notifications.models import Message, Notice
from people.models import User

OUTBOX_COLUMNS = (
    "message",
    "created_at",
    "state",
    "kinds",
    "recipient",
    "on_behalf_of",
    "subject_line",
    "sent_at",
    "attempts",
    "bounced_at",
)
CHUNK = 2000  # messages a query


def outbox_rows(user: User) -> Iterator[tuple[Any, ...]]:
    """Messages this reader may see, oldest first, in chunks: two queries a chunk, memory flat."""
    messages = (
        Message.objects.visible_to(user)
        .order_by("created_at", "pk")
        .values_list(
            "pk",
            "created_at",
            "state",
            "recipient__name",
            "on_behalf_of__name",
            "subject_line",
            "sent_at",
            "attempts",
            "bounced_at",
        )
    )
    chunk: list[tuple[Any, ...]] = []
    for row in messages.iterator(CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield from _with_kinds(chunk)
            chunk = []
    yield from _with_kinds(chunk)


def _with_kinds(chunk: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    kinds: dict[Any, set[str]] = {}
    for message, kind in Notice.objects.filter(message__in=[row[0] for row in chunk]).values_list("message_id", "kind"):
        kinds.setdefault(message, set()).add(kind)
    for pk, created, state, *rest in chunk:
        yield (pk, created, state, " ".join(sorted(kinds.get(pk, ()))), *rest)
