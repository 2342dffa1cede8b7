"""Plans: the immutable result of one solve, and the wishes of the coordinator that steer the next."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models import Executive, Host, Site, User
from shadowing.models.seasons import Season


class PlanState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SOLVING = "solving", _("solving")
    PROVEN = "proven", _("proven")
    FEASIBLE = "feasible", _("best so far")
    FAILED = "failed", _("failed")


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, user: User) -> PlanQuerySet:
        """Plans of the seasons the person may see."""
        return self.filter(season__in=Season.objects.visible_to(user).values("pk"))

    def running(self) -> PlanQuerySet:
        """Plans that wait for a solver or are being solved."""
        return self.filter(state__in=(PlanState.WAITING, PlanState.SOLVING))

    def finished(self) -> PlanQuerySet:
        """Plans with a result."""
        return self.filter(state__in=(PlanState.PROVEN, PlanState.FEASIBLE))


class Plan(models.Model):
    """One solve. Written by shadowing.plans only; immutable once it is proven, feasible or failed.

    Scores are stored × 1000 as integers. ``fraction`` (0–1) and ``progress`` tell how far a running solve is;
    ``stop_asked`` is how a coordinator ends it with the best so far."""

    State = PlanState

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="plans")
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=8, choices=PlanState, default=PlanState.WAITING)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    limit_seconds = models.PositiveIntegerField(default=60)
    what_if = models.JSONField(default=dict, blank=True, help_text=_("what this solve took for granted, season aside"))
    made_with = models.JSONField(
        default=dict, blank=True, help_text=_("rules and weights of the solve, what-if included")
    )
    seed = models.IntegerField(default=0)
    fraction = models.FloatField(default=0)
    progress = models.JSONField(default=dict, blank=True)
    stop_asked = models.BooleanField(default=False)
    objective = models.BigIntegerField(null=True, blank=True)
    bound = models.BigIntegerField(null=True, blank=True)
    gap = models.FloatField(null=True, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    relied_on_unknown = models.JSONField(default=dict, blank=True)
    adopted_at = models.DateTimeField(null=True, blank=True)
    adopted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    error = models.CharField(max_length=300, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["season", "number"], name="plan_number_once_per_season"),
            models.CheckConstraint(condition=Q(state__in=PlanState.values), name="plan_state_known"),
        ]

    def __str__(self) -> str:
        return f"plan {self.number} of {self.season}"

    @property
    def look(self) -> str:
        """The plan's entry in the table of looks."""
        return {"feasible": "best", "waiting": "running", "solving": "running"}.get(self.state, self.state)

    @property
    def percent_done(self) -> int:
        """How far a running solve is, 0 to 100."""
        return round(self.fraction * 100)

    @property
    def is_running(self) -> bool:
        return self.state in (PlanState.WAITING, PlanState.SOLVING)

    @property
    def is_finished(self) -> bool:
        return self.state in (PlanState.PROVEN, PlanState.FEASIBLE)


class PlanPair(models.Model):
    """One placed pair, its score × 1000 and the terms of it.

    ``runner_up`` is the next best host whom the plan leaves room for, ``runner_up_on`` a day for them, and
    ``runner_up_change`` what the plan's objective × 1000 would change by (never above 0 in a proven plan)."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="pairs")
    executive = models.ForeignKey(Executive, on_delete=models.CASCADE)
    host = models.ForeignKey(Host, on_delete=models.CASCADE)
    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    date = models.DateField()
    score = models.IntegerField()
    terms = models.JSONField(default=dict)
    locked = models.BooleanField(default=False)
    runner_up = models.ForeignKey(Host, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    runner_up_on = models.DateField(null=True, blank=True)
    runner_up_change = models.IntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "executive"], name="executive_once_per_plan"),
            models.UniqueConstraint(fields=["plan", "host", "date"], name="host_day_once_per_plan"),
            models.CheckConstraint(condition=~Q(executive=F("host")), name="plan_pair_two_people"),
        ]

    @property
    def points(self) -> float:
        """The score in points."""
        return self.score / 1000

    @property
    def term_points(self) -> dict[str, float]:
        """The terms of the score in points."""
        return {name: value / 1000 for name, value in self.terms.items()}


class PlanLeftOut(models.Model):
    """An executive without a place: the binding reason as a code, and the data that puts it into words."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="left_out")
    executive = models.ForeignKey(Executive, on_delete=models.CASCADE)
    position = models.PositiveIntegerField(_("place on the waiting list"))
    reason = models.CharField(max_length=40)
    detail = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "executive"], name="left_out_once_per_plan")]


class PairRule(models.Model):
    """A pair that must never be proposed in this season. (A locked pair is a visit with ``locked`` set.)"""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="forbidden_pairs")
    executive = models.ForeignKey(Executive, on_delete=models.CASCADE)
    host = models.ForeignKey(Host, on_delete=models.CASCADE)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["season", "executive", "host"], name="pair_forbidden_once")]
