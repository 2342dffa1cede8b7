"""The register of notice kinds. Each app adds its own in ``AppConfig.ready()``; notifications knows none of them.

A kind says who is owed what and when (``due``), whether it still holds when it is about to be sent (``holds``), and how
it reads (``render``). The sweep and the sender do the rest: once per key, working hours, one message a person, links,
retries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from notifications.models import Notice


class Due(NamedTuple):
    """One notice that is owed. ``anchor`` is the date it counts from, ``step`` which reminder of that date it is.

    ``on_behalf_of_id`` is the executive when the recipient is the assistant. ``not_after`` is the date of the event a
    reminder precedes: it moves back to the last free slot before that date and is sent neither on it nor later.
    ``site_id`` decides whose working days count when the recipient has no site, and which coordinators see it.
    ``personal``: nobody else can do it, so while the recipient is away it waits, whoever stands in."""

    recipient_id: int
    subject: str
    anchor: date
    step: int = 0
    on_behalf_of_id: int | None = None
    site_id: int | None = None
    not_after: date | None = None
    personal: bool = False


@dataclass(frozen=True)
class Button:
    """A link with a purpose: its address is made when the message is sent (``/act/<signed>/``), or a page's path."""

    label: str
    purpose: str = ""  # a purpose registered with notifications.links; empty: ``path`` needs a sign-in
    path: str = ""
    subject: str = ""  # of the link; the notice's subject when empty
    data: str = ""  # prefilled answer, put into the address as ?answer=
    primary: bool = False
    days: int = 14  # until the link expires


@dataclass(frozen=True)
class CalendarPart:
    """An iCalendar part: ``method`` REQUEST or CANCEL (in the part and its MIME type), ``content`` its bytes."""

    method: str
    content: bytes


@dataclass(frozen=True)
class Section:
    """What one notice says in a message. Plain texts; the mail templates put them into HTML and text alike.

    ``facts`` are pairs of name and value; a third True has the value stand in brick (and it says in words why).
    ``line`` says the same in short, where another notice on the same subject leads. ``links`` stand small at the end."""

    subject_line: str
    lead: str  # who waits and how long
    line: str = ""
    quote_caption: str = ""
    quote: str = ""  # the promise, in the owner's words
    paragraphs: Sequence[str] = ()
    question: str = ""  # above the buttons, with a hint below it
    hint: str = ""
    buttons: Sequence[Button] = ()
    facts: Sequence[tuple[str, str] | tuple[str, str, bool]] = ()
    links: Sequence[Button] = ()
    why: str = ""  # why this message came, and when the next would come
    calendar: CalendarPart | None = None


@dataclass(frozen=True)
class Kind:
    """``due(now)`` yields what is owed at that aware instant, the latest step only, from set-based queries.

    ``holds(notices)`` returns the ids of those that still hold, in one query for many. ``render(notices)`` returns
    a section per notice id; it runs in the recipients' language. ``immediate`` kinds (invitations, moves,
    cancellations, PINs) are queued by actions through ``outbox.tell`` and never held back for working hours; their
    ``due`` may heal what an action missed. ``alone``: each notice is a message of its own (a calendar part must
    stand alone). ``anonymous``: in messages of their own that are never listed. ``before``: it sets ``not_after``;
    ``due`` is then asked about coming days too, so it must not change anything. ``digest``: the mail says how to be
    left out of it. ``urgency``: of several notices on one subject the highest leads their common section."""

    name: str  # "app.what", for example "issues.update_due"
    label: str
    render: Callable[[Sequence[Notice]], dict[int, Section]]
    holds: Callable[[Sequence[Notice]], set[int]]
    due: Callable[[datetime], Iterable[Due]] | None = None
    immediate: bool = False
    alone: bool = False
    anonymous: bool = False
    before: bool = False
    digest: bool = False
    urgency: int = 0


@dataclass
class Register:
    kinds: dict[str, Kind] = field(default_factory=dict)

    def add(self, kind: Kind) -> None:
        """Register a kind; a name registered twice is a programming error."""
        if kind.name in self.kinds:
            raise ValueError(f"notice kind {kind.name} is registered twice")
        self.kinds[kind.name] = kind

    def __getitem__(self, name: str) -> Kind:
        return self.kinds[name]

    def __iter__(self) -> Iterator[Kind]:
        return iter(self.kinds.values())

    def __contains__(self, name: str) -> bool:
        return name in self.kinds


register = Register()
