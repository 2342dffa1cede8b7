"""When messages would go out if nothing happened: each app foretells its own, by the functions its sweep goes by.

The sweep asks every minute what is owed; here the same question is put to each working day ahead at one site.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar

from django.utils import timezone
from django.utils.functional import Promise

from notifications.slots import Calendar
from people.models import Site
from shadowing.models import Season

DAY = timedelta(days=1)
Step = TypeVar("Step", bound=Hashable)


class Coming(NamedTuple):
    """One message: the day at the site, what it is, who gets it."""

    day: date
    what: str | Promise
    to: str | Promise


@dataclass(frozen=True)
class Foresight:
    """What follows from one event. ``rows(season, site, today)`` says what would go out if the event were today."""

    event: str | Promise
    rows: Callable[[Season, Site, date], Iterable[Coming]]


foresights: list[Foresight] = []
MOST = 30  # days of one event; a reminder every day would fill a page


@dataclass(frozen=True)
class Timeline:
    """One event with the days on which something goes out, each with its messages; ``more`` days are not shown."""

    event: str | Promise
    days: list[tuple[date, list[Coming]]]
    more: int = 0


def timelines(season: Season, site: Site, *, now: datetime) -> list[Timeline]:
    """What each event would set off if it were today at the site. Reads nothing but the season in hand."""
    today = timezone.localdate(now, site.zone)
    return [_timeline(foresight, season, site, today) for foresight in foresights]


def _timeline(foresight: Foresight, season: Season, site: Site, today: date) -> Timeline:
    days: dict[date, list[Coming]] = {}
    for coming in sorted(foresight.rows(season, site, today), key=lambda each: each.day):
        days.setdefault(coming.day, []).append(coming)
    return Timeline(foresight.event, list(days.items())[:MOST], max(len(days) - MOST, 0))


def calendar_of(site: Site) -> Calendar:
    return Calendar(site.country, site.subdivision)


def sent_on(
    site: Site, first: date, last: date, step_of: Callable[[date], Step | None], *, before: date | None = None,
    at_once: bool = False,
) -> Iterator[tuple[date, Step]]:  # fmt: skip
    """The days from ``first`` to ``last`` on which a sweep finds a step it has not told yet, with the step.

    Working days of the site only, the latest step each. ``before``: the event these precede; what would fall on closed
    days just ahead of it moves back to the last working day. ``at_once``: what is owed on the first day goes out on it."""
    told: set[Step] = set()
    for day in _days(site, first, last, at_once=at_once):
        if before is not None and day >= before:
            return
        asked = before - DAY if before is not None and next_working(site, day) >= before else day
        step = step_of(asked)
        if step is not None and step not in told:
            told.add(step)
            yield day, step


def next_working(site: Site, day: date) -> date:
    """The first working day after this one."""
    return next(_days(site, day + DAY, day + 40 * DAY), day + 40 * DAY)


def _days(site: Site, first: date, last: date, *, at_once: bool = False) -> Iterator[date]:
    calendar = calendar_of(site)
    for number in range((last - first).days + 1):
        day = first + number * DAY
        if calendar.works_on(day) or (at_once and day == first):
            yield day
