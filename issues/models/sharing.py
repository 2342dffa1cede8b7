"""Who else carries an issue: handovers, counterparts, those who watch it; and what is attached to it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from issues.models.history import IssueUpdate
from issues.models.issues import Issue
from people.models import BusinessUnit, Executive, User


class HandoverState(models.TextChoices):
    OFFERED = "offered", _("offered")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    TAKEN_BACK = "taken_back", _("taken back")
    HANDED_BACK = "handed_back", _("handed back")


class Handover(models.Model):
    """An issue changes hands. An offer moves it only once the other accepts; a leaver's transfer (``transfer``) moves it
    at once, and the new owner may hand it back to the coordinator until ``back_by``, a day at the site."""

    State = HandoverState

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="handovers")
    from_owner = models.ForeignKey(Executive, on_delete=models.PROTECT, related_name="handovers_out")
    to_owner = models.ForeignKey(Executive, on_delete=models.PROTECT, related_name="handovers_in")
    transfer = models.BooleanField(_("a leaver's issue, moved by a coordinator"), default=False)
    state = models.CharField(_("state"), max_length=11, choices=HandoverState, default=HandoverState.OFFERED)
    reason = models.CharField(_("reason"), max_length=300)
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    back_by = models.DateField(_("can be handed back until"), null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField(_("answer"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issue"], condition=Q(state="offered"), name="one_open_offer_per_issue"),
            models.CheckConstraint(condition=~Q(from_owner=F("to_owner")), name="handover_to_another"),
            models.CheckConstraint(condition=Q(state__in=HandoverState.values), name="handover_state_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="handover_has_reason"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="handover_answered_at_with_by",
            ),
        ]
        indexes = [models.Index(fields=["to_owner", "state"], name="handover_by_receiver")]


class CounterpartState(models.TextChoices):
    ASKED = "asked", _("asked")
    ACCEPTED = "accepted", _("works on it too")
    DECLINED = "declined", _("declined")
    HANDED_BACK = "handed_back", _("handed it back")
    ENDED = "ended", _("no longer asked")


LIVE_COUNTERPART = (CounterpartState.ASKED, CounterpartState.ACCEPTED)


class Counterpart(models.Model):
    """Somebody the owner works with: asked, and free to accept, decline with a reason, or hand it back later. Their unit
    is kept as it was, so that issues which cross silos can be reported."""

    State = CounterpartState

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="counterparts")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="counterpart_of")
    unit = models.ForeignKey(BusinessUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    request = models.CharField(_("what is asked of them"), max_length=400)
    state = models.CharField(_("state"), max_length=11, choices=CounterpartState, default=CounterpartState.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField(_("answer"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "person"], condition=Q(state__in=LIVE_COUNTERPART), name="counterpart_once_per_issue"
            ),
            models.CheckConstraint(condition=Q(state__in=CounterpartState.values), name="counterpart_state_known"),
            models.CheckConstraint(condition=~Q(request=""), name="counterpart_has_request"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="counterpart_answered_at_with_by",
            ),
        ]
        indexes = [models.Index(fields=["person", "state"], name="counterpart_by_person")]


class IssueWatch(models.Model):
    """Somebody who asked to follow an issue."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="watches")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="watches")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issue", "user"], name="watched_once")]


class Attachment(models.Model):
    """A file with an issue, kept where no address leads without the right to read the issue. Removing hides it; the
    record that it was there stays."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="attachments")
    update = models.ForeignKey(IssueUpdate, on_delete=models.PROTECT, null=True, blank=True, related_name="attachments")
    file = models.FileField(upload_to="attachments/%Y/%m", max_length=200, blank=True)
    name = models.CharField(_("name"), max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text=_("bytes"))
    sha256 = models.CharField(max_length=64)
    host_reads = models.BooleanField(_("the host can read this"), default=False)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="attachment_removed_at_with_by",
            ),
        ]


class HoldsCheck(models.Model):
    """Does it still hold? Asked ``days`` after ``confirmed_on`` (a day at the site); one that is confirmed again is asked
    anew. A "no" needs words and leads back to in progress."""

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="checks")
    confirmed_on = models.DateField()
    days = models.PositiveSmallIntegerField()
    holds = models.BooleanField()
    words = models.TextField(max_length=4000, blank=True)
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issue", "confirmed_on", "days"], name="check_answered_once"),
            models.CheckConstraint(condition=Q(holds=True) | ~Q(words=""), name="failed_check_has_words"),
        ]


class SavedView(models.Model):
    """A person's own filter of the issue list, as its query string. The list opens with the one that is ``is_default``."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="issue_views")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=500)
    position = models.PositiveSmallIntegerField(default=0)
    is_default = models.BooleanField(_("the list opens with it"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="issue_view_named_once"),
            models.UniqueConstraint(fields=["user"], condition=Q(is_default=True), name="issue_view_one_default"),
            models.CheckConstraint(condition=~Q(name=""), name="issue_view_has_name"),
        ]
