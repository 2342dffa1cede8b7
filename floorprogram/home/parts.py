"""What a home is made of. Plain values: templates print them, nothing here asks the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

from floorprogram.context import address
from people.models import User
from shadowing.models import Season

SIDE = 5  # entries of a side list


@dataclass(frozen=True)
class Moment:
    """Who looks, when, and which day that is where they are."""

    user: User
    now: datetime
    today: date


@dataclass(frozen=True)
class Task:
    """One thing that waits: what, why, and the next step. ``expires`` orders the list; ``host`` is the host's voice."""

    icon: str
    tone: str
    title: str
    detail: str
    button: str
    url: str
    expires: date
    host: bool = False

    @property
    def css(self) -> str:
        return f"tone-{self.tone}"

    @property
    def filled(self) -> str:
        """The button's class while it is the page's primary one."""
        return "btn-host" if self.host else "btn-primary"


@dataclass(frozen=True)
class Figure:
    """A number with its parts. ``segments`` are pairs of colour and number of ``whole``;
    ``hidden``: too few answers, which is a word and never a blank or a zero."""

    name: str
    number: str
    parts: str = ""
    note: str = ""
    url: str = ""
    segments: tuple[tuple[str, int], ...] = ()
    whole: int | None = None
    host: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Entry:
    """One line of a side list. ``who`` is a person's name with ``kind`` as its mark, ``tail`` stands at the right,
    or ``status``: kind and state of floorprogram.states."""

    text: str
    who: str = ""
    kind: str = ""
    lead: str = ""
    tail: str = ""
    tone: str = "plain"
    url: str = ""
    status: tuple[str, str] | None = None


@dataclass(frozen=True)
class Side:
    """A list beside the tasks: its first entries, how many there are, where all are, and what to say of none."""

    title: str
    entries: list[Entry]
    total: int
    url: str = ""
    nothing: str = ""


@dataclass(frozen=True)
class SiteToday:
    """One site's row of "on the floor today"."""

    name: str
    clock: str
    arrived: int
    expected: int
    coming: str
    regroup: str
    room: str
    notes: int
    url: str


@dataclass
class Home:
    """The page. ``large``: the sponsor's figures."""

    seasons: list[Season] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    floor: list[SiteToday] = field(default_factory=list)
    main: list[Side] = field(default_factory=list)
    sides: list[Side] = field(default_factory=list)
    large: bool = False
    season: str = ""
    heading: str = ""
    lead: str = ""
    nothing: str = ""

    def running(self, today: date) -> Season | None:
        """The season under way, else the last published one that has begun."""
        begun = [season for season in self.seasons if season.is_published and season.starts_on <= today]
        return begun[-1] if begun else None


def link(name: str, *args: object, **query: object) -> str:
    """An address with query parameters; empty where nothing answers to the name."""
    url = address(name, *args)
    return f"{url}?{urlencode(query)}" if url and query else url
