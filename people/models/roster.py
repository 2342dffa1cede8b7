"""What is kept of roster imports: the file on its way in, its column mapping, and who it named."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models.users import User


class RosterKind(models.TextChoices):
    EXECUTIVES = "executives", _("executives")
    HOSTS = "hosts", _("hosts")


def private_storage() -> FileSystemStorage:
    """Files nobody may fetch by address."""
    return FileSystemStorage(location=settings.PRIVATE_ROOT)


class ColumnMapping(models.Model):
    """How the columns of files with these headers were mapped last time."""

    kind = models.CharField(max_length=12, choices=RosterKind)
    header_hash = models.CharField(max_length=64, help_text=_("SHA-256 of the folded header line"))
    mapping = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "header_hash"], name="mapping_once_per_header"),
            models.CheckConstraint(condition=Q(kind__in=RosterKind.values), name="mapping_kind_known"),
        ]


class RosterUploadQuerySet(models.QuerySet["RosterUpload"]):
    def visible_to(self, user: User) -> RosterUploadQuerySet:
        """A file on its way in is seen by nobody but the one who uploaded it."""
        return self.filter(uploaded_by=user)


class RosterUpload(models.Model):
    """A file somebody uploaded and has not imported yet; its bytes lie in private storage."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=RosterKind)
    name = models.CharField(_("file name"), max_length=200)
    file = models.FileField(storage=private_storage, upload_to="rosters/")
    options = models.JSONField(default=dict)
    verdict = models.JSONField(null=True, blank=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(User, on_delete=models.CASCADE)

    objects = RosterUploadQuerySet.as_manager()


class RosterImportQuerySet(models.QuerySet["RosterImport"]):
    def visible_to(self, user: User) -> RosterImportQuerySet:
        """Admins see every import, others their own."""
        return self.all() if user.is_admin else self.filter(imported_by=user)


class RosterImport(models.Model):
    """One finished import. ``filters`` tell which part of a file it took, so that leavers are sought among the same."""

    kind = models.CharField(_("kind"), max_length=12, choices=RosterKind)
    filters = models.JSONField(default=list, blank=True)
    filters_key = models.CharField(max_length=64, db_index=True)
    file_name = models.CharField(max_length=200, blank=True)
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    counts = models.JSONField(default=dict)

    objects = RosterImportQuerySet.as_manager()


class RosterEntry(models.Model):
    """A person named by an import."""

    roster = models.ForeignKey(RosterImport, on_delete=models.CASCADE, related_name="entries")
    user = models.ForeignKey(User, on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["roster", "user"], name="entry_once_per_roster")]
