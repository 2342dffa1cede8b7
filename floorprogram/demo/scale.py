"""Large synthetic programs for measurements, written in bulk.

Issues are spread over all states and over clocks around today; each has a held visit of its own, in as many past seasons
as that takes. The same seed gives the same data.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.contrib.auth.hashers import make_password
from django.db import transaction

from floorprogram.demo.bulk import Row, checked_at_the_end, reserve, write
from floorprogram.demo.scale_answers import write_answers
from issues.models import Category, EventKind, Issue, IssueEvent, IssueState, IssueUpdate
from people.keys import fold
from people.models import BusinessUnit, Executive, Host, Site, Team, User
from shadowing.models import Program, Season, SeasonSite, SeasonState, Visit, VisitState

NO_WORD = make_password(None)
HOSTS_PER_TEAM = 20
WORKDAYS = 10  # of a season
STATES = [
    "open",
    "in_progress",
    "in_progress",
    "in_progress",
    "on_hold",
    "delivered",
    "confirmed",
    "confirmed",
    "withdrawn",
]
WORDS = "refund screen script address transfer queue contract invoice meter outage router claim address letter".split()


@dataclass(frozen=True)
class Size:
    """How much of each to make."""

    executives: int = 0
    hosts: int = 0
    sites: int = 0
    issues: int = 0
    responses: int = 0


class Leader(NamedTuple):
    """An executive, as far as visits and issues need to know."""

    pk: int
    unit_id: int


class Agent(NamedTuple):
    """A host, as far as visits and issues need to know."""

    pk: int
    team_id: int
    site_id: int


class Held(NamedTuple):
    """A held visit and the issue it gives."""

    pk: int
    issue_id: int
    season_id: int
    leader: Leader
    agent: Agent
    date: date

    @property
    def evening(self) -> datetime:
        return datetime.combine(self.date, time(16), UTC)


@dataclass
class Scale:
    """One run of the generator."""

    size: Size
    today: date
    country: str = "KN"
    time_zone: str = "UTC"
    seed: int = 0
    sites: list[Site] = field(default_factory=list)
    leaders: list[Leader] = field(default_factory=list)
    agents: list[Agent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.now = datetime.combine(self.today, time(8), UTC)
        self.tag = User.objects.count()  # keeps names and numbers of several runs apart
        self.keys = random.Random(f"{self.seed} {self.tag}")

    @transaction.atomic
    def make(self) -> dict[str, int]:
        """Write everything in one transaction; returns the counts."""
        self._make_sites()
        units = self._make_units()
        self._make_leaders(units)
        self._make_agents(units)
        seasons = self._make_seasons()
        with checked_at_the_end(Visit, Issue, IssueUpdate, IssueEvent):
            visits = self._make_visits(seasons)
            write(Issue, self._issues(visits))
            events = self._make_history(visits)
        if self.size.responses and seasons:
            write_answers(seasons[0], self.size.responses, now=self.now, numbers=self.random, new_key=self._uuid)
        return {**vars(self.size), "visits": len(visits), "events": events}

    # --- Places and people ---

    def _make_sites(self) -> None:
        names = [f"Scale {self.tag} site {number}" for number in range(1, self.size.sites + 1)]
        fields = {"country": self.country, "time_zone": self.time_zone, "visits_a_day": 40}
        self.sites = Site.objects.bulk_create(
            Site(name=name, slug=name.lower().replace(" ", "-"), **fields) for name in names
        )

    def _make_units(self) -> list[int]:
        """Four units in each of six divisions; ids of the units."""
        root = _unit("Scale", None)
        divisions = [_unit(f"Scale / Division {number}", root) for number in range(1, 7)]
        return [_unit(f"{above.path} / Unit {number}", above).pk for above in divisions for number in range(1, 5)]

    def _make_leaders(self, units: list[int]) -> None:
        keys = reserve(User, self.size.executives)
        self.leaders = [Leader(key, self.random.choice(units)) for key in keys]
        write(User, (self._user("X", number, key) for number, key in enumerate(keys)))
        write(Executive, (
            {"user_id": leader.pk, "level": "Director", "business_unit_id": leader.unit_id,
             "home_site_id": self.random.choice(self.sites).pk if self.sites and self.random.random() < 0.8 else None}
            for leader in self.leaders
        ))  # fmt: skip

    def _make_agents(self, units: list[int]) -> None:
        count = self.size.hosts if self.sites else 0
        keys, teams = reserve(User, count), self._make_teams(-(-count // HOSTS_PER_TEAM), units)
        for number, key in enumerate(keys):
            team = teams[number % len(teams)]
            self.agents.append(Agent(key, team.pk, team.site_id))
        write(User, (self._user("H", number, key) for number, key in enumerate(keys)))
        write(Host, (
            {"user_id": agent.pk, "team_id": agent.team_id, "max_visits": 1 + self.random.randrange(3),
             "hired_on": self.today - timedelta(days=self.random.randrange(30, 4000))}
            for agent in self.agents
        ))  # fmt: skip

    def _make_teams(self, count: int, units: list[int]) -> list[Team]:
        return Team.objects.bulk_create(
            Team(site=self.sites[number % len(self.sites)], name=f"Scale {self.tag} team {number}",
                 business_unit_id=self.random.choice(units))
            for number in range(count)
        )  # fmt: skip

    def _user(self, kind: str, number: int, key: int) -> Row:
        code = f"{kind}{self.tag}-{number}"
        return {
            "id": key, "name": f"{'Erin' if kind == 'X' else 'Hana'} {kind}{self.tag} {number}",
            "email": f"{code.lower()}@scale.example", "employee_number": code, "time_zone": self.time_zone,
            "languages": ["en"], "password": NO_WORD, "created_at": self.now,
        }  # fmt: skip

    # --- Seasons and visits ---

    def _make_seasons(self) -> list[Season]:
        """Past two-week seasons, one visit an executive in each, until every issue has its visit."""
        if not (self.size.issues and self.leaders and self.agents):
            return []
        program, _ = Program.objects.get_or_create(name_key=fold("Scale"), defaults={"name": "Scale"})
        count = -(-self.size.issues // len(self.leaders))
        seasons = Season.objects.bulk_create(self._season(program, number, count) for number in range(count))
        SeasonSite.objects.bulk_create(
            SeasonSite(season=season, site=site, visits_a_day=40) for season in seasons for site in self.sites
        )
        return seasons

    def _season(self, program: Program, number: int, count: int) -> Season:
        starts = self.today - timedelta(days=14 * (count - number) + 7)
        starts -= timedelta(days=starts.weekday())
        return Season(
            program=program, name=f"Scale {self.tag}.{number}", slug=f"scale-{self.tag}-{number}",
            starts_on=starts, ends_on=starts + timedelta(days=11), state=SeasonState.CLOSED,
        )  # fmt: skip

    def _make_visits(self, seasons: list[Season]) -> list[Held]:
        count = self.size.issues if seasons else 0
        keys = zip(reserve(Visit, count), reserve(Issue, count), strict=True)
        visits = [self._held(number, seasons, *pair) for number, pair in enumerate(keys)]
        write(Visit, map(self._visit, visits))
        return visits

    def _held(self, number: int, seasons: list[Season], pk: int, issue_id: int) -> Held:
        turn, place = divmod(number, len(self.leaders))
        lap, seat = divmod(place, len(self.agents))
        agent, day = self.agents[seat], (seat + lap) % WORKDAYS
        when = seasons[turn].starts_on + timedelta(days=day + 2 * (day // 5))
        return Held(pk, issue_id, seasons[turn].pk, self.leaders[place], agent, when)

    def _visit(self, visit: Held) -> Row:
        return {
            "id": visit.pk, "uuid": self._uuid(), "season_id": visit.season_id, "executive_id": visit.leader.pk,
            "host_id": visit.agent.pk, "site_id": visit.agent.site_id, "date": visit.date, "state": VisitState.HELD.value,
            "executive_answer": "yes", "host_answer": "yes", "invited_at": self.now, "checked_in_at": self.now,
            "checked_in_by_id": visit.leader.pk, "followed": True,
        }  # fmt: skip

    def _uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self.keys.getrandbits(128), version=4)

    # --- Issues and their history ---

    def _issues(self, visits: list[Held]) -> Iterator[Row]:
        categories = list(Category.objects.order_by("pk").values_list("pk", flat=True))
        categories = categories or [Category.objects.create(name="workflow").pk]
        for number, visit in enumerate(visits):
            words = " ".join(self.random.sample(WORDS, 4))
            yield {
                "number": visit.issue_id, "title": f"{words.capitalize()} {number}",
                "obstacle": f"Callers wait while the {words} is looked up twice.",
                "promise": f"By the date below you see the {words} at once.",
                "category_id": self.random.choice(categories), "site_id": visit.agent.site_id,
                "season_id": visit.season_id, "origin_visit_id": visit.pk, "raised_in_id": visit.agent.team_id,
                "owning_unit_id": visit.leader.unit_id, "promised_to_id": visit.agent.pk, "owner_id": visit.leader.pk,
                "taken_away_at": visit.evening, **self._clocks(), **self._state(STATES[number % len(STATES)], visit),
            }  # fmt: skip

    def _clocks(self) -> Row:
        def around(first: int, last: int) -> date:
            return self.today + timedelta(days=self.random.randrange(first, last))

        return {
            "target_date": around(-60, 61),
            "next_update_due": around(-20, 15),
            "last_word_on": around(-39, 1),
            "word_due": around(-19, 22),
        }

    def _state(self, state: str, visit: Held) -> Row:
        """The state and the columns that go with it; all of them, so that every row names the same."""
        done, confirmed = state in (IssueState.DELIVERED, IssueState.CONFIRMED), state == IssueState.CONFIRMED
        return {
            "state": state,
            "hold_until": self.today + timedelta(days=20) if state == IssueState.ON_HOLD else None,
            "delivered_at": self.now if done else None,
            "delivered_by_id": visit.leader.pk if done else None,
            "impact": "A minute saved on each call." if done else "",
            "confirmed_at": self.now if confirmed else None,
            "confirmed_by_id": visit.agent.pk if confirmed else None,
        }

    def _make_history(self, visits: list[Held]) -> int:
        """The take-away and one update each."""
        updates = list(zip(visits, reserve(IssueUpdate, len(visits)), strict=True))
        write(IssueUpdate, (
            {"id": pk, "text": "The first half is in test.", **_said(visit, days=3)} for visit, pk in updates
        ))  # fmt: skip
        taken = ({"kind": EventKind.TAKEN_AWAY.value, "update_id": None, **_said(visit)} for visit in visits)
        posted = ({"kind": EventKind.UPDATED.value, "update_id": pk, **_said(visit, days=3)} for visit, pk in updates)
        return write(IssueEvent, taken) + write(IssueEvent, posted)


def _unit(path: str, above: BusinessUnit | None) -> BusinessUnit:
    name = path.rsplit(" / ", maxsplit=1)[-1]
    defaults: dict[str, Any] = {"name": name, "path": path, "parent": above}
    return BusinessUnit.objects.get_or_create(path_key=fold(path), defaults=defaults)[0]


def _said(visit: Held, days: int = 0) -> Row:
    """By the owner, in the evening of the visit or so many days later."""
    return {"issue_id": visit.issue_id, "by_id": visit.leader.pk, "at": visit.evening + timedelta(days=days)}
