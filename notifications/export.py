"""The outbox as rows for reports: a row a message, never a text, a link or an anonymous survey's recipient."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models.functions import Coalesce

from notifications.models import Message, Notice
from people.models import User

OUTBOX_COLUMNS = (
    "message", "created_at", "state", "kinds", "recipient", "recipient_name", "on_behalf_of", "subject_line", "sent_at",
    "attempts", "last_error", "bounced_at", "resend_of",
)  # fmt: skip
CHUNK = 2000  # messages a query


class About(NamedTuple):
    """What a message is about: its kinds, and whether all of it is about sites the reader coordinates."""

    kinds: str = ""
    mine: bool = True


def outbox_rows(user: User) -> Iterator[tuple[Any, ...]]:
    """Messages this reader may see, oldest first, in chunks: two queries a chunk, memory flat. People are named by
    employee number, else e-mail. The subject of a message that is also about other people's sites is left out."""
    messages = Message.objects.visible_to(user).annotate(source=Coalesce("resend_of", "pk"))
    rows = messages.order_by("created_at", "pk").values_list(
        "source", "pk", "created_at", "state", "recipient__employee_number", "recipient__email", "recipient",
        "recipient__name", "on_behalf_of__name", "subject_line", "sent_at", "attempts", "last_error", "bounced_at",
        "resend_of", named=True,
    )  # fmt: skip
    found = rows.iterator(CHUNK)
    while chunk := list(islice(found, CHUNK)):
        about = _about([row.source for row in chunk], user)
        yield from (_row(row, about.get(row.source, About())) for row in chunk)


def _row(row: Any, about: About) -> tuple[Any, ...]:
    key = row.recipient__employee_number or row.recipient__email or f"#{row.recipient}"
    subject = row.subject_line if about.mine else ""
    who = (key, row.recipient__name, row.on_behalf_of__name or "")
    fate = (row.sent_at, row.attempts, row.last_error, row.bounced_at, row.resend_of)
    return (row.pk, row.created_at, row.state, about.kinds, *who, subject, *fate)


def _about(ids: list[UUID], user: User) -> dict[UUID, About]:
    kinds: dict[UUID, set[str]] = defaultdict(set)
    foreign: set[UUID] = set()
    told = Notice.objects.filter(message__in=ids).values_list("message_id", "kind", "site_id").distinct()
    for pk, kind, site in told:
        kinds[pk].add(kind)
        if not user.coordinates(site):
            foreign.add(pk)
    return {pk: About(" ".join(sorted(names)), pk not in foreign) for pk, names in kinds.items()}
