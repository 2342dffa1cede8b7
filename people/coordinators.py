"""Who coordinates a site, to be written to."""

from __future__ import annotations

from collections import defaultdict

from people.models import Role, RoleGrant


class Coordinators:
    """Coordinators by site, in one query for any number of sites. Admins are not written to as coordinators."""

    def __init__(self) -> None:
        self.everywhere: list[int] = []
        self.by_site: dict[int, list[int]] = defaultdict(list)
        grants = RoleGrant.objects.filter(role=Role.COORDINATOR, user__is_active=True)
        for user, all_sites, site in grants.values_list("user", "all_sites", "sites").order_by("user", "sites"):
            if all_sites:
                self.everywhere.append(user)
            elif site:
                self.by_site[site].append(user)

    def of(self, site: int) -> list[int]:
        """Those who are limited to sites with this one among them; where there are none, those of all sites."""
        return self.by_site.get(site) or self.everywhere
