"""Large synthetic programs for measurements, written in bulk.

Issues are spread over all states and over clocks around today; each has a held visit of its own, in as many past seasons
as that takes. The same seed gives the same data.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

from django.contrib.auth.hashers import make_password
from django.db import models, transaction

from issues.models import Category, EventKind, Issue, IssueEvent, IssueState, IssueUpdate
from people.keys import fold
from people.models import BusinessUnit, Executive, Host, Site, Team, User
from shadowing.models import Program, Season, SeasonSite, SeasonState, Visit, VisitState
from surveys.models import Answer, Response, RoundState
from surveys.rounds import open_hosting_round

Row = TypeVar("Row", bound=models.Model)
NO_WORD = make_password(None)
BATCH = 5000  # rows an INSERT
HOSTS_PER_TEAM = 20
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


@dataclass
class Scale:
    """One run of the generator."""

    size: Size
    today: date
    country: str = "KN"
    time_zone: str = "UTC"
    seed: int = 0
    sites: list[Site] = field(default_factory=list)
    executives: list[Executive] = field(default_factory=list)
    hosts: list[Host] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.now = datetime.combine(self.today, time(8), UTC)
        self.tag = User.objects.count()  # keeps names and numbers of several runs apart

    @transaction.atomic
    def make(self) -> dict[str, int]:
        """Write everything in one transaction; returns the counts."""
        self._make_sites()
        self._make_people()
        seasons = self._make_seasons()
        visits = _bulk(Visit, self._visits(seasons))
        _bulk(Issue, self._issues(visits))
        made = self._history() if self.size.issues else 0
        self._make_responses(seasons)
        return {**vars(self.size), "visits": len(visits), "events": made}

    def _make_sites(self) -> None:
        names = [f"Scale {self.tag} site {number}" for number in range(1, self.size.sites + 1)]
        fields = {"country": self.country, "time_zone": self.time_zone, "visits_a_day": 40}
        self.sites = _bulk(Site, (Site(name=name, slug=name.lower().replace(" ", "-"), **fields) for name in names))

    def _units(self) -> list[BusinessUnit]:
        root, _ = BusinessUnit.objects.get_or_create(
            path_key=fold("Scale"), defaults={"name": "Scale", "path": "Scale"}
        )
        units = []
        for division in range(1, 7):
            path = f"Scale / Division {division}"
            parent, _ = BusinessUnit.objects.get_or_create(
                path_key=fold(path), defaults={"name": path.rsplit(" / ", maxsplit=1)[-1], "path": path, "parent": root}
            )
            for unit in range(1, 5):
                leaf, _ = BusinessUnit.objects.get_or_create(
                    path_key=fold(f"{path} / Unit {unit}"),
                    defaults={"name": f"Unit {unit}", "path": f"{path} / Unit {unit}", "parent": parent},
                )
                units.append(leaf)
        return units

    def _make_people(self) -> None:
        units = self._units()
        leaders = _bulk(User, (self._user("X", number) for number in range(self.size.executives)))
        self.executives = _bulk(Executive, (
            Executive(user=user, level="Director", business_unit=self.random.choice(units),
                      home_site=self.random.choice(self.sites) if self.sites and self.random.random() < 0.8 else None)
            for user in leaders
        ))  # fmt: skip
        teams = _bulk(Team, (
            Team(site=self.sites[number % len(self.sites)], name=f"Scale {self.tag} team {number}",
                 business_unit=self.random.choice(units))
            for number in range(-(-self.size.hosts // HOSTS_PER_TEAM) if self.sites else 0)
        ))  # fmt: skip
        agents = _bulk(User, (self._user("H", number) for number in range(self.size.hosts if teams else 0)))
        self.hosts = _bulk(Host, (
            Host(user=user, team=teams[number % len(teams)], max_visits=1 + self.random.randrange(3),
                 hired_on=self.today - timedelta(days=self.random.randrange(30, 4000)))
            for number, user in enumerate(agents)
        ))  # fmt: skip

    def _user(self, kind: str, number: int) -> User:
        code = f"{kind}{self.tag}-{number}"
        name = f"{'Erin' if kind == 'X' else 'Hana'} {kind}{self.tag} {number}"
        email = f"{code.lower()}@scale.example"
        return User(
            name=name, email=email, employee_number=code, time_zone=self.time_zone, languages=["en"], password=NO_WORD
        )

    def _make_seasons(self) -> list[Season]:
        """Past two-week seasons, one visit an executive in each, until every issue has its visit."""
        if not (self.size.issues and self.executives and self.hosts):
            return []
        program, _ = Program.objects.get_or_create(name_key=fold("Scale"), defaults={"name": "Scale"})
        count = -(-self.size.issues // len(self.executives))
        seasons = []
        for number in range(count):
            starts = self.today - timedelta(days=14 * (count - number) + 7)
            starts -= timedelta(days=starts.weekday())
            season = Season(program=program, name=f"Scale {self.tag}.{number}", slug=f"scale-{self.tag}-{number}",
                            starts_on=starts, ends_on=starts + timedelta(days=11), state=SeasonState.CLOSED)  # fmt: skip
            seasons.append(season)
        _bulk(Season, seasons)
        _bulk(
            SeasonSite,
            (SeasonSite(season=season, site=site, visits_a_day=40) for season in seasons for site in self.sites),
        )
        return seasons

    def _visits(self, seasons: list[Season]) -> Iterator[Visit]:
        for number in range(self.size.issues if seasons else 0):
            turn, place = divmod(number, len(self.executives))
            season, host = seasons[turn], self.hosts[place % len(self.hosts)]
            day = place // len(self.hosts) % 10
            when = season.starts_on + timedelta(days=day + 2 * (day // 5))
            executive = self.executives[place]
            yield Visit(season=season, executive=executive, host=host, site_id=host.team.site_id, date=when,
                        state=VisitState.HELD, executive_answer="yes", host_answer="yes", invited_at=self.now,
                        checked_in_at=self.now, checked_in_by_id=executive.pk)  # fmt: skip

    def _issues(self, visits: Iterable[Visit]) -> Iterator[Issue]:
        categories = list(Category.objects.order_by("pk")) or [Category.objects.create(name="workflow")]
        for number, visit in enumerate(visits):
            state = STATES[number % len(STATES)]
            due = self.today + timedelta(days=self.random.randrange(-60, 61))
            words = " ".join(self.random.sample(WORDS, 4))
            yield Issue(
                title=f"{words.capitalize()} {number}", obstacle=f"Callers wait while the {words} is looked up twice.",
                promise=f"By the date below you see the {words} at once.", category=self.random.choice(categories),
                site_id=visit.site_id, season_id=visit.season_id, origin_visit=visit, raised_in_id=visit.host.team_id,
                owning_unit_id=visit.executive.business_unit_id, promised_to_id=visit.host_id, owner_id=visit.executive_id,
                state=state, taken_away_at=datetime.combine(visit.date, time(16), UTC), target_date=due,
                next_update_due=self.today + timedelta(days=self.random.randrange(-20, 15)),
                last_word_on=self.today - timedelta(days=self.random.randrange(0, 40)),
                word_due=self.today + timedelta(days=self.random.randrange(-19, 22)), **self._ending(state, visit),
            )  # fmt: skip

    def _ending(self, state: str, visit: Visit) -> dict[str, Any]:
        done = {
            "delivered_at": self.now,
            "delivered_by_id": visit.executive_id,
            "impact": "A minute saved on each call.",
        }
        if state == IssueState.DELIVERED:
            return done
        if state == IssueState.CONFIRMED:
            return done | {"confirmed_at": self.now, "confirmed_by_id": visit.host_id}
        return {"hold_until": self.today + timedelta(days=20)} if state == IssueState.ON_HOLD else {}

    def _history(self) -> int:
        issues = Issue.objects.filter(season__slug__startswith=f"scale-{self.tag}-").order_by("pk")
        rows = list(issues.values_list("pk", "owner_id", "taken_away_at"))
        updates = _bulk(IssueUpdate, (
            IssueUpdate(issue_id=pk, by_id=owner, at=at + timedelta(days=3), text="The first half is in test.")
            for pk, owner, at in rows
        ))  # fmt: skip
        taken = (IssueEvent(issue_id=pk, by_id=owner, at=at, kind=EventKind.TAKEN_AWAY) for pk, owner, at in rows)
        posted = (
            IssueEvent(
                issue_id=update.issue_id, by_id=update.by_id, at=update.at, kind=EventKind.UPDATED, update=update
            )
            for update in updates
        )
        return len(_bulk(IssueEvent, taken)) + len(_bulk(IssueEvent, posted))

    def _make_responses(self, seasons: list[Season]) -> None:
        """Released responses of one closed round, spread over its cells."""
        if not (self.size.responses and seasons):
            return
        survey_round = open_hosting_round(season=seasons[0], now=self.now)
        survey_round.state, survey_round.closed_at = RoundState.CLOSED, self.now
        survey_round.save(update_fields=["state", "closed_at"])
        cells, questions = list(survey_round.cells.all()), list(survey_round.version.questions.exclude(type="text"))
        responses = _bulk(Response, (
            Response(round=survey_round, cell=cells[number % len(cells)], release=1) for number in range(self.size.responses)
        ))  # fmt: skip
        _bulk(Answer, (
            Answer(response=response, question=question, number=self._number(question.type))
            for response in responses for question in questions
        ))  # fmt: skip
        for number, cell in enumerate(cells):
            answered = len(range(number, self.size.responses, len(cells)))
            cell.releases.create(number=1, released_on=self.today, invited=answered, answered=answered)

    def _number(self, kind: str) -> int:
        return int(self.random.random() < 0.94) if kind == "yesno" else self.random.randrange(2, 6)


def _bulk(model: type[Row], rows: Iterable[Row]) -> list[Row]:
    return model._default_manager.bulk_create(rows, batch_size=BATCH)
