"""Offers: an option as a button carries it, signed, and for whom of the waiting list a free place fits.

What a button carries is what its page showed: place, moves, and the version of every visit they touch. It holds nothing
secret; the signature says that the planner found it and nobody put it together by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from people.errors import Conflict
from people.models import Executive, Host, Site, User
from shadowing import planner
from shadowing.models import Season, SeasonExecutive, Visit
from shadowing.plans.facts import pairs_apart, places_of
from shadowing.repairs.actions import Change, Placement, carry_out
from shadowing.repairs.options import Option, OptionMove
from shadowing.repairs.situation import Situation
from shadowing.visits import warnings

SALT = "shadowing.option"
MOST_ASKED = 50  # of the waiting list, for one place
TOO_STRICT = {"met_before"}  # warns of any season; the rule looks back as far as the season says


def sign(change: Change, season: Season) -> str:
    """A change as a form carries it."""
    return signing.dumps(as_data(change, season), salt=SALT, compress=True)


def as_data(change: Change, season: Season) -> dict[str, Any]:
    """A change in ids and dates."""
    return {
        "season": season.pk,
        "placements": [[one.executive.pk, one.host.pk, one.date.isoformat()] for one in change.placements],
        "moves": [[move.visit.pk, move.host.pk, move.date.isoformat()] for move in change.moves],
        "versions": sorted(change.versions.items()),
    }


def unsign(text: str, season: Season) -> Change:
    """What a form carried. Raises Conflict for anything this program did not sign for this season."""
    try:
        data = signing.loads(text, salt=SALT)
    except signing.BadSignature as error:
        raise Conflict(stale()) from error
    if data["season"] != season.pk:
        raise Conflict(stale())
    return as_change(data)


def stale() -> str:
    return _("This is not what the page shows now. Nothing was changed.")


def as_change(data: dict[str, Any]) -> Change:
    """The people and visits a form names, in three queries. Raises Conflict when one of them is gone."""
    pairs, moves = data["placements"], data["moves"]
    host_ids = {one[1] for one in (*pairs, *moves)}
    hosts = Host.objects.select_related("user", "team__site").in_bulk(host_ids)
    executives = Executive.objects.select_related("user", "assistant").in_bulk({one[0] for one in pairs})
    visits = Visit.objects.select_related("executive__user", "host__user", "site", "season").in_bulk(
        {one[0] for one in moves}
    )
    try:
        return Change(
            [Placement(executives[who], hosts[host], date.fromisoformat(day)) for who, host, day in pairs],
            [OptionMove(visits[pk], hosts[host], date.fromisoformat(day)) for pk, host, day in moves],
            dict(data["versions"]),
        )
    except KeyError as error:
        raise Conflict(stale()) from error


def change_of(executive: Executive, option: Option, own: Visit | None = None) -> Change:
    """What using an option does. ``own``: the visit the executive has now, which is moved."""
    versions = {move.visit.pk: move.visit.version for move in option.moves}
    versions |= {own.pk: own.version} if own else {}
    return Change([Placement(executive, option.host, option.date)], option.moves, versions)


def use(text: str, season: Season, *, by: User, now: datetime) -> Visit:
    """Do what a button carried. Raises what ``actions.use_option`` does."""
    return carry_out(season, unsign(text, season), by=by, now=now)[0]


@dataclass(frozen=True)
class Freed:
    """A place somebody gave up: a host's day at their site."""

    season: Season
    host: Host
    site: Site
    date: date

    @classmethod
    def of(cls, visit: Visit) -> Freed:
        """The place of a visit that ended."""
        return cls(visit.season, visit.host, visit.site, visit.date)


def fits(freed: Freed, waiting: Iterable[SeasonExecutive], *, now: datetime) -> list[SeasonExecutive]:
    """Whom of the waiting list a free place fits by every rule of the season, in its order; nobody has to move.

    Looks at the first ``MOST_ASKED``. Six queries whatever their number; nobody while the place itself is taken.
    """
    rows = list(waiting)[:MOST_ASKED]
    if not rows:
        return []
    visits = [as_visit(freed, row) for row in rows]
    facts = warnings.read_facts(freed.season, visits, now, places_of(freed.season))
    if not is_free(freed, facts):
        return []
    found = warnings.by_facts(facts, visits)
    unfit = {warned.visit.executive_id for warned in found if warned.code not in TOO_STRICT}
    said_no = Visit.objects.filter(season=freed.season, state=Visit.State.DECLINED)
    unfit |= {executive for executive, host in pairs_apart(freed.season) if host == freed.host.pk}
    unfit |= {freed.host.pk, *declined(freed, said_no.values_list("executive", "host", "date"))}
    return [row for row in rows if row.executive_id not in unfit]


def fits_now(freed: Freed, waiting: Iterable[SeasonExecutive], situation: Situation) -> list[SeasonExecutive]:
    """The same for a season that is read already. No query."""
    facts = situation.facts
    if facts.standby.get((freed.site.pk, freed.date)) == freed.host.pk:
        return []
    keys = planner.fitting(situation.problem, situation.standing, host=str(freed.host.pk), day=freed.date)
    unfit = declined(freed, ((visit.executive_id, visit.host_id, visit.date) for visit in facts.declined))
    return [row for row in waiting if str(row.executive_id) in keys and row.executive_id not in unfit]


def declined(freed: Freed, said_no: Iterable[tuple[int, int, date]]) -> set[int]:
    """Which executives had this very day, or this host, and said no or were told no."""
    return {who for who, host, day in said_no if freed.date == day or host == freed.host.pk}


def as_visit(freed: Freed, row: SeasonExecutive) -> Visit:
    """The visit it would be, never saved."""
    return Visit(season=freed.season, executive=row.executive, host=freed.host, site=freed.site, date=freed.date)


def is_free(freed: Freed, facts: warnings.Facts) -> bool:
    """Whether the day at the site, the host, their team and their season have room."""
    place, host = facts.places.get(freed.site.pk), freed.host
    most = facts.most_visits.get(host.pk, host.max_visits)
    busy = any(day == freed.date for _visit, day in facts.host_days[host.pk])
    there, away = len(facts.site_days[freed.site.pk, freed.date]), facts.team_days[host.team_id, freed.date]
    covered = host.team.away_at_once is None or away < host.team.away_at_once
    room = place is not None and there < place.visits_a_day
    return not busy and covered and room and len(facts.host_season[host.pk]) < most
