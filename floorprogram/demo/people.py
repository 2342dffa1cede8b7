"""The people and places of the demo."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password

from floorprogram.demo import words
from people.keys import fold
from people.models import BusinessUnit, Executive, Host, Role, RoleGrant, Site, Team, User

HOSTS_PER_SITE = 16
EXECUTIVES = 44


@dataclass
class Cast:
    """Who takes part, by what they do."""

    sign_ins: dict[str, User] = field(default_factory=dict)
    sites: list[Site] = field(default_factory=list)
    executives: list[Executive] = field(default_factory=list)
    hosts: dict[int, list[Host]] = field(default_factory=dict)

    @property
    def coordinator(self) -> User:
        return self.sign_ins["coordinator"]


def make_cast(pick: random.Random, *, today: date) -> Cast:
    """Write all people; the sign-ins first in every list."""
    cast = Cast()
    password = make_password(words.PASSWORD)
    for role, name, email in words.SIGN_INS:
        cast.sign_ins[role] = User.objects.create(name=name, email=email, password=password, time_zone="Europe/London")
    for role in Role.values:
        RoleGrant.objects.create(user=cast.sign_ins[role], role=role)
    cast.sites = [
        Site.objects.create(visits_a_day=4, partner=words.PARTNERS.get(s["slug"], ""), **s) for s in words.SITES
    ]
    units = [_unit(path) for path in words.UNITS]
    _make_executives(cast, pick, units)
    _make_hosts(cast, pick, units, today)
    return cast


def _unit(path: str) -> BusinessUnit:
    head, _, name = path.rpartition(" / ")
    parent = _unit(head) if head else None
    made = {"name": name, "path": path, "parent": parent}
    return BusinessUnit.objects.get_or_create(path_key=fold(path), defaults=made)[0]


def _make_executives(cast: Cast, pick: random.Random, units: list[BusinessUnit]) -> None:
    names = [f"{first} {last}" for last in words.LAST for first in words.FIRST]
    users = [cast.sign_ins["executive"]]
    for number, name in enumerate(pick.sample(names, EXECUTIVES - 1), start=1):
        email = f"{name.lower().replace(' ', '.')}@calloway.example"
        users.append(
            User.objects.create(name=name, email=email, employee_number=f"E{number:03}", time_zone="Europe/London")
        )
    boss = users[-1]
    for number, user in enumerate(users):
        cast.executives.append(
            Executive.objects.create(
                user=user,
                level=words.LEVELS[number % 3],
                business_unit=units[number % len(units)],
                home_site=pick.choice([*cast.sites, None]),
                assistant=cast.sign_ins["assistant"] if number == 0 else None,
                line_manager=boss if user != boss else None,
            )
        )


def _make_hosts(cast: Cast, pick: random.Random, units: list[BusinessUnit], today: date) -> None:
    names = [f"{first} {last}" for last in words.HOST_LAST for first in words.HOST_FIRST]
    chosen = pick.sample(names, HOSTS_PER_SITE * len(cast.sites))
    for site in cast.sites:
        teams = [
            Team.objects.create(site=site, name=name, business_unit=pick.choice(units[4:]), away_at_once=2)
            for name in words.TEAMS[site.slug]
        ]
        cast.hosts[site.pk] = [
            _host(cast, chosen.pop(), site, teams[number % len(teams)], number, pick, today)
            for number in range(HOSTS_PER_SITE)
        ]


def _host(cast: Cast, name: str, site: Site, team: Team, number: int, pick: random.Random, today: date) -> Host:
    known = cast.sign_ins["host"] if site.slug == "leeds" and number == 0 else None
    user = known or User.objects.create(
        name=name,
        email=f"{name.lower().replace(' ', '.')}@calloway.example",
        employee_number=f"{site.slug[:2].upper()}{number:03}",
        time_zone=site.time_zone,
    )
    hired = today - timedelta(days=pick.randrange(240, 3000))
    return Host.objects.create(user=user, team=team, hired_on=hired, max_visits=2, nominated=number % 4 == 0)
