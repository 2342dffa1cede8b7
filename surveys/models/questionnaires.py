"""Versioned lists of questions. A published version never changes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import User


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def visible_to(self, user: User) -> QuestionnaireQuerySet:
        """All of them for whoever writes questionnaires, none for everybody else: they meet questions as answerers."""
        return self.all() if user.identities & {"admin", "coordinator"} else self.none()


class Questionnaire(models.Model):
    """What the versions of one list of questions share."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), max_length=500, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True, help_text=_("no new rounds from then on"))
    retired_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True, retired_by__isnull=True)
                | Q(retired_at__isnull=False, retired_by__isnull=False),
                name="questionnaire_retired_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.name


class VersionQuerySet(models.QuerySet["QuestionnaireVersion"]):
    def visible_to(self, user: User) -> VersionQuerySet:
        """Versions of the questionnaires this person may see."""
        return self.all() if user.identities & {"admin", "coordinator"} else self.none()


class QuestionnaireVersion(models.Model):
    """A draft until it is published, then frozen for good. ``sections`` is a list of {key, texts}, ``intro`` and the texts
    of a section map language → words. ``revision`` counts edits of a draft, so that two editors notice each other."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    languages = models.JSONField(default=list, help_text=_("codes, the first one shown when a text is missing"))
    intro = models.JSONField(default=dict, blank=True)
    sections = models.JSONField(default=list, blank=True)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="version_once_per_questionnaire"),
            models.UniqueConstraint(
                fields=["questionnaire"], condition=Q(published_at__isnull=True), name="one_draft_per_questionnaire"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire} {self.number}"


class QuestionType(models.TextChoices):
    SCALE_5 = "scale5", _("scale 1–5")
    SCALE_10 = "scale10", _("0–10")
    YES_NO = "yesno", _("yes/no")
    ONE_OF = "one", _("one of")
    SOME_OF = "some", _("some of")
    TEXT = "text", _("free text")


class Question(models.Model):
    """``section`` is the key of one of the version's sections, or empty. ``texts`` maps language → {text, low, high,
    hint}; ``options`` is a list of {key, texts}. ``shown_if`` is {"question": key, "is": value}
    about an earlier question, or empty."""

    Type = QuestionType

    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.CASCADE, related_name="questions")
    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=120, blank=True)
    type = models.CharField(max_length=7, choices=QuestionType)
    required = models.BooleanField(default=False)
    texts = models.JSONField(default=dict)
    options = models.JSONField(default=list, blank=True)
    shown_if = models.JSONField(default=dict, blank=True)
    alignment_key = models.SlugField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="question_key_once_per_version"),
            models.UniqueConstraint(fields=["version", "position"], name="question_position_once_per_version"),
            models.CheckConstraint(condition=Q(type__in=QuestionType.values), name="question_type_known"),
        ]
