"""A season as the planner's problem: everything read in a constant number of queries, whatever the number of people.

People are named by their ids as text. Visits of this season that are locked, or that people were told of, come along as
locked pairs; visits of other seasons take up days, places, rest and floor cover. What a plan takes for granted
(``Plan.what_if``, see assumptions.py) is put over the season.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from people.models import BusinessUnit, User
from shadowing.availability.workdays import visit_days
from shadowing.models import Season, SeasonExecutive, SeasonSite
from shadowing.planner import problem as planner
from shadowing.plans.assumptions import assumed, with_changes
from shadowing.plans.facts import Facts, read_facts
from shadowing.plans.rows import (
    Booked,
    Guest,
    Leader,
    days_in,
    folded,
    guests,
    in_waiting_order,
    leaders,
    path,
    spoken_in,
)


def build_problem(season: Season, *, now: datetime, what_if: Mapping[str, Any] | None = None) -> planner.Problem:
    """The season's problem, as ``what_if`` assumes it. Days that have passed at a site are closed, unless the whole season
    has passed.

    Unlocked proposed visits are left out: a plan replaces them. Executives come in the order of the waiting list:
    those who named their days first, then by name; who stepped back only with a visit that stays.
    """
    season = assumed(season, what_if or {})
    facts = read_facts(season)
    cast = Cast(facts, facts.kept, facts.kept, lambda place: first_day(season, place, now))
    return with_changes(problem_of(cast), what_if or {})


@dataclass
class Cast:
    """Who and what a problem is made of: ``standing`` visits bring their people along, ``locked`` ones stay for good."""

    facts: Facts
    standing: list[Booked]
    locked: list[Booked]
    first: Callable[[SeasonSite], date]


def problem_of(cast: Cast) -> planner.Problem:
    """The problem of a season whose facts are read. Three queries, one fewer where the season came with its sites."""
    facts = cast.facts
    season, standing = facts.season, cast.standing
    invited = guests(season, (visit.host_id for visit in [*standing, *facts.elsewhere]))
    hosts = list(_hosts(invited, cast))
    return planner.Problem(
        executives=tuple(_executives(leaders(season, (visit.executive_id for visit in standing)), facts)),
        hosts=tuple(hosts),
        sites=tuple(_sites(cast, hosts)),
        rules=rules_of(season),
        teams=tuple(_teams(invited)),
        weights=planner.Weights(**{name: float(season.weights.get(name, 1)) for name in WEIGHTS}),
        locked=tuple(planner.Locked(str(visit.executive_id), str(visit.host_id), visit.date) for visit in cast.locked),
        forbidden=frozenset((str(executive), str(host)) for executive, host in facts.forbidden),
    )


WEIGHTS = ("tenure", "other_unit_distance", "home_site", "fair_load")
OF_EXECUTIVE = ("executive__user", "executive__business_unit", "executive__home_site")


def rules_of(season: Season) -> planner.Rules:
    """The season's rules between people."""
    return planner.Rules(
        season.starts_on,
        host_min_tenure_months=season.host_min_tenure_months,
        other_business_unit=season.other_business_unit,
        shared_language=season.shared_language,
        days_between_host_visits=season.days_between_host_visits,
    )


def waiting_order(season: Season) -> QuerySet[SeasonExecutive]:
    """The season's executives in the order in which free places are offered: who named their days first, then by
    name. Those who stepped back or left are not among them."""
    rows = SeasonExecutive.objects.taking_part().filter(season=season).select_related(*OF_EXECUTIVE)
    return in_waiting_order(rows)


def _executives(rows: Iterable[Leader], facts: Facts) -> Iterator[planner.Executive]:
    """Executives with all that counts; days on which they host elsewhere are taken."""
    hosting = facts.host_days
    for row in rows:
        yield planner.Executive(
            str(row.pk),
            unit=path(row.unit),
            home_site=row.home_site,
            languages=spoken_in(row.languages),
            unavailable=frozenset(facts.away.get(row.pk, ())) | frozenset(hosting.get(row.pk, ())),
            preferred=days_in(row.preferred),
            met=frozenset(str(host) for host in facts.met.get(row.pk, ())),
        )


def _hosts(rows: Iterable[Guest], cast: Cast) -> Iterator[planner.Host]:
    """Hosts with all that counts. One who keeps a visit at another site than their team's is there, and gets no more; one
    who only has visits elsewhere takes floor cover."""
    facts = cast.facts
    busy, at = facts.host_days, {visit.host_id: visit.site for visit in [*facts.elsewhere, *cast.standing]}
    standing = {visit.host_id for visit in cast.standing}
    for row in rows:
        site = at.get(row.pk, row.site) if row.pk in standing or not row.most else row.site
        yield planner.Host(
            str(row.pk),
            site=site,
            team=str(row.team),
            unit=path(row.unit),
            hired_on=row.hired_on,
            languages=spoken_in(row.languages),
            unavailable=frozenset(facts.away.get(row.pk, ())),
            max_visits=row.most if site == row.site else 0,
            nominated=row.nominated,
            visits=tuple(busy.get(row.pk, ())),
        )


def unit_path(unit: BusinessUnit | None) -> tuple[str, ...] | None:
    """The unit's path by folded names, so that two spellings are one unit."""
    return path(unit.path) if unit else None


def spoken(user: User) -> frozenset[str]:
    """The person's languages without regard to case."""
    return folded(user.languages)


def _sites(cast: Cast, hosts: Iterable[planner.Host]) -> Iterator[planner.Site]:
    """The season's sites with the places that visits of other seasons leave; closed ones for hosts elsewhere."""
    facts, open_sites = cast.facts, set()
    taken = facts.places_taken
    for place in facts.places:
        open_sites.add(place.site.slug)
        days = visit_days(place, first=cast.first(place), last=facts.season.ends_on)
        places = {day: max(place.visits_a_day - taken[place.site_id, day], 0) for day in days}
        yield planner.Site(place.site.slug, places)
    for slug in sorted({host.site for host in hosts} - open_sites):
        yield planner.Site(slug, {})


def first_day(season: Season, place: SeasonSite, now: datetime) -> date:
    """The first day to plan at a site: today there, or the season's first; for a season all past, its first again."""
    today = now.astimezone(place.site.zone).date()
    return season.starts_on if today > season.ends_on else max(season.starts_on, today)


def _teams(rows: Iterable[Guest]) -> Iterator[planner.Team]:
    """Each team once, with how many of its hosts may be away on one day."""
    for team, most in {row.team: row.away_at_once for row in rows}.items():
        yield planner.Team(str(team), most)
