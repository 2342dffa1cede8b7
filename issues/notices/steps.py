"""Which reminder of a date is owed on a day. Pure; all dates are calendar days at the issue's site.

``late`` is whole days since the date a reminder counts from, negative before it. A day without a sweep loses
nothing: the newest step reached is returned until the next one begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

MANAGER, COORDINATOR, SPONSOR = "manager", "coordinator", "sponsor"


def levels(step: int) -> tuple[str, ...]:
    """Who hears of a missed update besides the owner, by how often it was said before: level by level from the third
    time on."""
    return ((), (), (MANAGER,))[step] if step < 3 else (MANAGER, COORDINATOR, SPONSOR)


def listed(days: Sequence[int], late: int) -> int | None:
    """Place (from 0) of the newest of ``days`` that is reached; None before the first."""
    reached = [place for place, day in enumerate(sorted(days)) if day <= late]
    return reached[-1] if reached else None


def repeated(every: int, late: int) -> int | None:
    """0 from the day after the date, 1 ``every`` days later, and so on; None while the date has not passed."""
    return (late - 1) // every if late >= 1 else None


def of_target(
    *, target: date, taken_away: date, today: date, near: Sequence[int] = (-7,), every: int = 7
) -> int | None:
    """The newest of ``near`` (days before the date, negative), 0 on the day, then ``every`` days more.

    A date promised at shorter notice than one of ``near`` skips that one.
    """
    late = (today - target).days
    if late >= 0:
        return late - late % every
    notice = (target - taken_away).days
    return max((day for day in near if day <= late and -day < notice), default=None)


def of_check(*, confirmed: date, today: date, after: Sequence[int], again: Sequence[int]) -> tuple[int, int] | None:
    """(days, place): which check after ``confirmed`` is open on a day, and which reminder of it, 0 the first asking.

    The later check takes over from an earlier one. None before the first.
    """
    late = (today - confirmed).days
    days = max((day for day in after if day <= late), default=None)
    return None if days is None else (days, listed([0, *again], late - days) or 0)


def put_off(target: date, until: date | None, for_target: date | None, *, today: date) -> bool:
    """Does the owner's side hear nothing of this issue today? Until the day it was put off to, and only as long as the
    target date is the one it was put off for."""
    return until is not None and for_target == target and today < until
