"""The audit trail of everything that has no trail of its own: people, roles, rosters, seasons."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models.users import User


class AuditEvent(models.Model):
    """Who did what to which thing, and what changed. Holds ids, not names; never changed or deleted."""

    at = models.DateTimeField(_("when"), db_index=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    verb = models.CharField(_("what"), max_length=60)
    subject = models.CharField(_("about"), max_length=80, db_index=True, help_text=_("kind:id, like season:7"))
    changes = models.JSONField(_("changes"), default=dict, blank=True)

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"
