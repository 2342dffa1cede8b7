"""A season's way from draft to closed. Publishing itself is shadowing.visits.publishing.publish_season."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.errors import Conflict, Refused
from people.models import AuditEvent, User
from shadowing.models import Season, SeasonState, Visit, VisitState
from shadowing.seasons import members, rights

NEXT: dict[str, frozenset[SeasonState]] = {
    SeasonState.DRAFT: frozenset({SeasonState.COLLECTING, SeasonState.PLANNED, SeasonState.PUBLISHED}),
    SeasonState.COLLECTING: frozenset({SeasonState.DRAFT, SeasonState.PLANNED, SeasonState.PUBLISHED}),
    SeasonState.PLANNED: frozenset({SeasonState.COLLECTING, SeasonState.PUBLISHED}),
    SeasonState.PUBLISHED: frozenset({SeasonState.CLOSED}),
    SeasonState.CLOSED: frozenset(),
}
UNFINISHED = (VisitState.PROPOSED, VisitState.INVITED, VisitState.CONFIRMED)


@transaction.atomic
def open_collecting(*, season: Season, by: User | None, now: datetime) -> Season:
    """Ask for days: executives name theirs, hosts say whether they are willing. Also leads back from planned.

    Raises NotAllowed, Conflict (the season has moved on), or Refused for a season without a site.
    """
    season = _locked(season, by)
    if not season.season_sites.exists():
        raise Refused(_("This season has no site yet. Choose one first."))
    members.sync_people(season=season)
    return _move(season, SeasonState.COLLECTING, verb="season.collecting", by=by, now=now)


@transaction.atomic
def back_to_draft(*, season: Season, by: User | None, now: datetime) -> Season:
    """Stop asking for days; answers given are kept. Raises NotAllowed or Conflict."""
    return _move(_locked(season, by), SeasonState.DRAFT, verb="season.draft", by=by, now=now)


@transaction.atomic
def mark_planned(*, season: Season, by: User | None, now: datetime) -> Season:
    """A plan was adopted. Does nothing where the season is planned, or published, already. Raises NotAllowed."""
    season = _locked(season, by)
    if season.state == SeasonState.PLANNED or season.is_published:
        return season
    return _move(season, SeasonState.PLANNED, verb="season.planned", by=by, now=now)


@transaction.atomic
def close_season(*, season: Season, by: User | None, now: datetime) -> Season:
    """End the season. Raises NotAllowed, Conflict, or Refused while visits are neither held nor ended."""
    season = _locked(season, by)
    waiting = Visit.objects.filter(season=season, state__in=UNFINISHED).count()
    if waiting:
        words = ngettext(
            "%(number)d visit is still to come or to be recorded. Say first what became of it.",
            "%(number)d visits are still to come or to be recorded. Say first what became of them.",
            waiting,
        )
        raise Refused(words % {"number": waiting})
    return _move(season, SeasonState.CLOSED, verb="season.closed", by=by, now=now)


@transaction.atomic
def delete_draft(*, season: Season, by: User | None, now: datetime) -> None:
    """Delete a draft nobody has planned with yet; the record keeps its name. Raises NotAllowed or Refused."""
    season = _locked(season, by)
    if not may_delete(season):
        raise Refused(_("Only a draft without visits and plans can be deleted. Nothing was changed."))
    subject, changes = f"season:{season.pk}", {"name": season.name, "slug": season.slug}
    season.delete()
    AuditEvent.objects.create(at=now, by=by, verb="season.deleted", subject=subject, changes=changes)


def may_delete(season: Season) -> bool:
    """Whether the season is a draft without visits and plans. Two queries for a draft."""
    return season.state == SeasonState.DRAFT and not season.visits.exists() and not season.plans.exists()


def _locked(season: Season, by: User | None) -> Season:
    locked = Season.objects.select_for_update(no_key=True).get(pk=season.pk)
    rights.require_change(by, locked)
    return locked


def _move(season: Season, state: SeasonState, *, verb: str, by: User | None, now: datetime) -> Season:
    """Write the state and who changed it. Raises Conflict when it cannot follow the present one."""
    if state not in NEXT[season.state]:
        raise Conflict(_("This season is %(state)s now. Nothing was changed.") % {"state": season.get_state_display()})
    before, season.state = season.state, state
    season.save(update_fields=["state"])
    subject, changes = f"season:{season.pk}", {"state": [str(before), str(state)]}
    AuditEvent.objects.create(at=now, by=by, verb=verb, subject=subject, changes=changes)
    return season
