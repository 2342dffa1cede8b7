"""Who sets up rounds, and the one way an action gets hold of one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from people.errors import NotAllowed
from people.models import AuditEvent, User
from shadowing.models import Season
from surveys.models import Round


def may_manage(survey_round: Round, user: User) -> bool:
    """May this person plan, open, change and close the round? One query, none for who coordinates everywhere."""
    return may_ask(survey_round.season, survey_round.site_id, user)


def may_ask(season: Season, site_id: int | None, user: User) -> bool:
    """May this person ask at the site, or (None) at all sites of the season?"""
    if user.coordinates_everywhere:
        return True
    sites = [site_id] if site_id else season.sites.values_list("pk", flat=True)
    return "coordinator" in user.identities and user.coordinates_all(sites)


def locked_round(round_id: int, by: User) -> Round:
    """The round, locked until the transaction ends. Raises Round.DoesNotExist, or NotAllowed for anybody else's."""
    survey_round = Round.objects.select_for_update(of=("self",)).select_related("season", "version").get(pk=round_id)
    if not may_manage(survey_round, by):
        raise NotAllowed("Only a coordinator of all sites a survey asks at sets it up.")
    return survey_round


def record(survey_round: Round, verb: str, *, by: User | None, now: datetime, **changes: Any) -> None:
    """Write the event: what was set, never who answered."""
    subject = f"round:{survey_round.pk}"
    AuditEvent.objects.create(at=now, by=by, verb=f"round.{verb}", subject=subject, changes=changes)
