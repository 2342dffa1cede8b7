"""The issue: one owner at all times, a host it was promised to, three clocks."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import or_

from django.apps import apps
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Least
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from issues.models.sights import (
    SHARED,
    acted_for,
    counterpart_issues,
    gone_hosts_issues,
    offered_issues,
    rows,
    watched_issues,
)
from people.keys import KeyField
from people.lookups import AnyOf
from people.models import BusinessUnit, Executive, Host, Site, Team, User
from shadowing.models import Season, Visit, VisitDay


class IssueState(models.TextChoices):
    OPEN = "open", _("Open")
    IN_PROGRESS = "in_progress", _("In progress")
    ON_HOLD = "on_hold", _("On hold")
    DELIVERED = "delivered", _("Delivered")
    CONFIRMED = "confirmed", _("Confirmed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    MERGED = "merged", _("Merged")


OPEN = (IssueState.OPEN, IssueState.IN_PROGRESS, IssueState.ON_HOLD, IssueState.DELIVERED)
WORKED_ON = (IssueState.OPEN, IssueState.IN_PROGRESS)  # the states in which target and update clocks run
CLOSED = (IssueState.CONFIRMED, IssueState.WITHDRAWN, IssueState.MERGED)
_S = IssueState
NEXT: dict[str, frozenset[IssueState]] = {
    _S.OPEN: frozenset({_S.IN_PROGRESS, _S.DELIVERED, _S.ON_HOLD, _S.WITHDRAWN, _S.MERGED}),
    _S.IN_PROGRESS: frozenset({_S.DELIVERED, _S.ON_HOLD, _S.WITHDRAWN, _S.MERGED}),
    _S.ON_HOLD: frozenset({_S.OPEN, _S.IN_PROGRESS, _S.DELIVERED, _S.WITHDRAWN, _S.MERGED}),
    # back to in progress: the host's "not yet", or a later check that failed
    _S.DELIVERED: frozenset({_S.CONFIRMED, _S.IN_PROGRESS, _S.ON_HOLD, _S.WITHDRAWN, _S.MERGED}),
    _S.CONFIRMED: frozenset({_S.IN_PROGRESS}),
    _S.WITHDRAWN: frozenset(),
    _S.MERGED: frozenset(),
}


NEVER = date(9999, 12, 31)  # where no clock runs; a date and not NULL, so that one index orders every row


def first_clock() -> Case:
    """The date on which the first of an issue's running clocks runs out (issues.clocks says which run when)."""
    return Case(
        When(state__in=WORKED_ON, then=Least("target_date", "next_update_due", "word_due")),
        When(state=IssueState.ON_HOLD, then=Least("hold_until", "word_due")),
        When(state=IssueState.DELIVERED, then=F("word_due")),
        default=Value(NEVER),
        output_field=models.DateField(),
    )


