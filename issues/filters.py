"""What the issue list is asked for: its filters and its order are its address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any
from urllib.parse import quote_plus, urlencode

from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse

from issues import sieve
from issues.models import OPEN, WORKED_ON, Category, IssueState
from issues.models.issues import IssueQuerySet
from issues.queries import Texts
from people.keys import fold
from people.models import BusinessUnit, Site, Team, User
from shadowing.models import Season

PAGE = 50  # rows
CAP = 10_001  # counting stops here; more is shown as "10,000+"
LAST_PAGE = (CAP - 1) // PAGE
LONGEST_SEARCH = 100  # characters
LONGEST_PATH = 600  # characters of a business unit's path
MOST_DAYS = 3650
ORDERS: dict[str, tuple[str, ...]] = {
    "clock": ("first_due", "number"),
    "newest": ("-number",),
    "number": ("number",),
    "title": ("title", "number"),
    "host": ("promised_to__user__name_key", "number"),
    "owner": ("owner__user__name_key", "number"),
    "state": ("state", "first_due", "number"),
    "target": ("target_date", "number"),
    "update": ("next_update_due", "number"),
    "word": ("word_due", "number"),
}
NARROWED = {"target": WORKED_ON, "update": WORKED_ON, "word": OPEN}  # states in which that clock runs
STATES: dict[str, tuple[str, ...]] = {"unsolved": OPEN} | {state.value: (state.value,) for state in IssueState}
FLAGS = ("waits", "mine", "crosses", "back", "asked")  # on or off
NAMES = ("q", "state", "site", "season", "category", "owner", "team", "unit", "overdue", "stale", *FLAGS)


@dataclass(frozen=True)
class Filters:
    """What the address asks for. Values nobody offers are dropped, never an error. ``sort`` with a "-" is backwards.

    ``has_default``: an address without anything leads to the person's default view, so "all" has to be said."""

    q: str = ""
    state: str = ""
    site: str = ""
    season: str = ""
    category: str = ""
    owner: str = ""
    team: str = ""
    unit: str = ""
    overdue: str = ""
    stale: str = ""
    waits: str = ""
    mine: str = ""
    crosses: str = ""
    back: str = ""
    asked: str = ""
    sort: str = "clock"
    page: int = 1
    has_default: bool = field(default=False, compare=False)

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Filters:
        """From query parameters."""
        values: dict[str, Any] = {name: _text(query, name) for name in NAMES}
        values |= {name: "yes" if values[name] else "" for name in FLAGS}
        values["state"] = values["state"] if values["state"] in STATES else ""
        values["overdue"] = values["overdue"] if values["overdue"] in ("yes", *sieve.CLOCKS) else ""
        values["stale"] = str(_number(values["stale"], MOST_DAYS) or "")
        sort = query.get("sort", "")
        page = _number(query.get("page", ""), LAST_PAGE) or 1
        return cls(**values, sort=sort if sort.removeprefix("-") in ORDERS else "clock", page=page)

    @classmethod
    def of(cls, query: str) -> Filters:
        """From a query string, as a saved view holds it."""
        return cls.read(QueryDict(query).dict())

    @property
    def any(self) -> bool:
        """Is anything filtered?"""
        return any(getattr(self, name) for name in NAMES)

    @property
    def narrows(self) -> bool:
        """Are there issues it leaves out? Sorted by a clock, those for which it does not run."""
        return self.any or self.sort.removeprefix("-") in NARROWED

    @property
    def query(self) -> str:
        """All but the page, as the part of an address behind "?"."""
        return urlencode(self._said())

    def _said(self, **changes: str) -> dict[str, str]:
        values = {name: value for name in NAMES if (value := changes.get(name, getattr(self, name)))}
        sort = changes.get("sort", self.sort)
        return values if sort == "clock" else values | {"sort": sort}

    def kept(self, *without: str) -> list[tuple[str, str]]:
        """What a form that asks for some of it leaves as it is (a new search, unless told), as (name, value)."""
        return [(name, value) for name, value in self._said().items() if name not in (without or ("q",))]

    def address(self, **changes: str) -> str:
        """The list's address with these changes; an empty value drops a filter, and the page starts over."""
        values = self._said(**changes) or ({"all": "yes"} if self.has_default else {})
        return f"{_start()}?{urlencode(values)}" if values else _start()

    def addresses(self, name: str, values: Iterable[str]) -> list[str]:
        """The list's address with each of these values of one filter."""
        rest = urlencode(self._said(**{name: ""}))
        start = f"{_start()}?{rest}{'&' if rest else ''}{name}="
        return [start + quote_plus(value) for value in values]

    def apply(self, issues: IssueQuerySet, user: User, today: date) -> IssueQuerySet:
        """The issues of ``issues`` that match, unordered. ``today`` is the reader's date. Sorted by a clock, only those
        for which it runs."""
        found = _search(issues, self.q) if self.q else issues
        found = self._where(self._who(found, user))
        found = found.filter(state__in=STATES[self.state]) if self.state else found
        clock = self.sort.removeprefix("-")
        found = found.filter(state__in=NARROWED[clock]) if clock in NARROWED else found
        if self.overdue:
            found = found.overdue(today) if self.overdue == "yes" else found.filter(sieve.ran_out(self.overdue, today))
        found = found.filter(sieve.silent_since(today - timedelta(days=int(self.stale)))) if self.stale else found
        found = found.waiting_for_host() if self.waits else found
        found = found.handed_back() if self.back else found
        return found.withdrawal_asked() if self.asked else found

    def _who(self, found: IssueQuerySet, user: User) -> IssueQuerySet:
        found = found.filter(owner__in=_owners(self.owner)) if self.owner else found
        found = found.filter(owning_unit__in=_units(self.unit)) if self.unit else found
        found = sieve.crossing(found) if self.crosses else found
        return found.owned_by(user) if self.mine else found

    def _where(self, found: IssueQuerySet) -> IssueQuerySet:
        found = found.filter(site=_one(Site, slug=self.site)) if self.site else found
        found = found.filter(season=_one(Season, slug=self.season)) if self.season else found
        found = found.filter(category=_one(Category, name_key=fold(self.category))) if self.category else found
        return found.filter(raised_in__in=_teams(self.team)) if self.team else found

    def order(self, issues: IssueQuerySet) -> IssueQuerySet:
        """In the order asked for; every order ends in the number."""
        names = ORDERS[self.sort.removeprefix("-")]
        return issues.order_by(*(map(_turned, names) if self.sort.startswith("-") else names))


