"""What the page of somebody's days shows, signed in or by a link from a message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.errors import Refused
from people.models import User
from shadowing.availability import actions
from shadowing.availability.closing import closes_on
from shadowing.availability.forms import DayForm, WeekForm
from shadowing.availability.month import Asked, asked_of, first_month, month_of, visits_of
from shadowing.availability.wishes import MOST_PREFERRED
from shadowing.models import Season, SeasonExecutive, UnavailableDay, UnavailableSource


@dataclass(frozen=True)
class Request:
    """A season that asks: until when, whether that is over, and what this executive answered (None: not asked as one)."""

    season: Season
    closes: date
    is_late: bool
    entry: SeasonExecutive | None


@dataclass(frozen=True)
class Marked:
    """How many days of one source are ahead, and the source in words."""

    source: str
    word: str
    days: int


def days_page(person: User, reader: User, *, month: str, today: date) -> dict[str, Any]:
    """Month, requests, own visits and wishes; the same for everybody who may see it. At most seven queries."""
    asked = asked_of(person, today=today)
    first = first_month(month, today=today, seasons=asked.seasons)
    visits = visits_of(person, reader, first=today.replace(day=1))
    return {
        "person": person,
        "asked": asked,
        "requests": list(requests_of(asked)),
        "month": month_of(asked, first=first, visits=visits),
        "visits": [visit for visit in visits if visit.date >= today],
        "wishes": wishes_said(asked),
        "today": today,
    }


def requests_of(asked: Asked) -> Iterable[Request]:
    """Each season that asks, with what it has heard."""
    entries = {entry.season_id: entry for entry in asked.entries}
    for season in asked.seasons:
        closes = closes_on(season)
        yield Request(season, closes, closes < asked.today, entries.get(season.pk))


def wishes_said(asked: Asked) -> str:
    """How many days an executive prefers and may still; empty for people who have no wish."""
    if not asked.entries:
        return ""
    number = max(len(entry.preferred) for entry in asked.entries)
    words = ngettext(
        "%(number)d of %(most)d preferred days chosen", "%(number)d of %(most)d preferred days chosen", number
    )
    return words % {"number": number, "most": MOST_PREFERRED}


def marked_by_source(person: User, *, today: date) -> list[Marked]:
    """Where the marks ahead come from. One query."""
    rows = UnavailableDay.objects.filter(user=person, date__gte=today).values_list("source")
    counts = dict(rows.annotate(number=Count("pk")).order_by())
    return [
        Marked(source, str(UnavailableSource(source).label), counts[source])
        for source in UnavailableSource.values if source in counts
    ]  # fmt: skip


def press(*, person: User, data: QueryDict, by: User, now: datetime) -> date | None:
    """What one press of the month does: a day turned around (its date is returned), or a week marked or freed.

    Raises NotAllowed, or Refused when neither is named.
    """
    day, week = DayForm(data), WeekForm(data)
    if day.is_valid():
        turned: date = day.cleaned_data["day"]
        actions.turn_day(person=person, day=turned, by=by, now=now)
        return turned
    if week.is_valid():
        away, days = week.cleaned_data["week"]
        actions.mark_days(person=person, days=days, away=away, by=by, now=now)
        return None
    raise Refused(_("Choose a day."))


def pressed(person: User, reader: User, day: date, *, today: date) -> dict[str, Any]:
    """What changes on the page when one day was turned: its cell, its week's head, the words above."""
    page = days_page(person, reader, month=f"{day:%Y-%m}", today=today)
    week = page["month"].week_of(day)
    return page | {"week": week, "day": next(each for each in week.days if each.date == day), "fresh": True}
