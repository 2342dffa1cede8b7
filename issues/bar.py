"""The bar above the issue list: views, pills, menus and column heads, each a link to the list it leads to."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from issues.bulk import MOST
from issues.filters import Filters
from issues.listing import FEW, Page
from issues.models import IssueState
from people.models import User

Options = dict[str, list[tuple[str, str]]]
OWNERS, STAFF = {"executive", "assistant"}, {"admin", "coordinator"}
READERS = STAFF | OWNERS | {"sponsor"}


def bar(user: User, filters: Filters, options: Options, counts: dict[str, int]) -> dict[str, Any]:
    """All of it, as the list's templates take it."""
    return {
        "views": _views(filters, options["default"] + options["view"]),
        "pills": _pills(user, filters, counts),
        "menus": _menus(filters, options),
        "sorts": _sorts(filters),
        "heads": heads(filters),
        "more_url": f"{reverse('issues:filters')}?{filters.query}",
        "save_url": f"{reverse('issues:view_save')}?{filters.query}",
    }


def _views(filters: Filters, views: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """The person's views as tabs, all issues first; none while nothing is saved."""
    if not views:
        return []
    here = filters.query
    start = reverse("issues:index")
    tabs = [{"word": name, "url": f"{start}?{query or 'all=yes'}", "here": query == here} for query, name in views]
    return [{"word": _("All"), "url": filters.address(**_nothing(filters)), "here": not here}, *tabs]


def _nothing(filters: Filters) -> dict[str, str]:
    return {name: "" for name, _value in filters.kept("sort")} | {"sort": "clock"}


def _menus(filters: Filters, options: Options) -> list[dict[str, Any]]:
    """One menu a filter with several values; a chosen value turns it into a pill that drops it."""
    states = [("unsolved", _("Open, in progress, on hold, delivered"))]
    states += [(state.value, str(state.label)) for state in IssueState]
    words = {"state": _("State"), "site": _("Site"), "season": _("Season"), "category": _("Category")}
    offered = options | {"state": states}
    return [_menu(name, word, offered[name], filters) for name, word in words.items() if offered[name]]


def _menu(name: str, word: str, options: list[tuple[str, str]], filters: Filters) -> dict[str, Any]:
    chosen = getattr(filters, name)
    addresses = filters.addresses(name, [value for value, _label in options])
    entries = [(label, address) for (_value, label), address in zip(options, addresses, strict=True)]
    return {
        "word": dict(options).get(chosen, chosen) if chosen else word,
        "chosen": bool(chosen),
        "drop": filters.address(**{name: ""}),
        "entries": entries,
    }


def _pills(user: User, filters: Filters, counts: dict[str, int]) -> list[dict[str, Any]]:
    """Filters that are on or off, with how many issues each would leave; what else is chosen, to be dropped."""
    offered = {"mine": OWNERS, "crosses": READERS, "back": STAFF, "asked": STAFF}
    shown = [name for name, who in offered.items() if getattr(filters, name) or user.identities & who]
    words = {
        "mine": _("Mine"), "crosses": _("Crosses units"), "back": _("Handed back"), "asked": _("Withdrawal asked"),
    }  # fmt: skip
    pills = [_pill(filters, name, words[name], None) for name in shown]
    counted = [
        _pill(filters, "overdue", overdue_words(filters.overdue), counts["overdue"]),
        _pill(filters, "waits", _("Waits for host"), counts["waits"]),
    ]
    start = 1 if shown[:1] == ["mine"] else 0
    return [*pills[:start], *counted, *pills[start:], *_typed(filters)]


def _typed(filters: Filters) -> list[dict[str, Any]]:
    days = int(filters.stale or 0)
    words = {"owner": filters.owner, "team": filters.team, "unit": filters.unit, "stale": ""}
    words["stale"] = ngettext("No update for %(days)d day", "No update for %(days)d days", days) % {"days": days}
    chosen = [name for name in words if getattr(filters, name)]
    return [{"word": words[name], "chosen": True, "url": filters.address(**{name: ""})} for name in chosen]


def overdue_words(clock: str) -> str:
    """Which clock ran out."""
    words = {"target": _("Target overdue"), "update": _("Update overdue"), "word": _("Word to host overdue")}
    return words.get(clock, _("Overdue"))


def _pill(filters: Filters, name: str, word: str, count: int | None) -> dict[str, Any]:
    chosen = bool(getattr(filters, name))
    return {
        "word": word,
        "chosen": chosen,
        "url": filters.address(**{name: "" if chosen else "yes"}),
        "count": count,
        "limit": FEW,
    }


def _sorts(filters: Filters) -> dict[str, Any]:
    words = {
        "clock": _("Sorted by the clock that ran out first"), "newest": _("Newest first"), "number": _("By number"),
        "title": _("By title"), "host": _("By host"), "owner": _("By owner"), "state": _("By state"),
        "target": _("By target date"), "update": _("By next update"), "word": _("By word to the host"),
    }  # fmt: skip
    backwards = _("%(order)s, backwards") if filters.sort.startswith("-") else "%(order)s"
    return {
        "word": backwards % {"order": words[filters.sort.removeprefix("-")]},
        "entries": [(word, filters.address(sort=name)) for name, word in words.items()],
    }


def choosing(page: Page, tick: str) -> dict[str, str]:
    """What the bar above the table says about what is chosen, and the rows their boxes: ``tick`` is "page" or "all"."""
    ticked = tick if tick in ("page", "all") else ""
    add_ticks(page.rows, on=bool(ticked), fixed=ticked == "all")
    several, count = page.has_next or page.number > 1, None if page.at_least else page.count
    return {"ticked": ticked, "all_word": _all_of(count) if several else "", "all_chosen": _all_chosen(count)}


def _all_of(count: int | None) -> str:
    if count is None:
        return _("Select all it finds")
    if count > MOST:
        return _("Select the first %(most)s") % {"most": grouped(MOST)}
    return _("Select all %(count)s") % {"count": grouped(count)}


def _all_chosen(count: int | None) -> str:
    if count is None:
        return _("All it finds, %(most)s at most") % {"most": grouped(MOST)}
    if count > MOST:
        return _("The first %(most)s selected") % {"most": grouped(MOST)}
    return _("All %(count)s selected") % {"count": grouped(count)}


def grouped(count: int) -> str:
    return f"{count:,}"


def add_ticks(rows: list[dict[str, Any]], *, on: bool, fixed: bool = False) -> None:
    """Give each row its checkbox; ``fixed``: it goes with all the others. Drawn here, for fifty more cells in the
    template would be felt."""
    start = format_html(
        '<td class="issue-tick"><input class="form-check-input" type="checkbox" form="bulk" name="number" aria-label="{} ',
        _("Choose issue"),
    )
    end = '" checked disabled></td>' if fixed else '" checked></td>' if on else '"></td>'
    for row in rows:
        row["tick"] = mark_safe(f'{start}{row["name"]}" value="{row["name"]}{end}')  # noqa: S308 - numbers only


def heads(filters: Filters | None = None) -> list[dict[str, str]]:
    """The columns; with ``filters`` each sorts, and a second press turns the order."""
    words = {
        "number": _("No."), "title": _("Issue"), "host": _("Promised to"), "owner": _("Owner"), "state": _("State"),
        "target": _("Target"), "update": _("Update"), "word": _("Word to host"),
    }  # fmt: skip
    return [_head(name, word, filters) for name, word in words.items()]


def _head(name: str, word: str, filters: Filters | None) -> dict[str, str]:
    head = {"word": word, "css": "num" if name == "number" else ""}
    if filters is None:
        return head
    wanted = f"-{name}" if filters.sort == name else name
    state = {name: "ascending", f"-{name}": "descending"}.get(filters.sort, "")
    return head | {"url": filters.address(sort=wanted), "state": state}
