"""The outbox as a list: its filters are its address."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.text import capfirst

from notifications.kinds import register
from notifications.models import Message, MessageQuerySet, MessageState, Notice
from people.keys import fold
from people.models import User

HELD, BOUNCED = "held", "bounced"  # what people look for beside the states
STATES = [*MessageState.values, HELD, BOUNCED]


@dataclass(frozen=True)
class Filters:
    """What the address asks for. Values nobody knows are dropped."""

    state: str = ""
    kind: str = ""
    person: str = ""
    since: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Filters:
        """The filters in a query string."""
        state, kind = asked.get("state", ""), asked.get("kind", "")
        return cls(
            state=state if state in STATES else "",
            kind=kind if kind in register and not register[kind].anonymous else "",
            person=" ".join(asked.get("person", "").replace("\0", "").split())[:100],
            since=asked.get("since", "") if day(asked.get("since", "")) else "",
        )

    @property
    def any(self) -> bool:
        return any(asdict(self).values())

    def address(self, **changed: str) -> str:
        """The list's address with some filters changed, from its first page."""
        said = {name: value for name, value in asdict(replace(self, **changed)).items() if value}
        return reverse("notifications:outbox") + (f"?{urlencode(said)}" if said else "")

    def apply(self, messages: MessageQuerySet) -> MessageQuerySet:
        """The messages these filters leave, newest first. ``since`` is a date by the reader's clock."""
        if self.state:
            messages = in_state(messages, self.state)
        if self.kind:
            notices = Notice.objects.filter(kind=self.kind)
            own, named = notices.filter(message=OuterRef("pk")), notices.filter(message=OuterRef("resend_of"))
            messages = messages.filter(Exists(own) | Exists(named))
        if self.person:
            messages = messages.filter(recipient__in=_people(self.person))
        if first := day(self.since):
            messages = messages.filter(
                created_at__gte=timezone.make_aware(datetime.combine(first, datetime.min.time()))
            )
        return messages.order_by("-created_at", "pk")


def in_state(messages: MessageQuerySet, state: str) -> MessageQuerySet:
    """Held back are queued ones whose address came back, and not among the queued; came back are sent ones."""
    if state == BOUNCED:
        return messages.filter(bounced_at__isnull=False)
    if state == HELD:
        return messages.filter(state=MessageState.QUEUED, held_back=True)
    return (
        messages.filter(state=state, held_back=False) if state == MessageState.QUEUED else messages.filter(state=state)
    )


@dataclass
class Row:
    """A message as the list shows it. ``foreign``: some of it is about other people's sites, so its subject is not shown."""

    message: Message
    kinds: list[str] = field(default_factory=list)
    foreign: bool = False

    @property
    def what(self) -> str:
        """The subject as it was sent, else what the message is about."""
        return "" if self.foreign else self.message.subject_line


def rows_of(messages: Iterable[Message], user: User) -> list[Row]:
    """Rows for the messages, with one query for what they are about."""
    rows = [Row(message) for message in messages]
    named: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        named[row.message.resend_of_id or row.message.pk].append(row)
    told = Notice.objects.filter(message__in=named).values_list("message", "kind", "site_id").distinct()
    for pk, kind, site in told:
        for row in named[pk]:
            row.kinds.append(label_of(kind))
            row.foreign = row.foreign or not user.coordinates(site)
    for row in rows:
        row.kinds = sorted(set(row.kinds))
    return rows


def label_of(kind: str) -> str:
    """How people call a kind; its name when no app knows it any more."""
    return capfirst(str(register[kind].label)) if kind in register else kind


def counts_by_state(messages: MessageQuerySet) -> dict[str, int]:
    """How many wait, are held back and went wrong; those sent are not counted, there may be millions."""
    asked = messages.filter(state__in=[MessageState.QUEUED, MessageState.FAILED]).order_by()
    counts: Counter[str] = Counter()
    for state, held, count in asked.values_list("state", "held_back").annotate(Count("pk")):
        counts[HELD if held and state == MessageState.QUEUED else state] += count
    return dict(counts)


def out_of_reach(user: User) -> int:
    """Active executives and hosts this person sees who have no address: a coordinator acts for them. A minute old at
    most."""
    people = User.objects.visible_to(user).active().filter(Q(executive__isnull=False) | Q(host__isnull=False))
    count = people.filter(email__isnull=True, contact_email="").count
    return int(cache.get_or_set(f"notifications:out-of-reach:{user.pk}", count, 60) or 0)


def day(text: str) -> date | None:
    """The date an ISO text names, if any."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def _people(words: str) -> Any:
    key = fold(words) or ""
    found = Q(name_key__contains=key) | Q(employee_number_key=key) | Q(email_key=key) | Q(contact_email__iexact=words)
    return User.objects.filter(found).values("pk")
