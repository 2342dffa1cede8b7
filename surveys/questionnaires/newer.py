"""Built-in questionnaires whose questions came newer with the program than the version that is asked.

Nothing changes by itself: answers before and after would no longer be to the same questions. Whoever changes built-in
questionnaires is offered the newer questions as a draft. A version somebody wrote is theirs and is never compared."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext as _

from people.models import User
from surveys.models import Question, Questionnaire, QuestionnaireVersion
from surveys.questionnaires import rights
from surveys.questionnaires.builtin import BUILTIN
from surveys.questionnaires.definition import Definition, definition_of, normal
from surveys.questionnaires.lifecycle import first_save, record
from surveys.questionnaires.refusals import InUse


def is_behind(newest: QuestionnaireVersion, definition: Definition) -> bool:
    """Did the program bring other questions than this newest version of a questionnaire asks, and nobody rewrote them?

    ``definition``: the version's, in its one way to be written."""
    slug = newest.questionnaire.slug
    return slug in BUILTIN and _untouched(newest) and definition != builtin_definition(slug)


def _untouched(version: QuestionnaireVersion) -> bool:
    """Published word for word as it came with the program."""
    return version.published_at is not None and version.created_by_id is None and version.revision == 0


def builtin_definition(slug: str) -> Definition:
    """What the program brings, as plain data."""
    return normal(BUILTIN[slug])


def behind(newest_ids: Iterable[int]) -> set[int]:
    """Those of these newest versions that are behind. One query."""
    questions = Question.objects.filter(version__in=list(newest_ids), version__questionnaire__slug__in=BUILTIN)
    ordered = questions.select_related("version__questionnaire").order_by("version", "position", "pk")
    groups = (list(rows) for _version, rows in groupby(ordered, key=lambda row: row.version_id))
    return {
        rows[0].version_id
        for rows in groups
        if is_behind(rows[0].version, normal(definition_of(rows[0].version, rows)))
    }


@transaction.atomic
def take_newer(*, slug: str, by: User, now: datetime) -> QuestionnaireVersion:
    """A draft that asks what the program brings; what was asked before and its answers stay as they are.

    Raises NotYours, Retired, or InUse where there is a draft already or nothing newer."""
    questionnaire = Questionnaire.objects.select_for_update().get(slug=slug)
    rights.require_change(by, questionnaire)
    newest = questionnaire.versions.order_by("-number").select_related("questionnaire")[0]
    if newest.published_at is None:
        raise InUse(_("There is a draft already. Go on with that one."))
    if not is_behind(newest, normal(definition_of(newest))):
        raise InUse(_("This questionnaire asks what the program brings already, or was rewritten here."))
    version = QuestionnaireVersion(questionnaire=questionnaire, number=newest.number + 1)
    first_save(version, builtin_definition(slug))
    record(version, "questionnaire.version_started", by=by, now=now, number=version.number, newer=True)
    return version
