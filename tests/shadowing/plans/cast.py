"""A season with enough people to plan: two sites, ten executives, twelve hosts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from people.models import Executive, Host, Site, Team, User
from shadowing.models import Season, SeasonState
from shadowing.seasons import sync_people
from tests.factories import (
    BusinessUnitFactory,
    ExecutiveFactory,
    HostFactory,
    SeasonFactory,
    SeasonHostFactory,
    SiteFactory,
    TeamFactory,
    UserFactory,
)

NOW = datetime(2027, 2, 1, 9, tzinfo=UTC)
FIRST = date(2027, 3, 1)


@dataclass
class Cast:
    """The season and everybody in it."""

    season: Season
    sites: list[Site]
    teams: list[Team]
    executives: list[Executive]
    hosts: list[Host] = field(default_factory=list)

    @property
    def coordinator(self) -> User:
        return UserFactory(role="coordinator")


def make_cast(*, executives: int = 10, hosts: int = 12, **season) -> Cast:
    """All hosts are willing and take two visits; executives are spread over three units."""
    sites = [SiteFactory(name="Leeds", slug="leeds"), SiteFactory(name="Pune", slug="pune")]
    units = [BusinessUnitFactory(name=name, path=name) for name in ("Networks", "Networks / Field", "Care")]
    teams = [TeamFactory(site=site, business_unit=unit) for site, unit in zip(sites, units, strict=False)]
    opened = SeasonFactory(sites=sites, state=SeasonState.COLLECTING, slug="spring", hosts_from="willing", **season)
    people = [
        ExecutiveFactory(business_unit=units[n % 3], home_site=sites[n % 2] if n % 3 else None)
        for n in range(executives)
    ]
    guests = [HostFactory(team=teams[n % 2], max_visits=2) for n in range(hosts)]
    for host in guests:
        SeasonHostFactory(season=opened, host=host, max_visits=2)
    sync_people(season=opened)
    return Cast(opened, sites, teams, people, guests)
