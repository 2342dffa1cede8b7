"""The issue list: one page of rows with only what a row shows, capped counts, and what its menus offer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from issues import clocks
from issues.filters import CAP, LAST_PAGE, PAGE, Filters
from issues.models import Category, IssueState, SavedView
from issues.models.issues import IssueQuerySet, acted_for
from people import together
from people.lookups import LookedUp
from people.models import Site, Team, User
from shadowing.models import Season, SeasonState, Visit

PILLS, FEW = ("overdue", "waits"), 1000  # what pills count, and how far: "1,000+"
COLUMNS = (
    *clocks.CLOCK_COLUMNS, "number", "title", "reopened", "confirmed_in_place", "merged_into_id",
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    """One page of rows. Whether there is a next one is known from a row more than fits, never from counting."""

    rows: list[dict[str, Any]]
    number: int
    count: int
    has_next: bool
    at_least: bool = False  # there are more than ``count``

    @property
    def counted(self) -> str:
        """How many there are, as far as anybody counted; empty where _pager.html finds words of its own."""
        return f"{self.count:,}+" if self.at_least else ""

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


def page_of(issues: IssueQuerySet, filters: Filters, *, count: int | None, today: date) -> Page:
    """The rows of the page asked for, in its order: one query of one row more than a page. Without ``count`` the page
    tells only of rows up to its own end."""
    start = (filters.page - 1) * PAGE
    places = {
        "category_name": LookedUp(Category, "category", "name"),
        "site_name": LookedUp(Site, "site", "name"),
        "team_name": LookedUp(Team, "raised_in", "name"),
        "owner_name": LookedUp(User, "owner", "name"),
        "host_name": LookedUp(User, "promised_to", "name"),
    }
    rows = list(filters.order(issues).values(*COLUMNS, **places)[start : start + PAGE + 1])
    more = len(rows) > PAGE and filters.page < LAST_PAGE
    start_of_address = reverse("issues:index")
    shown = [for_show(row, today) for row in rows[:PAGE]]
    for row in shown:
        row["name"] = str(row["number"])
        row["url"] = f"{start_of_address}{row['name']}/"
    seen = start + len(shown) if shown else 0
    return Page(shown, filters.page, seen if count is None else count, more, at_least=count is None and more)


def for_show(row: dict[str, Any], today: date) -> dict[str, Any]:
    """A row with its clocks, and the state as it is shown ("reopened" is not a state of its own)."""
    reopened = row["reopened"] and row["state"] == IssueState.IN_PROGRESS
    team, site = row["team_name"], row["site_name"]
    return row | {
        "owner": row["owner_name"], "host": row["host_name"],
        "where": f"{team}, {site}" if team else site, "category": row["category_name"] or "",
        "clocks": clocks.read(row, today), "shown": "reopened" if reopened else row["state"],
        "tick": "",
    }  # fmt: skip


def counts(**queries: IssueQuerySet) -> dict[str, int]:
    """Capped counts of several queries in one: a page's sentence and its pills (FEW of those) cost one round trip."""
    return together.counted(CAP, dict.fromkeys(PILLS, FEW + 1), **queries)


def options(user: User) -> dict[str, list[tuple[str, str]]]:
    """What the menus offer, as (value, word): sites, seasons, categories, and the person's views (the ``default`` by
    itself), in one query."""
    views = SavedView.objects.filter(user=user.pk)
    offered: dict[str, QuerySet[Any, Any]] = {
        "site": sites_of(user).values_list("slug", "name"),
        "season": _seasons(user).values_list("slug", "name"),
        "category": Category.objects.values_list("name_key", "name"),
        "view": views.filter(is_default=False).values_list("query", "name"),
        "default": views.filter(is_default=True).values_list("query", "name"),
    }
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in offered}
    for kind, (value, word) in sorted(together.listed(**offered), key=lambda row: row[1][1].casefold()):
        found[kind].append((value, word))
    return found


def sites_of(user: User) -> QuerySet[Site]:
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
