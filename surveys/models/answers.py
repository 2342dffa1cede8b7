"""Invitations and answers, kept so that nothing joins the two.

An invitation knows only that it was used. A response holds its round, its cell and, once released, the release's
number: no person, visit, date, time or sequence. Keys are random and are made anew at release.
"""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import BooleanField, Exists, ExpressionWrapper, Max, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from people.models import Site, User
from shadowing.models import Visit, VisitState
from surveys.models.questionnaires import Question
from surveys.models.rounds import BY_VISIT, Audience, Round


class CellQuerySet(models.QuerySet["Cell"]):
    def shown(self) -> CellQuerySet:
        """Cells that may be shown once released; named rounds hide none."""
        return self.filter(Q(hidden=False) | Q(round__anonymous=False))

    def visible_to(self, user: User) -> CellQuerySet:
        """The cells whose figures this person may see one by one: all, or those wholly of their own sites. Whether they
        see the round at all is the round's rule."""
        if user.reads_everything:
            return self.shown()
        foreign = Cell.sites.through.objects.exclude(site_id__in=user.coordinated_site_ids).values("cell_id")
        return self.shown().exclude(pk__in=foreign) if user.coordinated_site_ids else self.none()

    def for_results(self, user: User) -> CellQuerySet:
        """Cells that may be shown, in order, with ``own`` (this person may see it by itself), its site, and the day of
        its last release (None before the first)."""
        own = Cell.objects.visible_to(user).filter(pk=OuterRef("pk"))
        cells = self.shown().select_related("site").annotate(seen=Exists(own), newest=Max("releases__released_on"))
        return cells.order_by("pk")


class Cell(models.Model):
    """A part of a round whose figures may be shown: one site, or the pooled "other sites" (``site`` empty)."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="cells")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sites = models.ManyToManyField(Site, related_name="cells", help_text=_("all sites pooled here"))
    hidden = models.BooleanField(default=False, help_text=_("under k invited: never shown"))

    objects = CellQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "site"], name="cell_once_per_round_and_site"),
            models.UniqueConstraint(
                fields=["round"], condition=Q(site__isnull=True), name="pooled_cell_once_per_round"
            ),
        ]

    @property
    def own(self) -> bool:
        """Fetched by for_results(): may the reader see it by itself?"""
        return bool(getattr(self, "seen", False))

    @property
    def released_on(self) -> date | None:
        """Fetched by for_results(): the day of the last release."""
        return getattr(self, "newest", None)


class Release(models.Model):
    """The figures of a cell as of one moment: nothing anybody sees changes between two of them."""

    cell = models.ForeignKey(Cell, on_delete=models.CASCADE, related_name="releases")
    number = models.PositiveIntegerField()
    released_on = models.DateField()
    invited = models.PositiveIntegerField(help_text=_("invitations sent in the cell by then"))
    answered = models.PositiveIntegerField(help_text=_("answers released so far"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cell", "number"], name="release_number_once_per_cell")]


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def standing(self) -> InvitationQuerySet:
        """Without those whose visit was recorded as not having taken place, after they were invited for it: they are not
        asked and do not count as invited, used or not, so that no count tells which. Held again, they stand again, and so
        they do beside another held visit of the season. Joins nothing: rows can be updated as they are found."""
        return self.filter(_stands())

    def with_standing(self) -> InvitationQuerySet:
        """Each with ``stands``: would ``standing`` find it?"""
        return self.annotate(still=ExpressionWrapper(_stands(), BooleanField()))


def _stands() -> Q:
    return Q(*(~_fell_through(audience, person) for audience, person in BY_VISIT.items()))


def _fell_through(audience: Audience, person: str) -> Exists:
    """Of a round of this audience: a visit of theirs in its season is a no-show now, and none is held."""
    held = Visit.objects.filter(**{person: OuterRef(person)}, season=OuterRef("season"), state=VisitState.HELD)
    seasons = Round.objects.filter(pk=OuterRef(OuterRef("round")), audience=audience).values("season")
    missed = Visit.objects.filter(**{person: OuterRef("user")}, season__in=seasons, state=VisitState.NO_SHOW)
    return Exists(missed.filter(~Exists(held)))


class Invitation(models.Model):
    """Somebody may answer once. ``used`` says that they did: never when, never what."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="invitations")
    cell = models.ForeignKey(Cell, on_delete=models.CASCADE, related_name="invitations")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    due_from = models.DateField(help_text=_("the first day it may be asked; for a visit, its day"))
    used = models.BooleanField(default=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "user"], name="invited_once_per_round")]

    @property
    def stands(self) -> bool:
        """Fetched by with_standing(): is it still asked about a visit that took place, or about none?"""
        return bool(getattr(self, "still", False))


class Response(models.Model):
    """A finished set of answers. ``release`` empty: it waits and shows nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="responses")
    cell = models.ForeignKey(Cell, on_delete=models.CASCADE, related_name="responses")
    release = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["cell", "release"], name="response_by_release")]


class Answer(models.Model):
    """``number`` for scales and yes/no (1/0), ``choice`` for one of (one row per choice for some of), else ``text``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    number = models.SmallIntegerField(null=True, blank=True)
    choice = models.SlugField(max_length=60, blank=True)
    text = models.TextField(max_length=4000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "question", "choice"], name="answered_once"),
            models.CheckConstraint(
                condition=Q(number__isnull=False) | ~Q(choice="") | ~Q(text=""), name="answer_is_not_empty"
            ),
        ]


class Signature(models.Model):
    """Who gave a response of a *named* round. Anonymous rounds never write one."""

    response = models.OneToOneField(Response, on_delete=models.CASCADE, primary_key=True, related_name="signature")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")


class Tally(models.Model):
    """How often a value of a closed question was given in the released answers of a cell. Written by releases, in their
    transaction, so that figures cost the same at ten answers and at a million."""

    cell = models.ForeignKey(Cell, on_delete=models.CASCADE, related_name="tallies")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    number = models.SmallIntegerField(null=True, blank=True)
    choice = models.SlugField(max_length=60, blank=True)
    answers = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cell", "question", "number"], condition=Q(number__isnull=False), name="tally_once_per_number"
            ),
            models.UniqueConstraint(
                fields=["cell", "question", "choice"], condition=Q(number__isnull=True), name="tally_once_per_choice"
            ),
        ]


class Slip(models.Model):
    """A printed way in for somebody without e-mail: a short PIN for the shared terminal, kept only as a keyed hash.

    It points to round and person, as the invitation does, never to a response; whether it was used is the invitation's word."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="slips")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    pin_hash = models.CharField(max_length=64, unique=True)
    printed_on = models.DateField()
    expires_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "user"], name="slip_once_per_round_and_user")]
