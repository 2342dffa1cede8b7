"""The next best places for one executive, ready to show: with whom, where, when, and who would have to move."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from people.models import Host, Site, User
from shadowing import planner
from shadowing.models import Season, Visit
from shadowing.planner.problem import Alternative
from shadowing.plans.rows import Booked
from shadowing.repairs.situation import Situation, read_situation
from shadowing.visits.room import short

WITH_TEAM = ("user", "team__site", "team__business_unit")
AS_USERS = ("executive", "host__team__site", "host__team__business_unit")


@dataclass(frozen=True)
class OptionMove:
    """A visit that would have to move: its new host (often the same) and day."""

    visit: Visit
    host: Host
    date: date

    def __str__(self) -> str:
        """The move in words."""
        data = {"name": self.visit.executive, "day": short(self.date), "host": self.host}
        if self.host.pk == self.visit.host_id:
            return _("%(name)s moves to %(day)s") % data
        if self.date == self.visit.date:
            return _("%(name)s goes with %(host)s") % data
        return _("%(name)s moves to %(day)s with %(host)s") % data


@dataclass(frozen=True)
class Option:
    """A place for one executive. ``worth``: the pair's score less fair load and what it costs to ask those who move again;
    ``change`` of the season's objective; both in thousandths."""

    host: Host
    site: Site
    date: date
    worth: int
    change: int
    moves: list[OptionMove] = field(default_factory=list)

    @property
    def who_moves(self) -> str:
        """Who else has to move, in words."""
        return "; ".join(map(str, self.moves)) or _("nobody else moves")


def alternatives_for(
    *, season: Season, executive_id: int, now: datetime, day: date | None = None, limit: int = 5
) -> list[Option]:
    """The next best places for an executive of the season, the best first; on one ``day`` when it is named.

    Openings come first, then places that a visit or two make by moving. Their own visit counts as lifted; today at a site
    is open only to who asks for that day. Six queries at most.
    """
    situation = read_situation(season, now=now, today=day is not None)
    found = planner.alternatives(
        situation.problem, situation.standing, executive=str(executive_id), day=day, limit=limit
    )
    return as_options(situation, found)


def as_options(situation: Situation, found: Iterable[Alternative]) -> list[Option]:
    """The planner's places with the people they are about, read at once. The visits that move are for showing and for
    saying which they are: they were never read whole, and must not be saved."""
    found = list(found)
    moves = [move for one in found for move in one.moves]
    booked = {str(visit.executive_id): visit for visit in situation.facts.live} if moves else {}
    standing = [booked[move.executive] for move in moves]
    people = people_of({int(one.host) for one in found} | {int(move.new_host) for move in moves}, standing)
    return [
        Option(
            host=(host := people[int(one.host)].host),
            site=host.team.site,
            date=one.date,
            worth=one.worth,
            change=one.change,
            moves=[
                OptionMove(
                    standing_visit(situation, booked[move.executive], people),
                    people[int(move.new_host)].host,
                    move.new_date,
                )
                for move in one.moves
            ],
        )
        for one in found
    ]


def people_of(hosts: set[int], standing: Iterable[Booked]) -> dict[int, User]:
    """These hosts and the people of some visits, with all a page shows of them. One query, none for nobody."""
    keys = hosts.union(*((visit.executive_id, visit.host_id) for visit in standing))
    return User.objects.select_related(*AS_USERS).in_bulk(keys) if keys else {}


def standing_visit(situation: Situation, booked: Booked, people: dict[int, User]) -> Visit:
    """A visit of the season as far as a page shows it. No query."""
    sites = {place.site_id: place.site for place in situation.facts.places}
    visit = Visit(
        pk=booked.pk, season=situation.season, site_id=booked.site_id, date=booked.date, state=booked.state,
        executive=people[booked.executive_id].executive, host=people[booked.host_id].host, locked=booked.locked,
        version=booked.version, invited_at=booked.invited_at,
    )  # fmt: skip
    if booked.site_id in sites:
        visit.site = sites[booked.site_id]
    return visit
