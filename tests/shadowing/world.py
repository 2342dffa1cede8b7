"""One season at one site with its people, for the tests of visits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from people.models import Executive, Host, Site, Team, User
from shadowing.models import Season, SeasonState, Visit, VisitState
from tests.factories import (
    ExecutiveFactory,
    HostFactory,
    SeasonFactory,
    SiteFactory,
    TeamFactory,
    UserFactory,
    VisitFactory,
)

DAY = date(2027, 3, 3)  # a Wednesday of the season
LATER = date(2027, 3, 10)
BEFORE = datetime(2027, 2, 15, 9, tzinfo=UTC)  # a Monday, well before notice ends
ON_THE_DAY = datetime(2027, 3, 3, 10, tzinfo=UTC)


@dataclass
class World:
    """Every role there is, twice where being another's matters."""

    site: Site
    other_site: Site
    team: Team
    season: Season
    executive: Executive
    assistant: User
    host: Host
    stranger: Executive
    strange_host: Host
    coordinator: User
    other_coordinator: User
    sponsor: User
    admin: User

    def people(self) -> dict[str, User]:
        """Role → the person who has it."""
        return {
            "admin": self.admin, "coordinator": self.coordinator, "other_coordinator": self.other_coordinator,
            "sponsor": self.sponsor, "executive": self.executive.user, "assistant": self.assistant,
            "host": self.host.user, "stranger": self.stranger.user, "strange_host": self.strange_host.user,
        }  # fmt: skip

    def visit(self, state: str = VisitState.INVITED, **fields) -> Visit:
        """A visit of the executive with the host on DAY, in that state with what the state needs."""
        fields = {"executive": self.executive, "host": self.host, "season": self.season, "date": DAY} | fields
        return VisitFactory(site=self.site, state=state, **filled(state, self.executive.user), **fields)


def filled(state: str, by: User) -> dict:
    """The columns a state cannot be without."""
    columns = (
        {}
        if state == VisitState.PROPOSED
        else {"invited_at": BEFORE - timedelta(days=1), "answer_by": date(2027, 2, 18)}
    )
    if state in {VisitState.CONFIRMED, VisitState.HELD, VisitState.NO_SHOW}:
        columns |= {"executive_answer": "yes", "host_answer": "yes"}
    if state == VisitState.HELD:
        columns |= {"checked_in_at": ON_THE_DAY, "checked_in_by": by}
    return columns


def make_world(*, time_zone: str = "UTC", visits_a_day: int = 6) -> World:
    """A published season in March 2027."""
    site = SiteFactory(name="Leeds", slug="leeds", visits_a_day=visits_a_day, time_zone=time_zone)
    other_site = SiteFactory(name="Pune", slug="pune")
    team = TeamFactory(site=site, name="Billing Care")
    assistant = UserFactory(name="Asim Assistant")
    return World(
        site=site, other_site=other_site, team=team,
        season=SeasonFactory(sites=[site, other_site], state=SeasonState.PUBLISHED, slug="spring"),
        executive=ExecutiveFactory(user__name="Anneke Vos", assistant=assistant), assistant=assistant,
        host=HostFactory(user__name="Priya Nair", team=team, max_visits=3),
        stranger=ExecutiveFactory(user__name="Sten Stranger"),
        strange_host=HostFactory(user__name="Hugo Other", team=team),
        coordinator=UserFactory(name="Cora Coordinator", role="coordinator", sites=[site]),
        other_coordinator=UserFactory(name="Otto Elsewhere", role="coordinator", sites=[other_site]),
        sponsor=UserFactory(name="Sponsor Spens", role="sponsor"), admin=UserFactory(name="Ada Admin", role="admin"),
    )  # fmt: skip
