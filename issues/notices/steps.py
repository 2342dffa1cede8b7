"""Which reminder of a date is owed on a day. Pure; all dates are calendar days at the issue's site.

``late`` is whole days since the date a reminder counts from, negative before it. A day without a sweep loses
nothing: the newest step reached is returned until the next one begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

TARGET_AHEAD = -7  # the one reminder before a target date


def listed(days: Sequence[int], late: int) -> int | None:
    """Place (from 0) of the newest of ``days`` that is reached; None before the first."""
    reached = [place for place, day in enumerate(sorted(days)) if day <= late]
    return reached[-1] if reached else None


def repeated(every: int, late: int) -> int | None:
    """0 from the day after the date, 1 ``every`` days later, and so on; None while the date has not passed."""
    return (late - 1) // every if late >= 1 else None


def of_target(*, target: date, taken_away: date, today: date) -> int | None:
    """-7 a week ahead, 0 on the day, then 7, 14, … A date promised at shorter notice has no reminder a week ahead."""
    late = (today - target).days
    if late >= 0:
        return late - late % 7
    short_notice = (target - taken_away).days <= -TARGET_AHEAD
    return TARGET_AHEAD if late >= TARGET_AHEAD and not short_notice else None
