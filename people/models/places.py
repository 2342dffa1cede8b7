"""Where people work: sites, teams, and the tree of business units."""

from __future__ import annotations

import zoneinfo

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.keys import KeyField


class SiteQuerySet(models.QuerySet["Site"]):
    def coordinated_by(self, user: object) -> SiteQuerySet:
        """Sites whose visits and issues this person works on as a coordinator (or admin)."""
        everywhere = getattr(user, "coordinates_everywhere", False)
        return self.all() if everywhere else self.filter(pk__in=getattr(user, "coordinated_site_ids", ()))


class Site(models.Model):
    """A contact center or back office. ``visits_a_day`` is the default of a season's site."""

    name = models.CharField(_("name"), max_length=120)
    name_key = KeyField(of="name", unique=True)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    country = models.CharField(_("country"), max_length=2, blank=True)
    subdivision = models.CharField(_("subdivision"), max_length=8, blank=True)
    visits_a_day = models.PositiveSmallIntegerField(_("visits a day"), default=6)
    partner = models.CharField(_("outsourcing partner"), max_length=120, blank=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="site_has_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)


class BusinessUnit(models.Model):
    """A silo. ``path`` names it from the root, parts joined by " / "."""

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(_("name"), max_length=200)
    path = models.CharField(_("path"), max_length=600)
    path_key = KeyField(of="path", max_length=600, unique=True)

    def __str__(self) -> str:
        return self.path

    @property
    def parts(self) -> tuple[str, ...]:
        """The names from the root down to this unit."""
        return tuple(self.path.split(" / "))


class TeamKind(models.TextChoices):
    FRONT_LINE = "front", _("front line")
    BACK_OFFICE = "back", _("back office")


class Team(models.Model):
    """A team at a site. ``away_at_once``: how many of its hosts may be away from work on one day; empty: no limit known."""

    Kind = TeamKind

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(_("name"), max_length=200)
    name_key = KeyField(of="name")
    kind = models.CharField(_("kind"), max_length=5, choices=TeamKind, default=TeamKind.FRONT_LINE)
    business_unit = models.ForeignKey(BusinessUnit, on_delete=models.PROTECT, null=True, blank=True)
    away_at_once = models.PositiveSmallIntegerField(_("hosts away at once"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "name_key"], name="team_once_per_site"),
            models.CheckConstraint(condition=Q(kind__in=TeamKind.values), name="team_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.site}"
