"""The regroup of a visit day: its floor notes in groups, and what became of each group."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from people.keys import KeyField
from people.models import User
from shadowing.models.floor import FloorNote, VisitDay
from shadowing.models.visits import Visit, VisitState


class GroupOutcome(models.TextChoices):
    OPEN = "open", _("To be discussed")
    DISCUSSED = "discussed", _("Discussed, no issue")
    ISSUE = "issue", _("One shared issue")
    CARRIED = "carried", _("Next visit day")


OUTCOMES: dict[str, frozenset[GroupOutcome]] = {
    GroupOutcome.OPEN: frozenset({GroupOutcome.DISCUSSED, GroupOutcome.ISSUE, GroupOutcome.CARRIED}),
    GroupOutcome.DISCUSSED: frozenset({GroupOutcome.OPEN, GroupOutcome.ISSUE, GroupOutcome.CARRIED}),
    GroupOutcome.CARRIED: frozenset({GroupOutcome.OPEN}),
    GroupOutcome.ISSUE: frozenset(),  # from here on the issue has states of its own
}
PRESENT = (VisitState.CONFIRMED, VisitState.HELD)  # whose visit makes them part of the day


class RegroupGroupQuerySet(models.QuerySet["RegroupGroup"]):
    def visible_to(self, user: User) -> RegroupGroupQuerySet:
        """Coordinators see the groups of their sites' days; executives, their assistants and hosts those of the days they
        take part in; sponsors none, for groups are made of floor notes."""
        if user.coordinates_everywhere:
            return self.all()
        own = Q(executive=user.pk) | Q(host=user.pk) | Q(executive__assistant=user.pk)
        own |= Q(executive__in=user.acting_for)
        visits = Visit.objects.on(OuterRef("day__site"), OuterRef("day__date"))  # type: ignore[arg-type]
        there = visits.published().filter(own, state__in=PRESENT)
        return self.filter(Exists(there) | Q(day__site__in=user.coordinated_site_ids))

    def for_page(self) -> RegroupGroupQuerySet:
        """In the order of the day, with where each was carried from and to."""
        return self.select_related("settled_by", "carried_from__day", "carried_on__day").order_by("position", "pk")


class RegroupGroup(models.Model):
    """What several notes of a day have in common. Written only by shadowing.regroup.actions.

    ``version`` rises when its name or outcome changes; who takes which note is told by the note's own place.
    ``carried_from`` is the group of an earlier day that goes on as this one."""

    Outcome = GroupOutcome

    day = models.ForeignKey(VisitDay, on_delete=models.PROTECT, related_name="groups")
    name = models.CharField(_("name"), max_length=160)
    name_key = KeyField(of="name")
    position = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(_("outcome"), max_length=9, choices=GroupOutcome, default=GroupOutcome.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    carried_from = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="carried_on"
    )
    version = models.PositiveIntegerField(default=0)

    objects = RegroupGroupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "name_key"], name="regroup_name_once_a_day"),
            models.CheckConstraint(condition=~Q(name=""), name="regroup_group_has_name"),
            models.CheckConstraint(condition=Q(outcome__in=GroupOutcome.values), name="regroup_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome="open", settled_at__isnull=True, settled_by__isnull=True)
                | (~Q(outcome="open") & Q(settled_at__isnull=False, settled_by__isnull=False)),
                name="regroup_settled_at_with_by",
            ),
            models.CheckConstraint(
                condition=Q(carried_from__isnull=True) | ~Q(carried_from=F("id")),
                name="regroup_not_carried_from_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def may_become(self, outcome: GroupOutcome) -> bool:
        return outcome in OUTCOMES[self.outcome]


class RegroupNote(models.Model):
    """In which group a note lies: one at most. A note without such a row is not grouped."""

    note = models.OneToOneField(FloorNote, on_delete=models.CASCADE, primary_key=True, related_name="place")
    group = models.ForeignKey(RegroupGroup, on_delete=models.CASCADE, related_name="places")
    put_at = models.DateTimeField()
    put_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
