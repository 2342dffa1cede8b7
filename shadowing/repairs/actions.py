"""Using what was found: places for people who have none, and the moves that make room for them, in one transaction.

Locks as everywhere: the season's row, visit days, visits, then people by ascending id. Nothing is done by halves: what
has changed since it was shown is a Conflict, and then nobody is told of anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from people.errors import Conflict, Refused
from people.models import Executive, Host, Site, User
from shadowing.models import PairRule, Season, SeasonExecutive, SeasonHost, SeasonState, UnavailableDay, Visit, Willing
from shadowing.models import VisitState as State
from shadowing.repairs.options import OptionMove
from shadowing.visits import booking, record, rules
from shadowing.visits.room import Place, short


@dataclass(frozen=True)
class Placement:
    """A place for one executive, at the host's site."""

    executive: Executive
    host: Host
    date: date


@dataclass(frozen=True)
class Change:
    """What is to be done at once. ``versions``: the version of every visit it touches, as it was when it was shown."""

    placements: Sequence[Placement]
    moves: Sequence[OptionMove] = ()
    versions: Mapping[int, int] = field(default_factory=dict)

    def places(self, season: Season) -> list[Place]:
        """Where people will be who are not there now."""
        new = [Place(season, one.executive, one.host, one.host.team.site, one.date) for one in self.placements]
        return new + [Place.of(move.visit, host=move.host, day=move.date) for move in self.moves]


def use_option(
    *, season: Season, executive: Executive, host: Host, date: date, moves: Sequence[OptionMove], by: User, now: datetime,
    versions: Mapping[int, int],
) -> Visit:  # fmt: skip
    """Give an executive this place and move the visits that stand in its way; in a published season everybody touched
    is told, nobody else.

    An executive who has a visit keeps it: it is moved there. ``versions`` are those of the visits this touches, by id, as
    they were when it was shown. Raises NotAllowed (somebody must coordinate every site it touches), Refused (closed or
    past) or Conflict (anything changed since).
    """
    change = Change([Placement(executive, host, date)], moves, versions)
    return carry_out(season, change, by=by, now=now)[0]


@transaction.atomic
def carry_out(season: Season, change: Change, *, by: User, now: datetime) -> list[Visit]:
    """Do all of a change or nothing, as ``use_option`` says; the visits of the placements, in their order."""
    season = Season.objects.select_for_update(no_key=True).get(pk=season.pk)
    if season.state == SeasonState.CLOSED:
        raise Refused(_("This season is closed."))
    places = change.places(season)
    require_sites(by, [*(place.site for place in places), *(move.visit.site for move in change.moves)])
    lock_days(places)
    visits = lock_visits(season, change)
    record.lock_people(*(who for place in places for who in (place.executive.pk, place.host.pk)))
    check_places(season, places, now)
    park(visits.values())
    for move in change.moves:
        rebook(visits[move.visit.executive_id], move.host, move.date, by=by, now=now)
    return [place_one(season, one, visits.get(one.executive.pk), by=by, now=now) for one in change.placements]


def require_sites(by: User, sites: Iterable[Site]) -> None:
    """Raises NotAllowed unless the person coordinates all of them."""
    for site in sites:
        record.require(by.coordinates(site.pk))


def lock_days(places: Iterable[Place]) -> None:
    """The days people are to come to, in one order for everybody."""
    for _key, place in sorted({(place.site.pk, place.day): place for place in places}.items()):
        record.lock_day(place.site, place.day)


def lock_visits(season: Season, change: Change) -> dict[int, Visit]:
    """The visits a change touches, locked, by executive: those that move, and those of people it places. Raises
    Conflict when one is not as it was shown, or somebody has another visit by now."""
    touched = {move.visit.executive_id for move in change.moves}
    touched |= {one.executive.pk for one in change.placements}
    rows = Visit.objects.live().filter(season=season, executive__in=touched)
    ids = set(rows.values_list("pk", flat=True)) | set(change.versions)
    visits = [record.lock_visit(Visit(pk=pk)) for pk in sorted(ids)]
    for visit in visits:
        if change.versions.get(visit.pk) != visit.version or visit.state not in rules.MOVABLE:
            raise Conflict(changed(visit))
    found = {visit.executive_id: visit for visit in visits}
    if missing := [move for move in change.moves if move.visit.executive_id not in found]:
        raise Conflict(changed(missing[0].visit))
    return found


def changed(visit: Visit) -> str:
    words = _("The visit of %(who)s changed since this was shown. Nothing was changed.")
    return words % {"who": visit.executive}


def check_places(season: Season, places: Sequence[Place], now: datetime) -> None:
    """Raises Refused for days that have passed, Conflict when somebody cannot or may not any more."""
    for place in places:
        if place.day < rules.local_date(place.site, now):
            raise Refused(_("%(day)s has passed. Choose a later day.") % {"day": short(place.day)})
    hosts, executives = {place.host.pk for place in places}, {place.executive.pk for place in places}
    days = {place.day for place in places}
    rows = UnavailableDay.objects.filter(user__in=hosts | executives, date__in=days)
    away = set(rows.values_list("user", "date"))
    no = SeasonHost.objects.filter(season=season, host__in=hosts, willing=Willing.NO).values_list("host", flat=True)
    back = SeasonExecutive.objects.filter(season=season, executive__in=executives, stepped_back_at__isnull=False)
    unfit = set(no) | set(back.values_list("executive", flat=True))
    ruled_out = set(PairRule.objects.filter(season=season, host__in=hosts).values_list("executive", "host"))
    for place in places:
        check_pair(place, away=away, unfit=unfit, ruled_out=ruled_out)


def check_pair(place: Place, *, away: set[tuple[int, date]], unfit: set[int], ruled_out: set[tuple[int, int]]) -> None:
    """Raises Conflict when one of the two is away on the day, does not take part any more, or the pair is ruled out."""
    for person in (place.executive, place.host):
        if (person.pk, place.day) in away:
            words = _("%(who)s is away on %(day)s by now. Nothing was changed.")
            raise Conflict(words % {"who": person, "day": short(place.day)})
        if person.pk in unfit:
            raise Conflict(_("%(who)s does not take part any more. Nothing was changed.") % {"who": person})
    if (place.executive.pk, place.host.pk) in ruled_out:
        words = _("%(who)s and %(host)s are not to meet. Nothing was changed.")
        raise Conflict(words % {"who": place.executive, "host": place.host})


def park(visits: Iterable[Visit]) -> None:
    """Take visits that are about to move out of each other's way, so that two can swap places."""
    Visit.objects.filter(pk__in=[visit.pk for visit in visits]).update(state=State.CANCELLED)


def rebook(visit: Visit, host: Host, day: date, *, by: User, now: datetime) -> Visit:
    """Take a parked visit to its new place; one that nobody was told of stays proposed."""
    kept = {} if visit.invited_at else {"state": visit.state}
    return booking.rebook(visit, Place.of(visit, host=host, day=day), by=by, now=now, **kept)


def place_one(season: Season, one: Placement, visit: Visit | None, *, by: User, now: datetime) -> Visit:
    """A visit for somebody who is placed: their own moved there, else a new one, invited where the season is
    published."""
    if visit:
        return rebook(visit, one.host, one.date, by=by, now=now)
    visit = booking.propose_visit(
        season=season, executive=one.executive, host=one.host, date=one.date, by=by, now=now
    )  # fmt: skip
    return booking.invite(visit=visit, by=by, now=now) if season.state == SeasonState.PUBLISHED else visit
