"""What coordinators do on the board beyond the verbs of a visit: swapping two, ruling a pair out, taking one off.

Locks as shadowing.visits.record says: visit days, then visits by ascending id, then people.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from people.errors import Refused
from people.models import AuditEvent, Executive, Host, User
from shadowing.models import PairRule, Season, SeasonState, Visit, VisitState
from shadowing.visits import actions, booking, record, rules
from shadowing.visits.room import Place

DAYS, EXECUTIVES = "days", "executives"


@transaction.atomic
def lock_pair(*, visit: Visit, locked: bool, version: int | None, by: User, now: datetime) -> Visit:
    """Keep the pair and its day, or give it free. Raises NotAllowed or Conflict (version, or past such a choice)."""
    visit = record.lock_visit(visit, version=version)
    return actions.lock_pair(visit=visit, locked=locked, by=by, now=now)


@transaction.atomic
def take_off(*, visit: Visit, version: int | None, by: User, now: datetime) -> Visit:
    """Take a proposed visit off the board: nobody was told, nobody is.

    Raises NotAllowed, Conflict (version, state) or Refused (people were told: that is calling it off, with a reason).
    """
    visit = record.lock_visit(visit, version=version)
    record.require(rules.coordinates(by, visit))
    if visit.invited_at:
        raise Refused(_("Both were told of this visit. Call it off with a reason."))
    return actions.cancel_visit(visit=visit, by=by, now=now, reason="")


@transaction.atomic
def forbid_pair(*, visit: Visit, version: int | None, by: User, now: datetime) -> PairRule:
    """Never propose this pair in this season again. A proposed visit of it is taken off the board; one that people were
    told of stays until it is moved or called off. Doing it again keeps the first.

    Raises NotAllowed (coordinators of the site only) or Conflict (version).
    """
    visit = record.lock_visit(visit, version=version)
    record.require(rules.coordinates(by, visit))
    require_open(visit.season)
    key = {"season": visit.season, "executive": visit.executive, "host": visit.host}
    rule, new = PairRule.objects.get_or_create(**key, defaults={"created_at": now, "created_by": by})
    if new:
        audit("pair.forbidden", visit.season, visit.executive_id, visit.host_id, by=by, now=now)
    record.add_event(visit, verb="forbidden", by=by, now=now, after={"host": visit.host_id, "new": new})
    if visit.state == VisitState.PROPOSED:
        actions.cancel_visit(visit=visit, by=by, now=now, reason="")
    return rule


@transaction.atomic
def allow_pair(*, season: Season, executive: Executive, host: Host, by: User, now: datetime) -> None:
    """Take a rule about a pair back; nothing where there is none. Raises NotAllowed (the host's site is not theirs)."""
    record.require(by.coordinates(host.team.site_id))
    require_open(season)
    gone, _each = PairRule.objects.filter(season=season, executive=executive, host=host).delete()
    if gone:
        audit("pair.allowed", season, executive.pk, host.pk, by=by, now=now)


def move(
    *,
    visit: Visit,
    date: date,
    host: Host | None,
    by: User,
    now: datetime,
    reason: str = "",
    version: int | None = None,
) -> Visit:
    """Take a visit to a day and a host (None: the one it has) as ``move_visit`` does, in a season that is not over.

    Raises what that raises."""
    require_open(visit.season)
    if host and host.pk != visit.host_id:
        require_allowed(visit.season, visit.executive, host)
    return actions.move_visit(visit=visit, date=date, host=host, by=by, now=now, reason=reason, version=version)


def propose(*, season: Season, executive: Executive, host: Host, date: date, by: User, now: datetime) -> Visit:
    """Propose a visit as ``propose_visit`` does, unless the pair is ruled out. Raises what that raises, and Refused."""
    require_allowed(season, executive, host)
    return actions.propose_visit(season=season, executive=executive, host=host, date=date, by=by, now=now)


@transaction.atomic
def swap_visits(
    *, visit: Visit, other: Visit, what: str, versions: tuple[int | None, int | None], by: User, now: datetime,
    reason: str = "",
) -> list[Visit]:  # fmt: skip
    """Let two visits of a season trade days (``what`` days: each pair stays together) or executives (each host keeps
    their day). Only the people of these two are told, and only once they were invited.

    Raises NotAllowed, Refused (days at two sites, a day that has passed) or Conflict (version, state, a place is taken).
    """
    steps = [(visit, versions[0], *place_of(other, visit, what)), (other, versions[1], *place_of(visit, other, what))]
    return rearrange(steps, by=by, now=now, reason=reason)


def place_of(other: Visit, visit: Visit, what: str) -> tuple[date, Host]:
    """Day and host that ``visit`` gets from the other in a swap."""
    if what == EXECUTIVES:
        return other.date, other.host
    if visit.site_id != other.site_id:
        raise Refused(_("These two are at different sites, so their days cannot be swapped."))
    return other.date, visit.host


Step = tuple[Visit, int | None, date, Host]  # a visit, the version it was read at, its new day and host


@transaction.atomic
def rearrange(steps: Iterable[Step], *, by: User, now: datetime, reason: str = "") -> list[Visit]:
    """Give several visits new days and hosts at once, so that they can take each other's places.

    Raises NotAllowed, Refused or Conflict as moving one does; then none is moved.
    """
    steps = sorted(steps, key=lambda step: step[0].pk)
    days = {(host.team.site_id, day): host.team.site for _visit, _version, day, host in steps}
    for key in sorted(days):
        record.lock_day(days[key], key[1])
    locked = [(record.lock_visit(visit, version=version), day, host) for visit, version, day, host in steps]
    for visit, day, host in locked:
        check_step(visit, day, host, by, now)
    record.lock_people(*(who for visit, _day, host in locked for who in (visit.executive_id, visit.host_id, host.pk)))
    # out of the way first: each may go where another was
    Visit.objects.filter(pk__in=[visit.pk for visit, _day, _host in locked]).update(state=VisitState.CANCELLED)
    return [settle(*one, by=by, now=now, reason=reason) for one in locked]


def check_step(visit: Visit, day: date, host: Host, by: User, now: datetime) -> None:
    """Raises NotAllowed, Conflict or Refused where this visit cannot be moved at all."""
    record.require(rules.coordinates(by, visit) and by.coordinates(host.team.site_id))
    record.require_state(visit, *rules.MOVABLE)
    require_open(visit.season)
    if host.pk != visit.host_id:
        require_allowed(visit.season, visit.executive, host)
    if day != visit.date and day < rules.local_date(host.team.site, now):
        raise Refused(_("This day has passed. Choose a later one."), field="date")


def settle(visit: Visit, day: date, host: Host, *, by: User, now: datetime, reason: str) -> Visit:
    """Take one of several moved visits to its new place; one that nobody was told of stays proposed."""
    kept = {} if visit.invited_at else {"state": visit.state}
    place = Place.of(visit, host=host, day=day)
    return booking.rebook(visit, place, by=by, now=now, reason=reason, **kept)


def require_open(season: Season) -> None:
    """Raises Refused for a season that is over."""
    if season.state == SeasonState.CLOSED:
        raise Refused(_("This season is closed."))


def require_allowed(season: Season, executive: Executive, host: Host) -> None:
    """Raises Refused for a pair that is ruled out."""
    if PairRule.objects.filter(season=season, executive=executive, host=host).exists():
        words = _("%(executive)s and %(host)s are ruled out for this season. Allow the pair first.")
        raise Refused(words % {"executive": executive, "host": host}, field="host")


def audit(verb: str, season: Season, executive: int, host: int, *, by: User, now: datetime) -> None:
    """The audit trail of a season's pairs, by ids."""
    changes = {"executive": executive, "host": host}
    AuditEvent.objects.create(at=now, by=by, verb=verb, subject=f"season:{season.pk}", changes=changes)
