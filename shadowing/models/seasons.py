"""A program and its seasons: window, sites, rules, agenda, reminder policy."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.keys import KeyField
from people.models import Site, User


class SeasonState(models.TextChoices):
    DRAFT = "draft", _("draft")
    COLLECTING = "collecting", _("collecting")
    PLANNED = "planned", _("planned")
    PUBLISHED = "published", _("published")
    CLOSED = "closed", _("closed")


class ExecutivesFrom(models.TextChoices):
    ALL = "all", _("all executives")
    LISTED = "listed", _("those named")


class HostsFrom(models.TextChoices):
    ALL = "all", _("all hosts of its sites, also before they are asked")
    WILLING = "willing", _("hosts of its sites who say yes")
    LISTED = "listed", _("those named")


def default_weights() -> dict[str, float]:
    """Weight of each scoring term (quality.md, Planner)."""
    return {"tenure": 1, "other_unit_distance": 1, "home_site": 1, "fair_load": 1}


def default_agenda() -> list[dict[str, Any]]:
    """The day's timetable in site time; ``minutes`` long."""
    return [
        {"kind": "briefing", "starts": "09:00", "minutes": 60},
        {"kind": "floor", "starts": "10:00", "minutes": 120},
        {"kind": "regroup", "starts": "12:00", "minutes": 60},
        {"kind": "floor", "starts": "13:00", "minutes": 180},
        {"kind": "take-away", "starts": "16:00", "minutes": 30},
    ]


def default_reminders() -> dict[str, Any]:
    """Days after the event at which each kind is sent; ``…_every`` repeats (domain.md, Reminders)."""
    return {
        "days_close": [-14],  # before the first day: by then days are wanted
        "days_asked": [-3],  # before that: who has not answered is reminded
        "answer_by": [-3],
        "visit_coming": [-7, -1],
        "take_away_owed": [1, 3, 7],
        "update_due_every": 7,
        "word_due_every": 7,
        "target_near": [-7],
        "target_passed_every": 7,
        "hands_asked": [0, 3],  # a handover or a counterpart: at once, and again
        "confirm_asked": [0, 3, 10],
        "holds_after": [30, 90],  # days after it was confirmed: the host is asked whether it still holds
        "holds_again": [7],  # after each of those, until it is answered
        "survey_open": [0, 2, 5],
    }


def default_questionnaires() -> list[str]:
    """Short names of the questionnaires whose rounds open with the season."""
    return ["hosting"]


class Program(models.Model):
    """The standing initiative that has seasons."""

    name = models.CharField(_("name"), max_length=120)
    name_key = KeyField(of="name", unique=True)

    def __str__(self) -> str:
        return self.name


class SeasonQuerySet(models.QuerySet["Season"]):
    def visible_to(self, user: User) -> SeasonQuerySet:
        """Admins, all-site coordinators and sponsors see all seasons, coordinators those with a site of theirs."""
        if user.reads_everything:
            return self.all()
        mine = SeasonSite.objects.filter(season=OuterRef("pk"), site__in=user.coordinated_site_ids)
        return self.filter(Exists(mine))

    def current(self, today: date) -> Season | None:
        """The season people mean today: the running one, else the next, else the last."""
        running = self.filter(starts_on__lte=today, ends_on__gte=today).order_by("starts_on", "pk").first()
        coming = self.filter(starts_on__gt=today).order_by("starts_on", "pk")
        return running or coming.first() or self.order_by("-ends_on", "pk").first()


class Season(models.Model):
    """One run of the program in a window of dates. Changed only by somebody who coordinates all its sites."""

    State = SeasonState

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="seasons")
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    state = models.CharField(_("state"), max_length=10, choices=SeasonState, default=SeasonState.DRAFT)
    host_min_tenure_months = models.PositiveSmallIntegerField(_("least tenure of a host, months"), default=0)
    other_business_unit = models.BooleanField(_("another business unit required"), default=False)
    shared_language = models.BooleanField(_("shared language required"), default=False)
    no_repeat_seasons = models.PositiveSmallIntegerField(_("no pair that met in the last seasons"), default=0)
    days_between_host_visits = models.PositiveSmallIntegerField(_("days between two visits of one host"), default=1)
    answer_by_days = models.PositiveSmallIntegerField(_("working days to answer an invitation"), default=3)
    notice_days = models.PositiveSmallIntegerField(_("working days of notice to move a visit"), default=5)
    weights = models.JSONField(_("weights"), default=default_weights)
    agenda = models.JSONField(_("agenda"), default=default_agenda)
    reminders = models.JSONField(_("reminder policy"), default=default_reminders)
    questionnaires = models.JSONField(_("questionnaires"), default=default_questionnaires, blank=True)
    executives_from = models.CharField(
        _("executives"), max_length=6, choices=ExecutivesFrom, default=ExecutivesFrom.ALL
    )
    hosts_from = models.CharField(_("hosts"), max_length=7, choices=HostsFrom, default=HostsFrom.WILLING)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    sites = models.ManyToManyField(Site, through="SeasonSite", related_name="seasons")
    objects = SeasonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="season_ends_after_start"),
            models.CheckConstraint(condition=Q(state__in=SeasonState.values), name="season_state_known"),
            models.CheckConstraint(condition=~Q(name=""), name="season_has_name"),
            models.CheckConstraint(
                condition=Q(executives_from__in=ExecutivesFrom.values, hosts_from__in=HostsFrom.values),
                name="season_people_known",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True) | Q(published_at__isnull=False),
                name="season_published_at_with_by",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("shadowing:season", args=[self.slug])

    @property
    def is_published(self) -> bool:
        return self.state in (SeasonState.PUBLISHED, SeasonState.CLOSED)

    def policy(self, name: str) -> Any:
        """One entry of the reminder policy, the default where the season says nothing."""
        return self.reminders.get(name, default_reminders()[name])


class SeasonSite(models.Model):
    """A site in a season: places a day, and weekend or holiday dates it opens all the same (ISO dates)."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="season_sites")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="season_sites")
    visits_a_day = models.PositiveSmallIntegerField(_("visits a day"))
    open_days = models.JSONField(_("opened weekends and holidays"), default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["season", "site"], name="site_once_per_season")]

    def __str__(self) -> str:
        return f"{self.site}, {self.season}"
