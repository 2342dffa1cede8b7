"""The issue list: filters from the address, one page of rows with only what a row shows, and capped counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote_plus, urlencode

from django.db.models import F, IntegerField, Model, Q, QuerySet, Subquery, Value
from django.urls import reverse

from issues import clocks
from issues.models import OPEN, Category, IssueState
from issues.models.issues import IssueQuerySet, acted_for
from issues.queries import Texts
from people.keys import fold
from people.models import Site, User
from shadowing.models import Season, SeasonState, Visit

PAGE = 50  # rows
CAP = 10_001  # counting stops here; more is shown as "10,000+"
LAST_PAGE = (CAP - 1) // PAGE
LONGEST_SEARCH = 100  # characters
ORDERS = {
    "clock": ("first_due", "number"),
    "newest": ("-number",),
    "number": ("number",),
    "target": ("target_date", "number"),
    "update": ("next_update_due", "number"),
    "word": ("word_due", "number"),
}
NARROWED = {"target": clocks.WORKED_ON, "update": clocks.WORKED_ON, "word": OPEN}  # states in which that clock runs
COLUMNS = (
    *clocks.CLOCK_COLUMNS, "number", "title", "category__name", "reopened", "confirmed_in_place", "merged_into_id",
    "site__name", "raised_in__name", "owner_id", "promised_to_id",
)  # fmt: skip


@dataclass(frozen=True)
class Filters:
    """What the address asks for. Values nobody offers are dropped, never an error."""

    q: str = ""
    state: str = ""
    site: str = ""
    season: str = ""
    category: str = ""
    owner: str = ""
    overdue: str = ""
    waits: str = ""
    mine: str = ""
    sort: str = "clock"
    page: int = 1

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Filters:
        """From query parameters."""
        values = {name: query.get(name, "").replace("\0", "").strip()[:LONGEST_SEARCH] for name in NAMES}
        values["state"] = values["state"] if values["state"] in STATES else ""
        sort, page = query.get("sort", ""), query.get("page", "")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 9 else 1
        return cls(**values, sort=sort if sort in ORDERS else "clock", page=min(max(number, 1), LAST_PAGE))

    @property
    def any(self) -> bool:
        """Is anything filtered?"""
        return any(getattr(self, name) for name in NAMES)

    def kept(self) -> list[tuple[str, str]]:
        """What a new search leaves as it is, as (name, value)."""
        values = [(name, getattr(self, name)) for name in NAMES if name != "q"]
        return [*values, ("sort", "" if self.sort == "clock" else self.sort)]

    def address(self, **changes: str) -> str:
        """The list's address with these changes; an empty value drops a filter, and the page starts over."""
        values = {name: value for name in NAMES if (value := changes.get(name, getattr(self, name)))}
        sort = changes.get("sort", self.sort)
        values |= {} if sort == "clock" else {"sort": sort}
        return f"{reverse('issues:index')}?{urlencode(values)}" if values else reverse("issues:index")

    def addresses(self, name: str, values: Iterable[str]) -> list[str]:
        """The list's address with each of these values of one filter."""
        rest = self.address(**{name: ""})
        start = f"{rest}{'&' if '?' in rest else '?'}{name}="
        return [start + quote_plus(value) for value in values]

    def apply(self, issues: IssueQuerySet, user: User, today: date) -> IssueQuerySet:
        """The issues of ``issues`` that match, unordered. ``today`` is the reader's date."""
        found = _search(issues, self.q) if self.q else issues
        found = found.filter(state__in=STATES[self.state]) if self.state else found
        found = found.filter(site=_one(Site, slug=self.site)) if self.site else found
        found = found.filter(season=_one(Season, slug=self.season)) if self.season else found
        found = found.filter(category=_one(Category, name_key=fold(self.category))) if self.category else found
        found = found.filter(owner__in=_owners(self.owner)) if self.owner else found
        found = found.overdue(today) if self.overdue else found
        found = found.waiting_for_host() if self.waits else found
        return found.owned_by(user) if self.mine else found


NAMES = ("q", "state", "site", "season", "category", "owner", "overdue", "waits", "mine")
STATES: dict[str, tuple[str, ...]] = {"unsolved": OPEN} | {state.value: (state.value,) for state in IssueState}


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


