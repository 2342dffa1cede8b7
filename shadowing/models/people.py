"""Who takes part in a season, and the days they cannot."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Executive, Host, User
from shadowing.models.seasons import Season


class Willing(models.TextChoices):
    NOT_ASKED = "not_asked", _("not asked")
    YES = "yes", _("yes")
    NO = "no", _("no")


class SeasonExecutive(models.Model):
    """An executive who is to visit in this season; ``preferred`` are ISO dates that decide between equal days."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="executives")
    executive = models.ForeignKey(Executive, on_delete=models.CASCADE, related_name="seasons")
    preferred = models.JSONField(_("preferred days"), default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["season", "executive"], name="executive_once_per_season")]


class SeasonHostQuerySet(models.QuerySet["SeasonHost"]):
    def willing(self) -> SeasonHostQuerySet:
        """Hosts who said yes."""
        return self.filter(willing=Willing.YES)


class SeasonHost(models.Model):
    """A host asked for a season. A "no" needs no reason, and nobody who shadows them sees it."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="hosts")
    host = models.ForeignKey(Host, on_delete=models.CASCADE, related_name="seasons")
    willing = models.CharField(_("willing"), max_length=9, choices=Willing, default=Willing.NOT_ASKED)
    max_visits = models.PositiveSmallIntegerField(_("visits this season"), default=1)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = SeasonHostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["season", "host"], name="host_once_per_season"),
            models.CheckConstraint(condition=Q(willing__in=Willing.values), name="season_host_willing_known"),
            models.CheckConstraint(condition=Q(max_visits__range=(1, 3)), name="season_host_one_to_three"),
        ]


class UnavailableSource(models.TextChoices):
    CLICK = "click", _("calendar page")
    ICS = "ics", _("calendar file")
    CSV = "csv", _("list of days")


class UnavailableDay(models.Model):
    """A date on which a person cannot be on the floor. One row per source, so that a new file replaces only its own."""

    Source = UnavailableSource

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="unavailable_days")
    date = models.DateField(_("date"))
    source = models.CharField(max_length=5, choices=UnavailableSource, default=UnavailableSource.CLICK)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "date", "source"], name="unavailable_day_once_per_source"),
            models.CheckConstraint(condition=Q(source__in=UnavailableSource.values), name="unavailable_source_known"),
        ]
        indexes = [models.Index(fields=["date", "user"], name="unavailable_by_date")]
