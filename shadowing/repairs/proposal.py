"""A repair of a whole season: who has no place, where the planner would put them, who would have to move for it.

What the page shows is what its button does: the form carries the signed change and a fingerprint of the season it was
made for. When anybody's place has changed by then, nothing is done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from people.errors import Conflict, Refused
from people.models import AuditEvent, Executive, Host, Site, User
from shadowing import planner
from shadowing.models import PlanLeftOut, Season, Visit
from shadowing.planner.problem import Repair
from shadowing.plans.words import Words, words_of
from shadowing.repairs import offers
from shadowing.repairs.actions import Change, Placement, carry_out
from shadowing.repairs.options import WITH_TEAM, OptionMove
from shadowing.repairs.situation import Situation, read_situation
from shadowing.seasons import rights

SALT = "shadowing.repair"
MOST_SOUGHT = 200  # places looked for at once; the rest of the list waits for the next repair
SECONDS = 3.0  # at most; seasons of some hundred people take a fraction of one


@dataclass(frozen=True)
class Placed:
    """Somebody who would get a place."""

    executive: Executive
    host: Host
    site: Site
    date: date
    points: float


@dataclass(frozen=True)
class Moved:
    """A visit that would move, and what asking its two people again costs, in points."""

    move: OptionMove
    points: float


@dataclass(frozen=True)
class Proposal:
    """All a repair would do, ready to show. ``form`` is what its button carries; empty where there is nothing to do."""

    sought: int
    placed: list[Placed]
    moved: list[Moved]
    left_out: list[Words]
    gain: float
    form: str = ""


def propose(season: Season, *, now: datetime) -> Proposal:
    """Look for places for everybody who waits, the first of the list before the others. Takes up to SECONDS."""
    situation = read_situation(season, now=now)
    seeking = situation.waiting[:MOST_SOUGHT]
    if not seeking:
        return Proposal(0, [], [], [], 0)
    import_module("shadowing.planner.repair_program")  # a first import takes long, and must not count as solving
    found = planner.repair(situation.problem, situation.standing, seeking=seeking, seconds=SECONDS)
    return as_proposal(situation, found, len(seeking))


def as_proposal(situation: Situation, found: Repair, sought: int) -> Proposal:
    """The planner's answer with the people and visits it is about. Three queries."""
    people = {int(one.executive) for one in found.placed} | {int(one.executive) for one in found.left_out}
    executives = Executive.objects.select_related("user", "business_unit").in_bulk(people)
    ids = {int(one.host) for one in found.placed} | {int(move.new_host) for move in found.moves}
    hosts = Host.objects.select_related(*WITH_TEAM).in_bulk(ids)
    prices = {one.executive: one.price or 0 for one in situation.standing}
    placed = [
        Placed(
            executives[int(one.executive)], (host := hosts[int(one.host)]), host.team.site, one.date, one.score / 1000
        )
        for one in found.placed
    ]
    moves = [OptionMove(situation.visits[one.executive], hosts[int(one.new_host)], one.new_date) for one in found.moves]
    moved = [Moved(move, prices[str(move.visit.executive_id)] / 1000) for move in moves]
    form = sign(situation.season, change_of(placed, moves)) if placed else ""
    return Proposal(sought, placed, moved, left_out_of(situation, found, executives), found.change / 1000, form)


def change_of(placed: Iterable[Placed], moves: list[OptionMove]) -> Change:
    """What the button does."""
    placements = [Placement(one.executive, one.host, one.date) for one in placed]
    return Change(placements, moves, {move.visit.pk: move.visit.version for move in moves})


def left_out_of(situation: Situation, found: Repair, executives: dict[int, Executive]) -> list[Words]:
    """Who would still have no place, and why."""
    names = {place.site.slug: place.site.name for place in situation.facts.places}
    rows = (
        PlanLeftOut(executive=executives[int(one.executive)], reason=one.reason.code, detail=one.reason.data)
        for one in found.left_out
    )
    return [words_of(row, names) for row in rows]


def sign(season: Season, change: Change) -> str:
    data = offers.as_data(change, season) | {"fingerprint": fingerprint(season)}
    return signing.dumps(data, salt=SALT, compress=True)


def fingerprint(season: Season) -> str:
    """Changes as soon as anybody in the season gets, loses or changes a place, steps back or joins. Two queries."""
    live = Visit.objects.live().filter(season=season).order_by("pk").values_list("pk", "executive", "host", "date")
    there = season.executives.filter(stepped_back_at__isnull=True).order_by("executive")
    told = repr([list(live), list(there.values_list("executive", flat=True))])
    return hashlib.sha256(told.encode()).hexdigest()


@transaction.atomic
def repair_season(*, season: Season, form: str, by: User, now: datetime) -> list[Visit]:
    """Do exactly what a repair's page showed, all of it or nothing; the visits of those who got a place.

    ``form`` is what the page's button carries. In a published season those who are placed and those who move are told,
    nobody else. Raises NotAllowed (somebody must coordinate all its sites), Refused (closed, or a day has passed) or
    Conflict when anybody's place has changed since.
    """
    season = Season.objects.select_for_update(no_key=True).get(pk=season.pk)
    rights.require_change(by, season)
    data = read(form)
    if data.get("season") != season.pk or data.get("fingerprint") != fingerprint(season):
        raise Conflict(_("The season changed since this repair was worked out. Nothing was changed: look at it anew."))
    visits = carry_out(season, offers.as_change(data), by=by, now=now)
    changes = {"placed": [visit.pk for visit in visits], "moved": [one[0] for one in data["moves"]]}
    AuditEvent.objects.create(at=now, by=by, verb="season.repaired", subject=f"season:{season.pk}", changes=changes)
    return visits


def read(form: str) -> dict:
    """What the form carries. Raises Refused for none, Conflict for anything this program did not sign."""
    if not form:
        raise Refused(_("There is nothing to do."))
    try:
        found: dict = signing.loads(form, salt=SALT)
    except signing.BadSignature as error:
        raise Conflict(offers.stale()) from error
    return found
