"""The visit day and what is written down on it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Host, Site, User
from shadowing.models.visits import Visit


class VisitDay(models.Model):
    """All visits of one site on one date. Its row is what two people who book the same day wait for."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="visit_days")
    date = models.DateField(_("date"))
    room = models.CharField(_("room"), max_length=80, blank=True)
    agenda = models.JSONField(default=list, blank=True, help_text=_("empty: the season's"))
    standby = models.ForeignKey(Host, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "date"], name="visit_day_once")]

    def __str__(self) -> str:
        return f"{self.site}, {self.date}"


class NoteKind(models.TextChoices):
    OBSTACLE = "obstacle", _("Obstacle")
    IDEA = "idea", _("Idea")
    PRAISE = "praise", _("Praise")
    CUSTOMER = "customer", _("Customer's words")
    HELPED = "helped", _("Helped a customer")


class FloorNoteQuerySet(models.QuerySet["FloorNote"]):
    def visible_to(self, user: User) -> FloorNoteQuerySet:
        """Coordinators see their sites' notes, the two people of a visit its own; sponsors and
        assistants see none."""
        if user.coordinates_everywhere:
            return self.all()
        own = Q(visit__executive=user.pk) | Q(visit__host=user.pk)
        return self.filter(own | Q(visit__site__in=user.coordinated_site_ids))


class FloorNote(models.Model):
    """Something seen or heard during a visit. The phone names it, so that a resend adds nothing."""

    Kind = NoteKind

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("note"), max_length=2000)
    kind = models.CharField(_("kind"), max_length=8, choices=NoteKind, default=NoteKind.OBSTACLE)
    other_teams = models.BooleanField(_("other teams too"), default=False)
    written_at = models.DateTimeField()

    objects = FloorNoteQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=NoteKind.values), name="note_kind_known")]
        indexes = [models.Index(fields=["visit", "written_at"], name="note_by_visit")]
