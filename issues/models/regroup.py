"""Issues that were made from a group of a visit day's regroup."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from issues.models.issues import Issue
from shadowing.models import RegroupGroup


class RegroupOrigin(models.Model):
    """The group an issue was made from; a group makes one issue at most. ``seen_in`` of ``teams`` as they were then: notes
    may move between groups later."""

    group = models.OneToOneField(RegroupGroup, on_delete=models.PROTECT, primary_key=True, related_name="made")
    issue = models.OneToOneField(Issue, on_delete=models.PROTECT, related_name="regroup")
    seen_in = models.PositiveSmallIntegerField()
    teams = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(seen_in__lte=F("teams")), name="regroup_seen_in_teams_of_the_day")
        ]
