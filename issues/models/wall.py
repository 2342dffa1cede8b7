"""The link to a site's wall."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from people.models import Site, User


class WallLink(models.Model):
    """Opens a site's wall without a sign-in. The address is signed over ``nonce``, so that the table alone opens
    nothing; making a new link or revoking it ends the old address."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="wall_links")
    nonce = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site"], condition=Q(revoked_at__isnull=True), name="one_wall_link_a_site"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="wall_link_revoked_at_with_by",
            ),
        ]
