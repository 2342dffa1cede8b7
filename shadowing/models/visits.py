"""Visits: one executive with one host at one site on one day."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.models import Executive, Host, Site, User
from shadowing.models.seasons import Season


class VisitState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    INVITED = "invited", _("Invited")
    CONFIRMED = "confirmed", _("Confirmed")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")
    DECLINED = "declined", _("Declined")
    NO_SHOW = "no_show", _("No-show")


LIVE = (VisitState.PROPOSED, VisitState.INVITED, VisitState.CONFIRMED, VisitState.HELD)
ENDED = (VisitState.CANCELLED, VisitState.DECLINED, VisitState.NO_SHOW)
NEXT: dict[str, frozenset[VisitState]] = {
    VisitState.PROPOSED: frozenset({VisitState.INVITED, VisitState.CANCELLED}),
    VisitState.INVITED: frozenset({VisitState.CONFIRMED, VisitState.CANCELLED, VisitState.DECLINED}),
    # back to invited: a move asks both sides again
    VisitState.CONFIRMED: frozenset(
        {VisitState.INVITED, VisitState.HELD, VisitState.CANCELLED, VisitState.DECLINED, VisitState.NO_SHOW}
    ),
    VisitState.HELD: frozenset({VisitState.NO_SHOW}),  # corrected by a coordinator
    VisitState.NO_SHOW: frozenset({VisitState.HELD}),  # corrected by a coordinator
    VisitState.CANCELLED: frozenset(),
    VisitState.DECLINED: frozenset(),
}


class Answer(models.TextChoices):
    NONE = "none", _("no answer yet")
    YES = "yes", _("accepted")
    NO = "no", _("declined")


class VisitQuerySet(models.QuerySet["Visit"]):
    def live(self) -> VisitQuerySet:
        """Visits that take up a place: proposed, invited, confirmed or held."""
        return self.filter(state__in=LIVE)

    def held(self) -> VisitQuerySet:
        return self.filter(state=VisitState.HELD)

    def published(self) -> VisitQuerySet:
        """Visits people were told of: all but proposed ones and those cancelled before their invitation."""
        return self.filter(invited_at__isnull=False)

    def visible_to(self, user: User) -> VisitQuerySet:
        """Readers of everything see all; coordinators their sites'; people their own and their executive's, once
        they were invited to it."""
        if user.reads_everything:
            return self.all()
        own = Q(executive=user.pk) | Q(host=user.pk) | Q(executive__assistant=user.pk)
        own |= Q(executive__in=user.acting_for)
        mine = own & Q(invited_at__isnull=False)
        if user.coordinated_site_ids:
            mine |= Q(site__in=user.coordinated_site_ids)
        return self.filter(mine)

    def on(self, site: Site, day: date) -> VisitQuerySet:
        """All visits of one visit day."""
        return self.filter(site=site, date=day)

    def for_list(self) -> VisitQuerySet:
        """Rows with all a list shows, in one query, by date."""
        return self.select_related("executive__user", "host__user", "host__team", "site", "season").order_by(
            "date", "pk"
        )


class Visit(models.Model):
    """Written only by shadowing actions. ``sequence`` is the calendar's SEQUENCE: it rises with every change invited
    people must hear of. ``version`` guards against two coordinators editing at once."""

    State = VisitState

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="visits")
    executive = models.ForeignKey(Executive, on_delete=models.PROTECT, related_name="visits")
    host = models.ForeignKey(Host, on_delete=models.PROTECT, related_name="visits")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="visits")
    date = models.DateField(_("date"))
    state = models.CharField(_("state"), max_length=9, choices=VisitState, default=VisitState.PROPOSED)
    executive_answer = models.CharField(max_length=4, choices=Answer, default=Answer.NONE)
    host_answer = models.CharField(max_length=4, choices=Answer, default=Answer.NONE)
    locked = models.BooleanField(_("locked"), default=False)
    plan = models.ForeignKey("shadowing.Plan", on_delete=models.SET_NULL, null=True, blank=True, related_name="visits")
    sequence = models.PositiveIntegerField(default=0)
    moves = models.PositiveSmallIntegerField(default=0, help_text=_("by the executive"))
    invited_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateField(_("answer by"), null=True, blank=True)
    checked_in_at = models.DateTimeField(null=True, blank=True)
    checked_in_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_reason = models.CharField(_("reason"), max_length=300, blank=True)
    executive_briefed_at = models.DateTimeField(null=True, blank=True)
    host_briefed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    # What it says is true; what it does not say is looked up. So the few visits that may owe an issue have an index
    followed = models.BooleanField(default=False, db_default=False, help_text=_("marked: an issue began here"))

    objects = VisitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["executive", "date"], condition=Q(state__in=LIVE), name="one_live_visit_per_executive_date"
            ),
            models.UniqueConstraint(
                fields=["executive", "season"], condition=Q(state__in=LIVE), name="one_live_visit_per_executive_season"
            ),
            models.UniqueConstraint(
                fields=["host", "date"], condition=Q(state__in=LIVE), name="one_live_visit_per_host_date"
            ),
            models.CheckConstraint(condition=~Q(executive=F("host")), name="visit_two_people"),
            models.CheckConstraint(condition=Q(state__in=VisitState.values), name="visit_state_known"),
            models.CheckConstraint(
                condition=Q(executive_answer__in=Answer.values, host_answer__in=Answer.values),
                name="visit_answers_known",
            ),
            models.CheckConstraint(
                condition=Q(checked_in_at__isnull=True, checked_in_by__isnull=True)
                | Q(checked_in_at__isnull=False, checked_in_by__isnull=False),
                name="visit_checked_in_at_with_by",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[VisitState.PROPOSED, VisitState.CANCELLED]) | Q(invited_at__isnull=False),
                name="visit_invited_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "date"], name="visit_by_day"),
            models.Index(fields=["season", "state"], name="visit_by_season_state"),
            models.Index(fields=["-date", "-id"], name="visit_newest"),
            models.Index(fields=["state", "date", "id"], name="visit_by_state"),
            models.Index(fields=["date", "id"], name="visit_unfollowed", condition=Q(state="held", followed=False)),
        ]

    def __str__(self) -> str:
        return f"{self.executive} with {self.host}, {self.date}"

    def get_absolute_url(self) -> str:
        return reverse("shadowing:visit", args=[self.uuid])

    @property
    def subject(self) -> str:
        """How notices and links name this visit."""
        return f"visit:{self.uuid}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    def may_become(self, state: VisitState) -> bool:
        return state in NEXT[self.state]


class VisitEvent(models.Model):
    """What happened to a visit: who, for whom, when, what, from, to. Never changed or deleted."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    on_behalf_of = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=40)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["visit", "at"], name="visit_event_by_visit")]


class Acknowledgement(models.Model):
    """A coordinator has seen a warning of a visit and lets it stand; a moved visit is looked at again."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="acknowledgements")
    date = models.DateField()
    host = models.ForeignKey(Host, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "date", "host", "code"], name="warning_acknowledged_once")
        ]


class CalendarFeed(models.Model):
    """A person's own calendar address. Only the hash of its secret is kept; making a new one ends the old."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="calendar_feed")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
