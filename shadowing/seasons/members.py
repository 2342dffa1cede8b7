"""Who takes part in a season: following the roster, and what hosts and executives answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from people.errors import NotAllowed, Refused
from people.models import AuditEvent, Executive, Host, User
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


@transaction.atomic
def sync_people(*, season: Season) -> None:
    """Bring the season's people up to date with the roster where it takes all of them; answers are kept.

    Adds who is new, drops who left or moved away unless they have a live visit. Safe to call again: the planner does
    before every solve. Hosts bring the number of visits they take by default.
    """
    if season.is_published:
        return
    if season.executives_from == ExecutivesFrom.ALL:
        _set_executives(season, Executive.objects.filter(user__is_active=True).values_list("pk", flat=True))
    if season.hosts_from != HostsFrom.LISTED:
        at_sites = Host.objects.filter(user__is_active=True, team__site__in=season.sites.values("pk"))
        _set_hosts(season, at_sites.values_list("pk", flat=True))


def replace_listed(season: Season, *, executives: Sequence[int] | None, hosts: Sequence[int] | None) -> None:
    """Make the season's people exactly those named, where it names them; None leaves one side as it is."""
    if season.executives_from == ExecutivesFrom.LISTED and executives is not None:
        _set_executives(season, executives)
    if season.hosts_from == HostsFrom.LISTED and hosts is not None:
        _set_hosts(season, hosts)


def numbers(season: Season) -> dict[str, int]:
    """How many executives and hosts take part."""
    return {"executives": season.executives.count(), "hosts": season.hosts.count()}


def _set_executives(season: Season, ids: Iterable[int]) -> None:
    wanted, rows = set(ids), SeasonExecutive.objects.filter(season=season)
    present = set(rows.values_list("executive", flat=True))
    _drop(rows, "executive", present - wanted, season)
    new = [SeasonExecutive(season=season, executive_id=pk) for pk in sorted(wanted - present)]
    SeasonExecutive.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)


def _set_hosts(season: Season, ids: Iterable[int]) -> None:
    wanted, rows = set(ids), SeasonHost.objects.filter(season=season)
    present = set(rows.values_list("host", flat=True))
    _drop(rows, "host", present - wanted, season)
    visits = dict(Host.objects.values_list("pk", "max_visits")) if wanted - present else {}
    new = [SeasonHost(season=season, host_id=pk, max_visits=visits[pk]) for pk in sorted(wanted - present)]
    SeasonHost.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)


def _drop(rows: QuerySet[Any], column: str, gone: set[int], season: Season) -> None:
    """Remove people who no longer belong, in chunks, except those with a live visit."""
    busy = set(Visit.objects.filter(season=season, state__in=LIVE).values_list(column, flat=True))
    ids = sorted(gone - busy)
    for start in range(0, len(ids), 400):
        rows.filter(**{f"{column}__in": ids[start : start + 400]}).delete()


@transaction.atomic
def record_willing(
    *, entry: SeasonHost, willing: str, by: User, now: datetime, max_visits: int | None = None
) -> SeasonHost:
    """Write down a host's answer for a season, theirs or told to a coordinator of their site. No reason is asked.

    ``max_visits`` (1–3) changes how many visits they take this season. Raises NotAllowed for strangers, Refused once
    the season is published or for an unknown answer.
    """
    entry = SeasonHost.objects.select_for_update(of=("self",)).select_related("season", "host__team").get(pk=entry.pk)
    if by.pk != entry.host_id and not by.coordinates(entry.host.team.site_id):
        raise NotAllowed(_("This answer is not yours to give."))
    if entry.season.is_published:
        raise Refused(_("The season is published. Visits are declined one by one now."))
    if willing not in Willing.values or (max_visits is not None and not 1 <= max_visits <= 3):
        raise Refused(_("Choose yes or no, and 1 to 3 visits."))
    before = entry.willing
    entry.willing, entry.max_visits = Willing(willing), max_visits or entry.max_visits
    asked_anew = willing == Willing.NOT_ASKED
    entry.answered_at, entry.answered_by = (None, None) if asked_anew else (now, by)
    entry.save(update_fields=["willing", "max_visits", "answered_at", "answered_by"])
    changes = {"host": entry.host_id, "willing": [before, willing], "max_visits": entry.max_visits}
    subject = f"season:{entry.season_id}"
    AuditEvent.objects.create(at=now, by=by, verb="season.host_answered", subject=subject, changes=changes)
    return entry


def note_days_named(*, person: User, by: User | None, now: datetime) -> None:
    """Remember in the seasons that collect days that this executive has answered. Inside the caller's transaction."""
    open_states = (SeasonState.DRAFT, SeasonState.COLLECTING, SeasonState.PLANNED)
    rows = SeasonExecutive.objects.filter(executive=person.pk, season__state__in=open_states)
    rows.filter(answered_at__isnull=True).update(answered_at=now, answered_by=by)
