"""Single people who join a season late, or leave it again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from people.errors import Conflict, Refused
from people.models import AuditEvent, User
from shadowing.models import (
    LIVE,
    ExecutivesFrom,
    HostsFrom,
    Season,
    SeasonExecutive,
    SeasonHost,
    SeasonState,
    Visit,
    Willing,
)
from shadowing.seasons import rights
from shadowing.seasons.keys import one_user


@transaction.atomic
def add_executive(*, season: Season, key: str, by: User, now: datetime) -> SeasonExecutive:
    """Take an executive, named by number or e-mail, into a season that is not closed; also after it was published.

    Raises NotAllowed, Refused for a key that fits no executive, or Conflict when they take part already.
    """
    season = _locked(season)
    rights.require_change(by, season)
    person = _person(key, "executive")
    entry, new = SeasonExecutive.objects.get_or_create(season=season, executive=person.executive)
    if not new:
        raise Conflict(_("%(name)s takes part already.") % {"name": person}, field="key")
    _record(season, "season.executive_added", {"executive": person.pk}, by, now)
    return entry


@transaction.atomic
def add_host(*, season: Season, key: str, willing: bool, by: User, now: datetime) -> SeasonHost:
    """Take a host of one of the season's sites into it; ``willing``: they have said yes.

    Raises NotAllowed for another's site, Refused for a key that fits no host there, or Conflict when they are in it.
    """
    season = _locked(season)
    person = _person(key, "host")
    site = person.host.team.site_id
    if not season.season_sites.filter(site=site).exists() or not by.coordinates(site):
        raise Refused(_no_host(key), field="key")
    given: dict[str, Any] = {"willing": Willing.YES, "answered_at": now, "answered_by": by} if willing else {}
    defaults = {"max_visits": person.host.max_visits, **given}
    entry, new = SeasonHost.objects.get_or_create(season=season, host=person.host, defaults=defaults)
    if not new:
        raise Conflict(_("%(name)s is a host of this season already.") % {"name": person}, field="key")
    _record(season, "season.host_added", {"host": person.pk, "willing": willing}, by, now)
    return entry


@transaction.atomic
def remove_executive(*, season: Season, executive_id: int, by: User, now: datetime) -> SeasonExecutive:
    """Take an executive out of the season. Raises NotAllowed, SeasonExecutive.DoesNotExist, or Refused: with a live
    visit, or while the season follows the roster, which would bring them back."""
    season = _locked(season)
    rights.require_change(by, season)
    entry = SeasonExecutive.objects.select_related("executive__user").get(season=season, executive=executive_id)
    if season.executives_from == ExecutivesFrom.ALL and not season.is_published:
        raise Refused(
            _("This season takes all executives of the roster. Let it take those named, or note a step back.")
        )
    _leave(entry, {"executive": executive_id}, season, by, now)
    return entry


@transaction.atomic
def remove_host(*, season: Season, host_id: int, by: User, now: datetime) -> SeasonHost:
    """Take a host out of the season. Raises NotAllowed, SeasonHost.DoesNotExist (also for hosts of others' sites), or
    Refused as for executives."""
    season = _locked(season)
    entry = SeasonHost.objects.visible_to(by).select_related("host__user").get(season=season, host=host_id)
    rights.require_sites(by, [entry.host.team.site_id])
    if season.hosts_from != HostsFrom.LISTED and not season.is_published:
        raise Refused(_("This season takes all hosts of its sites from the roster. Note a “no” instead."))
    _leave(entry, {"host": host_id}, season, by, now)
    return entry


def _locked(season: Season) -> Season:
    locked = Season.objects.select_for_update(no_key=True).get(pk=season.pk)
    if locked.state == SeasonState.CLOSED:
        raise Refused(_("This season is closed."))
    return locked


def _person(key: str, profile: str) -> User:
    """The active executive or host of this key. Raises Refused with the field it stands in."""
    try:
        person = one_user(key)
    except Refused as refusal:
        raise Refused(str(refusal), field="key") from refusal
    if not person.is_active or not hasattr(person, profile):
        raise Refused(_no_host(key) if profile == "host" else _no_executive(key), field="key")
    return person


def _no_host(key: str) -> str:
    return _("No host at a site of this season has the number or address “%(key)s”.") % {"key": key[:60]}


def _no_executive(key: str) -> str:
    return _("No executive has the number or address “%(key)s”.") % {"key": key[:60]}


def _leave(entry: SeasonExecutive | SeasonHost, who: dict[str, int], season: Season, by: User, now: datetime) -> None:
    if Visit.objects.filter(season=season, state__in=LIVE, **who).exists():
        raise Refused(_("There is a visit with this person. Cancel or move it first."))
    entry.delete()
    _record(season, "season.person_removed", who, by, now)


def _record(season: Season, verb: str, changes: dict[str, Any], by: User, now: datetime) -> None:
    AuditEvent.objects.create(at=now, by=by, verb=verb, subject=f"season:{season.pk}", changes=changes)
