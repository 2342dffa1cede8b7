"""Until when a season asks for days: a number of days before its first one, from its reminder policy."""

from __future__ import annotations

from datetime import date, timedelta

from shadowing.models import Season


def closes_on(season: Season) -> date:
    """The day by which days are wanted; later ones are noted too, as long as the season is not published."""
    before: list[int] = season.policy("days_close")
    return season.starts_on + timedelta(days=min(before, default=0))


def reminder_day(season: Season) -> date:
    """The day from which those who have not answered are reminded, once."""
    before: list[int] = season.policy("days_asked")
    return closes_on(season) + timedelta(days=min(before, default=0))