class Category(models.Model):
    """What kind of obstacle it is; admins edit the list."""

    name = models.CharField(_("name"), max_length=80)
    name_key = KeyField(of="name", unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(_("no longer offered"), default=False)

    def __str__(self) -> str:
        return self.name


class IssueQuerySet(models.QuerySet["Issue"]):
    def visible_to(self, user: User) -> IssueQuerySet:
        """Readers of everything see all; coordinators their sites'; executives (and assistants) own ones, those they are
        offered and those of sites visited; hosts what was promised to them; counterparts what they are asked for or work
        on; all but hosts what they watch. Asks only for what the person is, and joins nothing, so that the order of a
        list can come from an index."""
        if user.reads_everything:
            return self.all()
        sights = self._sights(user).items()
        seen = [condition for identity, condition in sights if user.identities & set(identity.split())]
        return self.filter(reduce(or_, seen, Q(pk__in=counterpart_issues(user))))

    @staticmethod
    def _sights(user: User) -> dict[str, Q]:
        """What each identity lets a person see."""
        mine = acted_for(user)
        return {
            "host": Q(promised_to=user.pk) | gone_hosts_issues(user),
            "executive assistant": Q(owner__in=mine)
            | Q(pk__in=offered_issues(mine))
            | Q(site__in=Visit.objects.held().filter(executive__in=mine).values("site")),
            "coordinator": Q(site__in=user.coordinated_site_ids),
            "coordinator executive assistant": Q(pk__in=watched_issues(user)),
        }

    def open(self) -> IssueQuerySet:
        """Not yet closed: open, in progress, on hold or delivered."""
        return self.filter(state__in=OPEN)

    def overdue(self, today: date) -> IssueQuerySet:
        """Issues one of whose clocks ran out before ``today`` (a calendar day at the site). Computed, never set."""
        return self.filter(first_due__lt=today)

    def waiting_for_host(self) -> IssueQuerySet:
        """Delivered: only the host's word is missing."""
        return self.filter(state=IssueState.DELIVERED)

    def movable_by(self, user: User) -> IssueQuerySet:
        """Open issues at the sites this person coordinates: what they may give another owner when theirs leaves."""
        return self.open() if user.coordinates_everywhere else self.open().filter(site__in=user.coordinated_site_ids)

    def handed_back(self) -> IssueQuerySet:
        """Open issues a coordinator gave to an executive who handed them back: somebody else has to be found."""
        moved = rows("Handover").filter(issue=OuterRef("pk"), state__in=("accepted", "handed_back"))
        newest = Subquery(moved.order_by("-offered_at", "-pk").values("state")[:1])
        back = rows("Handover").filter(state="handed_back").values("issue")
        return self.open().filter(pk__in=back).alias(moved=newest).filter(moved="handed_back")

    def asked_of(self, user: User) -> IssueQuerySet:
        """Open issues this person is to answer about: offered to them in person (``offered``), or a part of it asked of
        them or of an executive they act for."""
        mine = rows("Handover").filter(issue=OuterRef("pk"), to_owner=user.pk, state="offered")
        offered = offered_issues(Executive.objects.filter(pk=user.pk))
        asked = counterpart_issues(user, "asked").union(offered)  # OR would have every issue read
        return self.open().filter(pk__in=asked).annotate(offered=Exists(mine))

    def withdrawal_asked(self) -> IssueQuerySet:
        """Open issues whose owner asked a coordinator to withdraw them."""
        return self.open().exclude(withdrawal_reason="")

    def owned_by(self, user: User) -> IssueQuerySet:
        """Issues this person answers for, as the owner or as the owner's assistant."""
        return self.filter(owner__in=acted_for(user))

    def for_page(self) -> IssueQuerySet:
        """Issues with everybody and everything their own page names. Three queries: in one, PostgreSQL thinks longer
        about the order of thirteen joins than all three take. ``has_…`` say what need not be asked for."""
        places = ("site", "season", "category", "owning_unit", "raised_in__business_unit")
        owner = Prefetch("owner", Executive.objects.select_related("user", "assistant", "line_manager"))
        host = Prefetch("promised_to", Host.objects.select_related("user", "team"))
        shared = {f"has_{name}": AnyOf(apps.get_model("issues", model), "issue") for name, model in SHARED.items()}
        return self.select_related(*places).prefetch_related(owner, host).annotate(**shared)


class Issue(models.Model):
    """Written only by issues.actions. ``number`` is one series per installation and never used twice.

    ``version`` rises with every change, so that a form sent from an older page is refused instead of overwriting."""

    State = IssueState

    number = models.BigAutoField(primary_key=True)
    title = models.CharField(_("title"), max_length=160)
    obstacle = models.TextField(_("what stands in the way"), max_length=4000, blank=True)
    promise = models.CharField(_("what you promise"), max_length=400)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="issues")
    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="issues")
    origin_visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="issues")
    origin_day = models.ForeignKey(VisitDay, on_delete=models.PROTECT, null=True, blank=True, related_name="issues")
    raised_in = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="raised_issues")
    owning_unit = models.ForeignKey(BusinessUnit, on_delete=models.PROTECT, null=True, related_name="owned_issues")
    teams_affected = models.ManyToManyField(Team, blank=True, related_name="affecting_issues")
    promised_to = models.ForeignKey(Host, on_delete=models.PROTECT, related_name="promised_issues")
    owner = models.ForeignKey(Executive, on_delete=models.PROTECT, related_name="owned_issues")
    state = models.CharField(_("state"), max_length=11, choices=IssueState, default=IssueState.OPEN)
    taken_away_at = models.DateTimeField()
    target_date = models.DateField(_("target date"))
    next_update_due = models.DateField(_("next update"))
    last_word_on = models.DateField(_("last word to the host"))
    word_due = models.DateField(_("word to the host"))
    last_update_on = models.DateField(_("last update"), null=True, blank=True)
    first_due = models.GeneratedField(expression=first_clock(), output_field=models.DateField(), db_persist=True)
    blocked = models.BooleanField(_("blocked"), default=False, help_text=_("as the last update says"))
    reopened = models.BooleanField(_("reopened"), default=False, help_text=_("by a not yet, until delivered again"))
    hold_until = models.DateField(_("on hold until"), null=True, blank=True)
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    delivered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    impact = models.TextField(_("impact"), max_length=2000, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_in_place = models.BooleanField(default=False, help_text=_("by a coordinator in the host's place"))
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    earlier = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="again")
    snoozed_until = models.DateField(_("reminders put off until"), null=True, blank=True)
    snoozed_target = models.DateField(null=True, blank=True, help_text=_("the target date it was put off for"))
    withdrawal_reason = models.CharField(
        _("why it should be withdrawn"), max_length=300, blank=True, help_text=_("asked by the owner, not yet answered")
    )
    version = models.PositiveIntegerField(default=0)

    objects = IssueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=IssueState.values), name="issue_state_known"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(promise=""), name="issue_has_title_and_promise"),
            models.CheckConstraint(condition=~Q(owner=F("promised_to")), name="issue_owner_is_not_its_host"),
            models.CheckConstraint(
                condition=Q(state="on_hold", hold_until__isnull=False)
                | (~Q(state="on_hold") & Q(hold_until__isnull=True)),
                name="issue_hold_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["delivered", "confirmed"]) | Q(delivered_at__isnull=False),
                name="issue_delivered_has_time",
            ),
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True, delivered_by__isnull=True)
                | Q(delivered_at__isnull=False, delivered_by__isnull=False),
                name="issue_delivered_at_with_by",
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed", confirmed_at__isnull=False, confirmed_by__isnull=False)
                | (~Q(state="confirmed") & Q(confirmed_at__isnull=True, confirmed_by__isnull=True)),
                name="issue_confirmed_at_with_by",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="issue_merged_has_target",
            ),
            models.CheckConstraint(
                condition=Q(snoozed_until__isnull=True, snoozed_target__isnull=True)
                | Q(snoozed_until__isnull=False, snoozed_target__isnull=False),
                name="issue_snooze_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(origin_visit__isnull=False) | Q(origin_day__isnull=False), name="issue_has_origin"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_update_due", "number"], name="issue_next_update", condition=Q(state__in=WORKED_ON)
            ),
            models.Index(fields=["target_date", "number"], name="issue_next_target", condition=Q(state__in=WORKED_ON)),
            models.Index(fields=["word_due", "number"], name="issue_next_word", condition=Q(state__in=OPEN)),
            models.Index(fields=["first_due", "number"], name="issue_by_clock"),
            models.Index(fields=["state", "first_due", "number"], name="issue_by_state"),
            models.Index(fields=["site", "first_due", "number"], name="issue_by_site"),
            models.Index(fields=["site", "state", "first_due", "number"], name="issue_by_site_state"),
            models.Index(fields=["owner", "state"], name="issue_by_owner"),
            models.Index(fields=["title", "number"], name="issue_by_title"),
            models.Index(fields=["site", "number"], name="issue_to_withdraw", condition=~Q(withdrawal_reason="")),
            models.Index(fields=["promised_to", "state"], name="issue_by_host"),
            models.Index(fields=["delivered_at"], name="issue_delivered", condition=Q(state="delivered")),
            models.Index(fields=["confirmed_at"], name="issue_confirmed", condition=Q(state="confirmed")),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("issues:issue", args=[self.number])

    @property
    def subject(self) -> str:
        """How notices and links name this issue."""
        return f"issue:{self.number}"

    @property
    def taken_away_on(self) -> date:
        """The calendar day at the site on which it was taken away."""
        return timezone.localdate(self.taken_away_at, self.site.zone)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def may_become(self, state: IssueState) -> bool:
        return state in NEXT[self.state]
