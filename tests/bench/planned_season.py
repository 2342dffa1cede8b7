"""A planner's problem and its plan as a published season in the database. Import after Django is set up."""

from __future__ import annotations

from datetime import UTC, datetime, time

from people.models import BusinessUnit, Executive, Host, Site, Team, User
from shadowing.models import (
    Program,
    Season,
    SeasonExecutive,
    SeasonHost,
    SeasonSite,
    SeasonState,
    UnavailableDay,
    Visit,
    VisitState,
)
from shadowing.planner import Problem, Solution

BATCH = 2_000


def store(problem: Problem, solution: Solution) -> Season:
    """Everybody and everything of the problem, all pairs of the plan as confirmed visits."""
    sites = {one.slug: Site.objects.create(name=one.slug, slug=one.slug) for one in problem.sites}
    season = _season(problem, sites)
    people = _people(problem)
    executives, hosts = _profiles(problem, sites, people)
    UnavailableDay.objects.bulk_create(
        (
            UnavailableDay(user=people[one.key], date=day)
            for one in (*problem.executives, *problem.hosts)
            for day in sorted(one.unavailable)
        ),
        batch_size=BATCH,
    )
    SeasonExecutive.objects.bulk_create(SeasonExecutive(season=season, executive=one) for one in executives.values())
    SeasonHost.objects.bulk_create(
        SeasonHost(season=season, host=one, willing="yes", max_visits=one.max_visits) for one in hosts.values()
    )
    invited = datetime.combine(season.starts_on, time(), UTC)
    Visit.objects.bulk_create(
        Visit(
            season=season, executive=executives[pair.executive], host=hosts[pair.host], site=sites[pair.site],
            date=pair.date, state=VisitState.CONFIRMED, executive_answer="yes", host_answer="yes", invited_at=invited,
        )
        for pair in solution.pairs
    )  # fmt: skip
    return season


def _season(problem: Problem, sites: dict[str, Site]) -> Season:
    rules, days = problem.rules, sorted({day for site in problem.sites for day in site.capacity})
    season = Season.objects.create(
        program=Program.objects.create(name="Planned"), name="Planned", slug="planned", starts_on=days[0],
        ends_on=days[-1], state=SeasonState.PUBLISHED, host_min_tenure_months=rules.host_min_tenure_months,
        other_business_unit=rules.other_business_unit, shared_language=rules.shared_language,
        days_between_host_visits=rules.days_between_host_visits,
    )  # fmt: skip
    SeasonSite.objects.bulk_create(
        SeasonSite(season=season, site=sites[one.slug], visits_a_day=max(one.capacity.values()))
        for one in problem.sites
    )
    return season


def _people(problem: Problem) -> dict[str, User]:
    users = User.objects.bulk_create(
        User(name=f"Person {one.key}", employee_number=one.key, languages=sorted(one.languages), password="!")
        for one in (*problem.executives, *problem.hosts)
    )
    return {user.employee_number: user for user in users}


def _profiles(
    problem: Problem, sites: dict[str, Site], people: dict[str, User]
) -> tuple[dict[str, Executive], dict[str, Host]]:
    """Executives and hosts. A host's unit is their team's, so there is a team for each unit within each team."""
    paths = {one.unit for one in (*problem.executives, *problem.hosts) if one.unit}
    units = {path: BusinessUnit.objects.create(name=path[-1], path=" / ".join(path)) for path in sorted(paths)}
    teams = {
        key: Team.objects.create(name=f"{key[0]} {key[1]}", site=sites[key[2]], business_unit=units.get(key[1]))
        for key in sorted({(one.team, one.unit, one.site) for one in problem.hosts}, key=str)
    }
    executives = Executive.objects.bulk_create(
        Executive(user=people[one.key], business_unit=units.get(one.unit), home_site=sites.get(one.home_site))
        for one in problem.executives
    )
    hosts = Host.objects.bulk_create(
        Host(
            user=people[one.key], team=teams[one.team, one.unit, one.site], hired_on=one.hired_on,
            max_visits=one.max_visits, nominated=one.nominated,
        )
        for one in problem.hosts
    )  # fmt: skip
    return (
        {user.employee_number: one for one in executives for user in [one.user]},
        {user.employee_number: one for one in hosts for user in [one.user]},
    )
