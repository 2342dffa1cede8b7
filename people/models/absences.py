"""Days on which somebody is away and another person reads what the program has to say."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models.users import User


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, day: date) -> AbsenceQuerySet:
        """Absences that cover the calendar day."""
        return self.filter(first_day__lte=day, last_day__gte=day)

    def around(self, now: datetime) -> AbsenceQuerySet:
        """Absences that cover the moment somewhere on earth; whose day it is there decides (people.standing_in)."""
        day = timedelta(days=1)
        return self.filter(first_day__lte=now.date() + day, last_day__gte=now.date() - day)

    def coming(self, day: date) -> AbsenceQuerySet:
        """Absences that are not over on the day, the next one first."""
        return self.filter(last_day__gte=day).order_by("first_day", "pk")


class Absence(models.Model):
    """Somebody is away from ``first_day`` to ``last_day``, both calendar days where they are; the substitute, if any,
    hears what is due meanwhile and acts for them, on record."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    first_day = models.DateField(_("first day away"))
    last_day = models.DateField(_("last day away"))
    substitute = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="stands_in_for")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="absence_ends_after_start"),
            models.CheckConstraint(
                condition=Q(substitute__isnull=True) | ~Q(substitute=F("user")), name="absence_substitute_is_another"
            ),
        ]
        indexes = [models.Index(fields=["last_day", "user"], name="absence_by_last_day")]
