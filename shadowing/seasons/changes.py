"""Changes of a season after people were asked, or after a plan was made."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.models import AuditEvent
from shadowing.models import Plan, Season, SeasonState

OF_NO_PLAN = {"name", "slug", "program_id", "agenda", "reminders", "questionnaires", "answer_by_days", "notice_days"}


def changed_after(season: Season, moment: datetime) -> datetime | None:
    """When the season was last changed after ``moment`` in anything a plan depends on; None where it was not. One query."""
    rows = AuditEvent.objects.filter(subject=f"season:{season.pk}", verb="season.changed", at__gt=moment)
    for at, changes in rows.order_by("-at", "-pk").values_list("at", "changes"):
        if set(changes) - OF_NO_PLAN:
            return at
    return None


def meaning(season: Season) -> str:
    """What changing the season now means for people asked and plans made; empty for a fresh draft. One query."""
    plans = Plan.objects.finished().filter(season=season).count()
    words = []
    if season.state in (SeasonState.COLLECTING, SeasonState.PLANNED):
        words.append(_("People have been asked for their days. What they answered is kept."))
    if plans:
        words.append(
            ngettext(
                "The plan made so far does not know of changes: propose a new one afterwards.",
                "The %(number)d plans made so far do not know of changes: propose a new one afterwards.",
                plans,
            )
            % {"number": plans}
        )
    return " ".join(words)
