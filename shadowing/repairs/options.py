"""The next best places for one executive, ready to show: with whom, where, when, and who would have to move."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from people.models import Host, Site
from shadowing import planner
from shadowing.models import Season, Visit
from shadowing.planner.problem import Alternative
from shadowing.repairs.situation import Situation, read_situation
from shadowing.visits.room import short

WITH_TEAM = ("user", "team__site", "team__business_unit")


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
    is open only to who asks for that day. Six to ten queries.
    """
    situation = read_situation(season, now=now, today=day is not None)
    found = planner.alternatives(
        situation.problem, situation.standing, executive=str(executive_id), day=day, limit=limit
    )
    return as_options(situation, found)


def as_options(situation: Situation, found: Iterable[Alternative]) -> list[Option]:
    """The planner's places with the people and visits they are about."""
    found = list(found)
    keys = {int(one.host) for one in found} | {int(move.new_host) for one in found for move in one.moves}
    visits = situation.visits_of(move.executive for one in found for move in one.moves)
    hosts = {str(host.pk): host for host in Host.objects.filter(pk__in=keys).select_related(*WITH_TEAM)} if keys else {}
    return [
        Option(
            host=hosts[one.host],
            site=hosts[one.host].team.site,
            date=one.date,
            worth=one.worth,
            change=one.change,
            moves=[OptionMove(visits[move.executive], hosts[move.new_host], move.new_date) for move in one.moves],
        )
        for one in found
    ]
