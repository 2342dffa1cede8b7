"""Rows that are valid by default, without surprises and without the wall clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from issues.models import Category, Issue, IssueState
from people.models import BusinessUnit, Executive, Host, RoleGrant, Site, Team, User
from shadowing.models import (
    FloorNote,
    Program,
    RegroupGroup,
    RegroupNote,
    Season,
    SeasonExecutive,
    SeasonHost,
    SeasonSite,
    SeasonState,
    Visit,
    VisitDay,
    VisitState,
    Willing,
)
from surveys.models import Round
from surveys.rounds import invite_visitors, open_hosting_round

NINE = datetime(2027, 3, 1, 9, tzinfo=UTC)  # a Monday, the first day of the season below
PASSWORD = "floor-demo-password"


class UserFactory(DjangoModelFactory[User]):
    """A person with an address of their own. ``UserFactory(role="coordinator", sites=[site])`` grants a role."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.LazyAttribute(lambda user: f"{user.name.lower().replace(' ', '.')}@example.com")
    time_zone = "UTC"

    @factory.post_generation
    def role(user: User, create: bool, role: str | None, **kwargs: Any) -> None:  # type: ignore[misc]
        if create and role:
            RoleGrant.objects.create(user=user, role=role)

    @factory.post_generation
    def sites(user: User, create: bool, sites: list[Site] | None, **kwargs: Any) -> None:  # type: ignore[misc]
        if create and sites is not None:
            grant = user.role_grants.get(role="coordinator")
            grant.all_sites = False
            grant.save(update_fields=["all_sites"])
            grant.sites.set(sites)


class SiteFactory(DjangoModelFactory[Site]):
    class Meta:
        model = Site

    name = factory.Sequence(lambda n: f"Site {n}")
    slug = factory.LazyAttribute(lambda site: site.name.lower().replace(" ", "-"))
    time_zone = "UTC"
    visits_a_day = 6


class BusinessUnitFactory(DjangoModelFactory[BusinessUnit]):
    class Meta:
        model = BusinessUnit

    name = factory.Sequence(lambda n: f"Unit {n}")
    path = factory.SelfAttribute("name")


class TeamFactory(DjangoModelFactory[Team]):
    class Meta:
        model = Team

    site = factory.SubFactory(SiteFactory)
    name = factory.Sequence(lambda n: f"Team {n}")


class ExecutiveFactory(DjangoModelFactory[Executive]):
    class Meta:
        model = Executive

    user = factory.SubFactory(UserFactory, name=factory.Sequence(lambda n: f"Erin Executive{n}"))
    level = "Director"


class HostFactory(DjangoModelFactory[Host]):
    class Meta:
        model = Host

    user = factory.SubFactory(UserFactory, name=factory.Sequence(lambda n: f"Hana Host{n}"))
    team = factory.SubFactory(TeamFactory)
    hired_on = date(2024, 1, 15)


class ProgramFactory(DjangoModelFactory[Program]):
    class Meta:
        model = Program
        django_get_or_create = ("name",)

    name = "Back to the Floor"


class SeasonFactory(DjangoModelFactory[Season]):
    """Two weeks in March 2027. ``SeasonFactory(sites=[site])`` opens sites with their own capacity."""

    class Meta:
        model = Season
        skip_postgeneration_save = True

    program = factory.SubFactory(ProgramFactory)
    name = factory.Sequence(lambda n: f"Spring {n}")
    slug = factory.LazyAttribute(lambda season: season.name.lower().replace(" ", "-"))
    starts_on = date(2027, 3, 1)
    ends_on = date(2027, 3, 12)
    state = SeasonState.DRAFT

    @factory.post_generation
    def sites(season: Season, create: bool, sites: list[Site] | None, **kwargs: Any) -> None:  # type: ignore[misc]
        for site in sites or [] if create else []:
            SeasonSite.objects.create(season=season, site=site, visits_a_day=site.visits_a_day)


class SeasonExecutiveFactory(DjangoModelFactory[SeasonExecutive]):
    class Meta:
        model = SeasonExecutive

    season = factory.SubFactory(SeasonFactory)
    executive = factory.SubFactory(ExecutiveFactory)


class SeasonHostFactory(DjangoModelFactory[SeasonHost]):
    class Meta:
        model = SeasonHost

    season = factory.SubFactory(SeasonFactory)
    host = factory.SubFactory(HostFactory)
    willing = Willing.YES


