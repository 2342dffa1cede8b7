"""Roles given and taken. Lock order: the person, then their grant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from people.errors import NotAllowed, Refused
from people.models import AuditEvent, Role, RoleGrant, Site, User


@transaction.atomic
def grant_role(*, user_id: int, role: str, site_ids: Iterable[int] = (), by: User, now: datetime) -> RoleGrant:
    """Give a person a role, or change the sites of one they have. No sites: all of them.

    Raises NotAllowed unless ``by`` is an admin, Refused for sites with any role but coordinator and for people
    who left.
    """
    _refuse_unless_admin(by)
    user = User.objects.select_for_update().get(pk=user_id)
    sites = list(Site.objects.filter(pk__in=list(site_ids)).order_by("pk"))
    if sites and role != Role.COORDINATOR:
        raise Refused(_("Only coordinators are limited to sites."), field="sites")
    if not user.is_active:
        raise Refused(_("%(name)s has left.") % {"name": user.name}, field="person")
    grant, _made = RoleGrant.objects.update_or_create(user=user, role=role, defaults={"all_sites": not sites})
    grant.sites.set(sites)
    _record("role granted", grant, by, now, sites=[site.pk for site in sites])
    return grant


@transaction.atomic
def revoke_role(*, grant_id: int, by: User, now: datetime) -> RoleGrant:
    """Take a role from a person. Raises NotAllowed unless ``by`` is an admin, Refused for the last admin's."""
    _refuse_unless_admin(by)
    admins = list(RoleGrant.objects.select_for_update().filter(role=Role.ADMIN).order_by("pk"))
    grant = RoleGrant.objects.select_for_update(of=("self",)).select_related("user").get(pk=grant_id)
    if [each.pk for each in admins] == [grant.pk]:
        raise Refused(_("%(name)s is the last admin. Make somebody else one first.") % {"name": grant.user.name})
    _record("role revoked", grant, by, now, sites=list(grant.sites.values_list("pk", flat=True)))
    grant.delete()
    return grant


def _refuse_unless_admin(by: User) -> None:
    if not by.is_admin:
        raise NotAllowed(_("Only admins give and take roles."))


def _record(verb: str, grant: RoleGrant, by: User, now: datetime, *, sites: list[int]) -> None:
    changes = {"role": str(grant.role), "sites": sites}
    AuditEvent.objects.create(at=now, by=by, verb=verb, subject=f"user:{grant.user_id}", changes=changes)
