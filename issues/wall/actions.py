"""Making and revoking the link to a site's wall. Lock order: the site's row."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from issues.errors import Conflict, NotAllowed
from issues.models import WallLink
from people.models import Site, User


@transaction.atomic
def make_wall_link(*, site: Site, by: User, now: datetime) -> WallLink:
    """A new link to the wall; the old one ends at once, wherever it hangs. Raises NotAllowed."""
    _lock(site, by)
    _live(site).update(revoked_at=now, revoked_by=by)
    return WallLink.objects.create(site=site, created_at=now, created_by=by)


@transaction.atomic
def revoke_wall_link(*, site: Site, by: User, now: datetime) -> None:
    """End the link to the wall. Raises NotAllowed, or Conflict when there is none."""
    _lock(site, by)
    if not _live(site).update(revoked_at=now, revoked_by=by):
        raise Conflict(_("There is no link to this wall any more."))


def _lock(site: Site, by: User) -> None:
    if not (by.is_active and by.coordinates(site.pk)):
        raise NotAllowed(_("This wall is not yours to change."))
    Site.objects.select_for_update().get(pk=site.pk)


def _live(site: Site) -> QuerySet[WallLink]:
    return WallLink.objects.filter(site=site, revoked_at__isnull=True)
