"""The panel of one visit: the pair and its state, what stands against it, why this pair, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.db.models import F, IntegerField, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.keys import fold
from people.models import Executive, Host, User
from shadowing.board import doubts
from shadowing.board.doubts import Doubt
from shadowing.board.rows import VisitRow
from shadowing.models import (
    Acknowledgement,
    PairRule,
    PlanPair,
    Season,
    SeasonExecutive,
    SeasonHost,
    SeasonSite,
    SeasonState,
    Visit,
)
from shadowing.planner import scoring
from shadowing.planner.problem import Weights
from shadowing.planner.scoring import SCALE, Unit
from shadowing.plans import terms
from shadowing.visits import record, rules

WITH_ALL = (
    *record.WITH_PEOPLE, "executive__business_unit", "executive__home_site", "host__team__site",
    "host__team__business_unit",
)  # fmt: skip
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Stands:
    """A doubt, and who let it stand."""

    doubt: Doubt
    seen: Acknowledgement | None = None


@dataclass(frozen=True)
class Line:
    """One line of "why this pair", in points."""

    name: str
    words: str
    points: str


def panel(visit: Visit, user: User, *, now: datetime) -> dict[str, Any]:
    """Everything the panel shows but the next best, which take longer. The visit comes ``WITH_ALL``. Six queries."""
    season = visit.season
    places = list(SeasonSite.objects.filter(season=season).select_related("site"))
    reading = doubts.read(season, places, Visit.objects.filter(pk=visit.pk), [visit.date], now)
    found = reading.doubts(cast("VisitRow", visit))
    works = rules.coordinates(user, visit) and season.state != SeasonState.CLOSED
    return {
        "visit": visit,
        "season": season,
        "warnings": with_names(visit, found),
        "gravest": next((name for name in ("blocks", "warns") if any(one.severity == name for one in found)), ""),
        "lines": lines(visit, visits_of_host(visit, reading)),
        "ruled_out": PairRule.objects.filter(season=season, executive=visit.executive_id, host=visit.host_id).exists(),
        "works": works,
        "movable": works and visit.state in rules.MOVABLE,
        "open": visit.state in rules.MOVABLE,
    }


def with_names(visit: Visit, found: Sequence[Doubt]) -> list[Stands]:
    """The doubts with who acknowledged them; one query where somebody did."""
    if not any(doubt.severity == "acknowledged" for doubt in found):
        return [Stands(doubt) for doubt in found]
    rows = Acknowledgement.objects.filter(visit=visit, date=visit.date, host=visit.host_id).select_related("by")
    seen = {row.code: row for row in rows}
    return [Stands(doubt, seen.get(doubt.code)) for doubt in found]


def visits_of_host(visit: Visit, reading: doubts.Reading) -> tuple[int, int]:
    """Which of the host's visits of the season this is, and how many there are."""
    own = set(reading.facts.host_season[visit.host_id])
    days = sorted((day, pk) for pk, day in set(reading.facts.host_days[visit.host_id]) if pk in own)
    return ([pk for _day, pk in days].index(visit.pk) + 1 if visit.pk in own else len(days) + 1), len(days)


def lines(visit: Visit, number: tuple[int, int]) -> list[Line]:
    """The terms of the pair's score with what they rest on, the load, and the sum."""
    season = visit.season
    weights = Weights(**{name: float(season.weights.get(name, 1)) for name in Weights.__dataclass_fields__})
    values = pair_terms(visit, season, weights)
    cost = scoring.load(number[0], weights)
    pair = cast("PlanPair", visit)
    ours, theirs = unit(visit.executive), unit(visit.host)
    return [
        Line(_("Tenure"), terms.tenure_words(visit.host.hired_on, season.starts_on), points(values["tenure"])),
        Line(_("Other unit"), terms.unit_words(pair, scoring.unit_distance(ours, theirs)),
             points(values["other_unit_distance"])),
        Line(_("Home site"), terms.home_words(pair), points(values["home_site"])),
        Line(_("Fair load"), load_words(visit.host, *number), points(-cost)),
        Line(_("Score"), "", points(sum(values.values()) - cost)),
    ]  # fmt: skip


def pair_terms(visit: Visit, season: Season, weights: Weights) -> dict[str, int]:
    """The three terms in thousandths, as the planner would give them today. One query."""
    home = visit.executive.home_site
    distance = scoring.unit_distance(unit(visit.executive), unit(visit.host))
    return {
        "tenure": scoring.points(scoring.tenure(visit.host.hired_on, season.starts_on), weights.tenure),
        "other_unit_distance": scoring.points(
            scoring.other_unit(distance, furthest(season)), weights.other_unit_distance
        ),
        "home_site": scoring.points(scoring.home_site(home.slug if home else None, visit.site.slug), weights.home_site),
    }


def unit(person: Executive | Host) -> tuple[str, ...] | None:
    """The business unit's path as the planner compares it."""
    return terms.steps(person.business_unit if isinstance(person, Executive) else person.team.business_unit)


def furthest(season: Season) -> int:
    """The largest distance between the unit of an executive and that of a host of the season. One query."""
    executives = SeasonExecutive.objects.filter(season=season, executive__business_unit__isnull=False)
    hosts = SeasonHost.objects.filter(season=season, host__team__business_unit__isnull=False)
    ours = executives.values_list(Value(0, IntegerField()), F("executive__business_unit__path")).distinct()
    theirs = hosts.values_list(Value(1, IntegerField()), F("host__team__business_unit__path")).distinct()
    sides: tuple[list[Unit], list[Unit]] = ([], [])
    for side, path in ours.union(theirs, all=True):
        sides[side].append(tuple((fold(path) or "").split(" / ")))
    return max((scoring.unit_distance(one, two) for one in sides[0] for two in sides[1]), default=0)


def load_words(host: Host, number: int, whole: int) -> str:
    """Which visit of the season it is for the host."""
    if whole < 2:
        return _("%(name)s's only visit this season") % {"name": host.user.first_name}
    words = _("visit %(number)d of %(whole)d of %(name)s this season")
    return words % {"number": number, "whole": max(whole, number), "name": host.user.first_name}


def points(value: int) -> str:
    """Thousandths as points: 0.800, −0.250."""
    return f"{MINUS if value < 0 else ''}{abs(value) / SCALE:.3f}"


def change(value: int) -> str:
    """What an alternative changes the plan by, with its sign."""
    return f"+{points(value)}" if value > 0 else points(value)


def years(since: date | None, today: date) -> str:
    """How long a host has been here, in words; empty where it is not known."""
    if since is None:
        return ""
    months = scoring.whole_months(since, today)
    if months < 24:
        return ngettext("%(n)d month", "%(n)d months", months) % {"n": max(months, 0)}
    return ngettext("%(n)d year", "%(n)d years", months // 12) % {"n": months // 12}