@dataclass(frozen=True)
class Page:
    """One page of rows. Whether there is a next one is known from a row more than fits, never from counting."""

    rows: list[dict[str, Any]]
    number: int
    count: int
    has_next: bool

    @property
    def paginator(self) -> Page:
        """Where components/_pager.html looks for ``count``."""
        return self

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1

    @property
    def start_index(self) -> int:
        return (self.number - 1) * PAGE + 1 if self.rows else 0

    @property
    def end_index(self) -> int:
        return (self.number - 1) * PAGE + len(self.rows)


def page_of(issues: IssueQuerySet, filters: Filters, *, count: int, today: date) -> Page:
    """The rows of the page asked for, in its order: one query of one row more than a page, one for the people's names
    (joining them in as well would make the database plan longer than it reads)."""
    issues = issues.filter(state__in=NARROWED[filters.sort]) if filters.sort in NARROWED else issues
    start = (filters.page - 1) * PAGE
    rows = list(issues.order_by(*ORDERS[filters.sort]).values(*COLUMNS)[start : start + PAGE + 1])
    more = len(rows) > PAGE and filters.page < LAST_PAGE
    names = _names(rows)
    start_of_address = reverse("issues:index")
    shown = [for_show(row, names, today) for row in rows[:PAGE]]
    for row in shown:
        row["name"] = str(row["number"])
        row["url"] = f"{start_of_address}{row['name']}/"
    return Page(shown, filters.page, count, more)


def _names(rows: list[dict[str, Any]]) -> dict[int, str]:
    """Names of owners and hosts by id."""
    ids = {row["owner_id"] for row in rows} | {row["promised_to_id"] for row in rows}
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def for_show(row: dict[str, Any], names: dict[int, str], today: date) -> dict[str, Any]:
    """A row with names, clocks, address, and the state as it is shown ("reopened" is not a state of its own)."""
    reopened = row["reopened"] and row["state"] == IssueState.IN_PROGRESS
    team, site = row["raised_in__name"], row["site__name"]
    return row | {
        "owner": names[row["owner_id"]], "host": names[row["promised_to_id"]],
        "where": f"{team}, {site}" if team else site, "category": row["category__name"] or "",
        "clocks": clocks.read(row, today), "shown": "reopened" if reopened else row["state"],
    }  # fmt: skip


class CappedCount(Subquery):
    """How many rows a query has, counting no further than its limit."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def counts(user: User, **queries: IssueQuerySet) -> dict[str, int]:
    """Capped counts of several queries in one: a page's sentence and its pills cost one round trip."""
    capped = {name: CappedCount(query.order_by().values("pk")[:CAP]) for name, query in queries.items()}
    return User.objects.filter(pk=user.pk).values(**capped).get()


def options(user: User) -> dict[str, list[tuple[str, str]]]:
    """What the menus offer, as (value, word): sites, seasons and categories in one query."""
    found: dict[str, list[tuple[str, str]]] = {"site": [], "season": [], "category": []}
    parts = [
        _choices(_sites(user), "site", "slug"),
        _choices(_seasons(user), "season", "slug"),
        _choices(Category.objects.all(), "category", "name_key"),
    ]
    rows = parts[0].union(*parts[1:], all=True).order_by("word")
    for kind, value, word in rows:
        found[kind].append((value, word))
    return found


def _choices(rows: QuerySet[Any], kind: str, value: str) -> QuerySet[Any, Any]:
    return rows.annotate(kind=Value(kind), value=F(value), word=F("name")).values_list("kind", "value", "word")


def _sites(user: User) -> QuerySet[Site]:
    """All sites for readers of everything; else those a person coordinates or visited."""
    if user.reads_everything:
        return Site.objects.all()
    visited = Visit.objects.filter(executive__in=acted_for(user)).values("site")
    return Site.objects.filter(Q(pk__in=visited) | Q(pk__in=user.coordinated_site_ids))


def _seasons(user: User) -> QuerySet[Season]:
    """Nobody but coordinators and sponsors hears of a season before it is published."""
    told = (SeasonState.PUBLISHED, SeasonState.CLOSED)
    return (
        Season.objects.all()
        if "coordinator" in user.grants or user.reads_everything
        else Season.objects.filter(state__in=told)
    )
