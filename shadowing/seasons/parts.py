"""A season set up part by part: each part is some keys of its season file, checked and written as the whole file is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from people.errors import Conflict
from people.models import Site, User
from shadowing.models import Season, SeasonExecutive
from shadowing.seasons import rights
from shadowing.seasons.apply import PEOPLE, apply_season
from shadowing.seasons.exporting import export_season

WINDOW = frozenset({"starts_on", "ends_on"})


class ChangedMeanwhile(Conflict):
    """Somebody else changed the same part since it was read. Nothing was changed."""


def start_season(*, part: Mapping[str, Any], by: User, now: datetime) -> Season:
    """A new draft from its first part: program, name, short name, window, perhaps ``copy_from``.

    Its sites come from the season it copies; without one, somebody who works with some sites starts with theirs, and
    everybody else chooses them next. Raises SeasonRefused.
    """
    data = dict(part)
    if "copy_from" not in data and not by.coordinates_everywhere:
        slugs = Site.objects.filter(pk__in=by.coordinated_site_ids).order_by("slug").values_list("slug", flat=True)
        data["sites"] = [{"slug": slug} for slug in slugs]
    return apply_season(data=data, by=by, now=now, create_only=True, unfinished=True)


@transaction.atomic
def change_season(*, season: Season, part: Mapping[str, Any], by: User, now: datetime, seen: str = "") -> Season:
    """Write some keys of a season, the others stay. Opened and preferred days outside a new window are dropped.

    ``seen`` is the stamp of the part as it was read. Raises SeasonRefused, NotAllowed, or ChangedMeanwhile when the part
    has another stamp by now.
    """
    locked = Season.objects.select_for_update(no_key=True).get(pk=season.pk)
    rights.require_change(by, locked)
    whole = export_season(locked, people=bool(PEOPLE_KEYS.intersection(part)))
    if seen and seen != stamp_of(whole, part):
        raise ChangedMeanwhile(_("Somebody else has just changed this part. Nothing of yours was saved yet."))
    data, only = {**whole, **part}, frozenset(part)
    if WINDOW & only:
        data["sites"], only = _within(data), only | {"sites"}
    saved = apply_season(data=data, season=locked, by=by, now=now, only=only, unfinished="sites" not in part)
    if WINDOW & only:
        _drop_wishes_outside(saved)
    return saved


PEOPLE_KEYS = frozenset(PEOPLE)


def stamp_of(whole: Mapping[str, Any], keys: Collection[str]) -> str:
    """A short text that differs when one of these keys of a season file does."""
    words = json.dumps({key: whole.get(key) for key in sorted(keys)}, sort_keys=True, default=str)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _within(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The sites without the opened days that lie outside the window. Dates in ISO compare as texts."""
    first, last = str(data["starts_on"]), str(data["ends_on"])
    return [site | {"open_days": [day for day in site["open_days"] if first <= day <= last]} for site in data["sites"]]


def _drop_wishes_outside(season: Season) -> None:
    first, last = season.starts_on.isoformat(), season.ends_on.isoformat()
    changed = []
    for row in SeasonExecutive.objects.filter(season=season).exclude(preferred=[]):
        kept = [day for day in row.preferred if first <= day <= last]
        if kept != row.preferred:
            row.preferred = kept
            changed.append(row)
    SeasonExecutive.objects.bulk_update(changed, ["preferred"], batch_size=500)
