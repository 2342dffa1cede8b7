"""The rules and scores once more, written plainly from the words of the design and sharing no code with the planner."""

from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from itertools import combinations
from math import floor

from shadowing.planner.problem import Executive, Host, Problem, Solution

Visits = list[tuple[Executive, Host, date]]


def months(since: date, until: date) -> int:
    """Whole months from one date to another."""
    count = 0
    year, month = since.year, since.month
    while True:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        if (year, month, since.day) > (until.year, until.month, until.day):
            return count
        count += 1


def thousandths(value: Fraction, weight: float) -> int:
    return floor(value * Fraction(weight).limit_denominator(1000) * 1000 + Fraction(1, 2))


def distance(one: tuple | None, other: tuple | None) -> int:
    if one is None or other is None:
        return 0
    ancestors = {one[:depth] for depth in range(len(one) + 1)}
    deepest = max(len(other[:depth]) for depth in range(len(other) + 1) if other[:depth] in ancestors)
    return len(one) - deepest + len(other) - deepest


def furthest(problem: Problem) -> int:
    units = {e.unit for e in problem.executives}, {h.unit for h in problem.hosts}
    return max(distance(one, other) for one in units[0] for other in units[1])


def pair_score(problem: Problem, executive: Executive, host: Host, *, most: int | None = None) -> dict[str, int]:
    """The terms of a pair; ``most`` saves looking for the furthest units again."""
    most = furthest(problem) if most is None else most
    served = (
        0
        if host.hired_on is None or host.hired_on > problem.rules.starts_on
        else months(host.hired_on, problem.rules.starts_on)
    )
    home = Fraction(1, 2) if executive.home_site is None else Fraction(int(executive.home_site == host.site))
    apart = Fraction(distance(executive.unit, host.unit), most) if most else Fraction(0)
    return {
        "tenure": thousandths(Fraction(min(served, 60), 60), problem.weights.tenure),
        "other_unit_distance": thousandths(apart, problem.weights.other_unit_distance),
        "home_site": thousandths(home, problem.weights.home_site),
    }


def value(problem: Problem, visits: Visits) -> int:
    """Scores less load less a hundred points for everybody left out, in thousandths."""
    load, visited = 0, Counter(host.key for _, host, _ in visits)
    for host in problem.hosts:
        for number in range(host.season_visits + 1, host.season_visits + visited[host.key] + 1):
            load += thousandths(Fraction(number - 1, 4), problem.weights.fair_load)
    most = furthest(problem) if visits else 0
    scores = sum(sum(pair_score(problem, executive, host, most=most).values()) for executive, host, _ in visits)
    return scores - load - 100_000 * (len(problem.executives) - len(visits))


def may_meet(problem: Problem, executive: Executive, host: Host) -> bool:
    rules = problem.rules
    if executive.key == host.key or host.key in executive.met or (executive.key, host.key) in problem.forbidden:
        return False
    late = host.hired_on and (
        host.hired_on > rules.starts_on or months(host.hired_on, rules.starts_on) < rules.host_min_tenure_months
    )
    if rules.host_min_tenure_months and late:
        return False
    if rules.other_business_unit and executive.unit and host.unit and executive.unit == host.unit:
        return False
    if rules.shared_language and executive.languages and host.languages:
        return bool(executive.languages & host.languages)
    return True


def broken(problem: Problem, visits: Visits) -> list[str]:
    """Every rule that a set of visits breaks, in words. Locked visits are let off the rules about a single visit."""
    locked = {(one.executive, one.host, one.date) for one in problem.locked}
    sites = {site.slug: site for site in problem.sites}
    wrong = [f"{pair} is missing" for pair in locked - {(e.key, h.key, day) for e, h, day in visits}]
    for executive, host, day in visits:
        site = sites[host.site]
        fine = may_meet(problem, executive, host) and day in site.capacity
        fine = fine and day not in executive.unavailable and day not in host.unavailable
        if not fine and (executive.key, host.key, day) not in locked:
            wrong.append(f"{executive.key} with {host.key} on {day}")
    wrong += [f"{key} twice" for key, times in Counter(e.key for e, _, _ in visits).items() if times > 1]
    free = [visit for visit in visits if (visit[0].key, visit[1].key, visit[2]) not in locked]
    return wrong + _crowded(problem, visits, free)


