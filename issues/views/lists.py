"""Lists of issues: all a person may see, and what they must do."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from issues import listing
from issues.listing import Filters
from issues.models import Issue
from issues.models.issues import acted_for
from issues.queries import take_aways_owed
from people.models import User
from people.requests import PersonRequest
from shadowing.models import Visit
from shadowing.models.visits import VisitQuerySet

MOST = 50  # entries of a list that has no pages


def index(request: PersonRequest) -> HttpResponse:
    """All issues the person may see: filters, sort and page are the address."""
    user, today = request.user, timezone.localdate()
    filters = Filters.read(request.GET)
    seen = Issue.objects.visible_to(user)
    found = filters.apply(seen, user, today)
    wanted = {"all": seen, "open": seen.open(), "overdue": seen.overdue(today), "waits": seen.waiting_for_host()}
    counts = listing.counts(user, **wanted | ({"found": found} if filters.any else {}))
    page = listing.page_of(found, filters, count=counts.get("found", counts["all"]), today=today)
    context = {"page": page, "filters": filters, "counts": counts, "today": today, "menus": _menus(user, filters)}
    context |= {"kept": filters.kept(), "own_page": bool(user.identities & {"executive", "assistant"})}
    return render(
        request, "issues/index.html", context | {"pills": _pills(user, filters, counts), "sorts": _sorts(filters)}
    )


def _menus(user: User, filters: Filters) -> list[dict[str, Any]]:
    """One menu a filter with several values; a chosen value turns it into a pill that drops it."""
    options = listing.options(user) | {"state": [("unsolved", _("Open, in progress, on hold, delivered"))]}
    options["state"] += [(state.value, str(state.label)) for state in Issue.State]
    words = {"state": _("State"), "site": _("Site"), "season": _("Season"), "category": _("Category")}
    return [_menu(name, word, options[name], filters) for name, word in words.items() if options[name]]


def _menu(name: str, word: str, options: list[tuple[str, str]], filters: Filters) -> dict[str, Any]:
    chosen = getattr(filters, name)
    addresses = filters.addresses(name, [value for value, _label in options])
    entries = [(label, address) for (_value, label), address in zip(options, addresses, strict=True)]
    label = dict(options).get(chosen, chosen)
    return {
        "word": label if chosen else word,
        "chosen": bool(chosen),
        "drop": filters.address(**{name: ""}),
        "entries": entries,
    }


def _pills(user: User, filters: Filters, counts: dict[str, int]) -> list[dict[str, Any]]:
    """Filters that are on or off, with how many issues each would leave."""
    pills = [
        _pill(filters, "overdue", _("Overdue"), counts["overdue"]),
        _pill(filters, "waits", _("Waits for host"), counts["waits"]),
    ]
    if user.identities & {"executive", "assistant"}:
        pills.insert(0, _pill(filters, "mine", _("Mine"), None))
    if filters.owner:
        pills.append({"word": filters.owner, "chosen": True, "url": filters.address(owner="")})
    return pills


def _pill(filters: Filters, name: str, word: str, count: int | None) -> dict[str, Any]:
    chosen = bool(getattr(filters, name))
    return {"word": word, "chosen": chosen, "url": filters.address(**{name: "" if chosen else "yes"}), "count": count}


def _sorts(filters: Filters) -> dict[str, Any]:
    words = {
        "clock": _("Sorted by the clock that ran out first"), "newest": _("Newest first"), "number": _("By number"),
        "target": _("By target date"), "update": _("By next update"), "word": _("By word to the host"),
    }  # fmt: skip
    return {
        "word": words[filters.sort],
        "entries": [(word, filters.address(sort=name)) for name, word in words.items()],
    }


def mine(request: PersonRequest) -> HttpResponse:
    """What I must do: take-aways I owe, then my issues by the clock that runs out first."""
    user, today = request.user, timezone.localdate()
    own = Issue.objects.owned_by(user).open()
    page = listing.page_of(own, Filters(), count=0, today=today)
    owed = take_aways_owed(_own_visits(user)).for_list()[:MOST]
    overdue = sum(row["clocks"].over(today) > 0 for row in page.rows)
    context = {"owed": owed, "page": page, "overdue": overdue, "today": today}
    return render(request, "issues/mine.html", context)


def _own_visits(user: User) -> VisitQuerySet:
    """Visits of this person, and of executives they assist."""
    return Visit.objects.visible_to(user).filter(executive__in=acted_for(user))
