"""The page of one issue."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from issues import clocks, history, rules
from issues.actions.record import WITH_PEOPLE
from issues.forms import UpdateForm
from issues.models import Issue, IssueState
from issues.verbs import VERBS
from people.models import User
from people.requests import PersonRequest
from shadowing.models import FloorNote

GROUPS = ("updates", "changes", "messages")


def find(request: PersonRequest, number: int) -> Issue:
    """The issue, with all its page names, if this person may see it. Raises Http404."""
    return get_object_or_404(Issue.objects.visible_to(request.user).for_page(), pk=number)


def find_to_act(request: PersonRequest, number: int) -> Issue:
    """The same with the people and the site that an action asks about, and no more. Raises Http404."""
    return get_object_or_404(Issue.objects.visible_to(request.user).select_related(*WITH_PEOPLE), pk=number)


def issue(request: PersonRequest, number: int) -> HttpResponse:
    """One issue: what was promised, its clocks, its chain, what can be done now, what happened."""
    found = find(request, number)
    form = UpdateForm(issue=found, initial={"host_reads": True})
    return render(request, "issues/issue.html", context(request, found, form))


def context(request: PersonRequest, found: Issue, form: UpdateForm) -> dict[str, Any]:
    """All the page shows; the same for its first paint, a swap after an update, and a refused form."""
    user = request.user
    today = clocks.site_day(found.site, timezone.now())
    can = {verb for verb in VERBS if rules.can(user, verb, found)}
    return {
        "issue": found, "form": form, "today": today, "clocks": clocks.read(vars(found), today), "can": can,
        "owner_side": rules.is_owner_side(user, found), "is_host": rules.is_host(user, found),
        "shown": shown_state(found), "chain": history.chain(found, today), "menu": menu(user, found, can),
        "notes": notes(user, found), "next_update": next_update(today), **timeline(request, found, today),
    }  # fmt: skip


def shown_state(found: Issue) -> str:
    """ "Reopened" is an event: shown until it is delivered again."""
    return "reopened" if found.reopened and found.state == IssueState.IN_PROGRESS else found.state


def next_update(today: date) -> date:
    return today + timedelta(days=clocks.UPDATE_DAYS)


def timeline(request: PersonRequest, found: Issue, today: date) -> dict[str, Any]:
    """The entries of the chosen pill, twenty of them unless more are asked for."""
    entries = history.timeline(found, request.user, today)
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in GROUPS else ""
    shown = [entry for entry in entries if chosen in ("", entry.group)]
    counts = [(group, sum(entry.group == group for entry in entries)) for group in GROUPS]
    limit = history.MOST if "earlier" in request.GET else history.SHORT
    earlier = max(len(shown) - limit, 0)
    return {
        "entries": shown[:limit],
        "entry_count": len(entries),
        "groups": counts,
        "chosen": chosen,
        "earlier": earlier,
    }


def menu(user: User, found: Issue, can: set[str]) -> list[tuple[str, str]]:
    """(address, words) behind the three dots: what is not on the page as a button of its own."""
    own = {"update", "deliver", "resume"} if rules.is_owner_side(user, found) else set()
    host = {"confirm", "not_yet", "write"} if rules.is_host(user, found) else set()
    rest = [verb for name, verb in VERBS.items() if name in can - own - host]
    return [(reverse(f"issues:{verb.name}", args=[found.pk]), verb.words(found)["button"]) for verb in rest]


def notes(user: User, found: Issue) -> int:
    """How many floor notes of its visit this person may read."""
    if found.origin_visit is None:
        return 0
    return FloorNote.objects.visible_to(user).filter(visit=found.origin_visit).count()
