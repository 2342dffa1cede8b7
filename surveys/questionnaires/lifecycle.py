"""From a name to a published version, and what comes after: one function a verb, one transaction each.

A questionnaire has at most one draft. Publishing freezes it for good; a later edit makes a new version, so that answers
keep the questions they were given to. Lock order: questionnaire, then version.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from people.models import AuditEvent, User
from surveys.models import Questionnaire, QuestionnaireVersion, Round, RoundState
from surveys.questionnaires import rights
from surveys.questionnaires.builtin import BUILTIN
from surveys.questionnaires.checking import gaps, problems
from surveys.questionnaires.definition import Definition, definition_of, normal, store
from surveys.questionnaires.refusals import EditedMeanwhile, Frozen, Incomplete, InUse, NotWellFormed

TRIES = 10


@transaction.atomic
def create(*, name: str, description: str, languages: Sequence[str], by: User, now: datetime) -> QuestionnaireVersion:
    """A questionnaire with an empty draft. Raises NotYours or NotWellFormed (an unknown language)."""
    empty = {"languages": list(languages), "intro": {}, "sections": [], "questions": []}
    return start(name=name, description=description, definition=empty, by=by, now=now, verb="questionnaire.created")


def start(
    *, name: str, description: str, definition: Definition, by: User, now: datetime, verb: str, **changes: Any
) -> QuestionnaireVersion:
    """A new questionnaire whose draft says ``definition``; inside the caller's transaction. ``changes`` goes to the record."""
    rights.require_write(by)
    if found := problems(definition):
        raise NotWellFormed(found)
    questionnaire = _new_questionnaire(name, description)
    version = QuestionnaireVersion(questionnaire=questionnaire, number=1, created_by=by)
    first_save(version, definition)
    record(version, verb, by=by, now=now, **changes)
    return version


@transaction.atomic
def new_version(*, questionnaire_id: int, by: User, now: datetime) -> QuestionnaireVersion:
    """A draft that says what the newest published version says; that one and its answers stay as they are.

    Raises NotYours, Retired or InUse (there is a draft already)."""
    questionnaire = Questionnaire.objects.select_for_update().get(pk=questionnaire_id)
    rights.require_change(by, questionnaire)
    newest = questionnaire.versions.order_by("-number").first()
    if newest is None or newest.published_at is None:
        raise InUse(_("There is a draft already. Go on with that one."))
    version = QuestionnaireVersion(questionnaire=questionnaire, number=newest.number + 1, created_by=by)
    first_save(version, definition_of(newest))
    record(version, "questionnaire.version_started", by=by, now=now, number=version.number)
    return version


@transaction.atomic
def duplicate(*, version_id: int, by: User, now: datetime) -> QuestionnaireVersion:
    """A new questionnaire whose draft says what this version says. Open to whoever writes questionnaires."""
    rights.require_write(by)
    source = QuestionnaireVersion.objects.select_related("questionnaire").get(pk=version_id)
    name = _("Copy of %(name)s") % {"name": source.questionnaire.name}
    return start(
        name=name[: Questionnaire._meta.get_field("name").max_length],
        description=source.questionnaire.description,
        definition=definition_of(source),
        by=by,
        now=now,
        verb="questionnaire.duplicated",
        source=source.pk,
    )


@transaction.atomic
def publish(*, version_id: int, revision: int, by: User, now: datetime) -> QuestionnaireVersion:
    """Freeze a draft for good. ``revision``: the draft as the person saw it.

    Raises NotYours, Retired, Frozen, EditedMeanwhile, or Incomplete with every gap that is left."""
    version = locked_draft(version_id, revision=revision, by=by)
    if found := gaps(normal(definition_of(version))):
        raise Incomplete(found)
    version.published_at, version.published_by = now, by
    version.save(update_fields=["published_at", "published_by"])
    record(version, "questionnaire.published", by=by, now=now, number=version.number)
    return version


@transaction.atomic
def discard(*, version_id: int, by: User, now: datetime) -> bool:
    """Throw a draft away; True when the questionnaire went with it, because the draft was all it had.

    Raises NotYours, Frozen, or InUse (a round is planned with it)."""
    version = locked_draft(version_id, revision=None, by=by)
    if version.rounds.exists():
        raise InUse(_("A round is planned with this draft. Take that back first."))
    questionnaire = version.questionnaire
    record(version, "questionnaire.discarded", by=by, now=now, number=version.number, name=questionnaire.name)
    version.delete()
    if gone := not questionnaire.versions.exists():
        questionnaire.delete()
    return gone


