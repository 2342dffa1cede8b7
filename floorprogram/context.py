"""What every page shows around its content: navigation by role, phone tabs, find, theme."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from shadowing.models import Season

THEMES = ("light", "dark")
COORDINATING, GUIDING = frozenset({"admin", "coordinator"}), frozenset({"executive", "assistant"})


class Place(NamedTuple):
    """One entry before it is resolved: word, icon, url name, and who has it."""

    word: str | Promise
    icon: str
    name: str
    who: frozenset[str]


class Entry(NamedTuple):
    word: str | Promise
    icon: str
    url: str
    current: bool


STAFF = COORDINATING | {"sponsor"}
PLACES = (
    Place(_("Today"), "house", "home", COORDINATING),
    Place(_("Dashboard"), "house", "home", frozenset({"sponsor"})),
    Place(_("My day"), "house", "home", GUIDING),
    Place(_("Today"), "house", "home", frozenset({"host"})),
    Place(_("Seasons"), "calendar-range", "shadowing:seasons", STAFF),
    Place(_("Visit days"), "calendar", "shadowing:visit_days", COORDINATING),
    Place(_("Visits"), "calendar", "shadowing:visits", GUIDING),
    Place(_("Issues"), "flag", "issues:index", STAFF),
    Place(_("My issues"), "flag", "issues:mine", GUIDING),
    Place(_("My days"), "calendar-x", "shadowing:availability", GUIDING | {"host"}),
    Place(_("My promises"), "message-square", "issues:promises", frozenset({"host"})),
    Place(_("Wall"), "brick-wall", "wall:index", GUIDING | {"host"}),
    Place(_("Surveys"), "list-checks", "surveys:index", COORDINATING),
    Place(_("Reports"), "chart-column", "reports:index", STAFF),
    Place(_("People"), "users", "people:index", STAFF),
    Place(_("Outbox"), "send", "notifications:outbox", COORDINATING),
    Place(_("Wall"), "brick-wall", "wall:index", STAFF),
)
TABS = (
    "home",
    "shadowing:visit_days",
    "shadowing:visits",
    "issues:index",
    "issues:mine",
    "issues:promises",
    "wall:index",
)
MOST_TABS = 3  # and "More"
# pages reached from another entry's, by the first word of their address, where they have no entry of their own
UNDER = {"webhooks": "outbox", "digests": "outbox", "visits": "visit-days", "availability": "seasons"}


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor. ``masthead_season`` costs one query, and only on pages that show it: whole ones, signed in."""
    user = getattr(request, "user", None)
    identities: frozenset[str] = getattr(user, "identities", frozenset())
    entries = resolve(identities, request.path)
    chosen = request.COOKIES.get("theme", "") or getattr(user, "theme", "")
    return {
        "program_name": _("Back to the Floor"),
        "masthead_season": SimpleLazyObject(masthead_season) if identities else "",
        "nav_entries": [entry for _name, entry in entries],
        **tabs(entries),
        "find_url": address("find") or (address("issues:index") if identities - {"host"} else ""),
        "theme": chosen if chosen in THEMES else "",
        "demo": settings.DEMO,
    }


def masthead_season() -> str:
    """The season people mean today, by name: the running one, else the next, else the last. One query."""
    today = timezone.localdate()
    seasons = list(Season.objects.order_by("starts_on", "pk").values_list("name", "starts_on", "ends_on"))
    running = [name for name, starts, ends in seasons if starts <= today <= ends]
    coming = [name for name, starts, _ends in seasons if starts > today]
    return [*running, *coming, *(name for name, _starts, _ends in reversed(seasons)), ""][0]


@cache
def address(name: str, *args: object) -> str:
    """The url of a name, empty where nothing answers to it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def resolve(identities: Iterable[str], path: str) -> list[tuple[str, Entry]]:
    """The entries of these identities in reading order, each url once, the deepest one that holds ``path`` current."""
    found: dict[str, tuple[Place, str]] = {}
    for place in PLACES:
        if place.who.intersection(identities) and place.name not in found and (url := address(place.name)):
            found[place.name] = (place, url)
    deepest = deepest_holding(path, [url for _place, url in found.values()])
    return [(name, Entry(place.word, place.icon, url, url == deepest)) for name, (place, url) in found.items()]


def deepest_holding(path: str, urls: list[str]) -> str:
    """The longest of ``urls`` that ``path`` lies under, else one of the same first word (/issues/7/ under /issues/mine/),
    else the one it is reached from."""
    inside = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    word = path.split("/")[1]
    beside = [url for url in urls if url != "/" and url.split("/")[1] == word]
    under = [url for url in urls if word in UNDER and url.split("/")[1] == UNDER[word]]
    return max(inside or beside[:1] or under[:1], key=len, default="")


def tabs(entries: list[tuple[str, Entry]]) -> dict[str, list[Entry]]:
    """The phone's bottom tabs, and what is left for "More"."""
    by_name = dict(entries)
    chosen = [name for name in TABS if name in by_name][:MOST_TABS]
    return {
        "phone_tabs": [by_name[name] for name in chosen],
        "more_entries": [entry for name, entry in entries if name not in chosen],
    }
