"""Publishing a season: every proposed visit becomes an invitation, once every warning was seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.errors import Conflict, Refused
from people.models import AuditEvent, User
from shadowing.models import Season, SeasonState, Visit, VisitEvent, VisitState
from shadowing.visits import acknowledging, record, rules, telling, warnings


def to_publish(season: Season) -> list[Visit]:
    """The season's proposed visits with all their warnings and messages need, by date."""
    waiting = Visit.objects.filter(season=season, state=VisitState.PROPOSED)
    return list(waiting.select_related(*record.WITH_PEOPLE).order_by("date", "pk"))


@transaction.atomic
def publish_season(*, season: Season, acknowledged: Collection[str], by: User | None, now: datetime) -> list[Visit]:
    """Invite both people of every proposed visit and mark the season published. Again: invites those proposed since.

    ``acknowledged`` are the keys of the warnings the person has seen besides those acknowledged before; they are written
    down. ``by`` is None for the operator of the command. Raises NotAllowed (somebody must coordinate all its sites),
    Refused (closed, or nothing is proposed) or Conflict (something blocks, or a warning is new).
    """
    season = Season.objects.select_for_update(no_key=True).get(pk=season.pk)
    record.require(may_publish(by, season))
    if season.state == SeasonState.CLOSED:
        raise Refused(_("This season is closed."))
    visits = lock_proposed(season)
    if not visits:
        raise Refused(_("No visit is proposed. Use a plan, or put visits on the board first."))
    seen = check_acknowledged(season, visits, acknowledged, now)
    if by is not None:
        acknowledging.write(seen, by=by, now=now)
    invite_all(visits, by=by, now=now)
    mark_published(season, visits, by=by, now=now)
    return visits


def lock_proposed(season: Season) -> list[Visit]:
    """The same, locked by ascending id."""
    proposed = Visit.objects.filter(season=season, state=VisitState.PROPOSED).order_by("pk")
    list(proposed.select_for_update(no_key=True).values_list("pk"))
    return to_publish(season)


def may_publish(by: User | None, season: Season) -> bool:
    """Somebody who coordinates all the season's sites, or (None) the operator of the command."""
    return by is None or by.coordinates_all(season.sites.values_list("pk", flat=True))


def check_acknowledged(
    season: Season, visits: Sequence[Visit], seen: Collection[str], now: datetime
) -> list[warnings.Warned]:
    """The warnings that are acknowledged with this. Raises Conflict when a visit breaks a must, or when a warning stands
    that nobody has seen."""
    found = warnings.of_visits(season, visits, now=now)
    check_musts(found)
    standing = [warned for warned in found if warned.severity == "warns"]
    new = [warned for warned in standing if warned.key not in seen]
    if new:
        words = ngettext(
            "%(number)d warning is not acknowledged. Nobody was invited.",
            "%(number)d warnings are not acknowledged. Nobody was invited.",
            len(new),
        )
        raise Conflict(words % {"number": len(new)})
    return standing


def check_musts(found: Sequence[warnings.Warned]) -> None:
    """Raises Conflict when a visit breaks a must: a full day, a host's season, the season's sites and days."""
    blocked = [warned for warned in found if warned.severity == "blocks"]
    if blocked:
        words = ngettext(
            "%(number)d visit cannot stay as it is: %(first)s Nobody was invited.",
            "%(number)d visits cannot stay as they are, the first of them: %(first)s Nobody was invited.",
            len(blocked),
        )
        raise Conflict(words % {"number": len(blocked), "first": blocked[0].text})


def invite_all(visits: Sequence[Visit], *, by: User | None, now: datetime) -> None:
    """Turn locked proposed visits into invitations, one event each, and queue the messages; few statements for many."""
    groups = defaultdict(list)
    for visit in visits:
        days = visit.season.answer_by_days
        visit.state, visit.invited_at, visit.version = VisitState.INVITED, now, visit.version + 1
        visit.answer_by = rules.answer_by(visit.site, days=days, visit_date=visit.date, now=now)
        groups[visit.answer_by].append(visit.pk)
    for answer_by, ids in groups.items():
        invited = Visit.objects.filter(pk__in=ids)
        invited.update(state=VisitState.INVITED, invited_at=now, answer_by=answer_by, version=F("version") + 1)
    VisitEvent.objects.bulk_create([invited_event(visit, by, now) for visit in visits], batch_size=500)
    telling.tell_many(visits, "shadowing.invited", now=now)


def invited_event(visit: Visit, by: User | None, now: datetime) -> VisitEvent:
    after = {"state": visit.state, "answer_by": record.plain(visit.answer_by)}
    return VisitEvent(visit=visit, at=now, by=by, verb="invited", before={"state": "proposed"}, after=after)


def mark_published(season: Season, visits: Sequence[Visit], *, by: User | None, now: datetime) -> None:
    """State, time and the audit trail; a season published before keeps its first time."""
    before = season.state
    season.state = SeasonState.PUBLISHED
    if season.published_at is None:
        season.published_at, season.published_by = now, by
    season.save(update_fields=["state", "published_at", "published_by"])
    changes = {"state": [before, season.state], "invited": len(visits)}
    AuditEvent.objects.create(at=now, by=by, verb="season.published", subject=f"season:{season.pk}", changes=changes)
