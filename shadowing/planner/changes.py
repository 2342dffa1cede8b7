"""One small change of a season each: what a remedy proposes, applied to the problem. Shapes: see remedies.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from shadowing.planner.problem import Locked, Problem

Change = Mapping[str, Any]


def applied(problem: Problem, changes: Iterable[Change]) -> Problem:
    """The problem after the changes; one of an unknown kind changes nothing."""
    for change in changes:
        if change.get("kind") in CHANGES:
            problem = CHANGES[change["kind"]](problem, change)
    return problem


def more_places(problem: Problem, change: Change) -> Problem:
    """More visits at a site on one of its days, or on each open day when none is named. Opens the day if need be."""
    day, more = change.get("date"), int(change.get("more", 1))
    sites = []
    for site in problem.sites:
        if site.slug == change["site"]:
            days = [date.fromisoformat(day)] if day else list(site.capacity)
            opened = {each: max(site.capacity.get(each, 0) + more, 0) for each in days}
            site = replace(site, capacity={**site.capacity, **opened})
        sites.append(site)
    return replace(problem, sites=tuple(sites))


def more_visits(problem: Problem, change: Change) -> Problem:
    """More visits of a host in the season."""
    more = int(change.get("more", 1))
    hosts = (replace(h, max_visits=h.max_visits + more) if h.key == change["host"] else h for h in problem.hosts)
    return replace(problem, hosts=tuple(hosts))


def more_away(problem: Problem, change: Change) -> Problem:
    """More hosts of a team away at once. (It is asked for one day; the rule has no days.)"""
    more = int(change.get("more", 1))
    teams = (
        replace(team, away_at_once=team.away_at_once + more)
        if team.key == change["team"] and team.away_at_once is not None
        else team
        for team in problem.teams
    )
    return replace(problem, teams=tuple(teams))


def less_rest(problem: Problem, change: Change) -> Problem:
    """Fewer days between two visits of a host."""
    days = min(problem.rules.days_between_host_visits, int(change["days"]))
    return replace(problem, rules=replace(problem.rules, days_between_host_visits=days))


def host_free(problem: Problem, change: Change) -> Problem:
    """A host free on a day after all."""
    day = {date.fromisoformat(change["date"])}
    hosts = (replace(h, unavailable=h.unavailable - day) if h.key == change["host"] else h for h in problem.hosts)
    return replace(problem, hosts=tuple(hosts))


def executive_free(problem: Problem, change: Change) -> Problem:
    """An executive free on a day after all."""
    day = {date.fromisoformat(change["date"])}
    people = (
        replace(one, unavailable=one.unavailable - day) if one.key == change["executive"] else one
        for one in problem.executives
    )
    return replace(problem, executives=tuple(people))


def meet_again(problem: Problem, change: Change) -> Problem:
    """A pair that met before may meet again."""
    host = {change["host"]}
    people = (replace(one, met=one.met - host) if one.key == change["executive"] else one for one in problem.executives)
    return replace(problem, executives=tuple(people))


def allow_pair(problem: Problem, change: Change) -> Problem:
    """A pair that was ruled out for this season is allowed."""
    return replace(problem, forbidden=problem.forbidden - {(change["executive"], change["host"])})


def by_hand(problem: Problem, change: Change) -> Problem:
    """A pair proposed by hand on a day, and locked: the season's rule about it is let go for these two only."""
    return replace(
        problem,
        locked=(
            *problem.locked,
            Locked(change["executive"], change["host"], date.fromisoformat(change["date"])),
        ),
    )


CHANGES: dict[str, Callable[[Problem, Change], Problem]] = {
    "places": more_places,
    "host_visits": more_visits,
    "cover": more_away,
    "rest": less_rest,
    "host_days": host_free,
    "own_days": executive_free,
    "met": meet_again,
    "pair_rule": allow_pair,
    "language": by_hand,
    "unit": by_hand,
    "tenure": by_hand,
}
