"""Seasons made up by a seed, from tiny ones for exhaustive search to a whole year's."""

import random
from datetime import date, timedelta

from shadowing.planner.problem import Executive, Host, Problem, Rules, Site, Team

START = date(2027, 3, 1)  # a Monday
UNITS = [
    ("Networks",), ("Networks", "Field"), ("Networks", "Core"), ("Retail", "North"), ("Retail", "South"),
    ("Care", "Billing"), ("Care", "Technical", "Fibre"), ("Finance",),
]
LANGUAGES = ["en", "es", "pt", "hi"]


def weekdays(count: int) -> list[date]:
    """The first ``count`` days from START on that are no weekend."""
    days = [START + timedelta(offset) for offset in range(count * 2)]
    return [day for day in days if day.weekday() < 5][:count]


def season(
    executives: int,
    hosts: int,
    days: int,
    sites: int,
    *,
    seed: int = 0,
    rest: int = 3,
    executive_free: float = 0.6,
    host_free: float = 0.7,
    spare: float = 1.25,
    away: int | None = None,
) -> Problem:
    """A believable season: units, tenures, two languages each at most, some data missing, places with some room."""
    chance = random.Random(seed)
    dates = weekdays(days)
    places = max(1, round(executives * spare / days / sites))
    slugs = [f"site-{number}" for number in range(sites)]
    teams = [(f"team-{site}-{number}", site) for site in slugs for number in range(max(1, hosts // sites // 10))]
    return Problem(
        executives=tuple(_executive(chance, f"E{n}", slugs, dates, executive_free) for n in range(executives)),
        hosts=tuple(_host(chance, f"H{n}", chance.choice(teams), dates, host_free) for n in range(hosts)),
        sites=tuple(Site(slug, dict.fromkeys(dates, places)) for slug in slugs),
        teams=tuple(Team(key, away) for key, _ in teams),
        rules=Rules(
            START, host_min_tenure_months=6, other_business_unit=True, shared_language=True,
            days_between_host_visits=rest,
        ),
    )


def _some(chance: random.Random, dates: list[date], share: float) -> frozenset[date]:
    return frozenset(day for day in dates if chance.random() >= share)


def _executive(chance: random.Random, key: str, slugs: list[str], dates: list[date], free: float) -> Executive:
    return Executive(
        key,
        unit=chance.choice([*UNITS, None]),
        home_site=chance.choice([*slugs, None]),
        languages=frozenset({"en"} if chance.random() < 0.8 else chance.sample(LANGUAGES, 2)),
        unavailable=_some(chance, dates, free),
        preferred=frozenset(chance.sample(dates, min(2, len(dates)))) if chance.random() < 0.3 else frozenset(),
        met=frozenset(f"H{chance.randrange(50)}" for _ in range(chance.randrange(3))),
    )


def _host(chance: random.Random, key: str, team: tuple[str, str], dates: list[date], free: float) -> Host:
    return Host(
        key,
        site=team[1],
        team=team[0],
        unit=chance.choice([*UNITS, None]),
        hired_on=START - timedelta(chance.randrange(30, 4000)) if chance.random() < 0.95 else None,
        languages=frozenset({"en"} if chance.random() < 0.9 else chance.sample(LANGUAGES, 1)),
        unavailable=_some(chance, dates, free),
        max_visits=chance.choice([1, 2, 2, 3]),
        nominated=chance.random() < 0.1,
    )
