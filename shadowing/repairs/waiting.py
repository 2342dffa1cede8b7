"""The waiting list: who of a season's executives has no place, why and since when, in a stated order.

Nothing is stored: it is whoever takes part, has no live visit and did not step back. Places are offered by coordinators,
one at a time; an invitation is the offer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.errors import Conflict, NotAllowed, Refused
from people.models import AuditEvent, User
from shadowing.models import (
    ENDED,
    Answer,
    Plan,
    PlanLeftOut,
    Season,
    SeasonExecutive,
    SeasonState,
    Visit,
    VisitEvent,
    VisitState,
)
from shadowing.plans.build import waiting_order
from shadowing.plans.words import TITLES
from shadowing.visits.room import short

ORDER = gettext_lazy(
    "First those whom the plan in use left out, in its order, then who came later, those who named their days before the "
    "others, then those who lost their visit, the longest waiting first."
)
COLUMNS = ("position", "executive", "number", "unit", "reason", "since", "stepped_back_on")


@dataclass(frozen=True)
class Waiting:
    """One executive on the list; ``lost`` is the visit they had, ``since`` None where nothing says it."""

    position: int
    row: SeasonExecutive
    reason: str
    since: datetime | None
    lost: Visit | None = None

    @property
    def executive_id(self) -> int:
        return self.row.executive_id


def without_place(season: Season) -> list[SeasonExecutive]:
    """Who takes part and has no live visit, in the order of the planner."""
    live = Visit.objects.live().filter(season=season, executive=OuterRef("executive"))
    return list(waiting_order(season).exclude(Exists(live)))


def waiting_list(season: Season) -> list[Waiting]:
    """The list in its order. Three queries whatever its length."""
    rows = {row.executive_id: row for row in without_place(season)}
    lost, left_out = lost_visits(season, rows), in_plan(season, rows)
    later = [row for who, row in rows.items() if who not in lost and who not in left_out]
    found: list[tuple[SeasonExecutive, str, datetime | None, Visit | None]]
    found = [(rows[who], *left_out[who], None) for who in left_out if who not in lost]
    found += [(row, *added(row, planned=bool(left_out)), None) for row in later]
    found += [(rows[who], why_lost(visit), since, visit) for who, (visit, since) in lost.items()]
    return [Waiting(number, *one) for number, one in enumerate(found, start=1)]


def in_plan(season: Season, rows: dict[int, SeasonExecutive]) -> dict[int, tuple[str, datetime | None]]:
    """Why the plan in use left these executives out, in its order."""
    plans = Plan.objects.filter(season=season, adopted_at__isnull=False).order_by("-adopted_at", "-pk")
    left_out = PlanLeftOut.objects.filter(plan=Subquery(plans.values("pk")[:1]), executive__in=rows)
    found = left_out.order_by("position", "pk").values_list("executive", "reason", "plan__adopted_at")
    return {executive: (str(TITLES.get(reason, reason)), adopted) for executive, reason, adopted in found}


def added(row: SeasonExecutive, *, planned: bool) -> tuple[str, datetime | None]:
    """For those no plan in use has looked at."""
    return _("Came after the plan") if planned else _("No plan has placed them yet"), row.answered_at


def lost_visits(season: Season, rows: dict[int, SeasonExecutive]) -> dict[int, tuple[Visit, datetime | None]]:
    """The last visit each of them had been invited to, and when it ended; the one that ended first comes first."""
    ended = Visit.objects.filter(season=season, state__in=ENDED, invited_at__isnull=False, executive__in=rows)
    verbs = ("executive_declined", "host_declined", "cancelled", "no_show", "corrected")
    over = VisitEvent.objects.filter(visit=OuterRef("pk"), verb__in=verbs).order_by("-at", "-pk")
    visits = ended.select_related("host__user").annotate(over_at=Subquery(over.values("at")[:1])).order_by("pk")
    found: dict[int, tuple[Visit, datetime | None]] = {}
    for visit in sorted(visits, key=lambda one: (one.over_at or one.invited_at, one.pk)):
        found.pop(visit.executive_id, None)
        found[visit.executive_id] = (visit, visit.over_at)
    return found


def why_lost(visit: Visit) -> str:
    """What became of the visit they had, for coordinators."""
    words = {"day": short(visit.date), "host": visit.host, "reason": visit.ended_reason}
    if visit.state == VisitState.NO_SHOW:
        return _("Nobody came on %(day)s") % words
    if visit.host_answer == Answer.NO:
        return _("%(host)s declined %(day)s") % words
    said = _("Declined %(day)s") if visit.state == VisitState.DECLINED else _("%(day)s was called off")
    return (said + ": %(reason)s" if visit.ended_reason else said) % words


def stepped_back(season: Season) -> list[SeasonExecutive]:
    """Who does not want a place this season any more, by name."""
    rows = SeasonExecutive.objects.filter(season=season, stepped_back_at__isnull=False)
    return list(rows.select_related("executive__user", "stepped_back_by").order_by("executive__user__name_key", "pk"))


def csv_rows(season: Season) -> Iterator[tuple[Any, ...]]:
    """The list as rows: those who wait in its order, then those who stepped back."""
    for one in waiting_list(season):
        yield (one.position, *person(one.row), one.reason, one.since, None)
    for row in stepped_back(season):
        yield (None, *person(row), _("Stepped back"), None, row.stepped_back_at)


def person(row: SeasonExecutive) -> tuple[str, str, str]:
    user, unit = row.executive.user, row.executive.business_unit
    return user.name, user.employee_number or "", unit.path if unit else ""


def may_step_back(user: User, row: SeasonExecutive, sites: list[int]) -> bool:
    """The executive, their assistant, and who coordinates a site of the season."""
    own = user.pk in (row.executive_id, row.executive.assistant_id) or row.executive_id in user.acting_for
    return own or any(user.coordinates(site) for site in sites)


@transaction.atomic
def step_back(*, entry: SeasonExecutive, back: bool, by: User, now: datetime) -> SeasonExecutive:
    """Leave the season's waiting list, or (``back`` False) come back to it; on record. The same again changes nothing.

    By the executive, the assistant or a coordinator of one of its sites. Raises NotAllowed, Refused (the season is
    closed) or Conflict (there is a visit: it is answered or called off first).
    """
    row = SeasonExecutive.objects.select_for_update(of=("self",), no_key=True).select_related(
        "season", "executive__user"
    )
    entry = row.get(pk=entry.pk)
    if not may_step_back(by, entry, list(entry.season.sites.values_list("pk", flat=True))):
        raise NotAllowed(_("This is not yours to change."))
    if entry.season.state == SeasonState.CLOSED:
        raise Refused(_("This season is closed."))
    if back == (entry.stepped_back_at is not None):
        return entry
    if back and Visit.objects.live().filter(season=entry.season, executive=entry.executive_id).exists():
        raise Conflict(_("There is a visit. Say no to it first, or ask the coordinator."))
    entry.stepped_back_at, entry.stepped_back_by = (now, by) if back else (None, None)
    entry.save(update_fields=["stepped_back_at", "stepped_back_by"])
    verb = "executive.stepped_back" if back else "executive.came_back"
    changes = {"executive": entry.executive_id}
    AuditEvent.objects.create(at=now, by=by, verb=verb, subject=f"season:{entry.season_id}", changes=changes)
    return entry


@dataclass(frozen=True)
class OwnPlace:
    """One season of an executive: their visit there, else that they wait or stepped back."""

    entry: SeasonExecutive
    visit: Visit | None


def own_places(user: User, *, now: datetime) -> list[OwnPlace]:
    """Published seasons that still run, for this person and the executives they act for. Two queries."""
    rows = SeasonExecutive.objects.acted_for(user).filter(season__state=SeasonState.PUBLISHED)
    rows = rows.filter(season__ends_on__gte=now.date()).select_related("season", "executive__user")
    entries = list(rows.order_by("season__starts_on", "executive__user__name_key", "pk"))
    visits = Visit.objects.live().published().filter(season__in={row.season_id for row in entries})
    mine = visits.filter(executive__in={row.executive_id for row in entries}).select_related("host__user", "site")
    found = {(visit.season_id, visit.executive_id): visit for visit in mine}
    return [OwnPlace(row, found.get((row.season_id, row.executive_id))) for row in entries]
