"""A season's reminder policy: changed by itself, also after publishing, for issues live on after their season."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from people.models import AuditEvent, User
from shadowing.models import Season
from shadowing.seasons import rights
from shadowing.seasons.parts import ChangedMeanwhile, stamp_of
from shadowing.seasons.problems import SeasonRefused
from shadowing.seasons.spec import read_reminders

KEY = frozenset({"reminders"})


def stamp(season: Season) -> str:
    """What the policy says now, as a short text."""
    return stamp_of({"reminders": season.reminders}, KEY)


@transaction.atomic
def change_reminders(
    *, season: Season, reminders: Mapping[str, Any], by: User, now: datetime, seen: str = ""
) -> Season:
    """Make this the season's reminder policy; what it leaves out follows the defaults. No difference, no event.

    It counts from the next sweep on: what was sent stays sent, and a reminder whose day has passed meanwhile is sent once.
    ``seen`` is the policy's stamp as it was read. Raises NotAllowed, SeasonRefused, or ChangedMeanwhile."""
    season = Season.objects.select_for_update(no_key=True).get(pk=season.pk)
    rights.require_change(by, season)
    if seen and seen != stamp(season):
        raise ChangedMeanwhile(_("Somebody else has just changed the reminders. Nothing of yours was saved yet."))
    policy, problems = read_reminders(dict(reminders))
    if problems:
        raise SeasonRefused(problems)
    before, season.reminders = season.reminders, policy
    if before == policy:
        return season
    season.save(update_fields=["reminders"])
    names = sorted({*before, *policy})
    changes = {name: [before.get(name), policy.get(name)] for name in names if before.get(name) != policy.get(name)}
    subject = f"season:{season.pk}"
    AuditEvent.objects.create(at=now, by=by, verb="season.reminders", subject=subject, changes=changes)
    return season
