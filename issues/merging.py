"""Which issue another can be merged into: open ones of the coordinator's sites, those that are alike first."""

from __future__ import annotations

from datetime import date

from issues.filters import Filters
from issues.models import Issue
from issues.similar import nearest
from people.models import User

SHOWN = 8


def choices(user: User, issue: Issue, text: str, *, chosen: int | None, today: date) -> list[Issue]:
    """Issues like ``text`` (nothing typed: like the issue itself), with what somebody must see before they choose one.
    ``chosen`` comes first; then what is alike, then whatever has the words or the number."""
    seen, text = Issue.objects.movable_by(user).exclude(pk=issue.pk), text.strip()[:100]
    numbers = [chosen] if chosen else []
    numbers += [int(text)] if text.isascii() and text.isdigit() and len(text) < 16 else []
    numbers += [row["number"] for row in nearest(seen, text or issue.title)]
    if text and len(numbers) < SHOWN:
        said = Filters(q=text).apply(seen, user, today)
        numbers += said.order_by("-number").values_list("pk", flat=True)[:SHOWN]
    found = seen.select_related("owner__user", "promised_to__user", "site").in_bulk(list(dict.fromkeys(numbers)))
    return [found[number] for number in dict.fromkeys(numbers) if number in found][:SHOWN]
