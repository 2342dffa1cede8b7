"""Who is away at a moment, and who stands in for them. Days of an absence are calendar days in the person's own zone."""

from __future__ import annotations

import zoneinfo
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from people.models import Absence, User


def away(now: datetime) -> dict[int, int | None]:
    """Everybody who is away at ``now``, with who stands in for them: None where nobody does, or where that one has left
    or is away too. One query."""
    found = {}
    for user, zone, first, last, substitute, active in _rows(now):
        if first <= timezone.localdate(now, _zone(zone)) <= last:
            found[user] = substitute if active else None
    return {user: None if substitute in found else substitute for user, substitute in found.items()}


def acts_for(user: User, now: datetime) -> User:
    """The same person, knowing for whom they stand in at ``now`` (``User.acting_for``). One query, or none where the
    person was loaded with ``may_stand_in`` and it is False."""
    if getattr(user, "may_stand_in", True):  # not vars(): request.user is a lazy wrapper
        user.acting_for = frozenset(each for each, other in away(now).items() if other == user.pk)
    return user


def _rows(now: datetime) -> list[tuple[Any, ...]]:
    columns = ("user", "user__time_zone", "first_day", "last_day", "substitute", "substitute__is_active")
    return list(Absence.objects.around(now).values_list(*columns).order_by("pk"))


def _zone(name: str) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(name or settings.TIME_ZONE)
