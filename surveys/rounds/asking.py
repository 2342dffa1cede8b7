"""Which version of a questionnaire the next round asks."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from people.errors import Refused
from surveys.models import QuestionnaireVersion
from surveys.questionnaires.builtin import BUILTIN, builtin_version


def newest_version(slug: str, *, now: datetime) -> QuestionnaireVersion:
    """The newest published version; built-in ones are written when first asked for. Raises Refused when there is none."""
    if slug in BUILTIN:
        return builtin_version(slug, now=now)
    published = QuestionnaireVersion.objects.filter(questionnaire__slug=slug, published_at__isnull=False)
    if version := published.select_related("questionnaire").order_by("-number").first():
        return version
    raise Refused(_("Nothing of this questionnaire is published yet."), field="version")
