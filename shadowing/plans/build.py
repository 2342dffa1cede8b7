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

from django.db.models import F

from people.keys import fold
from people.models import BusinessUnit, Executive, Host, User
from shadowing.availability.workdays import visit_days
from shadowing.models import Season, SeasonExecutive, SeasonHost, SeasonSite, Visit
from shadowing.planner import problem as planner
from shadowing.plans.assumptions import assumed, with_changes
from shadowing.plans.facts import Facts, read_facts


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
    standing: list[Visit]
    locked: list[Visit]
    first: Callable[[SeasonSite], date]


def problem_of(cast: Cast) -> planner.Problem:
    """The problem of a season whose facts are read. Three queries."""
    facts = cast.facts
    season = facts.season
    rows = list(SeasonHost.objects.willing().filter(season=season).select_related(*OF_HOST).order_by("pk"))
    hosts = [*_willing(rows, cast), *_others({row.host_id for row in rows}, cast)]
    return planner.Problem(
        executives=tuple(_executives(cast)),
        hosts=tuple(hosts),
        sites=tuple(_sites(cast, hosts)),
        rules=rules_of(season),
        teams=tuple(_teams(rows, cast)),
        weights=planner.Weights(**{name: float(season.weights.get(name, 1)) for name in WEIGHTS}),
        locked=tuple(planner.Locked(str(visit.executive_id), str(visit.host_id), visit.date) for visit in cast.locked),
        forbidden=frozenset((str(executive), str(host)) for executive, host in facts.forbidden),
    )


WEIGHTS = ("tenure", "other_unit_distance", "home_site", "fair_load")
OF_HOST = ("season", "host__user", "host__team__site", "host__team__business_unit")
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


def waiting_order(season: Season) -> list[SeasonExecutive]:
    """The season's executives in the order in which free places are offered: who named their days first, then by
    name. Those who stepped back are not among them."""
    rows = SeasonExecutive.objects.filter(season=season, stepped_back_at__isnull=True).select_related(*OF_EXECUTIVE)
    return list(rows.order_by(F("answered_at").asc(nulls_last=True), "executive__user__name_key", "pk"))


def _executives(cast: Cast) -> Iterator[planner.Executive]:
    """Everybody of the season, and whoever has a visit in it that stays."""
    facts = cast.facts
    hosting, seen = facts.host_days, set()
    for row in waiting_order(facts.season):
        seen.add(row.executive_id)
        yield _executive(row.executive, facts, row.preferred, hosting.get(row.executive_id, ()))
    for visit in cast.standing:
        if visit.executive_id not in seen:
            seen.add(visit.executive_id)
            yield _executive(visit.executive, facts, (), ())


def _executive(
    executive: Executive, facts: Facts, preferred: Iterable[str], hosting: Iterable[date]
) -> planner.Executive:
    return planner.Executive(
        str(executive.pk),
        unit=unit_path(executive.business_unit),
        home_site=executive.home_site.slug if executive.home_site else None,
        languages=spoken(executive.user),
        unavailable=frozenset(facts.away.get(executive.pk, ())) | frozenset(hosting),
        preferred=frozenset(date.fromisoformat(day) for day in preferred),
        met=frozenset(str(host) for host in facts.met.get(executive.pk, ())),
    )


def _willing(rows: Iterable[SeasonHost], cast: Cast) -> Iterator[planner.Host]:
    """Hosts to plan with. One who keeps a visit at another site than their team's gets no more."""
    facts, kept_at = cast.facts, {visit.host_id: visit.site.slug for visit in cast.standing}
    busy = facts.host_days
    for row in rows:
        home = row.host.team.site.slug
        site = kept_at.get(row.host_id, home)
        yield _host(row.host, site, facts, busy.get(row.host_id, ()), row.max_visits if site == home else 0)


def _others(known: set[int], cast: Cast) -> Iterator[planner.Host]:
    """Hosts who get no new visit but have one that counts: it stays in the season, or takes floor cover."""
    facts, seen = cast.facts, set(known)
    busy = facts.host_days
    for visit in [*cast.standing, *facts.elsewhere]:
        if visit.host_id not in seen:
            seen.add(visit.host_id)
            yield _host(visit.host, visit.site.slug, facts, busy.get(visit.host_id, ()), 0)


def _host(host: Host, site: str, facts: Facts, visits: Iterable[date], most: int) -> planner.Host:
    return planner.Host(
        str(host.pk),
        site=site,
        team=str(host.team_id),
        unit=unit_path(host.team.business_unit),
        hired_on=host.hired_on,
        languages=spoken(host.user),
        unavailable=frozenset(facts.away.get(host.pk, ())),
        max_visits=most,
        nominated=host.nominated,
        visits=tuple(visits),
    )


def unit_path(unit: BusinessUnit | None) -> tuple[str, ...] | None:
    """The unit's path by folded names, so that two spellings are one unit."""
    return tuple((fold(unit.path) or "").split(" / ")) if unit else None


def spoken(user: User) -> frozenset[str]:
    return frozenset(folded for language in user.languages if (folded := fold(language)))


def _sites(cast: Cast, hosts: Iterable[planner.Host]) -> Iterator[planner.Site]:
    """The season's sites with the places that visits of other seasons leave; closed ones for hosts elsewhere."""
    facts, open_sites = cast.facts, set()
    taken = facts.places_taken
    for place in SeasonSite.objects.filter(season=facts.season).select_related("site").order_by("site__slug"):
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


def _teams(rows: Iterable[SeasonHost], cast: Cast) -> Iterator[planner.Team]:
    """Each team once, with how many of its hosts may be away on one day."""
    visits: list[Visit] = [*cast.standing, *cast.facts.elsewhere]
    teams = [row.host.team for row in rows] + [visit.host.team for visit in visits]
    for team in {team.pk: team for team in teams}.values():
        yield planner.Team(str(team.pk), team.away_at_once)