@cache
def _start() -> str:
    """A list has some thirty links to itself."""
    return reverse("issues:index")


def _text(query: Mapping[str, str], name: str) -> str:
    longest = LONGEST_PATH if name == "unit" else LONGEST_SEARCH
    return query.get(name, "").replace("\0", "").strip()[:longest]


def _number(text: str, most: int) -> int:
    """A whole number up to ``most``; 0 for anything else."""
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _turned(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def _one(model: type[Model], **named: str | None) -> QuerySet[Any]:
    """The id of what a filter names, as a subquery: joined in, it would hide from the database which index to take."""
    return model._default_manager.filter(**named).values("pk")[:1]


def _search(issues: IssueQuerySet, words: str) -> IssueQuerySet:
    """Issues with the words in title, obstacle or promise; a number finds its issue too."""
    said = Q(texts__icontains=words)
    if words.isascii() and words.isdigit() and len(words) < 16:
        said |= Q(number=int(words))
    return issues.alias(texts=Texts()).filter(said)


def _owners(words: str) -> QuerySet[User]:
    """People whose name holds the words, or the one with that id."""
    if words.isascii() and words.isdigit() and len(words) < 16:
        return User.objects.filter(pk=int(words)).values("pk")
    return User.objects.filter(name_key__contains=fold(words) or "").values("pk")


def _units(path: str) -> QuerySet[Any]:
    """The unit with this path and all below it."""
    key = fold(path) or ""
    return BusinessUnit.objects.filter(Q(path_key=key) | Q(path_key__startswith=f"{key} / ")).values("pk")


def _teams(name: str) -> QuerySet[Any]:
    """Teams of that name; the same name stands for another team at every site."""
    return Team.objects.filter(name_key=fold(name) or "").values("pk")
