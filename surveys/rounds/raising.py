"""Raising what it takes until something is shown. Never lowered: people answered under what they were told."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from people.errors import Refused
from people.models import User
from surveys.models import Round
from surveys.rounds.cells import hide_under
from surveys.rounds.closing import open_one
from surveys.rounds.rights import record


@transaction.atomic
def raise_thresholds(*, round_id: int, k: int, k_text: int, by: User, now: datetime) -> Round:
    """Ask for more answers before figures (``k``) and texts (``k_text``) of an open round are shown.

    Raises Refused when either would be lower than now, Conflict when the round is not open."""
    survey_round = open_one(round_id, by)
    if k < survey_round.k:
        raise Refused(_("Once a survey is open its threshold is raised, never lowered."), field="k")
    if k_text < max(survey_round.k_text, k):
        raise Refused(_("Once a survey is open its threshold is raised, never lowered."), field="k_text")
    before = [survey_round.k, survey_round.k_text]
    survey_round.k, survey_round.k_text = k, k_text
    survey_round.save(update_fields=["k", "k_text"])
    hide_under(survey_round)
    record(survey_round, "raised", by=by, now=now, before=before, after=[k, k_text])
    return survey_round
