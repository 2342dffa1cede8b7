"""What is owed to be said (Notice), what is sent (Message), and the links inside (Link).

The database is the queue; Celery only wakes. No row here holds a live link or the text of a message: both are made
when it is sent. Subjects are written as "kind:id", for example "issue:214" or "visit:<uuid>".
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from people.models import User


class MessageState(models.TextChoices):
    QUEUED = "queued", _("queued")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")  # parked after too many attempts, shown to admins
    CANCELLED = "cancelled", _("cancelled")


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> MessageQuerySet:
        """Queued messages whose time has come and that no living worker holds."""
        return self.filter(state=MessageState.QUEUED, due_at__lte=now)

    def with_words_before(self, instant: datetime) -> MessageQuerySet:
        """Messages queued before, the oldest first, that still say what was sent (notifications.pruning)."""
        done = self.exclude(state=MessageState.QUEUED)
        return done.filter(created_at__lt=instant, subject_line__gt="").order_by("created_at")

    def visible_to(self, user: User) -> MessageQuerySet:
        """Admins and all-site coordinators see the outbox; coordinators of some sites see what is about those sites;
        nobody else sees any. Notices of anonymous survey rounds are counted elsewhere, never listed."""
        seen = self.filter(personal=False)
        if user.coordinates_everywhere:
            return seen
        mine = Notice.objects.filter(site_id__in=user.coordinated_site_ids)
        own, named = mine.filter(message=OuterRef("pk")), mine.filter(message=OuterRef("resend_of"))
        return seen.filter(Exists(own) | Exists(named))


class Message(models.Model):
    """One e-mail to one person. ``due_at`` doubles as the lease: a worker that claims the row moves it on, and
    ``attempts`` (claims, never counted down) is the fence that keeps a slow worker from marking a row somebody else
    claimed after it. ``failures`` counts what the row itself is to blame for; an unreachable server is not."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="messages")
    on_behalf_of = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    state = models.CharField(_("state"), max_length=9, choices=MessageState, default=MessageState.QUEUED)
    personal = models.BooleanField(default=False, help_text=_("about an anonymous survey: counted, never listed"))
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    held_back = models.BooleanField(db_default=False, default=False, help_text=_("mail to this address came back"))
    subject_line = models.CharField(max_length=250, blank=True, help_text=_("as it was sent"))
    resend_of = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="resends", db_index=False)
    sent_to = models.CharField(
        max_length=320, blank=True, db_default="", help_text=_("the address the mail server took it for")
    )
    bounced_at = models.DateTimeField(null=True, blank=True)
    bounced_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="message_state_known"),
            models.CheckConstraint(
                condition=Q(state=MessageState.SENT, sent_at__isnull=False)
                | (~Q(state=MessageState.SENT) & Q(sent_at__isnull=True)),
                name="message_sent_has_time",
            ),
            models.CheckConstraint(
                condition=Q(bounced_at__isnull=True, bounced_by__isnull=True)
                | Q(bounced_at__isnull=False, bounced_by__isnull=False),
                name="message_bounced_at_with_by",
            ),
            models.CheckConstraint(
                condition=Q(on_behalf_of__isnull=True) | ~Q(on_behalf_of=F("recipient")),
                name="message_behalf_of_another",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="message_due", condition=Q(state="queued")),
            models.Index(fields=["-created_at", "id"], name="message_newest"),
            models.Index(fields=["resend_of"], name="message_resends", condition=Q(resend_of__isnull=False)),
            models.Index(fields=["recipient"], name="message_bounced", condition=Q(bounced_at__isnull=False)),
            models.Index(fields=["created_at"], name="message_with_words", condition=Q(subject_line__gt="")),
        ]

    @property
    def message_id(self) -> str:
        """The fixed Message-ID header: the same for every attempt, so a mailbox can fold a doubled copy."""
        return f"<message-{self.pk}@floorprogram>"

    @property
    def shown_state(self) -> str:
        """Its state as people read it: one that waits for a better address is held back, not just queued."""
        return "held" if self.held_back and self.state == MessageState.QUEUED else self.state

    @property
    def told(self) -> models.QuerySet[Notice]:
        """Its notices; a resent message says what the old one said."""
        return Notice.objects.filter(message=self.resend_of_id or self.pk)

    def changeable_by(self, user: User) -> bool:
        """May resend or cancel it: coordinates every site it is about. What is about no site is for those of all."""
        if user.coordinates_everywhere:
            return True
        sites = set(self.told.values_list("site_id", flat=True))
        return bool(sites and user.coordinated_site_ids and sites <= user.coordinated_site_ids)