@transaction.atomic
def retire(*, questionnaire_id: int, by: User, now: datetime) -> Questionnaire:
    """No new rounds from now on. Rounds that run go on, results stay. Raises NotYours, Retired or InUse."""
    questionnaire = Questionnaire.objects.select_for_update().get(pk=questionnaire_id)
    rights.require_change(by, questionnaire)
    if questionnaire.slug in BUILTIN:
        raise InUse(_("Built-in questionnaires are not retired: a season asks only those it lists."))
    if Round.objects.filter(version__questionnaire=questionnaire, state=RoundState.DRAFT).exists():
        raise InUse(_("A round of it is planned. Take that back first."))
    questionnaire.retired_at, questionnaire.retired_by = now, by
    questionnaire.save(update_fields=["retired_at", "retired_by"])
    record_of(questionnaire, "questionnaire.retired", by=by, now=now)
    return questionnaire


@transaction.atomic
def bring_back(*, questionnaire_id: int, by: User, now: datetime) -> Questionnaire:
    """Rounds may be planned with it again. Raises NotYours or InUse (it is not retired)."""
    questionnaire = Questionnaire.objects.select_for_update().get(pk=questionnaire_id)
    rights.require_write(by)
    if questionnaire.retired_at is None:
        raise InUse(_("This questionnaire is not retired."))
    questionnaire.retired_at = questionnaire.retired_by = None
    questionnaire.save(update_fields=["retired_at", "retired_by"])
    record_of(questionnaire, "questionnaire.brought_back", by=by, now=now)
    return questionnaire


def locked_draft(version_id: int, *, revision: int | None, by: User) -> QuestionnaireVersion:
    """The draft, locked and theirs to change. ``revision`` None: whatever it is by now."""
    found = QuestionnaireVersion.objects.only("questionnaire_id").get(pk=version_id)
    questionnaire = Questionnaire.objects.select_for_update().get(pk=found.questionnaire_id)
    version = QuestionnaireVersion.objects.select_for_update().get(pk=version_id)
    version.questionnaire = questionnaire
    rights.require_change(by, questionnaire)
    if version.published_at:
        raise Frozen
    if revision is not None and version.revision != revision:
        raise EditedMeanwhile(version.revision, _last_editor(version, by))
    return version


def record(version: QuestionnaireVersion, verb: str, *, by: User, now: datetime, **changes: Any) -> None:
    """Write what was done with a version into the audit trail."""
    subject = f"questionnaire_version:{version.pk}"
    AuditEvent.objects.create(at=now, by=by, verb=verb, subject=subject, changes=changes)


def record_of(questionnaire: Questionnaire, verb: str, *, by: User, now: datetime, **changes: Any) -> None:
    """The same for what concerns all its versions."""
    subject = f"questionnaire:{questionnaire.pk}"
    AuditEvent.objects.create(at=now, by=by, verb=verb, subject=subject, changes=changes)


def _last_editor(version: QuestionnaireVersion, reader: User) -> str:
    """Who wrote last, if it was somebody else."""
    events = AuditEvent.objects.filter(subject=f"questionnaire_version:{version.pk}").select_related("by")
    last = events.order_by("-pk").first()
    return "" if last is None or last.by is None or last.by == reader else str(last.by)


def first_save(version: QuestionnaireVersion, definition: Definition) -> None:
    """A new draft that says this; inside the caller's transaction."""
    version.save()
    store(version, normal(definition))


def _new_questionnaire(name: str, description: str) -> Questionnaire:
    """Under a short name nobody has; whoever takes the same one at the same moment gets the next."""
    for _attempt in range(TRIES):
        try:
            with transaction.atomic():
                return Questionnaire.objects.create(slug=_free_slug(name), name=name, description=description)
        except IntegrityError:
            continue
    raise InUse(_("Many questionnaires of this name are being started right now. Try again."))


def _free_slug(name: str) -> str:
    """A short name nobody has yet, and none of the built-in ones."""
    stem = slugify(name)[:50] or "questionnaire"
    taken = set(Questionnaire.objects.filter(slug__startswith=stem).values_list("slug", flat=True)) | set(BUILTIN)
    numbers = range(2, len(taken) + 3)
    return next(slug for slug in (stem, *(f"{stem}-{number}" for number in numbers)) if slug not in taken)
