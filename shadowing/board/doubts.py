"""What stands against the visits on the board, by the rules of shadowing.visits.warnings, and the season's counts.

Everything those rules look at comes in one statement, a union, instead of one for each kind of fact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.db.models import CharField, Count, DateField, F, IntegerField, Q, QuerySet, Value

from shadowing.board.rows import VisitRow
from shadowing.models import (
    Acknowledgement,
    Season,
    SeasonHost,
    SeasonSite,
    UnavailableDay,
    Visit,
    VisitDay,
    VisitState,
    Willing,
)
from shadowing.visits import warnings
from shadowing.visits.warnings import BLOCKING, CHECKS, Facts

WARNED_STATES = (VisitState.PROPOSED, VisitState.INVITED, VisitState.CONFIRMED)
COLUMNS = ("kind", "a", "b", "c", "d", "e", "day", "text")


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that stands against a visit. ``severity`` is blocks, warns or acknowledged."""

    code: str
    text: str
    severity: str


@dataclass
class Reading:
    """The facts behind the warnings, and the season's visits by site, date and state."""

    facts: Facts
    counts: Counter[tuple[int, date, str]] = field(default_factory=Counter)

    def doubts(self, row: VisitRow) -> list[Doubt]:
        """What stands against this visit, what blocks first; nothing against visits that are over."""
        if row.state not in WARNED_STATES:
            return []
        visit = cast("Visit", row)
        found = [(code, check(visit, self.facts)) for code, check in CHECKS.items()]
        doubts = [Doubt(code, text, self._severity(visit, code)) for code, text in found if text]
        return sorted(doubts, key=lambda doubt: doubt.severity != "blocks")

    def _severity(self, visit: Visit, code: str) -> str:
        if code in BLOCKING:
            return "blocks"
        return "acknowledged" if warnings.seen(self.facts, visit, code) else "warns"


def read(
    season: Season, places: Sequence[SeasonSite], visits: QuerySet[Visit], days: Sequence[date], now: datetime
) -> Reading:
    """All that the board of these days says about these visits of the season. One query."""
    reading = Reading(Facts(season, now))
    reading.facts.places = {place.site_id: place for place in places}
    for kind, *found in sorted(_union(season, places, visits, days)):  # by id: those added last are the surplus
        TAKE[kind](reading, found)
    return reading


def _union(
    season: Season, places: Sequence[SeasonSite], visits: QuerySet[Visit], days: Sequence[date]
) -> QuerySet[Any, Any]:
    """The people are named by subqueries: thousands of ids in a statement cost more than the statement."""
    sites = [place.site_id for place in places]
    live = _live(season, visits.order_by(), sites, days)
    return _counts(season, sites).union(live, *_about(season, visits.order_by(), days), all=True)


def _counts(season: Season, sites: Sequence[int]) -> QuerySet[Any, Any]:
    visits = Visit.objects.filter(season=season, site__in=sites).order_by()
    counted = visits.values("site", "date", "state").annotate(number=Count("pk"))
    return _columns(counted, "count", F("site"), F("number"), day=F("date"), text=F("state"))


def _live(season: Season, visits: QuerySet[Visit], sites: Sequence[int], days: Sequence[date]) -> QuerySet[Any, Any]:
    """Live visits at these sites and days, of the same teams on them, and of the same hosts around them."""
    near = timedelta(days=season.days_between_host_visits)
    around = Q(date__range=(min(days) - near, max(days) + near)) | Q(season=season)
    there = Q(site__in=sites) | Q(host__team__in=visits.values("host__team"))
    live = Visit.objects.live().filter(Q(date__in=days) & there | Q(host__in=visits.values("host")) & around)
    ids = (F("pk"), F("host"), F("host__team"), F("site"), F("season"))
    return _columns(live.order_by(), "live", *ids, day=F("date"))


def _about(season: Season, visits: QuerySet[Visit], days: Sequence[date]) -> list[QuerySet[Any, Any]]:
    """Days people are away, what hosts were asked, who met before or stands by, warnings that may stand."""
    executives, hosts, pks = visits.values("executive"), visits.values("host"), visits.values("pk")
    away = UnavailableDay.objects.filter(Q(user__in=executives) | Q(user__in=hosts), date__in=days)
    asked = SeasonHost.objects.filter(season=season, host__in=hosts)
    met = Visit.objects.held().filter(executive__in=executives, host__in=hosts).exclude(pk__in=pks).order_by()
    standby = VisitDay.objects.filter(date__in=days, standby__in=hosts)
    seen = Acknowledgement.objects.filter(visit__in=pks)
    return [
        _columns(away, "away", F("user"), day=F("date")),
        _columns(asked, "asked", F("host"), F("max_visits"), text=F("willing")),
        _columns(met, "met", F("executive"), F("host"), day=F("date"), text=F("season__name")),
        _columns(standby, "standby", F("site"), F("standby"), day=F("date")),
        _columns(seen, "seen", F("visit"), F("host"), day=F("date"), text=F("code")),
    ]


def _columns(rows: QuerySet[Any, Any], kind: str, *ids: F, day: Any = None, text: Any = None) -> QuerySet[Any, Any]:
    """The rows in the union's columns: its kind, five numbers, a day, a text."""
    numbers: list[Any] = [*ids, *[Value(0, IntegerField())] * (5 - len(ids))]
    day, text = day or Value(date.min, DateField()), text or Value("", CharField())
    return rows.values_list(Value(kind, CharField()), *numbers, day, text)


def _take_count(reading: Reading, found: list[Any]) -> None:
    site, number, _c, _d, _e, day, state = found
    reading.counts[site, day, state] = number


def _take_live(reading: Reading, found: list[Any]) -> None:
    pk, host, team, site, season, day, _text = found
    facts = reading.facts
    facts.host_days[host].append((pk, day))
    facts.site_days[site, day].append(pk)
    facts.team_days[team, day] += 1
    if season == facts.season.pk:
        facts.host_season[host].append(pk)


def _take_away(reading: Reading, found: list[Any]) -> None:
    reading.facts.away.add((found[0], found[5]))


def _take_asked(reading: Reading, found: list[Any]) -> None:
    host, most, _c, _d, _e, _day, willing = found
    reading.facts.most_visits[host] = most
    if willing != Willing.NOT_ASKED:
        (reading.facts.willing if willing == Willing.YES else reading.facts.unwilling).add(host)


def _take_met(reading: Reading, found: list[Any]) -> None:
    executive, host, _c, _d, _e, _day, season = found
    reading.facts.met[executive, host] = season  # sorted by day within a pair: the last meeting stays


def _take_standby(reading: Reading, found: list[Any]) -> None:
    site, host, _c, _d, _e, day, _text = found
    reading.facts.standby[site, day] = host


def _take_seen(reading: Reading, found: list[Any]) -> None:
    visit, host, _c, _d, _e, day, code = found
    key = (visit, day, host, code)
    reading.facts.seen[key] = Acknowledgement(visit_id=visit, date=day, host_id=host, code=code)


TAKE = {
    "count": _take_count, "live": _take_live, "away": _take_away, "asked": _take_asked, "met": _take_met,
    "standby": _take_standby, "seen": _take_seen,
}  # fmt: skip
