"""The people and pairs that a season, as somebody is about to save it, would have: read for counting."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from people.models import Executive, Host, Team
from shadowing.availability.workdays import visit_days
from shadowing.models import Season, SeasonHost, SeasonSite, Visit, Willing
from shadowing.planner import problem as planner
from shadowing.plans.build import rules_of, spoken, unit_path
from shadowing.plans.facts import MEETING, earlier_seasons
from shadowing.seasons.effects import Counting, Effects, People


@dataclass(frozen=True)
class Counted:
    """Effects of the rules, with how many executives and hosts take part and how many of the hosts said yes."""

    effects: Effects
    executives: int
    hosts: int
    willing: int


def count_effects(
    season: Season,
    *,
    rules: Mapping[str, Any],
    executives: Collection[int] | None = None,
    hosts: Collection[int] | None = None,
) -> Counted:
    """What these rules would leave in this season. ``executives`` and ``hosts`` are ids of those named, None all.

    Five queries whatever the number of people, and one for the sites where they are not prefetched.
    """
    wanted = copy.copy(season)
    for name, value in rules.items():
        setattr(wanted, name, value)
    asked = _answers(season)
    people = _people(wanted, executives, hosts, {host: visits for host, visits, _willing in asked})
    effects = Counting(people, rules_of(wanted), seasons_back=wanted.no_repeat_seasons).effects()
    taking_part = {host.key for host in people.hosts}
    willing = sum(answer == Willing.YES and str(host) in taking_part for host, _visits, answer in asked)
    return Counted(effects, len(people.executives), len(people.hosts), willing)


def _answers(season: Season) -> list[tuple[int, int, str]]:
    """Hosts asked: id, visits they take, answer."""
    return list(SeasonHost.objects.filter(season=season).values_list("host", "max_visits", "willing"))


def _people(
    season: Season, executives: Collection[int] | None, hosts: Collection[int] | None, most: Mapping[int, int]
) -> People:
    places = list(season.season_sites.all())
    rows = _hosts(places, hosts)
    teams = {host.team_id: host.team for host in rows}.values()
    return People(
        executives=[_executive(executive) for executive in _executives(executives)],
        hosts=[_host(host, most.get(host.pk, host.max_visits)) for host in rows],
        sites=list(_sites(season, places, rows)),
        teams=[planner.Team(str(team.pk), team.away_at_once) for team in teams],
        met=list(_met(season)),
    )


def _executives(ids: Collection[int] | None) -> list[Executive]:
    rows = Executive.objects.select_related("user", "business_unit").order_by("pk")
    if ids is None:
        return list(rows.filter(user__is_active=True))
    return [executive for executive in rows if executive.pk in ids]


def _hosts(places: list[SeasonSite], ids: Collection[int] | None) -> list[Host]:
    rows = Host.objects.select_related("user", "team__site", "team__business_unit").order_by("pk")
    if ids is None:
        return list(rows.filter(user__is_active=True, team__site__in=[place.site_id for place in places]))
    return [host for host in rows if host.pk in ids]


def _executive(executive: Executive) -> planner.Executive:
    return planner.Executive(
        str(executive.pk), unit=unit_path(executive.business_unit), languages=spoken(executive.user)
    )


def _host(host: Host, most: int) -> planner.Host:
    team: Team = host.team
    return planner.Host(
        str(host.pk), site=team.site.slug, team=str(team.pk), unit=unit_path(team.business_unit), hired_on=host.hired_on,
        languages=spoken(host.user), max_visits=most,
    )  # fmt: skip


def _sites(season: Season, places: list[SeasonSite], hosts: list[Host]) -> Iterator[planner.Site]:
    """The season's sites with their places; hosts named elsewhere stand at closed ones."""
    for place in places:
        days = visit_days(place, first=season.starts_on, last=season.ends_on)
        yield planner.Site(place.site.slug, dict.fromkeys(days, place.visits_a_day))
    for slug in sorted({host.team.site.slug for host in hosts} - {place.site.slug for place in places}):
        yield planner.Site(slug, {})


def _met(season: Season) -> Iterator[tuple[str, str, int]]:
    """Pairs that met, and how many seasons back. One season is looked at where the rule is off."""
    asked = copy.copy(season)
    asked.no_repeat_seasons = max(season.no_repeat_seasons, 1)
    back = {pk: number for number, pk in enumerate(earlier_seasons(asked).values_list("pk", flat=True), start=1)}
    meetings = Visit.objects.filter(season__in=list(back), state__in=MEETING)
    for executive, host, earlier in meetings.values_list("executive", "host", "season"):
        yield str(executive), str(host), back[earlier]
