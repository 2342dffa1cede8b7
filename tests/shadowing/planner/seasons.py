"""Seasons made up by a seed, from tiny ones for exhaustive search to a whole year's."""

import random
from datetime import date, timedelta

from shadowing.planner.problem import Executive, Host, Locked, Problem, Rules, Site, Team, Weights

START = date(2027, 3, 1)  # a Monday
UNITS = [
    ("Networks",),
    ("Networks", "Field"),
    ("Networks", "Core"),
    ("Retail", "North"),
    ("Retail", "South"),
    ("Care", "Billing"),
    ("Care", "Technical", "Fibre"),
    ("Finance",),
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
            START,
            host_min_tenure_months=6,
            other_business_unit=True,
            shared_language=True,
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


def tiny(seed: int) -> Problem:
    """Three to five executives, three hosts, four days: small enough to try every plan, crowded enough to be hard."""
    chance = random.Random(seed)
    days = [START + timedelta(offset) for offset in (0, 1, 3, 4)]
    people = tuple(_tiny_executive(chance, number, days) for number in range(chance.randint(3, 5)))
    hosts = tuple(_tiny_host(chance, number, days) for number in range(3))
    sites = tuple(Site(slug, {day: chance.choice([1, 1, 2]) for day in days}) for slug in ("north", "south"))
    locked = (Locked("E0", chance.choice(hosts).key, chance.choice(days)),) if chance.random() < 0.2 else ()
    return Problem(
        people,
        hosts,
        sites,
        Rules(START, chance.choice([0, 6]), chance.random() < 0.5, chance.random() < 0.3, chance.choice([0, 2, 3, 4])),
        teams=(Team("north-1", chance.choice([None, 1])), Team("south-1", 1)),
        weights=Weights(*(chance.choice([0, 0.5, 1, 2]) for _ in range(4))),
        locked=locked,
        forbidden=frozenset({(f"E{chance.randrange(5)}", f"H{chance.randrange(3)}")}),
    )


def _tiny_executive(chance: random.Random, number: int, days: list[date]) -> Executive:
    return Executive(
        f"E{number}",
        unit=chance.choice([("A",), ("A", "B"), ("C",), None]),
        home_site=chance.choice(["north", "south", None]),
        languages=frozenset(chance.choice([["en"], ["en", "pt"], []])),
        unavailable=_some(chance, days, 0.5),
        preferred=frozenset({chance.choice(days)}),
        met=frozenset({f"H{chance.randrange(12)}"}),
    )


def _tiny_host(chance: random.Random, number: int, days: list[date]) -> Host:
    taken = (chance.choice(days),) if chance.random() < 0.15 else ()
    site = chance.choice(["north", "north", "south"])
    return Host(
        f"H{number}",
        site=site,
        team=chance.choice([f"{site}-1", None]),
        unit=chance.choice([("A", "B"), ("C",), None]),
        hired_on=chance.choice([None, START - timedelta(100), START - timedelta(900), START - timedelta(4000)]),
        languages=frozenset(chance.choice([["en"], ["pt"], []])),
        unavailable=_some(chance, days, 0.8),
        max_visits=chance.randint(1, 3),
        nominated=chance.random() < 0.5,
        visits=taken,
        season_visits=len(taken) * chance.randint(0, 1),
    )