def _crowded(problem: Problem, visits: Visits, free: Visits) -> list[str]:
    """Rules about several visits, broken by at least one that is free to be elsewhere."""
    loose = {(executive.key, host.key, day) for executive, host, day in free}
    at_host, at_site, of_team = defaultdict(list), defaultdict(list), defaultdict(list)
    for executive, host, day in visits:
        movable = (executive.key, host.key, day) in loose
        at_host[host.key].append((day, movable))
        at_site[host.site, day].append(movable)
        of_team[host.team, day].append(movable)
    wrong = [
        words for host in problem.hosts if host.key in at_host for words in _tired(problem, host, at_host[host.key])
    ]
    places = {(site.slug, day): places for site in problem.sites for day, places in site.capacity.items()}
    for (slug, day), here in at_site.items():
        if len(here) > places.get((slug, day), len(here)) and any(here):
            wrong.append(f"{slug} is full on {day}")
    return wrong + _uncovered(problem, of_team)


def _tired(problem: Problem, host: Host, visits: list[tuple[date, bool]]) -> list[str]:
    """What is wrong with a host's visits, given as (day, free to be elsewhere)."""
    wrong, days = [], [day for day, movable in visits if movable]
    if days and host.season_visits + len(visits) > host.max_visits:
        wrong.append(f"{host.key} has too many visits")
    gap = max(1, problem.rules.days_between_host_visits)
    others = [
        (one, other) for one in days for other in [*(day for day, movable in visits if not movable), *host.visits]
    ]
    if any(abs((one - other).days) < gap for one, other in [*others, *combinations(days, 2)]):
        wrong.append(f"{host.key} has no rest")
    return wrong


def _uncovered(problem: Problem, of_team: dict[tuple[str | None, date], list[bool]]) -> list[str]:
    """Teams of whom too many are away, visits outside the problem included."""
    limits = {team.key: team.away_at_once for team in problem.teams}
    outside = Counter((host.team, day) for host in problem.hosts for day in host.visits)
    return [
        f"{team} is empty on {day}"
        for (team, day), here in of_team.items()
        if (most := limits.get(team)) is not None and len(here) + outside[team, day] > most and any(here)
    ]


def visits_of(problem: Problem, solution: Solution) -> Visits:
    """The plan's visits as people."""
    executives = {one.key: one for one in problem.executives}
    hosts = {one.key: one for one in problem.hosts}
    return [(executives[pair.executive], hosts[pair.host], pair.date) for pair in solution.pairs]


def best_value(problem: Problem) -> int:
    """The value of the best plan, by trying every one that could still be better than the best so far."""
    locked = {one.executive: one for one in problem.locked}
    hosts = {host.key: host for host in problem.hosts}
    start = [(e, hosts[locked[e.key].host], locked[e.key].date) for e in problem.executives if e.key in locked]
    waiting = [executive for executive in problem.executives if executive.key not in locked]
    options = [
        [
            (e, host, day)
            for host in problem.hosts
            for day in _open(problem, host)
            if not broken_alone(problem, e, host, day)
        ]
        for e in waiting
    ]
    best = value(problem, start)
    tops = [max((sum(pair_score(problem, *visit[:2]).values()) for visit in some), default=None) for some in options]
    rest = [sum(100_000 + top for top in tops[at:] if top is not None) for at in range(len(tops) + 1)]

    def extend(at: int, visits: Visits) -> None:
        nonlocal best
        now = value(problem, visits)
        best = max(best, now)
        if at == len(waiting) or now + rest[at] <= best:
            return
        for visit in options[at]:
            if not _crowded(problem, [*visits, visit], [*visits[len(start) :], visit]):
                extend(at + 1, [*visits, visit])
        extend(at + 1, visits)

    extend(0, start)
    return best


def _open(problem: Problem, host: Host) -> list[date]:
    return sorted(next(site for site in problem.sites if site.slug == host.site).capacity)


def broken_alone(problem: Problem, executive: Executive, host: Host, day: date) -> bool:
    """Whether this visit breaks a rule before anybody else is placed."""
    alone = Problem(
        problem.executives,
        problem.hosts,
        problem.sites,
        problem.rules,
        problem.teams,
        problem.weights,
        (),
        problem.forbidden,
    )
    return bool(broken(alone, [(executive, host, day)]))
