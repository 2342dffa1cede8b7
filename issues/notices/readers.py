"""Who hears of what is overdue: the owner's side first, then those above and those who coordinate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from people.models import Role, RoleGrant

Recipients = dict[int, int | None]  # recipient → the executive they hear it for, when they are the assistant


def owner_side(owner: int, assistant: int | None) -> Recipients:
    return {owner: None} | ({assistant: owner} if assistant else {})


def add(recipients: Recipients, others: Iterable[int]) -> None:
    """Add people who hear it as themselves; somebody who hears it already keeps hearing it once."""
    for other in others:
        recipients.setdefault(other, None)


class Watchers:
    """Coordinators by site, and sponsors: two queries for a whole sweep. Admins are not written to as coordinators."""

    def __init__(self) -> None:
        self.everywhere: list[int] = []
        self.by_site: dict[int, list[int]] = defaultdict(list)
        self.sponsors = list(_grants(Role.SPONSOR).values_list("user", flat=True).order_by("user"))
        for user, all_sites, site in _coordinators():
            if all_sites:
                self.everywhere.append(user)
            elif site:
                self.by_site[site].append(user)

    def coordinators(self, site: int) -> list[int]:
        """Those who are limited to sites with this one among them; where there are none, those of all sites."""
        return self.by_site.get(site) or self.everywhere


def _grants(role: Role) -> QuerySet[RoleGrant]:
    return RoleGrant.objects.filter(role=role, user__is_active=True)


def _coordinators() -> Iterator[tuple[int, bool, int | None]]:
    rows = _grants(Role.COORDINATOR).values_list("user", "all_sites", "sites").order_by("user", "sites")
    return iter(rows)