KEY = ["recipient", "kind", "subject", "anchor", "step"]


class Notice(models.Model):
    """Something is owed to be said to a person, once. ``anchor`` is the date it counts from and ``step`` which of the
    reminders of that date it is, so a moved date re-arms and a second sweep adds nothing. An assistant of two
    executives is owed a notice for each."""

    # No constraint of its own: it is the recipient of its message, which has one
    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices", db_constraint=False)
    kind = models.CharField(_("kind"), max_length=60)
    subject = models.CharField(_("about"), max_length=80)
    anchor = models.DateField(_("counts from"))
    step = models.IntegerField(_("step"), default=0)
    on_behalf_of = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    site_id = models.BigIntegerField(null=True, help_text=_("the site it is about, for who may see it"))
    not_after = models.DateField(null=True, help_text=_("the event it precedes: not sent on that day or later"))
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="notices")
    dropped = models.BooleanField(default=False, help_text=_("no longer held when it was about to be sent"))
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=KEY, condition=Q(on_behalf_of__isnull=True), name="notice_owed_once"),
            models.UniqueConstraint(
                fields=[*KEY, "on_behalf_of"],
                condition=Q(on_behalf_of__isnull=False),
                name="notice_owed_once_on_behalf",
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "created_at"], name="notice_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Link(models.Model):
    """A signed link in a message: one purpose, one person, one subject, until it expires. Only its hash is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    on_behalf_of = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    private = models.BooleanField(help_text=_("sent to an address of this person alone"))
    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, related_name="links")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="link_expires_after_creation"),
        ]
        indexes = [
            models.Index(fields=["subject", "purpose"], name="link_by_subject"),
            models.Index(fields=["expires_at"], name="link_by_expiry"),
        ]


class DigestOptOut(models.Model):
    """Somebody who does not want a digest any more; reminders of their own duties still come."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="digest_opt_outs")
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="digest_left_once")]


class Webhook(models.Model):
    """An address of a chat bridge that hears of some kinds of event, signed as Standard Webhooks has it. Empty ``kinds``
    are all.

    ``secret`` is not the signing key but what it is made from together with SECRET_KEY: a copy of the database signs
    nothing. While it is being changed, what was signed with before (``retiring_secret``) signs too."""

    name = models.CharField(_("name"), max_length=80)
    url = models.URLField(_("address"), max_length=500)
    secret = models.CharField(max_length=100)
    retiring_secret = models.CharField(max_length=100, blank=True)
    retiring_until = models.DateTimeField(null=True, blank=True)
    hears_from = models.DateTimeField(help_text=_("what was told before, or while it was paused, is not for it"))
    heard_until = models.DateTimeField(help_text=_("notices up to then have been looked through"))
    kinds = models.JSONField(_("kinds"), default=list, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True, paused_by__isnull=True)
                | Q(paused_at__isnull=False, paused_by__isnull=False),
                name="webhook_paused_at_with_by",
            ),
            models.CheckConstraint(
                condition=Q(retiring_secret="", retiring_until__isnull=True)
                | (~Q(retiring_secret="") & Q(retiring_until__isnull=False)),
                name="webhook_retiring_has_end",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class WebhookDelivery(models.Model):
    """One event for one webhook. Like a message it is its own queue entry: ``due_at`` is the lease, ``attempts`` the
    fence, ``failures`` what was answered wrongly. Holds ids only; the body is made when it is sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    kind = models.CharField(_("kind"), max_length=60)
    subject = models.CharField(_("about"), max_length=80)
    key = models.CharField(max_length=120, help_text=_("the event, once per webhook"))
    state = models.CharField(_("state"), max_length=9, choices=MessageState, default=MessageState.QUEUED)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["webhook", "key"], name="event_once_per_webhook"),
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="delivery_state_known"),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="delivery_due", condition=Q(state="queued")),
            models.Index(fields=["webhook", "-created_at", "id"], name="delivery_newest_of_webhook"),
        ]
