"""Role grants: admin, coordinator (all sites or a list), sponsor."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models.places import Site
from people.models.users import User


class Role(models.TextChoices):
    ADMIN = "admin", _("admin")
    COORDINATOR = "coordinator", _("coordinator")
    SPONSOR = "sponsor", _("sponsor")


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def of(self, user: User) -> dict[str, frozenset[int] | None]:
        """Role → site ids (None: all sites) of one person, in one query."""
        found: dict[str, set[int] | None] = {}
        for role, all_sites, site in self.filter(user=user).values_list("role", "all_sites", "sites"):
            if all_sites:
                found[role] = None
            elif (ids := found.setdefault(role, set())) is not None and site:
                ids.add(site)
        return {role: None if ids is None else frozenset(ids) for role, ids in found.items()}


class RoleGrant(models.Model):
    """One role of one person. Written only by people.actions."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(_("role"), max_length=12, choices=Role)
    all_sites = models.BooleanField(_("all sites"), default=True)
    sites = models.ManyToManyField(Site, blank=True, related_name="role_grants")

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="role_once_per_user"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_known"),
            models.CheckConstraint(
                condition=Q(all_sites=True) | Q(role=Role.COORDINATOR), name="role_sites_for_coordinators_only"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
