"""What was said and done about an issue. Events are never changed or deleted by the application."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from issues.models.issues import Issue
from people.models import User
from shadowing.models import Visit


class IssueUpdate(models.Model):
    """The owner's word on where it stands, or the host's own words (then ``by`` is the host)."""

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="updates")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField(_("what has moved"), max_length=4000)
    blocked = models.BooleanField(_("it is blocked"), default=False)
    host_reads = models.BooleanField(_("the host can read this"), default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="issue_update_has_text"),
            models.CheckConstraint(
                condition=Q(on_behalf_of__isnull=True) | ~Q(on_behalf_of=F("by")), name="issue_update_behalf_of_another"
            ),
        ]
        indexes = [models.Index(fields=["issue", "-at"], name="update_by_issue")]


class EventKind(models.TextChoices):
    TAKEN_AWAY = "taken_away", _("taken away")
    STARTED = "started", _("started")
    UPDATED = "updated", _("updated")
    CHANGED = "changed", _("changed")
    HELD = "put_on_hold", _("put on hold")
    RESUMED = "resumed", _("resumed")
    DELIVERED = "delivered", _("delivered")
    CONFIRMED = "confirmed", _("confirmed")
    NOT_YET = "not_yet", _("not yet")
    WITHDRAWN = "withdrawn", _("withdrawn")
    MERGED = "merged", _("merged")
    HOST_WROTE = "host_wrote", _("the host wrote")
    OFFERED = "offered", _("offered to another owner")
    HANDED_OVER = "handed_over", _("handed over")
    NOT_HANDED_OVER = "not_handed_over", _("handover declined")
    OFFER_TAKEN_BACK = "offer_taken_back", _("offer taken back")
    TRANSFERRED = "transferred", _("moved to another owner")
    HANDED_BACK = "handed_back", _("handed back to the coordinator")
    COUNTERPART_ASKED = "counterpart_asked", _("a counterpart was asked")
    COUNTERPART_ACCEPTED = "counterpart_accepted", _("a counterpart accepted")
    COUNTERPART_DECLINED = "counterpart_declined", _("a counterpart declined")
    COUNTERPART_LEFT = "counterpart_left", _("a counterpart handed it back")
    COUNTERPART_ENDED = "counterpart_ended", _("a counterpart is no longer asked")
    ATTACHED = "attached", _("a file was added")
    DETACHED = "detached", _("a file was removed")
    SNOOZED = "snoozed", _("reminders were put off")
    STILL_HOLDS = "still_holds", _("it still holds")
    HOLDS_NO_MORE = "holds_no_more", _("it holds no more")
    WITHDRAWAL_ASKED = "withdrawal_asked", _("asked to withdraw it")
    WITHDRAWAL_REFUSED = "withdrawal_refused", _("it goes on")
    REMINDED = "reminded", _("the owner was reminded by hand")


class IssueEvent(models.Model):
    """Who, for whom, when, what, from, to. Holds ids; names are looked up when it is shown."""

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    on_behalf_of = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=24, choices=EventKind)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    words = models.TextField(max_length=4000, blank=True)
    update = models.OneToOneField(IssueUpdate, on_delete=models.PROTECT, null=True, blank=True, related_name="event")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="issue_event_kind_known"),
            models.CheckConstraint(
                condition=Q(on_behalf_of__isnull=True) | ~Q(on_behalf_of=F("by")), name="issue_event_behalf_of_another"
            ),
        ]
        indexes = [
            models.Index(fields=["issue", "-at"], name="event_by_issue"),
            models.Index(fields=["at"], name="event_updates", condition=Q(kind="updated")),
        ]


class TakeAwayWaiver(models.Model):
    """A coordinator lets a held visit be without an issue. It still counts against the take-away rate."""

    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="waiver")
    waived_at = models.DateTimeField()
    waived_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="waiver_has_reason")]