class VisitFactory(DjangoModelFactory[Visit]):
    """A proposed visit on the season's first day; ``VisitFactory(held=True)`` and the like fill what the state needs."""

    class Meta:
        model = Visit
        skip_postgeneration_save = True

    class Params:
        invited = factory.Trait(state=VisitState.INVITED, invited_at=NINE - timedelta(days=20))
        confirmed = factory.Trait(
            state=VisitState.CONFIRMED,
            invited_at=NINE - timedelta(days=20),
            executive_answer="yes",
            host_answer="yes",
        )
        held = factory.Trait(
            state=VisitState.HELD,
            invited_at=NINE - timedelta(days=20),
            executive_answer="yes",
            host_answer="yes",
            checked_in_at=NINE,
            checked_in_by=factory.SelfAttribute("executive.user"),
        )

    executive = factory.SubFactory(ExecutiveFactory)
    host = factory.SubFactory(HostFactory)
    site = factory.SelfAttribute("host.team.site")
    season = factory.SubFactory(SeasonFactory)
    date = date(2027, 3, 1)

    @factory.post_generation
    def open_site(visit: Visit, create: bool, extracted: None, **kwargs: Any) -> None:  # type: ignore[misc]
        if create:
            season_sites, capacity = SeasonSite.objects, {"visits_a_day": visit.site.visits_a_day}
            season_sites.get_or_create(season=visit.season, site=visit.site, defaults=capacity)


class VisitDayFactory(DjangoModelFactory[VisitDay]):
    class Meta:
        model = VisitDay
        django_get_or_create = ("site", "date")

    site = factory.SubFactory(SiteFactory)
    date = date(2027, 3, 1)


class FloorNoteFactory(DjangoModelFactory[FloorNote]):
    class Meta:
        model = FloorNote

    visit = factory.SubFactory(VisitFactory, held=True)
    author = factory.SelfAttribute("visit.executive.user")
    text = "The refund screen asks for the account number twice."
    written_at = NINE


class RegroupGroupFactory(DjangoModelFactory[RegroupGroup]):
    """A group to be discussed. ``RegroupGroupFactory(notes=[note, …])`` puts these in."""

    class Meta:
        model = RegroupGroup
        skip_postgeneration_save = True

    class Params:
        discussed = factory.Trait(
            outcome="discussed", settled_at=NINE, settled_by=factory.SubFactory(UserFactory, role="coordinator")
        )

    day = factory.SubFactory(VisitDayFactory)
    name = factory.Sequence(lambda n: f"Asked again and again {n}")
    position = factory.Sequence(lambda n: n)

    @factory.post_generation
    def notes(group: RegroupGroup, create: bool, notes: list[FloorNote] | None, **kwargs: Any) -> None:  # type: ignore[misc]
        for note in notes or []:
            RegroupNote.objects.create(note=note, group=group, put_at=NINE, put_by=note.author)


class CategoryFactory(DjangoModelFactory[Category]):
    class Meta:
        model = Category
        django_get_or_create = ("name",)

    name = "workflow"


class IssueFactory(DjangoModelFactory[Issue]):
    """An open issue taken away on the season's first day; ``IssueFactory(delivered=True)`` and the like fill the rest."""

    class Meta:
        model = Issue

    class Params:
        delivered = factory.Trait(
            state=IssueState.DELIVERED,
            delivered_at=NINE + timedelta(days=10),
            delivered_by=factory.SelfAttribute("owner.user"),
            impact="Two minutes saved on every refund.",
        )
        confirmed = factory.Trait(
            state=IssueState.CONFIRMED,
            delivered_at=NINE + timedelta(days=10),
            delivered_by=factory.SelfAttribute("owner.user"),
            confirmed_at=NINE + timedelta(days=12),
            confirmed_by=factory.SelfAttribute("promised_to.user"),
        )

    origin_visit = factory.SubFactory(VisitFactory, held=True)
    title = factory.Sequence(lambda n: f"Refund screen asks twice {n}")
    obstacle = "The account number is asked for on two screens."
    promise = "By April you type the account number once."
    category = factory.SubFactory(CategoryFactory)
    site = factory.SelfAttribute("origin_visit.site")
    season = factory.SelfAttribute("origin_visit.season")
    promised_to = factory.SelfAttribute("origin_visit.host")
    owner = factory.SelfAttribute("origin_visit.executive")
    raised_in = factory.SelfAttribute("promised_to.team")
    taken_away_at = NINE
    target_date = date(2027, 4, 30)
    next_update_due = date(2027, 3, 15)
    last_word_on = date(2027, 3, 1)
    word_due = date(2027, 3, 22)


class HostingRoundFactory:
    """An open hosting survey whose invitations are out: ``HostingRoundFactory.create(hosts=12)``."""

    @staticmethod
    def create(*, hosts: int, season: Season | None = None) -> Round:
        site = SiteFactory()
        season = season or SeasonFactory(sites=[site], state=SeasonState.PUBLISHED)
        team = TeamFactory(site=season.sites.get())
        for _ in range(hosts):
            VisitFactory(held=True, season=season, site=team.site, host=HostFactory(team=team))
        survey_round = open_hosting_round(season=season, now=NINE)
        invite_visitors()
        return survey_round
