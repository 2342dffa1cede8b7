"""Who takes part in a season, and the days they cannot."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Executive, Host, User
from shadowing.models.seasons import HostsFrom, Season


class Willing(models.TextChoices):
    NOT_ASKED = "not_asked", _("not asked")
    YES = "yes", _("yes")
    NO = "no", _("no")


def _acted_for(user: User) -> Q:
    """Of oneself, of executives one assists, and of those one stands in for."""
    return Q(executive=user.pk) | Q(executive__assistant=user.pk) | Q(executive__in=user.acting_for)


class SeasonExecutiveQuerySet(models.QuerySet["SeasonExecutive"]):
    def taking_part(self) -> SeasonExecutiveQuerySet:
        """Executives to plan with: neither stepped back nor left."""
        return self.filter(stepped_back_at__isnull=True, executive__user__is_active=True)

    def answered(self) -> SeasonExecutiveQuerySet:
        """Executives who named their days, or said that every day will do."""
        return self.filter(answered_at__isnull=False)

    def acted_for(self, user: User) -> SeasonExecutiveQuerySet:
        """The person's own entries, and those of executives they assist."""
        return self.filter(_acted_for(user))

    def visible_to(self, user: User) -> SeasonExecutiveQuerySet:
        """One's own and one's executive's; all of a season for those who may see the season."""
        return self.filter(_acted_for(user) | Q(season__in=Season.objects.visible_to(user).values("pk")))


class SeasonExecutive(models.Model):
    """An executive who is to visit in this season; ``preferred`` are ISO dates that decide between equal days.

    One who stepped back is neither planned nor offered a place any more, until they come back."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="executives")
    executive = models.ForeignKey(Executive, on_delete=models.CASCADE, related_name="seasons")
    preferred = models.JSONField(_("preferred days"), default=list, blank=True)
    answered_at = models.DateTimeField(_("named their days"), null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    stepped_back_at = models.DateTimeField(_("stepped back"), null=True, blank=True)
    stepped_back_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = SeasonExecutiveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["season", "executive"], name="executive_once_per_season"),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | Q(answered_at__isnull=False),
                name="season_executive_answered_by_with_at",
            ),
            models.CheckConstraint(
                condition=Q(stepped_back_at__isnull=True, stepped_back_by__isnull=True)
                | Q(stepped_back_at__isnull=False, stepped_back_by__isnull=False),
                name="season_executive_stepped_back_at_with_by",
            ),
        ]


class SeasonHostQuerySet(models.QuerySet["SeasonHost"]):
    def willing(self) -> SeasonHostQuerySet:
        """Hosts to plan with: who said yes, and those not asked yet where the season counts them as willing. Nobody who
        has left."""
        counted = Q(willing=Willing.NOT_ASKED) & ~Q(season__hosts_from=HostsFrom.WILLING)
        return self.filter(Q(willing=Willing.YES) | counted, host__user__is_active=True)

    def visible_to(self, user: User) -> SeasonHostQuerySet:
        """One's own entry, and for coordinators those of their sites. Nobody else sees who declined."""
        if user.coordinates_everywhere:
            return self.all()
        return self.filter(Q(host=user.pk) | Q(host__team__site__in=user.coordinated_site_ids))


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
