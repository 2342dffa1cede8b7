"""Who gave the promise. An issue changes hands, its promise does not: it names who promised then and who owns it now."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery

from issues.hands import MOVED, hands
from issues.models import Handover, Issue


def first_owner() -> Subquery:
    """The name of an issue's first owner; none while it has never changed hands. For ``annotate(first_owner=…)``."""
    moved = Handover.objects.filter(issue=OuterRef("pk"), state__in=MOVED).order_by("offered_at", "pk")
    return Subquery(moved.values("from_owner__user__name")[:1])


def promiser(issue: Issue) -> str:
    """The name of who promised it. Asks who carried the issue, unless it was read with ``first_owner``."""
    if "first_owner" in vars(issue):
        return vars(issue)["first_owner"] or issue.owner.user.name
    moved = [one for one in hands(issue).handovers if one.state in MOVED]
    return moved[-1].from_owner.user.name if moved else issue.owner.user.name


def has_moved(issue: Issue) -> bool:
    """Whether somebody else owns it now than promised it."""
    return promiser(issue) != issue.owner.user.name
