"""A questionnaire put to an audience in a season."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import Site, User
from shadowing.models import Season
from surveys.models.questionnaires import QuestionnaireVersion


class RoundState(models.TextChoices):
    DRAFT = "draft", _("draft")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


class Audience(models.TextChoices):
    VISIT_HOSTS = "visit_hosts", _("hosts of held visits")
    VISIT_EXECUTIVES = "visit_executives", _("executives of held visits")
    FRONT_LINE = "front_line", _("the whole front line of a site")
    EXECUTIVES = "executives", _("all executives")


# Asked one by one after a visit, and whom of the visit
BY_VISIT = {Audience.VISIT_HOSTS: "host_id", Audience.VISIT_EXECUTIVES: "executive_id"}


class Phase(models.TextChoices):
    """Which side of the season an alignment pulse stands on."""

    BEFORE = "before", _("before the season")
    AFTER = "after", _("after the season")


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, user: User) -> RoundQuerySet:
        """Whoever sees the season's results at all: sponsors; executives and hosts once it is open, for the season's
        total; coordinators of one of its sites. Named rounds are for coordinators and admins alone, a round of one site
        for that site's coordinators and whoever reads everything: its total is no season's total."""
        if user.coordinates_everywhere:
            return self.all()
        sites = user.coordinated_site_ids
        own = Q(site__isnull=True, season__season_sites__site__in=sites) | Q(site__in=sites)
        return self.filter(self._shared_with(user) | own).distinct()

    def _shared_with(self, user: User) -> Q:
        if user.reads_everything:
            return Q(anonymous=True)
        if user.identities & {"executive", "host"}:
            return Q(anonymous=True, site__isnull=True) & ~Q(state=RoundState.DRAFT)
        return Q(pk__in=[])


class Round(models.Model):
    """``k``: the least answers of numbers shown; ``k_text`` the same for free text. Raised, never lowered, once open.
    ``site``: whose front line is asked, empty for every other audience and for the front line of all sites."""

    State = RoundState

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="rounds")
    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, related_name="rounds")
    audience = models.CharField(max_length=16, choices=Audience)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    phase = models.CharField(max_length=6, choices=Phase, blank=True)
    anonymous = models.BooleanField(default=True)
    k = models.PositiveSmallIntegerField(default=5)
    k_text = models.PositiveSmallIntegerField(default=8)
    state = models.CharField(max_length=6, choices=RoundState, default=RoundState.DRAFT)
    opens_on = models.DateField()
    closes_on = models.DateField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_on = models.DateField(null=True, blank=True, help_text=_("when its last release was made"))
    exact = models.BooleanField(default=False, help_text=_("the guard let the season's total be told with its parts"))

    objects = RoundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["season", "version", "audience", "phase"],
                condition=Q(site__isnull=True),
                name="round_once_per_season_version_and_audience",
            ),
            models.UniqueConstraint(
                fields=["season", "version", "site", "phase"],
                condition=Q(site__isnull=False),
                name="round_once_per_season_version_and_site",
            ),
            models.CheckConstraint(
                condition=Q(site__isnull=True) | Q(audience=Audience.FRONT_LINE), name="round_site_for_front_line_only"
            ),
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="round_audience_known"),
            models.CheckConstraint(condition=Q(phase__in=["", *Phase.values]), name="round_phase_known"),
            models.CheckConstraint(condition=Q(k__gte=5) & Q(k_text__gte=8), name="round_thresholds_at_least_5_and_8"),
            models.CheckConstraint(condition=Q(state__in=RoundState.values), name="round_state_known"),
            models.CheckConstraint(
                condition=Q(settled_on__isnull=True) | Q(state=RoundState.CLOSED), name="round_settled_once_closed"
            ),
            models.CheckConstraint(
                condition=Q(exact=False) | Q(settled_on__isnull=False), name="round_exact_once_settled"
            ),
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="round_closes_after_opening"),
        ]

    def __str__(self) -> str:
        return f"{self.version.questionnaire}, {self.season}"
